"""What differs between two scenarios, in plain words.

Scenarios are compared as they are after inheritance and balancing: two files that say the same in
other ways do not differ. A value that a scenario leaves open is said in words, since what it means
differs from key to key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from fupin.scenario import outside
from fupin.scenario.amounts import format_yuan
from fupin.scenario.county_money import CountyMoney
from fupin.scenario.fields import Budget
from fupin.scenario.names import NAMES
from fupin.scenario.overrides import Overrides
from fupin.scenario.places import Poorest, county_index
from fupin.scenario.programme_catalogue import OUTSIDE
from fupin.scenario.programmes import MONEY_CLASSES, PROGRAMME_KEYS, PROGRAMMES, ProgrammeSettings
from fupin.scenario.schema import Scenario
from fupin.scenario.shares import Share, write_share
from fupin.scenario.village_list import VillageList

_BUDGETS = ("budget", "village_budget")
_YUAN = {*_BUDGETS, "unit_cost", "loan_size", *MONEY_CLASSES}
_UNITS = {
    "quota": "persons a year",
    "sample": "of the villages",
    "places_per_month": "places a month",
    "jobs_per_month": "jobs a month",
    "months": "months",
    "villages": "villages",
    "projects": "projects",
    "technicians": "technicians",
    "items": "items",
    "cooperatives": "cooperatives",
    "zones": "zones",
    "department_match": "yuan to each yuan",
    "severity": "of the worst loss",
}
_OPEN = {
    "from": "from the first month of the period",
    "to": "to the last month of the period",
    "counties": "the counties that the programme chooses itself",
    "prefectures": "no restriction to prefectures",
    "share": "the programme's own rule",
    "who": "as the programme chooses by itself",
    "except": "none",
    "unit_cost": "the cost in the programme's parameters",
    "village_list": "the first list alone",
    "places_per_month": "as many as the programme's parameters say",
    "jobs_per_month": "as many as the programme's parameters say",
}
_LEFT_OPEN = "left to the programme's parameters"
_ABSENT = "not there"


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    Attributes:
        path: keys from the top of a scenario file, joined by dots.
        what: the same in words.
        before, after: values as data; None where left open.
        before_words, after_words: the same in words, with units.
        names_only: True where no number depends on it.
    """

    path: str
    what: str
    before: Any
    after: Any
    before_words: str
    after_words: str
    names_only: bool = False


def changes(before: Scenario, after: Scenario) -> list[Change]:
    """Everything in which the second scenario differs from the first, in the order of a file."""
    found: list[Change] = []
    for name in NAMES:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(Change(name, name, old, new, _quoted(old), _quoted(new), names_only=True))
    fields = [f for f in type(before).model_fields if f not in (*NAMES, "programmes", "balance")]
    for field in fields:
        found += _differing((field,), getattr(before, field), getattr(after, field))
    for key in PROGRAMME_KEYS:
        found += _of_programme(key, before.programmes.of(key), after.programmes.of(key))
    found += _differing(("programmes",), before.programmes.own, after.programmes.own)
    return found


