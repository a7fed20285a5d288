"""Who moves: quantile groups, spells of poverty, falling back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.measures.weighted import Flags, Numbers, count, ratio


def cross_counts(
    before: npt.NDArray[np.integer],
    after: npt.NDArray[np.integer],
    weights: Numbers,
    groups: int,
) -> npt.NDArray[np.float64]:
    """Weight in each cell of (group before, group after); groups count from 0.

    Returns:
        shape (groups, groups); whole numbers where the weights are.
    """
    cell = before.astype(np.int64) * groups + after
    sums = np.bincount(cell, weights=np.asarray(weights, np.float64), minlength=groups * groups)
    return sums.reshape(groups, groups)


def line_groups(income: Numbers, line: float, multiples: Sequence[float]) -> npt.NDArray[np.int8]:
    """Group of each income between multiples of the line: 0 is under the first of them.

    An income that equals a multiple lies above it, as the line itself is not poor.
    """
    group = np.zeros(len(income), np.int8)
    for multiple in multiples:
        group += income >= np.float64(line * multiple)
    return group


# --- poverty year by year --------------------------------------------------------------------


def fall_back_rate(poor: Sequence[Flags], weights: Numbers) -> float:
    """Share of those who left poverty who are poor again a year later.

    Args:
        poor: who is poor in each of consecutive years, each (households,); all exits that have a
            later year count, each once. NaN with fewer than three years or without exits.
        weights: persons.
    """
    left, back = 0, 0
    for before, now, after in zip(poor, poor[1:], poor[2:], strict=False):
        out = before & ~now
        left += count(out, weights)
        back += count(out & after, weights)
    return ratio(back, left)


def persons_by_years_poor(poor: Sequence[Flags], weights: Numbers) -> list[int]:
    """Persons who were poor in 0, 1, ... all of the years; the last are the chronically poor."""
    years = np.zeros(len(weights), np.int64)
    for flags in poor:
        years += flags
    sums = np.bincount(years, weights=np.asarray(weights, np.float64), minlength=len(poor) + 1)
    return [round(float(value)) for value in sums]


class Spells(NamedTuple):
    """Spells of poverty in a window of years, one row for each kind.

    Attributes:
        first: year in which they begin, counted from 0.
        length: years that are seen of them.
        open_start: 1 where they may have begun before the window.
        open_end: 1 where they may go on after it.
        persons: whose spells they are.
    """

    first: list[int]
    length: list[int]
    open_start: list[int]
    open_end: list[int]
    persons: list[int]

    @property
    def mean_length(self) -> float:
        """Mean length of a spell as far as it is seen, years: too short where spells are open."""
        seen = sum(n * p for n, p in zip(self.length, self.persons, strict=True))
        return ratio(seen, sum(self.persons))


def spells(poor: Sequence[Flags], weights: Numbers) -> Spells:
    """Every unbroken run of years in poverty.

    Args:
        poor: who is poor in each of consecutive years, each (households,).
        weights: persons.
    """
    found = Spells([], [], [], [], [])
    years = len(poor)
    for first in range(years):
        running = poor[first].copy()
        if first:
            running &= ~poor[first - 1]
        for last in range(first, years):
            running &= poor[last]
            ends = running & ~poor[last + 1] if last + 1 < years else running
            row = (first, last - first + 1, first == 0, last + 1 == years, count(ends, weights))
            for column, value in zip(found, row, strict=True):
                column.append(int(value))
    return found
