"""The yearly core: the same livelihood and register functions at a step of twelve months.

History before a run's first month is lived by this core from a burn-in without growth: full
listing at the end of 2001, then a year at a time with that year's line, level, weather and
programmes. The provincial income level of each year is solved here, once per frame and draw
(`levels.py`), and reused unchanged by every plan and twin.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.livelihood import month as month_kernel
from fupin.livelihood import weather
from fupin.livelihood import year as year_kernel
from fupin.livelihood.county_incomes import spread_of
from fupin.livelihood.endowments import fill_endowments
from fupin.livelihood.rates import livelihood_rates
from fupin.livelihood.villages import VillageArrays
from fupin.parameters.province import province
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame
from fupin.randomness import Luck
from fupin.state import register, task
from fupin.state.households import Households, new_households

FIRST_YEAR = province().first_listing
"""The year of the full listing; the document's first count."""
LAST_YEAR = province().last_official
"""Last year with an official mean income, line and prices; no later one can be lived."""
BURN_IN = 3
"""Years without growth before FIRST_YEAR, for savings, assets and migrants."""

WorksOfYear = Callable[[int], tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]
"""Village works at the end of a year: log gain of the better-off and of the poorer half, (V,)."""


def _within(year: int) -> int:
    return max(year, FIRST_YEAR)  # the burn-in has no growth


@dataclass
class Moments:
    """What a year of the core looked like; persons are weighted."""

    year: int
    level: float
    mean_income: float
    registered: float
    delisted: float
    listed: float


@dataclass(frozen=True)
class FirstListing:
    """The full listing at the end of FIRST_YEAR by perceived income, persons.

    Attributes:
        absolute: under the absolute line (630 yuan).
        poor: under the low-income line (872 yuan); these are on the register.
    """

    absolute: float
    poor: float

    @property
    def low_income(self) -> float:
        """Between the two lines."""
        return self.poor - self.absolute


