"""The same money as cash: to the yuan of the plan, from the same past, beside the plan."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin.comparison import contest as twin_worlds
from fupin.comparison.cash import (
    TARGETINGS,
    cash_world,
    is_cash_itself,
    money_by_year,
    same_money_as_cash,
)
from fupin.comparison.content import Runs, compared
from fupin.comparison.contest import Contest, live_twins, twins_without_programmes
from fupin.comparison.lived import LivedWorld
from fupin.comparison.tables import tables_of
from fupin.lives.additional import Course
from fupin.report.terminal import comparison_costs
from fupin.results.draws import CENTRAL
from fupin.results.outcome import RunResult
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import as_cash
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

SAMPLE = 0.02
CREDIT = {"subsidised_loans": {"budget": 1_270_000_000}}
WORKS = {"rural_works": {"budget": 150_000_000, "to": "2009-09"}}


def plan(name: str, end: str = "2009-12", **programmes: Any) -> Scenario:
    period = {"start": "2009-01", "end": end}
    return Scenario.model_validate(
        {"name": name, "population": {"sample": SAMPLE}, "period": period,
         "programmes": programmes}
    )  # fmt: skip


BASE, PLAN = plan("base", **WORKS), plan("credit", **WORKS, **CREDIT)
CASH = plan("cash", cash_transfer={"budget": 100_000_000})
NOTHING = plan("nothing")


def runs_of(contest: Contest, results: list[RunResult]) -> Runs:
    seeds = tuple(dict.fromkeys(r.seed for r in results))
    return Runs(
        contest.base.name, tuple(p.name for p in contest.plans),
        twins_without_programmes(contest), ("central",), seeds, results,
        frozenset(p.name for p in contest.contenders if is_cash_itself(p)),
    )  # fmt: skip


CONTEST = Contest(BASE, (PLAN, CASH, NOTHING), cash=True)


@cache
def lived() -> Runs:
    return runs_of(CONTEST, [live_twins(CONTEST, CENTRAL, seed) for seed in (1, 2)])


@cache
def comparison() -> dict[str, Any]:
    return compared(lived())


# -- money -----------------------------------------------------------------------------------------


@given(st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=6))
def test_years_of_cash_sum_to_what_the_plan_costs(costs: list[int]) -> None:
    """Also where lenders earn more in a year than their money costs."""
    nowhere = Course({}, {}, {}, {}, {}, {}, {}, {}, {})
    table = {
        "year": np.arange(2009, 2009 + len(costs), dtype=np.int16),
        "programme": np.full(len(costs), "microfinance"),
        "payer": np.full(len(costs), "lenders"),
        "yuan": np.array(costs, np.int64),
    }
    none = np.zeros(0)
    world = LivedWorld({}, {}, nowhere, {"payers": table}, none, none, none, 0.0)  # type: ignore[arg-type]
    found = money_by_year(world)
    assert all(yuan >= 0 for yuan in found.values())
    assert sum(found.values()) == max(sum(costs), 0)
    if sum(costs) > 0 and min(costs) >= 0:
        assert list(found.values()) == costs


@pytest.mark.parametrize("targeting", TARGETINGS)
@pytest.mark.parametrize("world", ["base", "credit"])
def test_cash_has_the_plans_resources_to_the_yuan(world: str, targeting: Any) -> None:
    runs, name = lived(), cash_world(world, targeting)
    cost = runs.of(world, "resource_cost")
    assert (runs.outcomes[name, "cash_transfer", "budget"] == cost).all()
    assert (cost > runs.of(world, "spent")).all()  # departments' money and capital are paid out too
    spent, left = runs.of(name, "spent"), runs.outcomes[name, "cash_transfer", "unspent"]
    assert (spent + left == cost).all()
    assert (runs.of(name, "resource_cost") == spent).all()
    # What is left is less than one household of a village that stands for fifty needs.
    assert (left < 60 * 12 * 1_500).all()


def test_years_have_their_own_money() -> None:
    two = Contest(plan("base", "2010-12", **WORKS), (plan("more", "2010-12", **CREDIT),), cash=True)
    result = live_twins(two, CENTRAL, 1)
    costs = result.tables["world_payers"]
    for world in ("base", "more"):
        here = costs["world"] == world
        by_year = {
            year: int(costs["yuan"][here & (costs["year"] == year)].sum()) for year in (2009, 2010)
        }
        outcomes = result.tables["world_outcomes"]
        row = (
            (outcomes["world"] == cash_world(world, "today"))
            & (outcomes["programme"] == "cash_transfer")
            & (outcomes["outcome"] == "budget")
        )
        assert outcomes["value"][row].tolist() == [sum(by_year.values())]
        paid = as_cash(two.base, by_year, perfect=False).programmes.cash_transfer
        assert [paid.budget_in(year) for year in (2009, 2010)] == list(by_year.values())


# -- beside the plan -------------------------------------------------------------------------------


def test_persons_because_of_the_plan_stand_beside_those_because_of_cash() -> None:
    runs, section = lived(), comparison()["cash"]
    assert set(section) == {"base", "credit", "cash"}
    for world in ("base", "credit"):
        entry = section[world]
        assert not entry["itself"]
        poor = runs.of("nothing", "income_poor_end")
        out = poor - runs.of(world, "income_poor_end")
        assert entry["out_of_poverty"]["mean"] == pytest.approx(out.mean())
        for targeting in TARGETINGS:
            cash = poor - runs.of(cash_world(world, targeting), "income_poor_end")
            other = entry[targeting]
            assert other["out_of_poverty"]["mean"] == pytest.approx(cash.mean())
            difference = other["out_of_poverty_difference"]
            assert difference["mean"] == pytest.approx((out - cash).mean())
            assert difference["low"] < difference["mean"] < difference["high"]
        today, perfect = (entry[t]["out_of_poverty"]["mean"] for t in TARGETINGS)
        assert 0 < 2 * today < perfect
        assert entry["perfect"]["fgt1"]["mean"] > entry["today"]["fgt1"]["mean"] > 0


def test_cash_is_its_own_benchmark_and_nothing_has_none() -> None:
    assert comparison()["cash"]["cash"]["itself"]
    assert set(comparison()["cash"]["cash"]) == {"itself", "yuan", "out_of_poverty", "fgt1"}
    worlds = {world for world, _, _ in lived().outcomes}
    assert worlds == {
        "base", "credit", "cash", "nothing",
        *(cash_world(world, t) for world in ("base", "credit") for t in TARGETINGS),
    }  # fmt: skip


def test_worlds_of_cash_are_told_of_nowhere_else() -> None:
    runs, found = lived(), comparison()
    tables = tables_of(runs, found)
    for name, table in tables.items():
        if name != "pairs" and "world" in table:
            assert not any(str(world).startswith("cash:") for world in table["world"]), name
    rows = tables["cash"]
    assert set(rows["targeting"]) == {"", *TARGETINGS}
    out = (rows["world"] == "base") & (rows["targeting"] == "today")
    out &= rows["measure"] == "out_of_poverty"
    assert rows["mean"][out].tolist() == [found["cash"]["base"]["today"]["out_of_poverty"]["mean"]]


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_shows_both_and_says_what_is_cash_itself(width: int) -> None:
    console = Console(width=width, highlight=False, no_color=True)
    with console.capture() as captured:
        console.print(comparison_costs.cash(comparison(), width))
        console.print(comparison_costs.payers(comparison(), width))
    text = captured.get()
    assert text.count("is cash itself") == 2 and text.count("credit") >= 3
    assert max(len(line) for line in text.splitlines()) <= width
    assert comparison_costs.cash({"cost": {}}, width) is None


# -- worlds ----------------------------------------------------------------------------------------


def test_the_bases_cash_is_kept_and_the_plans_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives: list[str] = []
    original = twin_worlds.live

    def counting(plan: Scenario, *rest: Any) -> Any:
        cash = plan.programmes.cash_transfer
        none = "none" if not plan.programmes.active() else plan.name
        lives.append(f"{none}{' as cash' if cash.active else ''}")
        return original(plan, *rest)

    monkeypatch.setattr(twin_worlds, "live", counting)
    contest = Contest(BASE, (PLAN,), tmp_path / "worlds", "v1", cash=True)
    fresh = live_twins(contest, CENTRAL, 1)
    assert lives == ["none", "base", *["base as cash"] * 2, "credit", *["credit as cash"] * 2]
    lives.clear()
    again = live_twins(contest, CENTRAL, 1)
    assert lives == ["credit", *["credit as cash"] * 2]
    for name, table in fresh.tables.items():
        for column, values in table.items():
            other = again.tables[name][column]
            assert np.array_equal(values, other, equal_nan=values.dtype.kind == "f"), (name, column)


def test_without_cash_a_comparison_is_as_it_was() -> None:
    plain = Contest(BASE, (PLAN,))
    result = live_twins(plain, CENTRAL, 1)
    found = same_money_as_cash(runs_of(plain, [result]))
    assert found == {}
    assert set(result.tables["world_outcomes"]["world"]) == {"base", "credit", "none"}
    with_cash = lived().results[0].tables["world_outcomes"]
    for world in ("base", "credit"):
        here, there = (t["value"][t["world"] == world] for t in (result.tables["world_outcomes"],
                                                                with_cash))  # fmt: skip
        assert np.array_equal(here, there, equal_nan=True)
