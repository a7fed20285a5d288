"""Drought takes home income: only where it is dry, less where land is irrigated."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.kernels.words import f32
from fupin.livelihood import weather
from fupin.livelihood import year as year_kernel
from fupin.model import PovertyModel
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import (
    CALM,
    central,
    copied,
    live,
    newborn,
    open_january,
    plan,
    province,
    to_the_end,
    village_month,
)

SAMPLE = 0.01
PLATEAU = weather.TERRAINS.index("plateau")


def home_loss(**changed):
    """Home loss by village of a yearly loss of 0.4 everywhere."""
    frame, values = province(SAMPLE), central(changed)
    return weather.village_home_loss(frame, values, np.full(len(frame.counties.code), 0.4))


def drought(counties="all", severity=1.0, months=12):
    return {"counties": counties, "from": "2009-01", "months": months, "severity": severity}


@pytest.fixture(scope="module")
def worlds():
    """A year with and without a drought in Zhangjiakou, same seed."""
    period = {"start": "2009-01", "end": "2009-12"}
    dry = {"dry": {"drought": {"prefectures": ["Zhangjiakou"], **drought()}}}
    del dry["dry"]["drought"]["counties"]
    return [
        to_the_end(PovertyModel(plan(period=period, shocks=shocks), rng=1, sample=SAMPLE))
        for shocks in ({}, dry)
    ]


def is_dry(model):
    county = np.asarray(model.frame.villages.county)[model.frame.village_of_household()]
    return (np.asarray(model.frame.counties.prefecture_en) == "Zhangjiakou")[county]


def test_a_drought_changes_nothing_outside_its_counties(worlds):
    plain, dry = worlds
    outside = ~is_dry(plain)
    for name in plain.households._fields:
        if name == "registered":  # names of the register follow perceived income, household-wise
            continue
        np.testing.assert_array_equal(
            getattr(plain.households, name)[outside], getattr(dry.households, name)[outside], name
        )
    np.testing.assert_array_equal(
        plain.households.registered[outside], dry.households.registered[outside]
    )


def test_a_drought_lowers_incomes_in_its_counties(worlds):
    plain, dry = worlds
    inside = is_dry(plain)
    before, after = plain.households.income[inside], dry.households.income[inside]
    assert (after <= before).all()
    at_home = (plain.households.migrants == 0)[inside] & (plain.households.hit == 0)[inside]
    assert (after[at_home] < before[at_home]).all()
    assert 0.6 < after.sum() / before.sum() < 0.95
    assert dry.measured[2009].income_poor > plain.measured[2009].income_poor


def test_who_has_pay_from_away_loses_less(worlds):
    plain, dry = worlds
    h = plain.households
    steady = is_dry(plain) & (h.labour > 0) & (h.hit == 0)
    loss = 1.0 - dry.households.income[steady] / plain.households.income[steady]
    share_away = h.migrants[steady] / h.labour[steady]
    none, all_ = loss[share_away == 0].mean(), loss[share_away == 1].mean()
    assert all_ < 0.6 * none  # some left within the year, and what home earns is lost in part


def test_weather_takes_of_what_is_earned_at_home_and_nothing_of_pay():
    core = newborn(province(SAMPLE), central())
    open_january(core, 2001)
    wet, dry = copied(core.households), copied(core.households)
    inputs = village_month(core, farm_loss=np.full(core.villages.id.size, 0.5, np.float32))
    live(core, 2001, 12, wet, **CALM)
    live(core, 2001, 12, dry, inputs, **CALM)
    wages = core.households.wages
    assert (wages > 0).mean() > 0.1
    at_home = [(h.earned - wages).astype(np.float64) for h in (wet, dry)]
    np.testing.assert_allclose(at_home[1], 0.5 * at_home[0], rtol=1e-3, atol=1e-4)


def test_irrigation_spares_its_part_of_the_loss():
    frame = province(SAMPLE)
    bare, watered = home_loss(**{"livelihood.irrigation_saves": 0.0}), home_loss()
    expected = bare * (1.0 - 0.5 * np.asarray(frame.villages.irrigation))
    assert central()["livelihood.irrigation_saves"] == 0.5
    np.testing.assert_allclose(watered, expected, rtol=1e-5)
    # within one county the better irrigated village loses less
    county, irrigation = np.asarray(frame.villages.county), np.asarray(frame.villages.irrigation)
    pairs = 0
    for row in np.unique(county):
        here = np.flatnonzero(county == row)
        order = here[np.argsort(irrigation[here], kind="stable")]
        assert (np.diff(watered[order]) <= 1e-7).all()
        pairs += order.size - 1
    assert pairs > 100


def test_fully_irrigated_land_under_full_saving_loses_nothing():
    frame, values = province(SAMPLE), central({"livelihood.irrigation_saves": 1.0})
    loss = weather.village_home_loss(frame, values, np.full(172, 0.5))
    irrigation = np.asarray(frame.villages.irrigation, np.float64)
    np.testing.assert_allclose(loss[irrigation == 1.0], 0.0, atol=1e-7)
    assert (loss[irrigation < 0.9] > 0).all()


# --- the crop calendar ---------------------------------------------------------------------------


def by_month(droughts=(), year_loss=0.0, values=None, year=2009):
    """Share of home income lost in each month by village, (12, V)."""
    frame, values = province(SAMPLE), values or central()
    resolved = weather.resolve(plan(shocks=named(droughts)).shocks, frame, values)
    loss = np.full(len(frame.counties.code), year_loss)
    return np.array(
        [
            weather.village_home_loss(frame, values, loss, resolved, year * 12 + month)
            for month in range(12)
        ]
    )


def named(droughts):
    return {f"d{i}": {"drought": one} for i, one in enumerate(droughts)}


def dry(first, months, severity=1.0, counties="all"):
    one = drought(counties, severity, months)
    return one | {"from": f"2009-{first:02d}"}


def of_a_year(losses):
    """Share of the year's home income, (V,): months as the seasons bring income."""
    seasons = [central()[f"livelihood.season_{m:02d}"] for m in range(1, 13)]
    return np.tensordot(seasons, losses.astype(np.float64), axes=1)


