"""A plan with an `envelope:` of its own: worlds that are tried may pass it, a proposal may not."""

from __future__ import annotations

from typing import Any

import pytest
from fupin.allocation.curves import fit
from fupin.allocation.feasible import require_feasible
from fupin.allocation.money import money_of, with_money
from fupin.allocation.plan_envelope import within_envelope, yearly_rows
from fupin.allocation.question import Question, question_of
from fupin.allocation.search import Cell, Condition, Problem, solve
from fupin.errors import InputError
from fupin.scenario.allocate import Allocate
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import as_cash

DOCUMENT = scenario_mapping(load_scenario("fupin:2009-document"))
BEES = {
    "kind": "asset", "budget": 10**7, "unit_cost": 900,
    "effect": {"value": 1.0, "source": "a guess"},
}  # fmt: skip


def document(**keys: Any) -> Scenario:
    own = keys.pop("programmes", {})
    programmes = {**DOCUMENT["programmes"], **own}
    return Scenario.model_validate({**DOCUMENT, "programmes": programmes, **keys})


def asked(plan: Scenario, **keys: Any) -> Question:
    return question_of(plan, Allocate.model_validate(keys))


def over_years(**keys: Any) -> Scenario:
    """Works all in the first year, courses all in the second."""
    return Scenario.model_validate(
        {
            "name": "p",
            "period": {"start": "2009-01", "end": "2010-12"},
            "envelope": {"fiscal": 12_000_000},
            "programmes": {
                "rural_works": {"budget": {2009: 10_000_000}},
                "practical_training": {"budget": {2010: 10_000_000}},
            },
            **keys,
        }
    )


def test_worlds_may_pass_the_envelope_and_keep_no_trace_of_it() -> None:
    plan = document(envelope={"fiscal": "743 million", "social": "353 million"})
    for key in ("rural_works", "skills_training", "technology"):
        richer = with_money(plan, {key: 2 * money_of(plan)[key]})
        assert Scenario.model_validate(scenario_mapping(richer)) == richer
    cash = as_cash(plan, {2009: 2_000_000_000}, perfect=False)
    assert Scenario.model_validate(scenario_mapping(cash)).envelope is None


def test_a_proposal_within_the_envelope_bears_it() -> None:
    plan = document(envelope={"fiscal": "743 million"})
    assert asked(plan).rows() == ()  # no division of so much can pass it
    moved = with_money(plan, {"rural_works": 0})
    assert within_envelope(plan, moved).envelope == plan.envelope
    for passed in (7, 10**6):
        found = with_money(plan, {"rural_works": money_of(plan)["rural_works"] + passed})
        if passed == 7:  # whole yuan of months and counties
            Scenario.model_validate(scenario_mapping(within_envelope(plan, found)))
            continue
        with pytest.raises(InputError, match="744 million yuan of fiscal money in 2009"):
            within_envelope(plan, found)


@pytest.mark.parametrize("keys", [{"envelope": "800 million"}, {"envelope": {"social": 10**9}}])
def test_more_than_the_plan_may_give_is_one_message(keys: dict[str, Any]) -> None:
    plan = document(envelope={"fiscal": "743 million", "social": "353 million"})
    with pytest.raises(InputError, match="the plan's own `envelope` leaves"):
        asked(plan, **keys)


@pytest.mark.parametrize("keys", [{}, {"target": 100}])
def test_the_search_keeps_every_year_within_the_envelope(keys: dict[str, Any]) -> None:
    plan = over_years()
    rows = asked(plan, **keys).rows()
    assert [row.weights for row in rows] == [
        {"rural_works": 1.0, "practical_training": 0.0},
        {"rural_works": 0.0, "practical_training": 1.0},
    ]
    better = fit([0.0, 2e7], [-5.0, 5.0], [0.0, 0.0], 1e7)
    worse = fit([0.0, 2e7], [-1.0, 1.0], [0.0, 0.0], 1e7)
    cells = tuple(
        Cell(key, "fiscal", 10**7, 0, 2 * 10**7, {"g": curve})
        for key, curve in (("rural_works", better), ("practical_training", worse))
    )
    money = solve(Problem(cells, "g", {"fiscal": 2 * 10**7}, rows, unit=10_000)).money
    assert 11_900_000 <= money["rural_works"] <= 12_000_000
    found = within_envelope(plan, with_money(plan, money))
    assert Scenario.model_validate(scenario_mapping(found)) == found


def test_own_programmes_and_entries_are_part_of_the_envelope() -> None:
    more = {"north": {"budget": 10**7, "counties": ["Zhangbei"]}}
    projects = {**DOCUMENT["programmes"]["household_projects"], "extra": more}
    plan = document(programmes={"household_projects": projects, "bees": BEES})
    bare = document()
    assert asked(plan).envelope == asked(bare).envelope
    whole = plan.class_totals()["fiscal"]
    found = asked(plan, envelope=whole)
    assert found.envelope["fiscal"] == whole - 2 * 10**7 and found.same_envelope
    given = with_money(plan, {one.key: one.start for one in found.levers})
    assert given.class_totals()["fiscal"] == whole
    with pytest.raises(InputError, match="keep 20 million yuan of fiscal money"):
        asked(plan, envelope=10**7)


def test_what_stays_leaves_less_of_the_plans_envelope() -> None:
    plan = document(programmes={"bees": BEES}, envelope={"fiscal": "760 million"})
    assert asked(plan, envelope=760_000_000).envelope["fiscal"] == 750_000_000
    rows = yearly_rows(plan, asked(plan).levers, {"fiscal": 760_000_000})
    assert [row.most for row in rows] == [750_000_000.0]


def test_a_limit_that_nothing_free_moves_is_one_message() -> None:
    flat = fit([0.0, 20.0], [0.0, 0.0], [0.0, 0.0], 10.0)
    curve = fit([0.0, 20.0], [-5.0, 5.0], [0.0, 0.0], 10.0)
    cells = tuple(Cell(f"p{k}", "fiscal", 10, 0, 20, {"g": curve, "c": flat}) for k in range(2))
    for least in (1.0, 2e8, 1e300):
        with pytest.raises(InputError, match="c at least"):
            require_feasible(
                Problem(cells, "g", {"fiscal": 20}, conditions=(Condition("c", least, least),))
            )
    for least in (0.0, -1.0, -2e8, -1e300):
        kept = Problem(cells, "g", {"fiscal": 20}, conditions=(Condition("c", least, least),))
        assert sum(solve(kept).money.values()) == 20
