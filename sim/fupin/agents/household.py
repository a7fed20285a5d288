"""A view of one household: its row of every column, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fupin.state.households import Households

if TYPE_CHECKING:
    from fupin.model import PovertyModel


class Household:
    """One household of a model as it stands now; reading it reads the columns.

    Every column of `fupin.state.households.Households` is an attribute (`size`, `migrants`,
    `income`, ...) in that column's units, as a plain number. Households are no Mesa agents: ten
    million objects would be slower by a factor of hundreds, and decide no more than a row does.

    Attributes:
        id: permanent id, village id x 10,000 + number.
        row: its row in every column.
        village: row of its village in the frame's village table.
        county: English name of its county.
        savings: liquid savings today, yuan of the household; debt below 0.
    """

    def __init__(self, model: PovertyModel, row: int, household: int) -> None:
        self._model, self.row, self.id = model, row, household

    @property
    def village(self) -> int:
        """Row of its village."""
        return int(self._model.villages.of_household[self.row])

    @property
    def county(self) -> str:
        """English name of its county."""
        frame = self._model.frame
        return str(frame.counties.name_en[int(frame.villages.county[self.village])])

    @property
    def savings(self) -> float:
        """Liquid savings today, yuan of the household; debt below 0."""
        years = float(self._model.world.savings_of(np.array([self.row]))[0])
        return years * self.base * self._model.level * self.size

    def __getattr__(self, name: str) -> float | int:
        if name not in Households._fields:
            raise AttributeError(f"a household has no {name!r}; its columns are {self._names()}")
        value: float | int = getattr(self._model.households, name)[self.row].item()
        return value

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *Households._fields]

    def _names(self) -> str:
        return ", ".join(Households._fields)

    def __repr__(self) -> str:
        listed = "registered" if self.registered else "not registered"
        return f"<Household {self.id} in {self.county}: {self.size} persons, {listed}>"
