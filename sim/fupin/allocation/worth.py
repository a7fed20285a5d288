"""What more money in an envelope would do: how much, by which programme, in which county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fupin.allocation.counties import CountyCurve
from fupin.allocation.county_search import by_county_of, county_problem
from fupin.allocation.search import Infeasible, Problem, change_of, solve

MORE = 10_000_000
"""Yuan more whose worth is said."""

COUNTIES = 10
"""Counties that are named, those with the most of it."""


@dataclass(frozen=True)
class More:
    """What MORE more yuan in a class would do, by the curves.

    Attributes:
        gain: of the goal, with all money divided anew.
        programmes: programme -> yuan more (or less) than the proposal gives it.
        counties: (programme, county, yuan more), the largest first, where each programme's more
            goes to the counties in which it does most; none where no county is known.
    """

    gain: float
    programmes: Mapping[str, int]
    counties: tuple[tuple[str, int, int], ...]


def worth_of_more(
    problem: Problem, money: Mapping[str, int], curves: Sequence[CountyCurve]
) -> dict[str, More | None]:
    """Class -> what MORE in its envelope would do; None where limits have no room for it.

    Args:
        problem: of programmes, as it was solved last.
        money: the division of programmes that was found.
        curves: of counties.
    """
    found: dict[str, More | None] = {}
    if problem.envelope is None:
        return found
    before = change_of(problem, money)
    mine = {one.programme for one in curves}
    for group, yuan in problem.envelope.items():
        richer = replace(problem, envelope={**problem.envelope, group: yuan + MORE})
        try:
            other = solve(richer)
        except Infeasible:
            found[group] = None
            continue
        keys = {cell.key for cell in problem.cells if cell.group == group}
        changed = {k: v - money[k] for k, v in other.money.items() if k in keys and v != money[k]}
        of_group = [c for c in curves if c.programme in keys and changed.get(c.programme, 0) > 0]
        where = _where(richer, money, other.money, of_group) if mine & set(changed) else ()
        found[group] = More(other.change - before, changed, where)
    return found


def _where(
    problem: Problem,
    before: Mapping[str, int],
    after: Mapping[str, int],
    curves: Sequence[CountyCurve],
) -> tuple[tuple[str, int, int], ...]:
    """Counties to which the money that programmes get more goes, none losing any."""
    rows: list[tuple[str, int, int]] = []
    for cell in problem.cells:
        ones = [c for c in curves if c.programme == cell.key]
        if not ones:
            continue
        # Counties begin with their shares of what the programme has, and lose nothing.
        at, most = before[cell.key], max(cell.most, after[cell.key])
        alone = replace(
            problem,
            cells=(replace(cell, start=at, least=at, most=most),),
            envelope={cell.group: after[cell.key]},
            rows=(),
            conditions=(),
        )
        split = county_problem(alone, ones)
        money = by_county_of(solve(split).money)[cell.key]
        own = {int(c.key.partition("/")[2]): c.start for c in split.cells}
        rows += [(cell.key, county, yuan - own[county]) for county, yuan in money.items()]
    rows = [row for row in rows if row[2] > 0]
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    return tuple(rows[:COUNTIES])
