"""Microfinance against twins: loans raise assets, are repaid or not, and are lent again."""

from __future__ import annotations

import numpy as np
import pytest
from five_counties import begin, changed, counts, ledger_sum, lived, plan, programme, reached
from reported import report

KEY = "microfinance"
ONE_ROUND = {KEY: {"budget": {2009: 10_000_000, 2010: 0, 2011: 0}, "to": "2009-03"}}
STEADY = {KEY: {"budget": 20_000_000}}


@pytest.fixture(scope="module")
def paths():
    """Borrowers of early 2009: mean log gain at present conditions by month, and assets."""
    on, off = begin(plan(end="2011-12", programmes=ONE_ROUND)), begin(plan(end="2011-12"))
    flow, assets = [], []
    while on.running:
        on.step()
        off.step()
        rows = reached(on, KEY)
        ratio = on.households.flow[rows].astype(float) / off.households.flow[rows]
        flow.append(np.log(ratio).mean())
        assets.append((on.households.assets[rows] - off.households.assets[rows]).mean())
    return on, off, np.array(flow), np.array(assets)


def test_borrowers_gain_what_trials_found(paths) -> None:
    """Six trials and Chinese group lenders: about +4%, sd 4 points, on the incomes of borrowers."""
    on, off, flow, _ = paths
    assert reached(on, KEY).size > 3_000
    assert -0.04 < flow[6] < 0.12
    # The borrowers of these five counties are poorer than most: a loan is more to them.
    assert flow[6] == pytest.approx(0.06, abs=0.04)
    rows = reached(on, KEY)
    poorer = np.argsort(off.households.base[rows])
    assets = on.households.assets - off.households.assets
    third = rows.size // 3  # a loan of one size is more to who has less
    assert assets[rows[poorer[:third]]].mean() > 1.3 * assets[rows[poorer[-third:]]].mean()


def test_the_gain_shrinks_after_repayment(paths) -> None:
    on, _, flow, assets = paths
    december = flow[[10, 22, 34]]
    assert december[0] > december[1] > december[2] > 0
    values = on.values
    kept = 1 - values["assets.hazard"] * values["assets.failure_loss"]
    kept *= 1 - values["livelihood.asset_wear"]
    assert assets[23] / assets[11] == pytest.approx(kept, abs=0.05)
    assert assets[35] / assets[23] == pytest.approx(kept, abs=0.05)
    assert programme(on, KEY).loans.borrower.size == 0


def test_only_borrowers_change() -> None:
    """Groups share a burden: a borrower's neighbour who has no loan is not touched."""
    on, off = lived(programmes=STEADY), lived()
    assert (np.flatnonzero(changed(on, off)) == reached(on, KEY)).all()


def test_no_county_lends_more_than_its_cash_and_money_goes_round() -> None:
    model = lived(end="2010-12", programmes=STEADY)
    ledger, i = model.ledger, programme(model, KEY).index
    cash = ledger.opening[i] + ledger.released[i] + ledger.received[i]
    assert (ledger.delivered[i] <= cash).all()
    lent = sum(c["yuan_lent"] for c in programme(model, KEY).counts_by_year.values())
    assert lent == ledger.delivered[i].sum() == ledger.principal[i].sum()
    assert lent > 1.3 * ledger.released[i].sum()  # repaid money was lent again
    repaid = sum(c["yuan_repaid"] for c in programme(model, KEY).counts_by_year.values())
    assert repaid == ledger.received[i].sum()
    # every yuan of principal is repaid, borne as a default, or still owed
    assert lent == repaid + ledger.defaults_borne[i].sum() + programme(model, KEY).loans.owed.sum()
    # no loan to anybody twice, nobody outside a group of five
    groups = programme(model, KEY).loans.group
    assert set(np.unique(np.bincount(groups - groups.min())).tolist()) <= {0, 1, 2, 3, 4, 5}
    assert reached(model, KEY).size == sum(
        c["loans"] for c in programme(model, KEY).counts_by_year.values()
    )


def test_principal_is_never_a_cost() -> None:
    model = lived(end="2010-12", programmes=STEADY)
    result = report(model, "central", 1)
    borne = ledger_sum(model, KEY, "defaults_borne")
    assert borne > 0
    assert result.outcomes["spent"] == borne


def repayment(**keys) -> float:
    """Instalments paid / due over two years."""
    model = lived(end="2010-12", programmes=STEADY, **keys)
    rate = report(model, "central", 1).outcomes["repayment_rate"]
    assert rate is not None
    assert 0 <= rate <= 1
    return rate


def test_the_repayment_rate_is_an_outcome() -> None:
    """It falls with the harvest, with tighter credit, with larger loans and with no group."""
    drought = {
        "d": {"drought": {"counties": "all", "from": "2009-01", "months": 24, "severity": 1}}
    }
    tight = {"livelihood.credit_limit": 0.0}
    usual = repayment()
    assert 0.97 < usual < 1
    assert 1 - repayment(shocks=drought) > 2 * (1 - usual) > 0
    assert repayment(parameters=tight) < usual - 0.05
    assert repayment(parameters=tight, shocks=drought) < repayment(parameters=tight) - 0.02
    assert repayment(parameters=tight | {"programmes.loan_size": 5_000}) < repayment(
        parameters=tight
    )
    single = repayment(parameters=tight | {"programmes.group_size": 1})
    large = repayment(parameters=tight | {"programmes.group_size": 20})
    assert single + 0.05 < repayment(parameters=tight) < large - 0.02


