"""How sure a run is: where the model misses what the document says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.parameters.document import load_document
from fupin.report.html.parts import Block, Note, Row, Section, Table
from fupin.report.html.shared import judged_figures
from fupin.words.language import Language
from fupin.words.numbers import percent

NEAR = (0.8, 1.25)
"""Ratios of model to document within which a figure is no miss."""


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
