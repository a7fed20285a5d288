"""How much of a household's income is earned at home, and how much of that on its land.

The shares are those of `fupin.livelihood.sources`, for some households instead of all: with
m = migrants / labour, l = the county's share of home labour in local wage work, q = pay of a
migrant's time relative to time at home, and f = the county's share of farming in home business,

    at home = working x (1 - m) / (q m + 1 - m)        farm = at home x (1 - l) x f

where working = 1 - property - transfer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.kernels.jit import kernel
from fupin.livelihood.sources import local_wage_share
from fupin.livelihood.weather import farm_share
from fupin.population.frame import Frame
from fupin.state.households import Households

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class HomeIncome(NamedTuple):
    """Shares of a household's income that come from work at home; constants of a run."""

    county: Ints  # county row of each village
    farm: Floats  # farm share of what is neither wage nor migrants' pay, by county
    local_wage: Floats  # share of home labour in local wage work, by county
    pay: float
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
            values["livelihood.migrant_pay"],
            values["livelihood.property_share"],
            values["livelihood.transfer_share"],
            values["livelihood.transfer_share_frail"],
        )

    def at_home(self, h: Households, rows: Ints) -> Floats:
        """Share of income from all work at home, local wages included, (n,)."""
        away, labour, frail = h.migrants[rows], h.labour[rows], h.frail[rows]
        out = np.empty(labour.size, np.float64)
        _at_home(
            away, labour, frail,
            self.pay, self.property_share, self.transfer_share, self.transfer_frail, out,
        )  # fmt: skip
        return out

    def on_land(self, h: Households, rows: Ints, village: Ints) -> Floats:
        """Share of income from farming; `village` is the village row of each household row."""
        county = self.county[village]
        own = self.at_home(h, rows) * (1.0 - self.local_wage[county])
        return np.asarray(own * self.farm[county])


@kernel
def _at_home(  # type: ignore[no-untyped-def]
    migrants, labour, frail, pay, property_share, transfer_share, transfer_frail, out
):  # fmt: skip
    for k in range(out.size):
        m = np.float64(migrants[k]) / np.float64(max(labour[k], np.uint8(1)))
        transfer = transfer_frail if frail[k] != 0 else transfer_share
        working = 1.0 - property_share - transfer
        out[k] = working * (1.0 - m) / (pay * m + 1.0 - m)


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
