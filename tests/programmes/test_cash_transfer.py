"""Cash: to the yuan, added to income, to whom the list says, and no more than that."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from five_counties import THIN, begin, changed, counts, ledger_sum, lived, plan, programme, reached
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.scenario.programmes import CLASS_OF, RECIPIENTS, CashTransferSettings
from fupin.scenario.schema import Scenario
from fupin.state.limits import Limit
from pydantic import ValidationError
from small_runs import model_of

MILLION = 10**6
PERFECT = {"who": "all", "perfect": True, "counties": "all"}


def cash(budget: int = 4 * MILLION, **settings: Any) -> dict[str, Any]:
    return {"cash_transfer": {"budget": budget, **settings}}


def paid_with(**settings: Any) -> PovertyModel:
    return lived(programmes=cash(**settings), recognition=False)


@cache
def _bare() -> PovertyModel:
    return lived(recognition=False)


WAYS = [*({"who": who} for who in RECIPIENTS), {"perfect": True}, {"months": 3},
        {"unit_cost": 400, "per": "household"}]  # fmt: skip
every_way = pytest.mark.parametrize("way", WAYS, ids=str)


# -- money -----------------------------------------------------------------------------------------


@every_way
def test_what_is_left_of_the_budget_is_less_than_the_next_household_needs(way: dict) -> None:
    model = paid_with(**way)
    acting, c = programme(model, "cash_transfer"), counts(model, "cash_transfer")
    delivered, lost, returned = (
        ledger_sum(model, "cash_transfer", column) for column in ("delivered", "lost", "returned")
    )
    assert delivered == c["yuan_paid"] + c["yuan_of_delivery"]
    assert delivered + lost + returned == 4 * MILLION
    assert model.ledger.spent(CLASS_OF)[acting.index] == delivered + lost
    largest = int(model.households.size.max())
    assert returned < largest * acting.taken * way.get("months", 12)
    assert (acting.paid == way.get("months", 12)).all()  # nobody is left halfway
    share = load_book().values()["cash_transfer.delivery_cost"]
    assert c["yuan_of_delivery"] == pytest.approx(share * c["yuan_paid"], rel=0.02)


@pytest.mark.parametrize("sample", [0.02, 0.1])
def test_the_money_reaches_as_many_people_in_a_small_sample(sample: float) -> None:
    """A village that stands for many gets whole seats, and they are what the money pays."""
    model = model_of(cash(400 * MILLION), sample=sample)
    acting = programme(model, "cash_transfer")
    most = 400 * MILLION / (acting.taken * 12)
    assert 0.998 * most < acting.units.sum() <= most


def test_more_money_adds_households_and_takes_none_away() -> None:
    for who in RECIPIENTS:
        few, more = (
            reached(paid_with(who=who, budget=n * MILLION), "cash_transfer") for n in (2, 4)
        )
        assert np.isin(few, more).all() and more.size > 1.5 * few.size, who


# -- effect ----------------------------------------------------------------------------------------


@every_way
def test_cash_is_added_in_yuan_to_whom_it_is_paid_and_changes_nobody_else(way: dict) -> None:
    on, off = paid_with(**way), _bare()
    rows = reached(on, "cash_transfer")
    assert rows.size > 100
    assert set(np.flatnonzero(changed(on, off))) == set(rows)
    h, acting = on.households, programme(on, "cash_transfer")
    got = (h.income[rows] - off.households.income[rows]).astype(np.float64)
    # The list says how many persons are paid for; a birth or a death in the year changes the size.
    place = np.argsort(acting.listed)
    assert (acting.listed[place] == rows).all()
    yuan = acting.units[place] * acting.each * way.get("months", 12)
    same = h.size[rows] == begin(plan()).households.size[rows]
    expected = yuan / h.size[rows]
    close = np.abs(got - expected) < 1e-3 * expected + 1.0
    assert same.mean() > 0.85 and close[same].mean() > 0.99
    if way.get("per") is None:  # the poverty line in all
        line = on.line_of_last_december
        assert line <= acting.each * way.get("months", 12) < line + 12


def test_what_consumption_does_not_take_is_saved() -> None:
    on, off = paid_with(), _bare()
    rows = reached(on, "cash_transfer")
    h, rates = on.households, on.world.rates
    income = (h.earned[rows] - off.households.earned[rows]).astype(np.float64)
    passed = np.array([rates.pass_poor, rates.pass_middle, rates.pass_rich])[h.third[rows]]
    calm = (h.reserve[rows] > 0) & (off.households.reserve[rows] > 0)
    more = (h.reserve[rows] - off.households.reserve[rows]).astype(np.float64)
    assert calm.mean() > 0.5
    assert more[calm] == pytest.approx((income * (1.0 - passed))[calm], rel=0.02, abs=0.02)


# -- who -------------------------------------------------------------------------------------------


@cache
def _poor_share(**way: Any) -> float:
    """Part of the recipients whose income would have been under the line."""
    rows = reached(paid_with(**way), "cash_transfer")
    off = _bare()
    return float((off.households.income[rows] < off.line_of_last_december).mean())


def test_targeting_has_errors_and_perfect_targeting_has_nearly_none() -> None:
    by_lot, committees = _poor_share(who="all"), _poor_share(who="listed_villages")
    registered, perfect = _poor_share(who="registered"), _poor_share(perfect=True)
    assert by_lot < committees < registered < perfect
    assert perfect > 0.9  # what strikes later in the year nobody knows in January
    assert _poor_share(who="poorest") > by_lot


def test_the_perfectly_chosen_are_the_poorest_and_get_out() -> None:
    start = begin(plan(programmes=cash(perfect=True), recognition=False))
    start.step()  # January's shocks are drawn, and the list with them
    acting, h = programme(start, "cash_transfer"), start.households
    listed = np.zeros(h.size.size, bool)
    listed[acting.listed] = True
    village = np.asarray(start.frame.villages.listed)
    here = village[start.villages.of_household]
    income = h.base * (h.flow + h.wages)
    eligible = np.flatnonzero(here)
    poorest = eligible[np.argsort(income[eligible], kind="stable")[: acting.listed.size]]
    assert listed[poorest].mean() > 0.98  # others were struck in January, after the list
    on = paid_with(perfect=True)
    rows = reached(on, "cash_transfer")
    poor = on.households.income[rows] < on.line_of_last_december
    assert poor.mean() < 0.01  # a child is born, and the sum is shared by one more


def test_committees_choose_in_listed_villages_and_the_register_everywhere() -> None:
    model = model_of(cash(50 * MILLION), sample=THIN)
    villages = model.frame.villages
    at = model.villages.of_household[programme(model, "cash_transfer").listed]
    assert np.asarray(villages.listed)[at].all()
    assert (np.asarray(model.frame.counties.key)[np.asarray(villages.county)[at]] > 0).all()
    everywhere = model_of(
        cash(50 * MILLION, who="registered", counties="all"), sample=THIN, recognition=False
    )
    acting = programme(everywhere, "cash_transfer")
    at = everywhere.villages.of_household[acting.listed]
    assert not np.asarray(villages.listed)[at].all()
    start = everywhere.at_start
    assert start.village_registered[at].min() > 0


def test_more_than_everybody_needs_is_left() -> None:
    """Need ends: the registered of one county are paid, and the rest comes back."""
    settings = {"who": "registered", "counties": ["Zhangbei"], "budget": 10**9}
    model = lived(programmes=cash(**settings), recognition=False)
    acting = programme(model, "cash_transfer")
    assert (acting.paid == 12).all()
    in_county = np.isin(
        model.villages.of_household, np.flatnonzero(acting.serves[model.frame.villages.county])
    )
    before = _start_of_the_year()
    assert acting.listed.size == int((before & in_county).sum())
    returned = ledger_sum(model, "cash_transfer", "returned")
    assert returned > 0.5 * 10**9
    assert model.world.limits.unspent(acting.index) == {Limit.ELIGIBLE: returned}


def _start_of_the_year() -> np.ndarray:
    """Who is on the register before January 2009."""
    return np.asarray(begin(plan(recognition=False)).households.registered > 0)


# -- settings --------------------------------------------------------------------------------------


def test_a_sum_for_a_household_has_to_be_said() -> None:
    with pytest.raises(ValidationError, match="What a household gets is not said"):
        CashTransferSettings(budget=1, per="household")
    with pytest.raises(ValidationError, match="not one of the choices"):
        CashTransferSettings(budget=1, who="the deserving")


def test_a_plan_with_cash_is_a_plan() -> None:
    given = {"who": "poorest", "months": 6, "unit_cost": 150, "counties": ["Fuping"]}
    scenario = Scenario.model_validate(
        {"name": "cash", "programmes": cash(**given), "balance": "cash_transfer"}
    )
    assert [p.key for p in scenario.programmes.active()] == ["cash_transfer"]
    assert scenario.class_totals()["fiscal"] == 4 * MILLION
