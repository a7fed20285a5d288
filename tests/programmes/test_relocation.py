"""Relocation against twins: a dip, a climb of two years, and nothing of the old village's works."""

from __future__ import annotations

import numpy as np
import pytest
from five_counties import (
    begin,
    changed,
    counts,
    ledger_sum,
    lived,
    plan,
    programme,
    reached,
    village_of,
)

KEY = "relocation"
MANY = {KEY: {"budget": {2009: 40_000_000, 2010: 0, 2011: 0, 2012: 0}, "to": "2009-03"}}
"""Nearly all nominated households of the five counties move in the first quarter of 2009."""


@pytest.fixture(scope="module")
def paths():
    """Mean log gains of those who move: at present conditions by month, in income by year."""
    on, off = begin(plan(end="2012-12", programmes=MANY)), begin(plan(end="2012-12"))
    flow, income, debt = [], {}, []
    while on.running:
        on.step()
        off.step()
        rows = reached(on, KEY)
        ratio = on.households.flow[rows].astype(float) / off.households.flow[rows]
        flow.append(np.log(ratio).mean())
        debt.append(float(programme(on, KEY).debt.mean()))
        if on.today % 12 == 11:
            ratio = on.households.income[rows].astype(float) / off.households.income[rows]
            income[on.today // 12] = np.log(ratio).mean()
    return on, off, np.array(flow), income, np.array(debt)


def test_a_dip_first_and_a_gain_of_a_tenth_after_two_years(paths) -> None:
    """Zhang, Xie & Zheng 2022: +9.6%, here within 0 to +20% once the climb is over."""
    on, _, flow, income, _ = paths
    assert reached(on, KEY).size > 500
    assert -0.15 < flow[2] < -0.02  # the first quarter
    assert income[2009] < 0
    climb = np.diff(flow[2:26])
    assert (climb > -0.005).all()
    assert 0.04 < income[2011] < 0.16
    assert 0.04 < income[2012] < 0.16
    assert abs(income[2012] - income[2011]) < 0.02  # no fading after the climb


def test_more_remote_villages_gain_more(paths) -> None:
    on, off, *_ = paths
    rows = reached(on, KEY)
    left = np.asarray(on.frame.villages.remoteness)[village_of(on)[rows]]
    gain = on.households.gain[rows] - off.households.gain[rows]
    reference = on.values["programmes.relocation_reference_remoteness"]
    works = np.where(
        on.households.rank_half[rows] > 0,
        on.world.works.gains()[0][village_of(on)[rows]],
        on.world.works.gains()[1][village_of(on)[rows]],
    )
    expected = on.values["programmes.relocation_gain"] * left / reference - works
    assert gain == pytest.approx(expected, abs=1e-4)
    assert np.ptp(left) > 0.02
    assert left.mean() == pytest.approx(reference, abs=0.05)  # the literature's gain is theirs


def test_the_old_villages_works_neither_help_nor_hurt_who_has_left() -> None:
    """A village plan after the move is for those who stayed; its wear is theirs, too."""
    works = {"village_advancement": {"budget": {2009: 0, 2010: 200_000_000, 2011: 0}}}
    keys = {"end": "2011-12", "recognition": False}
    with_works = lived(programmes=MANY | works, **keys)
    without = lived(programmes=MANY, **keys)
    movers = reached(without, KEY)
    assert (movers == reached(with_works, KEY)).all()
    village = village_of(without)
    gained = with_works.world.works.index - without.world.works.index
    served = movers[gained[village[movers]] > 0.3]
    assert served.size > 30
    stayed = np.setdiff1d(np.flatnonzero(gained[village] > 0.3), movers)

    def log_gain(rows):
        ratio = with_works.households.income[rows].astype(float) / without.households.income[rows]
        return np.log(ratio)

    assert log_gain(stayed).mean() > 0.005
    spared = served[without.households.hit[served] == 0]
    assert np.abs(log_gain(spared)).max() < 2e-3  # whom a crash hit has other debts
    assert abs(log_gain(served).mean()) < 2e-3


def test_the_debt_is_paid_off_and_takes_no_assets(paths) -> None:
    on, off, _, _, debt = paths
    years = on.values["programmes.relocation_debt_years"]
    full = on.values["programmes.relocation_debt"]
    assert debt[2] > 0.97 * full
    assert (np.diff(debt[2:]) < 0).all()
    assert 1 - 4 / years <= debt[-1] / full < 1 - 3 / years  # four years of ten, some fell behind
    rows = reached(on, KEY)
    savings = on.world.savings_of(rows) - off.world.savings_of(rows)
    assert savings.mean() < -0.05
    assets = on.households.assets[rows] - off.households.assets[rows]
    assert assets.mean() == pytest.approx(0, abs=0.05)


def test_debt_that_would_break_the_credit_limit_waits() -> None:
    """Nobody is pushed below what lenders allow in order to pay for a house."""
    heavy = {"programmes.relocation_debt": 5.0, "programmes.relocation_debt_years": 2.0}
    on = begin(plan(programmes=MANY, parameters=heavy))
    limit = -on.world.rates.credit_limit
    owed = 0.0
    while on.running:
        relocation = programme(on, KEY)
        before = on.world.savings_of(np.arange(on.households.size.size))
        debt = relocation.debt.copy()
        relocation_moved = relocation.moved.copy()
        on.step()
        if debt.size:
            paid = debt - relocation.debt[: debt.size]
            assert (paid >= 0).all()
            below = before[relocation_moved] < limit
            assert (paid[below] == 0).all()
            owed += float(paid.sum())
    assert owed > 0


def test_rows_ids_and_weights_stay_and_place_points_to_a_community() -> None:
    on, off = lived(programmes=MANY), lived()
    rows = reached(on, KEY)
    assert (on.villages.offsets == off.villages.offsets).all()
    stayed = np.ones(on.place.size, bool)
    stayed[rows] = False
    assert (on.place[stayed] == village_of(on)[stayed]).all()
    community = -1 - on.place[rows]
    frame = on.frame
    offsets = np.asarray(frame.communities.offsets)
    members = np.asarray(frame.communities.members)
    for row, k in zip(rows[::25], community[::25], strict=True):
        assert row in members[offsets[k] : offsets[k + 1]]
    # in its own county
    county = np.asarray(frame.villages.county)[village_of(on)[rows]]
    assert (np.asarray(frame.communities.county)[community] == county).all()


def test_only_movers_change() -> None:
    on, off = lived(programmes=MANY), lived()
    assert (np.flatnonzero(changed(on, off)) == reached(on, KEY)).all()


def test_each_grant_is_paid_per_person_and_counted() -> None:
    model = lived(programmes=MANY)
    c = counts(model, KEY)
    grant = model.values["programmes.relocation_grant"]
    assert ledger_sum(model, KEY, "delivered") == c["persons"] * grant
    assert c["households"] == reached(model, KEY).size
    assert 2 < c["persons"] / c["households"] < 5
    lost = ledger_sum(model, KEY, "lost") / (
        ledger_sum(model, KEY, "lost") + ledger_sum(model, KEY, "delivered")
    )
    assert lost == pytest.approx(model.values["programmes.financial_loss"], abs=1e-3)


def test_consent_and_the_register_decide_who_goes_first() -> None:
    """Nobody goes without consent; of those who would, the registered go first."""
    none = lived(programmes=MANY, parameters={"programmes.relocation_consent": 0.0})
    assert counts(none, KEY)["households"] == 0
    assert ledger_sum(none, KEY, "returned") == 40_000_000
    few = {KEY: {"budget": 600_000, "to": "2009-01", "counties": ["Pingquan"]}}
    start = begin(plan(programmes=few))
    registered = start.households.registered.copy()
    model = lived(programmes=few)
    movers = reached(model, KEY)
    nominated = np.asarray(model.frame.communities.members)
    assert movers.size > 15
    assert registered[movers].mean() > 2 * registered[nominated].mean()


def test_a_month_hands_over_no_more_houses_than_there_are() -> None:
    few = {KEY: {"budget": 40_000_000, "places_per_month": 10}}
    model = begin(plan(programmes=few))
    for month in range(1, 13):
        model.step()
        assert programme(model, KEY).moved.size <= 10 * month
    assert counts(model, KEY)["households"] > 100
