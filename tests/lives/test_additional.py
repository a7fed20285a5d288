"""What programmes add: sums are exact, a channel that is shut carries nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fupin.lives.additional import KEYS
from fupin.lives.one_run import simulate
from fupin.model import PovertyModel
from fupin.results.draws import CENTRAL
from fupin.results.outcome import HORIZON_KEYS, OUTCOMES, RunResult
from fupin.scenario.load import load_scenario
from fupin.scenario.months import parse_month
from fupin.scenario.programmes import Programmes
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes, without_recognition
from fupin.state.households import copy_households
from fupin.world.start import live_history


def plan(end: str = "2010-12", recognition: bool = True, **programmes: Any) -> Scenario:
    base = load_scenario("fupin:2009-no-programmes")
    return base.model_copy(
        update={
            "period": base.period.model_copy(update={"end": parse_month(end)}),
            "population": base.population.model_copy(update={"sample": "0.02"}),
            "recognition": recognition,
            "programmes": Programmes.model_validate(programmes),
        }
    )


TRAINING = {"budget": 400_000_000, "places_per_month": 50_000, "jobs_per_month": 50_000}
PROJECTS = {"budget": 50 * 10**9}


@pytest.fixture(scope="module")
def both() -> RunResult:
    return simulate(plan(skills_training=TRAINING, enterprise_projects=PROJECTS), CENTRAL, 1)


def lifted(scenario: Scenario) -> dict[str, float]:
    result = simulate(scenario, CENTRAL, 1, twins=False)
    by_year = {str(y): part["outcomes"]["lifted"] for y, part in result.by_year.items()}
    return by_year | {"all": result.outcomes["lifted"]}


def parts(result: RunResult) -> dict[str, dict[str, Any]]:
    by_year = {str(y): part["outcomes"] for y, part in result.by_year.items()}
    return by_year | {"all": result.outcomes}


def test_channels_sum_to_what_the_programmes_add(both: RunResult) -> None:
    scenario = plan(skills_training=TRAINING, enterprise_projects=PROJECTS)
    bare = without_programmes(scenario)
    here_off, bare_off = lifted(without_recognition(scenario)), lifted(without_recognition(bare))
    bare_on = lifted(bare)
    for name, values in parts(both).items():
        income = values["additional_income_channel"]
        recognition = values["additional_recognition_channel"]
        if name == "2009":  # later, programmes would have chosen by another register
            assert income == here_off[name] - bare_off[name]
        assert income + recognition == values["lifted"] - bare_on[name]
    assert both.outcomes["additional_income_channel"] > 0
    assert both.by_year[2009]["outcomes"]["additional_recognition_channel"] != 0


def test_years_sum_to_the_period(both: RunResult) -> None:
    for key in KEYS:
        years = [part["outcomes"][key] for part in both.by_year.values()]
        assert len(years) == 2
        if OUTCOMES[key].unit != "ratio":
            whole = years[-1] if OUTCOMES[key].kind == "stock" else sum(years)
            assert whole == pytest.approx(both.outcomes[key], rel=1e-12)


def test_who_is_out_of_poverty_is_the_difference_in_the_income_poor(both: RunResult) -> None:
    scenario = plan(skills_training=TRAINING, enterprise_projects=PROJECTS)
    bare = simulate(without_programmes(scenario), CENTRAL, 1, twins=False)
    for year, part in both.by_year.items():
        twin = bare.by_year[year]["outcomes"]["income_poor_end"]
        found = part["outcomes"]["additional_out_of_poverty"]
        assert found == twin - part["outcomes"]["income_poor_end"] > 0


def test_jobs_are_migrants_and_local_jobs_beyond_the_twin(both: RunResult) -> None:
    ends = []
    scenario = plan(skills_training=TRAINING, enterprise_projects=PROJECTS)
    for world in (scenario, without_programmes(scenario)):
        model = PovertyModel(world)
        while model.running:
            model.step()
        ends.append(model.migrants + model.local_jobs)
    assert both.outcomes["additional_jobs"] == ends[0] - ends[1] > 0


def test_nothing_is_recognised_where_recognition_is_off() -> None:
    result = simulate(plan("2009-12", False, skills_training=TRAINING), CENTRAL, 1)
    assert result.outcomes["additional_recognition_channel"] == 0
    assert result.outcomes["additional_income_channel"] is not None


def test_no_programme_no_twin() -> None:
    result = simulate(plan("2009-12"), CENTRAL, 1)
    assert all(result.outcomes[key] is None for key in KEYS)


def test_a_plan_of_some_months_has_its_december() -> None:
    """Money ends in March, the year goes on."""
    result = simulate(plan("2009-03", skills_training=TRAINING), CENTRAL, 1)
    assert result.outcomes["additional_income_channel"] > 0
    assert list(result.by_year) == [2009]


LATER = plan("2009-12", skills_training=TRAINING).model_copy(update={"horizon": 2012})


def test_person_years_are_the_difference_of_the_twins_in_every_year() -> None:
    """What the money of 2009 does until 2012; a present value is less than what it sums."""
    here = simulate(LATER, CENTRAL, 1)
    bare = simulate(without_programmes(LATER), CENTRAL, 1, twins=False)
    assert list(here.by_year) == list(bare.by_year) == [2009, 2010, 2011, 2012]
    fewer = [
        bare.by_year[year]["outcomes"]["income_poor_end"]
        - here.by_year[year]["outcomes"]["income_poor_end"]
        for year in here.by_year
    ]
    assert fewer == [part["outcomes"]["person_years_out"] for part in here.by_year.values()]
    assert here.outcomes["person_years_out"] == sum(fewer)
    assert here.outcomes["income_poor_years"] == sum(
        part["outcomes"]["income_poor_end"] for part in here.by_year.values()
    )
    assert sum(fewer[1:]) > 2 * fewer[0] > 0  # placed late in 2009, at work for years
    assert here.outcomes["npv_income_5"] > here.outcomes["npv_income_8"] > 0
    ratio = here.outcomes["npv_income_5"] / here.outcomes["resource_cost"]
    assert here.outcomes["benefit_cost_5"] == pytest.approx(ratio, rel=0.02)  # all paid in 2009


def test_the_period_is_counted_alike_whatever_follows() -> None:
    """The horizon adds years; what is said of the period's months stays to the byte."""
    short = simulate(plan("2009-12", skills_training=TRAINING), CENTRAL, 1)
    later = simulate(LATER, CENTRAL, 1)
    assert short.by_year[2009] == later.by_year[2009]
    assert short.figures == later.figures and short.programmes == later.programmes
    to_horizon = {key for key in OUTCOMES if "horizon" in OUTCOMES[key].description}
    assert set(HORIZON_KEYS) <= to_horizon
    for key in set(OUTCOMES) - to_horizon:
        assert short.outcomes[key] == later.outcomes[key], key