def money(before: Scenario, after: Scenario) -> dict[str, tuple[int, int]]:
    """Yuan of each money class over the period that differ: (before, after)."""
    totals = before.class_totals(), after.class_totals()
    pairs: dict[str, tuple[int, int]] = {
        name: (totals[0][name], totals[1][name]) for name in totals[0]
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _of_programme(
    key: str, before: ProgrammeSettings, after: ProgrammeSettings
) -> Iterator[Change]:
    path = ("programmes", key)
    if before.active != after.active:
        old, new = (
            s.model_dump(mode="json", exclude_none=True) if s.active else None
            for s in (before, after)
        )
        words = [f"on, with {_budget(s.budget)}" if s.active else "off" for s in (before, after)]
        yield Change(".".join(path), _title(key), old, new, words[0], words[1])
        return
    if not before.active:
        return
    yield from _differing(path, before, after)


def _differing(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    """Changes below a path; sections and mappings are entered, other values compared."""
    if before == after:
        return
    # A budget by time is one thing, whatever its times.
    whole = path[-1] in _BUDGETS or path == ("village_list",)
    here, there = (None, None) if whole else (_entries(before), _entries(after))
    if here is not None and there is not None:
        for key in dict.fromkeys((*here, *there)):
            missing = [key not in side for side in (here, there)]
            old, new = here.get(key), there.get(key)
            if any(missing):
                yield _change((*path, key), old, new, missing)
            else:
                yield from _differing((*path, key), old, new)
        return
    change = _change(path, before, after, [False, False])
    if isinstance(before, CountyMoney) and isinstance(after, CountyMoney):
        one, other = _of_counties(before, after)
        change = replace(change, before_words=one, after_words=other)
    yield change


def _entries(value: Any) -> dict[str, Any] | None:
    if isinstance(value, BaseModel):
        return {
            (field.alias or name): getattr(value, name)
            for name, field in type(value).model_fields.items()
            if name != "sources"  # of a package's programme: whoever wrote the plan does not
        }
    if isinstance(value, Overrides):
        return value.as_written()
    if isinstance(value, Mapping) and not any(isinstance(key, int) for key in value):
        return {str(key): item for key, item in value.items()}
    return None


def _change(path: tuple[str, ...], old: Any, new: Any, missing: list[bool]) -> Change:
    words = [
        _ABSENT if gone else _words(path, value)
        for gone, value in zip(missing, (old, new), strict=True)
    ]
    return Change(".".join(path), _what(path), _plain(old), _plain(new), words[0], words[1])


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, Poorest):
        return {"poorest": value.number, "by": value.by}
    if isinstance(value, Share):
        return write_share(value)
    if isinstance(value, CountyMoney):
        return value.written()
    if isinstance(value, tuple):
        return list(value)
    if value is None or isinstance(value, (bool, int, float, str, dict)):
        return value
    return str(value)


def _what(path: tuple[str, ...]) -> str:
    """`skills training: places per month`, `drought of plateau_drought: severity`."""
    words = [part.replace("_", " ") for part in path]
    if path[0] == "programmes":
        return f"{_title(path[1])}: {', '.join(words[2:])}"
    if path[0] == "shocks":
        return f"shock {path[1]}" + (f": {', '.join(words[2:])}" if len(path) > 2 else "")
    if path == ("parameters", "from"):
        return "first month of the parameters"
    if path[0] == "parameters" and len(path) > 1:
        return f"parameter {'.'.join(path[1:])}"
    if path[:2] == ("history", "parameters") and len(path) > 2:
        return f"history, parameter {'.'.join(path[2:])}"
    return ", ".join(words)


def _title(key: str) -> str:
    if key in outside.names():
        return outside.record(f"{OUTSIDE}/{key}").title
    own = f"{key.replace('_', ' ')} (the plan's own)"
    return next((programme.title for programme in PROGRAMMES if programme.key == key), own)


def _words(path: tuple[str, ...], value: Any) -> str:
    key = path[-1]
    if path == ("population", "counties"):
        known = county_index().describe(value) if value else "no county of one's own"
        return f"incomes of {known}" if value else known
    if value is None:
        return _OPEN.get(key, _LEFT_OPEN)
    if isinstance(value, (Poorest, Share)):
        return value.words
    if key in ("counties", "except"):
        return county_index().describe(value)
    if key == "prefectures":
        return ", ".join(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    if key in _YUAN:
        return _budget(value) if key in _BUDGETS else format_yuan(value)
    if isinstance(value, VillageList):
        return value.words()
    if isinstance(value, BaseModel):
        inner = (f"{name} {_words((*path, name), v)}" for name, v in (_entries(value) or {}).items()
                 if v is not None)  # fmt: skip
        return ", ".join(inner)
    if key == "sample" and isinstance(value, str):
        return f"{value} sample"
    if key == "sample":
        return f"{100 * value:.4g}% of the villages"
    if isinstance(value, (int, float)):
        unit = _UNITS.get(key, "") if "parameters" not in path else ""
        number = f"{value:,}" if isinstance(value, int) and key != "seed" else f"{value:.10g}"
        return f"{number} {unit}".strip()
    return str(value)


def _budget(value: Budget) -> str:
    if isinstance(value, CountyMoney):
        return _by_county(value)
    if isinstance(value, dict):
        return "; ".join(f"{time}: {format_yuan(yuan)}" for time, yuan in value.items())
    return f"{format_yuan(value)} a year"


_COUNTIES_SPELT_OUT = 6


def _by_county(value: CountyMoney) -> str:
    index = county_index()
    said = [f"{index.both(code)}: {_budget(yuan)}" for code, yuan in value.counties.items()]
    if len(said) <= _COUNTIES_SPELT_OUT:
        return "; ".join(said)
    return f"{_budget(value.total)} in {len(value.codes)} counties, each with its own amount"


def _of_counties(before: CountyMoney, after: CountyMoney) -> tuple[str, str]:
    """The counties in which two budgets differ, in words."""
    codes = sorted(set(before.counties) | set(after.counties))
    differ = [c for c in codes if before.counties.get(c) != after.counties.get(c)]
    few, index = differ[:_COUNTIES_SPELT_OUT], county_index()
    more = f"; and {len(differ) - len(few)} more counties" if len(differ) > len(few) else ""

    def words(money: CountyMoney) -> str:
        found = (
            f"{index.both(code)}: "
            + (_budget(money.counties[code]) if code in money.counties else "nothing")
            for code in few
        )
        return "; ".join(found) + more

    return words(before), words(after)


def _quoted(text: str | None) -> str:
    short = " ".join((text or "").split())
    return f"“{short if len(short) <= 90 else short[:87] + '...'}”" if short else "empty"
