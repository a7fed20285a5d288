"""What it would gain to know an assumption before dividing: its expected value of information.

The expected value of partial perfect information (EVPPI) is what the best division for each value
of an assumption brings on average, less what the one best division without knowing brings. The
curves of the draws are regressed on the assumption (Strong, Oakley & Brennan 2014, Med. Decis.
Making 34). So that no luck is counted as knowledge, each division that knows is chosen on draws
other than those that judge it (cross-fitting), and the one that does not know is the best of all
draws. So the worth is rather too low than too high, and what does nothing is worth less than 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from fupin.allocation.search import Infeasible, Problem, change_of, solve
from fupin.results.draws import Draw

F64 = npt.NDArray[np.float64]

FEWEST = 20
"""Draws from which on the worth of knowing an assumption is estimated."""

FOLDS = 5
"""Groups of draws, each of which judges divisions that the others have chosen."""

NAMED = 3
"""Assumptions that are named."""

IN_ERRORS = 2.0
"""Standard errors that a gain must have; there are many assumptions, and some look well by luck."""

PARTS = 5
"""Values of an assumption for which a division is chosen: the means of as many equal groups."""


def worth_of_knowing(
    problems: Sequence[Problem], draws: Sequence[Draw]
) -> tuple[tuple[str, float], ...]:
    """(parameter, gain of the goal), the largest first; none with fewer than FEWEST draws.

    Args:
        problems: of each draw, with its curves; cells stand in one order, at the same amounts.
        draws: their parameter values.
    """
    if len(draws) < FEWEST:
        return ()
    names = sorted(set.intersection(*(set(draw.overrides) for draw in draws)))
    values = {n: np.array([float(draw.overrides[n]) for draw in draws]) for n in names}
    curves = _Curves(problems)
    unknowing = curves.best_of_all()
    if unknowing is None:
        return ()
    worth = []
    for name, value in values.items():
        if np.ptp(value) <= 0:
            continue
        more = curves.gains(_grouped((value - value.mean()) / value.std())) - unknowing
        known = more[np.isfinite(more)]
        if known.size < 2:
            continue
        error = float(known.std(ddof=1) / np.sqrt(known.size))
        gain = float(known.mean())
        if gain > IN_ERRORS * error:
            worth.append((name, gain))
    return tuple(sorted(worth, key=lambda one: (-one[1], one[0]))[:NAMED])


class _Curves:
    """Curves of all draws, and divisions that are chosen by what they are like at a value."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        first = problems[0]
        self.goals = tuple(sorted({first.goal, *(c.goal for c in first.conditions)}))
        self.values: Mapping[tuple[int, str], F64] = {
            (k, goal): np.array([one.cells[k].curves[goal].y for one in problems])
            for k in range(len(first.cells))
            for goal in self.goals
        }
        self.fold = np.arange(len(problems)) % FOLDS

    def best_of_all(self) -> F64 | None:
        """What each draw gains by the one division that is best on average, (draws,)."""
        fits = {key: _line(np.zeros(len(y)), y) for key, y in self.values.items()}
        money = self._best(fits, 0.0)
        if money is None:
            return None
        return np.array([change_of(one, money) for one in self.problems])

    def gains(self, value: F64) -> F64:
        """What each draw gains by the division that the other folds choose at its value, (draws,).

        Args:
            value: of the assumption in each draw.
        """
        found = np.full(value.size, np.nan)
        for fold in range(FOLDS):
            others = np.flatnonzero(self.fold != fold)
            fits = {key: _line(value[others], y[others]) for key, y in self.values.items()}
            chosen: dict[float, dict[str, int] | None] = {}
            for d in np.flatnonzero(self.fold == fold).tolist():
                at = float(value[d])
                if at not in chosen:
                    chosen[at] = self._best(fits, at)
                money = chosen[at]
                if money is not None:
                    found[d] = change_of(self.problems[d], money)
        return found

    def _best(
        self, fits: Mapping[tuple[int, str], tuple[F64, F64]], at: float
    ) -> dict[str, int] | None:
        first = self.problems[0]
        cells = []
        for k, cell in enumerate(first.cells):
            curves = dict(cell.curves)
            for goal in self.goals:
                mean, slope = fits[k, goal]
                curves[goal] = replace(curves[goal], y=mean + slope * at)
            cells.append(replace(cell, curves=curves))
        try:
            return solve(replace(first, cells=tuple(cells))).money
        except Infeasible:
            return None


def _grouped(value: F64) -> F64:
    """Each value as the mean of its group, of PARTS equal ones."""
    found = np.empty_like(value)
    for group in np.array_split(np.argsort(value, kind="stable"), PARTS):
        found[group] = value[group].mean()
    return found


def _line(value: F64, y: F64) -> tuple[F64, F64]:
    """Mean and slope of curves over an assumption; the slope is shrunk by its noise.

    Args:
        value: of the assumption, (draws,).
        y: curves, (draws, doses).

    Returns:
        the line's height at 0 and its slope, (doses,).
    """
    middle = float(value.mean())
    apart = value - middle
    spread = float((apart**2).sum())
    mean = y.mean(axis=0)
    if spread <= 0:
        return mean, np.zeros_like(mean)
    slope = (apart[:, None] * y).sum(axis=0) / spread
    rest = y - mean - apart[:, None] * slope
    variance = (rest**2).sum(axis=0) / max(value.size - 2, 1) / spread
    chi2, doses = float((slope**2).sum()), float(variance.sum())
    kept = max(0.0, 1.0 - doses / chi2) if chi2 > 0 else 0.0
    return mean - kept * slope * middle, kept * slope
