"""A proposal that keeps its limits on outcomes where it is lived, and not by its curves alone.

Curves say what a limit needs. Where the division that they lead to misses a limit in the
simulation, the limit is tightened by what was missed and the search is made again. What no division
keeps that way is one message, and nothing is proposed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fupin.allocation.bounds import TRIES, refuse_missed, shortfalls, tightened
from fupin.allocation.feasible import feasible
from fupin.allocation.lives import Lives
from fupin.allocation.measured import Singles, beside
from fupin.allocation.propose import Proposal, problem_of
from fupin.allocation.search import Infeasible, Problem


def keep(
    singles: Singles, template: Problem, lives: Lives, find: Callable[[Problem], Proposal]
) -> Proposal:
    """A proposal whose lived division keeps all limits on outcomes.

    Args:
        singles: what was measured around the start.
        template: the problem without its cells.
        lives: of the search.
        find: searches a template with other conditions.

    Raises:
        InputError: no division that was lived keeps them.
    """
    conditions = template.conditions
    if not any(one.bound is not None for one in conditions):
        return find(template)
    nearest: list[float] = []
    held = template
    for _ in range(TRIES):
        try:
            proposal = find(held)
        except Infeasible:
            break
        (levels,) = lives.levels([proposal.money])
        short = shortfalls(conditions, beside(levels, singles.at_start))
        if not any(short):
            return proposal
        if not nearest or _far(short, conditions) < _far(nearest, conditions):
            nearest = short
        held = replace(held, conditions=tightened(held.conditions, short))
        if not feasible(problem_of(singles, held)):
            break
    raise refuse_missed(conditions, nearest)


def _far(short: list[float], conditions: tuple[object, ...]) -> float:
    """How far limits are missed, each in parts of what may be missed of it."""
    near = [float(getattr(one, "near", 0.0)) for one in conditions]
    return sum(lack / max(room, 1e-9) for lack, room in zip(short, near, strict=True))
