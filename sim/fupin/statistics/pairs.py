"""Statistics of pairs: the same draw and seed under two plans, one difference a pair.

A grid is an array of draws x seeds, every draw with every seed. Two intervals stand beside one
another and must not be confused:

low, high            90% confidence interval of the mean difference: how well these pairs know what
                     the plan changes on average. It narrows with more pairs.
next_low, next_high  90% predictive interval: where the difference of one further pair would fall
                     (`fupin.statistics.crossed`). It does not narrow.

Pairs of several draws and several seeds are not independent: those of one draw share its
parameters, those of one seed its luck. With mean squares of draws, seeds and their interaction,
the variance of the mean over n = draws x seeds pairs is (MS_draws + MS_seeds - MS_interaction) / n
(two crossed random factors; Searle, Casella & McCulloch 1992, Variance Components, ch. 4), at
least that of the larger factor alone, with Satterthwaite's degrees of freedom. With one draw or one
seed it is the ordinary sd^2 / n with n - 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import t_quantile, two_sided_t
from fupin.statistics.crossed import Statistics, canonical, statistics
from fupin.statistics.ratios import ratio_interval

Grid = npt.NDArray[np.float64]

POWER = 0.80
"""Chance of telling two plans apart with the number of runs that is named."""

MOST_RUNS = 1_000_000
"""Beyond this no number is named: the plans are not told apart by more runs."""

TIE = 1e-9
"""Mean squares that differ by a smaller part of them are equal."""


class _Unbounded(NamedTuple):
    least: float | None = None
    most: float | None = None


_DIFFERENCE = _Unbounded()
_NOTHING = (
    "mean",
    "low",
    "high",
    "next_low",
    "next_high",
    "sd_seeds",
    "sd_draws",
    "above",
    "below",
)


class MeanSquares(NamedTuple):
    """Mean squares (or cross products) of a grid and their degrees of freedom."""

    draws: float
    seeds: float
    interaction: float


def _mean_squares(x: Grid, y: Grid) -> MeanSquares:
    draws, seeds = x.shape
    centred = [g - g.mean() for g in (x, y)]
    rows = [g.mean(axis=1) for g in centred]
    columns = [g.mean(axis=0) for g in centred]
    rest = [g - r[:, None] - c for g, r, c in zip(centred, rows, columns, strict=True)]
    return MeanSquares(
        float(seeds * (rows[0] * rows[1]).sum() / (draws - 1)),
        float(draws * (columns[0] * columns[1]).sum() / (seeds - 1)),
        float((rest[0] * rest[1]).sum() / ((draws - 1) * (seeds - 1))),
    )


@dataclass(frozen=True)
class Precision:
    """How well a mean over a grid is known.

    Attributes:
        weights: of the three mean squares in the variance of the mean (before division by n).
        freedom: degrees of freedom.
        variance: of the mean.
    """

    weights: tuple[float, float, float]
    freedom: float
    variance: float

    @property
    def t(self) -> float:
        """Quantile for a two-sided interval of LEVEL."""
        return two_sided_t(self.freedom)


def precision(grid: Grid) -> Precision | None:
    """Precision of the mean of a grid; None for a single pair."""
    draws, seeds = grid.shape
    n = grid.size
    if n == 1:
        return None
    if draws == 1 or seeds == 1:
        return Precision((1.0, 0.0, 0.0), n - 1, float(grid.var(ddof=1)) / n)
    ms = _mean_squares(grid, grid)
    together = ms.draws + ms.seeds - ms.interaction
    larger = max(ms.draws, ms.seeds)
    # Of ties (one pair alone differs) rounding must not choose: the degrees of freedom jump there.
    if together <= larger * (1 + TIE):
        by_draws = ms.draws >= ms.seeds * (1 - TIE)
        weights = (1.0, 0.0, 0.0) if by_draws else (0.0, 1.0, 0.0)
        return Precision(weights, (draws if by_draws else seeds) - 1, larger / n)
    parts = (
        ms.draws**2 / (draws - 1)
        + ms.seeds**2 / (seeds - 1)
        + ms.interaction**2 / ((draws - 1) * (seeds - 1))
    )
    return Precision((1.0, 1.0, -1.0), max(together**2 / parts, 1.0), together / n)


def _covariance(x: Grid, y: Grid, weights: tuple[float, float, float]) -> float:
    """Covariance of two means, by the rule that was chosen for one of them."""
    n = x.size
    if 1 in x.shape:
        return float(((x - x.mean()) * (y - y.mean())).sum()) / ((n - 1) * n)
    return sum(w * ms for w, ms in zip(weights, _mean_squares(x, y), strict=True)) / n


def difference(grid: Grid) -> Statistics:
    """Mean of paired differences with both intervals, spreads, and shares of pairs above and
    below 0; everything None where any pair is undefined (NaN)."""
    if np.isnan(grid).any():
        return dict.fromkeys(_NOTHING)
    whole = statistics(grid.tolist(), _DIFFERENCE)
    found = precision(grid)
    mean = math.fsum(grid.ravel()) / grid.size
    half = None if found is None else found.t * math.sqrt(found.variance)
    return {
        "mean": whole["mean"],
        "low": None if half is None else canonical(mean - half),
        "high": None if half is None else canonical(mean + half),
        "next_low": whole["low"],
        "next_high": whole["high"],
        "sd_seeds": whole["sd_seeds"],
        "sd_draws": whole["sd_draws"],
        "above": canonical(float((grid > 0).mean())),
        "below": canonical(float((grid < 0).mean())),
    }


def mean_of(grid: Grid) -> float | int | None:
    """Mean over a grid, None where any run is undefined."""
    return None if np.isnan(grid).any() else canonical(math.fsum(grid.ravel()) / grid.size)


def cost_per(cost: Grid, effect: Grid) -> Statistics:
    """Ratio of the mean cost to the mean effect, with Fieller's 90% interval.

    Returns:
        {mean, low, high}: yuan a unit of effect. All None where the interval of the effect holds 0
        or lies below it: nobody knows that there is an effect to divide by. `low` and `high` alone
        are None for a single pair. A negative ratio saves money.
    """
    nothing: Statistics = dict.fromkeys(("mean", "low", "high"))
    if np.isnan(cost).any() or np.isnan(effect).any():
        return nothing
    mean_cost, mean_effect = (math.fsum(g.ravel()) / g.size for g in (cost, effect))
    if not mean_effect > 0:
        return nothing
    found = precision(effect)
    if found is None:
        return nothing | {"mean": canonical(mean_cost / mean_effect)}
    spread = max(_covariance(cost, cost, found.weights), 0.0)
    both = _covariance(cost, effect, found.weights)
    most = math.sqrt(spread * found.variance)
    both = min(max(both, -most), most)
    ends = ratio_interval(mean_cost, mean_effect, spread, found.variance, both, found.t)
    if ends is None:
        return nothing
    return {
        "mean": canonical(mean_cost / mean_effect),
        "low": canonical(ends[0]),
        "high": canonical(ends[1]),
    }


def pairs_needed(mean: float, sd: float) -> int | None:
    """Pairs after which the 90% interval excludes 0 in 8 of 10 comparisons; None: out of reach.

    The smallest n with |mean| sqrt(n) / sd >= t(0.95, n - 1) + t(0.80, n - 1), if mean and sd are
    what they seem.
    """
    if mean == 0:
        return None
    if sd == 0:
        return 2

    def enough(n: int) -> bool:
        needed = two_sided_t(n - 1) + t_quantile(POWER, n - 1)
        return abs(mean) * math.sqrt(n) / sd >= needed

    low, high = 1, 2
    while not enough(high):
        if high >= MOST_RUNS:
            return None
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


@dataclass(frozen=True)
class Needed:
    """Runs that tell two plans apart.

    Attributes:
        told: the interval of these pairs excludes 0 already.
        unit: what there must be more of: "seeds", or "draws" where several draws were run.
        have: how many there are.
        need: how many it takes (see `pairs_needed`); None where it is not known or out of reach.
    """

    told: bool
    unit: str
    have: int
    need: int | None

    @property
    def more(self) -> int | None:
        """How many more; 0 where the plans are told apart."""
        if self.told:
            return 0
        return None if self.need is None else max(self.need - self.have, 1)


def runs_needed(grid: Grid) -> Needed | None:
    """How many seeds, or draws, tell this difference from 0; None where it is undefined."""
    if np.isnan(grid).any():
        return None
    draws = grid.shape[0]
    units = grid.mean(axis=1) if draws > 1 else grid[0]
    unit = "draws" if draws > 1 else "seeds"
    found = precision(grid)
    if found is None:
        return Needed(False, unit, 1, None)
    mean = float(grid.mean())
    told = abs(mean) > found.t * math.sqrt(found.variance)
    sd = float(units.std(ddof=1)) if units.size > 1 else 0.0
    return Needed(told, unit, units.size, pairs_needed(mean, sd) if units.size > 1 else None)
