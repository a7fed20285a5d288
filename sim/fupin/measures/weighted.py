"""Sums, shares, means, ranks and quantile groups of weighted people."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating] | npt.NDArray[np.integer]
Flags = npt.NDArray[np.bool_]

_SIGN = np.uint32(0x80000000)
_LOW32 = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_COARSE = np.uint32(13)
"""Bits of a value that its bin leaves out: bins are an eight-hundredth of a value wide or less."""


def ratio(part: float, whole: float) -> float:
    """part / whole, NaN where the whole is nothing."""
    return part / whole if whole else math.nan


def total(values: Numbers) -> float:
    """Sum in float64."""
    return float(values.sum(dtype=np.float64))


def count(chosen: Flags, weights: Numbers) -> int:
    """Whole persons of `chosen`; exact (up to 2^53 where weights are floats)."""
    kind = np.int64 if weights.dtype.kind in "iu" else np.float64
    return round(float(weights[chosen].sum(dtype=kind)))


def share(chosen: Flags, among: Flags, weights: Numbers) -> float:
    """Weight of `chosen` and `among` as a share of the weight of `among`."""
    return ratio(total(weights[chosen & among]), total(weights[among]))


def weighted_mean(values: Numbers, weights: Numbers) -> float:
    """Mean over persons."""
    weight = np.asarray(weights, np.float64)
    return ratio(total(values * weight), total(weight))


def _ordered_bits(values: Numbers) -> npt.NDArray[np.uint32]:
    """Whole numbers in the order of the values as float32."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


def rank(values: Numbers) -> npt.NDArray[np.int64]:
    """Row numbers in ascending order of value; equal values in the order of their rows.

    Values are compared as float32. One integer sort of (ordered bits of the value, row) is several
    times faster than a stable argsort and gives the same order on every machine.
    """
    keys = _ordered_bits(values).astype(np.uint64) << _32
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    return (keys & _LOW32).astype(np.int64)


def quantile_groups(values: Numbers, weights: Numbers, groups: int) -> npt.NDArray[np.int8]:
    """Group 0 (lowest) to groups - 1 of each row, of equal weight.

    A household stays whole: it belongs where the middle of its weight lies. Equal values may fall
    on both sides of a border, in the order of their rows. Rows without weight follow their place.
    """
    # Values fall into coarse bins; only bins in which a border lies are sorted.
    bins = _ordered_bits(values) >> _COARSE
    weight = np.asarray(weights, np.float64)
    upto = np.cumsum(np.bincount(bins, weights=weight))
    everybody = float(upto[-1]) if upto.size else 0.0

    def place(position: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        part = position * groups / everybody if everybody else np.zeros(len(position))
        return np.minimum(part.astype(np.int64), groups - 1)

    before = np.concatenate([[0.0], upto[:-1]])
    low, high = place(before), place(upto)
    group: npt.NDArray[np.int8] = low.astype(np.int8)[bins]
    for border in np.flatnonzero(low != high):
        rows = np.flatnonzero(bins == border)
        rows = rows[rank(values[rows])]
        middle = before[border] + np.cumsum(weight[rows]) - 0.5 * weight[rows]
        group[rows] = place(middle)
    return group
