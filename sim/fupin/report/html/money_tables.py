"""Money of programmes, of lenders and by payer, as tables and charts of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fupin.report.html import vega
from fupin.report.html.parts import Block, Chart, Row, Table
from fupin.report.html.shared import programme_title, source
from fupin.results.costs import PAYERS
from fupin.results.credit import COLUMNS as CREDIT
from fupin.results.money import COSTS, FLOWS, at_work, money_by_class, of_summary
from fupin.scenario.programme_catalogue import with_others
from fupin.words.language import Language
from fupin.words.numbers import NOTHING, rounded


def money_table(say: Language, programmes: Mapping[str, Any]) -> Table:
    """Programme by programme: money, people and yuan for each household reached.

    Args:
        programmes: as in summary.json.
    """
    rows: list[Row] = []
    for block in money_by_class(of_summary(programmes), at_work(programmes)):
        title = say("money.total", money=say(f"money.{block.money}"))
        total = block.total[: len(FLOWS)]
        rows.append(Row([title, *(_money(say, each) for each in total), "", "", ""], total=True))
        for programme, money in block.programmes:
            entry = programmes[programme.key]
            households, persons = (_count(say, entry[name]) for name in ("households", "persons"))
            each = NOTHING
            if entry["households"]["mean"] and money.delivered:
                ratio = money.delivered / entry["households"]["mean"]
                each = rounded(float(f"{ratio:.2g}"), 0)
            cells = [
                programme_title(say, programme.key),
                *(_money(say, each) for each in money[: len(FLOWS)]),
            ]
            rows.append(Row([*cells, households, persons, each], inner=True))
    return Table(
        say("money.caption"),
        [say("column.programme"), *(say(f"column.{name}") for name in FLOWS),
         say("column.households"), say("column.persons"), say("column.yuan_a_household")],
        "lrrrrrrr",
        rows,
        note=say("money.note"),
    )  # fmt: skip


def _count(say: Language, entry: Mapping[str, Any]) -> str:
    """People or households; three digits where no interval says how many are meant."""
    if not entry["mean"]:
        return NOTHING
    if entry["low"] is None:
        entry = {**entry, "mean": float(f"{entry['mean']:.3g}")}
    return say.estimate(entry, most_digits=4)[0]


def _money(say: Language, yuan: float | None) -> str:
    if yuan is None:
        return NOTHING
    return rounded(yuan / say.money[0], 0 if say.chinese else 1) if yuan else "0"


def money_chart(say: Language, programmes: Mapping[str, Any], names: Sequence[str]) -> Chart | None:
    """Where fiscal and social money went."""
    parts = [say(f"column.{name}") for name in FLOWS[1:]]
    rows, table = [], []
    total = lost = 0.0
    for p in with_others(programmes):
        entry = programmes.get(p.key)  # an older fupin did not know all of them
        if entry is None or not p.gift or not entry["budget"]["mean"]:
            continue
        title = programme_title(say, p.key)
        total += entry["budget"]["mean"]
        lost += entry["lost"]["mean"] or 0.0
        for name, part in zip(FLOWS[1:], parts, strict=True):
            yuan = entry[name]["mean"] or 0.0
            rows.append(
                {
                    "name": title,
                    "part": part,
                    "value": yuan / say.money[0],
                    "text": _money(say, yuan),
                }
            )
        table.append(Row([title, *(_money(say, entry[name]["mean"]) for name in FLOWS)]))
    if not rows:
        return None
    return Chart(
        id="money",
        title=say("money.chart"),
        unit=say("money.unit"),
        source=source(say, *names),
        summary=say("money.summary", total=_money(say, total), lost=_money(say, lost)),
        spec=vega.stacked(rows, axis=say("unit.million_yuan"), parts=parts),
        numbers=Table(
            say("money.chart"),
            [say("column.programme"), *(say(f"column.{name}") for name in FLOWS)],
            "lrrrr",
            table,
        ),
    )


def credit_blocks(say: Language, worlds: Mapping[str, Mapping[str, Any]]) -> list[Block]:
    """What lenders lent, got back and lent again; nothing where nobody lends.

    Args:
        worlds: name of a plan ("" needs none) -> lender -> yuan (`fupin.results.credit`).
    """
    rows: list[Row] = []
    for world, lenders in worlds.items():
        if world and lenders:
            rows.append(Row([world], heading=True))
        for p in with_others(lenders):
            if p.key in lenders:
                yuan = [_money(say, lenders[p.key][name]["mean"]) for name in CREDIT]
                rows.append(Row([programme_title(say, p.key), *yuan]))
    if not rows:
        return []
    heads = [say("column.programme"), *(say(f"credit.{name}") for name in CREDIT)]
    caption, note = say("credit.caption"), say("credit.note")
    return [Table(caption, heads, "l" + "r" * len(CREDIT), rows, note=note)]


def payers_blocks(say: Language, summary: Mapping[str, Any]) -> list[Block]:
    """What each programme cost and who pays it; nothing where the result has it not.

    Args:
        summary: `outcomes`, `programmes` and `payers` as in summary.json.
    """
    payers = summary.get("payers")
    if not payers:
        return []
    shown = [payer for payer in PAYERS if any(of[payer]["mean"] for of in payers.values())]

    def row(title: str, of: Mapping[str, Any], key: str) -> Row:
        costs = [of[name]["mean"] for name in COSTS] + [payers[key][p]["mean"] for p in shown]
        cells = [_money(say, yuan) for yuan in costs]
        return Row([title, *cells], total=not key, inner=bool(key))

    rows = [row(say("money.everything"), summary["outcomes"], "")]
    at_work_here = at_work(summary["programmes"])
    rows += [
        row(programme_title(say, p.key), summary["programmes"][p.key], p.key)
        for p in with_others(payers)
        if p.key in payers and p.key in at_work_here
    ]
    heads = [say(f"column.{name}") for name in ("programme", *COSTS)]
    heads += [say(f"payer.{payer}") for payer in shown]
    note = say("cost.payers_note")
    return [Table(say("cost.payers"), heads, "l" + "r" * (len(heads) - 1), rows, note=note)]
