"""The years before a plan, as its run lived them: who was on the register, who was poor."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.results.outcome import Table
from fupin.state import register
from fupin.world.start import Start


class Past:
    """Counts the households of a start in each December that it lives through.

    Args:
        start: households before the burn-in; give `note` to its `live_until`.
    """

    def __init__(self, start: Start) -> None:
        self.start = start
        self._rows: list[tuple[int, int, int, int]] = []

    def note(self, year: int) -> None:
        """Count the households of a settled year."""
        households = self.start.core.households
        line = np.float64(self.start.core.line(year))
        everybody = np.ones(households.size.size, households.registered.dtype)
        poor = (households.income < line).astype(everybody.dtype)
        registered, poorer, all_ = (
            self._persons(flags) for flags in (households.registered, poor, everybody)
        )
        self._rows.append((year, registered, poorer, all_))

    def _persons(self, flags: npt.NDArray[np.uint8]) -> int:
        villages = self.start.core.villages
        persons = np.zeros(villages.id.size, np.int64)
        register.count_persons(villages.offsets, self.start.core.households.size, flags, persons)
        return int(np.dot(persons, villages.weight))

    def table(self) -> Table:
        """`year`, `registered`, `income_poor` (true income under that year's line), `persons`."""
        columns = np.array(self._rows, np.int64).reshape(-1, 4).T
        names = ("registered", "income_poor", "persons")
        return {"year": columns[0].astype(np.int16)} | dict(zip(names, columns[1:], strict=True))
