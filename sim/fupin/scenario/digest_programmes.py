"""What `fupin check` says of each programme: money, places, terms, what it buys, how it splits."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from fupin.scenario.amounts import format_yuan
from fupin.scenario.fields import Budget
from fupin.scenario.money_calendar import MoneyCalendar
from fupin.scenario.outside import OutsideSettings, find
from fupin.scenario.own import OwnProgramme
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import path_of
from fupin.scenario.programme_settings import amount_in
from fupin.scenario.programmes import (
    PROGRAMMES,
    CashTransferSettings,
    ProgrammeSettings,
    SkillsTrainingSettings,
    VillageAdvancementSettings,
)
from fupin.scenario.schema import Scenario
from fupin.scenario.served import served_codes
from fupin.scenario.shares import Share, own_rule
from fupin.scenario.spans import fiscal_year_of
from fupin.scenario.targeting import WAYS
from fupin.scenario.unit_costs import units_of
from fupin.scenario.village_list import listed_codes

_WIDTH = 100
_YEARS_SPELT_OUT = 2
_TIMES_SPELT_OUT = 4


def count(number: int, thing: str) -> str:
    """`1 village`, `1,200 villages`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def _budget(calendar: MoneyCalendar, scenario: Scenario) -> str:
    """`30.54 million yuan a year`, or what each year is given, or the sum of a long period."""
    starts, period = calendar.starts, scenario.period
    first, last = (fiscal_year_of(month.index, starts) for month in (period.start, period.end))
    amounts = {year: calendar.in_fiscal_year(year) for year in range(first, last + 1)}
    paid = {year: yuan for year, yuan in amounts.items() if yuan}
    if len(amounts) == 1:
        return format_yuan(amounts[first])
    if len(set(amounts.values())) == 1:
        return f"{format_yuan(amounts[first])} a year"
    if len(paid) == 1 or len(amounts) <= _YEARS_SPELT_OUT:
        shown = paid if len(paid) == 1 else amounts
        return "; ".join(f"{year}: {format_yuan(yuan)}" for year, yuan in shown.items())
    return f"{format_yuan(sum(paid.values()))} in {len(paid)} years"


def _times(calendar: MoneyCalendar, budget: Budget) -> str:
    """Money that is written by quarter or month, as it is given; empty where it is by year."""
    if not isinstance(budget, dict) or all(isinstance(time, int) for time in budget):
        return ""
    given = {
        time: yuan - calendar.outside.get(time, 0) - calendar.idle.get(time, 0)
        for time, yuan in budget.items()
    }
    paid = {time: yuan for time, yuan in given.items() if yuan}
    if len(paid) > _TIMES_SPELT_OUT:
        return f"in {len(paid)} parts"
    return "; ".join(f"{time}: {format_yuan(yuan)}" for time, yuan in paid.items())


def programme_lines(
    scenario: Scenario, mapping: Mapping[str, Any], width: int = _WIDTH
) -> list[str]:
    """A line of each programme with money, and under it whatever the plan says of it.

    Args:
        scenario: the plan.
        mapping: as it is written, bases laid under it.
        width: of a line.
    """
    active = scenario.programmes.active()
    if not active:
        return ["No programme has money."]
    titles = max(len(programme.title) for programme in active)
    calendars = {p.key: scenario.calendar(p.key) for p in active}
    money = {key: _budget(calendar, scenario) for key, calendar in calendars.items()}
    money_width = max(map(len, money.values()))
    lines = ["Programmes"]
    for programme in active:
        settings = scenario.programmes.of(programme.key)
        lines.append(
            f"  {programme.title:<{titles}}  {money[programme.key]:>{money_width}}  "
            f"{programme.money}"
        )
        terms = _times(calendars[programme.key], settings.budget)
        for line in (terms, _terms(programme.key, scenario, calendars[programme.key])):
            lines += textwrap.wrap(line, width, initial_indent="    ", subsequent_indent="      ")
        if isinstance(settings, OutsideSettings):
            lines += _of_package(programme.key)
        if isinstance(settings, OwnProgramme):
            said = f"of the plan itself{': ' if settings.title else ''}{settings.title}"
            for line in (said, settings.words):
                lines += textwrap.wrap(
                    line, width, initial_indent="    ", subsequent_indent="      "
                )
        buys = [*_buys(scenario, programme.key, mapping), _split(programme.key, settings)]
        lines += textwrap.wrap(
            "; ".join(filter(None, buys)), width, initial_indent="    ", subsequent_indent="      "
        )
        if isinstance(settings, VillageAdvancementSettings) and settings.lottery:
            part = settings.lottery
            where = county_index().describe(part.counties)
            given = scenario.calendar_with(programme.key, part.budget)
            years = {given.year_of(month) for month in given.by_month}
            amounts = {given.in_fiscal_year(year) for year in years} or {0}
            amount = format_yuan(max(amounts)) + (" at most" if len(amounts) > 1 else "")
            lines.append(
                f"    of which lottery money: {amount} for {count(part.villages, 'village')} "
                f"in {where}"
            )
    off = sum(not scenario.programmes.of(programme.key).active for programme in PROGRAMMES)
    if off:
        lines.append(f"  {count(off, 'programme')} off")
    return lines


