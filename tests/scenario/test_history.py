"""2002-2009 in one run: money, villages, lines and levels of each year, and where the path ends."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.state import roster, works
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
    paid = model.world.works.plan_complete
    return int(model.villages.weight[paid & np.asarray(model.frame.villages.listed)].sum())


def test_the_money_is_the_document_s() -> None:
    by_year = {year: HISTORY.programmes.class_totals(year) for year in YEARS}
    assert by_year[2009] == DOCUMENT.programmes.class_totals(2009)
    assert by_year[2009]["fiscal"] == 743 * MILLION  # S18
    for year in YEARS[:-1]:
        advancement = HISTORY.programmes.village_advancement.budget_in(year)
        assert by_year[year] == {"fiscal": advancement, "social": 0, "credit": 0, "claimed": 0}


def test_plan_and_history_have_one_account_of_village_plans() -> None:
    """What a plan pays from 2002 on is what history pays where the plan starts later."""
    values = load_book().values()
    for year in YEARS[:-1]:
        budget = HISTORY.programmes.village_advancement.budget_in(year)
        assert budget == pytest.approx(roster.money(values, year), abs=0.05 * MILLION)
        assert budget < 0.5 * roster.fiscal_funds(values, year)
    assert sum(roster.fiscal_funds(values, year) for year in YEARS) == pytest.approx(
        3_110 * MILLION
    )


def test_history_of_2009_is_what_the_plan_of_2009_pays() -> None:
    """Lottery villages, second instalments of 2008, and first ones from what is left."""
    values, plan = load_book().values(), DOCUMENT.programmes.village_advancement
    assert plan.lottery is not None
    lottery, instalment = plan.lottery.budget_in(2009), 500_000 / 2
    second = values.dated("programmes.advancement_starts", 2008) * instalment
    begun = (plan.budget_in(2009) - lottery - second) // instalment + plan.lottery.villages
    assert values.dated("programmes.advancement_starts", 2009) == begun == 343
    apart = lottery - plan.lottery.villages * instalment  # history has no lottery of its own
    assert roster.money(values, 2009) + apart == pytest.approx(plan.budget_in(2009), rel=0.01)


def test_plans_of_the_path_start_in_the_numbers_of_the_roster(model: PovertyModel) -> None:
    programme, begun = (
        programme_of(model, "village_advancement"),
        roster.starts(load_book().values()),
    )
    counts = [programme.counts_by_year[year]["villages_begun"] for year in YEARS]
    # Villages of this sample weigh twenty, and what a village lacks of its money waits a year.
    assert sum(counts[:6]) == pytest.approx(sum(begun[year] for year in YEARS[:6]), rel=0.05)
    assert counts[6] == pytest.approx(begun[2008], abs=120)
    assert counts[7] == pytest.approx(begun[2009], abs=120)


def test_2009_is_the_plan_of_the_document() -> None:
    for programme in PROGRAMMES:
        ours, theirs = HISTORY.programmes.of(programme.key), DOCUMENT.programmes.of(programme.key)
        mine, other = HISTORY.calendar(programme.key), DOCUMENT.calendar(programme.key)
        assert mine.in_year(2009) == other.in_year(2009)
        assert mine.months_in(2009) == other.months_in(2009)
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
    fiscal_money = 901_500_000 + 743 * MILLION
    assert released == fiscal_money
    # What funds of villages take in and lend again is theirs, and stays with them at the end.
    kept = int(model.ledger.closing[fiscal, :, -1].sum())
    assert released + received == delivered + lost + returned + kept
    assert delivered - principal + lost + returned <= fiscal_money
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
    assert int(model.ledger.totals("released")[0]) == 901_500_000 + 224_460_000
