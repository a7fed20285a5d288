"""Household projects: money, places, kinds, lags, failures, links, and what they do to incomes."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.population.counties import county_table
from fupin.programmes.project_kinds import KINDS, leading_kinds
from small_runs import columns_differ, log_gain, model_of, money, programme_of

KEY = "household_projects"
PLAN = {KEY: {"budget": "1 billion", "to": "2009-12"}}
WALNUT = KINDS.index("walnut")


@pytest.fixture(scope="module")
def twin():
    """Three years without programmes."""
    return model_of({}, "2011-12")


@pytest.fixture(scope="module")
def treated():
    """Three years after the projects of 2009."""
    return model_of(PLAN, "2011-12")


@pytest.fixture(scope="module")
def plain():
    """A year without programmes."""
    return model_of({})


def kind_of(programme) -> np.ndarray:
    return programme.kind[programme.village_of(programme.projects.rows)]


def test_off_is_absent(plain) -> None:
    off = model_of({KEY: "off"})
    assert columns_differ(off, plain) == []
    assert KEY not in [programme.key for programme in off.programmes]


def test_money_binds_and_the_ledger_balances() -> None:
    model = model_of({KEY: {"budget": "300 million"}})
    programme, yuan = programme_of(model, KEY), money(model, KEY)
    counts = programme.counts_by_year[2009]
    assert model.ledger.imbalance() == 0
    assert yuan["released"] == 300_000_000 == sum(yuan.values()) - yuan["released"]
    assert yuan["lost"] == pytest.approx(0.1 / 0.9 * yuan["delivered"], rel=1e-3)
    assert yuan["delivered"] > 0.8 * 270_000_000
    # Each household got the grant of its kind, no more and no less.
    costs = [programme.own(f"cost_{kind}") for kind in KINDS]
    assert yuan["delivered"] == sum(counts[k] * c for k, c in zip(KINDS, costs, strict=True))
    assert counts["households"] == sum(counts[kind] for kind in KINDS)


def test_places_bind() -> None:
    model = model_of({KEY: {"budget": "1 billion", "places_per_month": 1000}})
    counts = programme_of(model, KEY).counts_by_year[2009]
    assert 0.9 * 12_000 < counts["households"] <= 12_000
    assert money(model, KEY)["returned"] > 900_000_000


def test_a_unit_cost_of_the_plan_and_months_without_activity() -> None:
    model = model_of({KEY: {"budget": "300 million", "unit_cost": 6000, "from": "2009-11"}})
    programme, yuan = programme_of(model, KEY), money(model, KEY)
    assert yuan["delivered"] == 6000 * programme.counts_by_year[2009]["households"]
    assert np.all(model.ledger.delivered[programme.index, :, :10] == 0)


def test_projects_raise_incomes_of_the_treated_only(treated, twin) -> None:
    """In the third year +0.07 (0.05) where it works; walnut does not bear yet."""
    programme, gain = programme_of(treated, KEY), log_gain(treated, twin)
    rows, bearing = programme.projects.rows, kind_of(programme) != WALNUT
    assert 0.0 < gain[rows[bearing]].mean() < 0.17
    assert gain[rows[~bearing]] == pytest.approx(0.0, abs=1e-4)
    others = np.ones(gain.size, bool)
    others[rows] = False
    assert np.abs(gain[others]).max() == 0.0


def test_gains_fade(treated, twin) -> None:
    programme, h = programme_of(treated, KEY), treated.households
    working = (programme.projects.failing > 0) & (kind_of(programme) != WALNUT)
    working &= programme.projects.worth > 0
    rows, worth = programme.projects.rows[working], programme.projects.worth[working]
    left = (h.assets[rows] - twin.households.assets[rows]) * treated.world.rates.asset_ratio
    ready = programme.projects.ready[working] // 12
    speed = 1.0 - float(treated.world.rates.asset_wear)
    for year, decembers in ((2009, 3), (2010, 2)):
        here = ready == year
        assert here.sum() > 100
        assert np.median(left[here] / worth[here]) == pytest.approx(speed**decembers, rel=0.05)


def test_walnut_yields_nothing_before_its_years() -> None:
    """The same trees with a shorter wait do yield."""
    rows = {}
    for lag in (54, 6):
        with_trees = model_of(PLAN, "2010-12", {f"{KEY}.lag_walnut": lag})
        programme = programme_of(with_trees, KEY)
        mine = programme.projects.rows[kind_of(programme) == WALNUT]
        rows[lag] = with_trees.households.income[mine].mean()
    assert rows[6] > 1.01 * rows[54]


def test_failures_strike_and_cost(treated, twin) -> None:
    programme, gain = programme_of(treated, KEY), log_gain(treated, twin)
    rows, failed = programme.projects.rows, programme.projects.failing == 0
    bearing = kind_of(programme) != WALNUT
    assert gain[rows[bearing & failed]].mean() < gain[rows[bearing & ~failed]].mean()
    # About 10% a year on average, less where a cooperative links the household.
    years = (treated.today - programme.projects.ready.mean()) / 12 + 0.5
    assert 0.04 < failed.mean() / years < 0.16


def test_a_link_returns_more_and_fails_less(treated) -> None:
    programme = programme_of(treated, KEY)
    kind = np.full(2, KINDS.index("chicken"))
    alone, linked = programme._returns(kind, np.array([False, True]))
    assert linked == pytest.approx(alone * 1.2)
    alone, linked = programme._hazards(kind, np.array([False, True]))
    assert linked == pytest.approx(alone * 0.6)


def test_more_cooperatives_link_more_villages() -> None:
    share = {}
    for number in (0, 400, 4000):
        plan = {KEY: {"budget": 1, "cooperatives": number, "leading_enterprises": 0}}
        model = model_of(plan, steps=0)
        linked = programme_of(model, KEY).linked
        share[number] = linked[np.asarray(model.frame.villages.listed)].mean()
    assert share[0] == 0 < share[400] < share[4000]


def test_leading_kinds_are_those_of_the_document() -> None:
    table = county_table()
    lead = dict(zip(table.name_en, leading_kinds(table), strict=True))
    named = {"Pingquan": "mushroom", "Weichang": "mushroom", "Zanhuang": "walnut"}
    named |= {"Laiyuan": "walnut", "Zhangbei": "vegetables", "Wuqiang": "chicken"}
    assert {name: KINDS[lead[name]] for name in named} == named


def test_the_registered_come_first_and_worse_committees_favour_the_better_off(treated) -> None:
    programme, h = programme_of(treated, KEY), treated.households
    rows = programme.projects.rows
    well_led = programme._quality[programme.village_of(rows)] >= 1.0
    better_off = h.rank_half[rows] > 0
    assert better_off[~well_led].mean() > better_off[well_led].mean()
    parameters = {f"{KEY}.registered_odds": 20.0}
    keen = model_of(PLAN, parameters=parameters)
    plain_share, keen_share = (
        c["registered_households"] / c["households"]
        for c in (p.counts_by_year[2009] for p in (programme, programme_of(keen, KEY)))
    )
    assert keen_share > 1.5 * plain_share


def test_nobody_gets_two() -> None:
    model = model_of({KEY: {"budget": "1 billion"}}, "2010-12")
    rows = programme_of(model, KEY).projects.rows
    assert np.unique(rows).size == rows.size
