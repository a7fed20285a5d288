"""How cost grows with the work: the exponent of a power law, fitted by least squares of logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PowerLaw:
    """cost = factor x size ** exponent.

    Attributes:
        exponent: 1 means that twice the work costs twice the time.
        standard_error: of the exponent.
        factor: cost at size 1.
    """

    exponent: float
    standard_error: float
    factor: float


def fit_power_law(sizes: Sequence[float], costs: Sequence[float]) -> PowerLaw:
    """The power law through some measurements, ordinary least squares of log cost on log size.

    Args:
        sizes: of the work, at least two different ones among three.
        costs: of the same length, all positive.

    Raises:
        ValueError: fewer than three measurements, or all of one size.
    """
    x, y = np.log(np.asarray(sizes, np.float64)), np.log(np.asarray(costs, np.float64))
    if x.size < 3 or np.ptp(x) == 0:
        raise ValueError("a fit needs three measurements and two sizes")
    deviation = x - x.mean()
    exponent = float(deviation @ y / (deviation @ deviation))
    intercept = float(y.mean() - exponent * x.mean())
    residual = y - intercept - exponent * x
    variance = float(residual @ residual) / (x.size - 2)
    return PowerLaw(
        exponent, float(np.sqrt(variance / (deviation @ deviation))), float(np.exp(intercept))
    )
