"""What the report of a search says: the division, what more would bring, the check, where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.allocation.folder import PLAN_FILE, StoredAllocation
from fupin.report.html import maps, vega, vega_curves
from fupin.report.html.geometry import Shapes
from fupin.report.html.parts import Block, Chart, Note, Page, Row, Section, Table
from fupin.report.html.shared import (
    manifest_section,
    programme_title,
    source,
    what_ran,
)
from fupin.statistics.discoveries import count_of_tests, discovered, freedom_of
from fupin.words.language import Language
from fupin.words.numbers import NOTHING, rounded
from fupin.words.sample import of_sample
from fupin.words.titles import title as title_of
from fupin.words.verdict import allocation_verdict

SHOWN = 8
"""Programmes that have a curve: those whose money moves most."""


class AllocationReport:
    """The sections of one search.

    Args:
        say: the language.
        result: the folder.
        shapes: of counties.
    """

    def __init__(self, say: Language, result: StoredAllocation, shapes: Shapes) -> None:
        self.say, self.result, self.shapes = say, result, shapes
        self.run: Mapping[str, Any] = result.run
        self.found: Mapping[str, Any] = result.allocation
        self.goal: str = self.found["goal"]
        self.unit = say(f"unit.{self.found['unit']}")

    def page(self) -> Page:
        """The whole report."""
        say, scenario = self.say, self.run["scenario"]
        check = (self.found["check_draws"], self.found["check_seeds"])
        title, sentences = self.head()
        sections = [
            self.headline(),
            self.division(),
            *self.responses(),
            *self.check(),
            self.map(),
            manifest_section(say, self.run, self.result.folder.name, check),
        ]
        ran = say.sentences(title_of(say, scenario), what_ran(say, self.run, check))
        shared = {"counties": self.shapes.counties}
        return Page(title, ran, sections, shared, sentences)

    def _checked(self) -> Mapping[str, Any] | None:
        checked: Mapping[str, Any] | None = self.found["check"].get(self.goal)
        return checked

    def head(self) -> tuple[str, list[str]]:
        """The finding, the sentences of the verdict, and how much money moves in all."""
        say = self.say
        verdict = allocation_verdict(self.found, say.code)
        title, sentences = verdict.title, verdict.texts
        moved = sum(
            max(row["proposed"] - row["today"], 0) for row in self.found["programmes"].values()
        )
        if moved:
            sentences.append(say("allocation.moves", yuan=_money(say, moved)))
        return title, sentences

    def headline(self) -> Section:
        """What to type next, and what to beware of."""
        say, blocks = self.say, list[Block]()
        blocks += [Note(text) for text in of_sample(say, self.found["sample"])]
        if (self.result.folder / PLAN_FILE).is_file():
            name = f"{self.result.folder.name}/{PLAN_FILE}"
            blocks.append(Note(say("allocation.compare"), f"fupin compare SCENARIO {name}"))
        return Section("headline", say("section.headline"), "", blocks)

    def division(self) -> Section:
        """Programme by programme: today and proposed, and what the last million brings."""
        say = self.say
        rows: list[dict[str, Any]] = []
        lines: list[Row] = []
        for key, row in self.found["programmes"].items():
            name = programme_title(say, key)
            change = row["proposed"] - row["today"]
            for part in ("today", "proposed") if change else ():
                yuan = row[part] / say.money[0]
                rows.append(
                    {
                        "name": name, "part": say(f"division.{part}"), "value": yuan,
                        "text": _money(say, row[part]),
                    }
                )  # fmt: skip
            lines.append(
                Row(
                    [
                        name, _money(say, row["today"]), _money(say, row["proposed"]),
                        say.number(change / say.money[0], _places(say), signed=True),
                        _number(say, row["last_million"]), _number(say, row["next_million"]),
                        say.percent(row["unspent"]),
                    ],
                    dim=not change,
                )
            )  # fmt: skip
        parts = [say("division.today"), say("division.proposed")]
        heads = [say("column.programme"), *parts]
        heads += [say(f"division.{k}") for k in ("change", "last", "next", "unspent")]
        table = Table(say("division.title"), heads, "lrrrrrr", lines)
        moves = [f"{r.cells[0]} {r.cells[3]}" for r in lines if not r.dim]
        charts: list[Block] = []
        chart = Chart(
            id="division",
            title=say("division.title"),
            unit=say("division.unit"),
            source=source(say, "allocation"),
            summary=say.join(moves) or say("comparison.nothing"),
            spec=vega.paired(rows, axis=say("unit.million_yuan"), parts=parts),
            numbers=None,
        )
        if rows:
            charts.append(chart)
        return Section("division", say("section.division"), "", [*charts, table])

    def responses(self) -> list[Section]:
        """What each programme would bring with other money, the goal alone."""
        if "curves" not in self.result.table_names:
            return []
        say, table = self.say, self.result.table("curves")
        moved = {
            key: abs(row["proposed"] - row["today"])
            for key, row in self.found["programmes"].items()
        }
        charts: list[Block] = []
        for key in sorted(moved, key=lambda k: -moved[k])[:SHOWN]:
            here = (table["programme"] == key) & (table["goal"] == self.goal)
            if here.sum() < 2:
                continue
            rows, lines = [], []
            columns = [table[n][here].tolist() for n in ("yuan", "measured", "error", "fitted")]
            for yuan, measured, error, fitted in zip(*columns, strict=True):
                text = say.number(float(f"{measured:.3g}"), signed=True)
                name = _money(say, yuan)
                rows.append(
                    {
                        "x": yuan / say.money[0], "value": fitted, "low": measured - 2 * error,
                        "high": measured + 2 * error, "text": text, "name": name,
                    }
                )  # fmt: skip
                lines.append(Row([name, text]))
            title = programme_title(say, key)
            row = self.found["programmes"][key]
            marks = [{"x": row["today"] / say.money[0], "label": say("division.today")}]
            if row["proposed"] != row["today"]:
                marks.append(
                    {"x": row["proposed"] / say.money[0], "label": say("division.proposed")}
                )
            charts.append(
                Chart(
                    id=f"response-{key}",
                    title=title,
                    unit=say("response.unit", unit=self.unit),
                    source=source(say, "curves"),
                    summary=say.join([f"{line.cells[0]}: {line.cells[1]}" for line in lines]),
                    spec=vega_curves.response(
                        rows, x_axis=say("unit.million_yuan"), axis=self.unit, marks=marks
                    ),
                    numbers=Table(title, [say("unit.million_yuan"), self.unit], "lr", lines),
                    wide=False,
                )
            )
        if not charts:
            return []
        return [Section("response", say("section.response"), say("response.lead"), charts)]

    def check(self) -> list[Section]:
        """Today, proposed and cash on luck that the search had not seen."""
        say, checked = self.say, self._checked()
        if checked is None:
            return []
        rows, lines = [], []
        named = {"today": say("division.today"), "proposed": say("division.proposed"),
                 "cash": say("check.cash")}  # fmt: skip
        for part, name in named.items():
            entry = checked.get(part)
            if not entry or entry["mean"] is None:
                continue
            texts = say.estimate(entry)
            lines.append(Row([name, *texts]))
            rows.append(
                {
                    "name": name, "value": entry["mean"], "low": entry["low"],
                    "high": entry["high"], "text": say.with_interval(texts), "told": True,
                }
            )  # fmt: skip
        title = say("check.title")
        chart = Chart(
            id="check",
            title=title,
            unit=self.unit,
            source=source(say, "check"),
            summary=say.join([f"{row['name']} {row['text']}" for row in rows]),
            spec=vega.intervals(rows, axis=self.unit, name=self.unit),
            numbers=Table(
                title, [say("column.plan"), say("column.mean"), say("column.interval")], "lrr",
                lines,
            ),
        )  # fmt: skip
        return [Section("check", say("section.check"), "", [chart])]

    def map(self) -> Section:
        """Person-years out of poverty that counties gain or lose by the proposal."""
        say, table = self.say, self.result.table("counties")
        columns = [table[n].tolist() for n in ("county", "mean", "low", "high")]
        entries: dict[int, dict[str, float | None]] = {
            int(code): {"mean": mean, "low": _known(low), "high": _known(high)}
            for code, mean, low, high in zip(*columns, strict=True)
        }
        freedom = freedom_of(len(self.found["check_draws"]), len(self.found["check_seeds"]))
        apart = discovered(list(entries.values()), freedom)
        sure = dict(zip(entries, apart.tolist(), strict=True))
        texts = {code: say.with_interval(say.signed(entry)) for code, entry in entries.items()}
        values = {code: entry["mean"] for code, entry in entries.items()}
        title = say("years.person_years_out")
        layer = maps.Layer(title, values, texts, sure)
        tests, number = count_of_tests(list(entries.values())), sum(sure.values())
        key = "map.discoveries" if number else "map.no_discoveries"
        chart = maps.county_map(
            say, self.shapes, {"gain": layer}, title=title,
            summary=maps.three_largest(layer, maps.county_names(say), say),
            names=["counties"], differences=True,
        )  # fmt: skip
        blocks: list[Block] = [Note(say(key, told=number, all=tests)), chart]
        shown = {c: e for c, e in entries.items() if e["mean"] and (sure[c] or not number)}
        if shown:
            blocks.append(
                maps.ranked(
                    say, shown, title=say("map.ranked_changes"), unit=title, names=["counties"],
                    ends=say("column.interval"), signed=True,
                )
            )  # fmt: skip
        return Section("map", say("section.map"), "", blocks)


def _places(say: Language) -> int:
    """Decimals of an amount of money: a tenth of a million, or whole 万元."""
    return 0 if say.chinese else 1


def _money(say: Language, yuan: float) -> str:
    """Yuan in the unit of `Language.money`."""
    return rounded(yuan / say.money[0], _places(say))


def _number(say: Language, value: float | None) -> str:
    return NOTHING if value is None else say.number(float(f"{value:.3g}"), 1)


def _known(value: float) -> float | None:
    return None if value != value else value
