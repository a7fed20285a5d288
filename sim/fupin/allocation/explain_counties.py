"""Why a programme stops where it does in each county, and what the next money would do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fupin.allocation.explain import MILLION, reason, unspent_of
from fupin.allocation.lives import World
from fupin.allocation.search import Cell, Problem


@dataclass(frozen=True)
class CountyStop:
    """A programme's money in a county.

    Attributes:
        programme, county: key and code.
        start, proposed: whole yuan.
        next_million, last_million: person-years by one million more, or one million less.
        why: code of the reason, as of `fupin.allocation.explain.Stop`.
        unspent: part of the county's money that stayed unspent where it was lived.
    """

    programme: str
    county: int
    start: int
    proposed: int
    next_million: float
    last_million: float
    why: str
    unspent: float


def county_stops(
    problem: Problem, money: Mapping[str, Mapping[int, int]], world: World
) -> list[CountyStop]:
    """One for each programme and county.

    Args:
        problem: with cells of counties, as it was solved.
        money: programme -> county -> yuan.
        world: the division as it was lived; of one that was not, that among programmes.
    """
    found = []
    for cell in problem.cells:
        programme, _, county = cell.key.partition("/")
        if county:
            yuan = money[programme][int(county)]
            found.append(_stop(problem, cell, programme, int(county), yuan, world))
    return found


def _stop(
    problem: Problem, cell: Cell, programme: str, county: int, yuan: int, world: World
) -> CountyStop:
    curve = cell.curves[problem.goal]

    def by(change: int) -> float:
        return cell.factor * float(curve.value(yuan + change) - curve.value(yuan))

    # A county's money is mostly less than a million: the slope there is what a million would do.
    room = min(MILLION, max(int(curve.x[-1]) - yuan, 0))
    down = min(MILLION, max(yuan - int(curve.x[0]), 0))
    more = by(room) * MILLION / room if room else 0.0
    less = -by(-down) * MILLION / down if down else 0.0
    unspent, limit = unspent_of(world, f"{programme}/unspent_in/{county}/", yuan)
    told = curve.kept > 0 and float(abs(curve.y).max()) > 0
    why = reason(yuan, cell.least, cell.most, unspent, limit, told, more)
    return CountyStop(programme, county, cell.start, yuan, more, less, why, unspent)
