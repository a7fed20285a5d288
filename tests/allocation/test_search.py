"""Planted problems: concave curves of known form, whose best division is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from fupin.allocation.curves import Curve, fit
from fupin.allocation.search import Cell, Condition, Infeasible, Problem, Row, Solution, solve
from hypothesis import given, settings
from hypothesis import strategies as st

F64 = npt.NDArray[np.float64]
GOAL = "person_years_out"


class Planted:
    """Programmes in counties, each of which is worth gain x (1 - exp(-money / reach)).

    The best division has equal slopes where no limit binds: found by bisection of the price.
    """

    def __init__(self, seed: int, programmes: int, counties: int) -> None:
        chance = np.random.default_rng(seed)
        self.shape = (programmes, counties)
        n = programmes * counties
        self.start = chance.integers(1_000_000, 20_000_000, n)
        self.reach = self.start * np.repeat(chance.uniform(0.4, 3.0, programmes), counties)
        self.reach = self.reach * chance.uniform(0.7, 1.4, n)
        self.gain = self.reach * np.repeat(chance.uniform(0.2, 3.0, programmes), counties) / 1e4
        self.gain = self.gain * chance.uniform(0.7, 1.4, n)
        self.most = 2 * self.start
        self.total = int(self.start.sum())

    def value(self, money: npt.ArrayLike) -> F64:
        return np.asarray(self.gain * (1 - np.exp(-np.asarray(money) / self.reach)))

    def best(self) -> F64:
        """Best division without a whole unit: gain / reach x exp(-money / reach) = price."""
        low, high = 1e-12, float((self.gain / self.reach).max())
        for _ in range(200):
            price = np.sqrt(low * high)
            money = np.clip(-self.reach * np.log(price * self.reach / self.gain), 0, self.most)
            low, high = (price, high) if money.sum() > self.total else (low, price)
        return np.asarray(money * self.total / money.sum())

    def problem(self, order: npt.NDArray[np.int64] | None = None, name: str = "c{}") -> Problem:
        cells = []
        for i in range(self.start.size) if order is None else order.tolist():
            start = float(self.start[i])
            doses = start * np.array([0.0, 0.5, 1.5, 2.0])
            one = (self.gain[i], self.reach[i])
            change = [g * (np.exp(-start / r) - np.exp(-d / r)) for d in doses for g, r in [one]]
            curve = fit(doses.tolist(), change, [0.0] * 4, start)
            cells.append(
                Cell(name.format(i), "fiscal", int(start), 0, int(self.most[i]), {GOAL: curve})
            )
        return Problem(tuple(cells), GOAL, {"fiscal": self.total}, unit=10_000)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shape", [(16, 1), (16, 52)])
def test_a_planted_optimum_is_found_within_a_thousandth(seed: int, shape: tuple[int, int]) -> None:
    """The gap is to the best over what a search can gain beside the start; five doses a cell."""
    planted = Planted(seed, *shape)
    found = solve(planted.problem())
    money = np.array([found.money[f"c{i}"] for i in range(planted.start.size)])
    assert money.sum() == planted.total
    assert (money >= 0).all() and (money <= planted.most).all()
    best, here = planted.value(planted.best()).sum(), planted.value(money).sum()
    before = planted.value(planted.start).sum()
    assert best > before
    assert best - here <= 1e-3 * best
    assert best - here <= 0.02 * (best - before)


@given(st.integers(0, 10**6), st.randoms())
@settings(max_examples=15, deadline=None)
def test_names_and_order_change_no_yuan(seed: int, chance: object) -> None:
    planted = Planted(seed, 5, 3)
    order = np.arange(planted.start.size)
    chance.shuffle(order)  # type: ignore[attr-defined]
    one = solve(planted.problem()).money
    other = solve(planted.problem(order, "another-{}")).money
    assert {i: one[f"c{i}"] for i in order} == {i: other[f"another-{i}"] for i in order}


@given(st.permutations(range(6)), st.permutations(range(6)))
@settings(max_examples=15, deadline=None)
def test_names_and_order_decide_no_tie(order: list[int], names: list[int]) -> None:
    """Six cells whose yuan are worth the same: many divisions are equally good."""
    cells = [
        Cell("", "fiscal", (10 + k) * 10**6, 0, (20 + 3 * k) * 10**6, {GOAL: flat(10**7, 5.0)})
        for k in range(6)
    ]
    problem = Problem((), GOAL, {"fiscal": 79_000_003}, unit=10_000)

    def money(order: list[int], names: list[int]) -> list[int]:
        named = tuple(replace(cells[k], key=f"n{names[k]}") for k in order)
        found = solve(replace(problem, cells=named)).money
        return [found[f"n{names[k]}"] for k in range(6)]

    assert money(order, names) == money(list(range(6)), list(range(6)))


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(-3 * 10**6, 3 * 10**6))
@settings(max_examples=25, deadline=None)
def test_money_sums_to_the_yuan_in_whole_units(seed: int, unit: int, more: int) -> None:
    planted = Planted(seed, 4, 2)
    problem = planted.problem()
    envelope = {"fiscal": planted.total + more}
    found = solve(replace(problem, unit=unit, envelope=envelope))
    assert sum(found.money.values()) == planted.total + more
    broken = [
        c.key for c in problem.cells
        if found.money[c.key] % unit and found.money[c.key] not in (c.least, c.start, c.most)
    ]  # fmt: skip
    assert len(broken) <= 1 + len(problem.cells) * (unit > 10**5)


def test_marginal_returns_are_equal_where_no_limit_binds() -> None:
    planted = Planted(3, 16, 1)
    problem = planted.problem()
    found = solve(problem)
    for cell in problem.cells:
        slope = float(cell.curves[GOAL].slope(found.money[cell.key]))
        if cell.least < found.money[cell.key] < cell.most:
            assert slope == pytest.approx(found.price["fiscal"], rel=0.15)
        elif found.money[cell.key] == cell.most:
            assert slope >= 0.99 * found.price["fiscal"]
        else:
            assert slope <= 1.01 * found.price["fiscal"]


def flat(start: int, gain: float = 0.0) -> Curve:
    return fit([0.0, 2.0 * start], [-gain, gain], [0.0, 0.0], float(start))


def simple(gains: list[float], **more: object) -> Problem:
    cells = tuple(
        Cell(f"p{k}", "fiscal", 10**7, 0, 2 * 10**7, {GOAL: flat(10**7, gain)})
        for k, gain in enumerate(gains)
    )
    envelope = {"fiscal": 10**7 * len(gains)}
    return replace(Problem(cells, GOAL, envelope), **more)  # type: ignore[arg-type]


def test_where_nothing_is_known_to_be_better_nothing_moves() -> None:
    assert set(solve(simple([0.0, 0.0, 0.0])).money.values()) == {10**7}
    assert set(solve(simple([5.0, 5.0, 5.0])).money.values()) == {10**7}


def test_money_goes_from_the_worse_to_the_better_and_a_harm_ends() -> None:
    assert solve(simple([9.0, 5.0, -4.0])).money == {"p0": 2 * 10**7, "p1": 10**7, "p2": 0}


def test_packages_and_floors_are_kept_to_the_yuan() -> None:
    row = Row("package", {"p1": 1.0, "p2": 1.0}, least=1.5e7)
    found = solve(simple([9.0, 5.0, 1.0], rows=(row,), unit=10_000)).money
    assert found["p1"] + found["p2"] >= 1.5e7 and sum(found.values()) == 3 * 10**7
    found = solve(simple([9.0, 5.0, 1.0], rows=(replace(row, least=None, most=1.2e7),)))
    assert found.money["p1"] + found.money["p2"] <= 1.2e7


def test_least_money_for_a_target() -> None:
    problem = simple([9.0, 5.0, 1.0], envelope=None, target=3.0)
    found: Solution = solve(problem)
    assert found.change >= 3.0 - 1e-6
    # p0 brings 9 for 10 million, so that two times as much of it and most of p1 is the cheapest.
    assert found.money["p2"] == 0 and found.money["p0"] == 2 * 10**7
    assert sum(found.money.values()) < 3 * 10**7


def test_a_second_goal_is_held_as_a_condition() -> None:
    problem = simple([9.0, 5.0, 1.0])
    other = {0: -3.0, 1: 2.0, 2: 2.0}
    cells = tuple(
        replace(c, curves={**c.curves, "gap_closed": flat(10**7, other[k])})
        for k, c in enumerate(problem.cells)
    )
    held = replace(problem, cells=cells, conditions=(Condition("gap_closed", 0.0),))
    found = solve(held)
    gap = sum(float(c.curves["gap_closed"].value(found.money[c.key])) for c in cells)
    assert gap >= -1e-6
    assert found.change <= solve(problem).change


def test_what_cannot_be_kept_is_infeasible() -> None:
    with pytest.raises(Infeasible):
        solve(simple([9.0, 5.0], rows=(Row("floor", {"p0": 1.0}, least=9e7),)))
    with pytest.raises(Infeasible):
        solve(simple([9.0, 5.0], envelope=None, target=100.0))
