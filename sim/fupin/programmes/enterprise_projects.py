"""Enterprise projects: "organizing private enterprises to voluntarily claim the poor villages. In
such a way, it has facilitated the launching of 238 joint venture and cooperation projects with
investment of more than 10 billion Yuan."

Who decides: enterprises. Each project goes to a county by a keyed lottery with weights registered
rural people x (1 - remoteness), so where labour is many and roads are near, among the counties
with listed villages (or those that the plan names). Mechanism: of what a project claims, a share
is realised, unequal between projects: the common share times an exponential deviate, at most
all. Realised money makes local jobs after the construction time. Jobs are filled month by month
from households of the county's listed villages with labour to spare, by odds of schooling and of
being registered; a vacancy that nobody fills stays open. Who had local wage work before (the
county's share of it) only changes the employer: no gain; for the others the job is worth its pay in
yuan, less what the home earns without them (`jobs.py`). Money: the claim is released to the
county, the realised part is delivered, the rest returns; it is claimed money and never counts as
spent, and no public money is lost. Fading: jobs and their gain last; closures are not modelled.
Neither is that a worker with a job near home is less likely to migrate.
"""

from __future__ import annotations

import math

import numpy as np

from fupin.kernels import columns
from fupin.livelihood.sources import local_wage_share
from fupin.population.apportion import apportion
from fupin.programmes.base import Ints, Programme
from fupin.programmes.jobs import Jobs, without_one_more
from fupin.programmes.seats import paid_seats, seats_by_village
from fupin.programmes.selection import criteria
from fupin.programmes.shares import column, weights_of
from fupin.scenario.programmes import EnterpriseProjectsSettings
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World


