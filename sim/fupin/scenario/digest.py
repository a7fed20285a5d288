"""A scenario in plain language, on one screen."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from fupin.parameters.province import province
from fupin.scenario.amounts import format_yuan
from fupin.scenario.fields import Budget
from fupin.scenario.load import Resolved, base_scenario
from fupin.scenario.money_calendar import MoneyCalendar
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
from fupin.scenario.shares import Share, own_rule, write_share
from fupin.scenario.spans import fiscal_year, fiscal_year_of
from fupin.scenario.targeting import WAYS
from fupin.scenario.targets import units_of

_SAMPLES = {
    "default": "every listed village and about one in ten others",
    "full": "every village",
}
_COUNTING = {
    "register": "the poor on the official register, as the document counts them",
    "task": "the poor on a register from which counties take a set share each year",
    "survey": "the poor by reported income under the line",
}
_WEATHER = {
    "historical": "the weather as it was",
    "mean": "every year's weather at its mean",
    "chance": "weather drawn by chance",
}
_GROWTH = {"document": "growth as it was", "none": "no growth"}
_ASSETS = {"smooth": "smooth returns to assets", "threshold": "a threshold in returns to assets"}
_SWITCHES = {
    "review": "the yearly review of the register",
    "disclosure": "disclosure and supervision of projects",
    "recognition": "re-assessment of households that a programme meets",
}
_DISPLACEMENT = "works that poverty funds pay draw other public money away from their village"
_LABEL = 12
_WIDTH = 100
_YEARS_SPELT_OUT = 2
_TIMES_SPELT_OUT = 4


def digest_text(resolved: Resolved) -> str:
    """What `fupin check` prints of a valid scenario."""
    scenario = resolved.scenario
    lines = [f"{scenario.name}: {scenario.title}", ""]
    lines += _labelled("Period", _period(scenario))
    lines += _labelled("Population", _population(scenario))
    lines += _labelled("Counting", _counting(scenario))
    lines += _labelled("World", _world(scenario))
    for name, words in _SWITCHES.items():
        times = getattr(scenario.switches, name).items()
        if times:
            when = ", ".join(f"{'on' if on else 'off'} from {time}" for time, on in times)
            lines += _wrapped("Switch", f"{words}: {when}")
    for name, value in scenario.history.parameters.items():
        lines += _labelled("History", f"{name} = {value:g}, before the plan and on")
    begins = scenario.parameters.begins or scenario.period.start
    for name, value in scenario.parameters.items():
        lines += _labelled("Parameter", f"{name} = {value:g} from {begins} on")
    for name, shock in scenario.shocks.items():
        drought = shock.drought
        lines += _wrapped(
            "Shock",
            f"{name}: drought in {county_index().describe(drought.county_codes())}, "
            f"{drought.months} months from {drought.from_month.words}, "
            f"severity {drought.severity:g}",
        )
    for file in resolved.files[1:]:
        lines += _labelled("Extends", file.name)
    for said in _later_names(resolved):
        lines += _wrapped("Place", said)
    lines += ["", *_programmes(scenario, resolved.mapping), "", *_money(resolved)]
    return "\n".join(lines)


def _later_names(resolved: Resolved) -> list[str]:
    """`滦州市 (2018) is Luanxian 滦县 in 2009`, of every such name in the plan."""
    index, found = county_index(), dict[str, None]()
    for name in _place_names(resolved.mapping):
        unit = index.later_unit(name)
        if unit is not None:
            found[f"{name} ({unit.name_zh} since {unit.year}) is {index.describe(unit.of)} in "
                  f"{province().document_year}"] = None  # fmt: skip
    return list(found)


def _place_names(node: Any) -> list[str]:
    """Everything that a plan writes under `counties` or `except`."""
    if not isinstance(node, dict):
        return []
    found = []
    for key, value in node.items():
        if key in ("counties", "except"):
            if isinstance(value, dict):
                value = [value.get("of"), value.get("except")]
            items = value if isinstance(value, list) else [value]
            flat = [one for item in items for one in (item if isinstance(item, list) else [item])]
            found += [str(one) for one in flat if isinstance(one, (str, int, float))]
        else:
            found += _place_names(value)
    return found


def _labelled(label: str, text: str) -> list[str]:
    return [f"{label:<{_LABEL}}{text}"]


def _wrapped(label: str, text: str) -> list[str]:
    """The same over as many lines as the text needs."""
    indent = " " * _LABEL
    return textwrap.wrap(
        text, _WIDTH, initial_indent=f"{label:<{_LABEL}}", subsequent_indent=indent
    )


def _period(scenario: Scenario) -> str:
    period = scenario.period
    months = len(period.months)
    lived = scenario.lived.end.year
    later = f", lived on to {lived}" if lived > period.end.year else ""
    if scenario.fiscal_year_start != 1:
        span = fiscal_year(scenario.period.start.year, scenario.fiscal_year_start)
        year = f"the fiscal year {scenario.period.start.year} is {span.words}"
        later += f";\n{' ' * _LABEL}{year}"
    return f"{period.start.words} to {period.end.words} ({_count(months, 'month')}){later}"


def _population(scenario: Scenario) -> str:
    sample, known = scenario.population.sample, scenario.population.counties
    seed = f"; seed {scenario.population.seed}"
    if known:
        counties = "one county" if len(known) == 1 else f"{len(known)} counties"
        seed += f";\n{' ' * _LABEL}incomes of {counties} from the plan"
    if isinstance(sample, str):
        return f"{sample} sample: {_SAMPLES[sample]}{seed}"
    return f"{sample:.4g} of the villages{seed}"


def _counting(scenario: Scenario) -> str:
    if scenario.counting == "quota":
        return f"quota: {scenario.quota:,} persons a year are delisted"
    return f"{scenario.counting}: {_COUNTING[scenario.counting]}"


def _world(scenario: Scenario) -> str:
    shocks = "household shocks " + ("on" if scenario.household_shocks else "off")
    served = (
        "who is met may be re-assessed"
        if scenario.recognition
        else "who is met is reviewed like others"
    )
    world = (_WEATHER[scenario.weather], _GROWTH[scenario.growth], shocks, served)
    return (
        "; ".join(world[:2])
        + ";\n"
        + " " * _LABEL
        + "; ".join((*world[2:], _ASSETS[scenario.assets]))
        + (f";\n{' ' * _LABEL}{_DISPLACEMENT}" if scenario.displacement else "")
    )


def _count(number: int, thing: str) -> str:
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


def _programmes(scenario: Scenario, mapping: Mapping[str, Any]) -> list[str]:
    active = scenario.programmes.active()
    if not active:
        return ["No programme has money."]
    width = max(len(programme.title) for programme in active)
    calendars = {p.key: scenario.calendar(p.key) for p in active}
    money = {key: _budget(calendar, scenario) for key, calendar in calendars.items()}
    money_width = max(map(len, money.values()))
    lines = ["Programmes"]
    for programme in active:
        settings = scenario.programmes.of(programme.key)
        lines.append(
            f"  {programme.title:<{width}}  {money[programme.key]:>{money_width}}  "
            f"{programme.money}"
        )
        terms = _times(calendars[programme.key], settings.budget)
        for line in (terms, _terms(programme.key, scenario, calendars[programme.key])):
            lines += textwrap.wrap(line, _WIDTH, initial_indent="    ", subsequent_indent="      ")
        if isinstance(settings, OwnProgramme):
            said = f"of the plan itself{': ' if settings.title else ''}{settings.title}"
            for line in (said, settings.words):
                lines += textwrap.wrap(
                    line, _WIDTH, initial_indent="    ", subsequent_indent="      "
                )
        buys = [*_buys(scenario, programme.key, mapping), _split(programme.key, settings)]
        lines += textwrap.wrap(
            "; ".join(filter(None, buys)), _WIDTH, initial_indent="    ", subsequent_indent="      "
        )
        if isinstance(settings, VillageAdvancementSettings) and settings.lottery:
            part = settings.lottery
            where = county_index().describe(part.counties)
            given = scenario.calendar_with(programme.key, part.budget)
            years = {given.year_of(month) for month in given.by_month}
            amounts = {given.in_fiscal_year(year) for year in years} or {0}
            amount = format_yuan(max(amounts)) + (" at most" if len(amounts) > 1 else "")
            lines.append(
                f"    of which lottery money: {amount} for {_count(part.villages, 'village')} "
                f"in {where}"
            )
    off = sum(not scenario.programmes.of(programme.key).active for programme in PROGRAMMES)
    if off:
        lines.append(f"  {_count(off, 'programme')} off")
    return lines


def _buys(scenario: Scenario, key: str, mapping: Mapping[str, Any]) -> list[str]:
    """About what the money of a year buys, if nothing else binds; and the target that it is for."""
    said: Any = mapping
    for step in path_of(key):
        said = said.get(step) if isinstance(said, Mapping) else None
    target = said.get("target") if isinstance(said, Mapping) else None
    lines = []
    if target is not None:
        aimed = target if isinstance(target, Mapping) else {"": target}
        each = (f"{time}: {number}" if time else str(number) for time, number in aimed.items())
        lines.append(f"target {'; '.join(each)}")
    calendar = scenario.calendar(key)
    years = dict.fromkeys(calendar.year_of(month) for month in calendar.by_month)
    amounts = {calendar.in_fiscal_year(year) for year in years}
    units = units_of(scenario, key)
    if units and len(amounts) == 1:
        a_year = " a year" if len(years) > 1 else ""
        lines.append(f"this buys about {units[0].bought(amounts.pop()):,} {units[0].words}{a_year}")
    return lines


def _split(key: str, settings: ProgrammeSettings) -> str:
    """By what rule the money is split among counties, and whose rule it is."""
    if settings.by_county is not None:
        return ""  # the plan says the money of each county
    share = _share_of(key, settings)
    whose = "its own rule" if settings.share is None else "the plan's rule"
    return f"split by {share.words} ({whose})"


def _share_of(key: str, settings: ProgrammeSettings) -> Share:
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
        served = served_codes(key, settings, seed)
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
        terms.append(f"{_count(settings.places_per_month, 'place')} a month")
    if isinstance(settings, SkillsTrainingSettings) and settings.jobs_per_month is not None:
        terms.append(f"{_count(settings.jobs_per_month, 'job')} a month")
    return ", ".join(terms)


def _money(resolved: Resolved) -> list[str]:
    scenario = resolved.scenario
    years = scenario.period.years
    when = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    totals = scenario.class_totals()
    lines = [f"Money of {when}"]
    base = base_scenario(resolved)
    before = None if base is None else base.class_totals(years)
    for money, yuan in totals.items():
        was = yuan if before is None else before[money]
        if not yuan and not was:
            continue
        line = f"  {money:<8} {format_yuan(yuan):>24}"
        if base is not None and yuan != was:
            more = "more" if yuan > was else "less"
            line += f"  ({format_yuan(abs(yuan - was))} {more} than {base.name})"
        lines.append(line)
    if not any(totals.values()):
        lines.append("  none")
    if resolved.balance:
        done = resolved.balance
        lines += [
            f"  {done.programme} balances {year}: {format_yuan(done.before[year])} -> "
            f"{format_yuan(done.after[year])}; {done.money} total kept"
            for year in sorted(set(done.after) & set(years))
        ]
    return lines


def digest_mapping(resolved: Resolved) -> dict[str, Any]:
    """The same for programs: plain data in a fixed order, amounts in yuan over the period."""
    scenario = resolved.scenario
    years = scenario.period.years
    programmes = {
        programme.key: {
            "title": programme.title,
            "money": programme.money,
            "active": scenario.programmes.of(programme.key).active,
            "share": write_share(_share_of(programme.key, scenario.programmes.of(programme.key))),
            "budget": {str(year): scenario.calendar(programme.key).in_year(year) for year in years},
        }
        for programme in scenario.programmes.all()
    }
    done = resolved.balance
    return {
        "name": scenario.name,
        "title": scenario.title,
        "period": {"start": str(scenario.period.start), "end": str(scenario.period.end)},
        "population": scenario.population.model_dump(mode="json"),
        "extends": [file.name for file in resolved.files[1:]],
        "programmes": programmes,
        "money": scenario.class_totals(),
        "balance": None
        if done is None
        else {
            "programme": done.programme,
            "money": done.money,
            "before": {str(year): yuan for year, yuan in done.before.items()},
            "after": {str(year): yuan for year, yuan in done.after.items()},
        },
        "scenario": scenario.model_dump(mode="json"),
    }
