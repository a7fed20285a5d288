"""Many differences at once: which of them stand when chance has had as many tries."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from fupin.statistics.confidence import two_sided_normal

FALSE = 0.10
"""Expected share of false ones among those that are said to stand."""

F64 = npt.NDArray[np.float64]


def stand_together(mean: F64, low: F64, high: F64, share: float = FALSE) -> npt.NDArray[np.bool_]:
    """Which differences stand (Benjamini & Hochberg 1995), from their means and 90% intervals.

    An interval's half-width is taken for that of a normal distribution, so that a mean that lies
    just outside its interval has a p-value of 0.10. What never varies and is not zero stands.

    Args:
        mean, low, high: of as many differences; NaN where undefined.
        share: of false ones that is accepted.

    Returns:
        True for those that stand; nothing stands that is undefined or 0.
    """
    half = (high - low) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(mean) / half * two_sided_normal()
    p = 2 * ndtr(-z)
    p = np.where(np.isnan(z) | (mean == 0), 1.0, p)
    order = np.argsort(p, kind="stable")
    limits = share * np.arange(1, p.size + 1) / p.size
    below = np.flatnonzero(p[order] <= limits)
    stands = np.zeros(p.size, np.bool_)
    if below.size:
        stands[order[: below[-1] + 1]] = True
    return stands