def terrain_of_villages():
    frame = province(SAMPLE)
    return np.asarray(frame.counties.terrain)[np.asarray(frame.villages.county)]


def whole_season(severity=1.0):
    frame, values = province(SAMPLE), central()
    rate = np.full(len(frame.counties.code), severity * values["livelihood.drought_loss"])
    return weather.village_home_loss(frame, values, rate).astype(np.float64)


def test_the_months_of_a_terrain_s_crops_make_up_its_year():
    calendar = weather.crop_calendar(central())
    np.testing.assert_allclose(calendar.sum(axis=0), 1.0, rtol=1e-9)
    assert (calendar >= 0).all()
    bare = {"plateau": (1, 2, 3, 4, 10, 11, 12), "plain": ()}
    for terrain, months in bare.items():
        row = weather.TERRAINS.index(terrain)
        assert set(np.flatnonzero(calendar[:, row] == 0.0) + 1) == set(months), terrain
    # Wheat needs the spring, what follows it the summer.
    plain = calendar[:, weather.TERRAINS.index("plain")]
    assert plain[3] > 4 * plain[0] and plain[6] > 4 * plain[10]


@pytest.mark.parametrize(
    ("first", "months", "terrain", "least", "most"),
    [
        (1, 3, "plateau", 0.0, 0.0),  # frozen ground
        (10, 3, "plateau", 0.0, 0.0),
        (11, 2, "plain", 0.0, 0.06),  # dormant wheat
        (3, 3, "plain", 0.25, 0.50),  # wheat shoots and fills
        (3, 2, "mountain", 0.0, 0.12),
        (6, 3, "plateau", 0.70, 0.90),
        (6, 3, "plain", 0.40, 0.60),
        (1, 12, "plain", 0.999, 1.001),
        (1, 12, "plateau", 0.999, 1.001),
    ],
)
def test_a_drought_costs_by_what_grows_in_its_months(first, months, terrain, least, most):
    here = terrain_of_villages() == weather.TERRAINS.index(terrain)
    part = of_a_year(by_month([dry(first, months)]))[here] / whole_season()[here]
    assert part.min() >= least - 1e-6 and part.max() <= most + 1e-6


def test_nothing_is_missing_before_it_is_dry_and_all_of_it_by_december():
    losses = by_month([dry(6, 2)])
    assert (losses[:5] == 0).all()
    assert (losses[5] > 0).all() and (np.diff(losses[5:], axis=0) >= -1e-7).all()
    # The next year begins anew: the trace is in what people own, not in its weather.
    assert (by_month([dry(6, 2)], year=2010) == 0).all()


