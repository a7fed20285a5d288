"""Drought takes home income: only where it is dry, less where land is irrigated."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.livelihood import weather
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


def test_who_works_away_loses_nothing(worlds):
    plain, dry = worlds
    h = plain.households
    # away all year: all able-bodied are migrants at the end and moves were not seen in income
    steady = is_dry(plain) & (h.labour > 0) & (h.hit == 0)
    loss = 1.0 - dry.households.income[steady] / plain.households.income[steady]
    share_away = h.migrants[steady] / h.labour[steady]
    none, all_ = loss[share_away == 0].mean(), loss[share_away == 1].mean()
    assert all_ < 0.35 * none


def test_all_workers_away_means_no_loss_at_all():
    core = newborn(province(SAMPLE), central())
    open_january(core, 2001)
    core.households.migrants[:] = core.households.labour
    wet, dry = copied(core.households), copied(core.households)
    inputs = village_month(core, farm_loss=np.full(core.villages.id.size, 0.5, np.float32))
    live(core, 2001, 12, wet, **CALM)
    live(core, 2001, 12, dry, inputs, **CALM)
    working = core.households.labour > 0
    np.testing.assert_array_equal(wet.earned[working], dry.earned[working])
    np.testing.assert_allclose(dry.earned[~working], 0.5 * wet.earned[~working], rtol=1e-5)


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


def test_a_scenario_s_drought_lasts_its_months_and_scales_with_severity():
    frame, values = province(SAMPLE), central()
    none = np.zeros(len(frame.counties.code))
    losses = {}
    for severity in (0.0, 0.5, 1.0):
        scenario = plan(shocks={"d": {"drought": drought(severity=severity, months=4)}})
        resolved = weather.resolve(scenario.shocks, frame, values)
        losses[severity] = [
            weather.village_home_loss(frame, values, none, resolved, 2009 * 12 + month)
            for month in range(12)
        ]
    assert all((loss == 0).all() for loss in losses[0.0])
    assert all((loss > 0).any() for loss in losses[1.0][:4])
    assert all((loss == 0).all() for loss in losses[1.0][4:])
    np.testing.assert_allclose(losses[0.5][0], 0.5 * losses[1.0][0], rtol=1e-5)


@given(
    year_loss=st.floats(0, 0.6),
    severities=st.lists(st.floats(0, 1), max_size=4),
)
@settings(max_examples=30, deadline=None)
def test_losses_stay_shares_however_many_droughts_meet(year_loss, severities):
    frame, values = province(SAMPLE), central()
    shocks = {f"d{i}": {"drought": drought(severity=s)} for i, s in enumerate(severities)}
    resolved = weather.resolve(plan(shocks=shocks).shocks, frame, values)
    base = np.full(len(frame.counties.code), year_loss)
    together = weather.village_home_loss(frame, values, base, resolved, 2009 * 12)
    alone = weather.village_home_loss(frame, values, base)
    assert (together >= alone - 1e-7).all()
    assert (together <= 1.0).all()


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
    np.testing.assert_array_equal(mean, weather.county_loss(frame, loss, "historical", 2012, 1))


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
