"""Income by source: five parts of a whole, larger where the work is."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.livelihood.core import FIRST_YEAR
from fupin.livelihood.farm import HomeIncome
from fupin.livelihood.sources import SOURCES, income_by_source, local_wage_share
from fupin.livelihood.weather import farm_share
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import central, copied, newborn, province

FARM, BUSINESS, WAGE, PROPERTY, TRANSFER = range(5)
LEVEL = 3000.0


@pytest.fixture(scope="module")
def core():
    core = newborn(province(0.01), central())
    core.live(FIRST_YEAR, LEVEL)
    core.settle(FIRST_YEAR, LEVEL)
    return core


def by_source(core, h=None, values=None):
    return income_by_source(h or core.households, core.frame, values or core.values, LEVEL)


def test_sources_sum_to_the_total_in_every_village(core):
    h, offsets = core.households, core.villages.offsets
    total = np.add.reduceat(h.income.astype(np.float64) * h.size, offsets[:-1])
    np.testing.assert_allclose(by_source(core).sum(axis=1), total, rtol=1e-6)


def test_every_source_is_a_share(core):
    yuan = by_source(core)
    assert yuan.shape == (core.villages.id.size, len(SOURCES))
    assert (yuan >= 0).all()
    shares = yuan / yuan.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares[:, PROPERTY], core.values["livelihood.property_share"], 1e-5)
    frail, whole = (core.values[f"livelihood.transfer_share{end}"] for end in ("_frail", ""))
    assert (shares[:, TRANSFER] > whole - 1e-6).all()
    assert (shares[:, TRANSFER] < frail).all()


def test_shares_of_single_households_add_up_to_those_of_their_village(core):
    """`farm` says of some households what `sources` says of all, where all is earned at home."""
    h, village = copied(core.households), core.villages.of_household.astype(np.int64)
    h.wages[:] = 0
    rows, home = np.arange(h.size.size), HomeIncome.of(core.frame, core.values)
    yuan = h.income.astype(np.float64) * h.size * home.on_land(h, rows, village)
    farming = np.add.reduceat(yuan, core.villages.offsets[:-1])
    np.testing.assert_allclose(farming, by_source(core, h)[:, FARM], rtol=1e-5)
    some = np.flatnonzero(h.frail)[::7]
    np.testing.assert_array_equal(home.at_home(h, some), home.at_home(h, rows)[some])
    for wrong in (
        lambda: home.at_home(h, rows + 1),
        lambda: home.on_land(h, rows, village + 10**6),
    ):
        with pytest.raises(IndexError):
            wrong()


@given(
    base=st.floats(0, 0.9), slope=st.floats(0, 1.5), farm=st.floats(0, 1), primary=st.floats(-1, 1)
)
@settings(max_examples=30, deadline=None)
def test_county_shares_stay_shares_wherever_the_parameters_lie(base, slope, farm, primary):
    frame = province(0.01)
    values = {
        "livelihood.local_wage_base": base,
        "livelihood.local_wage_slope": slope,
        "livelihood.farm_base_share": farm,
        "livelihood.farm_primary_slope": primary,
    }
    for share in (local_wage_share(frame, values), farm_share(frame, values)):
        assert ((share >= 0) & (share <= 1)).all()


def test_pay_of_jobs_is_wages_and_never_more_than_there_is(core):
    home, away = copied(core.households), copied(core.households)
    home.wages[:] = 0
    away.wages[:] = np.where(away.labour > 0, away.income / (LEVEL * away.base), 0)
    wages_home, wages_away = by_source(core, home), by_source(core, away)
    working = wages_away[:, [FARM, BUSINESS, WAGE]].sum(axis=1)
    assert (wages_away[:, WAGE] > wages_home[:, WAGE]).all()
    # All workers away: what is left of farm and business belongs to households without workers.
    idle = np.add.reduceat(
        np.where(core.households.labour == 0, core.households.income * core.households.size, 0.0),
        core.villages.offsets[:-1],
    )
    assert (working - wages_away[:, WAGE] <= idle + 1e-3 * working).all()


def test_counties_with_farmers_farm_more_and_earn_less_wages(core):
    primary = np.asarray(core.frame.counties.primary_share)
    rural = np.asarray(core.frame.counties.registered_rural) > 0
    assert np.corrcoef(primary[rural], farm_share(core.frame, core.values)[rural])[0, 1] > 0.9
    assert (
        np.corrcoef(primary[rural], local_wage_share(core.frame, core.values)[rural])[0, 1] < -0.9
    )


def test_households_without_labour_power_live_more_on_transfers(core):
    healthy = copied(core.households)
    healthy.frail[:] = 0
    assert by_source(core)[:, TRANSFER].sum() > by_source(core, healthy)[:, TRANSFER].sum()