def test_a_year_s_loss_is_the_same_in_twelve_steps_and_in_one():
    frame, values, rate = province(SAMPLE), central(), 0.13
    loss = np.full(len(frame.counties.code), rate)
    np.testing.assert_allclose(
        of_a_year(by_month(year_loss=rate)),
        weather.village_home_loss(frame, values, loss),
        rtol=1e-5,
    )


def test_severity_scales_the_loss():
    one, half = by_month([dry(5, 4)]), by_month([dry(5, 4, 0.5)])
    np.testing.assert_allclose(half, 0.5 * one, rtol=1e-5)
    assert (by_month([dry(5, 4, 0.0)]) == 0).all()


@pytest.mark.parametrize("others", [[dry(6, 3, 0.4)], [dry(4, 12, 0.3)], [dry(7, 1)] * 3])
def test_of_two_droughts_the_worse_counts(others):
    worst = dry(5, 6)
    alone = by_month([worst])
    together = by_month([*others, worst])
    in_its_months = slice(4, 9)
    grown = np.diff(np.vstack([0 * alone[:1], alone]), axis=0)[in_its_months]
    added = np.diff(np.vstack([0 * together[:1], together]), axis=0)[in_its_months]
    np.testing.assert_allclose(added, grown, atol=1e-6)  # nothing on top while it lasts
    assert (of_a_year(together) <= whole_season() + 1e-6).all()  # never beyond the worst


def test_a_drought_of_a_plan_and_a_recorded_year_are_the_same_thing():
    scale = central()["livelihood.drought_loss"]
    recorded, planned = by_month(year_loss=0.2), by_month([dry(1, 12, 0.2 / scale)])
    np.testing.assert_allclose(planned, recorded, rtol=1e-5)
    # and do not add up: a milder drought in a dry year changes nothing
    np.testing.assert_array_equal(by_month([dry(4, 5, 0.1 / scale)], 0.2), recorded)
    worse = by_month([dry(1, 12, 0.3 / scale)], 0.2)
    np.testing.assert_allclose(worse, by_month(year_loss=0.3), rtol=1e-5)


@given(
    year_loss=st.floats(0, 0.6),
    droughts=st.lists(
        st.tuples(st.integers(1, 12), st.integers(1, 12), st.floats(0, 1)), max_size=4
    ),
    drought_loss=st.floats(0.0, 1.0),
)
@settings(max_examples=30, deadline=None)
def test_losses_stay_shares_and_never_pass_the_worst(year_loss, droughts, drought_loss):
    values = central({"livelihood.drought_loss": drought_loss})
    shocks = [dry(first, months, severity) for first, months, severity in droughts]
    together, alone = by_month(shocks, year_loss, values), by_month((), year_loss, values)
    assert (together >= alone - 1e-6).all()
    assert (together <= 1.0).all()
    worst = max([year_loss, *(severity * drought_loss for _, _, severity in droughts)])
    assert (of_a_year(together) <= of_a_year(by_month((), worst, values)) + 1e-5).all()


# --- the trace of a dry year --------------------------------------------------------------------


def test_consumption_gives_way_by_thirds_and_assets_are_sold():
    core = newborn(province(SAMPLE), central())
    open_january(core, 2001)
    h, v, rates = core.households, core.villages, core.rates
    h.reserve[:] = 0.5
    short = np.full(v.id.size, 0.1, np.float32)
    none = np.zeros_like(short)
    wet, dry_year, good = copied(h), copied(h), copied(h)
    # Assets at the reference, so that only the weather moves them.
    still = rates._replace(asset_adjustment=np.float32(0.0))
    for households, shortfall in ((wet, none), (dry_year, short), (good, -short)):
        year_kernel.invest(households, v.offsets, still, f32(0.0), shortfall)
    at_home = 1.0 - h.migrants / np.maximum(h.labour, 1)
    lost = 0.1 * h.flow * at_home
    sold = (wet.assets - dry_year.assets) * rates.asset_ratio
    np.testing.assert_allclose(sold, rates.drought_sold * lost, atol=2e-6)
    given_up = dry_year.reserve - wet.reserve - sold
    for k, name in enumerate(("poor", "middle", "rich")):
        mine = h.third == k
        passed = given_up[mine].sum() / lost[mine].sum()
        assert passed == pytest.approx(core.values[f"livelihood.pass_{name}"], rel=1e-3)
    # A good year is eaten by the same part, and buys nothing.
    np.testing.assert_array_equal(good.assets, wet.assets)
    np.testing.assert_allclose(good.reserve - wet.reserve, -given_up, atol=2e-6)


