"""A scenario in plain language, on one screen."""

from __future__ import annotations

import textwrap
from typing import Any

from fupin.parameters.province import province
from fupin.scenario.amounts import format_yuan
from fupin.scenario.digest_programmes import count, programme_lines, share_of
from fupin.scenario.load import Resolved, base_scenario
from fupin.scenario.places import county_index
from fupin.scenario.schema import Scenario
from fupin.scenario.shares import write_share
from fupin.scenario.spans import fiscal_year

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


def digest_text(resolved: Resolved, width: int = _WIDTH) -> str:
    """What `fupin check` prints of a valid scenario, in lines of a width."""
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
            lines += _wrapped("Switch", f"{words}: {when}", width)
    if scenario.village_list is not None:
        lines += _wrapped("List", scenario.village_list.words(scenario.period), width)
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
            width,
        )
    for file in resolved.files[1:]:
        lines += _labelled("Extends", file.name)
    for said in _later_names(resolved):
        lines += _wrapped("Place", said, width)
    lines += ["", *programme_lines(scenario, resolved.mapping, width), "", *_money(resolved)]
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


def _wrapped(label: str, text: str, width: int) -> list[str]:
    """The same over as many lines as the text needs."""
    indent = " " * _LABEL
    return textwrap.wrap(text, width, initial_indent=f"{label:<{_LABEL}}", subsequent_indent=indent)


def _period(scenario: Scenario) -> str:
    period = scenario.period
    months = len(period.months)
    lived = scenario.lived.end.year
    later = f", lived on to {lived}" if lived > period.end.year else ""
    if scenario.fiscal_year_start != 1:
        span = fiscal_year(scenario.period.start.year, scenario.fiscal_year_start)
        year = f"the fiscal year {scenario.period.start.year} is {span.words}"
        later += f";\n{' ' * _LABEL}{year}"
    return f"{period.start.words} to {period.end.words} ({count(months, 'month')}){later}"


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
            "share": write_share(share_of(programme.key, scenario.programmes.of(programme.key))),
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
