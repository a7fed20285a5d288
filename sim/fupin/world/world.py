"""The world that a plan is lived in: what a programme may read, and what it may touch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.livelihood import month as month_kernel
from fupin.livelihood import weather
from fupin.livelihood.core import Core
from fupin.livelihood.savings import savings_of
from fupin.parameters.book import load_book
from fupin.randomness import Chance
from fupin.scenario.months import Month
from fupin.scenario.schema import Scenario
from fupin.state import register
from fupin.state.ledger import Ledger
from fupin.state.limits import Limits
from fupin.state.openness import Openness
from fupin.state.village_list import VillageList, first_list
from fupin.state.works import VillageWorks
from fupin.world import december
from fupin.world.acting import Acting
from fupin.world.clock import Clock
from fupin.world.start import Start
from fupin.world.watching import Watcher

Ints = npt.NDArray[np.int64]


class World:
    """A province under a plan, from its start on; `fupin.month` lives it.

    N is the number of households, V of villages, C of counties. Household rows are sorted by
    village; `villages.offsets` says where each village begins.

    A programme reads, and leaves as it finds them:
        plan: the scenario.
        frame: who lives where: counties, villages, communities; read-only.
        values: parameter values of the draw, and those of the plan that act by now.
        past: those that history was lived with.
        levels: provincial income level by year, yuan.
        clock: which month it is.
        seed: run seed.
        chance: keyed luck of this run and year.
        rates: rates of the livelihood core.
        at_start, measured: what was counted in the December before the plan, and by year since.
        poor_at_start: who was income-poor in that December, (N,).
        registered_by_village, registered_by_county, perceive, savings_of, level, level_of_money,
            pay, pay_growth, line, place.

    A programme may touch, within its phases:
        households: columns of households, (N,): flow, wages, gain, assets, reserve, migrants...
        villages: columns of villages, (V,); `crash_factor` after making it its own.
        works: what village works have built, by village.
        irrigation: share of land watered, (V,).
        openness: how openly the province's programmes are run.
        ledger: every programme's accounts, in whole yuan.
        limits: why money stays unspent.
        moves: (household rows, community rows) of every move to a built community.
        rankings: of households, by way of choosing and year, which programmes share.

    The month alone writes:
        village_list: the list of villages that programmes go by.
        coming_list: that of the plan, which holds from its month on.
        programmes: what acts here, in order.
        seen: log incomes as they were last perceived, (N,), reused.
        register_flows: persons who left and entered the register in the last review, (V, 2).
        months_lived: months of the open year that are lived; None where the year is settled.
        unassessed: who would be on the register if nobody served were looked at for it, (N,), a
            second register beside the first; the register itself where nobody is.

    Args:
        plan: the scenario.
        start: the world at the end of the year before its first month; it is used up.
        seed: run seed.
        watchers: who looks on.
    """

    def __init__(
        self, plan: Scenario, start: Start, seed: int, watchers: Sequence[Watcher] = ()
    ) -> None:
        self.plan, self.seed, self.watchers = plan, seed, tuple(watchers)
        self.luck = start.luck
        self.clock = Clock(plan.lived.start, plan.lived.end, plan.fiscal_year_start)
        self.chance = self._chance()
        self.frame, self.levels = start.frame, start.levels
        self.values = self.past = start.values
        self.core: Core = start.core
        self.households, self.villages = self.core.households, self.core.villages
        self.seen = self.core.seen
        self._read_parameters()
        self.works = VillageWorks(
            self.frame, self.values, self.clock.year - 1, displaces=plan.displacement
        )
        self.openness = Openness(self.values)
        self.village_list = first_list(self.frame)
        self.coming_list: VillageList | None = None
        self.irrigation = np.array(self.frame.villages.irrigation, np.float64)
        self.home_loss = np.zeros(self.villages.id.size, np.float32)  # that the weather takes
        self.register_flows = np.zeros((self.villages.id.size, 2), np.int64)
        self.moves: list[tuple[Ints, Ints]] = []
        self.rankings: dict[tuple[str, int], Any] = {}
        months = len(plan.lived.months)
        keys = plan.programmes.keys
        self.ledger = Ledger(keys, self.counties, months)
        self.limits = Limits(len(keys), self.counties, months)
        self.programmes: Sequence[Acting] = ()
        self.months_lived: int | None = None
        assessed = plan.ever_recognises and plan.counting != "survey"
        registered = self.households.registered
        self.unassessed = registered.copy() if assessed else registered
        self._registered: Ints | None = None
        self._of_month: dict[Any, Any] = {}
        self._of_world: dict[Any, Any] = {}
        self.measured: dict[int, december.YearMeasures] = {}
        year = self.clock.start.year - 1
        if start.poor is None:
            start.poor = self.households.income < np.float64(self.core.line(year))
        self.poor_at_start = start.poor
        if start.measures is None:
            start.measures = december.of_year(self, year)
        self.at_start = start.measures

    def _chance(self) -> Chance:
        """Luck of the clock's year; what is decided once and for all keeps that of the start."""
        return Chance(self.luck.of(self.clock.year), self.luck.of(self.clock.start.year))

    def open_calendar_year(self) -> None:
        """January: the year's own luck."""
        self.chance = self._chance()

    def _read_parameters(self) -> None:
        plan, values = self.plan, self.values
        self.rates = self.core.rates
        self.hazards = month_kernel.hazards(self.rates, 1, plan.household_shocks)
        self.perception = register.perception(values, plan.ever_recognises)
        self.seasons = np.array(
            [values[f"livelihood.season_{m:02d}"] for m in range(1, 13)], np.float32
        )
        self.droughts = weather.resolve(plan.shocks, self.frame, values)

    def adopt_parameters(self) -> None:
        """The plan's parameters act from now on.

        What households were endowed with, what was built, chosen or lent under the old values
        stays. Provincial income levels stay too: what the new values do to incomes is their effect.
        """
        changed = {**self.values, **self.plan.parameters}
        self.values = load_book().values(changed)
        self.core = self.core.with_values(self.values, self.villages)
        self.villages = self.core.villages
        self._read_parameters()
        self.works.adopt(self.frame, self.values)
        self.openness.adopt(self.values)
        for programme in self.programmes:
            programme.read_parameters()

    # -- what programmes ask ----------------------------------------------------------------------

    @property
    def counties(self) -> int:
        """Number of county-level units, C."""
        return len(self.frame.counties.code)

    def switched_on(self, name: str) -> bool:
        """Whether a switch of policy (`fupin.scenario.switches`) is on this month."""
        return self.plan.switched_on(name, Month(self.clock.year, self.clock.month))

    def perceive(
        self, who: str, villages: Ints | None = None, month: int | None = None
    ) -> npt.NDArray[np.float32]:
        """Log incomes as `who` sees them today, (N,), reused: "register", "survey", a programme.

        Of some `villages` alone: other households keep what stands there. Of another `month`: with
        the error of that month.
        """
        h, v = self.households, self.villages
        register.perceive(
            h, v.id, v.offsets, self.perception, self.clock.today if month is None else month,
            *register.perception_streams(self.chance.seed, who), self.seen, villages,
        )  # fmt: skip
        return self.seen

    def savings_of(self, rows: Ints) -> npt.NDArray[np.float32]:
        """Liquid savings of household rows today, years of their reference income."""
        return savings_of(self.households, rows, self.months_lived)

    @property
    def place(self) -> npt.NDArray[np.int32]:
        """Where each household lives, (N,): its village's row, or -1 - its community's row."""
        place = self.villages.of_household.astype(np.int32)
        for rows, community in self.moves:
            place[rows] = -1 - community
        return place

    @property
    def registered_by_village(self) -> Ints:
        """Registered persons of each village at the month's start, unweighted, (V,)."""
        if self._registered is None:
            out = np.zeros(self.villages.id.size, np.int64)
            h = self.households
            register.count_persons(self.villages.offsets, h.size, h.registered, out)
            self._registered = out
        return self._registered

    @property
    def registered_by_county(self) -> Ints:
        """Registered persons of each county, weighted, (C,)."""
        return self.sum_by_county(self.registered_by_village * self.villages.weight)

    def sum_by_county(self, by_village: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sum a village column over the villages of each county, (C,)."""
        county = np.asarray(self.frame.villages.county)
        total = np.bincount(county, weights=by_village, minlength=self.counties)
        return np.rint(total).astype(np.int64) if by_village.dtype.kind in "iu" else total

    # -- levels and lines -------------------------------------------------------------------------

    def level_of(self, year: int) -> float:
        """Provincial income level of a calendar year, yuan; constant under `growth: none`."""
        return self.levels[self._known(year)]

    @property
    def _year(self) -> int:
        # After the last month no further year is known.
        return min(self.clock.year, self.clock.end.year)

    def _known(self, year: int) -> int:
        return self.clock.start.year - 1 if self.plan.growth == "none" else year

    @property
    def level(self) -> float:
        """Provincial income level of the year, yuan; constant under `growth: none`."""
        return self.level_of(self._year)

    @property
    def level_of_money(self) -> float:
        """The same in the yuan of programmes: their money and unit costs have prices of 2009.

        From the document's year on a yuan of a programme buys what it bought then. The money of
        earlier history is in yuan of its own years.
        """
        return self.level / max(self.prices(self._year), 1.0)

    def prices(self, year: int) -> float:
        """Consumer prices of a year to those of the document's; constant under `growth: none`."""
        return self.core.prices(self._known(year))

    def line_of(self, year: int, name: str = "low_income_line") -> float:
        """A poverty line (`official.<name>`) of a calendar year, yuan per person."""
        return self.values.dated(f"official.{name}", self._known(year))

    @property
    def remitted(self) -> float:
        """Yuan that a migrant sends home in a year; constant under `growth: none`."""
        return self.core.remitted(self._known(self._year))

    @property
    def pay_growth(self) -> float:
        """Pay of the year to that of 2009; constant under `growth: none`."""
        return self.core.pay_growth(self._known(self._year))

    @property
    def pay(self) -> np.float32:
        """The same in income levels, as the livelihood kernels take it."""
        return np.float32(self.remitted / self.level)

    @property
    def line(self) -> float:
        """Poverty line of the year, yuan per person; constant under `growth: none`."""
        return self.line_of(self._year)

    @property
    def spread(self) -> np.float32:
        """s(t), the factor on endowments."""
        return self.core.spread(self._known(self._year))

    @property
    def last_december(self) -> december.YearMeasures:
        """What was counted in the last settled December, with its own line and level."""
        return self.measured[max(self.measured)] if self.measured else self.at_start

    # -- what is counted at any time --------------------------------------------------------------

    @property
    def registered_poor(self) -> int:
        """Registered poor of the province, persons."""
        return int(np.dot(self.registered_by_village, self.villages.weight))

    @property
    def income_poor(self) -> int:
        """Persons below the line at the last settlement, true income."""
        return int(self.last_december.income_poor)

    @property
    def migrants(self) -> int:
        """Persons working away from their county."""
        h, v = self.households, self.villages
        out = np.zeros(v.id.size, np.int64)
        register.count_units(v.offsets, h.migrants, out)
        return int(np.dot(out, v.weight))

    @property
    def local_jobs(self) -> int:
        """Jobs near home that programmes have brought, persons."""
        return sum(programme.local_jobs for programme in self.programmes)

    @property
    def yuan_delivered(self) -> int:
        """Money delivered since the start, all classes."""
        return int(self.ledger.delivered.sum())

    def once_a_month[T](self, key: Any, reckon: Callable[[], T]) -> T:
        """What is reckoned from the counts of the month's start, reckoned once and read-only."""
        if key not in self._of_month:
            self._of_month[key] = reckon()
        found: T = self._of_month[key]
        return found

    def once[T](self, key: Any, reckon: Callable[[], T]) -> T:
        """What is the same in all months of this world, reckoned once and read-only."""
        if key not in self._of_world:
            self._of_world[key] = reckon()
        found: T = self._of_world[key]
        return found

    def forget_counts(self) -> None:
        """The month is over: what was counted at its start counts no more."""
        self._registered = None
        self._of_month = {}
