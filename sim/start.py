"""The start of a run: the world at the end of the year before, reached by the yearly core.

It is a module of its own, without Mesa, because twins share a start, and because Mesa can be
imported while history is lived.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.agents.households import Households
from sim.livelihood.core import Core
from sim.livelihood.levels import load_levels
from sim.parameters.book import load_book
from sim.parameters.values import ParameterValues
from sim.population.frame import Frame, load_frame
from sim.programmes import works
from sim.scenario.schema import Scenario


@dataclass
class Start:
    """What a model starts from.

    Attributes:
        frame: who lives where.
        values: parameter values of the draw under the plan.
        levels: provincial income level of each year, yuan.
        core: households and villages, in the end those of the year before the plan's first.
    """

    frame: Frame
    values: ParameterValues
    levels: dict[int, float]
    core: Core

    def live_until(self, year: int) -> None:
        """Burn in and live to the end of `year`."""
        self.core.live_until(self.levels, year)

    def copy(self) -> Start:
        """The same start with households of its own; what no run changes is shared."""
        core = copy.copy(self.core)
        columns: dict[str, Any] = {k: v.copy() for k, v in self.core.households._asdict().items()}
        core.households = Households(**columns)
        core.seen = np.zeros_like(self.core.seen)
        return replace(self, core=core)


def live_history(
    plan: Scenario,
    seed: int,
    draw: Mapping[str, float] | None = None,
    sample: str | float | None = None,
) -> Start:
    """Live from the burn-in before 2001 to the end of the year before the plan's first month.

    Args:
        plan: the scenario.
        seed: run seed.
        draw: parameter values of the draw that differ from the central ones.
        sample: overrides the plan's `population.sample`.
    """
    start = settle_people(plan, seed, draw, sample)
    start.live_until(plan.period.start.year - 1)
    return start


def settle_people(
    plan: Scenario,
    seed: int,
    draw: Mapping[str, float] | None = None,
    sample: str | float | None = None,
) -> Start:
    """Households with endowments, before the burn-in; arguments as of `live_history`."""
    values = load_book().values({**(draw or {}), **plan.parameters})
    frame = load_frame(sample or plan.population.sample, plan.population.seed)
    threshold = plan.assets == "threshold"
    roads = works.history(frame, values)
    levels = load_levels(frame, values, roads, threshold)
    core = Core(frame, values, seed, roads, shocks=True, threshold=threshold)
    return Start(frame, values, levels, core)
