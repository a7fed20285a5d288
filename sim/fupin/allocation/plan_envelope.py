"""The plan's own `envelope:` in a search: the most that it may give of a class in a fiscal year.

Worlds that are only tried may pass it. What is proposed may not, so that it runs as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fupin.allocation.measured import Lever
from fupin.allocation.money import money_of
from fupin.allocation.search import Row
from fupin.errors import InputError
from fupin.scenario.amounts import format_yuan
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import fiscal_year_of

ROUNDED = 1000
"""Yuan by which whole yuan of months and counties may pass an envelope that is used up."""


def stays_of(plan: Scenario) -> dict[str, int]:
    """Class -> whole yuan of further entries and of a plan's own programmes, which nobody moves."""
    group = {programme.key: programme.money for programme in plan.programmes.all()}
    found: dict[str, int] = {}
    for key, yuan in money_of(plan).items():
        if key not in PROGRAMME_KEYS:
            found[group[key]] = found.get(group[key], 0) + yuan
    return found


def yearly_rows(
    plan: Scenario, levers: Sequence[Lever], envelope: Mapping[str, int] | None
) -> tuple[Row, ...]:
    """Rows that keep a division within the plan's envelope; none for what no division can pass.

    Args:
        plan: with the envelope.
        levers: of the search.
        envelope: class -> whole yuan of its levers; None where the money is searched for.
    """
    rows = []
    for group, limits in _limits(plan).items():
        members = [one for one in levers if one.group == group]
        for year, most in limits.items():
            weights = {one.key: _part_in(plan, one.key, year) for one in members}
            yuan = None if envelope is None else envelope.get(group, 0)
            if _largest(members, weights, yuan) > most + ROUNDED:
                name = f"the plan's envelope of {group} money in {year}"
                rows.append(Row(name, weights, most=float(most)))
    return tuple(rows)


def refuse_above(plan: Scenario, group: str, yuan: int) -> None:
    """Raise InputError where money of a class is more than the plan's envelope holds.

    Args:
        yuan: of the levers, in the whole period.
    """
    limits = _limits(plan).get(group)
    if limits is not None and yuan > sum(limits.values()):
        most = max(sum(limits.values()), 0)
        raise InputError(
            f"allocate.envelope: {format_yuan(yuan)} of {group} money are more than the "
            f"{format_yuan(most)} that the plan's own `envelope` leaves to them.",
            "Lower it, or raise the plan's own `envelope`.",
        )


def within_envelope(base: Scenario, plan: Scenario) -> Scenario:
    """A plan with other money, with the envelope of the plan that it was made of.

    Where whole yuan of months or counties pass it, it is wider by these.

    Raises:
        InputError: the plan passes it by more.
    """
    if base.envelope is None:
        return plan
    wider: dict[str, int] = {}
    for group, limits in _limits(base).items():
        given = _given(plan, group)
        most = getattr(base.envelope, group)
        passed = {year: yuan for year, yuan in given.items() if year in limits and yuan > most}
        for year, yuan in passed.items():
            if yuan > most + ROUNDED:
                raise InputError(
                    f"The division found gives {format_yuan(yuan)} of {group} money in {year}, "
                    f"and the plan's own `envelope` holds {format_yuan(most)}.",
                    "Give a smaller `unit`, or raise the plan's own `envelope`.",
                )
        if passed:
            wider[group] = max(passed.values())
    return plan.model_copy(update={"envelope": base.envelope.model_copy(update=wider)})


def _limits(plan: Scenario) -> dict[str, dict[int, int]]:
    """Class -> fiscal year -> what its envelope leaves to levers; only classes that have one."""
    if plan.envelope is None:
        return {}
    starts = plan.fiscal_year_start
    years = sorted({fiscal_year_of(month.index, starts) for month in plan.period.months})
    found = {}
    for group in type(plan.envelope).model_fields:
        most = getattr(plan.envelope, group)
        if most is None:
            continue
        stays = _given(plan, group, own=True)
        found[group] = {year: most - stays.get(year, 0) for year in years}
    return found


def _given(plan: Scenario, group: str, own: bool = False) -> dict[int, int]:
    """Fiscal year -> whole yuan of a class; of what no lever moves alone where `own`."""
    found: dict[int, int] = {}
    for programme in plan.programmes.all():
        if programme.money != group or (own and programme.key in PROGRAMME_KEYS):
            continue
        calendar = plan.calendar(programme.key)
        for year in {calendar.year_of(month) for month in calendar.by_month}:
            found[year] = found.get(year, 0) + calendar.in_fiscal_year(year)
    return found


def _part_in(plan: Scenario, key: str, year: int) -> float:
    """Part of a programme's money that is given in a fiscal year; even months where it has none."""
    calendar = plan.calendar(key)
    if calendar.total:
        return calendar.in_fiscal_year(year) / calendar.total
    months = [month.index for month in plan.period.months]
    return sum(calendar.year_of(month) == year for month in months) / len(months)


def _largest(members: Sequence[Lever], weights: Mapping[str, float], yuan: int | None) -> float:
    """The most that levers can give together in a year; of `yuan` where they sum to it."""
    if yuan is None:
        return sum(weights[one.key] * one.most for one in members)
    found = sum(weights[one.key] * one.least for one in members)
    left = yuan - sum(one.least for one in members)
    for one in sorted(members, key=lambda lever: -weights[lever.key]):
        more = max(min(left, one.most - one.least), 0)
        found, left = found + weights[one.key] * more, left - more
    return found
