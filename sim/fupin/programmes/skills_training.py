"""Skills training: "In 2009, the government invested 30.54 million Yuan of special funds for
training, organized trainings for 16,184 poor people and achieved transfer of employment for 16091
people, with employment rate of 99%."

Who decides: the province splits the money by registered poor; counties fill the month's cohorts
from households with an able-bodied member, the registered before others; people who know migrant
work are keener to apply (cream-skimming, Chen 2009). Mechanism: a course of some months with
drop-out; who finishes is offered places by employers, month by month, as far as the month's
places last. A placed person without such a job leaves for it: one migrant more. A placed person
of a household that has a migrant is taken to be that migrant, who keeps the job at a better wage.
How many placements are additional is no parameter: it follows from who applies and who would have
left anyway. Both are worth yuan: what a migrant sends home, less what the home earns without him,
and the premium on what he sends (`jobs.py`). Fading: a job lasts until the return hazard of all
migrants ends it, the better wage until the household has nobody away.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fupin.programmes.base import Ints, Programme
from fupin.programmes.jobs import Jobs, send_away
from fupin.programmes.rounding import takes_part
from fupin.programmes.seats import paid_seats, seats_by_village
from fupin.programmes.selection import criteria
from fupin.randomness import month_index
from fupin.scenario.programmes import SkillsTrainingSettings
from fupin.state.register import Service
from fupin.world.world import World

_NOBODY = np.zeros(0, np.int64)

MONTHS_TO_BE_PLACED = 3
"""Whoever finished a course in an earlier month than these, the last among them, has had time."""


class SkillsTraining(Programme[SkillsTrainingSettings]):
    """Cohorts of trainees, and the places that employers offer."""

    key = "skills_training"
    service = Service.COURSE

    def __init__(self, world: World, settings: SkillsTrainingSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self.trainees: Ints = _NOBODY  # household rows with a person in a course
        self.until: Ints = _NOBODY  # month index in which that course ends
        self.seekers: Ints = _NOBODY  # household rows with a trained person without a place
        self.since: Ints = _NOBODY  # month index in which each of them finished
        self._trained: dict[int, int] = {}  # month index -> who finished in it
        self._placed: dict[int, int] = {}  # the same -> of these, who has a place by now
        self.better_paid = Jobs(self)  # premiums of those who had a job away before

    def open_year(self) -> None:
        """Counts from zero; better pay goes as the year pays."""
        super().open_year()
        self.counts |= {"enrolled": 0, "dropped_out": 0, "trained": 0, "placed": 0}
        self.counts |= {"placed_with_job": 0, "placed_new": 0}
        self.better_paid.open_year()

    def open_fiscal_year(self) -> None:
        """The year's money is split by registered poor."""
        self._allotments = self.split_by_registered()

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    def choose(self) -> None:
        """Counties fill the month's cohorts as far as money and places go."""
        world = self.world
        if not self.at_work:
            return
        price = self.price("training_unit_cost")
        seats = self.within_places(self.cash // self.with_loss(price), "training_places")
        villages, quota = seats_by_village(self, seats, self.meeting_places)
        if villages.size == 0:
            return
        who = criteria(
            registered_odds=self.log_odds("training_registered_odds"),
            better_off_odds=self.log_odds("elite_capture_odds"),
            schooling_odds=self.log_odds("training_schooling_odds"),
            migrant_odds=self.log_odds("training_insider_odds"),
            exclude=int(self.bit),
        )
        rows, taken = self.choose_in(villages, quota, who, month_index(world.clock.year, 1))
        self.nobody_left(villages, quota, taken)
        paid = paid_seats(self, seats, villages, quota - taken)
        self.book(np.arange(paid.size), paid, price)
        self.mark_reached(rows)
        ends = world.clock.today + round(self.value("training_course_months"))
        self.trainees = np.concatenate([self.trainees, rows])
        self.until = np.concatenate([self.until, np.full(rows.size, ends, np.int64)])
        for count in ("enrolled", "households", "persons"):
            self.counts[count] += int(paid.sum())

    def train_and_place(self) -> None:
        """Courses end, some have dropped out, employers offer places."""
        ending = self.until <= self.world.clock.today
        rows = self.trainees[ending]
        self.trainees, self.until = self.trainees[~ending], self.until[~ending]
        if rows.size:
            stayed = self.uniforms("drop-out", rows) >= self.value("training_drop_out")
            self.counts["dropped_out"] += int(self.weight_of(rows[~stayed]).sum())
            trained, today = int(self.weight_of(rows[stayed]).sum()), self.world.clock.today
            self.counts["trained"] += trained
            self._trained[today] = self._trained.get(today, 0) + trained
            self.seekers = np.concatenate([self.seekers, rows[stayed]])
            self.since = np.concatenate([self.since, np.full(int(stayed.sum()), today, np.int64)])
        if self.seekers.size:
            self._place()

    def _place(self) -> None:
        """Offers of the month, as far as employers' places last, lowest luck first."""
        world, h = self.world, self.world.households
        luck = self.uniforms("offer", self.seekers)
        order = np.lexsort((self.seekers, luck))
        place = self.uniforms("offer", self.seekers, 1)
        hired = np.zeros(self.seekers.size, bool)
        hired[order] = takes_part(self.weight_of(self.seekers)[order], self._jobs(), place[order])
        hired &= luck < self.value("training_offer_probability")
        rows = np.sort(self.seekers[hired])
        for month in np.unique(self.since[hired]).tolist():
            of_month = self.weight_of(self.seekers[hired & (self.since == month)]).sum()
            self._placed[month] = self._placed.get(month, 0) + int(of_month)
        self.seekers, self.since = self.seekers[~hired], self.since[~hired]
        has_job = h.migrants[rows] > 0
        leaves = ~has_job & (h.labour[rows] > 0)
        self.better_paid.begin(rows[has_job], self._premium())
        send_away(world, rows[leaves])
        weight = self.weight_of(rows)
        self.counts["placed"] += int(weight.sum())
        self.counts["placed_with_job"] += int(weight[has_job].sum())
        self.counts["placed_new"] += int(weight[leaves].sum())

    def close_year(self) -> None:
        """Who is in a course, who has had no time to be placed; placement of those who have had.

        A month's graduates are counted as having had time in one year, and once.
        """
        last = self.world.clock.today - MONTHS_TO_BE_PLACED + 1
        of_year = range(last - 11, last + 1)

        def total(of_month: dict[int, int], months: Iterable[int]) -> int:
            return sum(of_month.get(month, 0) for month in months)

        self.counts["in_course"] = int(self.weight_of(self.trainees).sum())
        too_soon = self.seekers[self.since > last]
        self.counts["not_yet_placed"] = int(self.weight_of(too_soon).sum())
        self.counts["had_time"] = total(self._trained, of_year)
        self.counts["had_time_placed"] = total(self._placed, of_year)
        before = [month for month in self._trained if month <= last]
        self.counts["had_time_so_far"] = total(self._trained, before)
        self.counts["had_time_so_far_placed"] = total(self._placed, before)
        price = self.price("training_unit_cost")
        self.counts["yuan_under_way"] = self.counts["in_course"] * price
        super().close_year()

    def _premium(self) -> float:
        """Yuan of 2009 that a household's migrant sends home more in a year: a part of his pay."""
        sent = self.world.remitted / self.world.pay_growth
        return sent * self.value("training_premium")

    def fade(self) -> None:
        """Nobody away, no better wage."""
        home = self.world.households.migrants[self.better_paid.rows] == 0
        if home.any():
            self.better_paid.end(home)

    def _jobs(self) -> int:
        """Places that employers hold open this month, province."""
        given = self.settings.jobs_per_month
        return round(self.value("training_jobs")) if given is None else int(given)
