"""The loops of `fupin.population.apportion`, compiled: scales, fractions, largest remainders.

Sums run in the order of the rows, so the result is the same on every machine.
"""

from __future__ import annotations

import numpy as np

from fupin.kernels.jit import helper, inline, kernel

_HALVINGS = 75


@inline
def _cut(value, low, high):  # type: ignore[no-untyped-def]
    return min(max(value, np.float64(low)), np.float64(high))


@kernel
def share(w, total, g, low, high, free, out):  # type: ignore[no-untyped-def]
    """Integer shares of the groups' totals into `out`; arguments as `apportion` has made them.

    Args:
        w: weights, (n,) float64.
        total: (groups,) int64.
        g: group of each row, (n,) int64.
        low, high: bounds, (n,) int64.
        free: True where no bound can bind.
        out: (n,) int64.
    """
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
        if missing[k] > 0:
            _raise_largest(fraction, rows[ends[k] : ends[k + 1]], missing[k], out)


@helper
def _raise_largest(value, rows, number, out):  # type: ignore[no-untyped-def]
    # One more for the rows of the `number` largest values, of equals the first in order.
    least, at_least = -np.inf, rows.size
    if number < rows.size:
        least = _in_place(value[rows], rows.size - number)
        above = np.int64(0)
        for row in rows:
            above += np.int64(value[row] > least)
        at_least = number - above
    for row in rows:
        if value[row] > least:
            out[row] += 1
        elif value[row] == least and at_least > 0:
            out[row] += 1
            at_least -= 1


@helper
def _in_place(values, place):  # type: ignore[no-untyped-def]
    # What a sort would put in a place (Hoare 1961, quickselect); `values` change their order.
    first, last = 0, values.size - 1
    while first < last:
        pivot = values[(first + last) // 2]
        i, j = first, last
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if place <= j:
            last = j
        elif place >= i:
            first = i
        else:
            break
    return values[place]


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
