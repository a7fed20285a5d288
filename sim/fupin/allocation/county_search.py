"""The division among programmes and counties: searched by the curves, lived, corrected.

Cells are programmes in counties. What is found is written as a plan of county money and lived as a
twin. Where it does less than its curves say, each programme's counties are lived alone, and what
they promised too much is taken back: their differences count for less, and the search goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fupin.allocation.bounds import counts_money
from fupin.allocation.counties import GOAL, CountyCurve
from fupin.allocation.county_plan import parts_of, totals_of, with_county_money
from fupin.allocation.curves import Curve
from fupin.allocation.lives import Lives, World
from fupin.allocation.measured import Grid
from fupin.allocation.search import Cell, Problem, Row, change_of, solve
from fupin.scenario.schema import Scenario

ROUNDS = 3
"""Divisions among counties that are lived at most."""

OF_CHANGE = 0.1
"""Part of the change by which curves of counties and simulation may differ, beyond its noise."""

IN_ERRORS = 2.0
"""Standard errors within which a difference may be noise."""


@dataclass(frozen=True)
class CountyRound:
    """A division among counties that was lived.

    Attributes:
        money: programme -> county -> whole yuan; of programmes that are divided by county.
        totals: programme -> whole yuan, of all.
        predicted, lived: change of the goal beside the start.
        grid: the same in every pair.
        agrees: the two differ by no more than OF_CHANGE of the change, or by noise.
    """

    money: Mapping[str, Mapping[int, int]]
    totals: Mapping[str, int]
    predicted: float
    lived: float
    grid: Grid
    agrees: bool


@dataclass(frozen=True)
class CountyProposal:
    """What a search among counties came to.

    Attributes:
        problems: cells as they were solved, round by round.
        rounds: divisions that were lived, in order.
        best: position of the one that is proposed.
        kept: programme -> part of the differences between its counties that counts.
        written: what it changes of the goal to write the best division among programmes by county,
            each county with the share that it has today: beyond noise, what couples counties.
        written_error: its standard error; NaN for one pair.
        worlds: the divisions as they were lived, round by round.
    """

    problems: tuple[Problem, ...]
    rounds: tuple[CountyRound, ...]
    best: int
    kept: Mapping[str, float]
    written: float
    written_error: float
    worlds: tuple[World, ...]

    @property
    def problem(self) -> Problem:
        """Cells as they were solved for the round that is proposed."""
        return self.problems[self.best]

    @property
    def world(self) -> World:
        """That division as it was lived."""
        return self.worlds[self.best]

    def at(self, best: int) -> CountyProposal:
        """The same with another round proposed."""
        return replace(self, best=best)

    @property
    def found(self) -> CountyRound:
        """The division that did most."""
        return self.rounds[self.best]

    def plan(self, base: Scenario, **keys: object) -> Scenario:
        """It as a plan; `keys`: other keys of a scenario."""
        return with_county_money(base, self.found.totals, self.found.money, **keys)


def cells_of(problem: Problem, curves: Sequence[CountyCurve]) -> tuple[Cell, ...]:
    """A cell for each programme and county; programmes without county curves stay whole."""
    by_programme: dict[str, list[CountyCurve]] = {}
    for one in curves:
        by_programme.setdefault(one.programme, []).append(one)
    cells: list[Cell] = []
    for cell in problem.cells:
        members = by_programme.get(cell.key, [])
        if not members or cell.least == cell.most:
            cells.append(cell)
            continue
        amounts = {
            limit: parts_of(getattr(cell, limit), [one.share for one in members])
            for limit in ("start", "least", "most")
        }
        for k, one in enumerate(members):
            own = {g: _scaled(curve, one, g) for g, curve in cell.curves.items()}
            start, least, most = (amounts[limit][k] for limit in ("start", "least", "most"))
            cells.append(
                Cell(f"{cell.key}/{one.county}", cell.group, start, least, max(most, least), own,
                     cell.factor)
            )  # fmt: skip
    return tuple(cells)


def _scaled(curve: Curve, one: CountyCurve, goal: str) -> Curve:
    """A county's part of a curve; what it costs goes with the money and not with what it does."""
    size = one.share * (1.0 if counts_money(goal) else one.times)
    x = curve.x * one.share
    return Curve(x, curve.y * size, curve.error * one.share, curve.measured * size, curve.kept)


def county_problem(problem: Problem, curves: Sequence[CountyCurve]) -> Problem:
    """The problem with cells of counties; its rows are kept over the cells.

    A package's row holds for all counties of its programmes. The row of a place (its floor) counts
    the money of the place's own cells, and of a programme that stays whole the place's share.
    """
    cells = cells_of(problem, curves)
    inside: dict[str, list[str]] = {}
    for cell in cells:
        inside.setdefault(cell.key.partition("/")[0], []).append(cell.key)

    def weights(row: Row) -> dict[str, float]:
        found: dict[str, float] = {}
        for key, weight in row.weights.items():
            for name in inside.get(key, []):
                county = name.partition("/")[2]
                by_place = bool(county) and row.counties is not None
                found[name] = (
                    float(int(county) in (row.counties or ())) if by_place else weight
                )  # fmt: skip
        return found

    rows = tuple(replace(row, weights=weights(row)) for row in problem.rows)
    return replace(problem, cells=cells, rows=rows)


def by_county_of(money: Mapping[str, int]) -> dict[str, dict[int, int]]:
    """Programme -> county -> yuan, of cells that are counties."""
    found: dict[str, dict[int, int]] = {}
    for name, yuan in money.items():
        key, _, county = name.partition("/")
        if county:
            found.setdefault(key, {})[int(county)] = yuan
    return found


