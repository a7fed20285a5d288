"""What a household's livelihood takes from its village, as the plain arrays that kernels read.

Taken from the frame once for each world; what is built later changes the risk of illness only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from fupin.livelihood import month as month_kernel
from fupin.livelihood.month import VillageMonth
from fupin.livelihood.rates import Rates
from fupin.population.frame import Frame
from fupin.state.households import Households

_MOST_VILLAGES = 1 << 16


@dataclass
class VillageArrays:
    """Village columns that the kernels need, as plain arrays."""

    id: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    of_household: npt.NDArray[np.uint16]  # village row of each household, (N,)
    weight: npt.NDArray[np.int64]
    pull: npt.NDArray[np.float32]
    migrants_frame: npt.NDArray[np.int32]
    crash_factor: npt.NDArray[np.float32]

    @classmethod
    def of(
        cls, frame: Frame, h: Households, rates: Rates, values: Mapping[str, float]
    ) -> VillageArrays:
        """From a frame; departures balance returns at the frame's own migrants, by village."""
        # Copies: numba compiles a second variant of every kernel for read-only arrays.
        offsets = np.array(frame.households.offsets, np.int64)
        if len(offsets) - 1 > _MOST_VILLAGES:
            raise ValueError(f"{len(offsets) - 1} villages, and their rows have 16 bits")
        migrants = np.zeros(len(offsets) - 1, np.int64)
        room = np.zeros(len(offsets) - 1, np.float64)
        month_kernel.count_movers(h, offsets, rates, migrants, room)
        # Around the mean over the province's people: the same hazard in every sample.
        water = np.asarray(frame.villages.water, np.float64)
        people = np.asarray(frame.villages.people, np.float64) * frame.villages.weight
        mean = np.sum(water * people) / np.sum(people)
        risk = 1.0 - values["livelihood.water_saves_illness"] * (water - mean)
        return cls(
            id=np.array(frame.villages.id, np.int64),
            offsets=offsets,
            of_household=np.repeat(np.arange(len(offsets) - 1, dtype=np.uint16), np.diff(offsets)),
            weight=np.array(frame.villages.weight, np.int64),
            pull=(migrants / np.maximum(room, 1.0)).astype(np.float32),
            migrants_frame=migrants.astype(np.int32),
            crash_factor=risk.astype(np.float32),
        )

    def with_risk(self, saved: float, saves: float) -> VillageArrays:
        """The same where safe water saves another part of illness than it did."""
        if saves == saved:
            return self
        less = (1.0 - self.crash_factor.astype(np.float64)) * (saves / saved if saved else 0.0)
        return replace(self, crash_factor=(1.0 - less).astype(np.float32))

    def month(
        self,
        farm_loss: npt.NDArray[np.float32],
        works_rich: npt.NDArray[np.float32],
        works_poor: npt.NDArray[np.float32],
    ) -> VillageMonth:
        """What the villages pass to their households in one step."""
        return VillageMonth(
            id=self.id,
            offsets=self.offsets,
            pull=self.pull,
            migrants_frame=self.migrants_frame,
            crash_factor=self.crash_factor,
            farm_loss=farm_loss,
            works_rich=works_rich,
            works_poor=works_poor,
        )
