"""The drought of 2010, beside the same year without it; each with and without programmes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from fupin.model import PovertyModel
from fupin.scenario.load import load_scenario
from fupin.scenario.months import Month
from fupin.scenario.names import NAMES
from fupin.scenario.schema import Scenario
from fupin.world.start import Start, live_history

SAMPLE, SEED = 0.05, 1
DROUGHT = load_scenario("fupin:2010-drought")
BARE = load_scenario("fupin:2010-drought-no-programmes")
(SHOCK,) = DROUGHT.shocks.values()
HIT = SHOCK.drought.county_codes()


class Year(NamedTuple):
    """December 2010, (172,) by county, weighted persons and yuan."""

    mean_income: float
    income_poor: int
    registered: int
    poor: np.ndarray
    yuan: np.ndarray
    codes: np.ndarray


def _lived(plan: Scenario, start: Start) -> Year:
    model = PovertyModel(plan, rng=SEED, start=start)
    while model.running:
        model.step()
    year, weight = model.measured[2010], model.villages.weight
    return Year(
        year.mean_income,
        year.income_poor,
        year.registered,
        model.sum_by_county(year.village_income_poor * weight),
        model.sum_by_county(year.village_income * weight),
        np.asarray(model.frame.counties.code),
    )


@pytest.fixture(scope="module")
def years() -> dict[tuple[str, str], Year]:
    """By (drought or not, programmes or not)."""
    start = live_history(DROUGHT, SEED, sample=SAMPLE)
    out = {}
    for programmes, plan in (("on", DROUGHT), ("off", BARE)):
        without = plan.model_copy(update={"shocks": {}})
        out["dry", programmes] = _lived(plan, start.copy())
        out["wet", programmes] = _lived(without, start.copy())
    return out


def test_it_lies_in_2010_with_the_money_of_2009() -> None:
    document = load_scenario("fupin:2009-document")
    assert {m.year for m in DROUGHT.period.months} == {2010}
    assert DROUGHT.class_totals() == document.class_totals()
    # Every programme works, in the months that it had in 2009.
    for programme in document.programmes.active():
        before, now = (plan.calendar(programme.key) for plan in (document, DROUGHT))
        assert now.months_in(2010) == tuple(month + 12 for month in before.months_in(2009))
        assert now.in_year(2010) == before.in_year(2009)
    assert SHOCK.drought.from_month == Month(2010, 6)
    assert len(HIT) == 6


def test_its_twin_is_the_same_drought_with_nothing_on() -> None:
    assert BARE.programmes.active() == ()
    same = {k: getattr(DROUGHT, k) for k in (*NAMES, "programmes")}
    assert BARE.model_copy(update=same) == DROUGHT


@pytest.mark.parametrize("programmes", ["on", "off"])
def test_it_lowers_income_and_raises_poverty(
    years: dict[tuple[str, str], Year], programmes: str
) -> None:
    dry, wet = years["dry", programmes], years["wet", programmes]
    assert dry.mean_income < wet.mean_income
    assert dry.income_poor > wet.income_poor
    assert dry.registered > wet.registered


def test_it_hits_the_plateau_and_nobody_else(years: dict[tuple[str, str], Year]) -> None:
    dry, wet = years["dry", "off"], years["wet", "off"]  # programmes move people and money
    hit = np.isin(dry.codes, HIT)
    loss = 1.0 - dry.yuan[hit].sum() / wet.yuan[hit].sum()
    # Severity 1 loses 35% of farm income in months with under half of the year's income.
    assert 0.03 < loss < 0.35 * 0.5
    assert dry.poor[hit].sum() > 1.05 * wet.poor[hit].sum()
    np.testing.assert_array_equal(dry.yuan[~hit], wet.yuan[~hit])


def test_programmes_leave_fewer_poor_in_the_drought(years: dict[tuple[str, str], Year]) -> None:
    assert years["dry", "on"].income_poor < years["dry", "off"].income_poor
    assert years["dry", "on"].registered < years["dry", "off"].registered
