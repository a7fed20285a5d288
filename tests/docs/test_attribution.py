"""The answer on the page of shares (docs/make_attribution.py) adds up as it is printed."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def script() -> Any:
    """docs/make_attribution.py as a module."""
    spec = importlib.util.spec_from_file_location("make_attribution", DOCS / "make_attribution.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_attribution"] = module
    spec.loader.exec_module(module)
    return module


def numbers(text: str) -> tuple[list[int], int]:
    """Shares of the programmes in a table on the page, and the plan's."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.count("|") == 9 and "---" not in line
    ]
    found = {row[0]: row[2].replace("**", "").replace(",", "").replace("−", "-") for row in rows}
    whole = int(found.pop("**the plan**"))
    return [int(v) for name, v in found.items() if re.fullmatch(r"-?\d+", v)], whole


def test_the_table_on_the_page_adds_up(script: Any) -> None:
    page = (DOCS / "attribute.md").read_text("utf-8")
    shown = page[page.index(script.BEGIN) : page.index(script.END)]
    shares, whole = numbers(shown)
    assert len(shares) == 16 and sum(shares) == whole


def test_the_answer_of_a_result_stands_between_the_marks(script: Any) -> None:
    row = {"mean": 7, "low": None, "high": None}
    one = {**row, "class": "fiscal", "money": 5_000_000, "part": 1.0, "in_class": 7,
           "alone": row, "last": row}  # fmt: skip
    content = {
        "plan": "p", "outcome": "person_years_out", "unit": "person-years", "finest": 1.0,
        "horizon": 2013, "until": 2013, "sample": "default", "draws": ["central"], "seeds": [1],
        "exact": True, "coalitions": 2, "whole": row, "programmes": {"rural_works": one},
        "classes": {"fiscal": {**row, "money": 5_000_000, "part": 1.0,
                               "programmes": ["rural_works"]}},
        "sums": {"alone": row, "last": row}, "residual": None, "interactions": [],
        "by_fifth": None, "households": None,
    }  # fmt: skip
    text = script.answer(content)
    assert numbers(text) == ([7], 7)
    page = f"above\n{script.BEGIN}\nold\n{script.END}\nbelow"
    assert script.page_with(page, text) == f"above\n{script.BEGIN}\n{text}\n{script.END}\nbelow"
