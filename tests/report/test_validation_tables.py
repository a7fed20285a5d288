"""Tables of `fupin validate` keep every word and digit, however long names and numbers are."""

from __future__ import annotations

import io
from typing import Any

import pytest
from fupin.calibration.forms import EFFECTS, FORMS
from fupin.calibration.targets import load_targets
from fupin.report.terminal import validation
from rich.console import Console

WIDTHS = (72, 80, 120)
WIDE = {"mean": 12_345_678.0, "low": 9_876_543.0, "high": 23_456_789.0, "off": -123.4}


def printed(table: Any, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), highlight=False, no_color=True)
    console.print(table)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, text.splitlines())) <= width
    return text


def _fitted(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Forms of the model with wide numbers, one of them without a year like the document's."""
    held_out = [{"target": line["target"], "value": line["value"], "mean": 12_345_678.0}
                for line in lines]  # fmt: skip
    found: dict[str, Any] = {
        name: {"years": 12_345, "kept": 12_345, "within": 1_234_567, "effective": 1234.5,
               "score": 12.34, "held_out": held_out,
               "effects": dict.fromkeys(EFFECTS, WIDE)}
        for name in FORMS
    }  # fmt: skip
    found["counting: quota"] = {"years": 9, "kept": 0, "score": None}
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_no_table_of_a_validation_is_cut(width: int) -> None:
    targets = load_targets()
    lines = [
        {"target": t.name, "figure": t.figure, "role": t.role, "value": t.value,
         "A": WIDE, "B": WIDE}
        for t in targets
    ]  # fmt: skip
    held_out = [
        {"target": t.name, "value": t.value, **WIDE, "crps": 1_234_567.0, "inside": True,
         "baselines": [{"name": "a naive prediction with a long name", "low": 1.7e6, "high": 3e6,
                        "off": 700_000.0, "model_is_nearer": False}]}
        for t in targets if t.role == "held_out"
    ]  # fmt: skip
    counts = [{"figure": "S84.courses", "value": 66_000.0, **WIDE, "reason": "why"}]
    moments = dict.fromkeys(("lifted", "registered_2009", "survey_poor_2009", "gross_exits"), WIDE)
    learned = [{"name": "livelihood.reporting_tail_share", "width": 0.99, "shift": -0.1,
                "learned": False}]  # fmt: skip
    tables = [
        validation.document_table(lines, width),
        validation.held_out_table(held_out, "B"),
        validation.counts_table(counts),
        validation.variants_table({"displacement: off": moments, "assets: threshold": moments}),
        validation.learned_table({"A": learned, "B": learned}),
        validation.additional_table(
            {
                key: {**WIDE, "sd_seeds": 1_234_567.0, "sd_draws": 1_234_567.0}
                for key in (
                    "lifted", "additional_income_channel", "additional_recognition_channel",
                    "placed", "additional_jobs",
                )
            }
        ),
        validation.forms_table(_fitted(lines)),
        validation.form_predictions_table(_fitted(held_out)),
        validation.form_effects_table(_fitted(lines)),
    ]  # fmt: skip
    for table in tables:
        assert "…" not in printed(table, width)
