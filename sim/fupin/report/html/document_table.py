"""The figures of the document beside those of a result, as a table and as a chart of distances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fupin.parameters.document import DocumentRow, load_document
from fupin.report.html import vega
from fupin.report.html.parts import Chart, Row, Table
from fupin.report.html.shared import of_ends, programme_title, source
from fupin.report.terminal.document import NOT_MODELLED, OFF, OTHER_YEAR, Comparison, compare
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.words.language import Language
from fupin.words.numbers import NOTHING, percent

FAREST = (0.2, 5.0)
"""Ratios of model to document beyond which a point stands at the rim of the chart."""

JUDGED = ("delivered", "fitted", "outcome")
"""Roles of figures that a model can miss; the others are put in."""


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
    say: Language,
    summary: Mapping[str, Any],
    names: Sequence[str],
    scenario: Mapping[str, Any],
    runs: int,
) -> list[Table | Chart]:
    """The table document, role, model; and how far the model is from what it can miss.

    Args:
        summary: `figures` and `programmes` as in summary.json.
        names: tables of the folder that the numbers come from.
        scenario: of the record.
        runs: behind every mean.
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
        [*(say(f"column.{k}") for k in ("id", "quantity", "document", "role", "model")),
         of_ends(say, "column.interval", runs), say("column.differs")],
        "llrlrrr",
        lines,
        note=say("document.note"),
        remark_column=1,
    )  # fmt: skip
    blocks: list[Table | Chart] = []
    if chart := _distances(say, rows, tagged, summary, names, runs):
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
    runs: int,
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
        unit=of_ends(say, "document.chart_unit", runs),
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
