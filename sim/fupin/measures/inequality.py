"""Inequality of incomes over persons."""

from __future__ import annotations

import math

import numpy as np

from fupin.measures.weighted import Numbers, rank, total


def gini(values: Numbers, weights: Numbers) -> float:
    """Gini coefficient over persons: half the relative mean absolute difference.

    NaN where the mean is not positive. May exceed 1 where values are negative.
    """
    order = rank(values)
    weight = weights[order].astype(np.float64)
    people = total(weight)
    upto = np.cumsum(weight)
    value = values[order].astype(np.float64) * weight
    everything = total(value)
    if not everything > 0:
        return math.nan
    return total(value * (2.0 * upto - weight)) / (people * everything) - 1.0
