"""History before a run's first month, lived once and shared by twins."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.agents.households import Households
from sim.livelihood.core import Core, Moments
from sim.livelihood.levels import load_levels
from sim.parameters.book import ParameterValues, load_book
from sim.population.frame import Frame, load_frame
from sim.programmes import works
from sim.scenario.schema import Scenario


class Past(NamedTuple):
    """State at the end of the year before a run starts, by the yearly core.

    A model changes the households of its past, so each past serves one model; `copy` makes
    another without living it again.
    """

    levels: Mapping[int, float]  # provincial income level by year, yuan
    core: Core
    moments: list[Moments]

    @classmethod
    def of(cls, plan: Scenario, frame: Frame, values: ParameterValues, seed: int) -> Past:
        """Live the years from the burn-in to the end of the year before the plan's period."""
        threshold = plan.assets == "threshold"
        roads = works.history(frame, values)
        levels = load_levels(frame, values, roads, threshold)
        core = Core(frame, values, seed, roads, shocks=True, threshold=threshold)
        return cls(levels, core, core.run(levels, until=plan.period.start.year - 1))

    @classmethod
    def before(cls, plan: Scenario, draw: Mapping[str, float], seed: int) -> Past:
        """The past of a plan under a draw, in the plan's own sample."""
        values = load_book().values({**draw, **plan.parameters})
        frame = load_frame(plan.population.sample, plan.population.seed)
        return cls.of(plan, frame, values, seed)

    def copy(self) -> Past:
        """The same past with households of its own; what no run changes is shared."""
        core = copy.copy(self.core)
        columns: dict[str, Any] = {k: v.copy() for k, v in self.core.households._asdict().items()}
        core.households = Households(**columns)
        core.seen = np.zeros_like(self.core.seen)
        return self._replace(core=core)
