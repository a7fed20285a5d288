"""Sections of a comparison on people: because of the plan, who gained, cost, targeting, line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.report.comparison_tables import has_resized
from sim.report.html import vega
from sim.report.html.geometry import Shapes
from sim.report.html.language import Language, told
from sim.report.html.parts import Block, Chart, Note, Row, Section, Table
from sim.report.html.shared import programme_title, source
from sim.report.numbers import NOTHING, rounded
from sim.store.comparison_folder import StoredComparison

GAINS = {"change_yuan_a_person": 1.0, "change_share": 100.0, "winners_share": 100.0,
         "losers_share": 100.0}  # fmt: skip
"""Measures of the table `gains` -> factor to the printed unit."""

COSTS = ("per_lifted", "per_additional_lifted", "per_additional_out_of_poverty",
         "per_extra_lifted", "per_extra_out_of_poverty")  # fmt: skip

DYNAMICS = {"fgt0": 100.0, "fgt1": 100.0, "fgt2": 100.0, "exit_rate": 100.0,
            "fall_back_rate": 100.0, "new_poor_share": 100.0, "chronic_share": 100.0,
            "mean_spell_years": 1.0}  # fmt: skip
"""Measures of `dynamics` -> factor to the printed unit."""


class WhomSections:
    """What sections of a comparison stand on, and those that are about people."""

    def __init__(self, say: Language, result: StoredComparison, shapes: Shapes) -> None:
        self.say, self.result, self.shapes = say, result, shapes
        self.run, self.comparison = result.run, result.comparison
        self.base: str = self.comparison["base"]
        self.plans: list[str] = self.comparison["plans"]
        self.contenders = [self.base, *self.plans]
        self.bare: Mapping[str, str] = self.comparison["without_programmes"]
        self.bare_names = list(dict.fromkeys(self.bare.values()))
        self.pairs = len(self.comparison["draws"]) * len(self.comparison["seeds"])

    def world(self, name: str) -> str:
        """Name of a world for people."""
        if name in self.contenders:
            return name
        plan = name.partition(":")[2]
        say = self.say
        return say("world.none_of", plan=plan) if plan else say("world.none")

    def yuan(self, entry: Mapping[str, Any]) -> str:
        """A cost with its interval, or what there is to say where it is none."""
        say, mean, fewer = self.say, entry["mean"], entry["direction"] == "fewer"
        if mean is None:
            return say("cost.undefined")
        if mean < 0:  # worse and dearer, or better and cheaper
            return say("cost.dearer" if fewer else "cost.cheaper")
        text = say.with_interval(say.estimate(entry, most_digits=4))
        return say("cost.saved", yuan=text) if fewer else text

    # -- because of the plan -------------------------------------------------------------------

    def because(self) -> Section:
        """Persons out because of a plan, and harmed by it."""
        say, resized = self.say, has_resized(self.comparison)
        rows, lines = [], []
        for plan, twins in self.comparison["additionality"].items():
            for twin, by_status in twins.items():
                income, register = (by_status[s]["all"] for s in ("income", "register"))
                name = say("because.beside", plan=plan, twin=self.world(twin))
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
            pairs[pair] = say("because.beside", plan=plan, twin=self.world(twin))
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

    # -- cost ----------------------------------------------------------------------------------

    def cost(self) -> Section:
        """Yuan a person in every way of counting."""
        say = self.say
        rows, lines, titles = [], [], {}
        for key in COSTS:
            entries = {w: e[key] for w, e in self.comparison["cost"].items() if key in e}
            if not entries:
                continue
            title = say(f"cost.{key}")
            lines.append(Row([title], heading=True))
            for world, entry in entries.items():
                persons = say.estimate(entry["persons"], most_digits=4)
                money = say.estimate(entry["yuan"], 1e-6, most_digits=4)
                if key != "per_lifted":
                    persons = say.signed(entry["persons"])
                    money = say.signed(entry["yuan"], 1e-6)
                lines.append(
                    Row([world, self.yuan(entry), say.with_interval(persons), money[0]],
                        dim=entry["mean"] is None)
                )  # fmt: skip
                if entry["mean"] is not None and entry["mean"] > 0:
                    titles[key] = title
                    rows.append(
                        {
                            "name": world, "what": key, "value": entry["mean"],
                            "low": entry["low"], "high": entry["high"],
                            "text": self.yuan(entry), "told": True,
                        }
                    )  # fmt: skip
        table = Table(
            say("cost.caption"),
            [say(f"column.{k}") for k in ("plan", "yuan_a_person", "persons", "million_yuan")],
            "lrrr",
            lines,
            note=say("cost.note"),
        )
        blocks: list[Block] = [table]
        if rows:
            first = next(iter(titles))
            texts = [f"{r['name']} {r['text']}" for r in rows if r["what"] == first]
            blocks.insert(
                0,
                Chart(
                    id="cost", title=say("cost.chart"), unit=say("cost.unit"),
                    source=source(say, "cost"), summary=f"{titles[first]}: {say.join(texts)}",
                    spec=vega.intervals(
                        rows, axis=say("unit.yuan_a_person"), name=say("column.yuan_a_person"),
                        params=[vega.select("what", titles, say("choose.cost"), "cost")],
                        filters=["datum.what === what"],
                    ),
                    numbers=None, controls=True,
                ),
            )  # fmt: skip
        return Section("cost", say("section.cost"), say("cost.lead"), blocks)

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
            lines.append(Row([world], heading=True))
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
        worlds = {w: w for w in self.contenders if w in audits}
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
            summary=say("targeting.summary", world=next(iter(worlds)), programme=best["name"],
                        share=best["text"]),
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

    # -- dynamics ------------------------------------------------------------------------------

    def dynamics(self) -> Section:
        """Spells, falling back, and who moved between fifths and bands of the line."""
        say, found = self.say, self.comparison["dynamics"]
        lines = []
        for measure, factor in DYNAMICS.items():
            level = say.with_interval(say.estimate(found[self.base][measure], factor))
            lines.append(Row([say(f"dynamics.{measure}"), level, ""], total=True))
            for plan in self.plans:
                change = found[plan][measure]["difference"]
                if told(change):
                    texts = say.with_interval(say.signed(change, factor))
                    lines.append(Row([plan, "", texts], inner=True))
        table = Table(
            say("dynamics.caption"),
            ["", say("dynamics.level", base=self.base), say("column.difference")],
            "lrr",
            lines,
            note=say("dynamics.note"),
        )
        return Section(
            "dynamics", say("section.dynamics"), say("dynamics.lead"), [self._mobility(), table]
        )

    def _mobility(self) -> Chart:
        say, table = self.say, self.result.table("mobility")
        names = {
            "fifths": [say(f"mobility.fifth_{i}") for i in range(1, 6)],
            "line": [say(f"mobility.band_{i}") for i in range(1, 6)],
        }
        columns = [table[n].tolist() for n in ("world", "groups", "before", "after", "mean")]
        cells = {(w, g, int(b), int(a)): v for w, g, b, a, v in zip(*columns, strict=True)}
        rows, lines, choices = [], [], {}
        for group, labels in names.items():
            for world in self.contenders:
                choice = f"{world}/{group}"
                choices[choice] = f"{world}: {say(f'mobility.{group}')}"
                lines.append(Row([choices[choice]], heading=True))
                for before, from_ in enumerate(labels):
                    people = [cells.get((world, group, before, a), 0.0) for a in range(len(labels))]
                    whole = sum(people)
                    shares = [100 * p / whole if whole else 0.0 for p in people]
                    texts = [f"{rounded(share, 1 if 0 < share < 1 else 0)}%" for share in shares]
                    lines.append(Row([from_, *texts]))
                    rows += [
                        {
                            "world": choice, "before": from_, "after": to, "value": share,
                            "label": text,
                        }
                        for to, share, text in zip(labels, shares, texts, strict=True)
                    ]  # fmt: skip
        poorest = rows[0]
        return Chart(
            id="mobility",
            title=say("mobility.chart"),
            unit=say("mobility.unit"),
            source=source(say, "mobility"),
            summary=say("mobility.summary", world=self.base, share=poorest["label"]),
            spec=vega.heat(
                rows, x_axis=say("mobility.after"), y_axis=say("mobility.before"),
                name=say("column.value"),
                params=[vega.select("world", choices, say("choose.matrix"), "mobility")],
            ),
            numbers=Table(say("mobility.chart"), [say("mobility.before"), "1", "2", "3", "4", "5"],
                          "lrrrrr", lines),
            controls=True,
        )  # fmt: skip

    # -- the line ------------------------------------------------------------------------------

    def line(self) -> Section:
        """Differences at other lines, and how far beyond the line the lifted came."""
        say, found = self.say, self.comparison["line"]
        multiples = list(found[self.base])
        heads = [f"{100 * float(multiple):.0f}%" for multiple in multiples]
        rows, lines = [], []
        spelled: list[Row] = []
        for world, entries in found.items():
            own = entries["1.0"]
            cells = [say.signed(entries[m]["difference"])[0] for m in multiples]
            if world == self.base:
                cells = [say.estimate(entries[m]["poor_after"])[0] for m in multiples]
            near = [
                say.percent((own.get(key) or {"mean": None})["mean"], 1)
                for key in ("left_barely_share", "because_barely_share")
            ]
            lines.append(Row([world, *cells, *near]))
            if world == self.base:
                continue
            spelled.append(Row([world], heading=True))
            for multiple, head in zip(multiples, heads, strict=True):
                entry = entries[multiple]["difference"]
                spelled.append(Row([head, *say.signed(entry)], dim=not told(entry)))
                if entry["mean"] is not None:
                    rows.append(
                        {
                            "name": head, "plan": world, "value": entry["mean"],
                            "low": entry["low"], "high": entry["high"],
                            "text": say.with_interval(say.signed(entry)), "told": told(entry),
                        }
                    )  # fmt: skip
        table = Table(
            say("line.caption"),
            [say("column.plan"), *heads, say("line.lifted_near"), say("line.plan_near")],
            "l" + "r" * (len(heads) + 2),
            lines,
            note=say("line.note"),
        )
        blocks: list[Block] = [table]
        if rows:
            plans = {p: p for p in self.plans}
            texts = [f"{r['name']}: {r['text']}" for r in rows if r["plan"] == self.plans[0]]
            blocks.insert(
                0,
                Chart(
                    id="line", title=say("line.chart"), unit=say("line.unit"),
                    source=source(say, "line"),
                    summary=f"{self.plans[0]}: {say.join(texts)}",
                    spec=vega.intervals(
                        rows, axis=say("line.axis"), name=say("column.difference"),
                        params=[vega.select("plan", plans, say("choose.plan"), "line")],
                        filters=["datum.plan === plan"],
                    ),
                    numbers=Table(
                        say("line.chart"),
                        [say("line.multiple"), say("column.difference"), say("column.interval")],
                        "lrr", spelled,
                    ),
                    controls=len(plans) > 1,
                ),
            )  # fmt: skip
        return Section("line", say("section.line"), say("line.lead"), blocks)
