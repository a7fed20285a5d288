"""Technology: "relevant universities and research institutes have sent 4590 technical persons to
carry out work in the areas involved in poverty alleviation by science and technology, promoted 217
new varieties and 332 practical techniques, transformed 250 scientific research results and held
575 various technology training courses for 66,000 people."

Who decides: universities send technicians in small teams to listed villages, by lot, those with
more registered poor sooner; a team brings one variety, technique or result and wins a few
households that show it on their land, the better schooled and better-off sooner; where money is
left it holds a course in the village. Mechanism: others watch. The hazard of taking it up is

    (team in the village: innovation) + imitation x share of suitable households that have it

(Bass 1969), greater for who was taught here or in practical training; suitable are households with
land and labour at home, so adoption saturates there (`diffusion.py`). An adopter's farm earns more,
by how good the village's item is; who gives it up earns as before. Losses: a share of the money.
Fading: by giving up.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.livelihood.farm import HomeIncome
from fupin.programmes.base import Ints, Programme
from fupin.programmes.diffusion import Diffusion
from fupin.programmes.rounding import whole_shares
from fupin.programmes.seats import lived, paid_seats, seats_by_village
from fupin.programmes.selection import criteria
from fupin.scenario.programmes import PROGRAMME_KEYS, TechnologySettings
from fupin.state.households import bit_of
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World

Flags = npt.NDArray[np.bool_]


class Technology(Programme[TechnologySettings]):
    """Technicians, demonstrations, courses, and what neighbours make of them."""

    key = "technology"
    service = Service.COURSE

    def __init__(self, world: World, settings: TechnologySettings, index: int) -> None:
        super().__init__(world, settings, index)
        self.read_parameters()
        practical = PROGRAMME_KEYS.index("practical_training")
        self.diffusion = Diffusion(self, taught=self.bit | bit_of(practical))
        self._visited: Ints = np.zeros(0, np.int64)  # village rows, this month
        self._paid: Ints = np.zeros(self.serves.size, np.int64)  # real visits, by county
        self._visits: Ints = np.zeros(self.serves.size, np.int64)  # the same, since the start
        self._adopters = 0  # households, by weight
        self.item_gain = np.zeros(len(world.frame.villages))  # of each village's item, log points

    def read_parameters(self) -> None:
        """What homes earn on land, too."""
        super().read_parameters()
        self._home = HomeIncome.of(self.world.frame, self.values)

    def default_counties(self) -> np.ndarray:
        """All counties with listed villages."""
        return self.counties_with_listed_villages()

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"technicians": self._technicians, "villages": 0, "courses": 0}
        self.counts |= {"seeded": 0, "adopted": 0, "given_up": 0, "adopters": 0}

    def open_fiscal_year(self) -> None:
        """The year's money by registered poor."""
        self._allotments = self.split_by_registered()

    @property
    def _technicians(self) -> int:
        given = self.settings.technicians
        return round(self.own("technicians")) if given is None else int(given)

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    # -- the month ----------------------------------------------------------------------------

    def choose(self) -> None:
        """Teams visit villages, as far as money for demonstrations and teams go."""
        self._visited, self._paid = np.zeros(0, np.int64), np.zeros(self.serves.size, np.int64)
        if not self.at_work:
            return
        world = self.world
        price = round(self.own("visit_cost"))
        seats = self.cut_to(self._visits_this_month(), self.cash // self.with_loss(price))
        fresh = self.meeting_places & ~self.diffusion.seeded
        # Where a sample has visited its few villages real ones are left, and others live the visit.
        left = self._visits < world.sum_by_county(
            np.where(self.meeting_places, world.villages.weight, 0)
        )
        self.limited((seats > 0) & ~left & ~self.unlisted, Limit.NEED)
        self.limited((seats > 0) & self.unlisted, Limit.LIST)
        seats = np.where(left, seats, 0)
        villages, visits = seats_by_village(self, seats, fresh)
        # A second team to one village finds nothing to do.
        self._paid = paid_seats(self, seats, villages, np.maximum(visits - 1, 0))
        self.limited((self._paid < seats) & self.counties_of(fresh), Limit.NEED)
        self._visits += self._paid
        self.book(np.arange(seats.size), self._paid, price)
        self._visited = villages[visits > 0]
        self.counts["villages"] += int(self._paid.sum())
        self._take_working_time(self._paid)

    def _take_working_time(self, villages: Ints) -> None:
        """Universities go on paying their technicians for visits paid in each county."""
        world = self.world
        each = world.values["costs.public_wage"] * world.values["costs.technician_time"]
        yuan = villages * round(self.own("team") * each)
        world.ledger.add_of_others(self.index, np.arange(villages.size), yuan)

    def _visits_this_month(self) -> int:
        """Villages that teams can take on this month; what a month leaves is not made up."""
        given = self.settings.places_per_month
        if given is not None:
            return self.offers(int(given))
        months, k = len(self.schedule.months), self.schedule.place
        teams = self._technicians / max(self.own("team"), 1.0)
        return self.offers(int(teams * (k + 1) / months) - int(teams * k / months))

    def train_and_place(self) -> None:
        """Demonstrations and courses in the villages visited this month."""
        if self._visited.size:
            self._bring_items(self._visited)
            self._demonstrate(self._visited)
        if self._paid.any():
            self._hold_courses(self._visited)

    def _bring_items(self, villages: Ints) -> None:
        """Each village is offered one of the year's items; how good it is goes with the item."""
        world = self.world
        given = self.settings.items
        items = max(round(self.own("items")) if given is None else int(given), 1)
        luck = world.chance.uniforms(
            f"{self.key}/item", world.villages.id[villages], 0, world.clock.today
        )
        item = np.minimum((luck * items).astype(np.int64), items - 1)
        z = world.chance.normals(f"{self.key}/item-gain", item, 0, 0)
        spread = self.own("item_sd")
        good = columns.exp(spread * z - spread * spread / 2.0).astype(np.float64)
        self.item_gain[villages] = self.own("adoption_gain") * good

    def _demonstrate(self, villages: Ints) -> None:
        """A team wins a few households; they take the item up at once."""
        seeds = np.full(villages.size, round(self.own("seeds")), np.int64)
        who = criteria(
            registered_odds=self.own_log_odds("registered_odds"),
            better_off_odds=self.log_odds("elite_capture_odds"),
            schooling_odds=self.own_log_odds("schooling_odds"),
            exclude=int(self.bit),
        )
        rows, _ = self.choose_in(villages, seeds, who, self.world.clock.today)
        self.mark_reached(rows)
        self.counts["seeded"] += self._take_up(self.diffusion.seed(villages, rows))

    def _hold_courses(self, villages: Ints) -> None:
        """One course in a visited village, as far as cash goes."""
        world = self.world
        given = self.settings.unit_cost
        price = round(self.own("course_cost") if given is None else float(given))
        courses = np.minimum(self._paid, self.cash // self.with_loss(price))
        self.book(np.arange(courses.size), courses, price)
        villages = villages[self._has_course(villages, courses)]
        who = criteria(
            registered_odds=self.own_log_odds("registered_odds"),
            better_off_odds=self.log_odds("elite_capture_odds"),
            schooling_odds=self.own_log_odds("schooling_odds"),
            exclude=int(self.bit),
        )
        seats = np.full(villages.size, round(self.own("attendance")), np.int64)
        rows, _ = self.choose_in(villages, seats, who, world.clock.today)
        self.mark_reached(rows)
        people = int(self.weight_of(rows).sum())
        self.counts["courses"] += int(courses.sum())
        self.counts["households"] += people
        self.counts["persons"] += people  # one person of a household

    def _has_course(self, villages: Ints, courses: Ints) -> Flags:
        """Which of the villages visited have a course, by lot: as large a share as of real visits.

        Args:
            villages: rows of sampled villages, those of a county side by side.
            courses: paid in each county.
        """
        pool, weight = self.pools, self.world.villages.weight[villages]
        real = self.in_pools(courses) / np.maximum(self.in_pools(self._paid), 1)
        county = self.county_of(villages)
        seats = real[pool[county]] * weight
        alone = pool[county] < self.serves.size
        luck = self.world.chance.uniforms(
            f"{self.key}/course", np.arange(courses.size), 0, self.world.clock.today
        )
        seats[alone] = whole_shares(np.ones(alone.sum()), courses, county[alone], luck)
        return lived(self, "courses", villages, seats) > 0

    def fade(self) -> None:
        """Neighbours take items up, adopters give them up."""
        taken, lost, gains = self.diffusion.live_month()
        self.raise_income(lost, -gains)
        self.counts["adopted"] += self._take_up(taken)
        given_up = int(self.weight_of(lost).sum())
        self.counts["given_up"] += given_up
        self._adopters -= given_up
        self.counts["adopters"] = self._adopters

    def _take_up(self, positions: Ints) -> int:
        """Households farm with the item, income rises by the farm's share of it; real number."""
        rows = self.diffusion.rows[positions]
        village = self.village_of(rows)
        farm = self._home.on_land(self.world.households, rows, village)
        gains = (self.item_gain[village] * farm).astype(np.float32)
        self.raise_income(rows, gains)
        self.diffusion.record(positions, gains)
        number = int(self.weight_of(rows).sum())
        self._adopters += number
        return number
