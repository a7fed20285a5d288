"""Several goals: plans of which none is better in all goals than another.

The first goal is made as large as possible while another is held at or above a level (epsilon
constraint), for even steps of that level from what the first goal's best plan leaves to the most
that can be had. By the curves; what is proposed is lived and checked as ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fupin.allocation.search import Cell, Condition, Infeasible, Problem, change_of, solve

PLANS = 20
"""Plans of a front for each goal beside the first, the two ends included."""


@dataclass(frozen=True)
class OnFront:
    """A plan of a front.

    Attributes:
        money: lever -> whole yuan.
        goals: goal -> its change beside the start, by the curves.
    """

    money: dict[str, int]
    goals: dict[str, float]


def front(problem: Problem, goals: tuple[str, ...], plans: int = PLANS) -> list[OnFront]:
    """Plans by the first goal, falling; those that another beats or equals in all are left out.

    Args:
        problem: its goal is the first; its own conditions hold in every plan.
        goals: two or more.
    """
    found: list[OnFront] = []
    first, *others = goals

    def keep(money: dict[str, int]) -> None:
        found.append(OnFront(money, {g: change_of(problem, money, g) for g in goals}))

    free = replace(problem, goal=first)
    best = solve(free).money
    keep(best)
    for other in others:
        most = solve(replace(free, goal=other, cells=_plain(problem))).money
        keep(most)
        low, high = (change_of(problem, money, other) for money in (best, most))
        for k in range(1, plans - 1):
            level = low + (high - low) * k / (plans - 1)
            held = (*free.conditions, Condition(other, level))
            try:
                keep(solve(replace(free, conditions=held)).money)
            except Infeasible:  # by rounding, near an end
                continue
    return undominated(found, goals)


def _plain(problem: Problem) -> tuple[Cell, ...]:
    """Cells without factors, which are those of another goal."""
    return tuple(replace(cell, factor=1.0) for cell in problem.cells)


def undominated(plans: list[OnFront], goals: tuple[str, ...]) -> list[OnFront]:
    """Plans that none other equals or beats in all goals; by the first goal, falling."""
    kept: list[OnFront] = []
    for one in sorted(plans, key=lambda p: tuple(-p.goals[g] for g in goals)):
        if not any(all(p.goals[g] >= one.goals[g] for g in goals) for p in kept):
            kept.append(one)
    return kept
