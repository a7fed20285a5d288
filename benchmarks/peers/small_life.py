"""Parameters of the small poverty model that is written in starsim and on LASER's columns.

Rounded from the central values of ours, so that events are about as frequent: what a step costs
depends on that. Incomes are in units of the household's own reference income.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SmallLife:
    """What a household of the small model lives by."""

    persistence: float = 0.8  # of the persistent shock of log income, a year
    innovation_sd: float = 0.24  # log points, a year
    transitory_sd: float = 0.30  # log points, a year
    crash: float = 0.004  # probability a month
    crash_cost: float = 0.4  # share of a year's income
    leaves: float = 0.006  # probability a month
    comes_home: float = 0.016
    migrant_gain: float = 0.3  # log points
    line: float = 0.5  # of the reference income
