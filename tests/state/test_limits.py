"""Reasons for unspent money add up to it, whatever programmes say and whenever money returns."""

from __future__ import annotations

import numpy as np
from fupin.state.ledger import Ledger
from fupin.state.limits import NO_COUNTY, Limit, Limits
from hypothesis import given, settings
from hypothesis import strategies as st

PROGRAMMES, COUNTIES, MONTHS = ("one", "two"), 3, 24
SAID = [Limit.CASH, Limit.PLACES, Limit.NEED, Limit.ELIGIBLE]


def close(ledger: Ledger, limits: Limits, at_work: bool, december: bool) -> None:
    if december:
        ledger.close_year()
    in_hand = np.stack([ledger.available(p) for p in range(len(PROGRAMMES))])
    limits.close_month(ledger, in_hand, np.full(len(PROGRAMMES), at_work))
    ledger.close_month()


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_unspent_by_limit_sums_to_what_returned(data: st.DataObject) -> None:
    ledger, limits = Ledger(PROGRAMMES, COUNTIES, MONTHS), Limits(2, COUNTIES, MONTHS)
    never, home = 0, [0, 0]
    amounts = st.integers(0, 50)
    for month in range(MONTHS):
        for p in range(2):
            for county in range(COUNTIES):
                ledger.release(p, county, data.draw(amounts))
                out = min(data.draw(amounts), int(ledger.available(p)[county]))
                ledger.deliver(p, county, out)
                if data.draw(st.booleans()):
                    limits.say(p, np.array([county]), data.draw(st.sampled_from(SAID)))
                back = min(data.draw(st.integers(0, 5)), int(ledger.available(p)[county]))
                ledger.give_back(p, county, back)
                limits.take_home(p, np.array([county]), np.array([back]))
                home[p] += back
        december = month % 12 == 11
        if december:
            rest = data.draw(amounts)
            never += rest
            limits.never_released(0, rest, Limit.LIST)
        close(ledger, limits, data.draw(st.booleans()), december)
    table = limits.table()
    returned = ledger.totals("returned")
    for p, extra in ((0, never), (1, 0)):
        assert sum(limits.unspent(p).values()) == returned[p] + extra - home[p]
        assert limits.taken_home[p].sum() == home[p]
    reached = table["county"] != NO_COUNTY
    for column in ("left", "unspent"):
        assert table[column].min(initial=0) >= 0
    # A cell of the record is set just where money was left, and says what the table says.
    left = table["left"] > 0
    cells = tuple(table[name][left] for name in ("programme", "county", "month"))
    assert (limits.bound[cells] == table["limit"][left]).all()
    assert (limits.bound > 0).sum() == left.sum()
    assert (table["unspent"][~reached].sum()) == never


def one_county() -> tuple[Ledger, Limits]:
    return Ledger(("one", "two"), 1, 12), Limits(2, 1, 12)


def test_after_its_months_money_is_unspent_for_what_bound_before() -> None:
    """Places bound in June; that nobody works in July is no reason of its own."""
    ledger, limits = one_county()
    for month in range(12):
        if month < 6:
            ledger.release(0, 0, 10)
            limits.say(0, slice(None), Limit.PLACES)
        close(ledger, limits, at_work=month < 6, december=month == 11)
    assert limits.unspent(0) == {Limit.PLACES: 60}
    assert limits.bound[0, 0].tolist() == [Limit.PLACES] * 6 + [Limit.MONTH] * 6


def test_money_that_no_month_of_activity_met() -> None:
    ledger, limits = one_county()
    for month in range(12):
        ledger.release(0, 0, 1)
        close(ledger, limits, at_work=False, december=month == 11)
    assert limits.unspent(0) == {Limit.MONTH: 12}


def test_a_rest_below_a_unit_is_short_of_cash_and_the_last_word_counts() -> None:
    ledger, limits = one_county()
    for month in range(12):
        ledger.release(0, 0, 5)
        if month == 10:
            limits.say(0, slice(None), Limit.PLACES)
            limits.say(0, np.array([True]), Limit.NEED)
        close(ledger, limits, at_work=True, december=month == 11)
    assert limits.bound[0, 0].tolist() == [Limit.CASH] * 10 + [Limit.NEED, Limit.CASH]
    assert limits.unspent(0) == {Limit.CASH: 60}


def test_a_year_starts_without_the_reasons_of_the_last() -> None:
    ledger, limits = Ledger(("one", "two"), 1, 24), Limits(2, 1, 24)
    for month in range(24):
        ledger.release(0, 0, 1)
        if month == 11:
            limits.say(0, slice(None), Limit.NEED)
        close(ledger, limits, at_work=month < 12, december=month % 12 == 11)
    assert limits.unspent(0) == {Limit.NEED: 12, Limit.MONTH: 12}
