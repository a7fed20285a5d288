"""What the report of a comparison says: its page, what changes, the document, what decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fupin.comparison.tables import summary_of
from fupin.report.html import drivers, vega
from fupin.report.html.comparison_ground import moves, times
from fupin.report.html.comparison_map import MapSections
from fupin.report.html.comparison_money import MoneySections
from fupin.report.html.comparison_plans import plans_block
from fupin.report.html.comparison_poverty import PovertySections
from fupin.report.html.comparison_whom import WhomSections
from fupin.report.html.comparison_years import years_section
from fupin.report.html.document_table import document_blocks, period_of
from fupin.report.html.drivers_section import drivers_section
from fupin.report.html.parts import Block, Chart, Note, Page, Row, Section, Table
from fupin.report.html.shared import (
    manifest_section,
    of_ends,
    reading_section,
    runs_of,
    source,
    what_ran,
)
from fupin.report.html.ten_section import ten_section
from fupin.report.ten import of_comparison, subject_of
from fupin.results.outcome import OUTCOMES
from fupin.statistics.discoveries import discovered
from fupin.words import reassessment, remarks
from fupin.words.language import Language, told
from fupin.words.numbers import NOTHING
from fupin.words.sample import of_sample
from fupin.words.verdict import comparison_verdict

HEADLINES = ("lifted", "income_poor_end", "fgt1", "mean_income", "additional_jobs", "spent",
             "resource_cost")  # fmt: skip
"""Outcomes that are drawn, a choice each."""


def factor_of(say: Language, name: str) -> float:
    """From an outcome's unit to the one that is printed (percentage points, thousandths, money)."""
    return {"share": 100.0, "index": 1000.0, "yuan": 1 / say.money[0]}.get(name, 1.0)


def scale_of(name: str) -> tuple[float, str] | None:
    """No further divisor where a heading names the unit of money; else that of the number."""
    return (1.0, "") if name == "yuan" else None


