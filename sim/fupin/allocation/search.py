"""The division of money that does most, for concave curves: a linear programme, solved by HiGHS.

Cells are programmes, or programmes in counties. The curve of a cell is cut into short pieces; since
it is concave, earlier pieces are worth more, so that a linear programme fills them in order. Money
of a class sums to its envelope. Packages, floors and conditions on other goals are rows over cells.

Nothing hangs on names or order: cells are sorted by what they are. Where several divisions are
equally good, the one that moves least money from the start is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from fupin.allocation.curves import Curve

F64 = npt.NDArray[np.float64]

PIECES = 32
"""Pieces of a curve between its least and its most."""

TIE = 1e-7
"""Moving a yuan costs so much of what the best yuan brings: only ties are decided by it."""


@dataclass(frozen=True)
class Cell:
    """What may get money.

    Attributes:
        key: its name; no number hangs on it.
        group: class of its money.
        start, least, most: whole yuan.
        curves: goal -> its curve.
        factor: of the curve of the goal that is searched for (what other programmes do to it).
    """

    key: str
    group: str
    start: int
    least: int
    most: int
    curves: Mapping[str, Curve]
    factor: float = 1.0


@dataclass(frozen=True)
class Row:
    """A condition on sums of money: least <= sum of weight x money <= most.

    Attributes:
        what: for people.
        weights: cell -> weight.
        least, most: yuan; None where there is none.
        counties: codes of the counties whose money it is about; None where it is about all.
    """

    what: str
    weights: Mapping[str, float]
    least: float | None = None
    most: float | None = None
    counties: frozenset[int] | None = None


class Limit(Protocol):
    """A limit on an outcome; see `fupin.allocation.bounds`."""

    @property
    def outcome(self) -> str:
        """Name of the outcome."""

    @property
    def asked(self) -> float:
        """The number that was asked for."""

    @property
    def sign(self) -> float:
        """1 where more of the outcome is better for the limit, else -1."""

    def said(self, reach: float | None = None) -> str:
        """It in words."""


@dataclass(frozen=True)
class Condition:
    """At least so much change of a goal beside the start.

    Attributes:
        goal, least: so much of it.
        asked: the number that was asked for; of a cost the most. None where nobody named one.
        bound: the limit on an outcome that it stands for; None where it is none.
        near: how much of it a lived division may lack and still keep it.
    """

    goal: str
    least: float
    asked: float | None = None
    bound: Limit | None = None
    near: float = 0.0


@dataclass(frozen=True)
class Problem:
    """What is searched for.

    Attributes:
        cells: under different keys.
        goal: what is to be as large as possible.
        envelope: class -> whole yuan that its cells sum to; None where the money is searched for.
        rows, conditions: further conditions.
        unit: money is divided in whole units of so many yuan.
        target: change of the goal beside the start that is reached with the least money, or None.
        asked: the target as it was asked for, not beside the start.
    """

    cells: tuple[Cell, ...]
    goal: str
    envelope: Mapping[str, int] | None
    rows: tuple[Row, ...] = ()
    conditions: tuple[Condition, ...] = ()
    unit: int = 1
    target: float | None = None
    asked: float | None = None


@dataclass(frozen=True)
class Solution:
    """The best division.

    Attributes:
        money: cell -> whole yuan.
        change: of the goal beside the start, by the curves.
        price: class -> worth of a yuan of the envelope: at a kink of a curve between what the last
            yuan brought and what the next one would bring.
        condition_prices: of the goal for one unit more of each condition, in order.
    """

    money: dict[str, int]
    change: float
    price: dict[str, float]
    condition_prices: tuple[float, ...] = field(default=())


class Infeasible(Exception):
    """No division keeps all conditions."""


def solve(problem: Problem) -> Solution:
    """The best division.

    Raises:
        Infeasible: no division keeps all conditions.
    """
    found = _solved(problem, _slack(problem))
    if found is None and problem.rows:
        found = _solved(problem, 0.0)
    if found is None:
        raise Infeasible
    amounts, price, condition_prices = found
    money = whole_yuan(problem, amounts)
    return Solution(money, change_of(problem, money), price, condition_prices)


def change_of(problem: Problem, money: Mapping[str, int], goal: str | None = None) -> float:
    """Change of a goal beside the start under a division, by the curves."""
    name = problem.goal if goal is None else goal
    return sum(
        float(cell.curves[name].value(money[cell.key])) * (cell.factor if goal is None else 1.0)
        for cell in sorted(problem.cells, key=_content)
    )


def _content(cell: Cell) -> tuple[object, ...]:
    """What a cell is, without its name."""
    curves = [(goal, c.x.tolist(), c.y.tolist()) for goal, c in sorted(cell.curves.items())]
    return (cell.group, cell.start, cell.least, cell.most, cell.factor, str(curves))


def _slack(problem: Problem) -> float:
    """How far rows are tightened, so that whole units keep them."""
    return 0.0 if not problem.rows else float(problem.unit)


def _solved(
    problem: Problem, slack: float
) -> tuple[dict[str, float], dict[str, float], tuple[float, ...]] | None:
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix

    cells = sorted(problem.cells, key=_content)
    grids = [_grid(cell) for cell in cells]
    owner = np.repeat(np.arange(len(cells)), [g.size - 1 for g in grids])
    width = np.concatenate([np.diff(g) for g in grids])
    worth = np.concatenate(
        [_worth(c, g, problem.goal, c.factor) for c, g in zip(cells, grids, strict=True)]
    )
    after = np.concatenate([g[:-1] >= c.start for c, g in zip(cells, grids, strict=True)])
    best = float(np.abs(worth / np.where(width > 0, width, 1)).max(initial=0.0)) or 1.0
    # Of equal divisions the one that moves least: a yuan further from the start costs a trace.
    worth = worth + np.where(after, -1.0, 1.0) * TIE * best * width
    share = worth, width  # of a piece that is filled from 0 to 1
    equal_rows: list[tuple[npt.NDArray[np.float64], float]] = []
    upper_rows: list[tuple[npt.NDArray[np.float64], float]] = []
    groups = sorted({cell.group for cell in cells})
    of_group = {g: np.array([c.group == g for c in cells])[owner] for g in groups}
    scale = max(float(width.sum()), 1.0)
    if problem.envelope is not None:
        for g in groups:
            rest = problem.envelope[g] - sum(c.least for c in cells if c.group == g)
            equal_rows.append((np.where(of_group[g], width, 0.0) / scale, rest / scale))
    for row in problem.rows:
        weight = np.array([row.weights.get(c.key, 0.0) for c in cells])
        held = float(sum(w * c.least for w, c in zip(weight.tolist(), cells, strict=True)))
        room = slack * float(np.abs(weight).sum())
        each = weight[owner] * width / scale
        if row.most is not None:
            upper_rows.append((each, (row.most - held - room) / scale))
        if row.least is not None:
            upper_rows.append((-each, -(row.least - held + room) / scale))
    first_condition = len(upper_rows)
    goals = [(c.goal, c.least) for c in problem.conditions]
    if problem.target is not None:
        goals.append((problem.goal, problem.target))
    for goal, least in goals:
        each = np.concatenate(
            [_worth(c, g, goal, c.factor if goal == problem.goal else 1.0)
             for c, g in zip(cells, grids, strict=True)]
        )  # fmt: skip
        held = sum(
            float(c.curves[goal].value(c.least)) * (c.factor if goal == problem.goal else 1.0)
            for c in cells
        )
        size = float(np.abs(each).max(initial=0.0)) or 1.0
        # Beyond the number of pieces nothing can be reached; HiGHS takes no larger numbers.
        beyond = each.size + 1.0
        needed = min(max((least - held) / size, -beyond), beyond)
        upper_rows.append((-each / size, -needed))
    aim = -share[0] / (best * scale) if problem.target is None else (
        width / scale - 1e-9 * share[0] / (best * scale))  # fmt: skip
    done = linprog(
        aim,
        A_ub=coo_matrix(np.array([r for r, _ in upper_rows])) if upper_rows else None,
        b_ub=[b for _, b in upper_rows] or None,
        A_eq=coo_matrix(np.array([r for r, _ in equal_rows])) if equal_rows else None,
        b_eq=[b for _, b in equal_rows] or None,
        bounds=(0.0, 1.0),
        method="highs",
    )
    if done.status != 0:
        return None
    amounts = {
        c.key: c.least + float((width[owner == i] * done.x[owner == i]).sum())
        for i, c in enumerate(cells)
    }
    unscaled = best * scale
    price = {g: 0.0 for g in groups}
    if problem.envelope is not None:
        price = {
            g: -float(m) * unscaled / scale
            for g, m in zip(groups, done.eqlin.marginals, strict=True)
        }
    prices = tuple(float(m) for m in done.ineqlin.marginals[first_condition:]) if upper_rows else ()
    return amounts, price, prices


def _grid(cell: Cell) -> F64:
    """Amounts between which a cell's curve is taken as straight; the start is one of them."""
    if cell.most <= cell.least:
        return np.array([cell.least, cell.least], np.float64)
    even = np.linspace(cell.least, cell.most, PIECES + 1)
    knots = [cell.start] if cell.least < cell.start < cell.most else []
    return np.unique(np.concatenate([even, np.array(knots, np.float64)]))


