"""The accounts: every yuan is in exactly one place, whatever the programmes do."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sim.ledger import CASH_IN, CASH_OUT, COLUMNS, Ledger, LedgerError

CLASSES = {"works": "fiscal", "helpers": "social", "loans": "credit", "promises": "claimed"}


def ledger(months: int = 12, counties: int = 3) -> Ledger:
    return Ledger(tuple(CLASSES), counties, months)


def test_a_year_by_hand() -> None:
    accounts = ledger(months=2)
    accounts.release(0, np.array([0, 2]), np.array([1_000, 500]))
    accounts.deliver(0, 0, 600)
    accounts.lose(0, 0, 50)
    accounts.close_month()
    accounts.deliver(0, 0, 100)
    accounts.close_year()
    accounts.close_month()
    assert accounts.opening[0].tolist() == [[0, 350], [0, 0], [0, 500]]
    assert accounts.delivered[0].tolist() == [[600, 100], [0, 0], [0, 0]]
    assert accounts.lost[0, 0].tolist() == [50, 0]
    assert accounts.returned[0].tolist() == [[0, 250], [0, 0], [0, 500]]
    assert accounts.closing[0].tolist() == [[350, 0], [0, 0], [500, 0]]
    assert accounts.imbalance() == 0
    assert accounts.unspent().tolist() == [750, 0, 0, 0]
    assert accounts.totals("delivered").tolist() == [700, 0, 0, 0]


def test_a_yuan_that_nobody_entered_is_found() -> None:
    accounts = ledger()
    accounts.release(0, 1, 10)
    accounts.close_month()
    accounts.delivered[0, 1, 0] += 1
    assert accounts.imbalance() == 1


def test_spending_too_much_in_one_county_changes_nothing_in_any() -> None:
    accounts = ledger()
    accounts.release(0, slice(None), 100)
    before = pickle.dumps(accounts)
    for spend in (accounts.deliver, accounts.lose, accounts.give_back):
        with pytest.raises(LedgerError, match=r"works, county 1, month 0: \w+ 101 yuan, .* 100"):
            spend(0, np.array([0, 1, 2]), np.array([5, 101, 5]))
    with pytest.raises(LedgerError):
        accounts.deliver(0, np.array([1, 1]), np.array([60, 60]), principal=True)
    assert pickle.dumps(accounts) == before


def test_a_county_named_twice_gets_both_amounts() -> None:
    accounts = ledger()
    accounts.release(1, np.array([2, 2, 0]), np.array([7, 8, 9]))
    assert accounts.available(1).tolist() == [9, 0, 15]
    accounts.deliver(1, np.array([True, False, True]), np.array([1, 2]))
    assert accounts.available(1).tolist() == [8, 0, 13]


@pytest.mark.parametrize(
    ("county", "yuan"),
    [(0, 1.0), (0, np.float64(3)), (0, True), (0, -1), (3, 1), (-1, 1), (0, 10**15 + 1),
     (np.array([True, False]), 1)],
)  # fmt: skip
def test_what_is_no_amount_or_no_county_is_refused(county: object, yuan: object) -> None:
    accounts = ledger()
    with pytest.raises(LedgerError):
        accounts.release(0, county, yuan)  # type: ignore[arg-type]
    assert accounts.available(0).sum() == 0


def test_huge_amounts_stay_exact() -> None:
    accounts = ledger(months=1, counties=172)
    accounts.release(0, slice(None), 10**13 + 1)
    accounts.deliver(0, slice(None), 10**13)
    assert accounts.totals("released").tolist()[0] == 172 * (10**13 + 1)
    assert accounts.available(0).tolist() == [1] * 172


def test_spent_counts_gifts_and_the_cost_of_loans_never_principal_or_claims() -> None:
    accounts = ledger(months=1)
    for p in range(4):
        accounts.release(p, 0, 1_000)
    accounts.deliver(0, 0, 700)
    accounts.deliver(0, 0, 200, principal=True)  # a state fund that lends
    accounts.lose(0, 0, 30)
    accounts.deliver(1, 0, 400)
    accounts.deliver(2, 0, 1_000, principal=True)
    accounts.receive(2, 0, 900)
    accounts.subsidise_interest(2, 0, 50)
    accounts.bear_default(2, 0, 100)
    accounts.deliver(3, 0, 1_000)
    assert accounts.spent(CLASSES).tolist() == [730, 400, 150, 0]
    assert accounts.class_totals(CLASSES) == {
        "fiscal": 1_000, "social": 1_000, "credit": 1_000, "claimed": 1_000,
    }  # fmt: skip
    assert accounts.class_totals(CLASSES, "delivered")["fiscal"] == 900
    assert accounts.imbalance() == 0


def test_a_revolving_fund_keeps_its_stock_but_not_the_unused_release() -> None:
    accounts = ledger(months=2)
    accounts.open_with(2, 0, 5_000)
    accounts.release(2, 0, 1_000)
    accounts.deliver(2, 0, 600, principal=True)
    accounts.receive(2, 0, 250)
    accounts.release(0, 0, 10)
    accounts.close_year(revolving=(2,))
    accounts.close_month()
    assert accounts.returned[2, 0, 0] == 400
    assert accounts.closing[2, 0, 0] == 5_000 + 1_000 - 600 + 250 - 400
    assert accounts.returned[0, 0, 0] == 10
    # The next year starts with a clean slate: nothing released, so nothing returns.
    accounts.close_year(revolving=(2,))
    assert accounts.returned[2, 0, 1] == 0


def test_closed_accounts_and_late_stocks_are_refused() -> None:
    accounts = ledger(months=2)
    accounts.close_month()
    with pytest.raises(LedgerError, match="first month"):
        accounts.open_with(0, 0, 1)
    accounts.close_month()
    for act in (accounts.close_month, accounts.close_year, lambda: accounts.release(0, 0, 1)):
        with pytest.raises(LedgerError, match="closed"):
            act()


def test_stocks_are_not_summed_and_classes_are_complete() -> None:
    accounts = ledger()
    with pytest.raises(LedgerError, match="stock"):
        accounts.totals("closing")
    with pytest.raises(LedgerError, match="loans"):
        accounts.spent({**CLASSES, "loans": "bank"})
    with pytest.raises(LedgerError, match="same name"):
        Ledger(("a", "a"), 1, 1)


def test_the_table_holds_every_yuan_in_order() -> None:
    accounts = ledger(months=3)
    accounts.release(2, np.array([2, 0]), np.array([5, 6]))
    accounts.close_month()
    accounts.release(0, 1, 4)
    accounts.close_month()
    table = accounts.table()
    keys = list(zip(table["programme"], table["county"], table["month"], strict=True))
    assert keys == [(0, 1, 1), (2, 0, 0), (2, 0, 1), (2, 2, 0), (2, 2, 1)]
    assert table["released"].tolist() == [4, 6, 0, 5, 0]
    assert set(table) == {"programme", "county", "month", *COLUMNS}


class Accounts(RuleBasedStateMachine):
    """Random programmes, counties, months and interleavings beside a plain-Python cash book."""

    @initialize(programmes=st.integers(1, 4), counties=st.integers(1, 5), months=st.integers(1, 14))
    def start(self, programmes: int, counties: int, months: int) -> None:
        self.ledger = Ledger([f"p{i}" for i in range(programmes)], counties, months)
        self.cash = {(p, c): 0 for p in range(programmes) for c in range(counties)}
        self.put_in = self.taken_out = 0

    def places(self, data: st.DataObject) -> tuple[int, list[int], list[int]]:
        p = data.draw(st.integers(0, len(self.ledger.programmes) - 1))
        c = data.draw(st.lists(st.integers(0, self.ledger.counties - 1), min_size=1, max_size=6))
        yuan = data.draw(st.lists(st.integers(0, 10**13), min_size=len(c), max_size=len(c)))
        return p, c, yuan

    @precondition(lambda self: self.ledger.month < self.ledger.months)
    @rule(data=st.data(), way=st.sampled_from(["release", "receive"]))
    def pay_in(self, data: st.DataObject, way: str) -> None:
        p, c, yuan = self.places(data)
        getattr(self.ledger, way)(p, np.array(c), np.array(yuan))
        for county, amount in zip(c, yuan, strict=True):
            self.cash[p, county] += amount
            self.put_in += amount

    @precondition(lambda self: self.ledger.month < self.ledger.months)
    @rule(data=st.data(), way=st.sampled_from(["deliver", "lose", "give_back"]))
    def pay_out(self, data: st.DataObject, way: str) -> None:
        p, c, yuan = self.places(data)
        if data.draw(st.booleans()):  # half of the time within the means of the counties
            yuan = [
                min(y, self.cash[p, county] // len(c)) for y, county in zip(yuan, c, strict=True)
            ]
        wanted = {county: 0 for county in c}
        for county, amount in zip(c, yuan, strict=True):
            wanted[county] += amount
        if any(amount > self.cash[p, county] for county, amount in wanted.items()):
            with pytest.raises(LedgerError):
                getattr(self.ledger, way)(p, np.array(c), np.array(yuan))
            return
        getattr(self.ledger, way)(p, np.array(c), np.array(yuan))
        for county, amount in wanted.items():
            self.cash[p, county] -= amount
            self.taken_out += amount

    @precondition(lambda self: self.ledger.month < self.ledger.months)
    @rule(december=st.booleans())
    def close(self, december: bool) -> None:
        if december:
            self.ledger.close_year()
            self.taken_out += sum(self.cash.values())
            self.cash = dict.fromkeys(self.cash, 0)
        self.ledger.close_month()

    @rule()
    def pickle(self) -> None:
        self.ledger = pickle.loads(pickle.dumps(self.ledger))

    @invariant()
    def every_account_balances(self) -> None:
        assert self.ledger.imbalance() == 0

    @invariant()
    def cash_is_what_the_book_says(self) -> None:
        for (p, c), amount in self.cash.items():
            assert int(self.ledger.available(p)[c]) == amount >= 0

    @invariant()
    def nothing_appears_or_vanishes(self) -> None:
        flows_in = sum(int(self.ledger.totals(n).sum()) for n in CASH_IN if n != "opening")
        flows_out = sum(int(self.ledger.totals(n).sum()) for n in CASH_OUT if n != "closing")
        assert (flows_in, flows_out) == (self.put_in, self.taken_out)


Accounts.TestCase.settings = settings(max_examples=35, stateful_step_count=25, deadline=None)
TestAccounts = Accounts.TestCase
