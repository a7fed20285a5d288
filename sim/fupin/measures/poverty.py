"""Poverty of a year and over years: the indices, who leaves, what of it passes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.measures.weighted import Flags, Numbers, count, share, total, weighted_mean


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
        return share(income < np.float64(line), everyone, weights)
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
    everything = total(squared * weight) / years
    return 1.0 - total(chronic_gap * chronic_gap * weight) / everything if everything else math.nan


def exit_rate(poor_before: Flags, poor_after: Flags, weights: Numbers) -> float:
    """Share of those poor before who are not poor after."""
    return share(~poor_after, poor_before, weights)


def new_poor_share(poor_before: Flags, poor_after: Flags, weights: Numbers) -> float:
    """Share of those poor after who were not poor before."""
    return share(~poor_before, poor_after, weights)


def persons_under(
    income: Numbers, line: float, multiples: Sequence[float], weights: Numbers
) -> list[int]:
    """Persons with an income strictly under each multiple of the line."""
    return [count(income < np.float64(line * multiple), weights) for multiple in multiples]


class Lifted(NamedTuple):
    """People who left poverty, and how far they came.

    Attributes:
        persons: poor before, not under the line after.
        barely: of these, under (1 + margin) x the line after.
    """

    persons: int
    barely: int


def lifted_past(
    poor_before: Flags, income: Numbers, line: float, weights: Numbers, margin: float = 0.05
) -> Lifted:
    """Who of the poor before is out, and who of them is out by less than a margin.

    A count by a line rewards moving people who stood just under it to just above it; the second
    number says how much of the first is of this kind.

    Args:
        poor_before: who was poor.
        income: now, yuan per person.
        line: now.
        weights: persons.
        margin: share of the line.
    """
    out = poor_before & (income >= np.float64(line))
    near = out & (income < np.float64(line * (1.0 + margin)))
    return Lifted(count(out, weights), count(near, weights))
