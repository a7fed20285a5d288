"""What a valid plan says that cannot act, or acts otherwise than it may seem: facts to warn of.

Each is data, which `fupin.words.remarks` puts into sentences: `check`, every run and its report
show them. A month without money is silent only where the plan says so: an amount of 0, or `from`
and `to` within a year in which the programme has other months.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fupin.parameters.province import province
from fupin.scenario import schema
from fupin.scenario.amounts import format_yuan
from fupin.scenario.county_money import CountyMoney
from fupin.scenario.money_calendar import MoneyCalendar
from fupin.scenario.months import Month
from fupin.scenario.programme_settings import amount_in
from fupin.scenario.programmes import Programme, ProgrammeSettings
from fupin.scenario.schema import Scenario
from fupin.scenario.small_amounts import small_amounts_of
from fupin.scenario.spans import Key, Span, fiscal_year, fiscal_year_of, span_of
from fupin.scenario.switches import DECEMBER

_YEAR = 12


@dataclass(frozen=True)
class Remark:
    """Something to warn of.

    Attributes:
        kind: a key of the catalogue, after `remark.`.
        programmes: keys of those concerned, in order.
        values: what fills the blanks of the sentence: amounts, months, years as text.
    """

    kind: str
    programmes: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)


def remarks(plan: Scenario, base: Scenario | None = None) -> list[Remark]:
    """Everything to warn of, the period first.

    Args:
        plan: the plan.
        base: what it extends; the plan of the document if not given.
    """
    calendars = {p.key: plan.calendar(p.key) for p in plan.programmes.active()}
    return [
        *_of_the_period(plan),
        *_of_shocks(plan),
        *_of_the_quota(plan),
        *_of_switches(plan),
        *_without_month_or_money(plan, calendars),
        *_in_part_of_a_year(plan, calendars),
        *_at_the_edges(plan, calendars),
        *_of_other_months(plan, calendars),
        *_of_small_amounts(plan, base),
    ]


# -- the period and the horizon ----------------------------------------------------------------


def _of_the_period(plan: Scenario) -> Iterator[Remark]:
    starts, whole = plan.fiscal_year_start, _period(plan)
    for year in _fiscal_years(plan):
        held = fiscal_year(year, starts).common(whole).months
        if held < _YEAR and any(_has_amount_for(plan, p.key, year) for p in _paid_in(plan, year)):
            yield Remark("cut_year", (), {"year": _name(year, starts), "months": held})
    wanted = plan.period.start.year + schema.DEFAULT_HORIZON - 1
    if plan.horizon is None and wanted > plan.lived.end.year:
        yield Remark("horizon", (), {"last": province().last_official, "wanted": wanted})


def _paid_in(plan: Scenario, year: int) -> list[Programme]:
    active = plan.programmes.active()
    return [p for p in active if plan.calendar(p.key).in_fiscal_year(year)]


def _has_amount_for(plan: Scenario, key: str, year: int) -> bool:
    """Whether a programme has an amount for a whole fiscal year."""
    times = _times_of(plan.programmes.of(key))
    return True if times is None else year in times


def _times_of(settings: ProgrammeSettings) -> tuple[Key, ...] | None:
    """The times that amounts are written for; None where they are plain."""
    budget = settings.budget
    if isinstance(budget, CountyMoney):
        return budget.keys or None
    return tuple(budget) if isinstance(budget, dict) else None


def _of_shocks(plan: Scenario) -> Iterator[Remark]:
    last = plan.lived.end
    for name, shock in plan.shocks.items():
        drought = shock.drought
        if drought.severity == 0.0:
            yield Remark("shock_zero", (), {"name": name})
        end = Month.of_index(drought.from_month.index + drought.months - 1)
        if end > last:
            yield Remark("shock", (), {"name": name, "end": str(end), "last": str(last)})


def _of_the_quota(plan: Scenario) -> Iterator[Remark]:
    """A quota that nobody is delisted by."""
    if plan.counting != "quota" and plan.quota != province().quota:
        yield Remark("quota_idle", (), {"quota": f"{plan.quota:,}", "counting": plan.counting})


def _of_switches(plan: Scenario) -> Iterator[Remark]:
    """Switches that change nothing, and money for disclosure while it is off."""
    lived = plan.lived.months
    for name in type(plan.switches).model_fields:
        times = getattr(plan.switches, name)
        if not times:
            continue
        before = plan.switched_on(name, Month.of_index(lived[0].index - 1))
        seen = [month for month in lived if month.month == _YEAR or name not in DECEMBER]
        if all(plan.switched_on(name, month) == before for month in seen):
            kind = "switch_december" if name in DECEMBER else "switch_idle"
            yield Remark(kind, (), {"name": name, "times": list(times)})
    key = "project_management"
    paid = plan.calendar(key).by_month
    if any(not plan.switched_on("disclosure", Month.of_index(month)) for month in paid):
        yield Remark("disclosure_off", (key,))


# -- years of the period without a month, or without money -------------------------------------


def _without_month_or_money(
    plan: Scenario, calendars: dict[str, MoneyCalendar]
) -> Iterator[Remark]:
    """Programmes by the fiscal years of the period in which they have no month, or no money."""
    found: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for key, calendar in calendars.items():
        settings = plan.programmes.of(key)
        kinds: dict[str, list[int]] = {}
        for year in _fiscal_years(plan):
            if kind := _lacks(plan, settings, calendar, year):
                kinds.setdefault(kind, []).append(year)
        for kind, years in kinds.items():
            found.setdefault((kind, tuple(years)), []).append(key)
    for (kind, of), keys in found.items():
        starts = plan.fiscal_year_start
        first = fiscal_year(of[0], starts).common(_period(plan)).first
        last = fiscal_year(of[-1], starts).common(_period(plan)).after - 1
        month = Month.of_index(first if kind == "before_from" else last)
        values = {"years": _names(of, starts), "year": of[-1], "month": str(month)}
        yield Remark(kind, tuple(keys), values)


def _lacks(
    plan: Scenario, settings: ProgrammeSettings, calendar: MoneyCalendar, year: int
) -> str | None:
    """What a programme lacks in a fiscal year of the period; None where nothing, or on purpose."""
    span = fiscal_year(year, plan.fiscal_year_start).common(_period(plan))
    if settings.from_month is not None and settings.from_month.index >= span.after:
        return "before_from"
    if settings.to_month is not None and settings.to_month.index < span.first:
        return "after_to"
    unpaid = not calendar.in_fiscal_year(year) and not _written_for(plan, settings, year)
    return "no_money" if unpaid else None


def _written_for(plan: Scenario, settings: ProgrammeSettings, year: int) -> bool:
    """Whether an amount, a 0 for instance, is for months of a fiscal year within the period."""
    times = _times_of(settings)
    if times is None:
        return True
    starts = plan.fiscal_year_start
    here = fiscal_year(year, starts).common(_period(plan))
    return any(span_of(key, starts).overlaps(here) for key in times)


def _in_part_of_a_year(plan: Scenario, calendars: dict[str, MoneyCalendar]) -> Iterator[Remark]:
    """Programmes whose one amount is given in part, since `from` or `to` cuts a year."""
    starts = plan.fiscal_year_start
    found: dict[tuple[int, int], list[str]] = {}
    for key, calendar in calendars.items():
        settings = plan.programmes.of(key)
        if _times_of(settings) is not None:
            continue
        budget = amount_in(settings.budget, 0)
        for year in _fiscal_years(plan):
            months = len(calendar.months_in(year))
            whole = fiscal_year(year, starts).common(_period(plan))
            of_period = budget * whole.months // _YEAR
            if months and calendar.in_fiscal_year(year) < of_period:
                found.setdefault((year, months), []).append(key)
    for (year, months), keys in found.items():
        yield Remark("part_year", tuple(keys), {"year": _name(year, starts), "months": months})


# -- what is written for other months ----------------------------------------------------------


def _at_the_edges(plan: Scenario, calendars: dict[str, MoneyCalendar]) -> Iterator[Remark]:
    """Programmes by a `from` before the period, or a `to` after it."""
    period, found = plan.period, dict[tuple[str, str], list[str]]()
    for key, calendar in calendars.items():
        settings = plan.programmes.of(key)
        if not calendar.months:
            continue  # said by others
        if settings.from_month is not None and settings.from_month < period.start:
            found.setdefault(("from_before", str(settings.from_month)), []).append(key)
        if settings.to_month is not None and settings.to_month > period.end:
            found.setdefault(("to_after", str(settings.to_month)), []).append(key)
    for (kind, month), keys in found.items():
        yield Remark(kind, tuple(keys), {"month": month, **_between(plan)})


def _of_other_months(plan: Scenario, calendars: dict[str, MoneyCalendar]) -> Iterator[Remark]:
    """Amounts of a programme for months outside the period, or in which it does not act."""
    for key, calendar in calendars.items():
        # What a year that the period cuts does not give is said once for all programmes.
        outside = {
            time: yuan
            for time, yuan in calendar.outside.items()
            if not (isinstance(time, int) and time in _fiscal_years(plan))
        }
        if outside:
            yield Remark("outside", (key,), _between(plan) | _amounts(outside))
        if calendar.idle:
            yield Remark("idle", (key,), _amounts(calendar.idle))


def _between(plan: Scenario) -> dict[str, Any]:
    return {"start": str(plan.period.start), "end": str(plan.period.end)}


def _amounts(amounts: Mapping[Key, int]) -> dict[str, Any]:
    return {"amounts": [f"{time}: {format_yuan(yuan)}" for time, yuan in amounts.items()]}


def _of_small_amounts(plan: Scenario, base: Scenario | None) -> Iterator[Remark]:
    for small in small_amounts_of(plan, base):
        if small.county is None:
            values = {"yuan": format_yuan(small.yuan), "usual": format_yuan(small.usual)}
            yield Remark("small", (small.programme,), values | {"name": small.of})
        else:
            values = {"yuan": format_yuan(small.yuan), "usual": format_yuan(small.usual)}
            yield Remark("small_county", (small.programme,), values | {"county": small.county})


# -- years and months --------------------------------------------------------------------------


def _period(plan: Scenario) -> Span:
    first = plan.period.start.index
    return Span(first, plan.period.end.index + 1 - first)


def _fiscal_years(plan: Scenario) -> range:
    starts = plan.fiscal_year_start
    first, last = (fiscal_year_of(m.index, starts) for m in (plan.period.start, plan.period.end))
    return range(first, last + 1)


def _name(year: int, starts: int) -> str:
    """`2009`, or the months of a fiscal year that is no calendar year."""
    return str(year) if starts == 1 else f"{year} ({fiscal_year(year, starts).words})"


def _names(years: Iterable[int], starts: int) -> list[str]:
    """Years as text, those in a row as `2002-2008`."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] + 1 == year:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [_name(run[0], starts) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
