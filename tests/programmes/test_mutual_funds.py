"""Village mutual funds: seeds, members, a revolving balance by village, who bears a default."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.programmes.mutual_funds import stock_at_end
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_runs import NO_OLD_FUNDS, columns_differ, log_gain_of, model_of, money, programme_of

KEY = "mutual_funds"
PLAN = {KEY: {"budget": "400 million"}}


@pytest.fixture(scope="module")
def off():
    """Three years without funds."""
    return model_of({}, "2011-12")


@pytest.fixture(scope="module")
def funded():
    """Three years after new funds of 2009, and who borrowed from them in 2009."""
    model = model_of(PLAN, "2011-12", steps=0)
    programme = programme_of(model, KEY)
    old, borrowers = programme.has_fund.copy(), []
    hand_out = programme.loans.hand_out

    def noted(rows, yuan):
        if model.year == 2009:
            borrowers.append(rows[~old[programme.village_of(rows)]])
        hand_out(rows, yuan)

    programme.loans.hand_out = noted
    registered = model.households.registered.copy()
    while model.running:
        model.step()
    rows = np.unique(np.concatenate(borrowers))
    return model, rows, registered[rows] > 0


def check_balance(model) -> None:
    """Cash and loans of every fund are what it owns, and the ledger holds the cash."""
    programme = programme_of(model, KEY)
    assert programme.fund_cash.min() >= 0
    assert np.array_equal(programme.fund_cash + programme.outstanding(), programme.equity)
    assert not programme.equity[~programme.has_fund].any()
    held = model.sum_by_county(model.villages.weight * programme.fund_cash)
    assert np.all(model.ledger.available(programme.index) >= held)
    assert model.ledger.imbalance() == 0


def test_off_is_absent_but_funds_of_earlier_years_go_on() -> None:
    plain = model_of({})
    assert columns_differ(model_of({KEY: "off"}), plain) == []
    programme = programme_of(plain, KEY)
    counts = programme.counts_by_year[2009]
    assert counts["villages"] == counts["households"] == 0
    assert counts["loans"] > 0
    spent = plain.ledger.spent(dict.fromkeys(plain.ledger.programmes, "fiscal"))
    assert spent[programme.index] == 0


def test_a_province_without_earlier_funds_has_none() -> None:
    assert model_of({}, parameters=NO_OLD_FUNDS, steps=0).programmes == ()


def test_the_stock_at_the_start_is_the_documents() -> None:
    """352 villages with 24,500 households and 72 million yuan; villages weigh about 50 here."""
    model = model_of(PLAN, steps=0)
    programme, weight = programme_of(model, KEY), model.villages.weight
    villages = int(weight[programme.has_fund].sum())
    assert abs(villages - 352) < weight.max()  # the last may stand for some of them
    assert int(weight @ programme.equity) == pytest.approx(72e6 / 352 * villages, rel=1e-3)
    members = int(programme.weight_of(programme.members).sum())
    assert members == pytest.approx(24_500 / 352 * villages, rel=0.15)  # of seven villages
    assert programme.outstanding().sum() > 0
    assert np.all(model.world.works.plan_money[programme.has_fund] > 0)
    check_balance(model)


def test_no_funds_before_the_pilot() -> None:
    model = model_of(PLAN, steps=0)
    assert stock_at_end(model.values, 2005) == (0, 0, 0)
    assert stock_at_end(model.values, 2010) == (727, 40_000, 132_000_000)


def test_money_binds_and_the_ledger_balances() -> None:
    few, many = (
        model_of({KEY: {"budget": f"{m} million", "places_per_month": 100_000}}) for m in (60, 240)
    )
    for model, budget in ((few, 60_000_000), (many, 240_000_000)):
        check_balance(model)
        counts = programme_of(model, KEY).counts_by_year[2009]
        yuan, index = money(model, KEY), programme_of(model, KEY).index
        assert yuan["released"] == budget
        seeds = yuan["delivered"] - int(model.ledger.totals("principal")[index])
        assert seeds == 150_000 * counts["villages"]
        assert yuan["lost"] == pytest.approx(seeds * 0.1 / 0.9, rel=1e-3)
        assert budget == seeds + yuan["lost"] + yuan["returned"]
        # A gift is counted once, when it is given: not again when it is lent or not repaid.
        spent = model.ledger.spent(dict.fromkeys(model.ledger.programmes, "fiscal"))
        assert spent[index] == seeds + yuan["lost"]
        assert model.ledger.totals("defaults_borne")[index] == 0
    first, second = (programme_of(m, KEY).counts_by_year[2009] for m in (few, many))
    assert second["villages"] > 2 * first["villages"] > 0


def test_places_bind_and_a_seed_of_the_plan() -> None:
    model = model_of({KEY: {"budget": "400 million", "places_per_month": 100, "from": "2009-07"}})
    counts = programme_of(model, KEY).counts_by_year[2009]
    assert 0 < counts["villages"] <= 600
    assert money(model, KEY)["returned"] > 200_000_000
    large = model_of({KEY: {"budget": "400 million", "unit_cost": 600_000}})
    assert programme_of(large, KEY).counts_by_year[2009]["villages"] * 600_000 <= 360_000_000


@settings(
    max_examples=4, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    size=st.integers(500, 20_000),
    wish=st.floats(0.02, 1.0),
    multiple=st.floats(0.2, 8.0),
    sale=st.floats(0.0, 1.0),
    start=st.integers(1, 12),
)
def test_lending_never_exceeds_cash(size, wish, multiple, sale, start) -> None:
    """Cash + outstanding = equity in every month, whatever the loans and however they go bad."""
    model = model_of(
        {KEY: {"budget": "200 million", "loan_size": size, "from": f"2009-{start:02d}"}},
        "2010-12",
        parameters={
            f"{KEY}.wish_to_borrow": wish,
            f"{KEY}.income_multiple": multiple,
            f"{KEY}.sale_share": sale,
        },
        steps=0,
    )
    for _ in range(14):
        model.step()
        check_balance(model)


def test_one_villagers_loan_takes_cash_from_another() -> None:
    """Twice the loan, the same cash: fewer get one."""
    counts = []
    for multiple in (0.5, 5.0):
        model = model_of(
            {KEY: {"budget": "400 million", "loan_size": 10_000, "unit_cost": 30_000}},
            parameters={f"{KEY}.wish_to_borrow": 1.0, f"{KEY}.income_multiple": multiple},
        )
        programme = programme_of(model, KEY)
        counts.append(programme.counts_by_year[2009])
        new = programme.has_fund & (programme.equity < 100_000)
        assert programme.fund_cash[new].mean() < 10_000  # nearly all is out
    assert counts[1]["loans"] < 0.9 * counts[0]["loans"]


def test_members_are_poor_first_and_pay_a_deposit(funded) -> None:
    model, _, _ = funded
    programme = programme_of(model, KEY)
    counts = programme.counts_by_year[2009]
    in_village = np.zeros(model.households.size.size, bool)
    for v in np.flatnonzero(programme.has_fund):
        in_village[model.villages.offsets[v] : model.villages.offsets[v + 1]] = True
    share = counts["registered_members"] / counts["households"]
    assert share > 1.5 * model.households.registered[in_village].mean()
    poor = programme._deposit(programme.members)[model.households.registered[programme.members] > 0]
    assert not poor.any()  # the seed bears theirs
    others = counts["households"] - counts["registered_members"]
    assert counts["yuan_deposited"] == 900 * others


def test_poor_borrowers_gain_within_the_prior(funded, off) -> None:
    """Poor borrowers of village funds: N(0.06, 0.04) of log income, once assets yield."""
    model, rows, poor = funded
    paying, gain = (log_gain_of(year, model, off)[rows] for year in (2010, 2011))
    for year in (paying, gain):
        assert 0.06 - 1.64 * 0.04 < year[poor].mean() < 0.06 + 1.64 * 0.04
    assert gain.mean() > 0.01
    others = np.ones(model.households.size.size, bool)
    others[np.isin(np.arange(others.size), programme_of(model, KEY).members)] = False
    same = model.households.income[others] == off.households.income[others]
    assert same.mean() > 0.9  # neighbours change only by migration among peers


def test_assets_wear_where_nobody_borrows_again() -> None:
    """What is above the reference wears at its own speed, after the loan as before."""
    model = model_of(PLAN, "2011-12", steps=0)
    programme = programme_of(model, KEY)
    old, lent = programme.has_fund.copy(), []
    hand_out = programme.loans.hand_out

    def once(rows, yuan):
        lent.append(rows)
        hand_out(rows, yuan)

    def own(name):
        return 0.0 if name == "wish_to_borrow" and model.year > 2009 else read(name)

    programme.loans.hand_out, read, programme.own = once, programme.own, own
    assets = {}
    while model.running:
        year = model.year
        model.step()
        assets[year] = model.households.assets.copy()
    rows = np.unique(np.concatenate(lent))
    failed = programme.bought.rows[programme.bought.failing == 0]
    rows = rows[~old[programme.village_of(rows)] & ~np.isin(rows, failed)]
    above = [assets[year][rows] - 1 for year in (2010, 2011)]
    more = above[0] > 0.05
    assert more.mean() > 0.5
    kept = 1.0 - model.values["livelihood.asset_wear"]
    assert np.median(above[1][more] / above[0][more]) == pytest.approx(kept, rel=0.01)


def test_a_default_reduces_the_fund_and_nobody_else() -> None:
    """Loans far beyond what members can repay, and no sale of assets."""
    model = model_of(
        {KEY: {"budget": "200 million", "loan_size": 20_000}},
        "2010-12",
        parameters={
            f"{KEY}.income_multiple": 3.0, f"{KEY}.sale_share": 0.0, f"{KEY}.interest_kept": 0.0,
        },
    )  # fmt: skip
    programme = programme_of(model, KEY)
    lost = sum(c["yuan_defaulted"] for c in programme.counts_by_year.values())
    deposits = sum(c["yuan_deposited"] for c in programme.counts_by_year.values())
    start = programme_of(model_of(PLAN, steps=0), KEY)
    weight = model.villages.weight
    villages = int(weight[programme.has_fund & ~start.has_fund].sum())
    founded = sum(c["villages"] for c in programme.counts_by_year.values())
    assert abs(villages - founded) < 2 * weight.max()  # paid for, and of the sample, in two years
    before = int(weight @ start.equity) + 150_000 * villages + deposits
    assert lost > 1_000_000
    assert int(weight @ programme.equity) == before - lost
    assert model.ledger.totals("defaults_borne")[programme.index] == 0


def test_a_plans_loan_size_does_not_rewrite_the_past() -> None:
    """Loans of earlier years were made before the plan."""
    small, usual = (model_of({KEY: {"budget": 1, **s}}, steps=0) for s in ({"loan_size": 600}, {}))
    funds = [programme_of(m, KEY) for m in (small, usual)]
    assert np.array_equal(funds[0].fund_cash, funds[1].fund_cash)
    assert np.array_equal(funds[0].loans.principal, funds[1].loans.principal)
