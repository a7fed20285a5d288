"""What `fupin attribute` prints: a verdict, shares that sum, and who works with whom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.allocation.attribution_rounding import nearest, summing, summing_both_ways
from fupin.report.terminal.allocation import GOALS
from fupin.report.terminal.spoken_console import spoken_blocks
from fupin.report.terminal.wrapping import wrapped
from fupin.results.outcome import OUTCOMES
from fupin.scenario.amounts import format_yuan
from fupin.statistics.crossed import ENOUGH_FOR_PERCENTILES
from fupin.words.numbers import MINUS, NOTHING, estimate, rounded
from fupin.words.phrases import phrase
from fupin.words.spoken import spoken

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 110
LARGE = 0.02
"""A larger residual of the pairwise game is said in the verdict."""

NAMED = 6
"""Pairs of programmes that are shown."""

DIGITS = 4

Content = Mapping[str, Any]


ONE_DRAW = "One draw knows every effect, right or wrong, and has no interval: give --draws 20."


def unit_of(content: Content) -> tuple[str, float]:
    """Unit of the outcome for people, and the factor from the model's unit."""
    outcome = content["outcome"]
    if outcome in GOALS:
        return GOALS[outcome]
    unit = OUTCOMES[outcome].unit
    named = f"{unit} ({outcome.replace('_', ' ')})"
    return (f"million {named}", 1e-6) if unit == "yuan" else (named, 1.0)


def summing_texts(values: Sequence[float], content: Content) -> tuple[list[str], str]:
    """Numbers and their total as texts that add up as they stand.

    Persons are printed to the person. Yuan are printed in tenths of a million, and other numbers
    with DIGITS digits of the total, rounded by largest remainders.
    """
    _, factor = unit_of(content)
    total = math.fsum(values) * factor
    places = _places_of(content)
    scale = 10.0**places
    units = summing([value * factor * scale for value in values], nearest(total * scale))
    texts = [rounded(n / scale, places) for n in units.tolist()]
    return texts, rounded(nearest(total * scale) / scale, places)


def fifth_texts(content: Content) -> tuple[list[list[str]], list[str]]:
    """Fifths x programmes as texts that add up with the shares, and the fifths' sums."""
    _, factor = unit_of(content)
    places = _places_of(content)
    scale = factor * 10.0**places
    programmes, fifths = content["programmes"], content["by_fifth"]
    ends = [row["mean"] * scale for row in programmes.values()]
    total = nearest(math.fsum(ends))
    columns = summing(ends, total)
    rows = summing([one["mean"] * scale for one in fifths], total)
    values = np.array([[one["programmes"][key] * scale for key in programmes] for one in fifths])
    cells = summing_both_ways(values, rows, columns)

    def text(units: int) -> str:
        return rounded(units / 10.0**places, places)

    return [[text(n) for n in row] for row in cells.tolist()], [text(n) for n in rows.tolist()]


def _places_of(content: Content) -> int:
    """Decimal places of the outcome's amounts for people."""
    _, factor = unit_of(content)
    if content["finest"] == 1.0:
        return 0 if factor == 1.0 else 1
    return _places((content["whole"]["mean"] or 0.0) * factor)


def _places(value: float) -> int:
    return max(DIGITS - 1 - math.floor(math.log10(abs(value))), 0) if value else 0


def name_of(key: str) -> str:
    """A programme or class for people."""
    return key.replace("_", " ")


def verdict(content: Content) -> list[str]:
    """What was found, in sentences of a planner."""
    unit, factor = unit_of(content)
    programmes, classes = content["programmes"], content["classes"]
    _, total = summing_texts([row["mean"] for row in programmes.values()], content)
    _, interval = estimate(content["whole"], factor)
    said = f" (90% interval {interval})" if interval else ""
    sentences = [f"To {content['until']} the plan brings {total} {unit}{said}."]
    if interval:
        sentences.append(_around(content, factor))
    if content["whole"]["mean"]:
        parts = [
            f"{name} money ({format_yuan(row['money'])}) {_percent(row['part'])}"
            for name, row in classes.items()
        ]
        if len(parts) > 1:
            sentences.append(f"Of these came from {_listed(parts)}.")
        ordered = sorted(programmes, key=lambda key: -abs(programmes[key]["mean"]))
        first = [f"{name_of(k)} {_percent(programmes[k]['part'])}" for k in ordered[:3]]
        sentences.append(f"The largest shares: {_listed(first)}.")
    sentences += _orders(content, unit)
    if not content["exact"]:
        sentences += _residual(content)
    if len(content["draws"]) == 1:
        sentences.append(ONE_DRAW)
    return sentences


