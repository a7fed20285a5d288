"""A whole search: curves, the best division, its life as a twin, the check, and why it is so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fupin.allocation.check import Checked, check
from fupin.allocation.counties import GOAL as COUNTED
from fupin.allocation.counties import (
    CountyCurve,
    CountyMoney,
    Coupling,
    county_curves,
    coupling,
    search_counties,
)
from fupin.allocation.explain import Stop, stops, worth_of_more
from fupin.allocation.front import OnFront, front
from fupin.allocation.lives import Engine, Lives, World
from fupin.allocation.measured import Singles, measure
from fupin.allocation.money import with_money
from fupin.allocation.over_draws import OverDraws, over_draws
from fupin.allocation.propose import Proposal, Round, problem_of, propose
from fupin.allocation.question import Question, floor_rows, require_feasible
from fupin.allocation.search import Condition, Infeasible, Problem, change_of, solve
from fupin.errors import InputError
from fupin.results.draws import Draw
from fupin.scenario.allocate import COSTS
from fupin.scenario.variants import without_programmes

TARGET_ROUNDS = 4
"""Divisions that are lived at most until a target is reached."""

NEAR = 0.03
"""Part of a target by which the simulation may miss it."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Allocation:
    """What a search found.

    Attributes:
        question: what was asked.
        draws, seeds: of the search.
        singles: what was measured around the start.
        levels: outcome -> its level at the start, beyond no programmes.
        proposal: the division, and the way to it.
        world: the proposal as it was lived on the luck of the search.
        checked: the same on luck that is new.
        stops: why every programme stops where it does.
        more: class -> change of the goal with 10 million more in its envelope.
        over_draws: how sure it is over the draws of the search; None for one draw.
        front: plans of several goals of which none beats another; empty for one goal.
        counties: curves by county; empty for a goal that is not counted by county.
        outside: programme -> part of its effect that falls on counties without its money.
        coupled: single counties with their money alone.
        county_money: the best division among programmes and counties, by the curves.
    """

    question: Question
    draws: tuple[Draw, ...]
    seeds: tuple[int, ...]
    singles: Singles
    levels: Mapping[str, float]
    proposal: Proposal
    world: World
    checked: Checked
    stops: tuple[Stop, ...]
    more: Mapping[str, float | None]
    over_draws: OverDraws | None
    front: tuple[OnFront, ...] = ()
    counties: tuple[CountyCurve, ...] = ()
    outside: Mapping[str, float] = field(default_factory=dict)
    coupled: tuple[Coupling, ...] = ()
    county_money: tuple[CountyMoney, ...] = ()

    @property
    def goal(self) -> str:
        """What is as large as possible; of several goals the first."""
        return self.question.asked.goal[0]

    @property
    def money(self) -> dict[str, int]:
        """The division that was found."""
        return self.proposal.money

    @property
    def moves(self) -> bool:
        """Whether it is another than the one that the search began with."""
        return self.money != self.question.start

    @property
    def better(self) -> bool:
        """Whether it is better beyond chance on luck that the search has not seen."""
        if self.question.asked.target is not None:
            return self.moves
        return self.moves and bool(self.checked.content(self.goal, 0.0)["better"])


def allocate(
    question: Question,
    engine: Engine,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    check_draws: Sequence[Draw],
    check_seeds: Sequence[int],
    tell: Tell = lambda line: None,
) -> Allocation:
    """Search, and check what was found.

    Args:
        question: what is asked.
        engine: lives worlds.
        draws, seeds: of the search.
        check_draws, check_seeds: of the check; none of these pairs is one of the search.
        tell: called with a line on what goes on.

    Raises:
        InputError: a goal that nothing moves, or conditions that exclude one another.
    """
    goal = question.asked.goal[0]
    lives = Lives(question.base, draws, seeds, question.goals, engine)
    free = [lever for lever in question.levers if lever.free]
    tell(f"Response curves: {sum(len(one.doses()) for one in free)} plans beside today's.")
    nobody, start = lives.worlds(
        [without_programmes(question.base), with_money(question.base, question.start)]
    )
    singles = measure(question.levers, question.goals, lives)
    levels = {
        name: float((start.grid(f"goal/{name}") - nobody.grid(f"goal/{name}")).mean())
        for name in question.goals
    }
    template = _template(question, levels, start)
    problem = problem_of(singles, template)
    _refuse_unmoved(question, problem)
    require_feasible(problem)
    tell("The search: the best division by the curves, lived as a twin and corrected.")
    if question.asked.target is None:
        proposal = propose(singles, template, lives, levels[goal])
    else:
        proposal = _cheapest(problem, singles, lives, levels[goal])
    money = proposal.money
    (world,) = lives.divisions([money])
    counties: tuple[CountyCurve, ...] = ()
    outside: Mapping[str, float] = {}
    coupled: tuple[Coupling, ...] = ()
    if goal == COUNTED:
        tell("Counties: what money does in each, and what couples them.")
        curves, outside = county_curves(singles, lives)
        counties = tuple(curves)
        coupled = tuple(coupling(lives, singles, question.base))
    tell("The check: the proposal on parameter vectors and seeds that the search has not seen.")
    fresh = Lives(question.base, check_draws, check_seeds, question.goals, engine)
    checked = check(fresh, question.start, money)
    return Allocation(
        question,
        tuple(draws),
        tuple(seeds),
        singles,
        levels,
        proposal,
        world,
        checked,
        tuple(stops(proposal.problem, singles, money, world, question.today)),
        worth_of_more(proposal.problem, money),
        over_draws(proposal.problem, singles, money, draws),
        _front(question, proposal.problem),
        counties,
        outside,
        coupled,
        _by_county(proposal.problem, counties),
    )