def _worth(cell: Cell, grid: F64, goal: str, factor: float) -> F64:
    return np.asarray(np.diff(cell.curves[goal].value(grid)) * factor, np.float64)


def whole_yuan(problem: Problem, amounts: Mapping[str, float]) -> dict[str, int]:
    """Amounts in whole units within their limits, which sum to the envelope to the yuan.

    What is left after whole units goes, a unit at a time, to the cells that are owed the largest
    part of one; what is no whole unit goes to the first of these that has room.
    """
    cells = sorted(problem.cells, key=_content)
    unit = problem.unit
    found: dict[str, int] = {}
    for group in sorted({cell.group for cell in cells}):
        members = [cell for cell in cells if cell.group == group]
        for cell in members:
            wanted = min(max(amounts[cell.key], cell.least), cell.most)
            if abs(wanted - cell.start) < 0.5:  # what does not move keeps its odd yuan
                found[cell.key] = cell.start
                continue
            units = int((wanted + 1e-6 * unit) // unit) * unit
            found[cell.key] = min(max(units, cell.least), cell.most)
        if problem.envelope is None:
            for cell in members:  # enough for the target: never less than was found
                short = amounts[cell.key] - found[cell.key]
                found[cell.key] += min(unit, cell.most - found[cell.key]) if short > 1e-6 else 0
            continue
        left = problem.envelope[group] - sum(found[cell.key] for cell in members)
        owed = sorted(
            range(len(members)), key=lambda k: found[members[k].key] - amounts[members[k].key]
        )
        while left:
            before = left
            for k in owed if left > 0 else reversed(owed):
                cell = members[k]
                room = cell.most - found[cell.key] if left > 0 else found[cell.key] - cell.least
                step = min(abs(left), unit if abs(left) >= unit else abs(left), room)
                found[cell.key] += step if left > 0 else -step
                left += -step if left > 0 else step
                if not left:
                    break
            if left == before:
                raise Infeasible
    return {cell.key: found[cell.key] for cell in problem.cells}