def pairs_of(content: Content) -> int:
    """Pairs of draw and seed."""
    return len(content["draws"]) * len(content["seeds"])


def _around(content: Content, factor: float) -> str:
    """Where the whole effect of one further pair would fall; of few, where all of them lie."""
    ends, pairs = estimate(next_pair(content["whole"]), factor)[1], pairs_of(content)
    if pairs >= ENOUGH_FOR_PERCENTILES:
        return f"That is a mean; one further pair would show {ends}."
    return f"That is a mean; the range of {pairs} pairs is {ends}."


def next_pair(row: Content) -> Content:
    """A row with the interval of one further pair, or the range of few, in place of the mean's."""
    return {**row, "low": row["next_low"], "high": row["next_high"]}


def _orders(content: Content, unit: str) -> list[str]:
    """Why shares are needed: switching one on or off does not add up."""
    if len(content["programmes"]) < 2 or not content["whole"]["mean"]:
        return []
    whole = content["whole"]["mean"]
    alone, last = (content["sums"][name]["mean"] / whole for name in ("alone", "last"))
    return [
        f"Each programme alone would add up to {alone:.0%} of the whole; what each adds as the "
        f"last, to {last:.0%}."
    ]


def _residual(content: Content) -> list[str]:
    one = content["residual"]
    part, left = one["pairwise"]["part"], one["left"]["part"]
    if part is None:
        return []
    said = [
        f"Singles and pairs explain all but {_small(part)} of it; with leave-one-outs "
        f"{_small(left)} is left, which is divided."
    ]
    if abs(part) > LARGE:
        said.append(
            "More than pairs work together here: take shares of single programmes as rough."
        )
    return said


def _small(part: float) -> str:
    return f"{abs(part):.1%}"


def _percent(part: float | None) -> str:
    if part is None:
        return NOTHING
    return f"{100 * part:.0f}%".replace("-", MINUS)


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def print_attribution(console: Console, content: Content) -> None:
    """Print the verdict and the tables."""
    if console.width > WIDEST:
        console.width = WIDEST
    unit, factor = unit_of(content)
    console.print(f"[bold]What each programme of {content['plan']} did[/bold], {unit}")
    console.print(f"[dim]{what_ran(content)}[/dim]\n")
    for sentence in verdict(content):
        for line in wrapped(phrase(sentence), console.width - 1):
            console.print(line)
    console.print("\n[bold]Shares[/bold]")
    unit_of_money = spoken().money[1] if spoken().chinese else "M yuan"
    head = ["programme", unit_of_money, "share", "90% interval", "%", "in class", "alone", "last"]
    console.print(spoken_blocks(console.width, head, _groups(content, factor)))
    _note(
        console,
        "share: mean over all orders in which programmes could join the plan (Shapley). in class: "
        "the same where programmes of one class of money join together (Owen); these sum to the "
        "class. alone: without all others. last: what the plan loses without it.",
    )
    _print_interactions(console, content, factor)
    if content["by_fifth"]:
        _print_fifths(console, content)
    if content["households"]:
        _print_households(console, content["households"])
    console.print()


