"""When an effect on the register is no effect on poverty, it is said, and only then."""

from __future__ import annotations

from typing import Any

import pytest
from fupin.results.reassessment import INCOME, MOST, REASSESSED, Channels, channels, switched
from fupin.words.language import LANGUAGES, Language
from fupin.words.reassessment import of_comparison, of_run, of_sweep, warning
from hypothesis import given
from hypothesis import strategies as st

ENGLISH = Language("en")


@given(income=st.floats(1, 1e6), times=st.floats(0, 10))
def test_more_than_three_times_the_effect_by_income_is_warned_of(
    income: float, times: float
) -> None:
    assert Channels(income, times * income).outweighed == (times * income > MOST * income)


@pytest.mark.parametrize(
    ("income", "reassessed", "outweighed"),
    [
        (400, 1_200, False), (400, 1_201, True), (0, 0, False), (0, 0.9, False), (0, 1, True),
        (-9, 51, True), (51, -9, False), (0, -500, False), (-100, -500, False),
    ],
)  # fmt: skip
def test_by_hand(income: float, reassessed: float, outweighed: bool) -> None:
    """Relocation of 2009 takes 51 off the list and makes people poorer: that is warned of."""
    assert Channels(income, reassessed).outweighed is outweighed


def test_what_was_not_measured_is_not_warned_of() -> None:
    assert channels({}) is None
    assert channels({INCOME: {"mean": None}, REASSESSED: {"mean": 5.0}}) is None
    assert warning(ENGLISH, "plan", None) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_sentence_is_one_and_says_whose_and_how_many(code: str) -> None:
    said = warning(Language(code), "a plan", Channels(400, 11_900))
    assert said is not None and "a plan" in said and "400" in said
    assert said.count("。" if code == "zh" else ". ") <= 1 and said[-1] in ".。"
    english = warning(ENGLISH, "a plan", Channels(400, 11_900))
    assert english is not None and len(english.split()) <= 25
    assert "because households are looked at" in english and "not because" in english


def outcomes(income: float, reassessed: float) -> dict[str, Any]:
    return {INCOME: {"mean": income}, REASSESSED: {"mean": reassessed}}


def test_a_run_says_it_once() -> None:
    assert of_run(ENGLISH, "p", {"outcomes": outcomes(10, 20)}) == []
    (said,) = of_run(ENGLISH, "p", {"outcomes": outcomes(10, 40)})
    assert said.startswith("p: ")


def entry(base: float, plan: float) -> dict[str, Any]:
    return {"base": base, "plan": plan, "difference": {"mean": plan - base}}


def compared(budget: tuple[float, float]) -> dict[str, Any]:
    """Without relocation 200 fewer leave the list, and nobody is poorer; the plans are sound."""
    return {
        "base": "base",
        "plans": ["without"],
        "outcomes": {"without": {INCOME: entry(5_000, 5_000), REASSESSED: entry(900, 700)}},
        "programmes": {
            "without": {
                "relocation": {"budget": entry(*budget)},
                "microfinance": {"budget": entry(7, 7)},
            }
        },
    }


def test_a_programme_that_a_comparison_switches_is_named() -> None:
    (said,) = of_comparison(ENGLISH, compared((27e6, 0)))
    assert "elocation" in said and "without" in said and "200" in said
    assert of_comparison(ENGLISH, compared((27e6, 20e6))) == []
    # Brought by the plan, it would take 200 off the re-assessments: nothing to warn of.
    assert of_comparison(ENGLISH, compared((0, 1.0))) == []
    assert switched(compared((0, 1.0))["programmes"]["without"]) == (["relocation"], [])
    both = compared((27e6, 0))
    both["programmes"]["without"]["microfinance"]["budget"] = entry(0, 7)
    assert of_comparison(ENGLISH, both) == []
    # Where other money moves too, nobody can tell what the switched programme did.
    moved = compared((27e6, 0))
    moved["programmes"]["without"]["microfinance"]["budget"] = entry(7, 9)
    assert of_comparison(ENGLISH, moved) == []


def test_a_sweep_says_at_how_many_points() -> None:
    assert of_sweep(ENGLISH, {"points": 9}) == []
    assert of_sweep(ENGLISH, {"points": 9, "reassessed": None}) == []
    assert of_sweep(ENGLISH, {"points": 9, "reassessed": {"points": 0, "first": None}}) == []
    (said,) = of_sweep(ENGLISH, {"points": 9, "reassessed": {"points": 3, "first": 2}})
    assert said.startswith("At 3 of 9 points, as at point 2,") and len(said.split()) <= 26
