"""Practical training: "To lift people out of poverty and increase their income, the government
organized practical skills trainings for farmers, and a total of 164,000 poor farmers received
trainings that year."

Who decides: the province splits the money by registered poor; township stations teach whole classes
in villages drawn by registered poor; committees send one farmer of a household, the registered
before others, the better schooled and the better-off more readily (targeting error and capture).
Mechanism: a course of a day or two on crops, animals or orchards raises what the household's own
farm yields by a little, so a household gains the farm's share of its income times that; and who was
taught takes up new varieties more readily (`technology.py`). Losses: a share of the money. Fading:
part of what was learnt is forgotten every January.
"""

from __future__ import annotations

import numpy as np

from fupin.livelihood.farm import HomeIncome
from fupin.programmes.base import Ints, Programme
from fupin.programmes.seats import paid_seats, seats_by_village
from fupin.programmes.selection import criteria
from fupin.randomness import month_index
from fupin.scenario.programmes import PracticalTrainingSettings
from fupin.state.register import Service
from fupin.world.world import World


class PracticalTraining(Programme[PracticalTrainingSettings]):
    """Short courses for farmers."""

    key = "practical_training"
    service = Service.COURSE

    def __init__(self, world: World, settings: PracticalTrainingSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self.read_parameters()
        self.taught: Ints = np.zeros(0, np.int64)  # household rows
        self.gains: np.ndarray = np.zeros(0, np.float32)  # log gain that each still has

    def read_parameters(self) -> None:
        """What homes earn on land, too."""
        super().read_parameters()
        self._home = HomeIncome.of(self.world.frame, self.values)

    def default_counties(self) -> np.ndarray:
        """All counties with listed villages."""
        return self.counties_with_listed_villages()

    def open_year(self) -> None:
        """Counts from zero; part of what was learnt is forgotten."""
        super().open_year()
        self.counts |= {"registered_households": 0}
        if self.taught.size:
            forgotten = self.gains * np.float32(self.own("forgotten"))
            self.raise_income(self.taught, -forgotten)
            self.gains = self.gains - forgotten

    def open_fiscal_year(self) -> None:
        """Money by registered poor."""
        self._allotments = self.split_by_registered()

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    def train_and_place(self) -> None:
        """Stations fill the month's courses as far as money and places go."""
        if not self.at_work:
            return
        world = self.world
        given = self.settings.unit_cost
        price = round(self.own("unit_cost") if given is None else float(given))
        # Whole classes, each of one village; what is left over waits for the next month.
        size = round(self.own("class_size"))
        most = self.own_places() // size
        paid = self.cut_to(most, self.cash // self.with_loss(price) // size)
        listed = self.meeting_places
        villages, classes = seats_by_village(self, paid, listed)
        quota = classes * size
        who = criteria(
            registered_odds=self.own_log_odds("registered_odds"),
            better_off_odds=self.log_odds("elite_capture_odds"),
            schooling_odds=self.own_log_odds("schooling_odds"),
            exclude=int(self.bit),
        )
        rows, taken = self.choose_in(villages, quota, who, month_index(world.clock.year, 1))
        self.nobody_left(villages, quota, taken)
        farmers = paid_seats(self, paid * size, villages, quota - taken)
        self.book(np.arange(farmers.size), farmers, price)
        self.counts["households"] += int(farmers.sum())
        self.counts["persons"] += int(farmers.sum())  # one farmer of a household
        if rows.size == 0:
            return
        self.mark_reached(rows)
        farm = self._home.on_land(world.households, rows, self.village_of(rows))
        gain = (self.own("skill_gain") * farm).astype(np.float32)
        self.raise_income(rows, gain)
        self.taught = np.concatenate([self.taught, rows])
        self.gains = np.concatenate([self.gains, gain])
        registered = world.households.registered[rows] > 0
        self.counts["registered_households"] += int(self.weight_of(rows[registered]).sum())
