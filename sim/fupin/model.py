"""PovertyModel: a month of village life in Hebei, read from top to bottom in `step`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import paths, randomness
from fupin.agents.county import County
from fupin.agents.village import Village, all_villages
from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.livelihood import month as month_kernel
from fupin.livelihood import weather
from fupin.livelihood import year as year_kernel
from fupin.livelihood.core import LAST_YEAR
from fupin.livelihood.savings import savings_of
from fupin.programmes.base import Ints, Programme
from fupin.programmes.registry import build_programmes
from fupin.quick_mesa import mesa
from fupin.scenario.load import load_scenario
from fupin.scenario.months import Month
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.state import register, works
from fupin.state.households import Households
from fupin.state.ledger import Ledger
from fupin.state.openness import Openness
from fupin.world import december
from fupin.world.start import Start, live_history

MONTHS_FROM = 2000 * 12
"""`listed_month` counts months from January 2000."""


class PovertyModel(mesa.Model):
    """Every rural household, village and county of Hebei under a scenario; a step is a month.

    Args:
        scenario: a loaded scenario or the path of its file; None is the document's own 2009.
        rng: the run seed, an integer from 1 (Mesa's name for it; None, which Mesa's batch runs
            pass, is 1); nothing draws from a shared generator, see `fupin.randomness`.
        draw: parameter values of the draw that differ from the central ones.
        sample: overrides the scenario's `population.sample`.
        start: a start already lived for this scenario, seed, draw and sample; it is used up.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path | None = None,
        rng: int | None = 1,
        draw: Mapping[str, float] | None = None,
        sample: str | float | None = None,
        start: Start | None = None,
    ) -> None:
        self.run_seed = 1 if rng is None else int(rng)
        super().__init__(rng=self.run_seed)
        self._registered: Ints | None = None
        self.months_lived: int | None = None  # of the open year; None: it is settled
        self._village_agents: list[Village] | None = None
        self.registered_unrecognised: int | None = None
        if not isinstance(scenario, Scenario):
            scenario = load_scenario(Path(scenario or paths.scenarios() / "2009-document.yaml"))
        self.plan = scenario
        self.year, self.month = scenario.period.start.year, scenario.period.start.month
        self.start_year = self.year
        start = start or live_history(scenario, self.run_seed, draw, sample)
        self._take_start(start)
        self._open_ledger()
        self._make_agents()
        self._measure_start(start)
        self.programmes: tuple[Programme, ...] = ()
        self._live_to_first_month()
        self.programmes = build_programmes(self)
        if self.month > 1:
            for programme in self.programmes:
                programme.open_year()
        self.datacollector = mesa.DataCollector(
            model_reporters={name: name for name in MONTHLY_REPORTERS}
        )
        self.observe()

    @property
    def scenario(self) -> None:
        """None: the plan stands in `plan`. Mesa's page would pass its own kind of scenario to a
        model that has one when it resets, in place of the plan.
        """
        return None

    @scenario.setter
    def scenario(self, scenario: object) -> None:
        """Mesa sets one; it holds nothing but the seed."""

    # -- the month ------------------------------------------------------------------------------

    def step(self) -> None:
        """One month."""
        self.meet_shocks_and_seasons()
        for programme in self.programmes:  # money is released, offices allocate
            programme.release_and_allocate()
        for programme in self.programmes:  # villages choose households
            programme.choose()
        for programme in self.programmes:  # works are carried out, households move
            programme.carry_out()
        for programme in self.programmes:  # training, placement
            programme.train_and_place()
        for programme in self.programmes:  # loans made and repaid
            programme.lend_and_collect()
        self.works.build_up()
        for programme in self.programmes:  # earlier gains build up or wear off
            programme.fade()
        self.migrate_earn_and_consume()
        if self.month == 12:
            self.settle_accounts()
            self.review_register()
            self.measure_year()
        self.close_books()
        self.observe()
        self._turn_calendar()

    def meet_shocks_and_seasons(self) -> None:
        """January draws the year's shocks; each month has its season and its weather."""
        self.today = randomness.month_index(self.year, self.month)
        v, h = self.villages, self.households
        if self.month == 1:
            year_kernel.open_year(
                h, v.id, v.offsets, *self.works.open_year(), self.rates, self.spread,
                self.today, False, *year_kernel.year_streams(self.run_seed),
            )  # fmt: skip
            self.months_lived = 0
            for programme in self.programmes:
                programme.open_year()
        loss = weather.county_loss(
            self.frame, self.core.loss, self.plan.weather, self.year, self.run_seed
        )
        self.home_loss = weather.village_home_loss(
            self.frame, self.values, loss, self.droughts, self.today, self.irrigation
        )

    def migrate_earn_and_consume(self) -> None:
        """Illness, death and disaster; leaving and coming home; income, consumption, saving."""
        inputs = self.villages.month(self.home_loss, *self.works.factors())
        month_kernel.live_months(
            self.households, inputs, self.rates, self.hazards, self.seasons[self.month - 1],
            self.today, *month_kernel.streams(self.run_seed),
        )  # fmt: skip
        self.months_lived = self.month

    def settle_accounts(self) -> None:
        """December: incomes of the year in yuan, net investment."""
        year_kernel.settle_income(self.households, f32(self.level))
        year_kernel.invest(self.households, self.rates, self.core.asset_threshold)
        self.months_lived = None

    def review_register(self) -> None:
        """December: the village committees look at incomes as they perceive them."""
        self.perceive("register")
        if self.plan.recognition and self.programmes and not self.measured:
            self.registered_unrecognised = self._registered_unrecognised()
        for programme in self.programmes:
            programme.recognise(self.seen)
        self._review(self.households, self.perception, self.register_flows)

    def _review(self, h: Households, perception: register.Perception, flows: Ints) -> None:
        v, months = self.villages, np.int16(self.today - MONTHS_FROM)
        register.review(
            h, v.id, v.offsets, self.seen, columns.log_of(self.line), perception, self.today,
            months, randomness.stream(self.run_seed, "register/review"), flows,
        )  # fmt: skip
        if self.plan.counting == "quota":
            quota = self.plan.quota
            register.delist_to_quota(h, v.offsets, v.weight, self.seen, quota, flows, months)

    def _registered_unrecognised(self) -> int:
        # Persons registered if nobody served were looked at for it: in the first December, until
        # which a world without recognition is the same world.
        h, v, out = self.households, self.villages, np.zeros(self.villages.id.size, np.int64)
        unrecognised = register.perception(self.values, recognition=False)
        if self.plan.counting == "quota":  # who leaves depends on the whole province: do it
            h = h._replace(registered=h.registered.copy(), listed_month=h.listed_month.copy())
            self._review(h, unrecognised, np.zeros_like(self.register_flows))
            register.count_persons(v.offsets, h.size, h.registered, out)
        else:
            register.registered_after_review(
                h, v.id, v.offsets, self.seen, columns.log_of(self.line), unrecognised, self.today,
                randomness.stream(self.run_seed, "register/review"), out,
            )  # fmt: skip
        return int(np.dot(out, v.weight))

    def observe(self) -> None:
        """What is recorded each month; DataCollector keeps MONTHLY_REPORTERS."""
        self._registered = None
        self.datacollector.collect(self)

    def measure_year(self) -> None:
        """December: official and true counts side by side."""
        self.measured[self.year] = december.of_year(self)

    def close_books(self) -> None:
        """Cash is carried on; at the end of a year (or of the period) what is unspent returns."""
        if self.month == 12 or Month(self.year, self.month) == self.plan.period.end:
            for programme in self.programmes:
                programme.close_year()
            self.ledger.close_year([p.index for p in self.programmes if p.revolving])
        self.ledger.close_month()

    def _turn_calendar(self) -> None:
        self.month += 1
        if self.month == 13:
            self.year, self.month = self.year + 1, 1
        self.running = Month(self.year, self.month) <= self.plan.period.end

    # -- the start ------------------------------------------------------------------------------

    def _take_start(self, start: Start) -> None:
        """State at the end of the year before the start."""
        self.frame, self.values, self.levels = start.frame, start.values, start.levels
        self.core = start.core
        self.households, self.villages = self.core.households, self.core.villages
        self.rates, self.seen = self.core.rates, self.core.seen
        self.hazards = month_kernel.hazards(self.rates, 1, self.plan.household_shocks)
        self.perception = register.perception(self.values, self.plan.recognition)
        self.works = works.VillageWorks(self.frame, self.values, self.year - 1)
        self.openness = Openness(self.values)
        # Share of land watered, by village; rural works raise it.
        self.irrigation = np.array(self.frame.villages.irrigation, np.float64)
        self.seasons = np.array(
            [self.values[f"livelihood.season_{m:02d}"] for m in range(1, 13)], np.float32
        )
        self.register_flows = np.zeros((self.villages.id.size, 2), np.int64)
        self.droughts = weather.resolve(self.plan.shocks, self.frame, self.values)
        self.moves: list[tuple[Ints, Ints]] = []

    def _open_ledger(self) -> None:
        units = len(self.frame.counties.code)
        self.ledger = Ledger(PROGRAMME_KEYS, units, len(self.plan.period.months))

    def _make_agents(self) -> None:
        units = len(self.frame.counties.code)
        # Not `create_agents`: it loads pandas, to see whether it was given a series of it.
        self.counties = [County(self, row) for row in range(units)]

    def _meet_villages(self) -> list[Village]:
        """Village agents, made when somebody first asks for agents.

        A month works on all villages' columns at once and asks for no village, and ten thousand
        objects would be a twentieth of a run.
        """
        if self._village_agents is None:
            self._village_agents = all_villages(self)
        return self._village_agents

    @property
    def village_agents(self) -> list[Village]:
        """The villages, in the order of the frame."""
        return self._meet_villages()

    @property
    def agents(self) -> Any:
        """All counties and villages, as Mesa keeps them."""
        self._meet_villages()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """Counties and villages by their type, as Mesa keeps them."""
        self._meet_villages()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """County and Village."""
        self._meet_villages()
        return super().agent_types

    def remove_all_agents(self) -> None:
        """Counties and villages leave Mesa's sets; months go on, because they ask for no agent."""
        self._meet_villages()
        super().remove_all_agents()

    def _live_to_first_month(self) -> None:
        first = self.month  # a period that starts within a year: its earlier months pass
        for self.month in range(1, first):
            self.meet_shocks_and_seasons()
            self.works.build_up()
            self.migrate_earn_and_consume()
        self.month = first

    def _measure_start(self, start: Start) -> None:
        self.today = randomness.month_index(self.year - 1, 12)
        self.measured: dict[int, december.YearMeasures] = {}
        self.at_start = start.measures or december.of_year(self)

    def perceive(self, who: str, villages: Ints | None = None) -> npt.NDArray[np.float32]:
        """Log incomes as `who` sees them today, (N,), reused: "register", "survey", a programme.

        Of some `villages` alone: other households keep what stands there.
        """
        h, v = self.households, self.villages
        register.perceive(
            h, v.id, v.offsets, self.perception, self.today,
            *register.perception_streams(self.run_seed, who), self.seen, villages,
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

    # -- what agents and pages read ---------------------------------------------------------------

    @property
    def level(self) -> float:
        """Provincial income level of the year, yuan; constant under `growth: none`."""
        year = self.start_year - 1 if self.plan.growth == "none" else self.year
        return self.levels[min(year, LAST_YEAR)]

    @property
    def spread(self) -> np.float32:
        """s(t), the factor on endowments."""
        return self.core.spread(self.start_year - 1 if self.plan.growth == "none" else self.year)

    @property
    def line(self) -> float:
        """Poverty line of the year, yuan per person; constant under `growth: none`."""
        year = self.start_year - 1 if self.plan.growth == "none" else self.year
        return self.values.dated("official.low_income_line", min(year, LAST_YEAR))

    @property
    def line_of_last_december(self) -> float:
        """Line of the last settled year (before the first step: of the year before the start)."""
        if self.measured or self.time > 0:
            return self.line
        year = self.start_year - 1
        return self.values.dated("official.low_income_line", min(year, LAST_YEAR))

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
        """Registered persons of each county, weighted, (172,)."""
        return self.sum_by_county(self.registered_by_village * self.villages.weight)

    def sum_by_county(self, by_village: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sum a village column over the villages of each county, (172,)."""
        county = np.asarray(self.frame.villages.county)
        total = np.bincount(county, weights=by_village, minlength=len(self.frame.counties.code))
        return np.rint(total).astype(np.int64) if by_village.dtype.kind in "iu" else total

    @property
    def registered_poor(self) -> int:
        """Registered poor of the province, persons."""
        return int(np.dot(self.registered_by_village, self.villages.weight))

    @property
    def income_poor(self) -> int:
        """Persons below the line at the last settlement, true income."""
        last = self.measured.get(self.year) or self.measured.get(self.year - 1) or self.at_start
        return int(last.income_poor)

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

    @property
    def calendar(self) -> str:
        """The last month lived, as YYYY-MM; before the first step the month before the start."""
        return f"{self.today // 12:04d}-{self.today % 12 + 1:02d}"


MONTHLY_REPORTERS = (
    "calendar", "registered_poor", "income_poor", "migrants", "local_jobs", "yuan_delivered",
)  # fmt: skip
