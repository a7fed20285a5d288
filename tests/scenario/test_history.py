"""2002-2009 in one run: money, villages, lines and levels of each year, and where the path ends."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fupin.model import PovertyModel
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.state import works
from fupin.world.start import live_history
from small_runs import programme_of

MILLION = 10**6
HISTORY = load_scenario("fupin:2002-2009-history")
DOCUMENT = load_scenario("fupin:2009-document")
YEARS = tuple(range(2002, 2010))
SAMPLE = 0.05


def _live(model: PovertyModel) -> PovertyModel:
    while model.running:
        model.step()
    return model


def _thin_plan() -> Scenario:
    """Offices that can pay a village of a thin sample, which stands for twenty, in one month."""
    programmes = HISTORY.programmes
    advancement = programmes.village_advancement.model_copy(update={"places_per_month": 100_000})
    return HISTORY.model_copy(
        update={"programmes": programmes.model_copy(update={"village_advancement": advancement})}
    )


@pytest.fixture(scope="module")
def model() -> PovertyModel:
    return _live(PovertyModel(_thin_plan(), rng=1, sample=SAMPLE))


def _completed(model: PovertyModel) -> int:
    """Listed villages, weighted, whose plan is paid in full."""
    price = programme_of(model, "village_advancement").price("advancement_dose")
    paid = model.world.works.plan_money >= price - 1.0
    return int(model.villages.weight[paid & np.asarray(model.frame.villages.listed)].sum())


def test_the_money_is_the_document_s() -> None:
    by_year = {year: HISTORY.programmes.class_totals(year) for year in YEARS}
    assert sum(money["fiscal"] for money in by_year.values()) == 3_110 * MILLION  # S14
    assert by_year[2009] == DOCUMENT.programmes.class_totals(2009)
    assert by_year[2009]["fiscal"] == 743 * MILLION  # S18
    for year in YEARS[:-1]:
        advancement = HISTORY.programmes.village_advancement.budget_in(year)
        assert by_year[year] == {"fiscal": advancement, "social": 0, "credit": 0, "claimed": 0}
    # The prior of the path: one rate of growth, which fits the ends.
    fiscal = np.array([by_year[year]["fiscal"] for year in YEARS])
    rates = fiscal[1:] / fiscal[:-1] - 1.0
    np.testing.assert_allclose(rates, 0.247, atol=0.001)


def test_2009_is_the_plan_of_the_document() -> None:
    for programme in PROGRAMMES:
        ours, theirs = HISTORY.programmes.of(programme.key), DOCUMENT.programmes.of(programme.key)
        assert ours.budget_in(2009) == theirs.budget_in(2009)
        assert ours.active_months(2009) == theirs.active_months(2009)
        assert ours.county_codes() == theirs.county_codes()


def test_nothing_is_built_before_the_first_month() -> None:
    """The roll-out that later starts have behind them is not built beside the plan's own."""
    start = live_history(HISTORY, 1, sample=0.02)
    built = works.VillageWorks(start.frame, start.values, 2001)
    assert not built.spent.any() and not built.index.any() and not built.target.any()
    for year in (2000, 2001):  # what the yearly core lived with
        assert not any(gains.any() for gains in start.core.works(year))
    funds = PovertyModel(HISTORY, rng=1, start=start)
    assert not programme_of(funds, "mutual_funds").has_fund.any()


def test_only_village_advancement_acts_before_2009(model: PovertyModel) -> None:
    before = slice(0, 12 * 7)
    for i, programme in enumerate(PROGRAMMES):
        paid = int(model.ledger.totals("delivered", before)[i])
        assert (paid > 0) == (programme.key == "village_advancement")


def test_every_yuan_is_delivered_lost_or_unspent(model: PovertyModel) -> None:
    assert model.ledger.imbalance() == 0
    fiscal = [i for i, p in enumerate(PROGRAMMES) if p.money == "fiscal"]
    released, delivered, lost, returned, principal, received = (
        model.ledger.totals(column)[fiscal].sum()
        for column in ("released", "delivered", "lost", "returned", "principal", "received")
    )
    assert released == 3_110 * MILLION
    # What funds of villages take in and lend again is theirs, and stays with them at the end.
    kept = int(model.ledger.closing[fiscal, :, -1].sum())
    assert released + received == delivered + lost + returned + kept
    assert delivered - principal + lost + returned <= 3_110 * MILLION
    assert returned < 0.1 * released


def test_lines_and_levels_are_the_official_ones(model: PovertyModel) -> None:
    for year in YEARS:
        model.world.clock.year = year
        assert model.line == model.values.dated("official.low_income_line", year)
        official = model.values.dated("official.mean_income", year)
        assert model.measured[year].mean_income == pytest.approx(official, rel=0.01)
    model.world.clock.year = 2010


def test_the_register_falls_every_year_to_about_3_7_million(model: PovertyModel) -> None:
    path = [model.at_start.registered, *(model.measured[year].registered for year in YEARS)]
    assert abs(path[0] - 5.7 * MILLION) < 0.15 * MILLION  # S09
    assert all(after < before for before, after in pairwise(path))
    # S17, held out from calibration. A village of this sample weighs twenty: up to 0.05 million.
    assert abs(path[-1] - 3.7 * MILLION) < 0.25 * MILLION
    # The people on the rural register stay those of 2009.
    assert model.measured[2009].persons == pytest.approx(model.at_start.persons, rel=0.01)


def test_more_than_5000_villages_are_completed(model: PovertyModel) -> None:
    assert 5_000 < _completed(model) < 7_102  # S16, S15


@pytest.mark.slow
def test_the_full_roster() -> None:
    """Every listed village, as planners run it."""
    model = _live(PovertyModel(HISTORY, rng=1))
    listed = np.asarray(model.frame.villages.listed)
    assert model.villages.weight[listed].sum() == 7_102
    assert 5_000 < _completed(model) < 7_102
    assert abs(model.at_start.registered - 5.7 * MILLION) < 0.15 * MILLION
    assert abs(model.measured[2009].registered - 3.7 * MILLION) < 0.2 * MILLION
    assert int(model.ledger.totals("released")[0]) == 2_591_460_000
