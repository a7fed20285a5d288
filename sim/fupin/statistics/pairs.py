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

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import satterthwaite, t_quantile, two_sided_t
from fupin.statistics.crossed import (
    Statistics,
    canonical,
    covariance,
    exact_mean,
    mean_squares,
    square_sum,
    statistics,
)
from fupin.statistics.ratios import ratio_interval

Grid = npt.NDArray[np.float64]

POWER = 0.80
"""Chance of telling two plans apart with the number of runs that is named."""

MOST_RUNS = 1_000_000
"""Beyond this no number is named: the plans are not told apart by more runs."""

TIE = 1e-9
"""Mean squares that differ by a smaller part of them are equal."""


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
    "freedom",
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
        values = grid.ravel().tolist()
        variance = square_sum(values, exact_mean(values)) / (n - 1)
        return Precision((1.0, 0.0, 0.0), n - 1, variance / n)
    ms = mean_squares(grid.tolist())
    parts = (ms.draws, ms.seeds, -ms.interaction)
    together = math.fsum(parts)
    larger = max(ms.draws, ms.seeds)
    # Of ties (one pair alone differs) rounding must not choose: the degrees of freedom jump there.
    if together <= larger * (1 + TIE):
        by_draws = ms.draws >= ms.seeds * (1 - TIE)
        weights = (1.0, 0.0, 0.0) if by_draws else (0.0, 1.0, 0.0)
        return Precision(weights, (draws if by_draws else seeds) - 1, larger / n)
    freedoms = (draws - 1, seeds - 1, (draws - 1) * (seeds - 1))
    return Precision((1.0, 1.0, -1.0), satterthwaite(parts, freedoms), together / n)


def _covariance(x: Grid, y: Grid, weights: tuple[float, float, float]) -> float:
    """Covariance of two means, by the rule that was chosen for one of them."""
    if 1 in x.shape:
        return covariance(x.ravel().tolist(), y.ravel().tolist()) / x.size
    found = mean_squares(x.tolist(), y.tolist())
    return math.fsum(w * ms for w, ms in zip(weights, found, strict=True)) / x.size


def difference(grid: Grid) -> Statistics:
    """Mean of paired differences with both intervals, spreads, shares of pairs above and below 0,
    and the degrees of freedom of the mean; everything None where any pair is undefined (NaN)."""
    if np.isnan(grid).any():
        return dict.fromkeys(_NOTHING)
    whole = statistics(grid.tolist())
    found = precision(grid)
    mean = exact_mean(grid.ravel().tolist())
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
        "freedom": None if found is None else canonical(found.freedom),
    }


def level(grid: Grid) -> Statistics:
    """Mean with its 90% confidence interval."""
    whole = difference(grid)
    return {key: whole[key] for key in ("mean", "low", "high")}


def mean_of(grid: Grid) -> float | int | None:
    """Mean over a grid, None where any run is undefined."""
    return None if np.isnan(grid).any() else canonical(exact_mean(grid.ravel().tolist()))


def cost_per(cost: Grid, effect: Grid) -> Statistics:
    """Ratio of the mean cost to the mean effect, with Fieller's 90% interval.

    Returns:
        {mean, low, high}: yuan a unit of effect. All None where the interval of the effect holds 0
        or lies below it: nobody knows that there is an effect to divide by. `low` and `high` alone
        are None for a single pair. A negative ratio saves money.
    """
    return _ratio(cost, effect, precision(effect))


def effect_per(effect: Grid, cost: Grid) -> Statistics:
    """The inverse: mean effect over mean cost, with Fieller's 90% interval.

    Returns:
        {mean, low, high}: effect a yuan. Defined also where nobody knows that there is an effect,
        and not where the interval of the cost holds 0 or lies below it.
    """
    return _ratio(effect, cost, precision(effect))


def _ratio(over: Grid, under: Grid, found: Precision | None) -> Statistics:
    """Ratio of two means; variances by the rule that was found for the effect."""
    nothing: Statistics = dict.fromkeys(("mean", "low", "high"))
    if np.isnan(over).any() or np.isnan(under).any():
        return nothing
    mean_over, mean_under = (exact_mean(g.ravel().tolist()) for g in (over, under))
    if not mean_under > 0:
        return nothing
    if found is None:
        return nothing | {"mean": canonical(mean_over / mean_under)}
    above, below = (max(_covariance(g, g, found.weights), 0.0) for g in (over, under))
    both = _covariance(over, under, found.weights)
    most = math.sqrt(above * below)
    both = min(max(both, -most), most)
    ends = ratio_interval(mean_over, mean_under, above, below, both, found.t)
    if ends is None:
        return nothing
    return {
        "mean": canonical(mean_over / mean_under),
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
    units = [exact_mean(row) for row in grid.tolist()] if draws > 1 else grid[0].tolist()
    unit = "draws" if draws > 1 else "seeds"
    found = precision(grid)
    if found is None:
        return Needed(False, unit, 1, None)
    mean = exact_mean(units)
    told = abs(mean) > found.t * math.sqrt(found.variance)
    if len(units) == 1:
        return Needed(told, unit, 1, None)
    sd = math.sqrt(square_sum(units, mean) / (len(units) - 1))
    return Needed(told, unit, len(units), pairs_needed(mean, sd))
