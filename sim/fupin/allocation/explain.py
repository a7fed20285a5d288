"""Why every programme stops where it does, and what the next money would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fupin.allocation.curves import Curve
from fupin.allocation.lives import World
from fupin.allocation.measured import Lever, Singles
from fupin.allocation.search import Problem
from fupin.statistics.confidence import two_sided_normal

MORE = 10_000_000
"""Yuan more whose worth is said."""

MILLION = 1_000_000

IDLE = 0.05
"""A programme that leaves more of its money unspent stops for what keeps it from spending."""

CANNOT = ("places", "need", "eligible", "list", "month")
"""Limits by which more money cannot be spent; see `fupin.state.limits`."""

NO_MORE = ("protected", "no_cost", "at_most")
"""Reasons of programmes that may get no more, whatever it would bring."""


@dataclass(frozen=True)
class Stop:
    """A lever at the proposal.

    Attributes:
        key, group: the programme and the class of its money.
        today: yuan that the plan gives; start: yuan that the search began with.
        proposed: yuan.
        why: code of the reason: protected, alone, no_cost, at_most, at_least, nothing_left, places,
            need, eligible, list, month, not_told, price.
        tested: least and most yuan that were tried.
        unspent: part of the proposal's money that stays unspent.
        next_million, last_million: change of the goal by one million more, or one million less.
        more: change by MORE more, with its 90% interval; None where nothing more was tried.
        more_yuan: how much more that is.
        told: whether what the programme does is told from nothing.
    """

    key: str
    group: str
    today: int
    start: int
    proposed: int
    why: str
    tested: tuple[int, int]
    unspent: float
    next_million: float
    last_million: float
    more: tuple[float, float, float] | None
    more_yuan: int
    told: bool


def stops(
    problem: Problem, singles: Singles, money: Mapping[str, int], world: World,
    today: Mapping[str, int],
) -> list[Stop]:  # fmt: skip
    """One for each lever.

    Args:
        problem: as it was solved last, with factors of pairs.
        money: the proposal.
        world: the proposal as it was lived.
        today: programme -> yuan that the plan gives.
    """
    cells = {cell.key: cell for cell in problem.cells}
    free: dict[str, int] = {}
    for one in singles.levers:
        free[one.group] = free.get(one.group, 0) + one.free
    found = []
    for lever in singles.levers:
        cell, yuan = cells[lever.key], money[lever.key]
        curve = cell.curves[problem.goal]

        def by(change: int, curve: Curve = curve, at: int = yuan, k: float = cell.factor) -> float:
            return k * float(curve.value(at + change) - curve.value(at))

        doses = sorted({lever.start, *singles.changes.get(lever.key, {})})
        tested = (doses[0], doses[-1])
        room = max(min(MORE, tested[1] - yuan), 0)
        unspent, limit = unspent_of(world, f"{lever.key}/unspent/", yuan)
        told = curve.kept > 0 and float(abs(curve.y).max()) > 0
        found.append(
            Stop(
                lever.key,
                lever.group,
                today.get(lever.key, 0),
                lever.start,
                yuan,
                "alone"
                if lever.free and free[lever.group] == 1 and yuan == lever.start
                else _why(lever, yuan, unspent, limit, told, by(MILLION)),
                tested,
                unspent,
                by(min(MILLION, room)) if room else 0.0,
                -by(-min(MILLION, yuan)),
                _with_interval(curve, by(room), room, lever.start) if room else None,
                room,
                told,
            )
        )
    return found


def best_next_million(programmes: Mapping[str, Mapping[str, Any]], group: str) -> float | None:
    """What one million more in a class brings at most, by the curves.

    It is the best of its programmes that may grow. The price of the search is no such number: at a
    kink of a curve it lies between what the last million brought and what the next one brings.

    Args:
        programmes: programme -> row, as in `allocation.json`.
        group: the class.

    Returns:
        change of the goal; None where no programme may grow.
    """
    found = [
        float(row["next_million"])
        for row in programmes.values()
        if row["group"] == group and row["more_yuan"] > 0 and row["why"] not in NO_MORE
    ]
    return max(found, default=None)


def _with_interval(curve: Curve, gain: float, yuan: int, start: int) -> tuple[float, float, float]:
    """A gain with its 90% interval: as well as the slope is known over all amounts."""
    far = max(range(curve.x.size), key=lambda k: abs(curve.x[k] - start))
    error = float(curve.error[far]) / max(abs(float(curve.x[far]) - start), 1.0) * yuan
    half = two_sided_normal() * error
    return gain, gain - half, gain + half


def unspent_of(world: World, begin: str, yuan: int) -> tuple[float, str]:
    """Part of some money that stays unspent, and the limit that keeps most of it.

    Args:
        begin: of the names of its numbers, before the limit.
        yuan: the money.
    """
    if not yuan:
        return 0.0, ""
    by_limit = {
        name.removeprefix(begin): world.mean(name)
        for name in world.names(begin)
        if name.removeprefix(begin) in CANNOT
    }
    limit = max(by_limit, key=lambda one: by_limit[one], default="")
    return sum(by_limit.values()) / yuan, limit


def _why(
    lever: Lever, yuan: int, unspent: float, limit: str, told: bool, next_million: float
) -> str:
    if not lever.free:
        return lever.why or "at_most"
    return reason(yuan, lever.least, lever.most, unspent, limit, told, next_million)


def reason(
    yuan: int, least: int, most: int, unspent: float, limit: str, told: bool, next_million: float
) -> str:
    """Code of the reason why money that may move stops where it does.

    Args:
        yuan: of the proposal; least, most: its limits.
        unspent, limit: as of `unspent_of`.
        told: whether what it does is told from nothing.
        next_million: what one million more would do.
    """
    if unspent > IDLE and limit:
        return limit
    if yuan >= most:
        return "at_most"
    if yuan <= least:
        return "at_least" if least else "nothing_left"
    if not told:
        return "not_told"
    return "price" if next_million > 0 else "flat"
