"""Integers that sum to a total: largest remainders, with bounds, many groups at once.

Only additions, multiplications and divisions take part and sums run in a fixed order, so the
result is the same on every machine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


def group_sums(group: I64, values: npt.ArrayLike, groups: int) -> F64:
    """Sum of `values` in each of `groups` groups, float64, added in the order of the rows."""
    return np.bincount(group, weights=np.asarray(values, np.float64), minlength=groups)


def power(base: F64, exponent: float, digits: int = 40) -> F64:
    """`base` to a power between 0 and 1, from square roots alone (exactly rounded by IEEE 754).

    The exponent is cut to `digits` binary digits.
    """
    result = np.ones_like(base)
    root = np.asarray(base, np.float64).copy()
    rest = exponent
    for _ in range(digits):
        root = np.sqrt(root)
        rest *= 2.0
        if rest >= 1.0:
            result = result * root
            rest -= 1.0
    return result


_SMALL, _LARGE = 1e-200, 1e200
"""Weights beyond which their sum, or a total by a weight, may pass what a float holds."""


def _scaled(w: F64, group: I64, groups: int) -> F64:
    """The same weights in other units, by powers of two: the largest of each group is near 1.

    What is lost beside them stays above nothing, so that who has any weight keeps some.
    """
    largest = np.zeros(groups)
    np.maximum.at(largest, group, w)
    scaled = np.ldexp(w, -np.frexp(largest)[1][group])
    return np.where(w > 0, np.maximum(scaled, _SMALL), 0.0)


def apportion(
    weights: npt.ArrayLike,
    totals: npt.ArrayLike,
    group: npt.ArrayLike | None = None,
    lower: npt.ArrayLike = 0,
    upper: npt.ArrayLike | None = None,
) -> I64:
    """Share each group's total among its rows in proportion to weights, as integers.

    A row gets scale x weight, cut to its bounds, where the scale of its group makes the sum equal
    the total; fractions are settled by largest remainder, ties by the order of the rows.

    Args:
        weights: (n,) not negative.
        totals: (groups,) or a scalar, integers.
        group: (n,) index of each row's group; None for one group.
        lower, upper: integer bounds of each row; no upper bound means the group's total.

    Returns:
        (n,) int64 within the bounds; sums to `totals` exactly in every group.

    Raises:
        ValueError: where bounds or zero weights leave no such integers.
    """
    w = np.asarray(weights, np.float64)
    total = np.array(totals, np.int64, ndmin=1)
    g = np.zeros(w.size, np.int64) if group is None else np.asarray(group, np.int64)
    low = np.broadcast_to(np.asarray(lower, np.int64), w.shape)
    high = np.broadcast_to(total[g] if upper is None else np.asarray(upper, np.int64), w.shape)
    high = np.where(w > 0, high, low)
    n = total.size
    if (group_sums(g, low, n) > total).any() or (group_sums(g, high, n) < total).any():
        raise ValueError("no integers within the bounds sum to the totals")

    if w.size and (w.max() > _LARGE or w[w > 0].min(initial=1.0) < _SMALL):
        w = _scaled(w, g, n)
    # Imported here: most who import this module never share anything out.
    from fupin.population.apportion_kernel import share

    result = np.empty(w.size, np.int64)
    free = upper is None and not low.any()  # no bound can bind
    share(w, total, g, np.array(low), np.array(high), free, result)
    sums = np.bincount(g, weights=result, minlength=n).astype(np.int64)
    if (sums != total).any() or (result > high).any():
        raise ValueError("fractions could not be settled within the bounds")
    return result
