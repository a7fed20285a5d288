"""A coalition's world with its households: who is poor there and not without programmes, or so.

Of every household one bit a year is kept, and only where it differs from the world without any
programme: a few thousand of millions. The numbers are those of `fupin.allocation.worlds`, so that
searches find them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.allocation.worlds import asked_in, kept_of_start, numbers_of, start_of
from fupin.month import live
from fupin.randomness import HOUSEHOLDS_PER_VILLAGE
from fupin.results.draws import Draw
from fupin.results.outcome import NumbersAndTables, Table
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes
from fupin.world.watching import Watcher
from fupin.world.world import World

COALITION = "fupin.allocation.attribution_worlds:live_coalition"
CHANGED = "changed"
"""Name of the table of households."""

COLUMNS = ("household", "county", "persons", "out", "into")
"""Of that table."""

Flags = npt.NDArray[np.bool_]


def live_coalition(task: Mapping[str, Any], draw: Draw, seed: int) -> NumbersAndTables:
    """Live a coalition of programmes, and say who is poor other than without programmes.

    Args:
        task, draw, seed: as of `fupin.allocation.worlds.live_world`.

    Returns:
        its numbers; the table CHANGED with a row a household that differs in any year: household
        (id), county (code), persons (that it stands for at the start), out (bit k: in year k of
        the horizon poor without programmes and not here), into (the reverse).
    """
    plan, own, luck = asked_in(task)
    start_of(plan, own, luck)
    bare = kept_of_start().get("bare")
    if bare is None or bare[0] != plan.lived.years:
        bare = plan.lived.years, _poor_without(plan, own, luck)
    decembers = _Decembers()
    numbers = numbers_of(plan, own, luck, (decembers,))
    kept_of_start()["bare"] = bare
    return NumbersAndTables(numbers, {CHANGED: _changed(decembers, bare[1])})


def _poor_without(plan: Scenario, draw: Draw, seed: int) -> list[Flags]:
    decembers = _Decembers()
    live(without_programmes(plan), start_of(plan, draw, seed), seed, (decembers,))
    return decembers.poor


class _Decembers(Watcher):
    """Who is poor in each December, and how many persons a household is at the start."""

    world: World
    persons: npt.NDArray[np.int64]

    def __init__(self) -> None:
        self.poor: list[Flags] = []

    def begins(self, world: World) -> None:
        self.world = world
        v = world.villages
        weight = np.repeat(v.weight, np.diff(v.offsets)).astype(np.int64)
        self.persons = weight * world.households.size

    def after_month(self, world: World) -> None:
        if world.clock.month == 12:
            self.poor.append(world.households.income < np.float64(world.line))


def _changed(here: _Decembers, bare: list[Flags]) -> Table:
    out = np.zeros(here.persons.size, np.uint16)
    into = np.zeros(here.persons.size, np.uint16)
    for k, (poor, twin) in enumerate(zip(here.poor, bare, strict=True)):
        differs = poor != twin
        out[differs & twin] |= np.uint16(1 << k)
        into[differs & poor] |= np.uint16(1 << k)
    rows = np.flatnonzero((out != 0) | (into != 0))
    frame, villages = here.world.frame, here.world.villages
    village = villages.of_household[rows]
    county = np.asarray(frame.villages.county)[village]
    number = rows - np.asarray(villages.offsets)[village]
    return {
        "household": villages.id[village].astype(np.int64) * HOUSEHOLDS_PER_VILLAGE + number,
        "county": np.asarray(frame.counties.code, np.int32)[county],
        "persons": here.persons[rows],
        "out": out[rows],
        "into": into[rows],
    }
