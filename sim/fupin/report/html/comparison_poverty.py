"""Sections of a comparison on true poverty: its dynamics, and honesty of the line."""

from __future__ import annotations

from fupin.report.html import vega
from fupin.report.html.comparison_ground import ComparisonGround
from fupin.report.html.parts import Block, Chart, Row, Section, Table
from fupin.report.html.shared import source
from fupin.words.language import told
from fupin.words.numbers import rounded

DYNAMICS = {"fgt0": 100.0, "fgt1": 100.0, "fgt2": 100.0, "exit_rate": 100.0,
            "fall_back_rate": 100.0, "new_poor_share": 100.0, "chronic_share": 100.0,
            "mean_spell_years": 1.0}  # fmt: skip
"""Measures of `dynamics` -> factor to the printed unit."""


class PovertySections(ComparisonGround):
    """The sections that are about spells, movements and distances from the line."""

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
                    lines.append(Row([self.world(plan), "", texts], inner=True))
        table = Table(
            say("dynamics.caption"),
            [
                say("column.quantity"),
                say("dynamics.level", base=self.world(self.base)),
                say("column.difference"),
            ],
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
                choices[choice] = f"{self.world(world)}: {say(f'mobility.{group}')}"
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
            summary=say("mobility.summary", world=self.world(self.base), share=poorest["label"]),
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
            lines.append(Row([self.world(world), *cells, *near]))
            if world == self.base:
                continue
            spelled.append(Row([self.world(world)], heading=True))
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
            plans = {p: self.world(p) for p in self.plans}
            texts = [f"{r['name']}: {r['text']}" for r in rows if r["plan"] == self.plans[0]]
            blocks.insert(
                0,
                Chart(
                    id="line", title=say("line.chart"), unit=say("line.unit"),
                    source=source(say, "line"),
                    summary=f"{self.world(self.plans[0])}: {say.join(texts)}",
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
