"""The common shape of all programmes: budget, who decides, when it acts, what it counts.

A programme is an object with the phases of a month as methods; a phase that it does not use is
the inherited one, which does nothing. It changes assets, skills, jobs, credit, infrastructure or
recognition; poverty follows or does not.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.population.apportion import apportion
from fupin.programmes.gather import gather, gather_twice, uniforms_of
from fupin.programmes.poorest import poorest_counties
from fupin.programmes.schedule import CountySchedules, Schedule
from fupin.programmes.selection import Criteria, choose_households, with_overlap
from fupin.programmes.shares import split
from fupin.programmes.standing import registered_by_county
from fupin.programmes.targeting import by_way, choose_ranked, people_of
from fupin.scenario.fields import Budget
from fupin.scenario.programme_catalogue import bit_index
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.scenario.targeting import RANKED
from fupin.state.households import bit_of
from fupin.state.ledger import Counties
from fupin.state.limits import NO_COUNTY, Limit
from fupin.state.register import Service
from fupin.world.world import World

Ints = npt.NDArray[np.int64]


@runtime_checkable
class Holding(Protocol):
    """What a programme keeps of households beside their columns: loans, projects."""

    def held_by(self, row: int) -> dict[str, float]:
        """Name -> amount that a household row has of it today."""


class Programme[Settings: ProgrammeSettings]:
    """One policy stream. Subclasses set `key` and override the phases they act in.

    Args:
        world: the world it acts in.
        settings: what the plan says about it.
        index: its position in the plan's programmes, which is its account in the ledger.

    Attributes:
        values: parameter values that it reads.
        counts: delivered counts of the calendar year so far, province (weights applied).
        counts_by_year: the same of the years that are over.
        phases: where the lines of lots end by which sampled villages live seats (`rounding.deal`).
    """

    key: str
    revolving: ClassVar[bool] = False  # keeps its stock of money over the year's end
    service: ClassVar[Service] = Service.NONE  # how it meets the households that it reaches
    without_taker: ClassVar[Limit] = Limit.ELIGIBLE  # why money may reach no county at all
    met: Limit = Limit.NEED  # why money is left when every village of its queue is paid
    local_jobs: int = 0  # jobs near home that exist because of it, persons, weights applied

    def __init__(self, world: World, settings: Settings, index: int) -> None:
        self.world = world
        self.values = world.values
        self.settings = settings
        self.index = index
        # A further entry has luck of its own, and passes over whom the first reached.
        self.key = world.ledger.programmes[index]
        self.bit = bit_of(bit_index(self.key, world.ledger.programmes))
        self.counts: dict[str, int] = {}
        self.phases: dict[str, float] = {}
        self.counts_by_year: dict[int, dict[str, int]] = {}
        if self.settings.poorest is not None:
            _ = self.serves  # looked up at the plan's start, not when it is first needed

    @classmethod
    def has_stock(cls, world: World) -> bool:
        """True where earlier years left something that goes on in a plan without the programme."""
        return False

    # -- phases of a month, in the order of `fupin.month` ---------------------------------

    def release_and_allocate(self) -> None:
        """Money of the month reaches the offices of the counties that the programme serves."""

    def choose(self) -> None:
        """Villages and offices choose households."""

    def carry_out(self) -> None:
        """Works, assets, moves."""

    def train_and_place(self) -> None:
        """Courses, placements."""

    def lend_and_collect(self) -> None:
        """Loans, instalments."""

    def fade(self) -> None:
        """Gains build up or wear off."""

    def recognise(self, seen: npt.NDArray[np.float32]) -> None:
        """December, before the review: committees see log incomes `seen`, (N,), more clearly."""

    def read_parameters(self) -> None:
        """The world has other parameter values from this month on."""
        self.values = self.world.values

    def open_year(self) -> None:
        """January (or the first month): counts start from zero."""
        self.counts = {"households": 0, "persons": 0}

    def open_fiscal_year(self) -> None:
        """First month of a fiscal year, or of all, after `open_year`: who gets its money."""

    def close_fiscal_year(self) -> None:
        """Last month of a fiscal year, or of all, before unspent money returns."""

    def close_year(self) -> None:
        """December: the year's counts are kept."""
        self.counts_by_year[self.world.clock.year] = dict(self.counts)

    def held_by(self, row: int) -> dict[str, float]:
        """What a household row has of the programme today: name -> amount.

        Loans: `owed` (yuan of principal) and `lent` (loans in the book); projects: `project`
        (worth in use, years of its reference income).
        """
        found: dict[str, float] = {}
        for held in vars(self).values():
            if isinstance(held, Holding):
                found |= held.held_by(row)
        return found

    # -- when and where -----------------------------------------------------------------------

    @cached_property
    def schedule(self) -> Schedule:
        """Its months and their money."""
        return Schedule(self.world.plan.calendar(self.key), self.world.clock)

    @property
    def at_work(self) -> bool:
        """True where the programme is active this month; never after the plan's period."""
        return self.schedule.at_work

    @cached_property
    def serves(self) -> npt.NDArray[np.bool_]:
        """Counties served, (counties,): those that the plan names, else `default_counties`.

        Where a plan names the poorest, these are looked up among `default_counties`.
        Where a plan names prefectures alone, those of `default_counties` that lie in them.
        """
        codes, poorest = self.settings.county_codes(), self.settings.poorest
        if poorest is not None:
            inside = np.isin(self.world.frame.counties.code, codes) if codes else True
            return poorest_counties(self.world, poorest, self.default_counties() & inside)
        if codes is None:
            return self.default_counties()
        named = np.isin(np.asarray(self.world.frame.counties.code), codes)
        one_by_one = self.settings.counties is not None or self.settings.by_county is not None
        return named if one_by_one else named & self.default_counties()

    def default_counties(self) -> npt.NDArray[np.bool_]:
        """Counties served where the plan names none: the 52 key counties."""
        return np.asarray(self.world.frame.counties.key) > 0

    def counties_with_listed_villages(self) -> npt.NDArray[np.bool_]:
        """Counties with villages on the roster, (counties,)."""
        return self.counties_of(np.asarray(self.world.frame.villages.listed))

    def counties_of(self, villages: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Counties with any of some villages (V,), as flags, (counties,)."""
        county = np.asarray(self.world.frame.villages.county)[villages]
        return np.bincount(county, minlength=len(self.world.frame.counties.code)) > 0

    # -- money --------------------------------------------------------------------------------

    @property
    def months_of_fiscal_year(self) -> slice:
        """Months of the accounts from the fiscal year's first to this one."""
        now = self.world.ledger.month
        passed = (self.world.clock.today - (self.world.plan.fiscal_year_start - 1)) % 12
        return slice(max(now - passed, 0), now + 1)

    def release_this_month(self, allotments: Ints) -> None:
        """Release this month's part of the counties' yearly allotments, yuan, (counties,).

        Each county gets the same part of its allotment as the programme of the year's money.
        """
        if self.at_work:
            part = self.part_of_month(allotments)
            self.world.ledger.release(self.index, slice(None), part)

    def part_of_month(self, allotments: Ints) -> Ints:
        """What this month brings of the counties' yearly allotments, (counties,) whole yuan."""
        if self.county_money is None:
            return self.schedule.part_of_month(allotments)
        return self.county_money.part_of_month(allotments)

    @cached_property
    def county_money(self) -> CountySchedules | None:
        """Months and money of each county, where the plan says the money of each."""
        said = self.settings.by_county
        if said is None:
            return None
        plan, code = self.world.plan, np.asarray(self.world.frame.counties.code)
        calendars = {
            int(np.flatnonzero(code == county)[0]): plan.calendar_with(self.key, yuan)
            for county, yuan in said.counties.items()
        }
        return CountySchedules(self.schedule, calendars, code.size)

    @property
    def budget_to_queue(self) -> int | Ints:
        """Yuan of this fiscal year for a queue of villages: of the province, or (counties,)."""
        return self.budget if self.county_money is None else self.county_money.budgets()

    @property
    def budget(self) -> int:
        """Yuan of this fiscal year; none after the plan's period."""
        return self.schedule.budget

    def budget_of_part(self, part: Budget) -> int:
        """Yuan of this fiscal year of a part of the budget, as it is written."""
        calendar = self.world.plan.calendar_with(self.key, part)
        return Schedule(calendar, self.world.clock).budget

    def split_by_registered(self) -> Ints:
        """The year's budget by registered poor of the served counties, (counties,) whole yuan."""
        return self.split_by(np.where(self.serves, self.registered_by_county(), 0))

    def registered_by_county(self) -> Ints:
        """Registered persons of each county, as offices of the whole province know them."""
        return registered_by_county(self.world, self.pools == self.pools.size)

    def split_by(self, weights: npt.ArrayLike) -> Ints:
        """The year's budget by the plan's rule, else by county weights, (counties,) whole yuan.

        Where the plan says the money of each county, that is it.
        """
        if self.county_money is not None:
            return self.county_money.budgets()
        if self.settings.share is not None:
            return split(self, self.budget)
        weights = np.asarray(weights, np.float64)
        if self.budget == 0 or weights.sum() == 0:
            return np.zeros(weights.size, np.int64)
        return apportion(weights, self.budget)

    def need_by_county(self) -> npt.NDArray[np.float64]:
        """What is left to do in each county, in a unit of the programme's own, (counties,).

        Here: registered poor of its listed villages whom it has not reached yet.
        """
        world, h = self.world, self.world.households
        waiting = (h.registered > 0) & (h.reached & self.bit == 0)
        persons = np.where(waiting, h.size.astype(np.int64), 0)
        by_village = np.add.reduceat(persons, world.villages.offsets[:-1])
        by_village = np.where(world.frame.villages.listed, by_village, 0)
        return world.sum_by_county(by_village * world.villages.weight).astype(np.float64)

    @property
    def cash(self) -> Ints:
        """Yuan on hand in each county's office, (counties,)."""
        return self.world.ledger.available(self.index)

    @property
    def loss_rate(self) -> float:
        """Share of every yuan that is lost on its way, at the openness of this month."""
        return self.world.openness.loss(self.value("financial_loss"))

    def with_loss(self, yuan: int) -> int:
        """What a delivery of `yuan` takes from the budget: itself and what is lost on the way."""
        lost = self.loss_rate
        return yuan + round(yuan * lost / (1.0 - lost))

    def book(self, county: Ints, units: Ints, each: int) -> None:
        """Enter deliveries of `each` yuan a unit, and the losses that go with them."""
        for watcher in self.world.watchers:
            watcher.booked(self, county, units, each)
        loss = self.with_loss(each) - each
        self.world.ledger.deliver(self.index, county, units * each)
        self.world.ledger.lose(self.index, county, units * loss)

    # -- why money stays ----------------------------------------------------------------------

    def limited(self, counties: Counties, limit: Limit) -> None:
        """A limit binds in some counties this month; it takes the place of one said before."""
        self.world.limits.say(self.index, counties, limit)

    @property
    def needs_list(self) -> bool:
        """Whether its money can act in listed villages alone."""
        return True

    @cached_property
    def unlisted(self) -> npt.NDArray[np.bool_]:
        """Counties in which no village may send anybody, where it needs one, (counties,)."""
        if not self.needs_list:
            return np.zeros(self.serves.size, np.bool_)
        return ~self.counties_of(self.meeting_places)

    def why_unreleased(self, yuan: int) -> list[tuple[int, Limit, int]]:
        """Why money of the fiscal year has reached no county: county row, limit, yuan of each.

        Args:
            yuan: all of it.
        """
        if not self.schedule.months:
            limit = Limit.MONTH
        elif not (self.serves & ~self.unlisted).any():
            limit = Limit.LIST
        elif self.settings.share is not None and self.settings.share.cap is not None:
            limit = Limit.CAPS
        else:
            limit = self.without_taker
        return [(NO_COUNTY, limit, yuan)]

    def offers(self, places: int) -> int:
        """Note how many units it can begin this month in all; the number."""
        limits, month = self.world.limits, self.world.ledger.month
        limits.places[self.index, month] = places
        return places

    def nobody_left(self, villages: Ints, quota: Ints, taken: Ints) -> None:
        """Villages that sent fewer than their quota have nobody else who may have it."""
        self.limited(self.county_of(villages[taken < quota]), Limit.ELIGIBLE)

    @cached_property
    def pools(self) -> Ints:
        """Pool of each county, (counties,): its own, or the one of all with heavy villages.

        In a sample what a county's listed villages stand for is too coarse for its own choice or
        cash, and such counties choose and pay together.
        """
        listed = np.asarray(self.world.frame.villages.listed)
        heavy = self.counties_of(listed & (np.asarray(self.world.villages.weight) > 1))
        return np.where(heavy, heavy.size, np.arange(heavy.size))

    def in_pools(self, by_county: Ints) -> Ints:
        """Sums over the counties of each pool, (counties + 1,)."""
        out = np.zeros(self.serves.size + 1, np.int64)
        np.add.at(out, self.pools, by_county)
        return out

    # -- capacity -----------------------------------------------------------------------------

    def places(self, parameter: str) -> int:
        """Places of this month, province: the plan's, else parameter `programmes.<name>`."""
        given = self.settings.places_per_month
        return self.offers(round(self.value(parameter)) if given is None else int(given))

    def own_places(self, parameter: str = "places") -> int:
        """The same of parameter `<programme key>.<name>`."""
        given = self.settings.places_per_month
        return self.offers(round(self.own(parameter)) if given is None else int(given))

    def within_places(self, seats: Ints, parameter: str) -> Ints:
        """Cut the counties' seats to the month's places, in proportion, (counties,)."""
        return self.cut_to(self.places(parameter), seats)

    def cut_to(self, places: int, seats: Ints) -> Ints:
        """Cut the counties' seats to so many places, in proportion, (counties,)."""
        if seats.sum() <= places:
            return seats
        within = apportion(seats, places, upper=seats)
        self.limited(within < seats, Limit.PLACES)
        return within

    def price(self, parameter: str) -> int:
        """Yuan a unit: the plan's unit cost, else parameter `programmes.<name>`."""
        given = self.settings.unit_cost
        return round(self.value(parameter) if given is None else float(given))

    # -- who ----------------------------------------------------------------------------------

    @property
    def way(self) -> str | None:
        """How the plan wants households chosen; None: as the programme does it."""
        who: str | None = getattr(self.settings, "who", None)
        return who

    @property
    def meeting_places(self) -> npt.NDArray[np.bool_]:
        """Villages that may send somebody, where they lie in counties served, (V,).

        The listed ones, but where the plan wants others than households of listed villages.
        """
        listed = np.asarray(self.world.frame.villages.listed)
        where_listed = (None, "listed_village", "listed_villages")
        return listed if self.way in where_listed else np.ones_like(listed)

    @property
    def people_by_village(self) -> Ints:
        """Persons of one real village by whom villages have seats, (V,): the registered poor."""
        return people_of(self)

    def county_of(self, villages: Ints) -> Ints:
        """County row of village rows."""
        return np.asarray(self.world.frame.villages.county, np.int64)[villages]

    def village_of(self, rows: Ints) -> Ints:
        """Village row of household rows."""
        out = np.empty(rows.size, np.int64)
        gather(self.world.villages.of_household, rows, out)
        return out

    def weight_of(self, rows: Ints) -> Ints:
        """How many households each household row stands for."""
        out = np.empty(rows.size, np.int64)
        gather_twice(self.world.villages.weight, self.world.villages.of_household, rows, out)
        return out

    def uniforms(
        self, decision: str, rows: Ints, slot: int = 0, month: int | None = None
    ) -> npt.NDArray[np.float32]:
        """A keyed uniform of each household row for a decision of this month, or of another.

        The same as `randomness.uniforms` by village and number in it, in one pass.
        """
        today = self.world.clock.today if month is None else month
        v, out = self.world.villages, np.empty(rows.size, np.float32)
        uniforms_of(self.stream(decision), v.id, v.offsets, v.of_household, rows, today, slot, out)
        return out

    def choose_in(
        self, villages: Ints, quota: Ints, who: Criteria, month: int
    ) -> tuple[Ints, Ints]:
        """Household rows chosen by the committees of villages, and how many of each village.

        Args:
            villages: village rows.
            quota: how many each may choose at most.
            who: eligibility and odds.
            month: month index for the key; one value for a whole round of choices.
        """
        rows = np.zeros(int(quota.sum()), np.int64)
        if rows.size == 0:
            return rows, np.zeros(villages.size, np.int64)
        who = by_way(self.way, who)
        if self.way in RANKED:
            return choose_ranked(self, villages, quota, who)
        world, v = self.world, self.world.villages
        shared = world.chance.stream(f"selection/{world.clock.year}")
        total, taken = choose_households(
            world.households, v.id, v.offsets, villages, quota,
            with_overlap(who, self.value("overlap"), shared), month,
            self.stream("selection"), rows,
        )  # fmt: skip
        return rows[:total], taken

    def mark_reached(self, rows: Ints) -> None:
        """Households were served: the register may look at them (re-assessment)."""
        for watcher in self.world.watchers:
            watcher.reached(self, rows)
        h = self.world.households
        h.served[rows] = np.maximum(h.served[rows], np.uint8(self.service))
        h.reached[rows] |= self.bit

    def count_households(self, rows: Ints) -> None:
        """Add household rows to the counts of households and persons."""
        weight = self.weight_of(rows)
        self.counts["households"] += int(weight.sum())
        self.counts["persons"] += int((weight * self.world.households.size[rows]).sum())

    # -- effects ------------------------------------------------------------------------------

    def raise_income(self, rows: Ints, log_gain: npt.ArrayLike) -> None:
        """Add a log gain to the income of household rows, from this month on."""
        h = self.world.households
        gain = np.broadcast_to(np.asarray(log_gain, np.float32), rows.shape)
        h.gain[rows] += gain
        h.flow[rows] *= columns.exp(gain)

    def yuan_to_years(self, rows: Ints, yuan: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Yuan of a household in years of its own reference income (per person)."""
        h = self.world.households
        people = h.size[rows].astype(np.float32)
        return np.asarray(yuan, np.float32) / (
            people * f32(self.world.level_of_money) * h.base[rows]
        )

    # -- parameters and chance ----------------------------------------------------------------

    def value(self, name: str) -> float:
        """Parameter `programmes.<name>`."""
        return float(self.values[f"programmes.{name}"])

    def own(self, name: str) -> float:
        """Parameter `<programme key>.<name>`, of the programme's own parameter file."""
        return float(self.values[f"{type(self).key}.{name}"])

    def log_odds(self, name: str) -> float:
        """Log odds of a parameter `programmes.<name>`, at the openness of this month."""
        return self.world.openness.log_odds(name, float(columns.log_of(self.value(name))))

    def own_log_odds(self, name: str) -> float:
        """The same of a parameter `<programme key>.<name>`."""
        return self.world.openness.log_odds(name, float(columns.log_of(self.own(name))))

    def stream(self, decision: str) -> np.uint64:
        """Keyed stream of one of this programme's decisions."""
        return self.world.chance.stream(f"{self.key}/{decision}")
