"""From curves to a proposal: solve, relive as a real twin, correct for pairs, solve again.

Curves add up only as far as levers leave one another alone. So a proposal is lived as it is, and
where the model's answer is further from the simulation than TOLERANCE, the levers that move most
are lived alone and in pairs, at the amounts of the proposal. What two do together beyond what each
does alone becomes a term of the model; the next division is searched for within a region around the
proposal in which such terms can be trusted, and lived again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from fupin.allocation.measured import Grid, Oracle, Singles, beside
from fupin.allocation.search import Cell, Problem, Solution, change_of, solve

TOLERANCE = 0.03
"""Part of the goal by which model and simulation may differ."""

OF_CHANGE = 0.03
"""Part of the change by which they may differ, beyond its noise."""

ROUNDS = 6
"""Divisions that are lived at most."""

MOST_IN_PAIRS = 6
"""Levers that are lived in pairs: those whose moves do most."""

SURE = 2.0
"""A pair counts where it is so many standard errors from nothing; below, in proportion."""

REGION = 0.5
"""Part of a lever's range within which terms of pairs are trusted."""

SMALLEST_REGION = 0.02

FURTHEST = 2.0
"""So many times what it did where pairs were measured is the most that a lever counts for."""


@dataclass(frozen=True)
class Round:
    """A division that was lived.

    Attributes:
        money: lever -> whole yuan.
        predicted: change of the goal by the model.
        lived: change of the goal, the mean over pairs.
        grid: the same in every pair.
        off: |predicted - lived| / level of the goal.
        agrees: the model says what the simulation says, or finds nothing better nearby once it is
            corrected.
    """

    money: Mapping[str, int]
    predicted: float
    lived: float
    grid: Grid
    off: float
    agrees: bool


@dataclass(frozen=True)
class Proposal:
    """What a search came to.

    Attributes:
        problem: with the curves, and terms of pairs as slopes at the proposal.
        solution: of the curves alone, before anything was lived.
        rounds: divisions that were lived, in order; none where nothing moves.
        pairs: (lever, lever) -> (what both do beyond what each does, its standard error).
        best: position of the round that is proposed.
    """

    problem: Problem
    solution: Solution
    rounds: tuple[Round, ...]
    pairs: Mapping[tuple[str, str], tuple[float, float]]
    best: int = -1

    @property
    def money(self) -> dict[str, int]:
        """The division that is proposed; the start where nothing moves."""
        return dict(self.rounds[self.best].money if self.rounds else self.solution.money)

    @property
    def agrees(self) -> bool:
        """Whether model and simulation agree at the proposal."""
        return not self.rounds or self.rounds[self.best].agrees


def problem_of(singles: Singles, template: Problem) -> Problem:
    """The template with a cell for each lever, which has the lever's curves."""
    curves = singles.curves()
    cells = tuple(
        Cell(one.key, one.group, one.start, one.least, one.most, curves[one.key])
        for one in singles.levers
    )
    return replace(template, cells=cells)


def propose(singles: Singles, template: Problem, oracle: Oracle, level: float) -> Proposal:
    """Search, live, correct; see the head of the module.

    Args:
        singles: what was measured around the start.
        template: the problem; its cells are made from the curves.
        oracle: lives divisions.
        level: of the goal at the start, to which differences are related.
    """
    goal, start = template.goal, singles.start
    problem = problem_of(singles, template)
    first = solve(problem)
    pairs: dict[tuple[str, str], tuple[float, float]] = {}
    model = _Model(problem, pairs, start, first.money)
    rounds: list[Round] = []
    money, best, region = first.money, -1, REGION
    while money != start and len(rounds) < ROUNDS:
        (levels,) = oracle.levels([money])
        rounds.append(
            _round(money, model.change(money), beside(levels, singles.at_start)[goal], level)
        )
        better = best < 0 or rounds[-1].lived > rounds[best].lived
        best = len(rounds) - 1 if better else best
        if rounds[-1].agrees:
            break
        if better:
            pairs = _pairs(singles, problem, money, oracle)
            problem = problem_of(singles, template)  # the proposal's own amounts are known now
            model = _Model(problem, pairs, start, money)
        centre = rounds[best].money
        money = model.improved(centre, region)
        region /= 2
        if money == centre:
            rounds[best] = replace(rounds[best], agrees=True)
            break
    if not rounds:
        return Proposal(problem, first, (), pairs)
    if not rounds[best].agrees:  # by the model that knows what was measured there
        there = rounds[best].money
        rounds[best] = _round(there, model.change(there), rounds[best].grid, level)
    return Proposal(model.at(rounds[best].money), first, tuple(rounds), pairs, best)


