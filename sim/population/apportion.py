"""Integers that sum to a total: largest remainders, with bounds, many groups at once.

Only additions, multiplications and divisions take part and sums run in a fixed order, so the
result is the same on every machine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kernels.jit import helper, inline, kernel

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

_HALVINGS = 75


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
    total = np.atleast_1d(np.asarray(totals, np.int64))
    g = np.zeros(w.size, np.int64) if group is None else np.asarray(group, np.int64)
    low = np.broadcast_to(np.asarray(lower, np.int64), w.shape)
    high = np.broadcast_to(total[g] if upper is None else np.asarray(upper, np.int64), w.shape)
    high = np.where(w > 0, high, low)
    n = total.size
    if (group_sums(g, low, n) > total).any() or (group_sums(g, high, n) < total).any():
        raise ValueError("no integers within the bounds sum to the totals")

    result = np.empty(w.size, np.int64)
    free = upper is None and not low.any()  # no bound can bind
    _share(w, total, g, np.array(low), np.array(high), free, result)
    sums = np.bincount(g, weights=result, minlength=n).astype(np.int64)
    if (sums != total).any() or (result > high).any():
        raise ValueError("fractions could not be settled within the bounds")
    return result


@inline
def _cut(value, low, high):  # type: ignore[no-untyped-def]
    return min(max(value, np.float64(low)), np.float64(high))


@kernel
def _share(w, total, g, low, high, free, out):  # type: ignore[no-untyped-def]
    scale = _free_scale(w, total, g) if free else _scale_within_bounds(w, total, g, low, high)
    missing = total.copy()
    fraction = np.empty(w.size, np.float64)
    for i in range(w.size):
        share = _cut(w[i] * scale[g[i]], low[i], high[i])
        whole = np.int64(np.floor(share))
        fraction[i] = share - whole if whole < high[i] else -1.0
        missing[g[i]] -= whole
        out[i] = whole
    # Rows of each group together, in their order (a counting sort).
    ends = np.zeros(total.size + 1, np.int64)
    for i in range(w.size):
        ends[g[i] + 1] += 1
    for k in range(total.size):
        ends[k + 1] += ends[k]
    rows, filled = np.empty(w.size, np.int64), ends[:-1].copy()
    for i in range(w.size):
        rows[filled[g[i]]] = i
        filled[g[i]] += 1
    for k in range(total.size):
        group = rows[ends[k] : ends[k + 1]]
        if missing[k] > 0:
            _largest_first(fraction, group)
        for place in range(min(missing[k], group.size)):
            out[group[place]] += 1


@helper
def _largest_first(value, rows):  # type: ignore[no-untyped-def]
    # Heapsort of rows by falling value, equals by rising row: the same order on every machine.
    n = rows.size
    for start in range(n // 2 - 1, -1, -1):
        _sink(value, rows, start, n)
    for last in range(n - 1, 0, -1):
        rows[0], rows[last] = rows[last], rows[0]
        _sink(value, rows, 0, last)


@helper
def _sink(value, rows, place, size):  # type: ignore[no-untyped-def]
    row = rows[place]
    child = 2 * place + 1
    while child < size:
        if child + 1 < size and _comes_before(value, rows[child], rows[child + 1]):
            child += 1
        if not _comes_before(value, row, rows[child]):
            break
        rows[place] = rows[child]
        place = child
        child = 2 * place + 1
    rows[place] = row


@inline
def _comes_before(value, a, b):  # type: ignore[no-untyped-def]
    return value[a] > value[b] or (value[a] == value[b] and a < b)


@helper
def _free_scale(w, total, g):  # type: ignore[no-untyped-def]
    sums = np.zeros(total.size, np.float64)
    for i in range(w.size):
        sums[g[i]] += w[i]
    for k in range(total.size):
        sums[k] = total[k] / (sums[k] if sums[k] > 0 else 1.0)
    return sums


@helper
def _scale_within_bounds(w, total, g, low, high):  # type: ignore[no-untyped-def]
    # The largest scale of each group whose clipped shares do not exceed its total, by halving.
    below, above = np.zeros(total.size, np.float64), np.full(total.size, np.inf)
    for i in range(w.size):
        if w[i] > 0:
            above[g[i]] = min(above[g[i]], w[i])
    for k in range(total.size):
        above[k] = (total[k] + 1.0) / (above[k] if np.isfinite(above[k]) else 1.0)
    sums = np.empty(total.size, np.float64)
    for _ in range(_HALVINGS):
        sums[:] = 0.0
        for i in range(w.size):
            middle = 0.5 * (below[g[i]] + above[g[i]])
            sums[g[i]] += _cut(w[i] * middle, low[i], high[i])
        for k in range(total.size):
            middle = 0.5 * (below[k] + above[k])
            if sums[k] <= total[k]:
                below[k] = middle
            else:
                above[k] = middle
    return below
