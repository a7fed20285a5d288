"""What planting trees does, month by month."""

from __future__ import annotations

import numpy as np
from fupin.programmes.base import Ints, Programme
from fupin.programmes.seats import paid_seats, seats_by_village
from fupin.programmes.selection import criteria
from fupin.state.register import Service
from fupin.world.world import World

from fupin_trees import TreeSettings

USUAL_COST = 2000  # yuan a household, where the plan says none


class Trees(Programme[TreeSettings]):
    """Committees choose households; each gets its trees at once, and nobody gets them twice."""

    service = Service.VISIT

    def __init__(self, world: World, settings: TreeSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self._allotments: Ints = np.zeros(self.serves.size, np.int64)
        self._each = int(settings.unit_cost or USUAL_COST)

    def open_fiscal_year(self) -> None:
        """The year's money, by registered poor."""
        self._allotments = self.split_by_registered()

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    def choose(self) -> None:
        """As many households as the counties' cash pays."""
        if not self.at_work:
            return
        seats = self.cash // self.with_loss(self._each)
        if self.settings.places_per_month is not None:
            seats = self.cut_to(self.offers(self.settings.places_per_month), seats)
        villages, quota = seats_by_village(self, seats, self.meeting_places)
        rows, taken = self.choose_in(
            villages, quota, criteria(exclude=int(self.bit)), self.world.clock.today
        )
        self.nobody_left(villages, quota, taken)
        paid = paid_seats(self, seats, villages, quota - taken)
        self.book(np.arange(paid.size), paid, self._each)
        if rows.size == 0:
            return
        self.raise_income(rows, self.settings.gain)
        self.mark_reached(rows)
        self.count_households(rows)