def _round(money: Mapping[str, int], predicted: float, grid: Grid, level: float) -> Round:
    lived = float(grid.mean())
    error = float(grid.std(ddof=1) / np.sqrt(grid.size)) if grid.size > 1 else 0.0
    gap = abs(predicted - lived)
    off = gap / max(abs(level + lived), 1e-300)
    near = gap <= max(OF_CHANGE * abs(lived), SURE * error)
    return Round(dict(money), predicted, lived, grid, off, off <= TOLERANCE and near)


def _pairs(
    singles: Singles, problem: Problem, money: Mapping[str, int], oracle: Oracle
) -> dict[tuple[str, str], tuple[float, float]]:
    """What pairs of levers do beyond what each does alone, where the proposal puts them."""
    start, goal = singles.start, problem.goal
    moved = [
        cell for cell in problem.cells if money[cell.key] != cell.start
    ]  # ties by the order of levers, which is that of the catalogue
    moved.sort(key=lambda c: -abs(float(c.curves[goal].value(money[c.key]))))
    keys = [cell.key for cell in moved[:MOST_IN_PAIRS]]
    duos = list(combinations(keys, 2))
    asked = [{key: money[key]} for key in keys] + [{a: money[a], b: money[b]} for a, b in duos]
    levels = oracle.levels([{**start, **moves} for moves in asked])
    alone: dict[str, Grid] = {}
    for key, found in zip(keys, levels[: len(keys)], strict=True):
        singles.add(key, money[key], found)
        alone[key] = beside(found, singles.at_start)[goal]
    pairs = {}
    for (a, b), found in zip(duos, levels[len(keys) :], strict=True):
        both = beside(found, singles.at_start)[goal] - alone[a] - alone[b]
        error = float(both.std(ddof=1) / np.sqrt(both.size)) if both.size > 1 else 0.0
        pairs[a, b] = float(both.mean()), error
    return pairs


def counted(mean: float, error: float) -> float:
    """What of a pair's term counts: all where it is sure, nothing where it is noise."""
    return mean * min(1.0, (abs(mean) / (SURE * error)) ** 2) if error > 0 else mean


class _Model:
    """Curves and terms of pairs: sum of f(x) + sum of I u v.

    u = f(x) / f(there) is how much of what it did where pairs were measured a lever does: levers
    take from one another what they do, not the money.
    """

    def __init__(
        self,
        problem: Problem,
        pairs: Mapping[tuple[str, str], tuple[float, float]],
        start: Mapping[str, int],
        there: Mapping[str, int],
    ) -> None:
        self.problem, self.start, self.there = problem, start, dict(there)
        self.pairs = {duo: counted(*found) for duo, found in pairs.items()}
        self.cells = {cell.key: cell for cell in problem.cells}
        self.done = {key: self._does(key, self.there) for key in self.cells}

    def _does(self, key: str, money: Mapping[str, int]) -> float:
        return float(self.cells[key].curves[self.problem.goal].value(money[key]))

    def _gone(self, key: str, money: Mapping[str, int]) -> float:
        whole = self.done[key]
        return float(np.clip(self._does(key, money) / whole, -FURTHEST, FURTHEST)) if whole else 0.0

    def change(self, money: Mapping[str, int]) -> float:
        """Change of the goal beside the start."""
        terms = sum(
            term * self._gone(a, money) * self._gone(b, money)
            for (a, b), term in self.pairs.items()
        )
        return change_of(self.problem, money) + terms

    def at(self, money: Mapping[str, int], region: float | None = None) -> Problem:
        """The problem with terms of pairs as factors of curves, and limits around a division."""
        cells = []
        for cell in self.problem.cells:
            whole = self.done[cell.key]
            factor = 1.0 + sum(
                term * self._gone(b if a == cell.key else a, money) / whole
                for (a, b), term in self.pairs.items()
                if cell.key in (a, b) and whole
            )
            least, most = cell.least, cell.most
            if region is not None:
                reach = round(region * (cell.most - cell.least))
                least, most = (
                    max(least, money[cell.key] - reach),
                    min(most, money[cell.key] + reach),
                )
            cells.append(replace(cell, factor=max(factor, 0.0), least=least, most=most))
        return replace(self.problem, cells=tuple(cells))

    def improved(self, money: Mapping[str, int], region: float) -> dict[str, int]:
        """The best division near one, by the model."""
        here = dict(money)
        while region > SMALLEST_REGION:
            found = solve(self.at(here, region)).money
            if found != here and self.change(found) > self.change(here):
                here = found
            region /= 2
        return here


def moves_of(money: Mapping[str, int], start: Mapping[str, int]) -> dict[str, int]:
    """Lever -> yuan more than at the start, of those that move."""
    return {key: money[key] - start[key] for key in money if money[key] != start[key]}
