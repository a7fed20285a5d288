"""What one more million of a class brings: the best next one, and not the price of the search."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from fupin.allocation.explain import best_next_million
from fupin.report.terminal import allocation
from fupin.words.phrases import chinese
from rich.console import Console

ROW = {
    "group": "fiscal", "today": 0, "proposed": 0, "unspent": 0.0, "more_yuan": 10_000_000,
    "right_in": None, "last_million": 1.8,
}  # fmt: skip
PROGRAMMES: dict[str, dict[str, Any]] = {
    "village_advancement": {**ROW, "next_million": 0.53, "why": "price"},
    "skills_training": {**ROW, "next_million": 1.03, "why": "places"},
    "rural_works": {**ROW, "next_million": 50.0, "why": "at_most"},
    "household_projects": {**ROW, "next_million": 70.0, "why": "protected"},
    "technology": {**ROW, "next_million": 9.0, "why": "price", "more_yuan": 0},
    "mutual_funds": {**ROW, "group": "credit", "next_million": -4.0, "why": "nothing_left"},
}
CONTENT: dict[str, Any] = {
    "plan": "tiny", "goal": "person_years_out", "better": True, "moves": False, "over_draws": None,
    "sample": "default", "horizon": 2013, "draws": ["posterior:1"], "seeds": [1],
    "check_draws": ["posterior:2"], "check_seeds": [9], "asked": {}, "rounds": [], "counties": None,
    "check": {"person_years_out": {"today": {"mean": 100.0}}}, "by_prefecture": {}, "front": [],
    "envelope": {"fiscal": 1, "credit": 1}, "programmes": PROGRAMMES,
    "price_of_a_million": {"fiscal": 1.78, "credit": 2.5},
    "ten_million_more": {"fiscal": 5.6, "credit": 0.0},
}  # fmt: skip


def printed(content: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(allocation.sentences, "verdict", lambda *_: [])
    text = StringIO()
    allocation.print_allocation(Console(file=text, width=100), content)
    return text.getvalue()


def test_it_is_the_best_of_those_that_may_grow() -> None:
    assert best_next_million(PROGRAMMES, "fiscal") == 1.03
    assert best_next_million(PROGRAMMES, "credit") == -4.0
    assert best_next_million(PROGRAMMES, "social") is None


def test_a_class_says_what_its_column_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said = printed(CONTENT, monkeypatch)
    assert "fiscal; one more million brings at most 1\n" in said
    assert "credit\n" in said  # more of it takes away
    assert chinese("one more million brings at most 1") == "再加 100 万元最多带来 1"


def test_a_class_without_room_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    full = {**CONTENT, "ten_million_more": {"fiscal": None, "credit": None}}
    assert "one more million" not in printed(full, monkeypatch)


def test_one_seed_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    said = " ".join(printed(CONTENT, monkeypatch).split())
    assert "x 1 seed; check: 1 other draw x 1 other seed " in said
