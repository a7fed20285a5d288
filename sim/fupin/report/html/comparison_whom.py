"""Sections of a comparison on people: because of the plan, who gained, whom programmes reach."""

from __future__ import annotations

from typing import Any

import numpy as np

from fupin.report.html import vega
from fupin.report.html.comparison_ground import ComparisonGround
from fupin.report.html.parts import Block, Chart, Note, Row, Section, Table
from fupin.report.html.shared import programme_title, source
from fupin.report.terminal.comparison_tables import has_resized
from fupin.words.language import told
from fupin.words.numbers import NOTHING

GAINS = {"change_yuan_a_person": 1.0, "change_share": 100.0, "winners_share": 100.0,
         "losers_share": 100.0}  # fmt: skip
"""Measures of the table `gains` -> factor to the printed unit."""


class WhomSections(ComparisonGround):
    """The sections that are about people."""

    # -- because of the plan -------------------------------------------------------------------

    def because(self) -> Section:
        """Persons out because of a plan, and harmed by it."""
        say, resized = self.say, has_resized(self.comparison)
        rows, lines = [], []
        for plan, twins in self.comparison["additionality"].items():
            for twin, by_status in twins.items():
                income, register = (by_status[s]["all"] for s in ("income", "register"))
                name = say("because.beside", plan=self.world(plan), twin=self.world(twin))
                cells = [
                    say.estimate(income[k])[0] for k in ("always", "because", "never", "harmed")
                ]
                if resized:
                    cells.append(say.signed(income["resized"])[0])
                net = say.with_interval(say.signed(income["net"]))
                sure = told(income["net"])
                lines.append(
                    Row([name, *cells, net, say.with_interval(say.signed(register["net"]))],
                        dim=not sure)
                )  # fmt: skip
                if income["net"]["mean"] is None:
                    continue
                for kind, sign in (("because", 1), ("harmed", -1)):
                    entry = income[kind]
                    rows.append(
                        {
                            "name": name, "part": say(f"because.{kind}"),
                            "value": sign * entry["mean"],
                            "text": say.estimate(entry)[0],
                        }
                    )  # fmt: skip
        titles = [say(f"because.{k}") for k in ("always", "because", "never", "harmed")]
        if resized:
            titles.append(say("because.resized"))
        titles += [say("because.net"), say("because.register")]
        table = Table(
            say("because.caption"),
            [say("column.plan"), *titles],
            "l" + "r" * len(titles),
            lines,
            note=say("because.note_resized" if resized else "because.note"),
        )
        blocks: list[Block] = [table]
        if rows:
            parts = [say("because.because"), say("because.harmed")]
            nets = [f"{row.cells[0]} {row.cells[-2]}" for row in lines[:4]]
            spec = vega.stacked(rows, axis=say("unit.persons"), parts=parts)
            spec["encoding"]["y"]["axis"]["labelLimit"] = 330
            blocks.insert(
                0,
                Chart(
                    id="because", title=say("because.chart"), unit=say("because.unit"),
                    source=source(say, "additionality"),
                    summary=say("because.summary", nets=say.join(nets)),
                    spec=spec, numbers=None,
                ),
            )  # fmt: skip
        return Section("because", say("section.because"), say("because.lead"), blocks)

    # -- who gained ----------------------------------------------------------------------------

    def gains(self) -> Section:
        """Change of income, winners and losers by tenth of income before."""
        say, table = self.say, self.result.table("gains")
        rows: list[dict[str, Any]] = []
        columns = [table[n].tolist() for n in
                   ("plan", "twin", "decile", "measure", "mean", "low", "high")]  # fmt: skip
        pairs: dict[str, str] = {}
        for plan, twin, decile, measure, mean, low, high in zip(*columns, strict=True):
            if measure not in GAINS or np.isnan(mean):
                continue
            factor = GAINS[measure]
            entry = {k: None if np.isnan(v) else v for k, v in
                     (("mean", mean), ("low", low), ("high", high))}  # fmt: skip
            pair = f"{plan}/{twin}"
            pairs[pair] = say("because.beside", plan=self.world(plan), twin=self.world(twin))
            signs = measure.startswith("change")
            text = (say.signed if signs else say.estimate)(entry, factor)
            rows.append(
                {
                    "pair": pair, "measure": measure, "tenth": int(decile), "value": mean * factor,
                    "low": None if entry["low"] is None else entry["low"] * factor,
                    "high": None if entry["high"] is None else entry["high"] * factor,
                    "text": say.with_interval(text), "told": told(entry),
                }
            )  # fmt: skip
        if not rows:
            return Section("gains", say("section.gains"), say("comparison.nothing"), [])
        # Plans beside the base first: that is what was asked.
        pairs = dict(sorted(pairs.items(), key=lambda item: not item[0].endswith(f"/{self.base}")))
        measures = {m: say(f"gains.{m}") for m in GAINS}
        first = next(iter(pairs))
        lines: list[Row] = []
        for pair, name in pairs.items():
            lines.append(Row([name], heading=True))
            for tenth in range(1, 11):
                here = {r["measure"]: r["text"] for r in rows
                        if r["pair"] == pair and r["tenth"] == tenth}  # fmt: skip
                lines.append(Row([str(tenth), *(here.get(m, NOTHING) for m in GAINS)]))
        told_of = {r["tenth"]: r["text"] for r in rows
                   if r["pair"] == first and r["measure"] == "change_yuan_a_person"}  # fmt: skip
        chart = Chart(
            id="gains",
            title=say("gains.chart"),
            unit=say("gains.unit"),
            source=source(say, "gains"),
            summary=say("gains.summary", pair=pairs[first], poorest=told_of.get(1, NOTHING),
                        richest=told_of.get(10, NOTHING)),
            spec=vega.columns(
                rows, x_axis=say("gains.axis"), name=say("column.value"),
                params=[vega.select("pair", pairs, say("choose.pair"), "gains"),
                        vega.select("measure", measures, say("choose.measure"), "gains")],
                filters=["datum.pair === pair", "datum.measure === measure"],
            ),
            numbers=Table(
                say("gains.chart"), [say("gains.axis"), *measures.values()], "lrrrr", lines
            ),
            controls=True,
        )  # fmt: skip
        return Section("gains", say("section.gains"), say("gains.lead"), [chart])

    # -- targeting -----------------------------------------------------------------------------

    def targeting(self) -> Section:
        """Leak, missed and the poorest fifth, by register and by true income."""
        say, audits = self.say, self.comparison["targeting"]
        if not audits:
            return Section("targeting", say("section.targeting"), "", [Note(say("targeting.none"))])
        rows: list[dict[str, Any]] = []
        lines: list[Row] = []
        told_already: set[tuple[str, ...]] = set()
        for world in (w for w in self.contenders if w in audits):
            lines.append(Row([self.world(world)], heading=True))
            for key, by in audits[world].items():
                title, income, register = programme_title(say, key), by["income"], by["registered"]
                cells = [
                    say.percent(entry[name]["mean"])
                    for name in ("inclusion_error", "exclusion_error_nearby")
                    for entry in (income, register)
                ]
                served = say.estimate(income["served"], most_digits=4)[0]
                fifth = income["poorest_fifth_share"]
                row = (title, served, *cells, say.percent(fifth["mean"]))
                if row not in told_already:
                    lines.append(Row(row))
                told_already.add(row)
                for measure, entry in (
                    ("poorest_fifth", fifth),
                    ("leak_income", income["inclusion_error"]),
                    ("leak_register", register["inclusion_error"]),
                    ("missed_income", income["exclusion_error_nearby"]),
                ):
                    if entry["mean"] is None:
                        continue
                    low, high = (
                        None if entry[k] is None else min(max(100 * entry[k], 0.0), 100.0)
                        for k in ("low", "high")
                    )
                    text = say.with_interval(
                        say.estimate({"mean": 100 * entry["mean"], "low": low, "high": high})
                    )
                    rows.append(
                        {
                            "name": title, "world": world, "measure": measure,
                            "value": 100 * entry["mean"], "low": low, "high": high,
                            "text": f"{text}%", "told": True,
                        }
                    )  # fmt: skip
            if lines[-1].heading:  # as in the worlds above
                lines.pop()
        worlds = {w: self.world(w) for w in self.contenders if w in audits}
        measures = {m: say(f"targeting.{m}") for m in
                    ("poorest_fifth", "leak_income", "leak_register", "missed_income")}  # fmt: skip
        table = Table(
            say("targeting.caption"),
            [say("column.programme"), say("targeting.served"), say("targeting.leak_income"),
             say("targeting.leak_register"), say("targeting.missed_income"),
             say("targeting.missed_register"), say("targeting.poorest_fifth")],
            "lrrrrrr",
            lines,
            note=say("targeting.note"),
        )  # fmt: skip
        first = [r for r in rows if r["world"] == next(iter(worlds))]
        best = max((r for r in first if r["measure"] == "poorest_fifth"), key=lambda r: r["value"])
        chart = Chart(
            id="targeting",
            title=say("targeting.chart"),
            unit=say("targeting.unit"),
            source=source(say, "targeting"),
            summary=say("targeting.summary", world=next(iter(worlds.values())),
                        programme=best["name"], share=best["text"]),
            spec=vega.intervals(
                rows, axis=say("targeting.axis"), name=say("column.value"), zero=False,
                reference=20.0,
                params=[vega.select("world", worlds, say("choose.plan"), "targeting"),
                        vega.select("measure", measures, say("choose.measure"), "targeting")],
                filters=["datum.world === world", "datum.measure === measure"],
            ),
            numbers=None,
            controls=True,
        )  # fmt: skip
        # Blind chance is of that measure alone.
        chart.spec["layer"][0]["transform"] = [{"filter": "measure === 'poorest_fifth'"}]
        return Section("targeting", say("section.targeting"), say("targeting.lead"), [chart, table])
