"""How sure a run is: where the model misses what the document says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fupin.parameters.document import DocumentRow, load_document
from fupin.report.html.document_table import JUDGED, period_of, quantity_of
from fupin.report.html.parts import Block, Note, Row, Section, Table
from fupin.report.terminal.document import NOT_MODELLED, OFF, OTHER_YEAR, compare
from fupin.words.language import Language
from fupin.words.numbers import percent

NEAR = (0.8, 1.25)
"""Ratios of model to document within which a figure is no miss."""


@dataclass(frozen=True)
class Judged:
    """A figure that the model could miss, in words.

    Attributes:
        id, quantity, document, model: as the table of the document has them.
        ratio: model / document.
    """

    id: str
    quantity: str
    document: str
    model: str
    ratio: float


def judged_figures(
    say: Language,
    rows: Mapping[str, DocumentRow],
    summary: Mapping[str, Any],
    scenario: Mapping[str, Any],
) -> list[Judged]:
    """Figures that are not put in and have a number in the model, in the document's order."""
    judged = []
    for one in compare(rows.values(), summary, say.magnitude, period_of(scenario)):
        entry = summary.get("figures", {}).get(one.id)
        known = one.id and one.role in JUDGED and entry is not None and entry["mean"] is not None
        if not known or one.model in (OFF, NOT_MODELLED, OTHER_YEAR) or not rows[one.id].value:
            continue
        row = rows[one.id]
        text = say.with_interval((one.model, say.between(one.interval)))
        ratio = entry["mean"] / row.value
        judged.append(Judged(one.id, quantity_of(say, row, one), one.document, text, ratio))
    return judged


def certainty_section(
    say: Language, summary: Mapping[str, Any], scenario: Mapping[str, Any]
) -> Section:
    """A table of the misses alone; the whole table stands in the appendix."""
    rows = {row.id: row for row in load_document()}
    found = judged_figures(say, rows, summary, scenario)
    misses = [one for one in found if not NEAR[0] <= one.ratio <= NEAR[1]]
    blocks: list[Block] = []
    if found and not misses:
        blocks = [Note(say("certainty.no_misses", all=len(found)))]
    elif misses:
        lines = [
            Row([one.id, one.quantity, one.document, one.model, percent(one.ratio - 1)])
            for one in sorted(misses, key=lambda one: -abs(one.ratio - 1))
        ]
        heads = ("id", "quantity", "document", "model", "differs")
        near = len(found) - len(misses)
        blocks = [
            Note(say("certainty.misses_lead", all=len(found), near=near)),
            Table(say("certainty.misses"), [say(f"column.{k}") for k in heads], "llrrr", lines),
        ]
    return Section("certainty", say("section.certainty"), "", blocks)
