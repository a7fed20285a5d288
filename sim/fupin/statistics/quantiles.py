"""The one quantile: at position p (n + 1) of the sorted numbers (Hyndman & Fan 1996, type 6).

Of n numbers a further one lies below it with chance p, whatever their distribution. numpy's own
default (type 7) lies further inside: of twenty runs its 5% and 95% hold 82% of further ones, these
90%. Positions before the first number or behind the last stand for these two: fewer than 19 numbers
have no 5% quantile, and what is called so is the smallest.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import ENDS

F64 = npt.NDArray[np.float64]


def quantile(values: npt.ArrayLike, share: float) -> F64:
    """The number below which a share lies, along the first axis: (n, ...) to (...).

    Raises:
        ValueError: no numbers, one that is undefined, or a share outside 0 to 1.
    """
    ordered = np.sort(np.asarray(values, np.float64), axis=0)
    n = len(ordered)
    if not n or np.isnan(ordered).any() or not 0 <= share <= 1:
        raise ValueError("a quantile needs numbers, all of them defined, and a share of 0 to 1")
    position = min(max(share * (n + 1), 1.0), float(n))
    below = int(position)
    above = min(below + 1, n)
    part = position - below
    return np.asarray(ordered[below - 1] + part * (ordered[above - 1] - ordered[below - 1]))


def central_interval(values: npt.ArrayLike) -> tuple[F64, F64]:
    """The two numbers between which `confidence.LEVEL` of all lie, along the first axis."""
    return quantile(values, ENDS[0]), quantile(values, ENDS[1])
