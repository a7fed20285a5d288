"""The roster of villages and what village works build: by the dose, the committee and the years."""

from __future__ import annotations

import numpy as np
import pytest
from five_counties import five_counties
from fupin.parameters.book import load_book
from fupin.population.frame import every_village, load_frame
from fupin.state import roster, works

VALUES = load_book().values()
DOSE = VALUES["programmes.advancement_dose"]
RAMP = VALUES["programmes.advancement_ramp_years"]
DECAY = VALUES["programmes.advancement_decay"]


def started(year: int) -> np.ndarray:
    """Villages of the five counties that are not on their way at the end of `year`."""
    start = roster.start_years(five_counties(), VALUES)
    return np.flatnonzero((start > year) | (start == 0))


def far(rows: np.ndarray) -> np.ndarray:
    """Factor on the cost of works in villages of the five counties."""
    return works.remote_factor(five_counties(), VALUES)[rows]


def built(start_of_works: int = 2008, months: int = 0) -> works.VillageWorks:
    state = works.VillageWorks(five_counties(), VALUES, start_of_works)
    for _ in range(months):
        state.build_up()
    return state


def test_the_roster_gives_the_documents_path() -> None:
    """More than 5,000 finished at the end of 2009 (S16), a third of the old bases in 2008 (S31)."""
    everywhere = every_village(load_frame(0.02).seed)
    stand = type("World", (), {"villages": everywhere})()
    start = roster.start_years(stand, VALUES)
    listed, old_base = np.asarray(everywhere.listed), np.asarray(everywhere.old_base)
    assert listed.sum() == roster.LISTED
    assert (start[~listed] == 0).all()
    by_year = {year: int((start == year).sum()) for year in range(2002, 2010)}
    begun = roster.starts(VALUES)
    for year, villages in begun.items():
        assert by_year[year] == pytest.approx(villages, abs=3 * np.sqrt(villages))
    assert (start[listed & old_base] >= 2008).sum() == by_year[2008] + by_year[2009]
    assert not (old_base & (start > 0) & (start < 2008)).any()
    assert by_year[2008] / (listed & old_base).sum() == pytest.approx(1 / 3, abs=0.05)
    assert 5_000 < roster.completed(stand, VALUES, 2009).sum() < 5_300
    years = np.array([by_year[year] for year in sorted(by_year)])
    for year in range(2002, 2012):
        assert roster.completed(stand, VALUES, year).sum() == years[: year - 2002].sum()


@pytest.mark.parametrize("growth", [0.10, 0.245, 0.30])
@pytest.mark.parametrize("share", [0.25, 0.45, 0.75])
def test_there_is_one_account_of_the_fiscal_funds(growth: float, share: float) -> None:
    """3.11 billion in all, 743 million in 2009; village plans cost a part of every year's funds."""
    drawn = {
        "programmes.advancement_spending_growth": growth,
        "programmes.advancement_share": share,
    }
    values = load_book().values(drawn)
    years = range(2002, 2010)
    funds = np.array([roster.fiscal_funds(values, year) for year in years])
    assert funds.sum() == pytest.approx(3_110_000_000)  # S14
    assert funds[-1] == 743_000_000  # S18
    assert funds[1:-1] / funds[:-2] == pytest.approx(1 + growth)
    spent = np.array([roster.money(values, year) for year in years])
    assert (spent < funds).all()
    # The plans begun before 2008 cost their share, half of those of 2007 in 2008.
    early = sum(
        roster.starts(values)[year] * roster.plan_cost(values, year) for year in range(2002, 2008)
    )
    assert early / 0.9 == pytest.approx(share * funds[:6].sum())
    assert roster.fiscal_funds(values, 2001) == roster.fiscal_funds(values, 2010) == 0


def test_plans_were_smaller_before_the_rule_of_2008() -> None:
    """S16's villages in the funds of their years; then at least 500,000 yuan of budget each."""
    before = roster.plan_cost(VALUES, 2003)
    assert 100_000 < before < 250_000
    assert roster.plan_cost(VALUES, 2008) / (1 - VALUES["programmes.financial_loss"]) == 500_000
    # A plan of the past builds less than one of the reference dose, by the root of the money.
    index = works.Plans.of(five_counties(), VALUES)
    early = (index.start > 0) & (index.start < 2008)
    quality = works.governance_quality(five_counties(), VALUES)
    reach = sum(index.adds)[early] / quality[early]
    assert reach == pytest.approx(np.sqrt(before / DOSE / far(early)))


def test_a_full_plan_reaches_the_committees_quality_and_wears_off() -> None:
    state, fresh = built(), started(2008)
    quality = works.governance_quality(five_counties(), VALUES)
    assert (state.index[fresh] == 0).all()
    state.spend(fresh, DOSE * far(fresh))
    for month in range(1, round(12 * RAMP) + 1):
        state.build_up()
        assert state.index[fresh] == pytest.approx(quality[fresh] * month / (12 * RAMP), rel=1e-6)
    full = state.index[fresh].copy()
    for _ in range(24):
        state.build_up()
    # a last 1e-16 may take one more month to build
    assert state.index[fresh] / full == pytest.approx((1 - DECAY / 12) ** 24, rel=0.005)
    assert (state.index[fresh] < full).all()


