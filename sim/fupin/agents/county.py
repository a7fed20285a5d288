"""A county: its office, its money, its villages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin.population.apportion import apportion
from fupin.quick_mesa import mesa

if TYPE_CHECKING:
    from fupin.model import PovertyModel


class County(mesa.Agent):
    """A county-level unit; `row` is its row in the county table.

    Attributes:
        row: index into the frame's county table.
        name: English name.
        key: 2 national key county, 1 provincial, 0 other.
        villages: indices of its (sampled) villages.
    """

    model: PovertyModel

    def __init__(self, model: PovertyModel, row: int) -> None:
        super().__init__(model)
        self.row = row
        counties = model.frame.counties
        self.name: str = counties.name_en[row]
        self.key = int(counties.key[row])
        self.villages = np.flatnonzero(np.asarray(model.frame.villages.county) == row)

    @property
    def registered(self) -> int:
        """Registered poor, persons."""
        return int(self.model.registered_by_county[self.row])

    def share_among_villages(
        self, total: int, villages: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Split places among villages by their registered poor, largest remainder.

        Every village counts as often as it stands for others, so a place given to a village of
        weight w uses w places; the split is of village-level places.
        """
        persons = self.model.registered_by_village[villages].astype(np.float64)
        if persons.sum() <= 0:
            persons = np.ones(villages.size)
        return apportion(persons, total)
