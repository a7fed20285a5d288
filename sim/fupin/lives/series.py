"""Watchers that keep the course of a life: monthly series, jobs at the end of each year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.results.outcome import Table
from fupin.world.watching import Watcher
from fupin.world.world import World

COUNTS = ("registered_poor", "income_poor", "migrants", "local_jobs", "yuan_delivered")
"""Properties of a world that are kept every month."""


class MonthlySeries(Watcher):
    """COUNTS of the month before the plan and of every month of it.

    Attributes:
        calendar: the months, as YYYY-MM.
        counts: name -> one number a month.
    """

    def __init__(self) -> None:
        self.calendar: list[str] = []
        self.counts: dict[str, list[int]] = {name: [] for name in COUNTS}

    def begins(self, world: World) -> None:
        self.after_month(world)

    def after_month(self, world: World) -> None:
        self.calendar.append(str(world.clock))
        for name, values in self.counts.items():
            values.append(getattr(world, name))

    def table(self) -> Table:
        """One row a month: `calendar` (text), then every count (float64)."""
        columns: dict[str, npt.NDArray[np.float64]] = {
            name: np.array(values, np.float64) for name, values in self.counts.items()
        }
        return {"calendar": np.array(self.calendar, dtype=object), **columns}


class JobsByYear(Watcher):
    """Migrants and local jobs at the end of each year of the plan, persons.

    Attributes:
        jobs: year -> persons; the last year of the plan ends with its last month.
    """

    def __init__(self) -> None:
        self.jobs: dict[int, int] = {}

    def after_month(self, world: World) -> None:
        if world.clock.closes_accounts:
            self.jobs[world.clock.year] = world.migrants + world.local_jobs
