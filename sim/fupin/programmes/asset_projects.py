"""Productive assets that a programme brings, given or bought on credit: one good, one mechanism.

A project is worth some years of its household's reference income. What a yuan of it is worth in
use differs between households, by a lasting trait that all programmes meet: who runs a business
badly may end with less than before. When the lag is over the assets raise what the home earns by
what assets yield; until then they yield nothing. Every month a project fails with its own hazard
(disease, drought, a fall of prices); a failure destroys part of what is left of it, and a project
fails once. What does not fail wears at the speed of all assets above a household's reference stock
(`livelihood.asset_wear`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.world.world import World

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]
Floats32 = npt.NDArray[np.float32]

LEAST_ASSETS = np.float32(0.05)
"""Of the reference stock: a household never sells its last tools; yearly investment has it too."""

_WORST = -1.0  # a yuan of assets costs a household at most another yuan of its own
_COLUMNS = ("rows", "worth", "ready", "failing", "lasting")


def buy_assets(world: World, rows: Ints, years: Floats32) -> None:
    """Households get productive assets worth `years` of their reference income (or lose them).

    What the home earns rises at once by what they yield; later `invest` wears what exceeds the
    reference. Each household may stand in `rows` once.
    """
    h = world.households
    before = h.assets[rows]
    after = np.maximum(before + years / world.rates.asset_ratio, LEAST_ASSETS)
    h.assets[rows] = after
    h.flow[rows] *= columns.exp(world.rates.asset_elasticity * columns.log(after / before))


class AssetProjects:
    """The projects of one programme.

    Attributes:
        rows: household row of each project.
        worth: what it is worth in use when it begins to yield, years of the household's own
            reference income; below 0 where it costs more than it brings.
        ready: month index from which it yields.
        failing: probability of failure in a month.
        lasting: share of its worth that a failure leaves.
    """

    rows: Ints
    worth: Floats32
    ready: Ints
    failing: Floats32
    lasting: Floats32

    def __init__(self, programme: Programme[Any]) -> None:
        self._programme = programme
        for name in ("rows", "ready"):
            setattr(self, name, np.zeros(0, np.int64))
        for name in ("worth", "failing", "lasting"):
            setattr(self, name, np.zeros(0, np.float32))

    def held_by(self, row: int) -> dict[str, float]:
        """Worth of the projects of a household row, years of its reference income."""
        return {"project": float(self.worth[self.rows == row].sum())}

    def begin(
        self,
        rows: Ints,
        yuan: npt.ArrayLike,
        lag: npt.ArrayLike | None = None,
        hazard: npt.ArrayLike | None = None,
        loss: float | None = None,
    ) -> None:
        """Households get assets; each household once in a month.

        Args:
            rows: household rows.
            yuan: what the assets are worth in use on average, a household.
            lag: months until they yield; `assets.lag` if not given.
            hazard: probability of failure in a year; `assets.hazard` if not given.
            loss: share of what is left that a failure destroys; `assets.failure_loss` if not given.
        """
        programme, values = self._programme, self._programme.world.values
        lag = values["assets.lag"] if lag is None else lag
        hazard = values["assets.hazard"] if hazard is None else hazard
        loss = values["assets.failure_loss"] if loss is None else loss
        worth = programme.yuan_to_years(rows, yuan) * self.returns(rows)
        kept = columns.log(np.broadcast_to(1.0 - np.asarray(hazard), rows.shape).astype(np.float32))
        failing = 1.0 - columns.exp(kept / np.float32(12.0))
        new = {
            "rows": rows,
            "worth": worth,
            "ready": programme.world.clock.today
            + np.broadcast_to(np.rint(lag).astype(np.int64), rows.shape),
            "failing": failing,
            "lasting": np.full(rows.size, 1.0 - loss, np.float32),
        }
        for name in _COLUMNS:
            setattr(self, name, np.concatenate([getattr(self, name), new[name]]))

    def returns(self, rows: Ints) -> Floats32:
        """What a yuan of assets is worth in the hands of households, mean 1, (n,)."""
        world = self._programme.world
        village = self._programme.village_of(rows)
        number = rows - world.villages.offsets[village]
        z = world.chance.normals("assets/return", world.villages.id[village], number)
        spread = np.float32(world.values["assets.return_spread"])
        result: Floats32 = np.maximum(np.float32(1.0) + spread * z, np.float32(_WORST))
        return result

    def live(self) -> Ints:
        """A month: failures strike, then what is ready begins to yield. Rows that failed."""
        if self.rows.size == 0:
            return self.rows
        today = self._programme.world.clock.today
        failed = self._programme.uniforms("failure", self.rows) < self.failing
        struck = np.flatnonzero(failed)
        working = struck[self.ready[struck] < today]
        for once in _each_household_once(self.rows, working):
            self._destroy(once)
        waiting = struck[self.ready[struck] >= today]
        # Saplings, chicks: less will be ready, but no more of what only costs.
        self.worth[waiting] *= np.where(self.worth[waiting] > 0.0, self.lasting[waiting], 1.0)
        begins = np.flatnonzero(self.ready == today)
        for once in _each_household_once(self.rows, begins):
            buy_assets(self._programme.world, self.rows[once], self.worth[once])
        self.failing[struck] = 0.0
        return self.rows[struck]

    def _destroy(self, which: Ints) -> None:
        """Part of what is left of working projects is gone."""
        world, rows = self._programme.world, self.rows[which]
        assets, ratio = world.households.assets[rows], world.rates.asset_ratio
        decembers = (world.clock.today // 12 - self.ready[which] // 12).astype(np.float32)
        kept = columns.log_of(1.0 - float(world.rates.asset_wear))
        left = self.worth[which] * columns.exp(kept * decembers)
        gone = np.maximum((np.float32(1.0) - self.lasting[which]) * left, np.float32(0.0))
        gone = np.minimum(gone, np.maximum(assets - LEAST_ASSETS, np.float32(0.0)) * ratio)
        buy_assets(world, rows, -gone)


def _each_household_once(rows: Ints, which: Ints) -> Iterator[Ints]:
    # Positions in `which`, split so that no household stands twice in a part.
    while which.size:
        first = np.sort(np.unique(rows[which], return_index=True)[1])
        yield which[first]
        which = np.delete(which, first)