def _of_package(key: str) -> list[str]:
    """Whose programme it is, what it does, and how large its effect is said to be."""
    found = find(key.partition("/")[2])
    if found is None:
        return []
    said = (f"of the package {found.package}",
            f"{found.programme.mechanism}; effect: {found.programme.effect}")  # fmt: skip
    return [
        line
        for text in said
        for line in textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="      ")
    ]


def _timed(target: object) -> str:
    """A target, or those of a county by time."""
    if not isinstance(target, Mapping):
        return str(target)
    return ", ".join(f"{_of(time)} {each}" for time, each in target.items() if each)


def _buys(scenario: Scenario, key: str, mapping: Mapping[str, Any]) -> list[str]:
    """About what the money of a year buys, if nothing else binds; and the target that it is for."""
    said: Any = mapping
    for step in path_of(key):
        said = said.get(step) if isinstance(said, Mapping) else None
    target = said.get("target") if isinstance(said, Mapping) else None
    lines = []
    if target is not None:
        aimed = target if isinstance(target, Mapping) else {"": target}
        each = (f"{_of(time)}: {_timed(n)}" if time else str(n) for time, n in aimed.items() if n)
        lines.append(f"target {'; '.join(each)}")
    calendar = scenario.calendar(key)
    years = dict.fromkeys(calendar.year_of(month) for month in calendar.by_month)
    amounts = {calendar.in_fiscal_year(year) for year in years}
    units = units_of(scenario, key)
    if units and len(amounts) == 1:
        a_year = " a year" if len(years) > 1 else ""
        lines.append(f"this buys about {units[0].bought(amounts.pop()):,} {units[0].words}{a_year}")
    return lines


def _of(key: object) -> str:
    """A time as it is written, a county by its names."""
    code = int(text) if (text := str(key)).isdigit() else 0
    index = county_index()
    return index.both(code) if code in index.records else text


def _split(key: str, settings: ProgrammeSettings) -> str:
    """By what rule the money is split among counties, and whose rule it is."""
    if settings.by_county is not None:
        return ""  # the plan says the money of each county
    if isinstance(settings, OutsideSettings) and settings.share is None:
        return ""  # its package alone knows
    share = share_of(key, settings)
    whose = "its own rule" if settings.share is None else "the plan's rule"
    return f"split by {share.words} ({whose})"


def share_of(key: str, settings: ProgrammeSettings) -> Share:
    """The rule by which a programme splits its money: the plan's, else its own."""
    if settings.share is not None:
        return settings.share
    if isinstance(settings, CashTransferSettings):
        return own_rule(key, settings.who, settings.perfect)
    return own_rule(key)


def _terms(key: str, scenario: Scenario, calendar: MoneyCalendar) -> str:
    """Where, when and how much, as far as the plan says and the line of its money does not."""
    terms: list[str] = []
    settings, period = scenario.programmes.of(key), scenario.period
    seed = scenario.population.seed
    codes = settings.county_codes()
    if settings.poorest is not None:
        terms.append(f"in {settings.poorest.words}")
        if settings.prefectures:
            terms.append(f"of {' and '.join(settings.prefectures)}")
    elif codes is not None and settings.counties is None:
        # Of prefectures a programme keeps to its own counties.
        served = served_codes(key, settings, seed, listed_codes(scenario))
        places = " and ".join(settings.prefectures or ())
        where = county_index().describe(served) if served else f"no county of {places}"
        terms.append(f"in {where}")
    elif codes is not None and (settings.names_places or not settings.excluded):
        terms.append(f"in {county_index().describe(codes)}")
    money = settings.by_county
    if money is not None:
        years = {calendar.year_of(month) for month in calendar.by_month}
        paid = [
            yuan
            for said in money.counties.values()
            for year in years
            if (yuan := amount_in(said, year, calendar.starts))
        ]
        if paid:
            least, most = format_yuan(min(paid)), format_yuan(max(paid))
            terms.append(f"each its own amount, {least} to {most}")
    elif settings.excluded:
        terms.append(f"without {county_index().describe(settings.excluded)}")
    begins = settings.from_month
    # Not where the period begins with it, nor where the amount is written with its one year.
    paid = [year for year in period.years if calendar.in_year(year)]
    if begins and begins > period.start and not (paid == [begins.year] and begins.month == 1):
        terms.append(f"from {begins}")
    if settings.to_month:
        terms.append(f"to {settings.to_month}")
    if settings.unit_cost is not None:
        terms.append(f"{settings.unit_cost:,} yuan each")
    if way := getattr(settings, "who", None):
        terms.append(f"for {WAYS.get(way) or way.replace('_', ' ')}")
    if settings.places_per_month is not None:
        terms.append(f"{count(settings.places_per_month, 'place')} a month")
    if isinstance(settings, SkillsTrainingSettings) and settings.jobs_per_month is not None:
        terms.append(f"{count(settings.jobs_per_month, 'job')} a month")
    return ", ".join(terms)
