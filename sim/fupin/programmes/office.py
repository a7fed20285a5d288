"""The office of a programme: when and where it acts, with how much money, and why money stays.

What is the same for every programme whatever it does with the money; whom it chooses and what that
changes stands in `fupin.programmes.base`.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.population.apportion import apportion
from fupin.programmes.poorest import poorest_counties
from fupin.programmes.schedule import CountySchedules, Schedule
from fupin.programmes.shares import split
from fupin.programmes.standing import registered_by_county
from fupin.scenario.fields import Budget
from fupin.scenario.programme_catalogue import bit_index
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.state.households import bit_of
from fupin.state.ledger import Counties
from fupin.state.limits import NO_COUNTY, Limit
from fupin.world.world import World

Ints = npt.NDArray[np.int64]


class Office[Settings: ProgrammeSettings]:
    """Months, counties, money, places, parameters and chance of a programme.

    Args:
        world: the world it acts in.
        settings: what the plan says about it.
        index: its position in the plan's programmes, which is its account in the ledger.

    Attributes:
        key: of its account; a further entry of a programme has one of its own, and so its own luck.
        values: parameter values that it reads.
        bit: of `reached`, for the households that it serves; further entries have that of the
            first, and so pass over whom it reached.
    """

    key: str
    revolving: ClassVar[bool] = False  # keeps its stock of money over the year's end
    without_taker: ClassVar[Limit] = Limit.ELIGIBLE  # why money may reach no county at all
    met: Limit = Limit.NEED  # why money is left when every village of its queue is paid
    kept_by_caps: int = 0  # yuan of the fiscal year, by the plan's rule (`shares.split`)

    def __init__(self, world: World, settings: Settings, index: int) -> None:
        self.world = world
        self.values = world.values
        self.settings = settings
        self.index = index
        self.key = world.ledger.programmes[index]
        self.bit = bit_of(bit_index(self.key, world.ledger.programmes))
        if self.settings.poorest is not None:
            _ = self.serves  # looked up at the plan's start, not when it is first needed

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
        """Counties with villages on the list, (counties,)."""
        return self.counties_of(self.world.village_list.listed)

    @property
    def listed_here(self) -> npt.NDArray[np.bool_]:
        """Villages of the list in the counties served, (V,)."""
        county = np.asarray(self.world.frame.villages.county)
        return self.world.village_list.listed & self.serves[county]

    def counties_of(self, villages: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Counties with any of some villages (V,), as flags, (counties,)."""
        county = np.asarray(self.world.frame.villages.county)[villages]
        return np.bincount(county, minlength=len(self.world.frame.counties.code)) > 0

    def list_changed(self) -> None:
        """The list of villages is another one from this month on (`fupin.state.village_list`).

        The poorest counties, looked up at the plan's start, stay.
        """
        for name in ("unlisted", "pools", *(("serves",) if self.settings.poorest is None else ())):
            self.__dict__.pop(name, None)

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
        by_village = np.where(world.village_list.listed, by_village, 0)
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
        else:
            limit = self.without_taker
        kept = min(self.kept_by_caps, yuan)
        by_limit = {Limit.CAPS: kept, limit: yuan - kept}
        return [(NO_COUNTY, limit, part) for limit, part in by_limit.items() if part]

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
        listed = self.world.village_list.listed
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
        listed = self.world.village_list.listed
        where_listed = (None, "listed_village", "listed_villages")
        return listed if self.way in where_listed else np.ones_like(listed)

    def county_of(self, villages: Ints) -> Ints:
        """County row of village rows."""
        return np.asarray(self.world.frame.villages.county, np.int64)[villages]

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

    def read_parameters(self) -> None:
        """The world has other parameter values from this month on."""
        self.values = self.world.values

    def stream(self, decision: str) -> np.uint64:
        """Keyed stream of one of this programme's decisions."""
        return self.world.chance.stream(f"{self.key}/{decision}")
