"""`fupin diff`: what differs, in words that a planner can check."""

from __future__ import annotations

from typing import Any

import pytest
from fupin import paths
from fupin.scenario.difference import changes, money
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from hypothesis import given, settings
from hypothesis import strategies as st


def plan(**keys: Any) -> Scenario:
    return Scenario.model_validate({"name": "a", **keys})


def training(**keys: Any) -> Scenario:
    return plan(programmes={"skills_training": {"budget": 30_540_000, **keys}})


def test_training_doubled_in_words() -> None:
    base = load_scenario(paths.scenarios() / "2009-document.yaml")
    doubled = load_scenario(paths.scenarios() / "plans" / "training-doubled.yaml")
    found = [c for c in changes(base, doubled) if not c.names_only]
    assert [(c.path, c.before_words, c.after_words) for c in found] == [
        (
            "programmes.skills_training.budget",
            "30.54 million yuan a year",
            "61.08 million yuan a year",
        ),
        (
            "programmes.skills_training.places_per_month",
            "as many as the programme's parameters say",
            "6,000 places a month",
        ),
    ]
    assert {c.path for c in changes(base, doubled) if c.names_only} == {
        "name", "title", "title_zh", "description", "description_zh",
    }  # fmt: skip
    assert money(base, doubled) == {"fiscal": (743_000_000, 773_540_000)}


@pytest.mark.parametrize("file", sorted((paths.scenarios() / "plans").glob("*.yaml")))
def test_every_plan_differs_and_not_from_itself(file: Any) -> None:
    base, other = load_scenario(paths.scenarios() / "2009-document.yaml"), load_scenario(file)
    assert changes(other, other) == [] and money(other, other) == {}
    there = [c for c in changes(base, other) if not c.names_only]
    back = [c for c in changes(other, base) if not c.names_only]
    assert there
    assert [(c.path, c.before, c.after) for c in there] == [
        (c.path, c.after, c.before) for c in back
    ]
    for change in there:
        assert change.before_words != change.after_words
        assert "None" not in change.before_words + change.after_words + change.what


@pytest.mark.parametrize(
    ("a", "b", "path", "before", "after"),
    [
        (plan(), training(), "programmes.skills_training", "off",
         "on, with 30.54 million yuan a year"),
        (training(), training(**{"from": "2009-03"}), "programmes.skills_training.from",
         "from the first month of the period", "2009-03"),
        (training(), training(counties=["Daming"]), "programmes.skills_training.counties",
         "the counties that the programme chooses itself", "Daming 大名县"),
        (training(), training(unit_cost=1500), "programmes.skills_training.unit_cost",
         "the cost in the programme's parameters", "1,500 yuan"),
        (plan(), plan(recognition=False), "recognition", "on", "off"),
        (plan(), plan(displacement=True), "displacement", "off", "on"),
        (plan(), plan(counting="task"), "counting", "register", "task"),
        (plan(), plan(population={"sample": 0.02}), "population.sample", "default sample",
         "2% of the villages"),
        (plan(parameters={"programmes.financial_loss": 0.1}), plan(),
         "parameters.programmes.financial_loss", "0.1", "not there"),
        (plan(quota=1), plan(quota=2500), "quota", "1 persons a year", "2,500 persons a year"),
    ],
)  # fmt: skip
def test_what_is_open_is_said_in_words(
    a: Scenario, b: Scenario, path: str, before: str, after: str
) -> None:
    (found,) = [change for change in changes(a, b) if change.path == path]
    assert (found.before_words, found.after_words) == (before, after)


def test_a_budget_by_year_and_a_shock() -> None:
    period = {"start": "2009-01", "end": "2010-12"}
    by_year = {"skills_training": {"budget": {2009: 5_000_000, 2010: 6_000_000}}}
    dry = {"prefectures": ["Zhangjiakou"], "from": "2009-06", "months": 3, "severity": 0.5}
    one = plan(period=period, programmes={"skills_training": {"budget": 5_000_000}})
    other = plan(period=period, programmes=by_year, shocks={"bad": {"drought": dry}})
    worse = plan(
        period=period, programmes=by_year, shocks={"bad": {"drought": {**dry, "severity": 1}}}
    )
    found = {change.path: change for change in changes(one, other)}
    budget = found["programmes.skills_training.budget"]
    assert budget.after_words == "2009: 5 million yuan; 2010: 6 million yuan"
    assert found["shocks.bad"].before_words == "not there"
    assert "Zhangjiakou" in found["shocks.bad"].after_words
    (change,) = changes(other, worse)
    assert (change.path, change.after_words) == (
        "shocks.bad.drought.severity", "1 of the worst loss",
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PROGRAMME_KEYS), st.integers(1, 10**9), max_size=5),
    st.dictionaries(st.sampled_from(PROGRAMME_KEYS), st.integers(1, 10**9), max_size=5),
)
def test_exactly_the_programmes_that_differ_are_named(a: dict[str, int], b: dict[str, int]) -> None:
    first, second = (
        plan(programmes={key: {"budget": yuan} for key, yuan in budgets.items()})
        for budgets in (a, b)
    )
    named = {change.path.split(".")[1] for change in changes(first, second)}
    assert named == {key for key in PROGRAMME_KEYS if a.get(key) != b.get(key)}
    totals = money(first, second)
    gap = sum(b.values()) - sum(a.values())
    assert sum(after - before for before, after in totals.values()) == gap
