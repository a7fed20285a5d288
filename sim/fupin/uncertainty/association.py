"""Which parameters of many draws go with an outcome: shares of rank variance, with a noise floor.

Draws vary all uncertain parameters at once (178 of them), and rows of a posterior are correlated,
so that no Sobol index exists. What can be said is which parameters go with the outcome: the square
of Spearman's rank correlation, the share of the outcome's rank variance that a monotone line in one
parameter accounts for. Some of many idle parameters always seem to matter; the floor is what the
largest of them reaches in 5% of permutations of the outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import ENDS
from fupin.statistics.quantiles import central_interval, quantile
from fupin.statistics.ranks import ranks

F64 = npt.NDArray[np.float64]

LEAST_VECTORS = 10
"""Fewer parameter vectors say nothing about any of them."""

RESAMPLES = 500
SEED = 20091231


@dataclass(frozen=True)
class Association:
    """How a parameter goes with an outcome.

    Attributes:
        name: the parameter.
        correlation: Spearman's, of -1 to 1.
        share, low, high: its square, with a 90% bootstrap interval over parameter vectors.
    """

    name: str
    correlation: float
    share: float
    low: float
    high: float


def rank(values: F64) -> F64:
    """Ranks, ties in the middle, standardised; of each column."""
    found = ranks(values)
    spread = found.std(axis=0)
    return np.asarray((found - found.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def associations(names: Sequence[str], x: F64, y: F64) -> tuple[list[Association], float]:
    """Every parameter, the largest share first, and the floor of noise.

    Args:
        names: of the parameters.
        x: their values, (vectors, parameters).
        y: mean outcome of each vector, (vectors,).

    Raises:
        ValueError: numbers that are not finite, fewer than LEAST_VECTORS.
    """
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("associations of numbers that are not finite")
    n = len(y)
    if n < LEAST_VECTORS:
        raise ValueError(f"associations need {LEAST_VECTORS} parameter vectors")
    chance = np.random.default_rng(SEED)
    columns, outcome = rank(x), rank(y)
    whole = columns.T @ outcome / n
    largest = [((columns.T @ chance.permutation(outcome) / n) ** 2).max() for _ in range(RESAMPLES)]
    floor = float(quantile(largest, ENDS[1]))
    again = np.zeros((RESAMPLES, len(names)))
    for i in range(RESAMPLES):
        rows = chance.integers(0, n, n)
        again[i] = (rank(x[rows]).T @ rank(y[rows]) / n) ** 2
    low, high = central_interval(again)
    found = [
        Association(name, float(whole[k]), float(whole[k] ** 2), float(low[k]), float(high[k]))
        for k, name in enumerate(names)
    ]
    return sorted(found, key=lambda one: -one.share), floor
