"""Practical training: money, places, what a short course does to a farm, forgetting."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.livelihood.farm import HomeIncome, mean_by_half, members
from fupin.livelihood.sources import SOURCES, income_by_source
from small_runs import columns_differ, log_gain, model_of, money, programme_of

KEY = "practical_training"
PLAN = {KEY: {"budget": "60 million", "places_per_month": 200_000, "to": "2009-12"}}


@pytest.fixture(scope="module")
def twin():
    return model_of({}, "2010-12")


@pytest.fixture(scope="module")
def taught():
    return model_of(PLAN, "2010-12")


def test_off_is_absent(twin) -> None:
    assert columns_differ(model_of({KEY: "off"}, "2010-12"), twin) == []


def test_money_binds_and_the_ledger_balances(taught) -> None:
    counts, yuan = programme_of(taught, KEY).counts_by_year[2009], money(taught, KEY)
    assert taught.ledger.imbalance() == 0
    assert yuan["delivered"] == 50 * counts["persons"] > 0.65 * 54_000_000
    assert yuan["lost"] == 6 * counts["persons"]  # a tenth, in whole yuan
    half = model_of({KEY: {**PLAN[KEY], "budget": "30 million"}})
    fewer = programme_of(half, KEY).counts_by_year[2009]["persons"]
    # With the whole money some villages have nobody left to send.
    assert fewer == pytest.approx(counts["persons"] / 2, rel=0.15)


def test_places_and_the_plan_s_price_bind() -> None:
    three = {"counties": ["Daming", "Pingquan", "Fuping"], "places_per_month": 20_000}
    few = model_of({KEY: {**PLAN[KEY], **three}})
    persons = programme_of(few, KEY).counts_by_year[2009]["persons"]
    assert 0 < persons <= 240_000 and money(few, KEY)["returned"] > 0
    dear = model_of({KEY: {**PLAN[KEY], "unit_cost": 500}})
    counts, yuan = programme_of(dear, KEY).counts_by_year[2009], money(dear, KEY)
    assert yuan["delivered"] == 500 * counts["persons"]


def test_each_household_once_and_the_registered_before_others(taught) -> None:
    programme, h = programme_of(taught, KEY), taught.households
    assert np.unique(programme.taught).size == programme.taught.size
    assert np.all(h.reached[programme.taught] & programme.bit)
    counts = programme.counts_by_year[2009]
    listed = taught.frame.villages.listed[programme.village_of(np.arange(h.size.size))]
    share = h.registered[listed & (h.labour > 0)].mean()  # who has nobody able-bodied is not asked
    assert counts["registered_households"] / counts["households"] > share


def test_the_gain_is_the_farm_s_share_of_a_small_effect(taught, twin) -> None:
    programme = programme_of(taught, KEY)
    model = model_of(PLAN)
    p = programme_of(model, KEY)
    assert 0.0 < p.gains.mean() < 0.01  # 0.01 (0.02) of what the farm earns
    added = model.households.gain[p.taught]
    assert added == pytest.approx(p.gains, abs=1e-6)
    gain = log_gain(taught, twin)
    assert np.median(gain[programme.taught]) > 0
    untouched = np.ones(gain.size, bool)
    untouched[programme.taught] = False
    assert np.abs(gain[untouched]).max() == 0
    harmful = model_of(PLAN, parameters={f"{KEY}.skill_gain": -0.02})
    assert programme_of(harmful, KEY).gains.mean() < 0


def test_part_is_forgotten_each_january(taught) -> None:
    first = model_of(PLAN)
    gains = programme_of(first, KEY).gains
    # Nobody else is taught in 2010, the plan ends in 2009.
    assert programme_of(taught, KEY).gains == pytest.approx(0.85 * gains, rel=1e-5)
    assert taught.households.gain.sum() == pytest.approx(
        0.85 * first.households.gain.sum(), rel=1e-4
    )


def test_farm_shares_are_those_of_income_by_source(twin) -> None:
    h, frame = twin.households, twin.frame
    h = h._replace(wages=np.zeros_like(h.wages))  # shares of what is earned at home
    home = HomeIncome.of(frame, twin.values)
    villages = np.arange(len(frame.villages))
    rows, at = members(twin.villages.offsets, villages)
    assert np.array_equal(rows, np.arange(h.size.size))
    farm = home.on_land(h, rows, at)
    total = h.income.astype(np.float64) * h.size
    by_source = income_by_source(h, frame, twin.values, twin.measured[2010].level)
    mine = np.bincount(at, weights=total * farm, minlength=villages.size)
    assert mine == pytest.approx(by_source[:, SOURCES.index("farm")], rel=1e-4)
    halves = mean_by_half(h, rows, at, villages.size, farm)
    better = (at == 3) & (h.rank_half == 1)
    assert halves[3, 0] == pytest.approx(farm[better].mean())
