"""What is asked: levers, envelope, limits and conditions, checked before anything is lived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fupin.allocation.bounds import Bound, bounds_of
from fupin.allocation.county_plan import is_local
from fupin.allocation.measured import Lever
from fupin.allocation.money import money_of
from fupin.allocation.plan_envelope import refuse_above, stays_of, yearly_rows
from fupin.allocation.search import Row
from fupin.errors import InputError
from fupin.scenario.allocate import COSTS, Allocate
from fupin.scenario.amounts import format_yuan
from fupin.scenario.floors import place_title
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
        envelope: class -> whole yuan of its levers: what is asked for, less what stays.
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

    def rows(self) -> tuple[Row, ...]:
        """Rows of the packages, and of the plan's own envelope."""
        packages = tuple(
            Row(
                f"package {name}",
                dict.fromkeys(limits["programmes"], 1.0),
                limits.get("least"),
                limits.get("most"),
            )
            for name, limits in sorted(self.asked.packages.items())
        )
        envelope = None if self.asked.target is not None else self.envelope
        return (*packages, *yearly_rows(self.base, self.levers, envelope))


def question_of(base: Scenario, asked: Allocate) -> Question:
    """The question of a plan.

    Raises:
        InputError: nothing can move, or limits exclude one another; it names those that bind.
    """
    stays = stays_of(base)
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
        name: _left(name, asked.envelope[name], stays.get(name, 0))
        if name in asked.envelope
        else sum(today.get(k, 0) for k in keys if CLASS_OF[k] == name)
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


def _left(group: str, yuan: int, stays: int) -> int:
    """What an envelope leaves to levers: further entries and own programmes keep their money."""
    if stays > yuan:
        raise InputError(
            f"allocate.envelope: own programmes and further entries keep {format_yuan(stays)} of "
            f"{group} money, more than the envelope of {format_yuan(yuan)}.",
            f"Raise the envelope above {format_yuan(stays)}.",
        )
    return yuan - stays


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
        refuse_above(question.base, group, yuan)
        if 0 < yuan < question.asked.unit and any(one.group == group for one in free):
            raise InputError(
                f"A unit of {format_yuan(question.asked.unit)} is more than the envelope of "
                f"{format_yuan(yuan)} of {group} money.",
                f"Give a smaller unit, such as {10 ** (len(str(yuan)) - 1)}, or a larger envelope.",
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
        named = ", ".join(f"{place_title(k)} {format_yuan(v)}" for k, v in floors.items())
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
        name = f"floor of {place_title(key)}"
        rows.append(Row(name, weights, least=float(yuan), counties=frozenset(inside)))
    return tuple(rows)
