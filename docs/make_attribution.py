"""Writes the answer in docs/attribute.md: what came from which stream of the document.

    uv run fupin attribute fupin:2009-document --draws 20 --out results/attribution
    uv run python docs/make_attribution.py results/attribution

The first line lives every coalition that is needed in 20 draws, and goes on where it was stopped;
the second puts its numbers between the marks on the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fupin.allocation.attribution_folder import read_attribution
from fupin.report.terminal.attribution import summing_texts, unit_of, verdict, what_ran
from fupin.scenario.amounts import format_yuan
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.words.numbers import estimate

PAGE = Path(__file__).parent / "attribute.md"
BEGIN, END = "<!-- answer: made by docs/make_attribution.py -->", "<!-- answer: end -->"
PAIRS = 6
"""Pairs of programmes that are named."""


def answer(content: Mapping[str, Any]) -> str:
    """The numbers of an attribution as Markdown."""
    titles = {programme.key: programme.title for programme in PROGRAMMES}
    unit, factor = unit_of(content)
    programmes, classes = content["programmes"], content["classes"]
    lines = [f"`{content['plan']}`, {unit}; {what_ran(content)}.", "", *verdict(content), ""]
    if isinstance(content["sample"], float):
        part = f"{content['sample']:.0%}"
        lines += [
            f"These are {part} of the villages. Whole effects of such a sample are off by some 10% "
            "by chance ([limits.md](limits.md#what-small-samples-still-get-wrong)), single "
            "programmes by more.",
            "",
        ]
    lines += [
        "| stream | money | share | 90% interval | part | in class | alone | last |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    shares, total = summing_texts([row["mean"] for row in programmes.values()], content)
    inside, _ = summing_texts([row["in_class"] for row in programmes.values()], content)
    text = {key: (shares[k], inside[k]) for k, key in enumerate(programmes)}
    of_class, _ = summing_texts([row["mean"] for row in classes.values()], content)
    for n, (name, row) in enumerate(classes.items()):
        lines.append(
            f"| **{name}** | {format_yuan(row['money'])} | | {estimate(row, factor)[1]} | "
            f"{_percent(row['part'])} | **{of_class[n]}** | | |"
        )
        for key in row["programmes"]:
            one = programmes[key]
            alone, last = (
                estimate({**one[name], "low": None}, factor)[0] for name in ("alone", "last")
            )
            lines.append(
                f"| {titles[key]} | {format_yuan(one['money'])} | {text[key][0]} | "
                f"{estimate(one, factor)[1]} | {_percent(one['part'])} | {text[key][1]} | "
                f"{alone} | {last} |"
            )
    money = format_yuan(sum(row["money"] for row in programmes.values()))
    alone, last = (
        estimate({**content["sums"][name], "low": None}, factor)[0] for name in ("alone", "last")
    )
    lines.append(
        f"| **the plan** | {money} | **{total}** | {estimate(content['whole'], factor)[1]} | "
        f"100% | {total} | {alone} | {last} |"
    )
    several = len(content["draws"]) * len(content["seeds"]) > 1
    pairs = [row for row in content["interactions"] if row["told"] or not several][:PAIRS]
    if pairs:
        lines += ["", "| together | | beyond | 90% interval |", "| --- | --- | ---: | ---: |"]
        for row in pairs:
            mean, interval = estimate(row, factor)
            what = "help" if row["kind"] == "help" else "replace"
            names = f"{titles[row['a']]} and {titles[row['b']]}"
            lines.append(f"| {names} | {what} one another | {mean} | {interval} |")
    return "\n".join(lines)


def _percent(part: float | None) -> str:
    return "" if part is None else f"{part:.1%}"


def page_with(page: str, text: str) -> str:
    """The page with another answer between the marks.

    Raises:
        ValueError: the page has no marks.
    """
    before, after = page.index(BEGIN) + len(BEGIN), page.index(END)
    return f"{page[:before]}\n{text}\n{page[after:]}"


def main() -> None:
    """Put the answer of a folder on the page."""
    parser = argparse.ArgumentParser(description="What the streams of a plan did.")
    parser.add_argument("folder", type=Path, help="of `fupin attribute`")
    content = read_attribution(parser.parse_args().folder).attribution
    text = page_with(PAGE.read_text(encoding="utf-8"), answer(content))
    PAGE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
