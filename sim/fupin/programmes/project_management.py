"""Project management: "submitting the registered projects reported by various cities to the
project registration evaluation team for review timely ... the city poverty alleviation offices
notify the key villages ... the project content, amount of funds and beneficiaries, and the
village-level poverty alleviation project supervision teams will conduct supervisions on this
basis. It has expanded people's right to information and supervision and helped deliver
anti-poverty funds to villages and households."

Who decides: the provincial office reviews and registers village plans; the cities post them and
set up supervision teams, first where most registered poor live, in the counties that the plan
names, else in all with listed villages. Mechanism: it reaches nobody by itself. Each village that
is opened raises the province's openness, and openness lowers losses and elite capture and sharpens
the ranking of every other programme (`openness.py`). Money and the review team's capacity bind;
villages that were open already are not opened again. Losses: a share of its own money. Fading: a
share of the newly opened villages closes again at each year's end.
"""

from __future__ import annotations

import numpy as np

from fupin.programmes.base import Ints, Programme
from fupin.scenario.programmes import ProjectManagementSettings
from fupin.state.limits import Limit
from fupin.world.world import World


class ProjectManagement(Programme[ProjectManagementSettings]):
    """Villages opened to disclosure and supervision, counted by county."""

    key = "project_management"
    without_taker = Limit.NEED

    def __init__(self, world: World, settings: ProjectManagementSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self._opened = np.zeros(self.world.counties)  # by the programme, still open
        self._look_at_list()

    def _look_at_list(self) -> None:
        world = self.world
        listed = world.village_list.listed
        self._listed: Ints = world.sum_by_county(np.where(listed, world.villages.weight, 0))
        self._open_before = np.floor(self._listed * world.openness.start)
        registered = self.registered_by_county().astype(np.float64)
        self._poor = np.where(self._listed > 0, registered, 0.0)

    def list_changed(self) -> None:
        """As many of the other villages are open as of the first ones without the programme."""
        super().list_changed()
        self._look_at_list()
        self._opened = np.minimum(self._opened, self._listed - self._open_before)

    def default_counties(self) -> np.ndarray:
        """All counties with listed villages."""
        return self._listed > 0

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"villages": 0}

    def open_fiscal_year(self) -> None:
        """The year's money is split by the listed villages not open yet."""
        self._allotments = self.split_by(np.where(self.serves, self._closed, 0.0))

    def need_by_county(self) -> np.ndarray:
        """Listed villages without disclosure, by county, (counties,)."""
        return np.asarray(self._closed, np.float64)

    @property
    def _closed(self) -> np.ndarray:
        """Listed villages without disclosure, by county, (counties,)."""
        return self._listed - self._open_before - self._opened

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    def carry_out(self) -> None:
        """Open villages as far as cash, the review team and closed villages go."""
        if not self.at_work:
            return
        given = self.settings.unit_cost
        price = round(self.own("supervision_cost") if given is None else float(given))
        paid_for, closed = self.cash // self.with_loss(price), np.floor(self._closed)
        self.limited(closed < paid_for, Limit.NEED)
        self.limited(self._listed == 0, Limit.LIST)
        opened = self._within_places(np.minimum(paid_for, closed).astype(np.int64))
        counties = np.flatnonzero(opened)
        self.book(counties, opened[counties], price)
        self._opened += opened
        self.counts["villages"] += int(opened.sum())

    def _within_places(self, seats: Ints) -> Ints:
        """Counties with most registered poor first, until the review team's month is full."""
        places = self.own_places("villages_per_month")
        order = np.lexsort((np.arange(seats.size), -self._poor))
        before = np.cumsum(seats[order]) - seats[order]
        within = np.zeros_like(seats)
        within[order] = np.clip(places - before, 0, seats[order])
        self.limited(within < seats, Limit.PLACES)
        return within

    def fade(self) -> None:
        """From the next month on all programmes work at the new openness.

        Villages close only after December's deliveries, so that no price rises within a year.
        """
        if self.world.clock.month == 12:
            self._opened *= 1.0 - self.own("lapse")
        share = np.divide(
            self._opened, self._listed, out=np.zeros_like(self._poor), where=self._listed > 0
        )
        weight = self._poor / max(self._poor.sum(), 1.0)
        openness = self.world.openness
        openness.now = min(1.0, openness.start + float(weight @ share))
