"""What an attribution says of its pairs: few have a range; Chinese has its own word for ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fupin.report.terminal.attribution import verdict
from fupin.statistics.pairs import difference
from fupin.words.phrases import chinese


def content(draws: int) -> dict[str, Any]:
    """One programme that does between −2,000 and 30,000 in as many pairs."""
    whole = difference(np.linspace(-2000.0, 30_000.0, draws)[:, None])
    share = {**whole, "part": 1.0, "money": 1e6, "in_class": whole["mean"]}
    return {
        "outcome": "person_years_out", "until": 2013, "whole": whole, "finest": 1.0,
        "programmes": {"rural_works": share}, "classes": {"fiscal": share},
        "draws": [f"prior:{n}" for n in range(draws)], "seeds": [1], "exact": True,
    }  # fmt: skip


@pytest.mark.parametrize("draws", [2, 6, 18])
def test_few_pairs_have_a_range(draws: int) -> None:
    said = " ".join(verdict(content(draws)))
    assert f"the range of {draws} pairs is −2,000 to 30,000." in said
    assert "further pair" not in said


@pytest.mark.parametrize("draws", [19, 40])
def test_of_many_pairs_a_further_one_is_told(draws: int) -> None:
    said = " ".join(verdict(content(draws)))
    assert "one further pair would show" in said and "range" not in said


@pytest.mark.parametrize("draws", [6, 40])
def test_no_english_is_left_between_two_ends(draws: int) -> None:
    said = [chinese(text) for text in verdict(content(draws))]
    assert any("90% 区间" in text and " 至 " in text for text in said)
    assert any(("的范围为" if draws < 19 else "结果会在") in text for text in said)
    assert not any(" to " in text or "range" in text for text in said), said


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("−2,000 to 30,000", "−2,000 至 30,000"),
        ("−0.5 to −0.25", "−0.5 至 −0.25"),
        ("9,100–20,500", "9,100 至 20,500"),
        ("2009-01", "2009-01"),
        ("−2,000", "−2,000"),
    ],
)
def test_the_ends_of_an_interval(english: str, said: str) -> None:
    assert chinese(english) == said