@dataclass
class Core:
    """Households of a frame lived at a yearly step.

    Args:
        frame: who lives where.
        values: parameter values of the draw.
        luck: run seed, or one for each stretch of years.
        works: village works at the end of each year (history's programme).
        weather_rule: "historical", "mean" or "chance".
        shocks: household crashes on.
        threshold: asset threshold variant.
        places: number of the draw's own places (`places.py`).
        by_task: the register is kept by task (`fupin.state.task`).
    """

    frame: Frame
    values: ParameterValues
    luck: Luck | int
    works: WorksOfYear
    weather_rule: str = "historical"
    shocks: bool = True
    threshold: bool = False
    places: int = 0
    by_task: bool = False
    households: Households = field(init=False)

    def __post_init__(self) -> None:
        self.rates = livelihood_rates(self.values)
        self.households = new_households(self.frame)
        h = self.households
        fill_endowments(h, self.frame, self.values, self.seed, self.places)
        self.villages = VillageArrays.of(self.frame, h, self.rates, self.values)
        self.loss = weather.recorded_loss(self.values)
        # Near where assets and savings settle at central values, so that the burn-in can be short.
        h.assets[:] = 0.955
        year_kernel.fill_buffers(h, self.rates, f32(-0.07))
        self._scale = 0.0
        if self.threshold:
            self._scale = year_kernel.mean_base(h, self.villages.offsets, self.villages.weight)
        self.asset_threshold = self._asset_threshold(self.values)
        self.perception = register.perception(self.values, recognition=False)
        self.offices = task.TaskOffices.of(self.frame, self.values) if self.by_task else None
        self.seen = np.zeros(h.size.size, np.float32)
        self.first = True
        self.first_listing: FirstListing = FirstListing(0.0, 0.0)

    @property
    def seed(self) -> int:
        """Seed of lasting traits."""
        return self.luck if isinstance(self.luck, int) else self.luck.first

    def seed_of(self, year: int) -> int:
        """Seed of what happens in a year."""
        return self.luck if isinstance(self.luck, int) else self.luck.of(year)

    def _asset_threshold(self, values: ParameterValues) -> np.float32:
        mean = values.dated("official.mean_income", province().document_year)
        return f32(values["livelihood.asset_threshold"] / mean * self._scale)

    def with_values(self, values: ParameterValues, villages: VillageArrays) -> Core:
        """The same households under laws with other parameter values.

        What they were endowed with, and how many of a village left at the start, stays.

        Args:
            values: all of them.
            villages: as they are now, with what was built in them.
        """
        other = copy.copy(self)
        other.values = values
        other.rates = livelihood_rates(values)
        other.asset_threshold = self._asset_threshold(values)
        other.perception = register.perception(values, recognition=False)
        if self.offices is not None:
            other.offices = task.TaskOffices.of(self.frame, values)
        saves = "livelihood.water_saves_illness"
        other.villages = villages.with_risk(self.values[saves], values[saves])
        return other

    def spread(self, year: int) -> np.float32:
        """s(t) = 1 + spread_growth (log mean income of the year - of 2001)."""
        return f32(spread_of(self.values, max(year, FIRST_YEAR)))

    def pay_growth(self, year: int) -> float:
        """Pay of a year to that of the document's: it goes with the official mean income."""
        mean, then = (
            self.values.dated("official.mean_income", y)
            for y in (_within(year), province().document_year)
        )
        return mean / then

    def remitted(self, year: int) -> float:
        """Yuan that a migrant sends home in a year: months x monthly pay x the share sent."""
        v = self.values
        pay = v["livelihood.migrant_months"] * v["livelihood.migrant_wage"]
        return pay * v["livelihood.migrant_remitted"] * self.pay_growth(year)

    def line(self, year: int) -> float:
        """Poverty line of a year, yuan per person."""
        return self.values.dated("official.low_income_line", year)

    def prices(self, year: int) -> float:
        """Consumer prices of a year to those of the document's year."""
        after, at = min(year, province().document_year), max(year, province().document_year)
        growth = self.values.series("official.consumer_prices", range(after + 1, at + 1))
        factor = math.prod(each / 100.0 for each in growth)
        return factor if year == at else 1.0 / factor

    def live(self, year: int, level: float) -> None:
        """One year up to the end of December, in units of the year's level, yuan per person."""
        h, v = self.households, self.villages
        before_rich, before_poor = self.works(year - 1)
        after_rich, after_poor = self.works(year)
        january, pay = randomness.month_index(year, 1), f32(self.remitted(year) / level)
        year_kernel.open_year(
            h, v.id, v.offsets, before_rich, before_poor, self.rates, self.spread(year),
            pay, january, self.first, *year_kernel.year_streams(self.seed_of(year)),
        )  # fmt: skip
        self.first = False
        rule = "mean" if year < FIRST_YEAR else self.weather_rule
        loss = weather.county_loss(self.frame, self.loss, rule, year, self.seed_of(year))
        self.shortfall = weather.village_shortfall(self.frame, self.values, self.loss, loss)
        inputs = v.month(
            weather.village_home_loss(self.frame, self.values, loss),
            # Works of a year arrive evenly over it: half of them on average.
            columns.exp((after_rich - before_rich) / 2),
            columns.exp((after_poor - before_poor) / 2),
        )
        p = month_kernel.hazards(self.rates, 12, self.shocks, demography=False)
        month_kernel.live_months(
            h,
            inputs,
            self.rates,
            p,
            pay,
            f32(1.0),
            january,
            *month_kernel.streams(self.seed_of(year)),
        )

    def settle(self, year: int, level: float) -> Moments:
        """December: incomes in yuan, investment, and the register's listing or review."""
        return self._measure(year, level, self._settle(year, level))

    def _settle(self, year: int, level: float) -> npt.NDArray[np.int64]:
        # Persons delisted and listed by village, unweighted, (V, 2).
        h, v = self.households, self.villages
        self.settle_accounts(level)
        december = randomness.month_index(year, 12)
        flows = np.zeros((v.id.size, 2), np.int64)
        if year >= FIRST_YEAR:
            line = columns.log_of(self.line(year))
            register.perceive(
                h, v.id, v.offsets, self.perception, december,
                *register.perception_streams(self.seed_of(year), "register"), self.seen,
            )  # fmt: skip
            months = register.listed_month(december)
            if year == FIRST_YEAR:
                register.list_all(h, self.seen, line, months)
                self.first_listing = self._first_listing()
            elif self.offices is not None:
                self.offices.review(
                    h, self.seen, line, self.perception, self.offices.registered(h), december,
                    self.seed_of(year), flows,
                )  # fmt: skip
            else:
                register.review(
                    h, v.id, v.offsets, self.seen, line, self.perception, december,
                    months, randomness.stream(self.seed_of(year), "register/review"), flows,
                )  # fmt: skip
        return flows

    def settle_accounts(self, level: float) -> None:
        """December: incomes in yuan, saving, the weather's trace, net investment or sales."""
        year_kernel.settle_income(self.households, f32(level))
        offsets = self.villages.offsets
        year_kernel.invest(
            self.households, offsets, self.rates, self.asset_threshold, self.shortfall
        )

    def _first_listing(self) -> FirstListing:
        v, below = self.villages, np.zeros(self.villages.id.size, np.int64)
        persons = []
        for name in ("official.absolute_line", "official.low_income_line"):
            limit = columns.log_of(self.values.dated(name, FIRST_YEAR))
            register.count_below(v.offsets, self.households.size, self.seen, limit, below)
            persons.append(float(np.dot(below, v.weight)))
        return FirstListing(*persons)

    def _measure(self, year: int, level: float, flows: npt.NDArray[np.int64]) -> Moments:
        h, v = self.households, self.villages
        persons = np.zeros(v.id.size, np.int64)
        register.count_persons(v.offsets, h.size, h.registered, persons)
        income, people = year_kernel.relative_income(h, v.offsets, v.weight)
        return Moments(
            year=year,
            level=level,
            mean_income=level * income / people,
            registered=float(np.dot(persons, v.weight)),
            delisted=float(np.dot(flows[:, 0], v.weight)),
            listed=float(np.dot(flows[:, 1], v.weight)),
        )

    def burn_in(self, level: float) -> None:
        """BURN_IN years without growth, weather at its mean, no register."""
        for year in range(FIRST_YEAR - BURN_IN, FIRST_YEAR):
            self.live(year, level)
            self.settle_accounts(level)

    def solve_level(self, year: int, guess: float) -> float:
        """Live a year and find the level that makes its mean income the official one.

        What is earned at home goes with the level and what migrants send does not, so that one
        year lived at a level nearby gives both parts, and the level is the solution of

            level x earned at home + yuan sent = official mean income x people

        Args:
            year: calendar year; one before FIRST_YEAR is solved for FIRST_YEAR's mean.
            guess: level at which the year is lived, yuan per person.
        """
        before = self._migrants()
        self.live(year, guess)
        income, people = year_kernel.relative_income(
            self.households, self.villages.offsets, self.villages.weight
        )
        # A move counts for half of a step.
        sent = self.remitted(year) * (before + self._migrants()) / 2
        mean = self.values.dated("official.mean_income", _within(year))
        return (mean * people - sent) / (income - sent / guess)

    def _migrants(self) -> float:
        # Persons working away, weighted.
        v, away = self.villages, np.zeros(self.villages.id.size, np.int64)
        register.count_units(v.offsets, self.households.migrants, away)
        return float(np.dot(away, v.weight))

    def live_until(
        self,
        levels: Mapping[int, float],
        year: int,
        after: Callable[[int], None] | None = None,
    ) -> None:
        """Burn in and live to the end of `year`, measuring nothing.

        Args:
            levels: provincial income level of each year, yuan.
            year: the last.
            after: called with each year from FIRST_YEAR when it is settled.
        """
        self.burn_in(levels[FIRST_YEAR])
        for each in range(FIRST_YEAR, year + 1):
            level = levels[each]
            self.live(each, level)
            self._settle(each, level)
            if after is not None:
                after(each)

    def run(self, levels: Mapping[int, float], until: int) -> list[Moments]:
        """Burn in and live to the end of `until`; the moments of each year from FIRST_YEAR."""
        self.burn_in(levels[FIRST_YEAR])
        moments = []
        for year in range(FIRST_YEAR, until + 1):
            level = levels[year]
            self.live(year, level)
            moments.append(self.settle(year, level))
        return moments