def test_money_has_falling_returns() -> None:
    """A lottery village of 3.2 doses gains as the root of the dose; two halves are one whole."""
    fresh = started(2008)[:3]
    state = built()
    state.spend(fresh, np.array([DOSE, 4 * DOSE, DOSE / 2]) * far(fresh))
    state.spend(fresh, np.array([0.0, 0.0, DOSE / 2]) * far(fresh))
    quality = works.governance_quality(five_counties(), VALUES)[fresh]
    assert state.target[fresh] / quality == pytest.approx([1.0, 2.0, 1.0])


def test_an_instalment_builds_from_the_month_in_which_it_is_paid() -> None:
    """Also in a village that is still building with earlier money, and at the same pace each."""
    state = built()
    start = roster.start_years(five_counties(), VALUES)
    under_way = np.flatnonzero(start == 2008)
    assert under_way.size > 50
    twin = built()
    for _ in range(3):
        state.build_up(), twin.build_up()
    before = state.target[under_way].copy()
    state.spend(under_way, np.full(under_way.size, 225_000.0), plan=True)
    added = state.target[under_way] - before
    assert (added > 0.1).all()
    for month in range(1, 10):  # April to December
        state.build_up(), twin.build_up()
        more = state.index[under_way] - twin.index[under_way]
        assert more == pytest.approx(added * month / (12 * RAMP), rel=1e-6)
    for _ in range(60):
        state.build_up()
    assert state.plan_complete[under_way].all()


def test_far_villages_get_less_for_the_same_money() -> None:
    fresh = started(2008)
    state = built()
    state.spend(fresh, np.full(fresh.size, DOSE))
    quality = works.governance_quality(five_counties(), VALUES)[fresh]
    remoteness = np.asarray(five_counties().villages.remoteness)[fresh]
    reach = state.target[fresh] / quality
    assert np.corrcoef(remoteness, reach)[0, 1] < -0.98
    assert reach[remoteness > 0.8].mean() < 0.95 < 1.05 < reach[remoteness < 0.3].mean()
    everywhere = np.asarray(load_frame("default").villages.listed)
    factor = works.remote_factor(load_frame("default"), VALUES)[everywhere]
    assert factor.mean() == pytest.approx(1.0, abs=0.01)  # costs on average what a unit costs


def test_committees_differ_around_one() -> None:
    quality = works.governance_quality(load_frame(0.02), VALUES)
    assert quality.mean() == pytest.approx(1.0, abs=0.03)
    assert quality.min() >= 0.5
    assert quality.max() <= 1.5
    assert quality.std() == pytest.approx(0.25, abs=0.03)


def test_months_of_a_run_go_on_from_the_years_of_history() -> None:
    """A village that history pays in full has the same index after a year of months."""
    frame = five_counties()
    start = roster.start_years(frame, VALUES)
    state = built(2008, months=12)
    history = works.history_index(frame, VALUES, 2009)
    paid = (start > 0) & (start + roster.PLAN_YEARS - 1 <= 2008)
    assert paid.sum() > 300
    assert state.index[paid] == pytest.approx(history[paid], rel=0.003)
    # a village whose second instalment history pays in 2009 is behind where none is paid
    waiting = np.flatnonzero(start == 2008)
    assert waiting.size > 50
    assert (state.index[waiting] < history[waiting]).all()
    # paid in the middle of the year, as history has it, it is not
    paying = built(2008, months=6)
    paying.spend(waiting, paying.plan_cost[waiting] / 2, plan=True)
    for _ in range(6):
        paying.build_up()
    assert paying.index[waiting] == pytest.approx(history[waiting], rel=1e-6)
    assert state.plan_open[waiting].all() and not state.plan_open[paid].any()
    assert state.plan_complete[paid].all()


def test_the_better_off_gain_more_and_january_counts_once() -> None:
    state, fresh = built(), started(2008)
    state.spend(fresh, np.full(fresh.size, DOSE))
    state.open_year()
    for _ in range(12):
        state.build_up()
    better, poorer = (np.log(f.astype(float)) for f in state.factors())
    gain_better, gain_poorer = state.gains()
    # nothing was there in January, so the factors since then are all of the gain
    assert better[fresh] == pytest.approx(gain_better[fresh], abs=1e-6)
    assert poorer[fresh] == pytest.approx(gain_poorer[fresh], abs=1e-6)
    assert (better[fresh] > poorer[fresh]).all()
    ratio = VALUES["programmes.advancement_poorer"] / VALUES["programmes.advancement_better_off"]
    assert poorer[fresh] / better[fresh] == pytest.approx(ratio, rel=1e-3)
    january = state.open_year()
    assert (january[0] == gain_better).all()
    assert (state.factors()[0] == 1).all()


def test_history_before_the_roster_has_no_works() -> None:
    better, poorer = works.history(five_counties(), VALUES)(2001)
    assert (better == 0).all()
    assert (poorer == 0).all()
    assert better.dtype == np.float32
