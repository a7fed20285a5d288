"""Saving, credit and assets: insurance that is worse for the poor, limits that hold, two basins."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.kernels.words import f32
from fupin.livelihood import year as year_kernel
from fupin.livelihood.core import FIRST_YEAR
from fupin.model import PovertyModel
from fupin.state.households import DEATH, DISASTER, ILLNESS
from small_worlds import (
    CALM,
    central,
    copied,
    levels_of,
    live,
    newborn,
    open_january,
    plan,
    province,
    saved,
    settled,
    to_the_end,
)

SMALL = 0.01
THIRDS = ("poor", "middle", "rich")


@pytest.fixture(scope="module")
def core():
    return settled(province(SMALL), central())


def consumption(before, after):
    """Consumed in a year, units of base: what was earned and is not in savings."""
    return after.earned - (saved(after) - before.reserve).astype(np.float64)


def test_crashes_reach_the_consumption_of_the_poor_most(core):
    """Pass-through of a crash: twins with and without it, after twelve months."""
    open_january(core, 2001)
    start = copied(core.households)
    spared, struck = copied(start), copied(start)
    live(core, 2001, 12, spared, **CALM)
    live(core, 2001, 12, struck, **CALM | {"crash": f32(0.05)})
    hit = struck.hit > 0
    lost = (spared.earned - struck.earned).astype(np.float64)
    given_up = consumption(start, spared) - consumption(start, struck)
    passed = [
        given_up[hit & (start.third == k)].sum() / lost[hit & (start.third == k)].sum()
        for k in range(3)
    ]
    expected = [core.values[f"livelihood.pass_{name}"] for name in THIRDS]
    assert passed == pytest.approx(expected, abs=1e-3)
    assert passed[0] > passed[1] > passed[2]


def test_consumption_follows_income_over_the_years_of_the_poor_more_than_of_the_rich(core):
    """Elasticity of consumption to the year's income from ordinary shocks, within thirds."""
    open_january(core, 2001)
    start = copied(core.households)
    live(core, 2001, 12, **CALM)
    after = core.households
    slopes = []
    for k in range(3):
        # savings steer consumption too: hold them in a narrow band
        here = (start.third == k) & (np.abs(start.reserve - np.median(start.reserve)) < 0.1)
        x = np.log(after.earned[here].astype(np.float64))
        y = np.log(consumption(start, after)[here])
        slopes.append(np.cov(x, y)[0, 1] / x.var())
    assert slopes[0] > slopes[1] > slopes[2] > 0
    assert slopes[0] > 2 * slopes[2]


def test_crashes_are_dated_by_cause_and_take_assets(core):
    open_january(core, 2001)
    start = copied(core.households)
    live(core, 2001, 12, **CALM | {"crash": f32(0.05)})
    h, values = core.households, core.values
    kinds = {
        ILLNESS: (values["livelihood.illness_share"], values["livelihood.illness_asset_loss"]),
        DEATH: (values["livelihood.death_share"], 0.0),
        DISASTER: (
            1 - values["livelihood.illness_share"] - values["livelihood.death_share"],
            values["livelihood.disaster_asset_loss"],
        ),
    }
    struck = h.hit > 0
    for code, (share, asset_loss) in kinds.items():
        here = h.hit == code
        noise = np.sqrt(share * (1 - share) / struck.sum())
        assert here.sum() / struck.sum() == pytest.approx(share, abs=4 * noise)
        np.testing.assert_allclose(h.assets[here], start.assets[here] * (1 - asset_loss), 1e-5)
    np.testing.assert_array_equal(h.assets[~struck], start.assets[~struck])


# --- limits ------------------------------------------------------------------------------------


@pytest.mark.parametrize("assets", ["smooth", "threshold"])
def test_credit_limit_and_bounds_of_assets_hold_every_december(assets):
    model = PovertyModel(
        plan(period={"start": "2009-01", "end": "2011-12"}, assets=assets), rng=1, sample=SMALL
    )
    limit = np.float32(model.values["livelihood.credit_limit"])
    in_debt = 0
    while model.running:
        model.step()
        if model.month == 1:
            h = model.households
            assert h.reserve.min() >= -limit
            assert h.assets.min() >= 0.05 - 1e-6  # the last bit of float32
            assert h.assets.max() <= 20.0
            assert np.isfinite(h.reserve).all()
            assert (h.income > 0).all()
            in_debt += int((h.reserve == -limit).sum())
    assert in_debt > 0  # the limit did bind


SMOOTH = f32(0.0)


def invest(core, threshold=SMOOTH):
    """December's investment after a year of ordinary weather."""
    none = np.zeros(core.villages.id.size, np.float32)
    year_kernel.invest(core.households, core.villages.offsets, core.rates, threshold, none)


