"""How much of what a household earns at home comes from work, and how much of that from its land.

What a programme adds to log income is added to what is earned at home (`flow`, without the pay of
jobs away), so these are shares of that. With l = the county's share of home labour in local wage
work and f = the county's share of farming in home business,

    work = 1 - property - transfer        farm = work x (1 - l) x f

as in `fupin.livelihood.sources`, where property and transfers are shares of all income.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.livelihood.sources import local_wage_share
from fupin.livelihood.weather import farm_share
from fupin.population.frame import Frame
from fupin.state.households import Households

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class HomeIncome(NamedTuple):
    """Shares of what is earned at home that come from work there; constants of a run."""

    county: Ints  # county row of each village
    farm: Floats  # farm share of what is not wages, by county
    local_wage: Floats  # share of home labour in local wage work, by county
    property_share: float
    transfer_share: float
    transfer_frail: float

    @classmethod
    def of(cls, frame: Frame, values: Mapping[str, float]) -> HomeIncome:
        """From a frame and parameter values."""
        return cls(
            np.array(frame.villages.county, np.int64),
            farm_share(frame, values),
            local_wage_share(frame, values).astype(np.float64),
            values["livelihood.property_share"],
            values["livelihood.transfer_share"],
            values["livelihood.transfer_share_frail"],
        )

    def at_home(self, h: Households, rows: Ints) -> Floats:
        """Share of home income from all work there, local wages included, (n,)."""
        transfer = np.where(h.frail[rows] != 0, self.transfer_frail, self.transfer_share)
        return np.asarray(1.0 - self.property_share - transfer)

    def on_land(self, h: Households, rows: Ints, village: Ints) -> Floats:
        """Share of home income from farming; `village` is the village row of each household row."""
        county = self.county[village]
        own = self.at_home(h, rows) * (1.0 - self.local_wage[county])
        return np.asarray(own * self.farm[county])


def members(offsets: Ints, villages: Ints) -> tuple[Ints, Ints]:
    """Household rows of some villages, and the position in `villages` of each row's village."""
    first, number = offsets[villages], offsets[villages + 1] - offsets[villages]
    position = np.repeat(np.arange(villages.size), number)
    within = np.arange(position.size) - np.repeat(np.cumsum(number) - number, number)
    return first[position] + within, position


def mean_by_half(h: Households, rows: Ints, position: Ints, villages: int, value: Floats) -> Floats:
    """Mean of `value` over the households of each village's halves, (villages, 2).

    Columns are better-off and poorer, as in `VillageWorks.other`; 0 where a half is empty.
    """
    group = position * 2 + (h.rank_half[rows] == 0)
    total = np.bincount(group, weights=value, minlength=2 * villages)
    number = np.bincount(group, minlength=2 * villages)
    return (total / np.maximum(number, 1)).reshape(villages, 2)
