"""Projects in kind: productive assets that yield after a lag and may be lost on the way.

A project is worth some years of its household's reference income. When its lag is over the assets
raise income by what assets yield (`loans.buy_assets`); until then they yield nothing. Every month
a project fails with its own hazard (disease, drought, a fall of prices); a failure destroys part of
what is left of it, and a project fails once. What does not fail runs down at the speed of all
assets above a household's reference stock (`livelihood.asset_adjustment`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.programmes.loans import buy_assets

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]
Floats32 = npt.NDArray[np.float32]

_LEAST_ASSETS = np.float32(0.05)  # of the reference stock; as the yearly investment has it
_COLUMNS = ("rows", "worth", "ready", "failing", "lasting")


class AssetProjects:
    """The projects of one programme; at most one a household.

    Attributes:
        rows: household row of each project.
        worth: what it is worth when it begins to yield, years of the household's own reference
            income.
        ready: month index from which it yields.
        failing: probability of failure in a month.
        lasting: share of its worth that a failure leaves.
    """

    rows: Ints
    worth: Floats32
    ready: Ints
    failing: Floats32
    lasting: Floats32

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        for name in ("rows", "ready"):
            setattr(self, name, np.zeros(0, np.int64))
        for name in ("worth", "failing", "lasting"):
            setattr(self, name, np.zeros(0, np.float32))

    def held_by(self, row: int) -> dict[str, float]:
        """Worth of the projects of a household row, years of its reference income."""
        return {"project": float(self.worth[self.rows == row].sum())}

    def grant(
        self,
        rows: Ints,
        yuan: npt.ArrayLike,
        lag: npt.ArrayLike,
        hazard: npt.ArrayLike,
        loss: float,
    ) -> None:
        """Households get assets.

        Args:
            rows: household rows, each once and never again.
            yuan: what the assets are worth in use, a household.
            lag: months until they yield.
            hazard: probability of failure in a year.
            loss: share of what is left that a failure destroys.
        """
        programme = self._programme
        kept = columns.log(np.broadcast_to(1.0 - np.asarray(hazard), rows.shape).astype(np.float32))
        new = {
            "rows": rows,
            "worth": programme.yuan_to_years(rows, yuan),
            "ready": programme.world.clock.today
            + np.broadcast_to(np.asarray(lag, np.int64), rows.shape),
            "failing": 1.0 - columns.exp(kept / np.float32(12.0)),
            "lasting": np.full(rows.size, 1.0 - loss, np.float32),
        }
        for name in _COLUMNS:
            setattr(self, name, np.concatenate([getattr(self, name), new[name]]))

    def live(self) -> Ints:
        """A month: failures strike, then what is ready begins to yield. Rows that failed."""
        if self.rows.size == 0:
            return self.rows
        today = self._programme.world.clock.today
        failed = self._programme.uniforms("failure", self.rows) < self.failing
        struck = np.flatnonzero(failed)
        working = struck[self.ready[struck] < today]
        self._destroy(working)
        waiting = struck[self.ready[struck] >= today]
        self.worth[waiting] *= self.lasting[waiting]  # saplings, chicks: less will be ready
        begins = self.ready == today
        buy_assets(self._programme.world, self.rows[begins], self.worth[begins])
        self.failing[struck] = 0.0
        return self.rows[struck]

    def _destroy(self, which: Ints) -> None:
        """Part of what is left of working projects is gone."""
        if which.size == 0:
            return
        world, rows = self._programme.world, self.rows[which]
        assets, ratio = world.households.assets[rows], world.rates.asset_ratio
        decembers = (world.clock.today // 12 - self.ready[which] // 12).astype(np.float32)
        kept = columns.log_of(1.0 - float(world.rates.asset_adjustment))
        left = self.worth[which] * columns.exp(kept * decembers)
        gone = (np.float32(1.0) - self.lasting[which]) * left
        gone = np.minimum(gone, np.maximum(assets - _LEAST_ASSETS, np.float32(0.0)) * ratio)
        buy_assets(world, rows, -gone)
