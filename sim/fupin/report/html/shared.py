"""Sections that a run and a comparison share: the document's table, how to read it, what ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fupin.parameters.document import DocumentRow, load_document
from fupin.report.html import vega
from fupin.report.html.parts import Block, Chart, Note, Points, Row, Section, Table
from fupin.report.terminal.document import NOT_MODELLED, OFF, OTHER_YEAR, Comparison, compare
from fupin.results.costs import PAYERS
from fupin.results.credit import COLUMNS as CREDIT
from fupin.results.money import COSTS, FLOWS, at_work, money_by_class, of_summary
from fupin.scenario.programme_catalogue import PROGRAMMES, with_others
from fupin.words import lived, luck
from fupin.words.language import Language
from fupin.words.numbers import NOTHING, percent, rounded
from fupin.words.titles import title as title_of

FAREST = (0.2, 5.0)
"""Ratios of model to document beyond which a point stands at the rim of the chart."""

JUDGED = ("delivered", "fitted", "outcome")
"""Roles of figures that a model can miss; the others are put in."""

COST_HEADS = {"spent": "yuan_spent", "resource_cost": "yuan_of_resources"}
"""Money -> the column of costs a person by it."""


def programme_title(say: Language, key: str) -> str:
    """Name of a programme, of the overview or of the funds."""
    english = {programme.key: programme.title for programme in with_others([key])}
    return say.name("programmes", key, english[key])


def roughly(say: Language, value: float, digits: int = 3) -> str:
    """Persons or yuan in a sentence: no more digits than one can keep in mind."""
    found = {"mean": float(f"{value:.{digits}g}"), "low": None, "high": None}
    return say.estimate(found)[0]


def unit(say: Language, name: str) -> str:
    """A unit in the reader's language; empty for an index."""
    return say(f"unit.{name}")


def source(say: Language, *names: str) -> str:
    """Source line of a chart from tables of the folder."""
    return say("source.tables", names=", ".join(names))


# -- the document ----------------------------------------------------------------------------------


def _group(say: Language, key: str) -> str:
    return say(f"group.{key}") if key in ("overview", "funds") else programme_title(say, key)


def quantity_of(say: Language, row: DocumentRow, found: Comparison) -> str:
    if not say.chinese:
        return found.quantity.strip()
    if not found.id:
        return say.name("parts", found.quantity.strip(), "")
    return say.name("figures", row.id, "")


def _remark(say: Language, found: Comparison) -> str:
    if not found.remark or not say.chinese or not found.id:
        return found.remark
    return say.name("remarks", found.id, "")


def _model(say: Language, found: Comparison) -> str:
    named = {
        OFF: say("document.off"),
        NOT_MODELLED: say("document.not_modelled"),
        OTHER_YEAR: say("document.other_year"),
    }
    return named.get(found.model, found.model)


def period_of(scenario: Mapping[str, Any]) -> tuple[str, str]:
    """First and last month of a scenario of a record, YYYY-MM."""
    return scenario["period"]["start"], scenario["period"]["end"]


def document_blocks(
    say: Language, summary: Mapping[str, Any], names: Sequence[str], scenario: Mapping[str, Any]
) -> list[Table | Chart]:
    """The table document, role, model; and how far the model is from what it can miss.

    Args:
        summary: `figures` and `programmes` as in summary.json.
        names: tables of the folder that the numbers come from.
        scenario: of the record.
    """
    rows = {row.id: row for row in load_document()}
    found = compare(rows.values(), summary, say.magnitude, period_of(scenario))
    order = {key: i for i, key in enumerate(("overview", "funds", *(p.key for p in PROGRAMMES)))}
    lines: list[Row] = []
    last = ""
    current = ""
    tagged = []
    for one in found:
        current = one.id or current
        tagged.append((current, one))
    for id_, one in sorted(tagged, key=lambda pair: order[pair[1].programme]):
        if one.programme != last:
            last = one.programme
            lines.append(Row([_group(say, last)], heading=True))
        deviation = "" if one.deviation is None else percent(one.deviation)
        if one.model in (OFF, NOT_MODELLED, OTHER_YEAR, NOTHING):
            deviation = ""
        cells = [
            one.id, quantity_of(say, rows[id_], one), one.document, say(f"role.{one.role}"),
            _model(say, one), _between(say, one), deviation,
        ]  # fmt: skip
        dim = one.role not in JUDGED
        lines.append(Row(cells, dim=dim, remark=_remark(say, one)))
    table = Table(
        say("document.caption"),
        [say(f"column.{k}") for k in
         ("id", "quantity", "document", "role", "model", "interval", "differs")],
        "llrlrrr",
        lines,
        note=say("document.note"),
        remark_column=1,
    )  # fmt: skip
    blocks: list[Table | Chart] = []
    if chart := _distances(say, rows, tagged, summary, names):
        blocks.append(chart)
    return [*blocks, table]


def _between(say: Language, one: Comparison) -> str:
    """The interval of the model's number, which is as large as the document's."""
    factor = 100.0 if one.unit == "share" else 1.0
    return say.between(one.interval, say.magnitude(one.value * factor)[1])


