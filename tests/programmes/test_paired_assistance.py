"""Paired assistance: projects, cadres, central units, and what they do to incomes."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.scenario.programmes import PairedAssistanceSettings
from pydantic import ValidationError
from small_runs import columns_differ, log_gain, model_of, money, programme_of

KEY = "paired_assistance"
PROJECTS = {KEY: {"budget": "600 million", "to": "2009-12"}}
CENTRAL = {
    KEY: {
        "budget": "600 million",
        "to": "2009-12",
        "central_units": {"budget": "600 million", "villages": 500, "village_budget": 300_000_000},
    }
}


@pytest.fixture(scope="module")
def twin():
    """Three years without programmes."""
    return model_of({}, "2011-12")


@pytest.fixture(scope="module")
def treated():
    """Three years after the projects of 2009."""
    return model_of(PROJECTS, "2011-12")


@pytest.fixture(scope="module")
def central():
    """Three years after the work of central units in 2009."""
    return model_of(CENTRAL, "2011-12")


def test_off_is_absent() -> None:
    off, plain = model_of({KEY: "off"}), model_of({})
    assert columns_differ(off, plain) == []
    assert KEY not in [programme.key for programme in off.programmes]


def test_money_binds_and_the_ledger_balances(treated, central) -> None:
    for model in (treated, central):
        yuan = money(model, KEY)
        assert model.ledger.imbalance() == 0
        assert yuan["released"] == 600_000_000 == sum(yuan.values()) - yuan["released"]
        assert yuan["lost"] == pytest.approx(0.1 / 0.9 * yuan["delivered"], rel=1e-3)
    counts = programme_of(treated, KEY).counts_by_year[2009]
    # A project costs 220,000 yuan on average, whatever the units differ by.
    assert money(treated, KEY)["delivered"] / counts["projects"] == pytest.approx(220e3, rel=0.35)


def test_places_bind() -> None:
    model = model_of({KEY: PROJECTS[KEY] | {"places_per_month": 100}})
    projects = programme_of(model, KEY).counts_by_year[2009]["projects"]
    assert 0 < projects <= 1200
    assert money(model, KEY)["returned"] > 300_000_000


def test_assets_raise_incomes_of_the_chosen(treated, twin) -> None:
    """In the third year +0.07 (0.05) with the works of the village."""
    programme, gain = programme_of(treated, KEY), log_gain(treated, twin)
    rows = programme.assets.rows
    village = treated.frame.village_of_household()
    same_village = np.isin(village, programme.village_of(rows))
    same_village[rows] = False
    assert 0.0 < gain[rows].mean() - gain[same_village].mean() < 0.17
    assert 0.0 < gain[same_village].mean() < 0.12  # works
    assert np.abs(gain[~np.isin(village, programme.village_of(rows))]).max() < 1e-6


def test_gains_of_assets_fade(treated, twin) -> None:
    programme = programme_of(treated, KEY)
    working = (programme.assets.failing > 0) & (programme.assets.ready // 12 == 2009)
    working &= programme.assets.worth > 0
    rows, worth = programme.assets.rows[working], programme.assets.worth[working]
    more = treated.households.assets[rows] - twin.households.assets[rows]
    kept = np.median(more * treated.world.rates.asset_ratio / worth)
    assert kept == pytest.approx((1.0 - float(treated.world.rates.asset_wear)) ** 3, rel=0.05)


def test_some_assets_fail(treated) -> None:
    programme = programme_of(treated, KEY)
    failed = (programme.assets.failing == 0).mean()
    assert 0.10 < failed < 0.40  # 10% a year for about two and a half years


def test_units_of_the_province_come_sooner() -> None:
    share = {}
    for odds in (1.0, 30.0):
        model = model_of(PROJECTS, parameters={f"{KEY}.province_unit_odds": odds})
        programme = programme_of(model, KEY)
        first = programme._projects.villages
        share[odds] = programme.of_province[first].mean()
        # The sampled villages among the first 500 real ones: the last may stand for some of them.
        weight = model.villages.weight[programme.of_province]
        assert abs(weight.sum() - 500) < model.villages.weight.max()
    assert share[30.0] > share[1.0]


def test_central_units_build_works_in_villages_and_counties(central, twin) -> None:
    programme, gain = programme_of(central, KEY), log_gain(central, twin)
    counts = programme.counts_by_year[2009]
    assert 400 < counts["central_villages"] <= 500
    assert counts["county_project_yuan"] == pytest.approx(270e6, rel=1e-3)
    assert counts["projects"] == counts["households"] == 0
    village = central.frame.village_of_household()
    helped = (central.world.works.spent > twin.world.works.spent + 1)[village]
    county = programme.county_of(village)
    key = np.asarray(central.frame.counties.key)[county] > 0
    half = central.households.rank_half > 0
    assert gain[helped & half].mean() > 0.02
    # County-level projects reach every village of key counties, by little.
    assert 0.0 < gain[key & ~helped & half].mean() < 0.02
    assert np.abs(gain[~key]).max() < 1e-6


def test_cadres_make_other_money_build_more_while_they_stay() -> None:
    advancement = {"village_advancement": {"budget": "2 billion"}}
    built = {}
    for cadres in (0, 12_000):
        help_only = {KEY: {"budget": 1, "to": "2009-12", "cadres": cadres}}
        model = model_of(advancement | help_only, steps=12)
        built[cadres] = model.world.works.target.copy()
        quality = 1.0 + programme_of(model, KEY).own("cadre_quality")
        assert model.world.works.help.max() == (quality if cadres else 1.0)
    assert (built[12_000] >= built[0] - 1e-12).all()
    assert built[12_000].sum() > built[0].sum()
    gone = model_of({KEY: {"budget": 1, "to": "2009-02"}}, steps=3)
    assert gone.world.works.help.max() == 1.0


def test_cadres_know_who_is_poor() -> None:
    share = {}
    for recognition in (1.0, 8.0):
        values = {f"{KEY}.cadre_recognition": recognition}
        counts = programme_of(model_of(PROJECTS, parameters=values), KEY).counts_by_year[2009]
        share[recognition] = counts["registered_households"] / counts["households"]
    assert share[8.0] > 1.2 * share[1.0]


def test_a_part_larger_than_the_whole_is_refused() -> None:
    part = {"budget": "30 million", "villages": 4, "village_budget": "10 million"}
    with pytest.raises(ValidationError, match="more than the whole"):
        PairedAssistanceSettings.model_validate({"budget": "20 million", "central_units": part})
    part["village_budget"] = "31 million"
    with pytest.raises(ValidationError, match="more than the whole"):
        PairedAssistanceSettings.model_validate({"budget": "40 million", "central_units": part})
