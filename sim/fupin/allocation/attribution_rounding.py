"""Whole persons that add up: largest remainders, in a row of shares and in a table of two margins.

Every share is rounded to a whole number of units so that shares sum to the rounded total. Who is
rounded up has the largest part of a unit over; of equal parts the first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


def nearest(value: float) -> int:
    """The nearest whole number; half a unit goes up."""
    return math.floor(value + 0.5)


def summing(values: Sequence[float] | npt.NDArray[np.float64], total: int) -> Whole:
    """Whole numbers near some values that sum to a total.

    Args:
        values: any sign; their sum lies near the total.
        total: whole.

    Returns:
        (n,): each value rounded down or up, where the total allows it. Where values and total lie
        further apart, the difference is divided evenly first.

    Raises:
        ValueError: no values, and a total that is not 0.
    """
    # A millionth of a person is what sums of floats leave, and is not a person less.
    parts = np.round(np.asarray(values, np.float64), 6)
    if parts.size == 0:
        if total:
            raise ValueError("nothing sums to something")
        return np.zeros(0, np.int64)
    found = np.floor(parts).astype(np.int64)
    rest = parts - found
    short = total - int(found.sum())
    each, over = divmod(short, parts.size)
    found += each
    order = np.lexsort((np.arange(parts.size), -rest))
    found[order[:over]] += 1
    return found


def summing_both_ways(
    values: npt.NDArray[np.float64], rows: Sequence[int] | Whole, columns: Sequence[int] | Whole
) -> Whole:
    """A table of whole numbers near some values, with given sums of rows and of columns.

    Columns are rounded by largest remainders. Then units move within columns, from rows that have
    too much to rows that have too little, each where it hurts least; of equal moves the first.

    Args:
        values: (r, c).
        rows, columns: whole sums, (r,) and (c,), with the same total.

    Raises:
        ValueError: sums of rows and columns have different totals.
    """
    wanted = np.asarray(rows, np.int64)
    sums = np.asarray(columns, np.int64)
    if wanted.sum() != sums.sum():
        raise ValueError(f"rows sum to {wanted.sum()} and columns to {sums.sum()}")
    if not values.size:
        return np.zeros(values.shape, np.int64)
    found = np.stack(
        [summing(values[:, k], int(sums[k])) for k in range(values.shape[1])], axis=1
    )  # fmt: skip
    over = found.sum(axis=1) - wanted
    while over.any():
        gap = found - values
        down = np.abs(gap - 1) - np.abs(gap)  # what it costs to take a unit away
        up = np.abs(gap + 1) - np.abs(gap)
        much, little = np.flatnonzero(over > 0), np.flatnonzero(over < 0)
        cost = down[much][:, None, :] + up[little][None, :, :]
        a, b, k = np.unravel_index(int(np.argmin(np.round(cost, 9))), cost.shape)
        # So many as both rows need, one at a time where rounding is all that is wrong.
        units = max(1, min(over[much[a]], -over[little[b]]) // max(values.shape[1], 1))
        found[much[a], k] -= units
        found[little[b], k] += units
        over[much[a]] -= units
        over[little[b]] += units
    return found
