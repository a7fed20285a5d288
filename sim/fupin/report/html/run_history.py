"""Poverty from the first listing to the horizon, and what the programmes change in each year."""

from __future__ import annotations

from typing import Any

import numpy as np

from fupin.parameters.document import figure_of
from fupin.parameters.province import province
from fupin.report.html import vega_time
from fupin.report.html.document_table import period_of
from fupin.report.html.parts import Block, Chart, Note, Row, Section, Table
from fupin.report.html.shared import of_ends, runs_of, source
from fupin.statistics.crossed import Statistics, statistics
from fupin.store.folder import StoredResult
from fupin.words.language import Language, told

SERIES = ("register", "poor", "poor_without")
"""What is drawn: on the register, poor by true income, the same without the programmes."""

DOCUMENT = {"first_listing": "first_listing/poor", "document_year": "registered_poor_end"}
"""Fact of the province that is a year -> measure whose figure the document has of it."""

ByYear = dict[int, Statistics]


def history_section(say: Language, result: StoredResult) -> list[Section]:
    """The chart of years and what programmes change; nothing where the tables are missing."""
    if "province_by_year" not in result.table_names:
        return []
    found = series_of(result)
    years = sorted(found["register"])
    first, last = years[0], years[-1]
    blocks: list[Block] = [_chart(say, result, found)]
    if "history_by_year" not in result.table_names:
        blocks.append(Note(say("history.short")))
    if effect := _effect(say, result):
        blocks.append(effect)
    title = say("section.history", first=first, last=last)
    return [Section("history", title, say("history.lead"), blocks)]


def series_of(result: StoredResult) -> dict[str, ByYear]:
    """Series -> year -> mean and range of the runs, persons.

    Args:
        result: with `province_by_year` and, where the run kept it, `history_by_year`. Without the
            programmes as many are poor as with them and those whom they bring out of it.
    """
    found: dict[str, ByYear] = {"register": {}, "poor": {}, "poor_without": {}}
    columns = {"register": "registered", "poor": "income_poor"}
    for name in ("history_by_year", "province_by_year"):
        if name not in result.table_names:
            continue
        table = result.table(name)
        for year in sorted(set(table["year"].tolist())):
            here = table["year"] == year
            for series, column in columns.items():
                found[series][int(year)] = statistics(_grid(result, table, here, column))
    for text, part in result.summary["by_year"].items():
        out = part["outcomes"].get("person_years_out")
        if out is None or out["mean"] is None:
            continue
        runs = [
            [
                run.by_year[int(text)]["outcomes"]["income_poor_end"]
                + run.by_year[int(text)]["outcomes"]["person_years_out"]
                for run in result.results
                if run.draw == draw["label"]
            ]
            for draw in result.run["draws"]
        ]
        found["poor_without"][int(text)] = statistics(runs)
    if found["poor_without"]:
        start = min(found["poor_without"]) - 1
        if start in found["poor"]:  # until then both are the same world
            found["poor_without"][start] = found["poor"][start]
    return found


def _grid(result: StoredResult, table: Any, here: Any, column: str) -> list[list[float]]:
    # Draws x seeds of one year.
    values = {
        (draw, seed): float(value)
        for draw, seed, value in zip(
            table["draw"][here].tolist(), table["seed"][here].tolist(),
            table[column][here].tolist(), strict=True,
        )
    }  # fmt: skip
    return [
        [values[draw["label"], seed] for seed in result.run["seeds"]]
        for draw in result.run["draws"]
    ]


def _chart(say: Language, result: StoredResult, found: dict[str, ByYear]) -> Chart:
    size = say.series_size("registered_poor")
    axis = say("series.registered_poor_unit")
    rows: list[dict[str, Any]] = []
    lines: list[Row] = []
    names = {series: say(f"history.{series}") for series in SERIES if found[series]}
    for series, name in names.items():
        lines.append(Row([name], heading=True))
        for year, entry in sorted(found[series].items()):
            texts = say.estimate(_over(entry, size), scale=(1.0, ""))
            lines.append(Row([str(year), *texts]))
            scaled = _over(entry, size)
            rows.append(
                {
                    "year": year, "series": name, "value": scaled["mean"], "low": scaled["low"],
                    "high": scaled["high"], "text": say.with_interval(texts),
                    "banded": series != "poor_without",
                }
            )  # fmt: skip
    years = sorted(found["register"])
    first, last = years[0], years[-1]
    marks = []
    for fact, measure in DOCUMENT.items():
        year, figure = getattr(province(), fact), figure_of(measure)
        if first <= year <= last:
            value = figure.value / size
            label = say("history.document", id=figure.id, value=say.people(figure.value))
            marks.append({"year": year, "value": value, "label": label})
    start, end = (int(month[:4]) for month in period_of(result.run["scenario"]))
    money = say("history.plan" if start == end else "history.plan_years", first=start, last=end)
    ends = {
        f"{series}_{side}": say.people(found[series][year]["mean"] or 0.0)
        for series in ("register", "poor")
        for side, year in (("start", first), ("end", last))
    }
    title = say(
        "history.title", start=ends["register_start"], first=first, end=ends["register_end"],
        last=last,
    )  # fmt: skip
    return Chart(
        id="history",
        title=title,
        unit=say("history.unit", unit=axis),
        source=source(say, *(n for n in ("history_by_year", "province_by_year")
                             if n in result.table_names)),
        summary=say("history.summary", first=first, last=last, **ends),
        spec=vega_time.history(
            rows, axis=axis, series=list(names.values()), marks=marks, money=(start, end),
            said=money,
        ),
        numbers=_by_year(say, title, result, lines),
    )  # fmt: skip


def _effect(say: Language, result: StoredResult) -> Chart | None:
    """Persons who are not poor because of the programmes, a bar for each year."""
    entries = {
        year: part["outcomes"].get("person_years_out")
        for year, part in result.summary["by_year"].items()
    }
    if len(entries) < 2 or any(e is None or e["mean"] is None for e in entries.values()):
        return None
    rows, lines = [], []
    for year, entry in entries.items():
        texts = say.signed(entry)
        lines.append(Row([year, *texts], dim=not told(entry)))
        rows.append(
            {
                "year": year, "value": entry["mean"], "low": entry["low"], "high": entry["high"],
                "text": say.with_interval(texts), "told": entry["low"] is None or told(entry),
            }
        )  # fmt: skip
    title = say("history.effect")
    years = say.join([f"{row['year']} {row['text']}" for row in rows])
    return Chart(
        id="effect",
        title=title,
        unit=say("history.effect_unit"),
        source=source(say, "summary.json"),
        summary=say("history.effect_summary", years=years),
        spec=vega_time.by_year(rows, axis=say("unit.persons"), name=title),
        numbers=_by_year(say, title, result, lines),
    )


def _by_year(say: Language, title: str, result: StoredResult, lines: list[Row]) -> Table:
    ends = of_ends(say, "column.interval", runs_of(result.run))
    return Table(title, [say("column.year"), say("column.mean"), ends], "lrr", lines)


def _over(entry: Statistics, size: float) -> Statistics:
    return {
        key: None if entry[key] is None else float(np.float64(entry[key]) / size)
        for key in ("mean", "low", "high")
    }