def test_no_money_is_given_after_the_period() -> None:
    later = simulate(LATER, CENTRAL, 1)
    for year in (2010, 2011, 2012):
        for values in later.by_year[year]["programmes"].values():
            assert values["budget"] == values["delivered"] == values["lost"] == 0
    assert later.by_year[2011]["outcomes"]["trained"] == 0  # courses of 2009 end in 2010


def test_a_copied_past_is_the_past() -> None:
    scenario = plan("2009-12", skills_training=TRAINING)
    past = live_history(scenario, 1)
    models = [PovertyModel(scenario, start=past.copy()), PovertyModel(scenario, start=past)]
    models.append(PovertyModel(scenario))
    for model in models:
        while model.running:
            model.step()
    for column in models[0].households._fields:
        first, second, third = (getattr(model.households, column) for model in models)
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(first, third)


@pytest.mark.parametrize("counting", ["register", "task", "quota", "survey"])
def test_within_a_year_a_second_review_is_the_twin_without_recognition(counting: str) -> None:
    scenario = plan(
        "2009-12", skills_training=TRAINING, minimum_living={"budget": 40_000_000}
    ).model_copy(update={"counting": counting, "quota": 150_000 if counting == "quota" else None})
    result = simulate(scenario, CENTRAL, 1)
    bare = without_programmes(scenario)
    off, bare_off = (lifted(without_recognition(w))["all"] for w in (scenario, bare))
    added = result.outcomes["lifted"] - lifted(bare)["all"]
    assert result.outcomes["additional_income_channel"] == off - bare_off
    assert result.outcomes["additional_recognition_channel"] == added - (off - bare_off)
    if counting == "register":
        assert result.outcomes["additional_recognition_channel"] != 0


def test_kept_households_are_all_that_a_run_needs() -> None:
    """What `Kept` leaves out is set before it is read: filled with rubbish, nothing changes."""
    scenario = load_scenario("fupin:2009-document")
    population = scenario.population.model_copy(update={"sample": 0.02})
    scenario = scenario.model_copy(update={"population": population})
    start = live_history(scenario, 1)
    start.keep()
    ends = []
    for _ in range(2):
        model = PovertyModel(scenario, start=start)
        while model.running:
            model.step()
        ends.append(copy_households(model.households))
        for column in model.households:
            column[:] = 77
        for name in ("schooling", "frail", "rank_half", "third", "endowment", "bias"):
            getattr(model.households, name)[:] = getattr(ends[0], name)
        start.again()
    for column in ends[0]._fields:
        np.testing.assert_array_equal(getattr(ends[0], column), getattr(ends[1], column))
