"""PovertyModel: the face that Mesa knows, over a world that is lived in `fupin.month`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import numpy.typing as npt

from fupin.agents.county import County
from fupin.agents.household import Household
from fupin.agents.village import Village
from fupin.errors import InputError
from fupin.livelihood.villages import VillageArrays
from fupin.month import begin, live_month
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame
from fupin.population.household_ids import row_of
from fupin.results.draws import Draw, central_draw
from fupin.scenario import library
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from fupin.state.households import Households
from fupin.state.ledger import Ledger
from fupin.world.acting import Acting
from fupin.world.december import YearMeasures
from fupin.world.start import Start, live_history
from fupin.world.watching import Watcher
from fupin.world.world import World


class PovertyModel(mesa.Model):
    """Every rural household, village and county of a province under a plan; a step is a month.

    Counties and villages are Mesa agents. Households are columns of `households`, and
    `household(id)` is a view of one. What agents decide is decided for all of them at once, by
    functions over columns (`fupin.month`, `fupin.programmes`); stepping asks no agent.

    Args:
        scenario: a loaded scenario or the path of its file; None is the document's own year.
        rng: the run seed, an integer from 1 (Mesa's name for it); nothing draws from a shared
            generator, see `fupin.randomness`. None, which Mesa's batch runs pass for each of their
            iterations, is a seed that nobody has used; `run_seed` says which.
        draw: a draw; or parameter values that differ from those of the central one, which is what
            None means and `fupin run --draws central` too.
        sample: overrides the scenario's `population.sample`.
        start: a start already lived for this scenario, seed, draw and sample; it is used up.
        watchers: who looks on while months are lived (`fupin.world.watching`).

    Raises:
        InputError: a seed that is no integer from 1, a sample or scenario that is wrong.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path | None = None,
        rng: int | None = 1,
        draw: Draw | Mapping[str, float] | None = None,
        sample: str | float | None = None,
        start: Start | None = None,
        watchers: Sequence[Watcher] = (),
    ) -> None:
        self.run_seed = _run_seed(rng)
        super().__init__(rng=self.run_seed)
        if not isinstance(scenario, Scenario):
            scenario = load_scenario(Path(scenario or library.find(library.DOCUMENT)))
        start = start or live_history(scenario, self.run_seed, _draw(draw), sample)
        self.world: World = begin(scenario, start, self.run_seed, watchers)
        self.counties = [County(self, row) for row in range(self.world.counties)]
        self.village_agents = [Village(self, row) for row in range(len(self.villages.id))]
        self.datacollector = mesa.DataCollector(
            model_reporters={name: name for name in MONTHLY_REPORTERS}
        )
        self.datacollector.collect(self)

    @property
    def scenario(self) -> None:
        """None: the plan stands in `plan`. Mesa's page would pass its own kind of scenario to a
        model that has one when it resets, in place of the plan.
        """
        return None

    @scenario.setter
    def scenario(self, scenario: object) -> None:
        """Mesa sets one; it holds nothing but the seed."""

    def step(self) -> None:
        """One month (`fupin.month.live_month`)."""
        live_month(self.world)
        self.datacollector.collect(self)
        self.running = self.world.clock.running

    def household(self, household: int) -> Household:
        """A view of one household by its permanent id: village id x 10,000 + number.

        Raises:
            InputError: no such household.
        """
        return Household(self, row_of(self.frame, household), household)

    def __repr__(self) -> str:
        people = f"{self.households.size.size:,} households in {len(self.villages.id):,} villages"
        return f"<PovertyModel {self.plan.name}: {people}, lived to {self.calendar}>"

    # -- the world, as agents, collectors and pages read it ---------------------------------------

    @property
    def plan(self) -> Scenario:
        """The scenario that is lived."""
        return self.world.plan

    @property
    def frame(self) -> Frame:
        """Who lives where; read-only."""
        return self.world.frame

    @property
    def values(self) -> ParameterValues:
        """Parameter values of the draw under the plan."""
        return self.world.values

    @property
    def households(self) -> Households:
        """Columns of households, (N,), sorted by village."""
        return self.world.households

    @property
    def villages(self) -> VillageArrays:
        """Columns of villages, (V,)."""
        return self.world.villages

    @property
    def ledger(self) -> Ledger:
        """Every programme's accounts."""
        return self.world.ledger

    @property
    def programmes(self) -> Sequence[Acting]:
        """The programmes that act in this plan, in order."""
        return self.world.programmes

    @property
    def at_start(self) -> YearMeasures:
        """What was counted in the December before the plan."""
        return self.world.at_start

    @property
    def measured(self) -> dict[int, YearMeasures]:
        """What was counted in each December since, by year."""
        return self.world.measured

    @property
    def year(self) -> int:
        """Year of the month that comes next (Mesa shows the model between steps)."""
        return self.world.clock.year

    @property
    def month(self) -> int:
        """The month that comes next, from 1."""
        return self.world.clock.month

    @property
    def today(self) -> int:
        """Index of the last month lived (`fupin.randomness.month_index`)."""
        return self.world.clock.today

    @property
    def calendar(self) -> str:
        """The last month lived, as YYYY-MM; before the first step the month before the start."""
        return str(self.world.clock)

    @property
    def level(self) -> float:
        """Provincial income level of the year, yuan."""
        return self.world.level

    @property
    def line(self) -> float:
        """Poverty line of the year of the next month, yuan per person."""
        return self.world.line

    @property
    def line_of_last_december(self) -> float:
        """Line by which the last December was counted (before one: that before the plan)."""
        return self.world.last_december.line

    @property
    def registered_by_village(self) -> npt.NDArray[np.int64]:
        """Registered persons of each village at the month's start, unweighted, (V,)."""
        return self.world.registered_by_village

    @property
    def registered_by_county(self) -> npt.NDArray[np.int64]:
        """Registered persons of each county, weighted, (C,)."""
        return self.world.registered_by_county

    def sum_by_county(self, by_village: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sum a village column over the villages of each county, (C,)."""
        return self.world.sum_by_county(by_village)

    @property
    def place(self) -> npt.NDArray[np.int32]:
        """Where each household lives, (N,): its village's row, or -1 - its community's row."""
        return self.world.place

    @property
    def registered_poor(self) -> int:
        """Registered poor of the province, persons."""
        return self.world.registered_poor

    @property
    def income_poor(self) -> int:
        """Persons below the line at the last settlement, true income."""
        return self.world.income_poor

    @property
    def migrants(self) -> int:
        """Persons working away from their county."""
        return self.world.migrants

    @property
    def local_jobs(self) -> int:
        """Jobs near home that programmes have brought, persons."""
        return self.world.local_jobs

    @property
    def yuan_delivered(self) -> int:
        """Money delivered since the start, all classes."""
        return self.world.yuan_delivered


def _draw(asked: Draw | Mapping[str, float] | None) -> Draw:
    if isinstance(asked, Draw):
        return asked
    central = central_draw()
    if not asked:
        return central
    return replace(central, label="values", overrides={**central.overrides, **asked})


def _run_seed(rng: object) -> int:
    if rng is None:
        return 2 + secrets.randbelow(2**31)
    if isinstance(rng, bool) or not isinstance(rng, Integral) or int(rng) < 1:
        raise InputError(
            f"rng={rng!r} is no run seed.", "Run seeds are whole numbers from 1, such as rng=1."
        )
    return int(rng)


MONTHLY_REPORTERS = (
    "calendar",
    "registered_poor",
    "income_poor",
    "migrants",
    "local_jobs",
    "yuan_delivered",
)
"""What Mesa's DataCollector keeps every month: names of properties."""
