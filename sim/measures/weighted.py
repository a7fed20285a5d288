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


def ratio(part: float, whole: float) -> float:
    """part / whole, NaN where the whole is nothing."""
    return part / whole if whole else math.nan


def total(values: Numbers) -> float:
    """Sum in float64."""
    return float(values.sum(dtype=np.float64))


def count(chosen: Flags, weights: Numbers) -> int:
    """Whole persons of `chosen`; exact up to 2^53."""
    return round(float(np.where(chosen, weights, 0).sum(dtype=np.float64)))


def share(chosen: Flags, among: Flags, weights: Numbers) -> float:
    """Weight of `chosen` and `among` as a share of the weight of `among`."""
    return ratio(total(weights[chosen & among]), total(weights[among]))


def weighted_mean(values: Numbers, weights: Numbers) -> float:
    """Mean over persons."""
    weight = np.asarray(weights, np.float64)
    return ratio(total(values * weight), total(weight))


def rank(values: Numbers) -> npt.NDArray[np.int64]:
    """Row numbers in ascending order of value; equal values in the order of their rows.

    Values are compared as float32. One integer sort of (ordered bits of the value, row) is several
    times faster than a stable argsort and gives the same order on every machine.
    """
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    ordered = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    keys = ordered.astype(np.uint64) << _32
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    return (keys & _LOW32).astype(np.int64)


def quantile_groups(values: Numbers, weights: Numbers, groups: int) -> npt.NDArray[np.int8]:
    """Group 0 (lowest) to groups - 1 of each row, of equal weight.

    A household stays whole: it belongs where the middle of its weight lies. Equal values may fall
    on both sides of a border, in the order of their rows. Rows without weight follow their place.
    """
    order = rank(values)
    weight = weights[order].astype(np.float64)
    middle = np.cumsum(weight) - 0.5 * weight
    group = np.empty(len(order), np.int8)
    everybody = total(weight)
    position = middle * groups / everybody if everybody else np.zeros(len(order))
    group[order] = np.minimum(position.astype(np.int64), groups - 1)
    return group
