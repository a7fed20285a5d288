"""What is asked: levers, envelope, limits and conditions, checked before anything is lived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fupin.allocation.bounds import Bound, bounds_of
from fupin.allocation.county_plan import is_local
from fupin.allocation.curves import Curve
from fupin.allocation.measured import Lever
from fupin.allocation.money import money_of
from fupin.allocation.search import Condition, Infeasible, Problem, Row, solve
from fupin.errors import InputError
from fupin.scenario.allocate import COSTS, Allocate
from fupin.scenario.amounts import format_yuan
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import CLASS_OF, GIFT_CLASSES, PROGRAMME_KEYS
from fupin.scenario.schema import Scenario

MOVABLE = ("fiscal", "social", "credit")
"""Classes whose division is a choice; what enterprises claim is not."""

TWICE = 2
"""A programme gets at most so many times its money, where nobody says more: so far it is tested."""

COUNTED = "person_years_out"
"""The goal that is counted by county."""

PROTECTED, ALONE, NO_COST = "protected", "alone", "no_cost"
"""Why a lever may not move: its reason in tables."""


@dataclass(frozen=True)
class Question:
    """A search that can be made.

    Attributes:
        base: the plan, without `allocate`.
        asked: what is looked for.
        levers: every programme of a movable class that has or may get money, in the order of the
            catalogue.
        envelope: class -> whole yuan of its levers.
        today: programme -> whole yuan that the plan gives it.
    """

    base: Scenario
    asked: Allocate
    levers: tuple[Lever, ...]
    envelope: Mapping[str, int]
    today: Mapping[str, int]

    @property
    def goals(self) -> tuple[str, ...]:
        """The goals, then what limits on outcomes are measured by, and costs."""
        measures = [one.measure for one in self.bounds]
        return tuple(dict.fromkeys((*self.asked.goal, *measures, *COSTS)))

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """Limits on outcomes."""
        return bounds_of(self.asked)

    @property
    def start(self) -> dict[str, int]:
        """Money around which curves are measured: today's, in proportion to the envelope."""
        return {lever.key: lever.start for lever in self.levers}

    @property
    def by_county(self) -> bool:
        """Whether money is divided among counties too."""
        return self.asked.by == "county"

    @property
    def same_envelope(self) -> bool:
        """Whether the envelope is what the plan gives today."""
        return all(lever.start == self.today.get(lever.key, 0) for lever in self.levers)

    def packages(self) -> tuple[Row, ...]:
        """Rows of the packages."""
        return tuple(
            Row(
                f"package {name}",
                dict.fromkeys(limits["programmes"], 1.0),
                limits.get("least"),
                limits.get("most"),
            )
            for name, limits in sorted(self.asked.packages.items())
        )


def question_of(base: Scenario, asked: Allocate) -> Question:
    """The question of a plan.

    Raises:
        InputError: nothing can move, or limits exclude one another; it names those that bind.
    """
    # What further entries of a programme, and a plan's own programmes, are given stays.
    today = {key: yuan for key, yuan in money_of(base).items() if key in PROGRAMME_KEYS}
    keys = [
        key
        for key in PROGRAMME_KEYS
        if CLASS_OF[key] in MOVABLE
        and (today.get(key, 0) or asked.bounds.get(key, {}).get("most", 0))
    ]
    for key in asked.bounds:
        if key not in keys:
            if CLASS_OF[key] in MOVABLE:
                raise InputError(
                    f"allocate.bounds: {key} gets nothing in the plan, and its bounds have no "
                    "`most`.",
                    "Give it a `most`, or leave it out.",
                )
            raise InputError(
                f"allocate.bounds: {key} is what enterprises claim, which nobody divides.",
                "Leave it out.",
            )
    if not keys:
        raise InputError(
            f"{base.name} gives no money that could be divided otherwise.",
            "Give programmes money, or name some with a most in `bounds`.",
        )
    classes = list(dict.fromkeys(CLASS_OF[key] for key in keys))
    for name in asked.envelope:
        if name not in classes:
            raise InputError(
                f"allocate.envelope: no programme of {base.name} has {name} money to divide.",
                f"Name one of {', '.join(classes)}.",
            )
    envelope: dict[str, int] = {
        name: asked.envelope.get(name, sum(today.get(k, 0) for k in keys if CLASS_OF[k] == name))
        for name in classes
    }
    levers = [_lever(key, today, envelope, asked) for key in keys]
    if asked.target is not None:
        levers = [
            one
            if one.group in GIFT_CLASSES
            else replace(one, least=one.start, most=one.start, why=NO_COST)
            for one in levers
        ]
    else:
        levers = _alone(levers, base if asked.by == "county" else None)
    if asked.by == "county":
        _refuse_counties(base, asked, levers)
    plan = base.model_copy(update={"allocate": None})
    found = Question(plan, asked, tuple(levers), envelope, today)
    _refuse_limits(found)
    return found


def _refuse_counties(base: Scenario, asked: Allocate, levers: Sequence[Lever]) -> None:
    """Raise InputError where the question cannot be asked of counties."""
    if asked.goal[0] != COUNTED:
        raise InputError(
            f"by: county tells counties apart by {COUNTED}, and the goal is {asked.goal[0]}.",
            f"Let {COUNTED} be the goal, with {asked.goal[0]} in at_least, or leave out `by`.",
        )
    if asked.target is not None:
        raise InputError(
            "by: county divides an envelope, and a target asks for the least money.",
            "Leave one of the two out: the money that the target takes can be the envelope.",
        )
    if not any(is_local(base, one.key) and one.free and one.start for one in levers):
        raise InputError(
            "by: county needs a programme with money whose counties can have amounts of their own. "
            "Here none that may move is one.",
            "Parts with places of their own, and the poorest, keep a programme whole.",
        )


