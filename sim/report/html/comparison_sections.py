"""What the report of a comparison says: first changes, map and months; then `comparison_whom`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.experiments.outcome import OUTCOMES
from sim.experiments.outcome import Table as Columns
from sim.report.html import drivers, maps, vega
from sim.report.html.comparison_whom import WhomSections
from sim.report.html.drivers_section import drivers_section
from sim.report.html.language import told
from sim.report.html.parts import Block, Chart, Note, Page, Points, Row, Section, Table
from sim.report.html.shared import (
    document_blocks,
    manifest_section,
    money_chart,
    money_table,
    programme_title,
    reading_section,
    source,
    what_ran,
)
from sim.report.numbers import NOTHING

SERIES = ("registered_poor", "income_poor", "migrants", "yuan_delivered", "local_jobs")
LEVELS = ("registered_poor", "income_poor")
"""Monthly series: those whose differences, and those whose levels are drawn."""

HEADLINES = ("lifted", "income_poor_end", "fgt1", "mean_income", "additional_jobs", "spent")
"""Outcomes that are drawn, a choice each."""

_COUNTY_OUTCOMES = {"registered_poor": -1, "income_poor": -1, "mean_income": 2}
"""Outcome of a county -> decimal places of its numbers."""


def factor_of(name: str) -> float:
    """From an outcome's unit to the one that is printed (percentage points, thousandths)."""
    return {"share": 100.0, "index": 1000.0, "yuan": 1e-6}.get(name, 1.0)


