"""Who pays: every payer has a column and every number its digits, however narrow the terminal."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from fupin.report.terminal.outcomes import costs_tables
from fupin.results.costs import PAYERS
from fupin.words import choice
from rich.cells import cell_len
from rich.console import Console

KEYS = ("skills_training", "subsidised_loans", "loan_guarantee", "paired_assistance")


def content(largest: float) -> dict[str, Any]:
    """A summary in which everybody pays, each another amount."""
    paid = {
        key: {payer: {"mean": largest / (n + k + 1)} for k, payer in enumerate(PAYERS)}
        for n, key in enumerate(("", *KEYS))
    }
    both = {"spent": {"mean": largest}, "resource_cost": {"mean": 3 * largest}}
    programmes = {
        key: {**both, "budget": {"mean": largest}, "delivered": {"mean": largest}} for key in KEYS
    }
    return {"payers": paid, "outcomes": both, "programmes": programmes}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("largest", [9.87e8, 9.87e10, 9.87e12])
def test_every_payer_is_shown_whole(lang: str, width: int, largest: float) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False)
    with choice.speaking(lang):
        tables = costs_tables(content(largest), width)
        for table in tables:
            console.print(table)
    text = stream.getvalue()
    assert max(map(cell_len, text.splitlines())) <= width and "…" not in text
    assert sum(len(table.columns) - 1 for table in tables) == 2 + len(PAYERS)
    shown = {number.replace(",", "") for number in re.findall(r"\d[\d,]*", text)}
    unit = 1e4 if lang == "zh" else 1e6
    for k in range(len(PAYERS)):
        whole = largest / (k + 1) / unit
        assert {str(int(whole)), str(round(whole))} & shown, (whole, text)
