"""Which counties are the poorest, as an office sees them when a plan begins.

Nobody knows the incomes of counties, so a plan that names "the 21 poorest" names other counties in
each draw. What an office goes by is its register, or what households report to a survey; both err.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.scenario.places import Poorest
from fupin.world.world import World

Flags = npt.NDArray[np.bool_]


def poorest_counties(world: World, wanted: Poorest, among: Flags) -> Flags:
    """The poorest of some counties at the plan's start, (counties,).

    Args:
        world: at its start: registers and incomes are those of the December before.
        wanted: how many, and by what: "registered" ranks by the share of people on the register,
            "income" by the mean income that households report to a survey.
        among: counties that may be chosen, (counties,).
    """
    weight, people = world.villages.weight, world.at_start.village_persons
    persons = np.maximum(world.sum_by_county(people * weight), 1)
    if wanted.by == "registered":
        poverty = world.sum_by_county(world.at_start.village_registered * weight) / persons
    else:
        reported = columns.exp(world.perceive("survey")).astype(np.float64) * world.households.size
        by_village = np.add.reduceat(reported, world.villages.offsets[:-1])
        poverty = -world.sum_by_county(by_village * weight) / persons
    rows = np.flatnonzero(among)
    order = np.lexsort((rows, -poverty[rows]))  # of equals the lower code
    chosen = np.zeros(among.size, np.bool_)
    chosen[rows[order[: wanted.number]]] = True
    return chosen
