"""How somebody looks on while a plan is lived, without changing anything.

A watcher is told when the plan begins, before and after every phase of every month, after every
month, and when a programme serves households or books money. An ordinary run has no watcher and
pays nothing for it. What a watcher needs to keep it copies: columns are reused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from fupin.world.acting import Acting
    from fupin.world.world import World


class Watcher:
    """Looks on and changes nothing; each method does nothing unless a subclass says otherwise."""

    def begins(self, world: World) -> None:
        """The plan's first month comes next; the programmes stand ready."""

    def before(self, world: World, phase: str, programme: Acting | None) -> None:
        """A phase begins: of a programme, or of the world itself (None)."""

    def after(self, world: World, phase: str, programme: Acting | None) -> None:
        """A phase has ended."""

    def after_month(self, world: World) -> None:
        """A month is over and its books are closed; the calendar has not turned yet."""

    def reached(self, programme: Acting, rows: npt.NDArray[np.int64]) -> None:
        """A programme serves these household rows."""

    def booked(
        self,
        programme: Acting,
        county: npt.NDArray[np.int64],
        units: npt.NDArray[np.int64],
        each: int,
    ) -> None:
        """A programme enters deliveries of `each` yuan a unit, by county row."""
