"""Why money stays unspent: to the yuan in every programme, and for the limit that binds there."""

from __future__ import annotations

from typing import Any

import numpy as np
from five_counties import THIN, begin, live, plan, programme
from fupin.model import PovertyModel
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.state.limits import NO_COUNTY, Limit
from reported import report
from sixteen import ALL, CASES, CLAIMED, every_programme, with_budget

NEED = {Limit.NEED, Limit.ELIGIBLE}
WORKS = ("village_advancement", "rural_works", "integrated_funds", "paired_assistance")
QUEUES = (*WORKS, "mutual_funds", "household_projects", "technology", "project_management")
"""Programmes that run out of villages before they run out of people."""


def unspent(model: PovertyModel, key: str) -> dict[Limit, int]:
    """Yuan of a programme by limit; they sum to what its accounts say is unspent."""
    found = model.world.limits.unspent(programme(model, key).index)
    assert sum(found.values()) == report(model, "central", 1).programmes[key]["unspent"]
    return found


def only(key: str, factor: float, **more: Any) -> dict[Limit, int]:
    return unspent(live(plan(programmes=with_budget(key, factor, **more))), key)


@every_programme
def test_a_small_budget_leaves_less_than_a_unit_in_each_county(key: str) -> None:
    found = only(key, 1.0)
    if key == CLAIMED:
        assert set(found) == {Limit.CLAIM}
        return
    # Banks look at few applicants a month, and visits end where every village was seen.
    assert set(found) <= {Limit.CASH, Limit.ELIGIBLE, Limit.NEED}
    assert sum(found.values()) < 0.06 * CASES[key].settings["budget"]


@every_programme
def test_where_places_are_few_places_are_why(key: str) -> None:
    more: dict[str, Any] = {"places_per_month": CASES[key].places}
    if key == "subsidised_loans":
        more["enterprise_share"] = 0
    if key == CLAIMED:
        more["projects"] = 480
    found = only(key, 6.0, **more)
    found.pop(Limit.CLAIM, None)
    assert found[Limit.PLACES] > 0.9 * sum(found.values()) > 0


@every_programme
def test_where_money_is_plenty_need_is_why(key: str) -> None:
    """Sixty budgets and a million places: what is left has no use any more."""
    found = only(key, 60.0, places_per_month=10**6)
    if key == CLAIMED:
        assert set(found) == {Limit.CLAIM}
    elif key == "loan_guarantee":  # officers can stand surety for so many
        assert found[Limit.OFFICERS] > 0.5 * sum(found.values())
    elif key in ("minimum_living", "cash_transfer"):  # there are more people than money
        assert set(found) == {Limit.CASH}
    else:
        useless = sum(yuan for limit, yuan in found.items() if limit in NEED)
        assert useless > 0.99 * sum(found.values()) > 0
    if key in QUEUES:
        assert set(found) == {Limit.NEED}


@every_programme
def test_counties_without_a_listed_village_are_why(key: str) -> None:
    # The minimum living allowance is of all villages; of Luannan this world has none.
    limit = Limit.ELIGIBLE if key == "minimum_living" else Limit.LIST
    assert set(only(key, 1.0, counties=["Luannan"])) == {limit}


@every_programme
def test_months_without_activity_are_told_and_are_no_reason(key: str) -> None:
    """Money left in June is there in July because of the months, and unspent for June's reason."""
    more: dict[str, Any] = {"to": "2009-06", "places_per_month": CASES[key].places}
    if key == CLAIMED:
        more["projects"] = 480
    model = live(plan(programmes=with_budget(key, 3.0, **more)))
    index = programme(model, key).index
    assert Limit.MONTH not in unspent(model, key)
    june, july = (model.world.limits.bound[index, :, month] for month in (5, 6))
    assert (july > 0).any()
    assert (july[july > 0] == Limit.MONTH).all()
    assert (june[june > 0] != Limit.MONTH).all()


def test_two_years_of_everything_and_every_month() -> None:
    """A code stands just where money was left, and every year's unspent yuan have a reason."""
    model = begin(plan(end="2010-12", programmes=ALL))
    while model.running:
        model.step()
        month, limits = model.ledger.month - 1, model.world.limits
        for acting in model.programmes:
            if not acting.revolving:
                cash = model.ledger.closing[acting.index, :, month]
                returned = model.ledger.returned[acting.index, :, month]
                bound = limits.bound[acting.index, :, month] > 0
                assert (bound[cash > 0]).all()
                assert (cash + returned > 0)[bound].all()
    table = model.world.limits.table()
    for key in PROGRAMME_KEYS:
        unspent(model, key)
        rows = table["programme"] == programme(model, key).index
        for year in (0, 1):
            here = rows & (table["month"] // 12 == year)
            values = report(model, "central", 1).by_year[2009 + year]["programmes"][key]
            assert table["unspent"][here].sum() == values["unspent"], (key, year)
    # Banks get back what the borrowers of 2009 repaid; that is no budget, and not unspent.
    index = programme(model, "subsidised_loans").index
    home = int(model.world.limits.taken_home[index].sum())
    assert home > 0.5 * CASES["subsidised_loans"].settings["budget"]
    unspent_yuan = sum(unspent(model, "subsidised_loans").values())
    assert unspent_yuan == model.ledger.returned[index].sum() - home


def test_the_documents_plan_in_a_thin_sample() -> None:
    """Villages of weight fifty leave no more unspent than others; it is said why, to the yuan."""
    model = PovertyModel(load_scenario("fupin:2009-document"), rng=1, sample=THIN)
    model.run_for(12)
    reasons = {acting.key: unspent(model, acting.key) for acting in model.programmes}
    assert all(Limit.NONE not in found for found in reasons.values())
    assert 0 < reasons["village_advancement"][Limit.CASH] < 2_000_000  # less than an instalment
    assert sum(reasons["skills_training"].values()) < 200_000  # and a seat in each county


def test_what_no_county_got_has_a_row_of_its_own() -> None:
    """All plans are paid in full: in the third year there is no village left to queue."""
    key, billion = "village_advancement", 10**9
    money = {2009: billion, 2010: billion, 2011: 9_000_000}
    model = live(plan(end="2011-12", programmes={key: {"budget": money}}))
    assert not model.ledger.released[programme(model, key).index, :, 24:].any()
    table = model.world.limits.table()
    (row,) = np.flatnonzero(table["county"] == NO_COUNTY)
    assert table["unspent"][row] == 9_000_000 and table["month"][row] == 35
    assert table["limit"][row] == Limit.FINISHED
    # In the first year no village is paid more than its part of the year.
    first = table["limit"][(table["month"] == 11) & (table["unspent"] > 0)]
    assert set(first) == {Limit.NEED}
    assert set(unspent(model, key)) == {Limit.NEED, Limit.FINISHED}
