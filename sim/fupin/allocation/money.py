"""A plan with other money: whole yuan by programme, to the yuan, each given when it was given.

What is scaled is the money of a programme with its parts; where and when it acts, its places and
prices stay as the plan says them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.scenario.dump import scenario_mapping
from fupin.scenario.fields import Budget
from fupin.scenario.months import Month
from fupin.scenario.programme_settings import Part, ProgrammeSettings, amount_in
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import Key


def money_of(plan: Scenario) -> dict[str, int]:
    """Programme -> whole yuan that the plan gives in its period; only those with money."""
    totals = {p.key: plan.calendar(p.key).total for p in plan.programmes.active()}
    return {key: yuan for key, yuan in totals.items() if yuan}


def with_money(base: Scenario, money: Mapping[str, int], **keys: Any) -> Scenario:
    """The plan with other money for some programmes, whatever its envelope holds.

    Args:
        base: the plan; programmes that `money` does not name keep theirs.
        money: programme -> whole yuan of the whole period.
        keys: other keys of a scenario, such as name and title.

    Raises:
        ValueError: an amount that no budget gives to the yuan, which is a fault of fupin.
    """
    mapping = scenario_mapping(base)
    mapping.pop("allocate", None)
    mapping.pop("envelope", None)
    for key in sorted(money):
        settings = base.programmes.of(key)
        total = base.calendar(key).total
        if money[key] == total:
            continue
        mapping["programmes"][key] = _settings(base, key, settings, total, money[key])
    plan = Scenario.model_validate({**mapping, **keys})
    for key, yuan in money.items():
        if plan.calendar(key).total != yuan:
            raise ValueError(f"{key} gives {plan.calendar(key).total} yuan and not {yuan}")
    return plan


def _settings(
    base: Scenario, key: str, settings: ProgrammeSettings, total: int, yuan: int
) -> dict[str, Any]:
    """Settings of a programme with `yuan` in place of `total`, as plain data."""
    budget = _budget(base, key, settings, total, yuan)
    data: dict[str, Any] = settings.model_dump(mode="json", exclude_none=True)
    starts = base.fiscal_year_start
    for name in type(settings).model_fields:
        part = getattr(settings, name)
        if isinstance(part, Part) and total:
            whole = _part(part.budget, budget, total, yuan, starts)
            data[name]["budget"] = _plain(whole)
            inner: Budget | None = getattr(part, "village_budget", None)
            if inner is not None:
                data[name]["village_budget"] = _plain(_part(inner, whole, total, yuan, starts))
    data["budget"] = _plain(budget)
    return data


def _budget(base: Scenario, key: str, settings: ProgrammeSettings, total: int, yuan: int) -> Budget:
    """A budget that gives `yuan` as the old one gives `total`, written as simply as may be."""
    if not total or not yuan:
        return yuan if not yuan else _new(base, key, yuan)
    old: Any = settings.budget
    if hasattr(old, "counties"):
        return _by_county(base, key, old, total, yuan)
    calendar = base.calendar(key)
    written: dict[Key, int] = {"": old} if isinstance(old, int) else dict(old)
    found = _in_proportion(written, sum(written.values()) * yuan // total)
    years: dict[Key, int] = {}
    for piece in calendar.pieces:
        year = calendar.year_of(piece.months[0])
        years[year] = years.get(year, 0) + piece.yuan
    months: dict[Key, int] = {str(Month.of_index(m)): v for m, v in calendar.by_month.items()}
    choices: list[Budget] = [found.get("", found)]
    choices += [_in_proportion(years, yuan), _in_proportion(months, yuan)]
    for choice in choices:
        if base.calendar_with(key, choice).total == yuan:
            return choice
    raise ValueError(f"no budget of {key} gives {yuan} yuan")


def _by_county(base: Scenario, key: str, old: Any, total: int, yuan: int) -> Budget:
    """Money that is written by county, in the same proportions between counties and times."""
    flat = {
        (code, time): amount
        for code, amounts in old.counties.items()
        for time, amount in (amounts if isinstance(amounts, dict) else {"": amounts}).items()
    }
    scaled = _in_proportion(flat, sum(flat.values()) * yuan // total)
    counties: dict[Any, Any] = {}
    for (code, time), amount in scaled.items():
        if time == "":
            counties[code] = amount
        else:
            counties.setdefault(code, {})[time] = amount
    found: Budget = type(old)(counties)
    if base.calendar_with(key, found).total != yuan:
        raise ValueError(f"no budget of {key} by county gives {yuan} yuan")
    return found


def _new(base: Scenario, key: str, yuan: int) -> Budget:
    """A budget of a programme that had none: a plain amount, or even months of the period."""
    if base.calendar_with(key, yuan).total == yuan:
        return yuan
    months: dict[Key, int] = {str(month): 1 for month in base.period.months}
    return _in_proportion(months, yuan)


def _in_proportion[K](parts: Mapping[K, int], whole: int) -> dict[K, int]:
    """Whole yuan in the proportions of some parts, which sum to `whole`."""
    total, running, given = sum(parts.values()), 0, 0
    found: dict[K, int] = {}
    for key, part in parts.items():
        running += part
        until = whole * running // total
        found[key], given = until - given, until
    return found


def _part(part: Budget, whole: Budget, total: int, yuan: int, starts: int) -> Budget:
    """A part of a budget in the same proportion, never more than the whole of its year."""
    if isinstance(part, int):
        years = {int(str(key)[:4]) for key in whole} if isinstance(whole, dict) else {0}
        return min([part * yuan // total, *(amount_in(whole, y, starts) for y in sorted(years))])
    if not isinstance(part, dict):  # money by county has no parts of its own
        return part
    scaled = {int(year): v * yuan // total for year, v in part.items()}
    return {year: min(v, amount_in(whole, year, starts)) for year, v in scaled.items()}


def _plain(budget: Any) -> Any:
    if hasattr(budget, "written"):
        return budget.written()
    return {str(k): v for k, v in budget.items()} if isinstance(budget, dict) else budget