def _groups(content: Content, factor: float) -> list[tuple[str, list[list[str]]]]:
    programmes = content["programmes"]
    shares, total = summing_texts([row["mean"] for row in programmes.values()], content)
    inside, _ = summing_texts([row["in_class"] for row in programmes.values()], content)
    text = {key: (shares[k], inside[k]) for k, key in enumerate(programmes)}
    of_class, _ = summing_texts([row["mean"] for row in content["classes"].values()], content)
    groups = []
    for n, (name, row) in enumerate(content["classes"].items()):
        interval = estimate(row, factor)[1]
        heading = f"[bold]{name}[/bold][dim], {format_yuan(row['money'])}: {of_class[n]}"
        heading += f" ({interval})" if interval else ""
        heading += f", {_percent(row['part'])}[/dim]"
        rows = []
        for key in row["programmes"]:
            one = programmes[key]
            cells = [
                name_of(key), _money(one["money"]), text[key][0],
                estimate(one, factor)[1], _percent(one["part"]), text[key][1],
                estimate({**one["alone"], "low": None}, factor)[0],
                estimate({**one["last"], "low": None}, factor)[0],
            ]  # fmt: skip
            rows.append(cells)
        groups.append((heading, rows))
    sums = content["sums"]
    money = sum(row["money"] for row in programmes.values())
    groups.append(
        (
            "",
            [
                ["the plan", _money(money), f"[bold]{total}[/bold]",
                 estimate(content["whole"], factor)[1], "100%" if content["whole"]["mean"] else "",
                 total, estimate({**sums["alone"], "low": None}, factor)[0],
                 estimate({**sums["last"], "low": None}, factor)[0]]
            ],
        )
    )  # fmt: skip
    return groups


def _print_interactions(console: Console, content: Content, factor: float) -> None:
    several = pairs_of(content) > 1
    found = [
        row for row in content["interactions"] if row["mean"] and (row["told"] or not several)
    ][:NAMED]
    if not found:
        return
    rows = []
    for row in found:
        mean, interval = estimate(row, factor)
        what = "help one another" if row["kind"] == "help" else "replace one another"
        rows.append([f"{name_of(row['a'])} and {name_of(row['b'])}", what, mean, interval])
    console.print("\n[bold]Which two do more, or less, together than apart[/bold]")
    console.print(
        spoken_blocks(console.width, ["two programmes", "", "beyond", "90% interval"], [("", rows)])
    )


def _print_fifths(console: Console, content: Content) -> None:
    keys = list(content["programmes"])
    cells, ends = fifth_texts(content)
    rows = [[name_of(key), *(row[k] for row in cells)] for k, key in enumerate(keys)]
    rows.append(["the plan", *ends])
    head = ["programme", "poorest fifth", "second", "third", "fourth", "richest"]
    console.print("\n[bold]To whom[/bold]: fifths of people by income before the plan")
    console.print(spoken_blocks(console.width, head, [("", rows)]))
    _note(console, "By county: counties.csv. Every row and column sums to the shares above.")


def _print_households(console: Console, households: Content) -> None:
    """What the households themselves say; they are those of the sample, years all of Hebei's."""
    out = households["out"]
    whole = out["person_years"]
    if not whole:
        return
    one = out["by_how_many"]["1"] / whole
    largest = sorted(out["programmes"], key=lambda key: -out["programmes"][key])[:3]
    named = [f"{name_of(k)} {_percent(out['programmes'][k] / whole)}" for k in largest]
    sentences = [
        f"Household by household (draw {households['draw']}, seed {households['seed']}): "
        f"in the sample {out['households']:,} households live out of poverty by the plan; "
        f"that stands for {whole:,} person-years.",
        f"For {one:.0%} of these one programme alone decides. Most is due to {_listed(named)}.",
    ]
    if households["into"]["person_years"]:
        sentences.append(
            f"In the sample {households['into']['households']:,} households live in poverty by it; "
            f"that stands for {households['into']['person_years']:,} person-years."
        )
    console.print("\n[bold]Whom the plan takes over the line[/bold]")
    for sentence in sentences:
        for line in wrapped(phrase(sentence), console.width - 1):
            console.print(line)
    _note(console, "Each of them: households.csv, and fupin explain FOLDER HOUSEHOLD.")


def what_ran(content: Content) -> str:
    """Draws, seeds, sample and how many worlds."""
    draws, seeds = content["draws"], content["seeds"]
    drawn = draws[0] if len(draws) == 1 else f"{len(draws)} draws"
    how = "all" if content["exact"] else "singles, pairs, leave-one-outs:"
    return (
        f"sample {content['sample']}, lived to {content['horizon']}; {drawn} x {len(seeds)} "
        f"{'seed' if len(seeds) == 1 else 'seeds'}; {how} {content['coalitions']} coalitions"
    )


def _note(console: Console, text: str) -> None:
    for line in wrapped(phrase(text), console.width - 1):
        console.print(f"[dim]{line}[/dim]")


def _money(yuan: float) -> str:
    size, places = spoken().money[0], 0 if spoken().chinese else 1
    return f"{yuan / size:,.{places}f}"
