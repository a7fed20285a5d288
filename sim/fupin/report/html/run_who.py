"""Who gains from a run's programmes: fifths of the people, winners and losers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fupin.report.html import vega_time
from fupin.report.html.parts import Block, Chart, Note, Row, Section, Table
from fupin.report.html.shared import of_ends, runs_of, source
from fupin.statistics.crossed import Statistics, statistics
from fupin.store.folder import StoredResult
from fupin.words.language import Language

TABLE = "gains_by_fifth"
Columns = dict[str, Any]


def who_section(say: Language, result: StoredResult) -> Section:
    """Change of income by fifth; what to type where the result does not have it."""
    title, more = say("who.section"), "fupin compare SCENARIO PLAN..."
    if TABLE not in result.table_names:
        return Section("whom", title, "", [Note(say("missing.comparison"), more)])
    table = result.table(TABLE)

    def over_runs(value: Callable[[Columns], float]) -> Statistics:
        grid = []
        for draw in result.run["draws"]:
            row = []
            for seed in result.run["seeds"]:
                here = (table["draw"] == draw["label"]) & (table["seed"] == seed)
                row.append(value({name: column[here] for name, column in table.items()}))
            grid.append(row)
        return statistics(grid)

    names = [say(f"who.fifth_{i}") for i in range(1, 6)]
    change = [
        over_runs(lambda of, i=i: float(of["change_yuan"][i] / of["persons"][i]))  # type: ignore[misc]
        for i in range(5)
    ]
    shares = {
        part: [
            over_runs(lambda of, i=i, p=part: float(100 * of[p][i] / of["persons"][i]))  # type: ignore[misc]
            for i in range(5)
        ]
        for part in ("winners", "losers")
    }
    people = {
        part: over_runs(lambda of, p=part: float(of[p].sum()))  # type: ignore[misc]
        for part in ("winners", "losers")
    }
    # Where a run changes nobody's income there is no whole that a fifth could have a share of.
    whole = over_runs(lambda of: float(of["change_yuan"].sum()))
    share = None
    if (whole["mean"] or 0) > 0 and (whole["low"] is None or whole["low"] > 0):
        poorest = over_runs(lambda of: float(of["change_yuan"][0]))
        share = (poorest["mean"] or 0.0) / (whole["mean"] or 1.0)  # as the means of the fifths say
    blocks: list[Block] = [
        _change(say, names, change, share, of_ends(say, "column.interval", runs_of(result.run))),
        _winners(say, names, shares, people),
        Note(say("missing.comparison"), more),
    ]
    return Section("whom", title, say("who.lead"), blocks)


def _change(
    say: Language,
    names: list[str],
    change: list[Statistics],
    share: float | None,
    ends: str,
) -> Chart:
    rows, lines = [], []
    for name, entry in zip(names, change, strict=True):
        changed = say.signed(entry)
        lines.append(Row([name, *changed]))
        rows.append(
            {
                "name": name, "value": entry["mean"], "low": entry["low"], "high": entry["high"],
                "text": say.with_interval(changed),
            }
        )  # fmt: skip
    # A share of a sum that may be nought or less says nothing.
    sensible = share is not None and 0 <= share <= 1 and all((e["mean"] or 0) > 0 for e in change)
    title = say("who.title", share=say.percent(share)) if sensible else say("who.title_plain")
    texts = [str(row["text"]) for row in rows]
    return Chart(
        id="fifths",
        title=title,
        unit=say("who.unit"),
        source=source(say, TABLE),
        summary=say("who.summary", what="", poorest=texts[0], richest=texts[-1]).strip(),
        spec=vega_time.fifths(rows, axis=say("who.change"), name=say("who.change")),
        numbers=Table(
            say("who.title_plain"), [say("who.fifth"), say("who.change"), ends], "lrr", lines
        ),
        wide=False,
    )  # fmt: skip


def _winners(
    say: Language,
    names: list[str],
    shares: dict[str, list[Statistics]],
    people: dict[str, Statistics],
) -> Chart:
    rows, lines = [], []
    parts = {"winners": say("who.winners"), "losers": say("who.losers")}
    for i, name in enumerate(names):
        cells = []
        for part, sign in (("winners", 1.0), ("losers", -1.0)):
            entry = shares[part][i]
            text = say.with_interval(say.estimate(entry))
            cells.append(text)
            rows.append(
                {
                    "name": name, "part": parts[part], "value": sign * float(entry["mean"] or 0.0),
                    "text": f"{text}%",
                }
            )  # fmt: skip
        lines.append(Row([name, *cells]))
    amounts = {part: say.people(float(np.round(entry["mean"] or 0.0, -2)))
               for part, entry in people.items()}  # fmt: skip
    title = say("who.winners_title", **amounts)
    return Chart(
        id="winners",
        title=title,
        unit=say("who.winners_unit"),
        source=source(say, TABLE),
        summary=say.join([f"{row['name']}: {row['part']} {row['text']}" for row in rows]),
        spec=vega_time.both_sides(rows, axis="%", parts=(parts["winners"], parts["losers"])),
        numbers=Table(title, [say("who.fifth"), *parts.values()], "lrr", lines),
        wide=False,
    )
