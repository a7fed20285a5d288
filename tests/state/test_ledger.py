"""The accounts: every yuan is in exactly one place, whatever the programmes do."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from fupin.state.ledger import CASH_IN, CASH_OUT, COLUMNS, Ledger, LedgerError, given
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

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


@pytest.mark.parametrize("month", [0, 1, 5])
def test_a_yuan_that_nobody_entered_is_found(month: int) -> None:
    """In a closed month, in the open one, and in one that is not open yet."""
    accounts = ledger()
    accounts.release(0, 1, 10)
    accounts.close_month()
    accounts.delivered[0, 1, month] += 1
    assert accounts.imbalance() == 1


def test_a_plan_without_programmes_has_accounts_that_balance() -> None:
    assert Ledger((), 3, 12).imbalance() == 0


def test_accounts_of_many_years_and_programmes() -> None:
    """Thirty years, three hundred programmes: a last month is closed like any other."""
    accounts = Ledger([f"p{i}" for i in range(300)], 1, 360)
    accounts.release(299, 0, 7)
    for _ in range(360):
        assert accounts.imbalance() == 0
        accounts.close_month()
    assert accounts.closing[299, 0].tolist() == [7] * 360
    assert accounts.imbalance() == 0
    with pytest.raises(LedgerError, match="closed"):
        accounts.release(0, 0, 1)


def test_unspent_is_what_went_back_and_what_lay_there_at_the_end() -> None:
    accounts = ledger(months=4)
    accounts.release(0, slice(None), 100)
    for month in range(4):
        accounts.give_back(0, 1, 5)
        accounts.deliver(0, 2, 10 * month)
        accounts.close_month()
    assert accounts.unspent()[0] == 4 * 5 + (100 + 80 + 40)
    assert accounts.unspent(slice(0, 2))[0] == 2 * 5 + (100 + 90 + 90)
    assert accounts.unspent(slice(2, 3))[0] == 5 + (100 + 85 + 70)
    assert accounts.unspent(slice(0, 0))[0] == 0


def test_what_is_entered_twice_in_a_month_is_added() -> None:
    accounts = ledger(months=1)
    accounts.open_with(2, 0, 1_000)
    for yuan in (300, 200):
        accounts.deliver(2, 0, yuan, principal=True)
        accounts.subsidise_interest(2, 0, yuan // 10)
        accounts.bear_default(2, 0, yuan // 20)
    assert accounts.principal[2, 0, 0] == 500
    assert accounts.interest_subsidy[2, 0, 0] == 50
    assert accounts.defaults_borne[2, 0, 0] == 25


def test_what_is_given_back_in_december_stays_given_back() -> None:
    accounts = ledger(months=1)
    accounts.release(0, 1, 100)
    accounts.give_back(0, 1, 30)
    accounts.close_year()
    accounts.close_month()
    assert accounts.returned[0, 1, 0] == 100
    assert accounts.imbalance() == 0


def test_spending_too_much_in_one_county_changes_nothing_in_any() -> None:
    accounts = ledger()
    accounts.release(0, slice(None), 100)
    before = pickle.dumps(accounts)
    for spend in (accounts.deliver, accounts.lose, accounts.give_back):
        with pytest.raises(LedgerError, match=r"works, county 1, month 0: \w+ 101 yuan, .* 100"):
            spend(0, np.array([0, 1, 2]), np.array([5, 101, 5]))
    with pytest.raises(LedgerError, match=r"county 1, .* 120 yuan"):  # the first that is short
        accounts.deliver(0, np.array([2, 1, 1]), np.array([101, 60, 60]), principal=True)
    assert pickle.dumps(accounts) == before


def test_a_county_named_twice_gets_both_amounts() -> None:
    accounts = ledger()
    accounts.release(1, np.array([2, 2, 0]), np.array([7, 8, 9]))
    assert accounts.available(1).tolist() == [9, 0, 15]
    accounts.deliver(1, np.array([True, False, True]), np.array([1, 2]))
    assert accounts.available(1).tolist() == [8, 0, 13]


@pytest.mark.parametrize(
    ("county", "yuan", "why"),
    [(0, 1.0, "whole yuan"), (0, np.float64(3), "whole yuan"), (0, True, "whole yuan"),
     (0, -1, "outside 0"), (0, 10**15 + 1, "outside 0"),
     (3, 1, "index"), (4, 1, "index"), (-1, 1, "index"),
     (np.array([True, False]), 1, "mask"), (np.array([True, False, True, False]), 1, "mask")],
)  # fmt: skip
def test_what_is_no_amount_or_no_county_is_refused(county: object, yuan: object, why: str) -> None:
    accounts = ledger()
    with pytest.raises(LedgerError, match=why):
        accounts.release(0, county, yuan)  # type: ignore[arg-type]
    assert accounts.available(0).sum() == 0


@pytest.mark.parametrize("programme", [-1, 4, 5])
def test_a_programme_that_does_not_exist_is_refused(programme: int) -> None:
    with pytest.raises(LedgerError, match=f"no programme number {programme}"):
        ledger().release(programme, 0, 1)


def test_the_largest_entry_is_one() -> None:
    accounts = ledger()
    accounts.release(0, 0, 10**15)
    assert accounts.available(0).tolist() == [10**15, 0, 0]


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
    # A gift once: what the state fund lends is no further gift; a loan delivers its principal.
    assert accounts.given(CLASSES).tolist() == [700, 400, 1_000, 1_000]
    assert accounts.class_totals(CLASSES) == {
        "fiscal": 1_000, "social": 1_000, "credit": 1_000, "claimed": 1_000,
    }  # fmt: skip
    assert accounts.class_totals(CLASSES, "delivered")["fiscal"] == 900
    assert accounts.imbalance() == 0


def test_resource_cost_counts_whoever_pays_and_can_be_negative() -> None:
    accounts = ledger(months=1)
    for p in range(4):
        accounts.release(p, 0, 1_000)
    accounts.deliver(0, 0, 700)
    accounts.add_of_others(0, 0, 2_800)
    accounts.deliver(1, 0, 400)
    accounts.add_of_others(1, np.array([0, 2, 2]), np.array([10, 20, 30]))
    accounts.deliver(2, 0, 1_000, principal=True)
    accounts.subsidise_interest(2, 0, 50)
    accounts.bear_default(2, 0, 100)
    accounts.charge_lending(2, 0, capital=80, running=30)
    accounts.pay_interest(2, 0, 20)
    accounts.deliver(3, 0, 1_000)
    # The subsidy is a cost of the budget and income of the lender: 150 + 80 + 30 - 20 - 50.
    assert accounts.spent(CLASSES).tolist() == [700, 400, 150, 0]
    assert accounts.resource_cost(CLASSES).tolist() == [3_500, 460, 190, 0]
    accounts.pay_interest(2, 1, 1_000)
    assert accounts.resource_cost(CLASSES).tolist()[2] == -810
    assert accounts.imbalance() == 0  # notes are no cash
    with pytest.raises(LedgerError, match="outside 0"):
        accounts.add_of_others(0, 0, -1)


def test_what_is_given_adds_up_over_months_and_counties() -> None:
    accounts = ledger(months=3)
    for month in range(3):
        for p, lent in ((0, 20), (1, 0), (2, 30)):
            accounts.release(p, slice(None), 100)
            accounts.deliver(p, slice(None), 10 * (month + 1))
            accounts.deliver(p, 1, lent, principal=True)
        accounts.close_month()
    gifts = np.array([[[True]], [[True]], [[False]], [[False]]])
    whole = given(accounts.delivered, accounts.principal, gifts).sum(axis=(1, 2))
    assert whole.tolist() == accounts.given(CLASSES).tolist() == [180, 180, 270, 0]
    parts = [accounts.given(CLASSES, slice(m, m + 1)) for m in range(3)]
    assert np.sum(parts, axis=0).tolist() == whole.tolist()
    with pytest.raises(LedgerError, match="money class"):
        accounts.given({**CLASSES, "loans": "gifts"})


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


def test_a_revolving_fund_answers_for_each_year_by_itself() -> None:
    """What a year's release was not used for returns, however much was lent the year before."""
    accounts = ledger(months=4)
    fund, lent = 2, np.array([[50, 120, 0], [500, 0, 0], [0, 40, 0], [30, 0, 0]])
    accounts.open_with(fund, slice(None), 1_000)
    for month in range(4):
        accounts.release(fund, slice(None), 100)
        accounts.deliver(fund, slice(None), lent[month], principal=True)
        if month % 2 == 0:
            accounts.lose(fund, 2, 10)
            accounts.give_back(fund, 0, 15)
        else:
            accounts.close_year(revolving=[fund])
        accounts.close_month()
    # Released 200 a year in each county; lent, lost or given back of it: (565, 120, 10), then
    # (45, 40, 10); who lent more than was released returns nothing, and owes nothing later.
    assert accounts.returned[fund].T.tolist() == [
        [15, 0, 0], [0, 200 - 120, 200 - 10],
        [15, 0, 0], [200 - 45, 200 - 40, 200 - 10],
    ]  # fmt: skip
    assert accounts.imbalance() == 0


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
    with pytest.raises(LedgerError, match="helpers has no money class"):
        accounts.class_totals({k: v for k, v in CLASSES.items() if k != "helpers"})
    with pytest.raises(LedgerError, match="same name"):
        Ledger(("a", "a"), 1, 1)


def test_programmes_of_one_class_are_summed() -> None:
    accounts = ledger()
    for p, yuan in enumerate((1, 20, 300, 4_000)):
        accounts.release(p, 1, yuan)
    classes = dict.fromkeys(CLASSES, "fiscal") | {"helpers": "social"}
    assert accounts.class_totals(classes) == {
        "fiscal": 4_301, "social": 20, "credit": 0, "claimed": 0,
    }  # fmt: skip


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
