"""A county: what its office serves, as Mesa's agents show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

if TYPE_CHECKING:
    from fupin.model import PovertyModel


class County(mesa.Agent):
    """A county-level unit; `row` is its row in the county table.

    The decisions of its office (which money it gets, whom it serves and at what pace) are taken
    for all counties at once by the programmes, as columns of one entry a county; this object is
    what Mesa, pages and notebooks see of one of them.

    Attributes:
        row: index into the frame's county table.
        name: English name.
        key: 2 national key county, 1 provincial, 0 other.
        villages: rows of its (sampled) villages.
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