class EnterpriseProjects(Programme[EnterpriseProjectsSettings]):
    """Projects of enterprises and the jobs that they bring to counties."""

    key = "enterprise_projects"
    service = Service.COURSE
    without_taker = Limit.PLACES  # projects beyond those of their month never start

    def __init__(self, world: World, settings: EnterpriseProjectsSettings, index: int) -> None:
        super().__init__(world, settings, index)
        units = len(world.frame.counties.code)
        self.vacant: Ints = np.zeros(units, np.int64)  # jobs that wait for a worker, by county
        self._coming: dict[int, Ints] = {}  # month index -> realised yuan that make jobs then
        self._fraction = np.zeros(units)  # of a job, carried on
        self.read_parameters()
        self.jobs = Jobs(self)  # those that are new to their household

    def read_parameters(self) -> None:
        """Counties' share of local wage work, too."""
        super().read_parameters()
        self._local_work = local_wage_share(self.world.frame, self.values)

    def default_counties(self) -> np.ndarray:
        """All counties with listed villages."""
        return self.counties_with_listed_villages()

    def open_year(self) -> None:
        """Counts from zero; jobs are paid as the year pays."""
        super().open_year()
        self.counts |= {"projects": 0, "jobs_opened": 0, "jobs_filled": 0, "jobs_new": 0}
        self.counts["jobs_given_up"] = 0
        self.jobs.open_year()

    def open_fiscal_year(self) -> None:
        """The year's projects get their county, size and month."""
        number = self._number() if self.budget else 0
        if self.county_money is None:
            order = np.arange(number, dtype=np.int64)
            self._claimed = self.budget * (order + 1) // max(number, 1)
            self._claimed -= self.budget * order // max(number, 1)
            self._county = self._places_of(order)
        else:
            self._county, self._claimed = self._of_counties(self.county_money.budgets(), number)
            number = self._county.size
            order = np.arange(number, dtype=np.int64)
        # A project starts in the month that brings the money of its place among all.
        first = [math.ceil(share * number) for share in self.schedule.shares_given()[:-1]]
        self._starts = np.searchsorted(np.array(first, np.int64), order, "right")
        share = self.own("realised_share") * -columns.log(self._luck("size", order))
        self._realised = np.floor(self._claimed * np.minimum(share, 1.0)).astype(np.int64)

    def _number(self) -> int:
        given = self.settings.projects
        return round(self.own("projects")) if given is None else int(given)

    def _luck(self, decision: str, order: Ints) -> np.ndarray:
        """A keyed uniform of each of the year's projects."""
        name = f"{self.key}/{decision}"
        return self.world.chance.uniforms(name, order, month=self.world.clock.year * 12)

    def _of_counties(self, yuan: Ints, number: int) -> tuple[Ints, Ints]:
        """County row and claimed yuan of each project, where the plan says each county's money.

        A county has projects in proportion to its money, and one at least; their order is by lot.
        """
        rows = np.flatnonzero(yuan)
        if rows.size == 0:
            return rows, yuan[rows]
        each = apportion(yuan[rows], max(number, rows.size), lower=1)
        county = np.repeat(rows, each)
        place = np.arange(county.size) - np.repeat(np.cumsum(each) - each, each)
        whole, many = yuan[county], np.repeat(each, each)
        claimed = whole * (place + 1) // many - whole * place // many
        turn = np.argsort(self._luck("county", np.arange(county.size)), kind="stable")
        return county[turn], claimed[turn]

    def _places_of(self, order: Ints) -> Ints:
        """County row of each project, by lot."""
        share = self.settings.share
        pull = column(self, "reachable_people") if share is None else weights_of(self, share)
        running = np.cumsum(np.where(self.serves, pull, 0.0))
        if running[-1] <= 0:
            return order[:0]
        luck = self._luck("county", order).astype(np.float64)
        # A lot that rounding puts at the very end falls to the last county with any pull.
        last = int(np.searchsorted(running, running[-1]))
        result: Ints = np.minimum(np.searchsorted(running, luck * running[-1], "right"), last)
        return result

    def release_and_allocate(self) -> None:
        """Projects that start this month bring what they claimed; a part is realised."""
        if self._county.size == 0 or not self.at_work:
            return
        self.limited(slice(None), Limit.CLAIM)  # what lies in a county was not realised there
        now = self._starts == self.schedule.place
        given = self.settings.places_per_month
        now &= np.cumsum(now) <= (now.size if given is None else self.offers(int(given)))
        county, realised = self._county[now], self._realised[now]
        self.world.ledger.release(self.index, county, self._claimed[now])
        self.world.ledger.deliver(self.index, county, realised)
        self.counts["projects"] += int(now.sum())
        opens = self.world.clock.today + round(self.own("construction_months"))
        yuan = self._coming.setdefault(opens, np.zeros(self.vacant.size, np.int64))
        np.add.at(yuan, county, realised)

    def train_and_place(self) -> None:
        """Finished works offer jobs; households near by take them."""
        finished = self._coming.pop(self.world.clock.today, None)
        if finished is not None:
            jobs = finished / 1e6 * self.own("jobs_per_million") + self._fraction
            opened = np.floor(jobs).astype(np.int64)
            self._fraction = jobs - opened
            self.vacant += opened
            self.counts["jobs_opened"] += int(opened.sum())
        if self.vacant.any():
            self._fill()

    def close_year(self) -> None:
        """What is realised and not built yet is counted too."""
        self.counts["yuan_under_way"] = sum(int(yuan.sum()) for yuan in self._coming.values())
        super().close_year()

    def _fill(self) -> None:
        world, h = self.world, self.world.households
        listed = self.meeting_places
        villages, seats = seats_by_village(self, self.vacant, listed)
        who = criteria(
            registered_odds=self.own_log_odds("registered_odds"),
            schooling_odds=self.own_log_odds("schooling_odds"),
            exclude=int(self.bit),
        )
        rows, _ = self.choose_in(villages, seats, who, world.clock.today)
        rows = rows[h.labour[rows] > h.migrants[rows]]  # nobody to spare: the job stays vacant
        village = self.village_of(rows)
        found = np.bincount(village, minlength=len(world.frame.villages))[villages]
        filled = paid_seats(self, self.vacant, villages, seats - found)
        self.vacant = self.vacant - filled
        self.counts["jobs_filled"] += int(filled.sum())
        if rows.size == 0:
            return
        weight, county = self.weight_of(rows), self.county_of(village)
        new = self.uniforms("had-local-work", rows) >= self._local_work[county]
        pay = self.own("job_months") * self.own("job_wage")
        self.jobs.begin(rows[new], pay, without_one_more(world, rows[new]))
        self.mark_reached(rows)
        self.count_households(rows)
        self.counts["jobs_new"] += int(weight[new].sum())
        self.local_jobs += int(weight[new].sum())

    def fade(self) -> None:
        """Where everybody able-bodied works away the job is given up, and vacant again."""
        h = self.world.households
        left = h.migrants[self.jobs.rows] >= h.labour[self.jobs.rows]
        if not left.any():
            return
        rows = self.jobs.end(left)
        weight = self.weight_of(rows)
        np.add.at(self.vacant, self.county_of(self.village_of(rows)), weight)
        self.counts["jobs_given_up"] += int(weight.sum())
        self.local_jobs -= int(weight.sum())