class ComparisonReport(WhomSections):
    """The sections of a comparison."""

    def page(self) -> Page:
        """The whole report."""
        say = self.say
        summary = self.base_summary()
        sections = [
            self.headline(),
            self.changes(),
            Section("document", say("section.document"), say("document.lead_base", base=self.base),
                    [*document_blocks(say, summary, ["figures", "comparison.json"]),
                     *self.other_figures()]),
            self.map(),
            self.trajectories(),
            self.because(),
            self.gains(),
            self.money(summary),
            self.cost(),
            self.targeting(),
            self.dynamics(),
            self.line(),
            self.better(),
            self.drivers(),
            reading_section(say, comparison=True),
            manifest_section(say, self.run, self.result.folder.name),
        ]  # fmt: skip
        n = len(self.plans)
        scenario = self.run["scenario"]
        title = say("comparison.title" if n > 1 else "comparison.title_one", n=n,
                    base=scenario.get("title") or self.base)  # fmt: skip
        return Page(
            title,
            f"{what_ran(say, self.run)}{say('comparison.each')}",
            sections,
            {"counties": self.shapes.counties},
        )

    # -- changes -------------------------------------------------------------------------------

    def headline(self) -> Section:
        """A line for every plan."""
        say = self.say
        keys = ("lifted", "income_poor_end", "spent")
        first = self.comparison["outcomes"][self.plans[0]]
        levels = [
            say.estimate({"mean": first[key]["base"], "low": None, "high": None},
                         factor_of(OUTCOMES[key].unit), most_digits=4)[0]
            for key in keys
        ]  # fmt: skip
        rows, sure = [Row([say("comparison.base_row", base=self.base), *levels, NOTHING])], []
        for plan in self.plans:
            outcomes = self.comparison["outcomes"][plan]
            changes = {key: outcomes[key]["difference"] for key in keys}
            cells = [
                say.with_interval(say.signed(entry, factor_of(OUTCOMES[key].unit)))
                for key, entry in changes.items()
            ]
            costs = self.comparison["cost"][plan]["per_extra_out_of_poverty"]
            rows.append(Row([plan, *cells, self.yuan(costs)]))
            if told(changes["income_poor_end"]):
                sure.append(plan)
        table = Table(
            say("comparison.headline"),
            [say("column.plan"), say("headline.lifted"), say("headline.income_poor_end"),
             say.also(say("headline.spent"), say("unit.million_yuan")), say("cost.short")],
            "lrrrr",
            rows,
            note=say("comparison.headline_note"),
        )  # fmt: skip
        titles = [
            f"{s['name']}: {s.get('title') or s['name']}"
            for s in (self.run["scenario"], *self.run["plans"])
        ]
        lead = say("comparison.lead", sure=len(sure), all=len(self.plans), base=self.base)
        if self.pairs == 1:
            lead += say("comparison.one_pair")
        return Section("headline", say("section.headline"), lead, [table, Points(titles)])

    def changes(self) -> Section:
        """Plan minus base for every outcome, and a chart of the main ones."""
        say = self.say
        rows: list[dict[str, Any]] = []
        lines: list[Row] = []
        for key in OUTCOMES:
            entries = {p: self.comparison["outcomes"][p][key] for p in self.plans}
            if not any(_moves(entry["difference"]) for entry in entries.values()):
                continue
            name = OUTCOMES[key].unit
            factor = factor_of(name)
            words = say(f"unit_difference.{name}")
            base = next(iter(entries.values()))["base"]
            level = say.estimate({"mean": base, "low": None, "high": None}, factor)[0]
            heading = say.also(say(f"outcome.{key}"), words, say("comparison.base", value=level))
            lines.append(Row([heading], heading=True))
            for plan, entry in entries.items():
                found = entry["difference"]
                value, interval = say.signed(found, factor)
                following = {**found, "low": found["next_low"], "high": found["next_high"]}
                sure = told(found)
                lines.append(
                    Row([plan, value, interval, say.signed(following, factor)[1]], dim=not sure)
                )
                if key in HEADLINES and found["mean"] is not None:
                    rows.append(
                        {
                            "name": plan, "outcome": key, "value": found["mean"] * factor,
                            "low": _times(found["low"], factor),
                            "high": _times(found["high"], factor),
                            "text": say.with_interval((value, interval)), "told": sure,
                        }
                    )  # fmt: skip
        if not lines:
            return Section("changes", say("section.changes"), say("comparison.nothing"), [])
        shown = {
            key: say.also(say(f"outcome.{key}"), say(f"unit_difference.{OUTCOMES[key].unit}"))
            for key in HEADLINES
            if any(row["outcome"] == key for row in rows)
        }
        table = Table(
            say("comparison.changes"),
            [say(f"column.{k}") for k in ("plan", "difference", "interval", "next_pair")],
            "lrrr",
            lines,
            note=say("comparison.changes_note"),
        )
        first = next(iter(shown), "")
        blocks: list[Block] = [table]
        if first:
            texts = [f"{r['name']} {r['text']}" for r in rows if r["outcome"] == first]
            chart = Chart(
                id="changes",
                title=say("comparison.changes"),
                unit=say("comparison.changes_unit"),
                source=source(say, "differences"),
                summary=f"{shown[first]}: {say.join(texts)}",
                spec=vega.intervals(
                    rows, axis=say("column.difference"), name=say("column.difference"),
                    params=[vega.select("choice", shown, say("choose.outcome"), "changes")],
                    filters=["datum.outcome === choice"],
                ),
                numbers=None,
                controls=True,
            )  # fmt: skip
            blocks = [chart, table]
        return Section("changes", say("section.changes"), say("comparison.changes_lead"), blocks)

    # -- the document --------------------------------------------------------------------------

    def base_summary(self) -> dict[str, Any]:
        """Figures and programmes of the base, in the form of summary.json."""
        return {"figures": self.figures(self.base), "programmes": self.programmes(self.base)}

    def figures(self, world: str) -> dict[str, dict[str, float | None]]:
        """The document's figures as a contender has them; none in folders of an older fupin."""
        if "figures" not in self.result.table_names:
            return {}
        table = self.result.table("figures")
        columns = [table[name].tolist() for name in ("world", "figure", "mean", "low", "high")]
        return {
            figure: {
                key: None if np.isnan(v) else v
                for key, v in zip(("mean", "low", "high"), numbers, strict=True)
            }
            for whose, figure, *numbers in zip(*columns, strict=True)
            if whose == world
        }

    def programmes(self, world: str) -> dict[str, dict[str, dict[str, float | None]]]:
        """Means of what programmes did in a contender, in the form of summary.json."""
        plan = self.plans[0] if world == self.base else world
        side = "base" if world == self.base else "plan"
        return {
            programme: {
                key: {"mean": entry[side], "low": None, "high": None}
                for key, entry in entries.items()
            }
            for programme, entries in self.comparison["programmes"][plan].items()
        }

    def other_figures(self) -> list[Table]:
        """Figures of the document that a plan has otherwise than the base."""
        from sim.parameters.document import load_document
        from sim.report.document_table import compare

        say = self.say
        rows = {row.id: row for row in load_document()}
        base = {c.id: c for c in compare(rows.values(), self.base_summary(), say.magnitude)}
        lines = []
        for plan in self.plans:
            summary = {"figures": self.figures(plan), "programmes": self.programmes(plan)}
            moved = [
                c
                for c in compare(rows.values(), summary, say.magnitude)
                if c.id and c.model != base[c.id].model
            ]
            if moved:
                lines.append(Row([plan], heading=True))
            for c in moved:
                quantity = say.name("figures", c.id, c.quantity)
                words = {"off": say("document.off")}
                model = words.get(c.model, c.model)
                before = words.get(base[c.id].model, base[c.id].model)
                lines.append(
                    Row([c.id, quantity, c.document, say(f"role.{c.role}"), before, model])
                )
        if not lines:
            return []
        head = [say(f"column.{k}") for k in ("id", "quantity", "document", "role", "base", "plan")]
        return [
            Table(say("document.others"), head, "llrlrr", lines, note=say("document.others_note"))
        ]

    # -- map and months ------------------------------------------------------------------------

    def map(self) -> Section:
        """Differences by county, a layer for each plan and outcome."""
        say, table = self.say, self.result.table("counties")
        layers = {}
        for plan in self.plans:
            for outcome, places in _COUNTY_OUTCOMES.items():
                here = (table["plan"] == plan) & (table["outcome"] == outcome)
                columns = [table[n][here].tolist() for n in ("county", "mean", "low", "high")]
                values: dict[int, float | None] = {}
                texts, sure = {}, {}
                for code, mean, low, high in zip(*columns, strict=True):
                    entry = {"mean": _none(mean), "low": _none(low), "high": _none(high)}
                    values[int(code)] = entry["mean"]
                    sure[int(code)] = told(entry)
                    texts[int(code)] = _county_text(say, entry, places)
                if any(values.values()):
                    title = say("map.plan_outcome", plan=plan, outcome=say(f"map.{outcome}"))
                    layers[f"{plan}/{outcome}"] = maps.Layer(title, values, texts, sure)
        if not layers:
            return Section("map", say("section.map"), say("comparison.nothing"), [])
        first = next(iter(layers.values()))
        summary = say("map.summary_differences", what=first.title, told=sum(first.told.values()),
                      largest=maps.three_largest(first, maps.county_names(say), say))  # fmt: skip
        chart = maps.county_map(
            say, self.shapes, layers, title=say("map.title_differences", base=self.base),
            summary=summary, names=["counties"], differences=True,
        )  # fmt: skip
        return Section("map", say("section.map"), say("map.lead_differences"), [chart])

    def trajectories(self) -> Section:
        """Plan minus base month by month, and the levels that this is a part of."""
        say, table = self.say, self.result.table("months")
        charts: list[Block] = []
        bare = [b for b in self.bare_names if b not in self.contenders]
        for series in SERIES:
            if "difference_mean" in table:  # not in folders of an older fupin
                charts += self._monthly(table, series, self.plans, change=True)
        for series in LEVELS:
            charts += self._monthly(table, series, [self.base, *bare], change=False)
        return Section(
            "trajectories", say("section.trajectories"), say("series.lead_worlds"), charts
        )

    def _monthly(
        self, table: Columns, series: str, worlds: Sequence[str], change: bool
    ) -> list[Chart]:
        say = self.say
        size = 1.0 if change else say.series_size(series)
        size = 1e6 if change and series == "yuan_delivered" else size
        prefix = "difference_" if change else ""
        axis = say(f"series.{series}_{'change' if change else 'unit'}")
        rows, lines, ends = [], [], []
        for world in worlds:
            here = (table["series"] == series) & (table["world"] == world)
            names = ("calendar", *(f"{prefix}{name}" for name in ("mean", "low", "high")))
            columns = [table[name][here].tolist() for name in names]
            for month, *numbers in zip(*columns, strict=True):
                mean, low, high = (_times(_none(v), 1 / size) for v in numbers)
                entry = {"mean": mean, "low": low, "high": high}
                texts = say.signed(entry) if change else say.estimate(entry, scale=(1.0, ""))
                rows.append(
                    {
                        "month": f"{month}-01", "when": month, "world": self.world(world),
                        "text": say.with_interval(texts), "value": mean,
                        "low": mean if low is None else low,
                        "high": mean if high is None else high,
                    }
                )  # fmt: skip
                lines.append(Row([self.world(world), month, *texts]))
            ends.append(f"{self.world(world)} {rows[-1]['text']}")
        if not any(row["value"] for row in rows):
            return []
        title = say("series.change" if change else "series.level", what=say(f"series.{series}"))
        head = [say(f"column.{k}") for k in ("world", "month", "mean", "interval")]
        return [
            Chart(
                id=f"months-{'change-' if change else ''}{series}",
                title=title,
                unit=say.also(axis, say("series.means")),
                source=source(say, "months"),
                summary=say("series.ends", what=title, ends=say.join(ends), unit=axis),
                spec=vega.months(rows, axis=axis, name=axis, zero=change),
                numbers=Table(title, head, "llrr", lines),
                wide=False,
            )
        ]

    # -- money and drivers ---------------------------------------------------------------------

    def money(self, summary: Mapping[str, Any]) -> Section:
        """The base's money, and where plans move it."""
        say = self.say
        blocks: list[Block] = []
        if chart := money_chart(say, summary["programmes"], ["comparison.json"]):
            blocks.append(chart)
        blocks.append(money_table(say, summary["programmes"]))
        lines: list[Row] = []
        for plan in self.plans:
            moved = []
            for key, entry in self.comparison["programmes"][plan].items():
                found = {n: entry[n]["difference"] for n in ("budget", "delivered", "households")}
                if not any(_moves(f) for f in found.values()):
                    continue
                cells = [
                    say.with_interval(say.signed(f, 1.0 if n == "households" else 1e-6))
                    for n, f in found.items()
                ]
                moved.append(Row([programme_title(say, key), *cells]))
            if moved:
                lines += [Row([plan], heading=True), *moved]
        if lines:
            head = [say(f"column.{k}") for k in ("programme", "budget", "delivered", "households")]
            blocks.append(
                Table(say("money.moved"), head, "lrrr", lines, note=say("money.moved_note"))
            )
        return Section(
            "money", say("section.money"), say("money.lead_base", base=self.base), blocks
        )

    def drivers(self) -> Section:
        """Parameters beside the effects of plans across draws."""
        say, table = self.say, self.result.table("pairs")
        whole = table["programme"] == ""
        series: dict[str, Sequence[float]] = {}
        titles = {}
        for plan in self.plans:
            for outcome in ("lifted", "income_poor_end"):
                by_world = []
                for world in (plan, self.base):
                    here = whole & (table["world"] == world) & (table["outcome"] == outcome)
                    values = {
                        (d, s): v
                        for d, s, v in zip(
                            table["draw"][here].tolist(), table["seed"][here].tolist(),
                            table["value"][here].tolist(), strict=True,
                        )
                    }  # fmt: skip
                    by_world.append(
                        [
                            np.mean([values[d["label"], s] for s in self.run["seeds"]])
                            for d in self.run["draws"]
                        ]
                    )
                key = f"{plan}/{outcome}"
                series[key] = (np.array(by_world[0]) - np.array(by_world[1])).tolist()
                titles[key] = f"{plan}: {say(f'outcome.{outcome}')}"
        found = drivers.found(self.run["draws"], series)
        command = "fupin compare BASE PLAN... --draws 100"
        return drivers_section(say, found, titles, ["pairs", "run.json"], command)

    def better(self) -> Section:
        """Which plan is better on what, and how many runs tell them apart."""
        say = self.say
        rows = []
        for row in self.comparison["dominance"]:
            cells = [
                say.join([say(f"outcome.{key}") for key in row[name]]) or NOTHING
                for name in ("b_better_on", "a_better_on")
            ]
            verdict = "" if row["dominates"] is None else row["dominates"]
            rows.append(Row([row["b"], row["a"], *cells, verdict], dim=cells == [NOTHING] * 2))
        dominance = Table(
            say("better.caption"),
            [say(f"column.{k}") for k in ("plan", "beside", "better_on", "worse_on", "dominates")],
            "lllll",
            rows,
            note=say("better.note"),
        )
        found = [r for r in self.comparison["runs_needed"] if r["a"] == self.base]
        outcomes = list(dict.fromkeys(r["outcome"] for r in found))
        lines = []
        for plan in self.plans:
            told_of = {r["outcome"]: self._needed(r) for r in found if r["b"] == plan}
            lines.append(Row([plan, *(told_of.get(o, NOTHING) for o in outcomes)]))
        needed = Table(
            say("needed.caption"),
            [say("column.plan"), *(say(f"outcome.{o}") for o in outcomes)],
            "l" + "r" * len(outcomes),
            lines,
            note=say("needed.note"),
        )
        blocks: list[Block] = [dominance, needed] if outcomes else [dominance]
        if self.pairs == 1:
            blocks.append(Note(say("comparison.one_pair"), "fupin compare BASE PLAN... --seeds 10"))
        return Section("better", say("section.better"), "", blocks)

    def _needed(self, row: Mapping[str, Any]) -> str:
        if row["told_apart"]:
            return self.say("needed.told")
        if row["more"] is None:
            return self.say("needed.never" if row["have"] > 1 else "needed.unknown")
        more = f"{row['more']:,}"
        return self.say("needed.draws" if row["unit"] == "draws" else "needed.seeds", n=more)


def _moves(found: Mapping[str, Any]) -> bool:
    return found["mean"] is not None and (found["mean"] != 0 or bool(found["low"]))


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _county_text(say: Any, entry: Mapping[str, Any], places: int) -> str:
    from sim.report.numbers import rounded

    if entry["mean"] is None:
        return NOTHING
    if entry["low"] is None or entry["low"] == entry["high"]:
        return rounded(entry["mean"], places)
    text: str = say.with_interval(say.signed(entry))
    return text
