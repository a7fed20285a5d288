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
    return np.flatnonzero(roster.start_years(five_counties(), VALUES) > year)


def built(start_of_works: int = 2008, months: int = 0) -> works.VillageWorks:
    state = works.VillageWorks(five_counties(), VALUES, start_of_works)
    for _ in range(months):
        state.build_up()
    return state


def test_the_roster_gives_the_documents_path() -> None:
    """3.11 billion over 2002-2009 (S14), growth to 743 million in 2009, 5,000 finished (S16)."""
    everywhere = every_village(load_frame(0.02).seed)
    stand = type("World", (), {"villages": everywhere})()
    start = roster.start_years(stand, VALUES)
    listed = np.asarray(everywhere.listed)
    assert listed.sum() == roster.LISTED
    assert (start[~listed] == 0).all()
    by_year = np.bincount(start[listed] - roster.FIRST, minlength=8)
    assert by_year.sum() == 7_102
    growth = by_year[1:] / by_year[:-1]
    assert growth == pytest.approx(1.245, abs=0.03)
    assert by_year[-1] / 7_102 == pytest.approx(743 / 3_110, abs=0.01)
    assert roster.completed(stand, VALUES, 2009).sum() == pytest.approx(5_400, abs=400)
    for year in range(2002, 2012):
        assert roster.completed(stand, VALUES, year).sum() == by_year[: year - 2002].sum()


def test_a_full_plan_reaches_the_committees_quality_and_wears_off() -> None:
    state, fresh = built(), started(2008)
    quality = works.governance_quality(five_counties(), VALUES)
    assert (state.index[fresh] == 0).all()
    state.spend(fresh, np.full(fresh.size, DOSE))
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
    state.spend(fresh, np.array([DOSE, 4 * DOSE, DOSE / 2]))
    state.spend(fresh, np.array([0.0, 0.0, DOSE / 2]))
    quality = works.governance_quality(five_counties(), VALUES)[fresh]
    assert state.target[fresh] / quality == pytest.approx([1.0, 2.0, 1.0])


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
    assert state.index[paid] == pytest.approx(history[paid], rel=0.01, abs=0.004)
    # a village that waits for its second instalment stays on its way at the same pace
    waiting = start == 2008
    assert waiting.sum() > 50
    assert state.index[waiting] == pytest.approx(history[waiting], rel=0.1)
    assert (state.target[waiting] < state.target[waiting] / np.sqrt(0.5) - 0.1).all()


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
