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

from fupin.allocation.knowing import worth_of_knowing
from fupin.allocation.measured import Singles
from fupin.allocation.search import Infeasible, Problem, change_of, solve
from fupin.results.draws import Draw

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OverDraws:
    """A proposal over the draws of its search.

    Attributes:
        gains: of the goal beside the start, by the curves of each draw, (draws,).
        regrets: what the best division of each draw has more, (draws,).
        right: lever that moves -> part of the draws in which its move is right.
        knowing: (parameter, gain of the goal from knowing it before dividing), the largest first;
            see `fupin.allocation.knowing`.
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
    return OverDraws(np.array(gains), np.array(regrets), right, worth_of_knowing(problems, draws))


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