def programmes_of(money: Mapping[str, int]) -> dict[str, int]:
    """Programme -> yuan of all its cells."""
    found: dict[str, int] = {}
    for name, yuan in money.items():
        key = name.partition("/")[0]
        found[key] = found.get(key, 0) + yuan
    return found


def propose_counties(
    problem: Problem,
    curves: Sequence[CountyCurve],
    lives: Lives,
    start: World,
    anchor: Mapping[str, int],
    anchored: World,
) -> CountyProposal:
    """Search among counties, live, correct; see the head of the module.

    Args:
        problem: of programmes, with the factors that pairs of programmes have left.
        curves: of counties, of the programmes that can be divided so.
        lives: the search's.
        start: the division that the search began with, lived.
        anchor, anchored: the best division among programmes alone, and its life.

    Raises:
        Infeasible: limits have no division.
    """
    name = f"goal/{GOAL}"
    kept = {one.programme: 1.0 for one in curves}
    (as_today,) = lives.worlds([_as_today(lives.base, curves, anchor)])
    writing = np.asarray(as_today.grid(name) - anchored.grid(name))
    moved = float((as_today.grid(name) - start.grid(name)).mean())
    rounds: list[CountyRound] = []
    worlds: list[World] = []
    problems: list[Problem] = []
    while len(rounds) < ROUNDS:
        cells = county_problem(problem, [_weakened(one, kept) for one in curves])
        money = solve(cells).money
        by_county, totals = by_county_of(money), programmes_of(money)
        if rounds and by_county == rounds[-1].money:
            break
        (world,) = lives.worlds([with_county_money(lives.base, totals, by_county)])
        grid = np.asarray(world.grid(name) - start.grid(name))
        predicted = moved + change_of(cells, money) - change_of(problem, anchor)
        rounds.append(_round(by_county, totals, predicted, grid))
        worlds.append(world)
        problems.append(cells)
        if rounds[-1].agrees:
            break
        kept = _corrected(kept, curves, problem, by_county, lives, anchor, as_today)
    best = max(range(len(rounds)), key=lambda k: rounds[k].lived)
    return CountyProposal(
        tuple(problems),
        tuple(rounds),
        best,
        kept,
        float(writing.mean()),
        float(writing.std(ddof=1) / np.sqrt(writing.size)) if writing.size > 1 else float("nan"),
        tuple(worlds),
    )


def _as_today(
    base: Scenario,
    curves: Sequence[CountyCurve],
    money: Mapping[str, int],
    but: Mapping[str, Mapping[int, int]] | None = None,
) -> Scenario:
    """A division among programmes, written by county in the shares of today, `but` for some."""
    shares: dict[str, dict[int, float]] = {}
    for one in curves:
        shares.setdefault(one.programme, {})[one.county] = one.share
    by_county = {
        key: dict(zip(of, parts_of(money[key], list(of.values())), strict=True))
        for key, of in shares.items()
    }
    return with_county_money(base, money, {**by_county, **(but or {})})


def _round(
    by_county: Mapping[str, Mapping[int, int]],
    totals: Mapping[str, int],
    predicted: float,
    grid: Grid,
) -> CountyRound:
    lived = float(grid.mean())
    error = float(grid.std(ddof=1) / np.sqrt(grid.size)) if grid.size > 1 else 0.0
    near = abs(predicted - lived) <= max(OF_CHANGE * abs(lived), IN_ERRORS * error)
    return CountyRound(by_county, totals, predicted, lived, grid, near)


def _weakened(one: CountyCurve, kept: Mapping[str, float]) -> CountyCurve:
    return replace(one, times=1.0 + kept[one.programme] * (one.times - 1.0))


def _corrected(
    kept: Mapping[str, float],
    curves: Sequence[CountyCurve],
    problem: Problem,
    by_county: Mapping[str, Mapping[int, int]],
    lives: Lives,
    anchor: Mapping[str, int],
    as_today: World,
) -> dict[str, float]:
    """Lives each programme's counties alone, at the total that programmes alone would give it."""
    shares = {key: {c: yuan for c, yuan in by_county[key].items()} for key in sorted(by_county)}
    tried = [key for key in shares if anchor[key] and sum(shares[key].values())]
    plans, promised = [], []
    for key in tried:
        codes = sorted(shares[key])
        parts = parts_of(anchor[key], [float(shares[key][c]) for c in codes])
        own_money = {key: dict(zip(codes, parts, strict=True))}
        plans.append(_as_today(lives.base, curves, anchor, own_money))
        cell = next(c for c in problem.cells if c.key == key)
        ones = [_weakened(one, kept) for one in curves if one.programme == key]
        own = cells_of(replace(problem, cells=(cell,)), ones)
        at = dict(zip(codes, parts, strict=True))
        promised.append(
            sum(float(c.curves[GOAL].value(at[int(c.key.partition("/")[2])])) for c in own)
            - float(cell.curves[GOAL].value(anchor[key]))
        )
    found = dict(kept)
    name = f"goal/{GOAL}"
    for key, world, said in zip(tried, lives.worlds(plans), promised, strict=True):
        lived = float((world.grid(name) - as_today.grid(name)).mean())
        if said > 0:
            found[key] = kept[key] * float(np.clip(lived / said, 0.0, 1.0))
    return found


def search_counties(problem: Problem, curves: Sequence[CountyCurve]) -> dict[str, dict[int, int]]:
    """The best division among programmes and counties by the curves alone, not lived.

    Raises:
        Infeasible: limits have no division.
    """
    money = by_county_of(solve(county_problem(problem, curves)).money)
    assert set(totals_of(money)) <= {cell.key for cell in problem.cells}
    return money
