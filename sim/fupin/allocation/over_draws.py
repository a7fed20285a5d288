"""How sure a proposal is: the same division judged by the curves of every single draw.

A search over several draws has curves for each. By these are counted: in which part of the draws
each move is right, what the proposal loses beside the best division of each draw (its regret), and
what it would gain to know an assumption before dividing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from fupin.allocation.measured import Singles
from fupin.allocation.search import Infeasible, Problem, change_of, solve
from fupin.results.draws import Draw

F64 = npt.NDArray[np.float64]

FEWEST = 20
"""Draws from which on the worth of knowing an assumption is estimated."""

PARTS = 5
"""Groups of draws by the value of an assumption."""

NAMED = 3
"""Assumptions that are named."""

SURE = 2.0
"""An assumption counts where the gain goes with it by so many standard errors."""


@dataclass(frozen=True)
class OverDraws:
    """A proposal over the draws of its search.

    Attributes:
        gains: of the goal beside the start, by the curves of each draw, (draws,).
        regrets: what the best division of each draw has more, (draws,).
        right: lever that moves -> part of the draws in which its move is right.
        knowing: (parameter, gain of the goal from knowing it before dividing), the largest first.
    """

    gains: F64
    regrets: F64
    right: Mapping[str, float]
    knowing: tuple[tuple[str, float], ...]


def over_draws(
    problem: Problem, singles: Singles, money: Mapping[str, int], draws: Sequence[Draw]
) -> OverDraws | None:
    """Judge a division; None where the search had one draw alone, or looked for least money."""
    if len(draws) < 2 or problem.envelope is None:
        return None
    problems = [_of_draw(problem, singles, d) for d in range(len(draws))]
    gains, regrets = [], []
    for one in problems:
        gain = change_of(one, money)
        gains.append(gain)
        try:
            regrets.append(max(solve(one).change - gain, 0.0))
        except Infeasible:  # a condition that this draw does not reach
            regrets.append(float("nan"))
    right = {
        key: float(np.mean([_is_right(one, money, key) for one in problems]))
        for key, yuan in money.items()
        if yuan != singles.start[key]
    }
    return OverDraws(
        np.array(gains), np.array(regrets), right, _knowing(problem, problems, money, draws)
    )


def _of_draw(problem: Problem, singles: Singles, draw: int) -> Problem:
    """The problem with the curves of one draw."""
    cells = tuple(
        replace(c, curves={goal: singles.curve(c.key, goal, draw) for goal in c.curves})
        for c in problem.cells
    )
    return replace(problem, cells=cells)


def _is_right(problem: Problem, money: Mapping[str, int], key: str) -> bool:
    """Whether a move gains, together with its share of the moves that pay for it.

    What a programme gets more is taken from those that get less, in proportion to what each gives;
    and the reverse. Of an envelope that has changed, what nobody pays for stands alone.
    """
    cells = {cell.key: cell for cell in problem.cells}
    move = {k: money[k] - cells[k].start for k in cells if cells[k].group == cells[key].group}

    def does(k: str) -> float:
        value = float(cells[k].curves[problem.goal].value(money[k]))
        return value * cells[k].factor

    others = {k: v for k, v in move.items() if v * move[key] < 0}
    whole = sum(abs(v) for v in others.values())
    part = min(abs(move[key]) / whole, 1.0) if whole else 0.0
    return does(key) + part * sum(does(k) for k in others) > 0


def _knowing(
    problem: Problem, problems: Sequence[Problem], money: Mapping[str, int], draws: Sequence[Draw]
) -> tuple[tuple[str, float], ...]:
    """What it would gain to know an assumption first: its expected value of partial information.

    Draws are put into PARTS groups by the assumption's value; each group gets the division that is
    best by its mean curves. What that gains on the proposal, the mean over groups less what as many
    groups made by chance gain, is what knowing is worth (Strong & Oakley 2013, Med. Decis. Making
    33, in the plain form of groups).
    """
    if len(draws) < FEWEST:
        return ()
    names = sorted(set.intersection(*(set(draw.overrides) for draw in draws)))
    values = {n: np.array([draw.overrides[n] for draw in draws]) for n in names}
    varied = {n: v for n, v in values.items() if np.ptp(v) > 0}
    lots = np.random.default_rng(1)  # of the yardstick alone: no result of a world hangs on it
    chance = [_gain(problem, problems, money, lots.permutation(len(draws))) for _ in range(NAMED)]
    by_luck = float(np.mean(chance))
    worth = [
        (name, _gain(problem, problems, money, np.argsort(v, kind="stable")) - by_luck)
        for name, v in varied.items()
    ]
    ranked = sorted((one for one in worth if one[1] > 0), key=lambda one: (-one[1], one[0]))
    return tuple(ranked[:NAMED])


def _gain(
    problem: Problem,
    problems: Sequence[Problem],
    money: Mapping[str, int],
    order: npt.NDArray[np.int64],
) -> float:
    """What groups of draws in some order gain by divisions of their own, a draw."""
    total = 0.0
    for group in np.array_split(order, PARTS):
        mine = [problems[d] for d in group.tolist()]
        mean = _mean(problem, mine)
        try:
            best = solve(mean).money
        except Infeasible:
            continue
        total += sum(change_of(one, best) - change_of(one, money) for one in mine)
    return total / len(problems)


def _mean(problem: Problem, problems: Sequence[Problem]) -> Problem:
    """The problem with the mean of some curves, which have the same amounts."""
    cells = []
    for k, cell in enumerate(problem.cells):
        curves = {
            goal: replace(
                curve, y=np.mean([one.cells[k].curves[goal].y for one in problems], axis=0)
            )
            for goal, curve in problems[0].cells[k].curves.items()
        }
        cells.append(replace(cell, curves=curves))
    return replace(problem, cells=tuple(cells))
