"""Mean, interval and spreads of a number over runs: draws crossed with seeds.

Each number is `{mean, low, high, sd_seeds, sd_draws}`:

mean      over all runs; every draw has the same weight.
low, high from 19 runs on a 90% predictive interval: where one further run, of another draw or
          seed, would fall. These are the 5th and 95th percentiles of the runs
          (`fupin.statistics.quantiles`), whose coverage does not depend on the distribution. Fewer
          have no such percentiles; then the smallest and the largest of them, which hold
          (n - 1) / (n + 1) of further runs. So an interval never leaves what is possible, nor what
          the runs show.
sd_seeds  spread between seeds of the same draw, pooled over draws.
sd_draws  spread between draws that is not chance. Draws share their seeds, so what a seed does to
          all draws alike cancels out of their differences; only the interaction of draw and seed
          is subtracted (two-way analysis of variance, method of moments, at least 0).

A number is null where it cannot be known: the interval of one run, sd_seeds of one seed, sd_draws
of one draw or one seed, and everything where any run leaves the outcome undefined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from fupin.statistics.quantiles import central_interval

SIGNIFICANT_DIGITS = 12
"""Kept of every number: more than any figure means, fewer than sums in another order change."""

ENOUGH_FOR_PERCENTILES = 19
"""Runs that have a 5th and a 95th percentile; of fewer the range is shown."""

Statistics = dict[str, float | int | None]


def statistics(grid: Sequence[Sequence[float | None]]) -> Statistics:
    """Mean, 90% interval and spreads of one outcome; `grid` is draws x seeds."""
    values = [[value for value in row if value is not None] for row in grid]
    if any(len(kept) < len(row) for kept, row in zip(values, grid, strict=True)):
        return dict.fromkeys(("mean", "low", "high", "sd_seeds", "sd_draws"))
    pooled = sorted(value for row in values for value in row)
    low, high = _interval(pooled)
    sd_seeds, sd_draws = _spreads(values)
    return {
        "mean": canonical(exact_mean(pooled)),
        "low": canonical(low),
        "high": canonical(high),
        "sd_seeds": canonical(sd_seeds),
        "sd_draws": canonical(sd_draws),
    }


def canonical(value: float | None) -> float | int | None:
    """The number with 12 significant digits; a whole number as an int; never -0."""
    if value is None:
        return None
    rounded = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


def exact_mean(values: Sequence[float]) -> float:
    """Mean, rounded once (`fsum`), so that the order of the runs does not matter."""
    return math.fsum(values) / len(values)


def square_sum(values: Sequence[float], centre: float) -> float:
    """Sum of squares about a centre, rounded once."""
    return math.fsum((value - centre) ** 2 for value in values)


def covariance(x: Sequence[float], y: Sequence[float]) -> float:
    """Of two or more pairs of numbers, n - 1 in the denominator."""
    centre_x, centre_y = exact_mean(x), exact_mean(y)
    products = ((a - centre_x) * (b - centre_y) for a, b in zip(x, y, strict=True))
    return math.fsum(products) / (len(x) - 1)


def _interval(ordered: Sequence[float]) -> tuple[float | None, float | None]:
    if len(ordered) == 1:
        return None, None
    low, high = central_interval(ordered)
    return float(low), float(high)


def _spreads(grid: Sequence[Sequence[float]]) -> tuple[float | None, float | None]:
    """Spread between seeds and between draws; see the head of the module."""
    draws, seeds = len(grid), len(grid[0])
    if seeds == 1:
        return None, None
    row_means = [exact_mean(row) for row in grid]
    within = math.fsum(square_sum(row, mean) for row, mean in zip(grid, row_means, strict=True)) / (
        draws * (seeds - 1)
    )
    if draws == 1:
        return math.sqrt(within), None
    squares = mean_squares(grid)
    between = (squares.draws - squares.interaction) / seeds
    return math.sqrt(within), math.sqrt(max(between, 0.0))


class MeanSquares(NamedTuple):
    """Mean squares of a grid, or mean products of two, each over its degrees of freedom.

    Attributes:
        draws: between draws, seeds x (draws - 1).
        seeds: between seeds, draws x (seeds - 1).
        interaction: what is left.
    """

    draws: float
    seeds: float
    interaction: float


def mean_squares(
    grid: Sequence[Sequence[float]], other: Sequence[Sequence[float]] | None = None
) -> MeanSquares:
    """Two-way analysis of variance of draws x seeds, two or more of each; of two grids covariance.

    Sums are rounded once (`fsum`), so that neither order of draws nor of seeds changes a digit.
    """
    draws, seeds = len(grid), len(grid[0])
    mine = _effects(grid)
    others = mine if other is None else _effects(other)
    rows, columns, rest = (_product_sum(a, b) for a, b in zip(mine, others, strict=True))
    return MeanSquares(
        seeds * rows / (draws - 1),
        draws * columns / (seeds - 1),
        rest / ((draws - 1) * (seeds - 1)),
    )


def _effects(grid: Sequence[Sequence[float]]) -> tuple[list[float], list[float], list[float]]:
    """How far each draw and each seed lies from the mean of all, and what both leave of a run."""
    row_means = [exact_mean(row) for row in grid]
    column_means = [exact_mean(column) for column in zip(*grid, strict=True)]
    grand = exact_mean(row_means)
    rest = [
        value - row_mean - column_mean + grand
        for row, row_mean in zip(grid, row_means, strict=True)
        for value, column_mean in zip(row, column_means, strict=True)
    ]
    return [mean - grand for mean in row_means], [mean - grand for mean in column_means], rest


def _product_sum(a: Sequence[float], b: Sequence[float]) -> float:
    if a is b:  # not a * a, which differs from a**2 in the last bit once in a thousand
        return math.fsum(value**2 for value in a)
    return math.fsum(x * y for x, y in zip(a, b, strict=True))