@pytest.mark.parametrize("limit", [0.0, 0.2, 1.0])
def test_who_cannot_borrow_cannot_invest(limit):
    core = newborn(province(0.002), central({"livelihood.credit_limit": limit}))
    h = core.households
    h.base[:] = 1.0
    h.assets[:] = 0.5
    h.reserve[:] = -limit
    invest(core)
    np.testing.assert_allclose(h.assets, 0.5, rtol=1e-6)
    np.testing.assert_allclose(h.reserve, -limit, atol=1e-7)


def test_who_owes_more_than_the_limit_sells_assets():
    core = newborn(province(0.002), central())
    h = core.households
    h.base[:] = 1.0
    h.assets[:] = 1.0
    h.reserve[:] = -core.rates.credit_limit - f32(0.14)
    invest(core)
    np.testing.assert_allclose(h.assets, 1.0 - 0.14 / core.rates.asset_ratio, rtol=1e-5)
    np.testing.assert_allclose(h.reserve, -core.rates.credit_limit, atol=1e-6)


def test_investment_is_paid_for_to_the_last_yuan():
    core = newborn(province(SMALL), central())
    h = core.households
    rng = np.random.default_rng(0)
    h.base[:] = 1.0
    h.assets[:] = rng.uniform(0.2, 3.0, h.assets.size).astype(np.float32)
    h.reserve[:] = rng.uniform(-0.4, 2.0, h.assets.size).astype(np.float32)
    before = copied(h)
    invest(core)
    bought = (h.assets - before.assets).astype(np.float64) * float(core.rates.asset_ratio)
    np.testing.assert_allclose(bought, before.reserve - h.reserve, atol=1e-5)
    # towards the reference, never past it
    assert (np.abs(h.assets - 1) <= np.abs(before.assets - 1) + 1e-6).all()


# --- two basins --------------------------------------------------------------------------------


def years_of_investment(core, threshold, years=40):
    h = core.households
    for _ in range(years):
        h.reserve[:] = np.maximum(h.reserve, f32(0.3))  # money is no obstacle: assets alone decide
        invest(core, threshold)
    return h.assets


@pytest.fixture
def pair():
    """Households alike in all but assets: just below and just above the threshold."""
    core = newborn(province(0.002), central())
    h = core.households
    h.base[:] = 1.0
    threshold = f32(0.6) * core.rates.asset_ratio
    below = np.arange(h.assets.size) % 2 == 0
    h.assets[:] = np.where(below, 0.59, 0.61).astype(np.float32)
    return core, threshold, below


def test_with_a_threshold_near_neighbours_end_far_apart(pair):
    core, threshold, below = pair
    assets = years_of_investment(core, threshold)
    np.testing.assert_allclose(assets[below], core.values["livelihood.asset_low"], atol=1e-3)
    np.testing.assert_allclose(assets[~below], 1.0, atol=1e-3)


def test_without_a_threshold_near_neighbours_meet(pair):
    core, _, _ = pair
    np.testing.assert_allclose(years_of_investment(core, f32(0.0)), 1.0, atol=1e-3)


def test_in_the_province_the_threshold_variant_has_a_poor_basin_and_smooth_has_none():
    frame, values = province(SMALL), central()
    low = values["livelihood.asset_low"]
    trapped = {}
    for threshold in (False, True):
        core = newborn(frame, values, threshold=threshold)
        core.run(levels_of(frame, values), until=FIRST_YEAR + 4)
        h = core.households
        near_low = np.abs(h.assets - low) < 0.15
        trapped[threshold] = near_low.mean()
        if threshold:
            # those in the low basin are the poor: their own reference assets are small
            assert np.median(h.base[near_low]) < 0.6 * np.median(h.base[~near_low])
            worth = core.rates.asset_ratio * h.base * h.assets
            assert (worth[near_low] < core.asset_threshold).mean() > 0.9
    assert trapped[True] > 0.02
    assert trapped[False] < 0.5 * trapped[True]


def test_a_threshold_in_yuan_is_a_threshold_at_any_level():
    core = newborn(province(SMALL), central(), threshold=True)
    yuan = core.values["livelihood.asset_threshold"]
    mean = year_kernel.mean_base(core.households, core.villages.offsets, core.villages.weight)
    assert core.asset_threshold * 5149.67 / mean == pytest.approx(yuan, rel=1e-4)


def test_a_quiet_plan_is_quiet():
    model = PovertyModel(plan(household_shocks=False), rng=1, sample=SMALL)
    to_the_end(model)
    assert (model.households.hit == 0).all()
