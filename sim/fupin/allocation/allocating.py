"""A whole search: curves, the best division, its life as a twin, the check, and why it is so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fupin.allocation.bounds import in_result, measured, refuse_missed, shortfalls
from fupin.allocation.check import Checked, check
from fupin.allocation.counties import GOAL as COUNTED
from fupin.allocation.counties import CountyCurve, Coupling, county_curves, coupling
from fupin.allocation.county_plan import is_local, shares_of
from fupin.allocation.county_search import (
    CountyProposal,
    county_problem,
    propose_counties,
    search_counties,
)
from fupin.allocation.explain import Stop, stops
from fupin.allocation.explain_counties import CountyStop, county_stops
from fupin.allocation.feasible import require_feasible
from fupin.allocation.front import OnFront, front
from fupin.allocation.keeping import keep
from fupin.allocation.lives import Engine, Lives, World
from fupin.allocation.measured import Singles, measure
from fupin.allocation.money import with_money
from fupin.allocation.over_draws import OverDraws, over_draws
from fupin.allocation.plan_envelope import within_envelope
from fupin.allocation.propose import Proposal, Round, problem_of, propose
from fupin.allocation.question import Question, floor_rows
from fupin.allocation.search import Condition, Infeasible, Problem, Row, change_of, solve
from fupin.allocation.worth import More, worth_of_more
from fupin.errors import InputError
from fupin.results.draws import Draw
from fupin.scenario.allocate import COSTS
from fupin.scenario.schema import Scenario
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
        nobody: the same luck without programmes.
        checked: the same on luck that is new.
        stops: why every programme stops where it does.
        more: class -> what 10 million more in its envelope would do, and who would get it.
        over_draws: how sure it is over the draws of the search; None for one draw.
        front: plans of several goals of which none beats another; empty for one goal.
        counties: curves by county; empty for a goal that is not counted by county.
        outside: programme -> part of its effect that falls on counties without its money.
        coupled: single counties with their money alone.
        county_money: the best division among programmes and counties.
        in_counties: that division as it was lived, where it was asked for; else it is by the
            curves alone.
    """

    question: Question
    draws: tuple[Draw, ...]
    seeds: tuple[int, ...]
    singles: Singles
    levels: Mapping[str, float]
    proposal: Proposal
    world: World
    nobody: World
    checked: Checked
    stops: tuple[Stop, ...]
    more: Mapping[str, More | None]
    over_draws: OverDraws | None
    front: tuple[OnFront, ...] = ()
    counties: tuple[CountyCurve, ...] = ()
    outside: Mapping[str, float] = field(default_factory=dict)
    coupled: tuple[Coupling, ...] = ()
    county_money: tuple[CountyStop, ...] = ()
    in_counties: CountyProposal | None = None

    @property
    def goal(self) -> str:
        """What is as large as possible; of several goals the first."""
        return self.question.asked.goal[0]

    @property
    def money(self) -> dict[str, int]:
        """The division that was found."""
        if self.in_counties is not None and self.checked.by_county:
            return dict(self.in_counties.found.totals)
        return self.proposal.money

    @property
    def moves(self) -> bool:
        """Whether it is another than the one that the search began with."""
        return self.checked.by_county or self.money != self.question.start

    def plan(self, **keys: object) -> Scenario:
        """What was found as a plan; `keys`: other keys of a scenario, such as its name."""
        if self.in_counties is not None and self.checked.by_county:
            plan = self.in_counties.plan(self.question.base, **keys)
        else:
            plan = with_money(self.question.base, self.money, **keys)
        return within_envelope(self.question.base, plan)

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
    levels = {name: float(in_result(name, start, nobody).mean()) for name in question.asked.goal}
    rows = _floors(question, start)
    # Where counties are searched, floors are kept by counties' money and not by programmes' shares.
    floors = rows if question.by_county else ()
    template = _template(question, levels, start, nobody, () if question.by_county else rows)
    problem = problem_of(singles, template)
    _refuse_unmoved(question, problem)
    require_feasible(problem)
    tell("The search: the best division by the curves, lived as a twin and corrected.")

    def find(held: Problem) -> Proposal:
        if question.asked.target is None:
            return propose(singles, held, lives, levels[goal])
        return _cheapest(problem_of(singles, held), singles, lives, levels[goal])

    proposal = keep(singles, template, lives, find)
    money = proposal.money
    within_envelope(question.base, with_money(question.base, money))
    (world,) = lives.divisions([money])
    counties: tuple[CountyCurve, ...] = ()
    outside: Mapping[str, float] = {}
    coupled: tuple[Coupling, ...] = ()
    if goal == COUNTED:
        tell("Counties: what money does in each, and what couples them.")
        curves, outside = county_curves(singles, lives)
        counties = tuple(curves)
        coupled = tuple(coupling(lives, singles, question.base))
    local = [one for one in counties if is_local(question.base, one.programme)]
    in_counties = None
    if question.by_county:
        tell("County money: the best division among programmes and counties, lived as a plan.")
        require_feasible(county_problem(_with_floors(proposal.problem, floors), local))
        in_counties = propose_counties(
            _with_floors(proposal.problem, floors), local, lives, start, money, world
        )
        in_counties = _keeping(in_counties, template, lives, start, bool(floors))
        if in_counties is not None:
            within_envelope(question.base, in_counties.plan(question.base))
    tell("The check: the proposal on parameter vectors and seeds that the search has not seen.")
    fresh = Lives(question.base, check_draws, check_seeds, question.goals, engine)
    checked = check(
        fresh,
        question.start,
        money,
        goal,
        None if in_counties is None else in_counties.plan(question.base),
        firm=bool(floors),
    )
    if in_counties is not None and checked.by_county:
        money, world = dict(in_counties.found.totals), in_counties.world
    return Allocation(
        question,
        tuple(draws),
        tuple(seeds),
        singles,
        levels,
        proposal,
        world,
        nobody,
        checked,
        tuple(stops(proposal.problem, singles, money, world, question.today)),
        worth_of_more(proposal.problem, proposal.money, local),
        over_draws(proposal.problem, singles, money, draws),
        _front(question, proposal.problem),
        counties,
        outside,
        coupled,
        _county_money(proposal.problem, local, in_counties, world),
        in_counties,
    )


