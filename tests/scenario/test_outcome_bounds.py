"""Limits on outcomes: every outcome of a result can be named, with its unit and with no other."""

from __future__ import annotations

import pytest
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.scenario import outcome_bounds
from fupin.scenario.allocate import Allocate
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

WORDS = {
    "persons": "{} persons", "person-years": "{}人年", "households": "{} 户", "jobs": "{} jobs",
    "yuan": "{} yuan", "yuan/person": "{}元/人",
}  # fmt: skip


def fault_of(keys: dict[str, object]) -> tuple[str, str]:
    with pytest.raises(ValidationError) as error:
        Allocate.model_validate(keys)
    context = error.value.errors()[0]["ctx"]
    return context["text"], context["instead"]


def test_every_outcome_of_a_result_has_its_unit() -> None:
    assert {k: o.unit for k, o in OUTCOMES.items()} == outcome_bounds.OUTCOME_UNITS
    for name, unit in outcome_bounds.PROGRAMME_UNITS.items():
        assert PROGRAMME_OUTCOMES[name].unit == unit


@pytest.mark.parametrize("limit", ["at_least", "at_most"])
@pytest.mark.parametrize("name", outcome_bounds.names())
def test_any_outcome_is_bounded_with_its_unit_and_refused_with_another(
    name: str, limit: str
) -> None:
    unit = outcome_bounds.unit_of(name)
    number = 0.25 if unit in ("share", "index", "ratio") else 1200
    found = getattr(Allocate.model_validate({limit: {name: number}}), limit)
    assert found == {name: number}
    assert getattr(Allocate.model_validate({limit: {name: str(number)}}), limit) == found
    if unit in WORDS:
        text = WORDS[unit].format(number)
        assert getattr(Allocate.model_validate({limit: {name: text}}), limit) == found
    if unit == "share":
        assert getattr(Allocate.model_validate({limit: {name: "25%"}}), limit) == found
    text, instead = fault_of({limit: {name: "1200 tractors"}})
    assert "tractors" in text and instead


@pytest.mark.parametrize(
    ("name", "value", "words", "instead"),
    [
        ("trained", "16,184 households", "trained counts persons", "Write `16184 persons`."),
        ("households_reached", "2万人", "counts households", "Write `20000 households`."),
        ("employment_rate", 90, "no share", "Write 90%."),
        ("trianed", 5, "no outcome", "Did you mean trained?"),
        ("skills_training", 5, "is a programme", "Write skills_training.persons"),
        ("skills_training.person", 5, "no outcome", "skills_training.persons"),
        ("trained", True, "not a number", "Write a number"),
        ("trained", float("nan"), "not a number", "Write a number"),
        ("trained", 10**400, "not a number", "Write a number"),
        ("trained", [5], "not a number", "Write a number"),
        ("spent", "700 millon", "unknown unit", "700 million"),
    ],
)
def test_what_is_no_limit_says_what_to_write(
    name: str, value: object, words: str, instead: str
) -> None:
    text, advice = fault_of({"at_least": {name: value}})
    assert words in text and instead in advice


@given(st.sampled_from([n for n in outcome_bounds.names() if "." not in n]), st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_advice_about_a_wrong_unit_works_when_typed(name: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(["persons", "户", "person-years", "jobs"]))
    number = data.draw(st.integers(1, 9_999_999))
    try:
        Allocate.model_validate({"at_most": {name: f"{number} {word}"}})
    except ValidationError as error:
        advice = error.errors()[0]["ctx"]["instead"]
        typed = advice.removeprefix("Write ").partition(", or")[0].rstrip(".").strip("`")
        if not advice.startswith("Write a") and "Known" not in advice:
            Allocate.model_validate({"at_most": {name: typed}})


def test_least_and_most_of_one_outcome_are_a_range() -> None:
    found = Allocate.model_validate({"at_least": {"trained": 5}, "at_most": {"trained": 9}})
    assert found.at_least == {"trained": 5} and found.at_most == {"trained": 9}
    text, _ = fault_of({"at_least": {"trained": 9}, "at_most": {"trained": 5}})
    assert "least is more" in text
