"""Who leaves: villages that already have migrants send more, counties keep their pattern."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.kernels.words import f32
from fupin.livelihood import month as month_kernel
from fupin.livelihood import year as year_kernel
from fupin.livelihood.year import home_left
from fupin.model import PovertyModel
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import (
    CALM,
    PAY,
    central,
    copied,
    live,
    newborn,
    open_january,
    persons,
    plan,
    province,
    to_the_end,
    village_month,
)


def correlation(x, y, weights):
    """Weighted correlation."""
    x, y = x - np.average(x, weights=weights), y - np.average(y, weights=weights)
    return np.sum(weights * x * y) / np.sqrt(np.sum(weights * x * x) * np.sum(weights * y * y))


def shortfall_correlation(model: PovertyModel) -> float:
    """How well the model's migration follows the census, over counties with rural people.

    Model: persons working away / registered rural persons. Census: 1 - residents / registered
    persons, a surplus of residents (in-migration) counting as zero. Weights: rural persons.
    """
    frame = model.frame
    county = np.asarray(frame.villages.county)[frame.village_of_household()]
    people = persons(model)
    away = people * model.households.migrants / model.households.size
    units = len(frame.counties.code)
    rural = np.bincount(county, people, units)
    here = rural > 0
    share = np.bincount(county, away, units)[here] / rural[here]
    stay = np.asarray(frame.counties.residents, np.float64) / np.maximum(frame.counties.hukou, 1)
    return correlation(share, 1.0 - np.minimum(stay, 1.0)[here], rural[here])


def test_after_two_years_migration_still_follows_the_census():
    period = {"start": "2009-01", "end": "2010-12"}
    model = PovertyModel(plan(period=period), rng=1, sample=0.03)
    before, migrants = shortfall_correlation(model), model.migrants
    first = model.households.migrants.copy()
    to_the_end(model)
    assert shortfall_correlation(model) > 0.8
    assert before > 0.8
    # The pattern is kept by people who come and go, not because nothing moves.
    assert (model.households.migrants != first).mean() > 0.10
    assert model.migrants == pytest.approx(migrants, rel=0.04)


@pytest.fixture(scope="module")
def core():
    core = newborn(province(0.02), central())
    open_january(core, 2001)
    return core


def quiet_but_for_migration(core):
    """Hazards of a month in which only migration happens."""
    return {**CALM, "migrant_return": month_kernel.hazards(core.rates, 1).migrant_return}


def test_more_migrants_in_the_village_make_others_leave(core):
    """Twin villages: in one, every second household that can has a migrant more.

    Only the other households are compared: they are alike in both worlds, with the same luck.
    """
    number = core.frame.household_ids() % 10_000
    sends = (number % 2 == 0) & (core.households.migrants < core.households.labour)
    watched = number % 2 == 1
    plain, more = copied(core.households), copied(core.households)
    more.migrants[sends] += 1
    before = plain.migrants[watched].astype(int)
    for h in (plain, more):
        live(core, 2001, 12, h, upto=1, **quiet_but_for_migration(core))
    left = [(h.migrants[watched] > before).sum() for h in (plain, more)]
    assert left[0] > 300
    assert left[1] > 1.1 * left[0]
    # the same luck: nobody who left with few migrants around stays with many
    gone = [h.migrants[watched] > before for h in (plain, more)]
    assert not (gone[0] & ~gone[1]).any()


def test_without_a_peer_effect_the_twin_villages_are_alike():
    core = newborn(province(0.02), central({"livelihood.peer_effect": 0.0}))
    open_january(core, 2001)
    number = core.frame.household_ids() % 10_000
    sends = (number % 2 == 0) & (core.households.migrants < core.households.labour)
    plain, more = copied(core.households), copied(core.households)
    more.migrants[sends] += 1
    for h in (plain, more):
        live(core, 2001, 12, h, upto=1, **quiet_but_for_migration(core))
    watched = number % 2 == 1
    np.testing.assert_array_equal(plain.migrants[watched], more.migrants[watched])


def test_departures_balance_returns_village_by_village(core):
    h = copied(core.households)
    start = np.add.reduceat(h.migrants.astype(int), core.villages.offsets[:-1])
    for year in range(2001, 2005):
        live(core, year, 12, h, **quiet_but_for_migration(core))
    end = np.add.reduceat(h.migrants.astype(int), core.villages.offsets[:-1])
    assert end.sum() == pytest.approx(start.sum(), rel=0.03)
    sending = start >= np.quantile(start, 0.2)
    assert np.corrcoef(start[sending], end[sending])[0, 1] > 0.9


@pytest.mark.parametrize("steps", [1, 12])
def test_nobody_works_away_who_does_not_exist(core, steps):
    h = copied(core.households)
    crowded = village_month(core, pull=np.full(core.villages.id.size, 50.0, np.float32))
    live(core, 2001, steps, h, crowded, **quiet_but_for_migration(core) | {"crash": f32(0.1)})
    assert (h.migrants <= h.labour).all()
    assert h.migrants.sum(dtype=int) > core.households.migrants.sum(dtype=int)


def test_the_schooled_leave_more(core):
    """Twins: some households have four more years of schooling, in the same villages."""
    number = core.frame.household_ids() % 10_000
    raised = (number % 2 == 1) & (core.households.schooling < 120)
    plain, schooled = copied(core.households), copied(core.households)
    schooled.schooling[raised] += 40
    for h in (plain, schooled):
        live(core, 2001, 12, h, upto=1, **quiet_but_for_migration(core))
    left = [h.migrants > core.households.migrants for h in (plain, schooled)]
    slope = core.values["livelihood.schooling_migration"]
    more = left[1][raised].sum() / left[0][raised].sum()
    assert 1.0 + 0.6 * 4 * slope < more < 1.0 + 2 * 4 * slope
    np.testing.assert_array_equal(left[0][~raised], left[1][~raised])


def test_a_move_of_a_migrant_brings_pay_and_takes_a_part_of_what_the_home_earns(core):
    h = copied(core.households)
    live(core, 2001, 12, h, upto=1, **quiet_but_for_migration(core))
    before, workers = core.households, np.maximum(h.labour, 1).astype(np.float64)
    moved = h.migrants.astype(int) - before.migrants
    assert set(np.unique(moved)) == {-1, 0, 1}
    pay = PAY / (h.size * before.base.astype(np.float64))
    np.testing.assert_allclose(h.wages - before.wages, moved * pay, rtol=1e-4, atol=1e-6)
    forgone = core.values["livelihood.home_forgone"]
    left = (workers - forgone * h.migrants) / (workers - forgone * before.migrants)
    np.testing.assert_allclose(h.flow.astype(np.float64) / before.flow, left, rtol=2e-6)
    assert (h.flow > 0).all()


@given(labour=st.integers(0, 12), away=st.integers(0, 12), forgone=st.floats(0, 0.95))
@settings(max_examples=60, deadline=None)
def test_what_is_left_at_home_falls_with_those_away_and_never_to_nothing(labour, away, forgone):
    left = [home_left(f32(labour), f32(k), f32(forgone)) for k in range(min(away, labour) + 1)]
    assert left[0] == 1
    assert (np.diff(left) <= 0).all()
    assert left[-1] > 0.04


def test_january_and_the_months_agree_on_what_a_migrant_is_worth(core):
    """Who has left by the kernel stands in January as one who is away."""
    h = copied(core.households)
    live(core, 2001, 1, h, **quiet_but_for_migration(core))
    again = copied(h)
    rates = core.rates._replace(persistent_innovation=f32(0), transitory_sd=f32(0))
    for column in (h, again):
        column.persistent[:] = 0
    none = np.zeros(core.villages.id.size, np.float32)
    away = again.migrants.copy()
    again.migrants[:] = 0
    for column in (h, again):
        year_kernel.open_year(
            column, core.villages.id, core.villages.offsets, none, none, rates, f32(1.0), PAY,
            24_036, True, *year_kernel.year_streams(1),
        )  # fmt: skip
    # Send them by the formula of `home_left`, and compare with those who were away in January.
    workers = np.maximum(h.labour, 1).astype(np.float64)
    left = 1.0 - core.values["livelihood.home_forgone"] * away / workers
    np.testing.assert_allclose(h.flow, again.flow * left, rtol=2e-6)
    np.testing.assert_allclose(h.wages, away * float(PAY) / (h.size * h.base), rtol=1e-5)


def test_births_and_losses_keep_households_possible():
    model = PovertyModel(plan(period={"start": "2009-01", "end": "2012-12"}), rng=1, sample=0.01)
    before = model.households.size.astype(int)
    to_the_end(model)
    h = model.households
    assert h.size.min() >= 1
    assert h.size.max() <= 12
    parts = h.labour.astype(int) + h.elderly + h.children
    assert (parts <= h.size).all()
    assert (h.migrants <= h.labour).all()
    assert (h.size > before).any()
    assert (h.size < before).any()
