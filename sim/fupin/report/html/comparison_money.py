"""Sections of a comparison on money: what programmes got, what a person costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.comparison.cash import TARGETINGS
from fupin.report.html import vega
from fupin.report.html.comparison_ground import ComparisonGround, moves
from fupin.report.html.money_tables import credit_blocks, money_chart, money_table
from fupin.report.html.parts import Block, Chart, Points, Row, Section, Table
from fupin.report.html.shared import COST_HEADS, programme_title, source
from fupin.results.costs import PAYERS
from fupin.results.money import COSTS as MONEY
from fupin.words import unspent
from fupin.words.costs import impact_note, impact_rows
from fupin.words.language import Language, told
from fupin.words.numbers import NOTHING, rounded

COSTS = ("per_lifted", "per_additional_lifted", "per_additional_out_of_poverty",
         "per_extra_lifted", "per_extra_out_of_poverty")  # fmt: skip
IMPACT_HEADS = ("spent", "resources", "studies")


class MoneySections(ComparisonGround):
    """The sections that are about money."""

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
                if not any(moves(f) for f in found.values()):
                    continue
                cells = [
                    say.with_interval(
                        say.signed(f) if n == "households" else say.money_estimate(f, signed=True)
                    )
                    for n, f in found.items()
                ]
                moved.append(Row([programme_title(say, key), *cells]))
            if moved:
                lines += [Row([self.world(plan)], heading=True), *moved]
        if lines:
            head = [say(f"column.{k}") for k in ("programme", "budget", "delivered", "households")]
            blocks.append(
                Table(say("money.moved"), head, "lrrr", lines, note=say("money.moved_note"))
            )
        for world, reasons in unspent.of_comparison(say, self.comparison).items():
            title = say("unspent.title_of", plan=self.world(world))
            blocks.append(Points(reasons, title=title))
        blocks += credit_blocks(say, self.comparison.get("credit", {}))
        return Section(
            "money",
            say("section.money"),
            say("money.lead_base", base=self.world(self.base)),
            blocks,
        )

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
                money = say.money_estimate(entry["yuan"], most_digits=4)
                if key != "per_lifted":
                    persons = say.signed(entry["persons"])
                    money = say.money_estimate(entry["yuan"], signed=True)
                resources = entry.get("resource_cost")  # an older fupin has none
                cells = [self.yuan(entry)]
                cells.append(
                    NOTHING if resources is None
                    else self.yuan({**resources, "direction": entry["direction"]})
                )  # fmt: skip
                lines.append(
                    Row([self.world(world), *cells, say.with_interval(persons), money[0]],
                        dim=entry["mean"] is None)
                )  # fmt: skip
                if entry["mean"] is not None and entry["mean"] > 0:
                    titles[key] = title
                    rows.append(
                        {
                            "name": self.world(world), "what": key, "value": entry["mean"],
                            "low": entry["low"], "high": entry["high"],
                            "text": self.yuan(entry), "told": True,
                        }
                    )  # fmt: skip
        table = Table(
            say("cost.caption"),
            [say(f"column.{k}") for k in
             ("plan", *COST_HEADS.values(), "persons", "million_yuan")],
            "lrrrr",
            lines,
            note=say("cost.note"),
        )  # fmt: skip
        blocks: list[Block] = [table, *self.payers(), *self.impacts()]
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

    def payers(self) -> list[Block]:
        """What base and plans cost, and who pays it."""
        say, comparison = self.say, self.comparison
        found: Mapping[str, Any] = comparison.get("payers", {})
        shown = [p for p in PAYERS if any(of[""][p]["mean"] for of in found.values())]
        if not shown:
            return []
        rows = []
        for world, programmes in found.items():
            side, plan = ("base", self.plans[0]) if world == self.base else ("plan", world)
            outcomes = comparison["outcomes"][plan]
            yuan = [outcomes[key][side] for key in MONEY]
            yuan += [programmes[""][payer]["mean"] for payer in shown]
            rows.append(Row([self.world(world), *(_money(self.say, each) for each in yuan)]))
        heads = [say("column.plan"), *(say(f"column.{key}") for key in MONEY)]
        heads += [say(f"payer.{payer}") for payer in shown]
        note = say("cost.payers_note")
        return [Table(say("cost.payers"), heads, "l" + "r" * (len(heads) - 1), rows, note=note)]

    def cash(self) -> Section | None:
        """What plans do beside what their money would do as cash."""
        say, found = self.say, self.comparison.get("cash", {})
        if not found:
            return None
        rows, lines = [], []
        for targeting in TARGETINGS:
            lines.append(Row([say(f"cash.{targeting}")], heading=True))
            for world, entry in found.items():
                own = say.estimate(entry["out_of_poverty"], most_digits=4)[0]
                money = say(
                    "cash.plan", plan=self.world(world), money=_money(say, entry["yuan"]["mean"])
                )
                cells = [money, own]
                if targeting not in entry:
                    lines.append(Row([*cells, say("cash.itself"), "", "", ""], dim=True))
                    continue
                other = entry[targeting]
                gap = say.signed(other["fgt1_difference"], 1000.0)
                difference = other["out_of_poverty_difference"]
                text = say.with_interval(say.signed(difference))
                cells += [say.estimate(other["out_of_poverty"], most_digits=4)[0], text]
                cost = self.yuan(other["per_out_of_poverty"] | {"direction": "more"})
                lines.append(Row([*cells, cost, say.with_interval(gap)], dim=not told(difference)))
                rows.append(
                    {
                        "name": self.world(world), "what": targeting, "value": difference["mean"],
                        "low": difference["low"], "high": difference["high"],
                        "text": text, "told": told(difference),
                    }
                )  # fmt: skip
        heads = ("plan", "because_plan", "because_cash", "plan_less_cash", "cash_a_person",
                 "gap_less_cash")  # fmt: skip
        table = Table(
            say("cash.caption"), [say(f"cash.column_{k}") for k in heads], "l" + "r" * 5, lines,
            note=say("cash.note"),
        )  # fmt: skip
        blocks: list[Block] = [table]
        if rows:
            titles: dict[str, str] = {t: say(f"cash.{t}") for t in TARGETINGS}
            first = [f"{r['name']} {r['text']}" for r in rows if r["what"] == TARGETINGS[0]]
            chart = Chart(
                id="cash", title=say("cash.chart"), unit=say("cash.unit"),
                source=source(say, "cash"), summary=f"{titles[TARGETINGS[0]]}: {say.join(first)}",
                spec=vega.intervals(
                    rows, axis=say("cash.column_plan_less_cash"), name=say("cash.chart"),
                    params=[vega.select("how", titles, say("choose.cash"), "cash")],
                    filters=["datum.what === how"],
                ),
                numbers=None, controls=True,
            )  # fmt: skip
            blocks.insert(0, chart)
        return Section("cash", say("section.cash"), say("cash.lead"), blocks)

    def impacts(self) -> list[Block]:
        """How the total impact of base and plans compares with what studies found."""
        say = self.say
        rows = [
            Row([one.world, say.with_interval(one.spent), say.with_interval(one.resources),
                 one.verdict])
            for one in impact_rows(say, self.comparison.get("impact", {}))
        ]  # fmt: skip
        if not rows:
            return []
        heads = [say("column.plan"), *(say(f"impact.column_{k}") for k in IMPACT_HEADS)]
        return [Table(say("impact.caption"), heads, "lrrl", rows, note=impact_note(say))]


def _money(say: Language, yuan: float | None) -> str:
    if yuan is None:
        return NOTHING
    return rounded(yuan / say.money[0], 0 if say.chinese else 1)