def _by_county(problem: Problem, counties: Sequence[CountyCurve]) -> tuple[CountyMoney, ...]:
    """The best division among programmes and counties; none where limits have no such division."""
    try:
        return tuple(search_counties(problem, counties)) if counties else ()
    except Infeasible:
        return ()


def _front(question: Question, problem: Problem) -> tuple[OnFront, ...]:
    """Plans between the goals; in them no goal is held where it is today."""
    goals = question.asked.goal
    if len(goals) < 2 or problem.envelope is None:
        return ()
    conditions = tuple(
        one
        for one in problem.conditions
        if one.goal not in goals or one.goal in question.asked.at_least
    )
    return tuple(front(replace(problem, conditions=conditions), goals))


def _template(question: Question, levels: Mapping[str, float], start: World) -> Problem:
    """The problem without its cells."""
    asked = question.asked
    shares: dict[str, dict[str, float]] = {}
    if asked.floors:
        for lever in question.levers:
            begin = f"{lever.key}/released/"
            given = {n.removeprefix(begin): start.mean(n) for n in start.names(begin)}
            whole = sum(given.values())
            if whole:
                shares[lever.key] = {code: yuan / whole for code, yuan in given.items()}
    conditions = [Condition(k, v - levels[k]) for k, v in sorted(asked.at_least.items())]
    # Of several goals the first is made large, and no other may fall.
    conditions += [Condition(k, 0.0) for k in asked.goal[1:] if k not in asked.at_least]
    for key, most in sorted(asked.at_most.items()):
        conditions.append(Condition(key, start.mean(f"outcome/{key}") - most))
    goal = asked.goal[0]
    return Problem(
        (),
        goal,
        None if asked.target is not None else question.envelope,
        (*question.packages(), *floor_rows(question, shares)),
        tuple(conditions),
        asked.unit,
        None if asked.target is None else asked.target - levels[goal],
    )


def _refuse_unmoved(question: Question, problem: Problem) -> None:
    """Raise InputError where no programme does anything to the goal that is told from chance."""
    goal = problem.goal
    cells = [c for c in problem.cells if c.least < c.most]
    if any(np.abs(c.curves[goal].y).max() > 0 for c in cells):
        return
    named = ", ".join(c.key for c in cells)
    other = next((g for g in question.goals if g != goal and g not in COSTS), "person_years_out")
    raise InputError(
        f"No programme that may move ({named}) changes {goal} beyond chance, so there is nothing "
        "to search for.",
        f"Ask for another goal, such as {other}, give more seeds, or let other programmes move.",
    )


def _cheapest(problem: Problem, singles: Singles, lives: Lives, level: float) -> Proposal:
    """The least money for a target: what the simulation misses is added to what is asked."""
    assert problem.target is not None
    wanted = problem.target
    rounds: list[Round] = []
    asked = problem
    first = solve(problem)
    for _ in range(TARGET_ROUNDS):
        money = solve(asked).money
        (levels,) = lives.levels([money])
        grid = levels[problem.goal] - singles.at_start[problem.goal]
        predicted, lived = change_of(problem, money), float(grid.mean())
        size = max(abs(level + wanted), 1e-300)
        off = abs(predicted - lived) / size
        short = wanted - lived
        rounds.append(Round(money, predicted, lived, grid, off, short <= NEAR * size))
        if abs(short) <= NEAR * size / 3:
            break
        assert asked.target is not None
        further = replace(asked, target=asked.target + short)
        try:
            require_feasible(further)
        except InputError:
            break
        asked = further
    reached = [k for k, one in enumerate(rounds) if one.agrees]
    best = min(reached, key=lambda k: sum(rounds[k].money.values())) if reached else -1
    return Proposal(problem, first, tuple(rounds), {}, best)