def _keeping(
    found: CountyProposal, template: Problem, lives: Lives, start: World, firm: bool
) -> CountyProposal | None:
    """The round among counties that does most and keeps the limits on outcomes; None: none does.

    Raises:
        InputError: none does, and only counties' own money keeps the floors.
    """
    if not any(one.bound is not None for one in template.conditions):
        return found
    begin = lives.base.period.start.year
    at_start = {name: measured(name, start, begin) for name in lives.goals}
    short = [
        shortfalls(
            template.conditions,
            {name: measured(name, world, begin) - at_start[name] for name in lives.goals},
        )
        for world in found.worlds
    ]
    kept = [k for k, lack in enumerate(short) if not any(lack)]
    if kept:
        return found.at(max(kept, key=lambda k: found.rounds[k].lived))
    if firm:
        raise refuse_missed(template.conditions, short[found.best])
    return None


def _with_floors(problem: Problem, floors: Sequence[Row]) -> Problem:
    return replace(problem, rows=(*problem.rows, *floors))


def _county_money(
    problem: Problem,
    counties: Sequence[CountyCurve],
    lived: CountyProposal | None,
    world: World,
) -> tuple[CountyStop, ...]:
    """The best division among programmes and counties; none where limits have no such division."""
    if lived is not None:
        return tuple(county_stops(lived.problem, lived.found.money, lived.world))
    try:
        money = search_counties(problem, counties) if counties else {}
    except Infeasible:
        return ()
    return tuple(county_stops(county_problem(problem, counties), money, world))


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


def _floors(question: Question, start: World) -> tuple[Row, ...]:
    """Rows of the floors, by the shares in which programmes give at the start."""
    if not question.asked.floors:
        return ()
    shares = {lever.key: shares_of(start, lever.key) for lever in question.levers}
    return floor_rows(question, shares)


def _template(
    question: Question,
    levels: Mapping[str, float],
    start: World,
    nobody: World,
    floors: Sequence[Row],
) -> Problem:
    """The problem without its cells."""
    asked, begin = question.asked, question.base.period.start.year
    conditions = [one.condition(start, nobody, begin) for one in question.bounds]
    # Of several goals the first is made large, and no other may fall.
    conditions += [Condition(k, 0.0) for k in asked.goal[1:] if k not in asked.at_least]
    goal = asked.goal[0]
    return Problem(
        (),
        goal,
        None if asked.target is not None else question.envelope,
        (*question.rows(), *floors),
        tuple(conditions),
        asked.unit,
        None if asked.target is None else asked.target - levels[goal],
        asked.target,
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