class ComparisonReport(MapSections, WhomSections, MoneySections, PovertySections):
    """The sections of a comparison."""

    def page(self) -> Page:
        """The whole report."""
        say = self.say
        summary = self.base_summary()
        plans = (self.run["scenario"], self.run["plans"])
        verdict = comparison_verdict(self.comparison, *plans, say.code)
        document = document_blocks(
            say, summary, ["figures", "comparison.json"], self.run["scenario"], runs_of(self.run)
        )
        sections = [
            self.headline(),
            ten_section(say, of_comparison(say.code, self.result),
                        subject_of(say.code, self.result)),
            self.map(),
            self.gains(),
            self.because(),
            *years_section(say, self.comparison, self.titles),
            self.money(summary),
            self.cost(),
            *([cash] if (cash := self.cash()) else []),
            self.better(),
            self.drivers(),
            self.line(),
            self.reading(),
            self.changes(),
            self.targeting(),
            self.dynamics(),
            Section("document", say("section.appendix_document"),
                    say("document.lead_base", base=self.world(self.base)),
                    [*document, *self.other_figures()]),
            self.trajectories(),
            manifest_section(say, self.run, self.result.folder.name),
        ]  # fmt: skip
        ran = f"{what_ran(say, self.run)}{say('comparison.each')}"
        shared = {"counties": self.shapes.counties}
        return Page(verdict.title, ran, sections, shared, verdict.texts)

    # -- changes -------------------------------------------------------------------------------

    def headline(self) -> Section:
        """Plans in order of effect, and what to beware of."""
        say = self.say
        found = plans_block(say, self.run, self.comparison)
        small = [Note(s) for s in of_sample(say, self.run["scenario"]["population"]["sample"])]
        return Section("headline", say("section.headline"), "", [found, *small])

    def reading(self) -> Section:
        """How to read it, and what to beware of."""
        say = self.say
        section = reading_section(say, self.run, comparison=True)
        return replace(section, blocks=[*self._warnings(), *section.blocks])

    def _warnings(self) -> list[Block]:
        say = self.say
        warned: list[Block] = [
            Note(text) for text in reassessment.of_comparison(say, self.comparison)
        ]
        warned += [
            Note(say("remark.of_plan", plan=self.world(plan["name"]), remark=text))
            for plan in (self.run["scenario"], *self.run["plans"])
            for text in remarks.of_record(say, plan)
        ]
        return warned

    def changes(self) -> Section:
        """Plan minus base for every outcome, and a chart of the main ones."""
        say = self.say
        rows: list[dict[str, Any]] = []
        lines: list[Row] = []
        outcomes = self.comparison["outcomes"]
        tests = [(p, k) for k in OUTCOMES for p in self.plans
                 if k in outcomes[p] and moves(outcomes[p][k]["difference"])]  # fmt: skip
        found_apart = discovered([outcomes[p][k]["difference"] for p, k in tests], self.freedom)
        apart = dict(zip(tests, found_apart.tolist(), strict=True))
        for key in OUTCOMES:
            entries = {p: outcomes[p][key] for p in self.plans if key in outcomes[p]}
            if not any(moves(entry["difference"]) for entry in entries.values()):
                continue
            name = OUTCOMES[key].unit
            factor, scale = factor_of(say, name), scale_of(name)
            words = say(f"unit_difference.{name}")
            base = next(iter(entries.values()))["base"]
            level = say.estimate({"mean": base, "low": None, "high": None}, factor, scale)[0]
            heading = say.also(say(f"outcome.{key}"), words, say("comparison.base", value=level))
            lines.append(Row([heading], heading=True))
            for plan, entry in entries.items():
                found = entry["difference"]
                value, interval = say.signed(found, factor, scale)
                following = {**found, "low": found["next_low"], "high": found["next_high"]}
                sure = told(found)
                beyond = apart.get((plan, key), False)
                lines.append(
                    Row(
                        [
                            self.world(plan),
                            value,
                            interval,
                            say.signed(following, factor, scale)[1],
                        ],
                        dim=not beyond,
                    )
                )
                if key in HEADLINES and found["mean"] is not None:
                    rows.append(
                        {
                            "name": self.world(plan), "outcome": key,
                            "value": found["mean"] * factor,
                            "low": times(found["low"], factor),
                            "high": times(found["high"], factor),
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
            [
                *(say(f"column.{k}") for k in ("plan", "difference", "interval")),
                of_ends(say, "column.next_pair", runs_of(self.run)),
            ],
            "lrrr",
            lines,
            note=f"{of_ends(say, 'comparison.changes_note', runs_of(self.run))} "
            f"{say('plans.long_table', n=len(tests))}",
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
        return self.summary_of(self.base)

    def summary_of(self, world: str) -> dict[str, Any]:
        """The same of a contender; folders of an older fupin have no figures."""
        known = "figures" in self.result.table_names
        figures = self.result.table("figures") if known else None
        return summary_of(world, self.comparison, figures)

    def other_figures(self) -> list[Table]:
        """Figures of the document that a plan has otherwise than the base."""
        from fupin.parameters.document import load_document
        from fupin.report.terminal.document import compare

        say = self.say
        rows = {row.id: row for row in load_document()}
        period = period_of(self.run["scenario"])
        base = {c.id: c for c in compare(rows.values(), self.base_summary(), say.magnitude, period)}
        lines = []
        for plan in self.plans:
            summary = self.summary_of(plan)
            moved = [
                c
                for c in compare(rows.values(), summary, say.magnitude, period)
                if c.id and c.model != base[c.id].model
            ]
            if moved:
                lines.append(Row([self.world(plan)], heading=True))
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

    # -- what decides ------------------------------------------------------------------------

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
                titles[key] = f"{self.world(plan)}: {say(f'outcome.{outcome}')}"
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
            verdict = "" if row["dominates"] is None else self.world(row["dominates"])
            rows.append(
                Row(
                    [self.world(row["b"]), self.world(row["a"]), *cells, verdict],
                    dim=cells == [NOTHING] * 2,
                )
            )
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
            lines.append(Row([self.world(plan), *(told_of.get(o, NOTHING) for o in outcomes)]))
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
