"""The official register of a run as a waterfall: who left, who entered, and what that makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.report.html import vega_time
from fupin.report.html.document_table import period_of
from fupin.report.html.parts import Block, Chart, Note, Row, Section, Table
from fupin.report.html.shared import of_ends, roughly, runs_of, source
from fupin.words.language import Language

INSIDE = 0.25
"""Share of the largest bar from which on a bar has room for its number."""


def register_section(
    say: Language, summary: Mapping[str, Any], scenario: Mapping[str, Any]
) -> list[Section]:
    """Nothing where the official count is a survey: nobody leaves or enters that."""
    outcomes = summary["outcomes"]
    keys = ("registered_poor_start", "gross_exits", "entries", "registered_natural_loss",
            "registered_poor_end", "lifted")  # fmt: skip
    means = {key: outcomes[key]["mean"] for key in keys}
    if None in means.values() or scenario.get("counting") == "survey":
        return []
    first, last = (month[:4] for month in period_of(scenario))
    size = say.series_size("registered_poor")
    start, exits, entries, natural, end, lifted = (means[key] for key in keys)
    steps = [
        (say("register.start", year=first), 0.0, start, "level", "registered_poor_start"),
        (say("register.exits"), start, start - exits, "less", "gross_exits"),
        (say("register.entries"), start - exits, start - exits + entries, "more", "entries"),
        (say("register.natural"), end + natural, end, "less" if natural >= 0 else "more",
         "registered_natural_loss"),
        (say("register.end", year=last), 0.0, end, "level", "registered_poor_end"),
    ]  # fmt: skip
    most = max(start, end)
    rows, lines = [], []
    for name, from_, to, kind, key in steps:
        sign = {"level": "", "less": "−", "more": "+"}[kind]
        text = f"{sign}{roughly(say, abs(to - from_))}"
        rows.append(
            {
                "name": name, "from": from_ / size, "to": to / size, "kind": kind, "text": text,
                "right": max(from_, to) / size, "inside": abs(to - from_) > INSIDE * most,
            }
        )  # fmt: skip
        lines.append(Row([name, *say.estimate(outcomes[key], most_digits=4)]))
    told = {
        name: roughly(say, value)
        for name, value in (("exits", exits), ("entries", entries), ("lifted", lifted))
    }
    title = say("register.title", **told)
    axis = say("series.registered_poor_unit")
    blocks: list[Block] = [
        Chart(
            id="register",
            title=title,
            unit=say("register.unit", unit=axis, first=first, last=last),
            source=source(say, "summary.json"),
            summary=say.join([f"{row['name']} {row['text']}" for row in rows]),
            spec=vega_time.waterfall(rows, axis=axis),
            numbers=Table(
                title,
                [say("column.what"), say("column.mean"),
                 of_ends(say, "column.interval", runs_of(summary))],
                "lrr", lines,
            ),
        )
    ]  # fmt: skip
    channels = [outcomes[f"additional_{n}_channel"]["mean"] for n in ("income", "recognition")]
    if None not in channels:
        income, paper = (roughly(say, value, 2) for value in channels)
        said = say("register.of_which", income=income, paper=paper)
        blocks.append(Note(f"{said} {say('register.assumed')}"))
    return [Section("register", say("section.register"), say("register.lead"), blocks)]
