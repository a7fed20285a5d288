"""Rank correlations (Spearman), and how large the largest of many is by chance."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import level_of_each, two_sided_t

F64 = npt.NDArray[np.float64]


def ranks(values: npt.NDArray[np.floating]) -> F64:
    """Ranks from 1 along the first axis, equal values sharing the mean of theirs; as `values`."""
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    place = np.arange(len(values)).reshape(-1, *[1] * (values.ndim - 1))
    differs = ordered[1:] != ordered[:-1]
    edge = np.ones((1, *values.shape[1:]), bool)
    starts, ends = np.concatenate([edge, differs]), np.concatenate([differs, edge])
    first = np.maximum.accumulate(np.where(starts, place, 0), axis=0)
    last = np.minimum.accumulate(np.where(ends, place, len(values))[::-1], axis=0)[::-1]
    found = np.empty(values.shape)
    np.put_along_axis(found, order, (first + last) / 2.0 + 1.0, axis=0)
    return found


def rank_correlations(x: F64, y: F64) -> F64:
    """Correlation of every column of ranks x, (n, columns), with ranks y, (n,); none constant."""
    a, b = x - x.mean(axis=0), y - y.mean()
    found: F64 = (a * b[:, None]).sum(axis=0) / np.sqrt((a * a).sum(axis=0) * (b @ b))
    return found


def largest_by_chance(rows: int, columns: int) -> float:
    """What the largest of so many unrelated correlations stays below in `LEVEL` of cases.

    By Student's t for each, at the level that makes all of them together sure.
    """
    freedom = rows - 2
    t = two_sided_t(freedom, level_of_each(columns))
    return t / math.sqrt(freedom + t * t)
