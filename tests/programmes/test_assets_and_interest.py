"""Capital is the same good however paid; interest is a cost of the year, an instalment is cash."""

from __future__ import annotations

import numpy as np
import pytest
from five_counties import begin, counts, live, lived, plan, programme, reached
from fupin.model import PovertyModel
from fupin.parameters.book import load_book

LOANS = {"microfinance": {"budget": 10_000_000}}
GRANTS = {"paired_assistance": {"budget": 20_000_000}}
ONCE = {"microfinance": {"budget": 10_000_000, "to": "2009-01"}}


@pytest.fixture(scope="module")
def lender() -> PovertyModel:
    """Five counties in which loans were made in January."""
    model = begin(plan(programmes=ONCE))
    for _ in range(2):
        model.step()
    return model


def test_interest_lowers_income_and_instalments_do_not(lender: PovertyModel) -> None:
    """A payment of the month, to the yuan: principal out of savings, interest out of earnings."""
    h, loans = lender.households, programme(lender, "microfinance").loans
    rows, year = loans.borrower.copy(), loans.yuan_a_year(loans.borrower)
    assert np.unique(rows).size == rows.size > 1_000
    columns = {name: getattr(h, name).copy() for name in ("earned", "reserve", "assets", "flow")}
    lender.world.clock.today += 1  # the next instalment is due
    paid = loans.collect()
    interest = (columns["earned"][rows] - h.earned[rows]) * year
    principal = (columns["reserve"][rows] - h.reserve[rows]) * year
    alone = np.abs(principal - paid.repaid) < 1  # nobody of the group was helped
    assert alone.mean() > 0.9
    assert (np.abs(interest - paid.interest)[alone] < 0.6).mean() > 0.99
    assert principal[alone].mean() > 5 * interest[alone].mean() > 0
    for name in ("assets", "flow"):
        assert (getattr(h, name) == columns[name]).all()


def test_a_dearer_loan_makes_its_borrower_poorer() -> None:
    """The same loans in two worlds, at no interest and at 16% a year; nothing else differs."""
    on, dear = (
        lived(programmes=ONCE, parameters={"programmes.loan_interest_year": rate})
        for rate in (0.0, 0.16)
    )
    rows = reached(on, "microfinance")
    assert (rows == reached(dear, "microfinance")).all()
    h, level = on.households, on.measured[2009].level
    size = h.size[rows].astype(float)
    less = (h.income[rows].astype(float) - dear.households.income[rows]) * size
    loan = counts(on, "microfinance")["yuan_lent"] / counts(on, "microfinance")["loans"]
    # Twelve months of interest on the whole loan, less what had to be left unpaid.
    assert np.median(less) == pytest.approx(0.16 * loan * 11 / 12, rel=0.02)
    assert level > 0
    repaid = [counts(m, "microfinance")["yuan_repaid"] for m in (on, dear)]
    assert repaid[1] == pytest.approx(repaid[0], rel=0.02)


@pytest.mark.parametrize("paid", [LOANS, GRANTS], ids=["on credit", "in kind"])
def test_assets_yield_after_the_same_months_however_paid(paid: dict[str, object]) -> None:
    (key,) = paid
    on, off = begin(plan(programmes=paid)), begin(plan())
    lag = round(on.values["assets.lag"])
    assert lag >= 3
    for month in range(1, lag + 2):
        on.step()
        off.step()
        rows = _held(on, key).rows
        same = on.households.assets[rows] == off.households.assets[rows]
        if month <= lag:
            assert same.mean() > 0.99  # a birth or a crash may round otherwise
    first = _held(on, key).ready == on.today
    assert first.sum() > 20
    assert not same[first].any()


def _held(model: PovertyModel, key: str):
    found = programme(model, key)
    return found.bought if key == "microfinance" else found.assets


def test_a_gift_and_a_loan_of_the_same_yuan_are_the_same_asset() -> None:
    model = begin(plan(programmes=LOANS | GRANTS))
    gift, bought = (_held(model, key) for key in ("paired_assistance", "microfinance"))
    rows = np.arange(0, 200_000, 97)
    gift.begin(rows, 2_000.0)
    bought.begin(rows, 2_000.0)
    for name in ("worth", "ready", "failing", "lasting"):
        np.testing.assert_array_equal(getattr(gift, name), getattr(bought, name))


def test_returns_differ_between_households_and_some_lose() -> None:
    """A lasting trait with mean 1: one household in ten ends with less than it had."""
    model = begin(plan(programmes=LOANS | GRANTS))
    rows = np.arange(model.households.size.size)
    held = _held(model, "microfinance")
    found = held.returns(rows)
    spread = model.values["assets.return_spread"]
    assert found.mean() == pytest.approx(1.0, abs=0.02)
    assert found.std() == pytest.approx(spread, rel=0.05)
    assert 0.05 < (found < 0).mean() < 0.2
    assert found.min() >= -1.0
    np.testing.assert_array_equal(found, _held(model, "paired_assistance").returns(rows))
    alike = begin(plan(programmes=LOANS, parameters={"assets.return_spread": 0.0}))
    assert (_held(alike, "microfinance").returns(rows) == 1).all()


def test_who_loses_by_its_assets_earns_less_at_home() -> None:
    on, off = live(plan(programmes=LOANS)), lived()
    held = _held(on, "microfinance")
    yields = held.ready < on.today - 1
    rows, worth = held.rows[yields], held.worth[yields]
    gain = np.log(on.households.flow[rows].astype(float) / off.households.flow[rows])
    assert gain[worth < 0].mean() < -0.01 < 0.01 < gain[worth > 0].mean()
    assert ((gain < 0) == (worth < 0)).mean() > 0.97


def test_what_assets_bring_may_last_seven_years() -> None:
    """Half of it, or nearly all; or a seventh."""
    law = load_book()["livelihood.asset_wear"].distribution
    assert law is not None
    left = (1.0 - np.array([law.low, law.high])) ** 7
    assert left[0] > 0.8 and 0.1 < left[1] < 0.2


def test_a_household_with_several_assets_loses_each_once() -> None:
    """Two loans of one household stand in the book: failures and yields add, none is lost."""
    model = begin(plan(programmes=LOANS))
    held = _held(model, "microfinance")
    row = np.array([5])
    before = model.households.assets[row].copy()
    for _ in range(2):
        held.begin(row, 1_000.0, lag=0, hazard=0.0)
    once = held.worth[0] / float(model.world.rates.asset_ratio)
    held.live()
    assert model.households.assets[row] - before == pytest.approx(2 * once, rel=1e-4)
    model.world.clock.today += 1
    held.failing[:] = 1.0
    assert held.live().tolist() == [5, 5]
    # A December lies between: a part of it is worn by then, and cannot be destroyed.
    left = 1.0 - model.values["livelihood.asset_wear"]
    kept = 1.0 - left * model.values["assets.failure_loss"]
    assert model.households.assets[row] - before == pytest.approx(2 * once * kept, rel=1e-3)
    assert (held.failing == 0).all()
