"""Village works raise incomes, of the better-off more, and only where they were built."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from fupin.livelihood.core import Core
from fupin.state import works
from small_worlds import CALM, central, live, newborn, open_january, province, village_month

BUILT = 2


def mean_rise(core, before, after):
    """Mean log rise by half of the village (poorer, better-off), households without a crash.

    What a crash costs does not depend on works that come later in the year, so in logarithms the
    rise of those who were struck is larger. Works raise what is earned at home: of those with
    migrants, in the year or in the frame, the rise of all income is smaller.
    """
    rise = np.log(after.astype(np.float64) / before)
    spared = (core.households.hit == 0) & (core.households.migrants == 0)
    spared &= np.asarray(core.frame.households.migrants) == 0
    return [rise[spared & (core.households.rank_half == half)].mean() for half in (0, 1)]


@pytest.mark.parametrize("arrival", ["within the year", "before January"])
def test_works_raise_the_better_off_more(arrival):
    values = central()
    worlds = []
    for built in (0.0, 1.0):
        core = newborn(province(0.01), values)
        index = np.full(core.villages.id.size, built)
        gains = works.log_gains(index, values)
        nothing = works.log_gains(0 * index, values)

        def at_end_of(year, gains=gains, nothing=nothing):
            late = arrival == "within the year"
            return gains if year > 2000 or (year == 2000 and not late) else nothing

        core = Core(core.frame, values, 1, at_end_of, weather_rule="mean")
        core.live(2001, 3000.0)
        worlds.append(core)
    poorer, better = mean_rise(worlds[1], worlds[0].households.earned, worlds[1].households.earned)
    part = 0.5 if arrival == "within the year" else 1.0
    assert better == pytest.approx(part * values["programmes.advancement_better_off"], rel=1e-3)
    assert poorer == pytest.approx(part * values["programmes.advancement_poorer"], rel=1e-3)
    assert better > poorer > 0


def test_works_of_a_month_reach_only_their_villages():
    core = newborn(province(0.01), central())
    open_january(core, 2001)
    villages = core.villages.id.size
    rich, poor = np.ones(villages, np.float32), np.ones(villages, np.float32)
    rich[BUILT], poor[BUILT] = 1.06, 1.02
    inputs = village_month(core, works_rich=rich, works_poor=poor)
    live(core, 2001, 12, inputs=inputs, **CALM)
    h, offsets = core.households, core.villages.offsets
    ratio = (h.earned - h.wages) / h.flow
    here = slice(offsets[BUILT], offsets[BUILT + 1])
    half = h.rank_half[here]
    np.testing.assert_allclose(ratio[here][half == 1], 1.06, rtol=1e-5)
    np.testing.assert_allclose(ratio[here][half == 0], 1.02, rtol=1e-5)
    elsewhere = np.ones(ratio.size, bool)
    elsewhere[here] = False
    np.testing.assert_allclose(ratio[elsewhere], 1.0, rtol=1e-5)


def test_only_listed_villages_have_works_in_history():
    frame, values = province(0.02), central()
    listed = np.asarray(frame.villages.listed)
    before = works.history_index(frame, values, 2001)
    assert (before == 0).all()
    reached = np.zeros(listed.size, bool)
    for year in range(2002, 2013):
        now = works.history_index(frame, values, year)
        assert (now[~listed] == 0).all()
        assert (now <= 1.5).all()
        assert (now >= 0).all()
        reached |= now > 0
    assert 0.65 < reached[listed].mean() < 0.85  # the others wait for a plan


def test_the_better_off_half_is_half_of_each_village():
    core = newborn(province(0.02), central())
    offsets = core.villages.offsets
    share = np.add.reduceat(core.households.rank_half.astype(float), offsets[:-1])
    share /= np.diff(offsets)
    large = np.diff(offsets) > 50
    assert np.abs(share[large] - 0.5).max() < 0.1
    assert share.mean() == pytest.approx(0.5, abs=0.01)


def test_better_off_means_richer_than_the_neighbours():
    core = newborn(province(0.01), central())
    h, offsets = core.households, core.villages.offsets
    for first, last in itertools.pairwise(offsets):
        half, endowment = h.rank_half[first:last], h.endowment[first:last]
        if 0 < half.sum() < half.size:
            assert endowment[half == 1].min() > endowment[half == 0].max()