def test_overdue_instalments_count_in_the_year_in_which_they_fall_due() -> None:
    """2009 can show less than 100% although its loans end in 2010."""
    drought = {
        "d": {"drought": {"counties": "all", "from": "2009-01", "months": 24, "severity": 1}}
    }
    tight = {"livelihood.credit_limit": 0.0}
    model = lived(end="2010-12", programmes=STEADY, parameters=tight, shocks=drought)
    result = report(model, "central", 1)
    assert counts(model, KEY, 2009)["defaults"] == 0
    first = result.by_year[2009]["outcomes"]["repayment_rate"]
    second = result.by_year[2010]["outcomes"]["repayment_rate"]
    assert 0.3 < first < 0.97
    assert 0 <= second <= 1
    arrears = counts(model, KEY, 2010)["arrears_in_january"]
    assert arrears == counts(model, KEY)["yuan_due"] - counts(model, KEY)["yuan_repaid"]


def test_a_member_who_cannot_pay_is_helped_by_the_group() -> None:
    """One of five has nothing, the others have plenty: the instalment is paid, by them."""
    model, twin = (begin(plan(programmes=STEADY)) for _ in range(2))
    for m in (model, twin):
        m.step()
    lent = programme(model, KEY)
    loans = lent.loans
    size = np.bincount(loans.group)
    group = int(np.flatnonzero(size == 5)[0])
    members = loans.borrower[loans.group == group]
    floor = -float(model.world.rates.credit_limit)
    for m in (model, twin):
        m.households.reserve[members] += 2.0 - m.world.savings_of(members)
    model.households.reserve[members[0]] += floor - 2.0
    for m in (model, twin):
        m.world.clock.today += 1  # the first instalment is due a month after the loan
        programme(m, KEY).loans.collect()
    principal = loans.principal[loans.group == group]
    assert (loans.owed[loans.group == group] == principal - -(-principal // 12)).all()
    paid = [m.world.savings_of(members).astype(float) for m in (model, twin)]
    assert paid[0][0] == pytest.approx(floor, abs=1e-6)
    burden = paid[1] - paid[0]  # beyond what they pay in the twin
    assert (burden[1:] > 0).all()
    yuan = loans.yuan_a_year(members)
    interest = model.values["programmes.loan_interest_year"] / 12 * principal[0]
    assert (burden[1:] * yuan[1:]).sum() == pytest.approx(
        -(-principal[0] // 12) + interest, rel=0.01
    )


def test_a_group_without_savings_falls_behind_and_its_loan_is_borne_in_the_end() -> None:
    model = begin(plan(end="2010-06", programmes={KEY: {"budget": {2009: 8_000_000, 2010: 0}}}))
    model.step()
    lent = programme(model, KEY)
    loans = lent.loans
    group = loans.group[0]
    members = loans.borrower[loans.group == group]
    owed = loans.owed[loans.group == group].sum()
    floor = -float(model.world.rates.credit_limit)
    for _ in range(12):
        assert model.ledger.defaults_borne.sum() == 0
        model.households.reserve[members] += floor - 1 - model.world.savings_of(members)
        model.step()
    here = lent.counts_by_year[2009]
    assert here["yuan_due"] > here["yuan_repaid"]
    assert model.ledger.defaults_borne[lent.index].sum() >= owed
    assert lent.counts["defaults"] >= 5
    assert not np.isin(members, loans.borrower).any()


def test_lenders_reach_the_better_off_as_their_odds_say() -> None:
    even = {
        "programmes.elite_capture_odds": 1.0,
        "programmes.microfinance_registered_odds": 1.0,
    }
    shares = []
    for odds in (1.0, 2.5):
        values = even | {"programmes.elite_capture_odds": odds}
        model = lived(programmes=STEADY, parameters=values)
        shares.append(model.households.rank_half[reached(model, KEY)].mean())
    base = model.households.rank_half[model.households.labour > 0].mean()
    n = reached(model, KEY).size
    assert abs(shares[0] - base) < 4 * np.sqrt(base * (1 - base) / n) + 0.01
    assert shares[1] == pytest.approx(2.5 * base / (2.5 * base + 1 - base), abs=0.03)


def test_a_loan_is_as_large_as_the_plan_says() -> None:
    for settings in ({"loan_size": 1_500}, {"unit_cost": 1_500}):
        model = lived(programmes={KEY: {"budget": 6_000_000, **settings}})
        c = counts(model, KEY)
        assert c["yuan_lent"] == 1_500 * c["loans"]
        assert c["loans"] % 5 == 0


def test_after_its_last_month_a_programme_collects_and_lends_no_more() -> None:
    model = begin(plan(programmes={KEY: {"budget": 6_000_000, "to": "2009-04"}}))
    loans = 0
    for month in range(1, 13):
        model.step()
        c = programme(model, KEY).counts
        assert (c["loans"] > loans) == (month <= 4)
        loans = c["loans"]
    assert counts(model, KEY)["yuan_repaid"] > 0.5 * counts(model, KEY)["yuan_lent"]
