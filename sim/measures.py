"""Poverty, inequality, mobility and targeting of weighted people.

All functions take one entry per household: `income` is yuan per person and year, `weights` are the
persons that the household stands for (size x weight of its village). Arrays of the same length;
incomes may be negative after a bad year. Undefined values (nobody poor, no weight) are NaN.
Sums run in float64 by additions alone (no BLAS), so that bytes do not depend on a machine.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating] | npt.NDArray[np.integer]
Flags = npt.NDArray[np.bool_]

_SIGN = np.uint32(0x80000000)
_LOW32 = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _total(values: Numbers) -> float:
    return float(values.sum(dtype=np.float64))


def _share(chosen: Flags, among: Flags, weights: Numbers) -> float:
    """Weight of `chosen` and `among` as a share of the weight of `among`."""
    return _ratio(_total(weights[chosen & among]), _total(weights[among]))


def weighted_mean(values: Numbers, weights: Numbers) -> float:
    """Mean over persons."""
    weight = np.asarray(weights, np.float64)
    return _ratio(_total(values * weight), _total(weight))


# --- poverty ---------------------------------------------------------------------------------


def poverty_gaps(income: Numbers, line: float) -> npt.NDArray[np.float64]:
    """Shortfall from the line as a share of it, 0 for the non-poor, at most 1.

    A loss counts as no income: otherwise one household's failed business would outweigh a village.
    """
    gap = 1.0 - np.asarray(income, np.float64) / float(line)
    return np.clip(gap, 0.0, 1.0, out=gap)


def foster_greer_thorbecke(income: Numbers, line: float, weights: Numbers, alpha: int) -> float:
    """FGT index: 0 headcount ratio, 1 poverty gap index, 2 squared poverty gap.

    Foster, Greer & Thorbecke (1984), Econometrica 52. Poor is who lies strictly under the line.

    Raises:
        ValueError: alpha is not 0, 1 or 2, or the line is not positive.
    """
    if alpha not in (0, 1, 2):
        raise ValueError("alpha is 0, 1 or 2")
    if not line > 0:
        raise ValueError("the poverty line is positive")
    if alpha == 0:
        everyone = np.ones(len(income), bool)
        return _share(income < line, everyone, weights)
    gap = poverty_gaps(income, line)
    return weighted_mean(gap if alpha == 1 else gap * gap, weights)


def transient_share(panel: Numbers, line: Numbers | float, weights: Numbers) -> float:
    """Share of expected poverty that is transient (Jalan & Ravallion 1998, J. Comp. Econ. 26).

    Poverty is the squared gap. Total poverty is its mean over years; chronic poverty is that of a
    household that received its own mean over the years in each year; the rest is transient.

    Args:
        panel: income, shape (households, years).
        line: one line, or one for each year; incomes are compared as multiples of the line.
        weights: persons, shape (households,).
    """
    households, years = panel.shape
    lines = np.broadcast_to(np.asarray(line, np.float64), (years,))
    level = np.zeros(households)
    squared = np.zeros(households)
    for year in range(years):
        relative = np.asarray(panel[:, year], np.float64) / lines[year]
        gap = poverty_gaps(relative, 1.0)
        level += relative
        squared += gap * gap
    chronic_gap = poverty_gaps(level / years, 1.0)
    weight = np.asarray(weights, np.float64)
    total = _total(squared * weight) / years
    return 1.0 - _total(chronic_gap * chronic_gap * weight) / total if total else math.nan


def exit_rate(poor_before: Flags, poor_after: Flags, weights: Numbers) -> float:
    """Share of those poor before who are not poor after."""
    return _share(~poor_after, poor_before, weights)


def new_poor_share(poor_before: Flags, poor_after: Flags, weights: Numbers) -> float:
    """Share of those poor after who were not poor before."""
    return _share(~poor_before, poor_after, weights)


# --- ranks, inequality, mobility -------------------------------------------------------------


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


def gini(values: Numbers, weights: Numbers) -> float:
    """Gini coefficient over persons: half the relative mean absolute difference.

    NaN where the mean is not positive. May exceed 1 where values are negative.
    """
    order = rank(values)
    weight = weights[order].astype(np.float64)
    total_weight = _total(weight)
    upto = np.cumsum(weight)
    value = values[order].astype(np.float64) * weight
    total = _total(value)
    if not total > 0:
        return math.nan
    return _total(value * (2.0 * upto - weight)) / (total_weight * total) - 1.0


def quantile_groups(values: Numbers, weights: Numbers, groups: int) -> npt.NDArray[np.int8]:
    """Group 0 (lowest) to groups - 1 of each row, of equal weight.

    A household stays whole: it belongs where the middle of its weight lies. Equal values may fall
    on both sides of a border, in the order of their rows. Rows without weight follow their place.
    """
    order = rank(values)
    weight = weights[order].astype(np.float64)
    middle = np.cumsum(weight) - 0.5 * weight
    group = np.empty(len(order), np.int8)
    total = _total(weight)
    position = middle * groups / total if total else np.zeros(len(order))
    group[order] = np.minimum(position.astype(np.int64), groups - 1)
    return group


def mobility_matrix(
    before: Numbers, after: Numbers, weights: Numbers, groups: int = 5
) -> npt.NDArray[np.float64]:
    """Where the people of each quantile group of `before` are in `after`.

    Returns:
        shape (groups, groups): row = group before, column = group after, each row sums to 1 (a row
        without people is NaN).
    """
    start = quantile_groups(before, weights, groups).astype(np.int64)
    end = quantile_groups(after, weights, groups)
    cells = np.bincount(
        start * groups + end, weights=np.asarray(weights, np.float64), minlength=groups * groups
    ).reshape(groups, groups)
    rows = cells.sum(axis=1, keepdims=True)
    return np.divide(cells, rows, out=np.full(cells.shape, math.nan), where=rows > 0)


# --- targeting -------------------------------------------------------------------------------


def inclusion_error(served: Flags, eligible: Flags, weights: Numbers) -> float:
    """Leakage: share of the served who were not eligible."""
    return _share(~eligible, served, weights)


def exclusion_error(served: Flags, eligible: Flags, weights: Numbers) -> float:
    """Undercoverage: share of the eligible who were not served."""
    return _share(~served, eligible, weights)


def share_to_poorest_fifth(amount: Numbers, income: Numbers, weights: Numbers) -> float:
    """Share of the money that goes to the poorest fifth of people.

    Args:
        amount: yuan that all households which the row stands for receive together.
        income: what people are ranked by, usually income before the programme.
        weights: persons.
    """
    poorest = quantile_groups(income, weights, 5) == 0
    money = np.asarray(amount, np.float64)
    return _ratio(_total(money[poorest]), _total(money))
