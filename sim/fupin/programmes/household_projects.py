"""Household projects: "The government conducted the activities of 'developing ten-possession
families by the implementation of poverty alleviation and development cell projects' ..., invested
more than 200 million Yuan to support more than 60,000 poor households ... Relying on more than 180
national and provincial poverty alleviation leading enterprises and more than 400 professional
poverty alleviation cooperatives (associations) ... 'leading enterprise + professional cooperatives
+ poor households' ... 15 vegetable, walnut, chicken, mushroom and other poverty alleviation
project zones began to take shape."

Who decides: the province splits the money by registered poor; counties draw listed villages by
lot, those with more registered poor sooner, and finish one before the next, so that projects lie
side by side; the village's committee chooses the households, the registered before others, and
the better-off the more the worse the committee. What: greenhouses, walnut saplings, hens,
mushroom sheds or livestock in kind, by terrain and the document's names (`project_kinds.py`).
Mechanism: assets that yield after a lag (walnut: years) and may fail (`asset_projects.py`); where
a cooperative or leading enterprise buys the produce, assets return more and fail less. Losses: a
share of the money. Fading: what exceeds a household's reference assets runs down.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.programmes.asset_projects import AssetProjects
from fupin.programmes.base import Ints, Programme
from fupin.programmes.project_kinds import (
    COSTS,
    HAZARDS,
    KINDS,
    LAGS,
    RETURNS,
    linked_villages,
    village_kinds,
    zone_counties,
)
from fupin.programmes.rounding import RealVillages, paid_for, real_villages
from fupin.programmes.selection import criteria
from fupin.programmes.village_queue import by_lot
from fupin.randomness import month_index
from fupin.scenario.programmes import HouseholdProjectsSettings
from fupin.state import works
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World


class HouseholdProjects(Programme[HouseholdProjectsSettings]):
    """Cell projects in kind, village after village."""

    key = "household_projects"
    service = Service.VISIT

    def __init__(self, world: World, settings: HouseholdProjectsSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self.projects = AssetProjects(self)
        zones = zone_counties(self, self._own_or(settings.zones, "zones"))
        cooperatives = self._own_or(settings.cooperatives, "cooperatives")
        enterprises = self._own_or(settings.leading_enterprises, "leading_enterprises")
        self.kind = village_kinds(self, np.arange(len(world.frame.villages)))
        self.linked = linked_villages(self, cooperatives, enterprises, zones)
        self.read_parameters()
        self._queue = RealVillages(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self._kind: Ints = np.zeros(0, np.int64)  # of each in the queue
        self._seats: Ints = np.zeros(0, np.int64)

    def read_parameters(self) -> None:
        """How well villages are led, and what projects cost, too."""
        super().read_parameters()
        self._quality = works.governance_quality(self.world.frame, self.values)
        self._costs = np.array([self._cost(name) for name in COSTS], np.int64)

    def _own_or(self, given: int | None, name: str) -> int:
        return round(self.own(name)) if given is None else int(given)

    def _cost(self, name: str) -> int:
        given = self.settings.unit_cost
        own = self.own(name) * self.own("cost_factor")
        return round(own if given is None else float(given))

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"registered_households": 0, "linked_households": 0, "failures": 0}
        self.counts |= {"villages": 0, **dict.fromkeys(KINDS, 0)}

    def open_fiscal_year(self) -> None:
        """The year's money by registered poor; the villages' turns."""
        self._allotments = self.split_by_registered()
        world, villages = self.world, self.world.frame.villages
        registered = self.people_by_village
        eligible = self.meeting_places & self.serves[np.asarray(villages.county)]
        rows = np.flatnonzero(eligible & (registered > 0))
        odds = registered[rows].astype(np.float64)
        january = month_index(world.clock.year, 1)
        rows = by_lot(self, rows, odds, january)
        self._queue = real_villages(world, f"{self.key}/place", rows, january)
        self._kind = village_kinds(self, *self._queue)
        self._seats = np.full(self._kind.size, self._seats_in_village, np.int64)

    @property
    def _seats_in_village(self) -> int:
        return round(self.own("households_in_village"))

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    def choose(self) -> None:
        """Villages in their turn choose households, as far as cash and places of the month go."""
        if not self.at_work:
            return
        if self._seats.size == 0:
            self.limited(slice(None), Limit.ELIGIBLE)
            self.limited(self.unlisted, Limit.LIST)
            return
        seats = self._seats_paid()
        open_ = self._seats > seats  # villages with seats for a later month
        self.limited(~self._counties_with(open_), Limit.NEED)
        self.limited(self.unlisted, Limit.LIST)
        begins = (seats > 0) & (self._seats == self._seats_in_village)
        self.counts["villages"] += int(begins.sum())
        self._seats -= seats
        turn = np.flatnonzero((seats > 0) & self._queue.sampled)
        villages, quota = self._queue.rows[turn], seats[turn]
        taken = np.zeros_like(quota)
        for well_led in (True, False):
            here = np.flatnonzero((self._quality[villages] >= 1.0) == well_led)
            if here.size:
                taken[here] = self._grant(villages[here], quota[here], well_led)
        self._book(seats, villages, quota - taken)

    def _book(self, seats: Ints, villages: Ints, lacking: Ints) -> None:
        """Enter projects by kind: those paid, less those for which villages found nobody."""
        county = self.county_of(self._queue.rows)
        for k, cost in enumerate(self._costs):
            offered = np.zeros(self.serves.size, np.int64)
            np.add.at(offered, county, np.where(self._kind == k, seats, 0))
            if not offered.any():
                continue
            here = self.kind[villages] == k
            real = self.world.villages.weight[villages[here]] * lacking[here]
            paid = paid_for(offered, self.county_of(villages[here]), real)
            counties = np.flatnonzero(paid)
            self.book(counties, paid[counties], int(cost))
            self.counts["households"] += int(paid.sum())
            self.counts[KINDS[k]] += int(paid.sum())

    def _seats_paid(self) -> Ints:
        """Households of each queueing village that this month's cash and places cover."""
        each = np.array([self.with_loss(int(c)) for c in self._costs])[self._kind]
        county = self.county_of(self._queue.rows)
        order = np.argsort(county, kind="stable")  # turns stay in order within a county
        cost = (self._seats * each)[order]
        before = np.cumsum(cost) - cost
        before -= before[np.searchsorted(county[order], county[order])]
        room = np.maximum(self.cash[county[order]] - before, 0)
        seats = np.zeros(county.size, np.int64)
        seats[order] = np.minimum(room // each[order], self._seats[order])
        places = self.own_places()
        used = np.cumsum(seats) - seats
        within: Ints = np.minimum(seats, np.maximum(places - used, 0))
        self.limited(county[within < seats], Limit.PLACES)
        return within

    def _counties_with(self, queued: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Counties of some villages of the queue, (counties,)."""
        return np.bincount(self.county_of(self._queue.rows[queued]), minlength=self.serves.size) > 0

    def _grant(self, villages: Ints, quota: Ints, well_led: bool) -> Ints:
        """Committees choose; the households get their assets. How many of each village."""
        capture = self.log_odds("elite_capture_odds") * (0.5 if well_led else 1.5)
        who = criteria(
            registered_odds=self.own_log_odds("registered_odds"),
            better_off_odds=capture,
            exclude=int(self.bit),
        )
        month = month_index(self.world.clock.year, 1)
        rows, taken = self.choose_in(villages, quota, who, month)
        self.nobody_left(villages, quota, taken)
        if rows.size == 0:
            return taken
        village = self.village_of(rows)
        kind, linked = self.kind[village], self.linked[village]
        self.projects.begin(
            rows,
            self._costs[kind] * self._returns(kind, linked) * self._quality[village],
            self._of_kinds(LAGS)[kind],
            self._hazards(kind, linked),
            self.own("failure_loss"),
        )
        self.mark_reached(rows)
        weight = self.weight_of(rows)
        self.counts["persons"] += int(weight @ self.world.households.size[rows])
        registered = self.world.households.registered[rows] > 0
        self.counts["registered_households"] += int(weight[registered].sum())
        self.counts["linked_households"] += int(weight[linked].sum())
        return taken

    def _of_kinds(self, names: tuple[str, ...]) -> npt.NDArray[np.float64]:
        """Parameters of the kinds, in the order of KINDS."""
        return np.array([self.own(name) for name in names])

    def _returns(self, kind: Ints, linked: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """Worth in use of a yuan of each household's assets."""
        own = self._of_kinds(RETURNS)[kind] * self.own("return_factor")
        return own * np.where(linked, 1.0 + self.own("link_return"), 1.0)

    def _hazards(self, kind: Ints, linked: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """Probability a year that a household's project fails."""
        own = self._of_kinds(HAZARDS)[kind] * self.own("hazard_factor")
        return np.minimum(own * np.where(linked, 1.0 - self.own("link_risk"), 1.0), 0.95)

    def fade(self) -> None:
        """Projects fail or begin to yield."""
        self.counts["failures"] += int(self.weight_of(self.projects.live()).sum())