def _distances(
    say: Language,
    rows: Mapping[str, DocumentRow],
    found: Sequence[tuple[str, Comparison]],
    summary: Mapping[str, Any],
    names: Sequence[str],
) -> Chart | None:
    points: list[dict[str, Any]] = []
    for id_, one in found:
        row = rows[id_]
        entry = summary.get("figures", {}).get(id_)
        judged = one.id and one.role in JUDGED and entry is not None and entry["mean"]
        if not judged or one.model in (OFF, NOT_MODELLED) or not row.value:
            continue
        ratios = {
            key: None
            if entry[key] is None
            else min(max(entry[key] / row.value, FAREST[0]), FAREST[1])
            for key in ("mean", "low", "high")
        }
        texts = say.with_interval((one.model, _between(say, one)))
        points.append(
            {
                "name": f"{id_} {quantity_of(say, row, one)}",
                "value": ratios["mean"],
                "low": ratios["low"],
                "high": ratios["high"],
                "kind": say(f"role.{one.role}"),
                "text": say("document.beside", model=texts, document=one.document),
                "told": True,
                "cells": [id_, quantity_of(say, row, one), one.document, texts],
            }
        )
    if not points:
        return None
    near = sum(bool(0.8 <= p["value"] <= 1.25) for p in points)
    drawn = [{k: v for k, v in p.items() if k != "cells"} for p in points]
    spec = vega.intervals(
        drawn, axis=say("document.axis"), name=say("column.model"), zero=False, reference=1.0,
        ratios=FAREST, kinds=[say(f"role.{role}") for role in JUDGED],
    )  # fmt: skip
    for layer in spec["layer"][1:]:
        layer["encoding"]["y"]["axis"]["labelLimit"] = 320
    return Chart(
        id="distances",
        title=say("document.chart"),
        unit=say("document.chart_unit"),
        source=source(say, *names),
        summary=say("document.chart_summary", near=near, all=len(points)),
        spec=spec,
        numbers=Table(
            say("document.chart"),
            [say(f"column.{k}") for k in ("id", "quantity", "document", "model")],
            "llrr",
            [Row(p["cells"]) for p in points],
        ),
    )


# -- money -----------------------------------------------------------------------------------------


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


# -- how to read, and the manifest -----------------------------------------------------------------


def what_ran(say: Language, run: Mapping[str, Any]) -> str:
    """Period, people and runs in one line."""
    scenario = run["scenario"]
    sample = scenario["population"]["sample"]
    people = (
        say(f"sample.{sample}")
        if isinstance(sample, str)
        else say("sample.share", share=say.percent(sample, 0 if sample >= 0.1 else 1))
    )
    draws = [draw["label"] for draw in run["draws"]]
    seeds = run["seeds"]
    runs = len(draws) * len(seeds)
    return say(
        "ran.line",
        start=scenario["period"]["start"], end=scenario["period"]["end"],
        lived=lived.of_record(say, scenario), people=people,
        runs=say("ran.runs", n=runs) if runs > 1 else say("ran.run"),
        draws=say("ran.draws", n=len(draws)) if len(draws) > 1 else say("ran.draw", label=draws[0]),
        seeds=say("ran.seeds", n=len(seeds)) if len(seeds) > 1 else say("ran.seed"),
    )  # fmt: skip


def reading_section(say: Language, run: Mapping[str, Any], comparison: bool) -> Section:
    """How to read it, and what no interval holds."""
    kind = "comparison" if comparison else "run"
    keys = [f"reading.{kind}_interval", "reading.roles", "reading.two_poverties",
            "reading.additional", "reading.form", "reading.effects"]  # fmt: skip
    points = [say(key) for key in keys]
    # A run says it with its answer.
    said = luck.of_runs(say, run["draws"], run["seeds"], run["scenario"]) if comparison else ""
    points = [*filter(None, [said]), *points]
    return Section("reading", say("section.reading"), "", [Points(points)])


def manifest_section(say: Language, run: Mapping[str, Any], folder: str) -> Section:
    """What ran, with what, and how to check it."""
    scenarios = [run["scenario"], *run.get("plans", ())]
    rows = [
        Row([say("manifest.made"), run["created"].replace("T", " ").replace("Z", " UTC")]),
        *(
            Row([say("manifest.scenario"), " – ".join((s["name"], title_of(say, s)))])
            for s in scenarios
        ),
        Row([say("manifest.runs"), what_ran(say, run)]),
        Row([say("manifest.draws"), listed(say, [d["label"] for d in run["draws"]])]),
        Row([say("manifest.seeds"), listed(say, [str(s) for s in run["seeds"]])]),
        Row([say("manifest.population"), str(run["scenario"]["population"]["seed"])]),
        Row([say("manifest.versions"),
             ", ".join(f"{name} {v}" for name, v in run["versions"].items())]),
        *(
            Row([say(f"manifest.{name}"), run["hashes"][name]])
            for name in ("sources", "parameters", "frame")
            if name in run["hashes"]
        ),
    ]  # fmt: skip
    table = Table(
        say("manifest.caption"), [say("column.quantity"), say("column.value")], "ll", rows
    )
    check = Note(say("manifest.check"), f"fupin verify {folder}")
    return Section("manifest", say("section.manifest"), "", [table, check])


def listed(say: Language, names: Sequence[str]) -> str:
    """All names where they are few, else the first, the last and their number."""
    if len(names) <= 12:
        return say.join(list(names))
    return say("manifest.many", first=names[0], last=names[-1], n=len(names))
