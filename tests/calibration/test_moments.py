"""Moments of the real model: what `fupin run` and the yearly core measure, and what moves them."""

from __future__ import annotations

import numpy as np
import pytest
from fupin import measures, paths
from fupin.calibration.moment_names import MOMENTS
from fupin.calibration.moments import moments, moments_and_twins
from fupin.calibration.panel import Panel
from fupin.errors import InputError
from fupin.livelihood.moments import core_moments
from fupin.lives.additional import KEYS
from fupin.lives.one_run import simulate
from fupin.parameters.book import load_book
from fupin.population.frame import load_frame
from fupin.results.draws import CENTRAL, Draw
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario

SAMPLE = 0.02


def plan_of(name: str = "2009-document") -> Scenario:
    """A plan of ours with a small sample."""
    scenario = load_scenario(paths.scenarios() / f"{name}.yaml")
    population = scenario.population.model_copy(update={"sample": SAMPLE})
    return scenario.model_copy(update={"population": population})


PLAN = plan_of()


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    return moments(PLAN, CENTRAL, 1)


def test_every_moment_is_there_and_finite(found: dict[str, float]) -> None:
    assert list(found) == list(MOMENTS)
    assert np.isfinite(list(found.values())).all()
    assert found["lifted"] == found["registered_2008"] - found["registered_2009"]


def test_2009_is_that_of_a_run(found: dict[str, float]) -> None:
    outcomes = simulate(PLAN, CENTRAL, 1).outcomes
    for name in ("lifted", "gross_exits", "entries", "employment_rate", "repayment_rate",
                 "trained", "placed"):  # fmt: skip
        assert found[name] == outcomes[name], name
    assert found["registered_2009"] == outcomes["registered_poor_end"]
    assert found["income_poor_2009"] == outcomes["income_poor_end"]
    assert found["survey_poor_2009"] == outcomes["survey_poor_end"]
    twins = moments_and_twins(PLAN, CENTRAL, 1)
    assert {name: twins[name] for name in MOMENTS} == found
    assert set(twins) - set(MOMENTS) == set(KEYS)
    for name in KEYS:
        assert twins[name] == outcomes[name], name


def test_history_is_that_of_the_yearly_core(found: dict[str, float]) -> None:
    core = core_moments(load_frame(SAMPLE), load_book().values(), seed=1)
    assert found["registered_2001"] == core.registered[2001]
    assert found["registered_2008"] == core.registered[2008]
    assert found["absolute_share_2001"] == pytest.approx(core.split, rel=1e-6)
    assert found["gini_2008"] == pytest.approx(core.gini, abs=2e-4)
    assert found["key_ratio_2008"] == pytest.approx(core.key_ratio, rel=1e-5)
    assert found["transient_share"] == pytest.approx(core.transient, abs=1e-4)
    for name in ("listed_share", "key_share", "frail_share"):
        assert found[f"{name}_2008"] == pytest.approx(getattr(core, name), abs=1e-5), name
    assert found["mean_income_2001"] == pytest.approx(core.mean_income[2001], rel=1e-6)
    assert found["income_poor_2001"] == core.income_poor[2001]
    # 2009 by months and with programmes, beside 2009 in one step without them.
    for name in ("exit_true", "exit_reported", "new_true", "new_reported"):
        assert found[name] == pytest.approx(getattr(core, name), abs=0.03), name


def test_the_panel_adds_up_to_the_transient_share() -> None:
    rng = np.random.default_rng(1)
    income = np.exp(rng.normal(0, 0.6, (300, 1)) + rng.normal(0, 0.4, (300, 6))).astype(np.float32)
    size = rng.integers(1, 7, 300)
    offsets, weight = np.array([0, 100, 180, 300]), np.array([1, 10, 3])
    panel = Panel(300)
    for year in range(6):
        panel.add(income[:, year], 0.7)
    persons = size * np.repeat(weight, np.diff(offsets))
    assert panel.transient_share(size, offsets, weight) == pytest.approx(
        measures.transient_share(income, 0.7, persons), abs=1e-5
    )
    rich = Panel(300)
    rich.add(income[:, 0], 1e-9)
    assert np.isnan(rich.transient_share(size, offsets, weight))


def _moved(name: str, low: float, high: float, moment: str) -> tuple[float, float]:
    one, two = (moments(PLAN, Draw(f"{name}={x}", {name: x}), 1) for x in (low, high))
    return one[moment], two[moment]


def test_the_fitted_outcomes_are_neither_set_nor_capped() -> None:
    """The conditions of placement move the employment rate, the review moves the net fall."""
    low, high = _moved("programmes.training_offer_probability", 0.25, 0.95, "employment_rate")
    assert low < 0.95 < high
    low, high = _moved("register.review_probability", 0.1, 0.9, "lifted")
    assert high - low > 30_000


def test_each_target_answers_to_what_should_move_it() -> None:
    """Signs that a development economist would expect."""
    for name, values, moment in (
        ("livelihood.permanent_sd", (0.15, 0.4), "gini_2008"),
        ("livelihood.permanent_sd", (0.15, 0.4), "registered_2001"),
        ("livelihood.listing_accuracy", (0.4, 0.95), "listed_share_2008"),
        ("livelihood.village_sd", (0.1, 0.4), "listed_share_2008"),
        ("livelihood.key_county_gap", (0.4, 0.9), "key_share_2008"),
        ("livelihood.frail_loss", (-0.5, -1.3), "frail_share_2008"),
        ("livelihood.transitory_sd", (0.1, 0.4), "transient_share"),
        ("livelihood.crash_mean", (-0.3, -1.4), "tail_spread_2001"),
        ("livelihood.key_county_gap", (0.9, 0.4), "key_ratio_2008"),
    ):
        low, high = _moved(name, *values, moment)
        assert high > low, (name, moment)


def test_a_plan_of_other_months_is_refused() -> None:
    with pytest.raises(InputError, match="2009-01 to 2009-12"):
        moments(plan_of("2010-drought"), CENTRAL, 1)


def test_a_plan_without_programmes_has_undefined_moments() -> None:
    with pytest.raises(ValueError, match="employment_rate"):
        moments(plan_of("2009-no-programmes"), CENTRAL, 1)