def test_who_has_nothing_to_sell_sells_nothing():
    core = newborn(province(0.002), central())
    open_january(core, 2001)
    h, v = core.households, core.villages
    h.assets[:], h.reserve[:] = 0.05, -core.rates.credit_limit
    year_kernel.invest(h, v.offsets, core.rates, f32(0.0), np.full(v.id.size, 0.5, np.float32))
    assert h.assets.min() >= 0.05 - 1e-7
    assert (h.reserve >= -core.rates.credit_limit - 1e-6).all()


def test_a_dry_year_lowers_the_next_year_s_income_a_little_and_fades():
    """A drought of 2009 in Zhangjiakou, and the years after it, beside the same life without."""
    period = {"start": "2009-01", "end": "2011-12"}
    dry_plan = {"d": {"drought": {"prefectures": ["Zhangjiakou"], "from": "2009-05", "months": 5,
                                  "severity": 1.0}}}  # fmt: skip
    lives = []
    for shocks in ({}, dry_plan):
        model = PovertyModel(plan(period=period, shocks=shocks), rng=1, sample=SAMPLE)
        yuan = []
        while model.running:
            model.step()
            if model.world.months_lived is None:
                yuan.append(model.households.income.astype(np.float64))
        lives.append((model, np.array(yuan)))
    (plain, before), (_, after) = lives
    inside = is_dry(plain)
    np.testing.assert_array_equal(before[:, ~inside], after[:, ~inside])
    lost = (before - after)[:, inside].sum(axis=1)
    assert lost[0] > 0.03 * before[0, inside].sum()
    # A fifth of the loss is covered by assets that yield a fifth of their worth a year.
    assert 0.01 * lost[0] < lost[1] < 0.10 * lost[0]
    assert 0 < lost[2] < lost[1]


# --- the weather of a year ---------------------------------------------------------------------


def table():
    return weather.recorded_loss(central())


def test_historical_weather_is_an_input_by_terrain_and_no_lottery():
    frame, values, loss = province(SAMPLE), central(), table()
    terrain = np.asarray(frame.counties.terrain)
    for year in weather.HISTORY:
        of_counties = weather.county_loss(frame, loss, "historical", year, seed=1)
        np.testing.assert_array_equal(
            of_counties, weather.county_loss(frame, loss, "historical", year, seed=2)
        )
        assert set(of_counties[terrain == PLATEAU]) == {values.dated("weather.plateau", year)}


def test_mean_weather_is_the_mean_of_the_recorded_years():
    frame, loss = province(SAMPLE), table()
    mean = weather.county_loss(frame, loss, "mean", 2009, seed=1)
    years = [weather.county_loss(frame, loss, "historical", y, seed=1) for y in weather.HISTORY]
    np.testing.assert_allclose(mean, np.mean(years, axis=0), rtol=1e-12)


def test_chance_draws_recorded_years_evenly_and_by_county():
    frame, loss = province(SAMPLE), table()
    terrain = np.asarray(frame.counties.terrain)
    drawn = np.array(
        [weather.county_loss(frame, loss, "chance", year, seed=5) for year in range(2001, 2101)]
    )
    np.testing.assert_array_equal(drawn[0], weather.county_loss(frame, loss, "chance", 2001, 5))
    for kind in range(len(weather.TERRAINS)):
        here = drawn[:, terrain == kind]
        assert set(np.unique(here)) <= set(loss[:, kind])
        noise = 4 * loss[:, kind].std() / np.sqrt(here.size)
        assert here.mean() == pytest.approx(loss[:, kind].mean(), abs=noise)
    # counties of one terrain do not move together
    plain = drawn[:, terrain == 0]
    assert abs(np.corrcoef(plain[:, 0], plain[:, 1])[0, 1]) < 0.4
    other = weather.county_loss(frame, loss, "chance", 2001, seed=6)
    assert (other != drawn[0]).any()
