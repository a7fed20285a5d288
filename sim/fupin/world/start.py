"""The start of a run: the world at the end of the year before, reached by the yearly core.

Twins share a start: whoever lives several plans from one calls `keep` once, and `again` for each.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin.livelihood.core import Core
from fupin.livelihood.levels import load_levels
from fupin.parameters.book import load_book
from fupin.parameters.province import province
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame, open_frame, with_county_incomes
from fupin.randomness import Luck
from fupin.results.draws import Draw
from fupin.scenario.schema import Scenario
from fupin.state import works
from fupin.state.households import Kept, copy_households
from fupin.world.luck import luck_of

if TYPE_CHECKING:
    from fupin.world.december import YearMeasures


@dataclass
class Start:
    """What a world starts from.

    Attributes:
        frame: who lives where.
        values: parameter values of the draw, and of the plan's history.
        levels: provincial income level of each year, yuan.
        core: households and villages, in the end those of the year before the plan's first.
        measures: of the start, once a world has taken them.
        poor: who was income-poor at the start, (N,), once a world has looked.
        kept: households to start from again.
        other_luck: of a world that begins here, if not the luck that history was lived with.
    """

    frame: Frame
    values: ParameterValues
    levels: dict[int, float]
    core: Core
    measures: YearMeasures | None = None
    poor: npt.NDArray[np.bool_] | None = None
    kept: Kept | None = None
    other_luck: Luck | None = None

    @property
    def luck(self) -> Luck:
        """What happens by chance from here on."""
        own = self.core.luck
        return self.other_luck or (Luck(own) if isinstance(own, int) else own)

    def live_until(self, year: int, after: Callable[[int], None] | None = None) -> None:
        """Burn in and live to the end of `year`; `after` is called with each settled year."""
        self.core.live_until(self.levels, year, after)

    def keep(self) -> None:
        """Remember the households as they are, so that several runs can start from them."""
        self.kept = Kept(self.core.households)

    def again(self) -> Start:
        """This start, with the households put back that `keep` remembered."""
        assert self.kept is not None, "nobody has kept this start"
        self.kept.put_back(self.core.households)
        return self

    def copy(self) -> Start:
        """The same start with households of its own; what no run changes is shared."""
        core = copy.copy(self.core)
        core.households = copy_households(self.core.households)
        core.seen = np.empty_like(self.core.seen)
        return replace(self, core=core)


def live_history(
    plan: Scenario,
    seed: int,
    draw: Draw | Mapping[str, float] | None = None,
    sample: str | float | None = None,
) -> Start:
    """Live from the burn-in before 2001 to the end of the year before the plan's first month.

    Args:
        plan: the scenario.
        seed: run seed.
        draw: a draw, or values that differ from those of the parameter files, with central places.
        sample: overrides the plan's `population.sample`.
    """
    start = settle_people(plan, seed, draw, sample)
    start.live_until(plan.period.start.year - 1)
    return start


def settle_people(
    plan: Scenario,
    seed: int,
    draw: Draw | Mapping[str, float] | None = None,
    sample: str | float | None = None,
) -> Start:
    """Households with endowments, before the burn-in; arguments as of `live_history`."""
    if not isinstance(draw, Draw):
        draw = Draw("values", draw or {})
    wanted = plan.population.sample if sample is None else sample
    opened = open_frame(wanted, plan.population.seed)  # looked at while parameters are read
    values = load_book().values({**draw.overrides, **plan.history.parameters})
    frame = with_county_incomes(opened.whole(), plan.population.counties or {})
    threshold, places = plan.assets == "threshold", draw.places
    roads = works.history(frame, values)
    until = max(plan.lived.end.year, province().document_year)
    levels = load_levels(frame, values, roads, threshold, places, until)
    luck = luck_of(draw, seed, plan.period.start.year)
    core = Core(
        frame, values, luck, roads, shocks=True, threshold=threshold, places=places,
        by_task=plan.by_task,
    )  # fmt: skip
    return Start(frame, values, levels, core)