def _lever(
    key: str, today: Mapping[str, int], envelope: Mapping[str, int], asked: Allocate
) -> Lever:
    group, now = CLASS_OF[key], today.get(key, 0)
    whole = sum(yuan for other, yuan in today.items() if CLASS_OF[other] == group)
    # In proportion to the envelope; by cumulated sums, so that all together are the envelope.
    order = [k for k in PROGRAMME_KEYS if CLASS_OF[k] == group and today.get(k, 0)]
    before = sum(today[k] for k in order[: order.index(key)]) if now else 0
    start = 0
    if now:
        total = envelope[group]
        start = total * (before + now) // whole - total * before // whole
    limits = asked.bounds.get(key, {})
    if key in asked.protect:
        return Lever(key, group, now, now, now, PROTECTED)
    least = limits.get("least", 0)
    most = limits.get("most", max(TWICE * max(start, now), least))
    if asked.most_change is not None and now:
        least = max(least, round(now * (1 - min(asked.most_change, 1.0))))
        most = min(most, round(now * (1 + asked.most_change)))
    if least > most:
        raise InputError(
            f"{key} gets at least {format_yuan(least)} and at most {format_yuan(most)}: `bounds` "
            f"and `most_change` from today's {format_yuan(now)} exclude one another.",
            "Widen `bounds` or `most_change`.",
        )
    return Lever(key, group, start, least, most)


def _alone(levers: Sequence[Lever], base: Scenario | None) -> list[Lever]:
    """Of an envelope in which one lever alone is free, this one has what the others leave.

    Args:
        base: where counties are searched: a lever that can be divided among them moves there.
    """
    found = []
    for one in levers:
        others = [o for o in levers if o.group == one.group and o.key != one.key and o.free]
        in_counties = base is not None and is_local(base, one.key) and one.start > 0
        only = one.free and not others and not in_counties
        fits = only and one.least <= one.start <= one.most
        found.append(replace(one, least=one.start, most=one.start, why=ALONE) if fits else one)
    return found


def _refuse_limits(question: Question) -> None:
    """Raise InputError where least, most and envelope exclude one another."""
    free = [lever for lever in question.levers if lever.free]
    if not free:
        raise InputError(
            "No programme's money may change: all are protected, alone in their class, or bound.",
            "Protect fewer programmes, or give bounds between which one may move.",
        )
    for group, yuan in question.envelope.items() if question.asked.target is None else ():
        if 0 < yuan < question.asked.unit and any(one.group == group for one in free):
            raise InputError(
                f"A unit of {format_yuan(question.asked.unit)} is more than the envelope of "
                f"{format_yuan(yuan)} of {group} money.",
                "Give a smaller unit, such as 10000.",
            )
        members = [lever for lever in question.levers if lever.group == group]
        least, most = sum(one.least for one in members), sum(one.most for one in members)
        if least > yuan:
            raise InputError(
                f"The least amounts of {group} money sum to {format_yuan(least)}, more than the "
                f"envelope of {format_yuan(yuan)}: {_named(members, 'least')}.",
                f"Lower one of them, or raise the envelope to {format_yuan(least)}.",
            )
        if most < yuan:
            raise InputError(
                f"The largest amounts of {group} money sum to {format_yuan(most)}, less than the "
                f"envelope of {format_yuan(yuan)}: {_named(members, 'most')}.",
                f"Raise a most in `bounds`, or lower the envelope to {format_yuan(most)}.",
            )
    money = sum(question.envelope.values())
    floors = question.asked.floors
    if question.asked.target is None and sum(floors.values()) > money:
        named = ", ".join(f"{place(k)} {format_yuan(v)}" for k, v in floors.items())
        raise InputError(
            f"The floors sum to {format_yuan(sum(floors.values()))}, more than the "
            f"{format_yuan(money)} of the envelope: {named}.",
            "Lower a floor, or raise the envelope.",
        )


def _named(levers: Sequence[Lever], limit: str) -> str:
    """The largest of some limits, for people."""
    held = sorted(levers, key=lambda one: -getattr(one, limit))
    shown = [
        f"{one.key} {format_yuan(getattr(one, limit))}" + (f" ({one.why})" if one.why else "")
        for one in held
        if getattr(one, limit)
    ]
    return ", ".join(shown[:6]) + (f" and {len(shown) - 6} more" if len(shown) > 6 else "")


def place(key: str) -> str:
    """Name of a prefecture or county of a floor."""
    return county_index().title(int(key)) if key.isdecimal() else key


def floor_rows(question: Question, shares: Mapping[str, Mapping[int, float]]) -> tuple[Row, ...]:
    """Rows of the floors.

    Args:
        shares: programme -> county code -> part of its money that the county gets, as lived.
    """
    index = county_index()
    rows = []
    for key, yuan in question.asked.floors.items():
        inside = {
            code
            for code, record in index.records.items()
            if str(code) == key or record.prefecture_en == key
        }
        weights = {
            lever.key: sum(v for c, v in shares.get(lever.key, {}).items() if c in inside)
            for lever in question.levers
        }
        name = f"floor of {place(key)}"
        rows.append(Row(name, weights, least=float(yuan), counties=frozenset(inside)))
    return tuple(rows)


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
