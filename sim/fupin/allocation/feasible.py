"""Whether any division keeps all limits; where none does, which of them exclude one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fupin.allocation.curves import Curve
from fupin.allocation.search import Condition, Infeasible, Problem, Row, solve
from fupin.errors import InputError
from fupin.scenario.amounts import format_yuan


def require_feasible(problem: Problem) -> None:
    """Raise InputError, naming what excludes one another, where no division keeps all conditions.

    Conditions are left out one after the other; those without which there is a division bind.
    """
    if feasible(problem):
        return
    bare = replace(problem, rows=(), conditions=(), target=None)
    named: list[str] = []
    kept = problem
    for row in problem.rows:
        without = replace(kept, rows=tuple(r for r in kept.rows if r is not row))
        if feasible(without):
            reach = _reach(without, row) if problem.target is None else None
            named.append(_said(row, reach, problem.unit))
        else:
            kept = without
    for one in problem.conditions:
        without = replace(kept, conditions=tuple(c for c in kept.conditions if c is not one))
        if feasible(without):
            most = solve(replace(bare, goal=one.goal, envelope=problem.envelope))
            named.append(_said_of(one, most.change))
        else:
            kept = without
    if problem.target is not None:
        richest = {c.key: c.most for c in problem.cells}
        reach = sum(float(c.curves[problem.goal].value(richest[c.key])) for c in problem.cells)
        asked = problem.target if problem.asked is None else problem.asked
        most_of_it = asked + reach - problem.target
        named.append(
            f"a target of {asked:,.0f} {problem.goal}, of which {most_of_it:,.0f} can be reached "
            "with the most of every programme"
        )
    shares = any(
        row.counties is not None
        and one.startswith(f"{row.what} (")
        and "no programme that may move" not in one
        for row in problem.rows
        for one in named
    )
    whole = not any("/" in cell.key for cell in problem.cells)
    instead = (
        "Loosen one of them, or write `by: county`, which moves money among counties."
        if shares and whole
        else "Loosen one of them."
    )
    beside = "these exclude one another" if len(named) > 1 else "beside bounds and envelope"
    raise InputError(
        f"No division of the money keeps all limits; {beside}: "
        f"{'; '.join(named) or 'the bounds of the programmes'}.",
        instead,
    )


def _reach(problem: Problem, row: Row) -> float | None:
    """The most (or, of a row that has only a most, the least) that other limits let a row be."""
    sign = 1.0 if row.least is not None else -1.0
    name = "row"
    cells = []
    for cell in problem.cells:
        x = np.array([cell.least, max(cell.most, cell.least + 1)], np.float64)
        y = sign * row.weights.get(cell.key, 0.0) * (x - cell.start)
        line = Curve(x, y, np.zeros(2), y)
        cells.append(replace(cell, curves={**cell.curves, name: line}, factor=1.0))
    try:
        money = solve(replace(problem, cells=tuple(cells), goal=name, target=None)).money
    except Infeasible:
        return None
    return sum(row.weights.get(key, 0.0) * yuan for key, yuan in money.items())


def _said_of(one: Condition, change: float) -> str:
    """A condition, and what can be reached of it: `change` beside today."""
    if one.asked is None:
        return f"{one.goal} not below today's, of which {change:+,.0f} beside today can be reached"
    if one.bound is not None:
        return one.bound.said(one.asked + one.bound.sign * (change - one.least))
    reach = one.asked + change - one.least
    return f"{one.goal} at least {one.asked:,.0f}, of which {reach:,.0f} can be reached"


def feasible(problem: Problem) -> bool:
    """Whether some division keeps all conditions, by the curves."""
    try:
        solve(problem)
    except Infeasible:
        return False
    return True


def _said(row: Row, reach: float | None, unit: int) -> str:
    limits = [f"at least {format_yuan(round(row.least))}"] if row.least is not None else []
    limits += [f"at most {format_yuan(round(row.most))}"] if row.most is not None else []
    said = f"{row.what} ({' and '.join(limits)}"
    if reach is None:
        return f"{said})"
    if row.least is not None and reach < 1:
        return f"{said}; no programme that may move gives money there)"
    return f"{said}; the other limits let it be {format_yuan(round(reach / unit) * unit)})"
