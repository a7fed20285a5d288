"""Money as what it buys, and back: `target: 16,184 persons` in place of a budget.

One for the year, or one for each year, quarter, month or county.

A target becomes a budget when a plan is read, at the plan's own costs: `unit_cost` and the like
where the plan says them, else the values of the parameter files and of the plan's `parameters`, and
what is lost on the way. A draw may have other values, places or need may bind, disclosure lowers
losses: so a run delivers about that much. The budget in yuan is what stays in the plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from fupin.scenario import amounts, spans
from fupin.scenario.counted import COUNTED, COUNTED_IN
from fupin.scenario.county_money import is_by_county, read_county_money
from fupin.scenario.faults import fault
from fupin.scenario.fields import Checked
from fupin.scenario.programme_catalogue import path_of
from fupin.scenario.unit_costs import units_of
from fupin.yaml.folding import is_grouped, plain_forms, unclear_point
from fupin.yaml.words import one_of, shown

if TYPE_CHECKING:
    from fupin.scenario.schema import Scenario

PLACEHOLDER = amounts.MOST_YUAN
"""Stands for a budget while what a target costs is looked up."""

_TARGET = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(million|万|千)?\s*([^\W\d_][^\d]*)")
_SCALES = {"million": 10**6, "万": 10**4, "千": 10**3, None: 1}


class Target(NamedTuple):
    """So many of a unit a fiscal year."""

    number: int
    unit: str


def read_target(value: Any) -> Target:
    """A number and its unit, from text such as `16,184 persons` or `1.6万人`."""
    text = plain_forms(value).strip().casefold() if isinstance(value, str) else ""
    found = _TARGET.fullmatch(text)
    unit = COUNTED_IN.get(found[3].strip()) if found else None
    if found is None or unit is None:
        raise fault(
            f"{shown(value)} is no target: a number and what is counted.",
            f"Write `target: 8000 persons`, say; counted are {one_of(list(COUNTED))}. "
            'Within braces a number with a comma is put in quotes: {target: "8,000 persons"}.',
        )
    if found[2] is None and is_grouped(found[1]):
        raise fault(*unclear_point(found[1]))
    exact = Decimal(found[1].replace(",", "")) * _SCALES[found[2]]
    if exact != exact.to_integral_value():
        raise fault(
            f"{shown(value)} is not a whole number.", f"Write `{max(round(exact), 1)} {unit}`."
        )
    if exact > 10**9:
        raise fault(f"{shown(value)} is more than a billion.", "Write a smaller number.")
    return Target(int(exact), unit)


def _read_field(value: Any) -> Any:
    """A target, or targets by year, quarter, month or county; as it is written, once known good."""
    if not isinstance(value, Mapping):
        read_target(value)
        return value
    if is_by_county(value):
        _check_counties(value)
        return dict(value)
    for time, item in value.items():
        try:
            key = spans.read_key(str(time))
        except spans.SpanError as error:
            message, instead = str(error), error.instead
            if is_by_county([time]):
                message = f"{shown(time)} is no time, and other keys of this target are times."
                instead = "Write targets by time in each county: {张北县: {2009: 50 persons}}."
            raise fault(message, instead, (str(time),), of_key=True) from None
        if item is not None:
            _at((str(key),), item)
    if all(item is None for item in value.values()):
        raise fault("No time has a target.", "Write `target: 8,000 persons`, say.")
    return dict(value)


def _check_counties(value: Mapping[Any, Any]) -> None:
    """Refuse what is no county, one that is named twice, and what is no target of one."""

    def read(item: Any, path: tuple[str, ...]) -> int | dict[spans.Key, int]:
        if not isinstance(item, Mapping):
            return _at((path[0],), item).number
        found = {}
        for time, each in item.items():
            try:
                key = spans.read_key(str(time))
            except spans.SpanError as error:
                at = (path[0], str(time))
                raise fault(str(error), error.instead, at, of_key=True) from None
            if each is not None:
                found[key] = _at((path[0], str(key)), each).number
        return found

    if read_county_money(value, read) is None:
        raise fault("No county has a target.", "Write {大名县: 10 villages}, say.")


def _at(at: tuple[str, ...], item: Any) -> Target:
    from pydantic_core import PydanticCustomError

    try:
        return read_target(item)
    except PydanticCustomError as error:
        context = error.context or {}
        raise fault(context["text"], context["instead"], at) from None


_TEXT = {"type": "string"}
TargetField = Annotated[
    Any,
    Checked(
        _read_field,
        {"anyOf": [_TEXT, {"type": "object", "additionalProperties": {"anyOf": [_TEXT]}}]},
    ),
]


# -- from targets to budgets ---------------------------------------------------------------------


def with_budgets(data: Any, validate: Callable[[Any], Scenario]) -> Any:
    """The data of a scenario with a budget in place of each target.

    Args:
        data: as it is read from a file.
        validate: makes a scenario of data without targets.
    """
    programmes = data.get("programmes") if isinstance(data, Mapping) else None
    if not isinstance(programmes, Mapping):
        return data
    aimed = dict(_targets(programmes))
    if not aimed:
        return data
    for key, (settings, target) in aimed.items():
        if settings.get("budget") is not None:
            raise fault(
                "Both a budget and a target say how much money there is.",
                "Leave one of the two out.",
                (*path_of(key), "target"),
                of_key=True,
            )
        _checked(key, target)
    probe = _replaced(data, {key: _placeholder(target) for key, (_, target) in aimed.items()})
    try:  # the envelope holds what targets come to, not the placeholders
        plan = validate({name: value for name, value in probe.items() if name != "envelope"})
    except ValueError:  # whatever else is wrong is said where it stands
        return probe
    return _replaced(data, {key: _budget(plan, key, target) for key, (_, target) in aimed.items()})


def _targets(programmes: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Mapping[str, Any], Any]]]:
    """Key, settings and target of each programme, or entry, that has one."""
    for first, settings in programmes.items():
        if not isinstance(settings, Mapping):
            continue
        kind = settings.get("kind")
        key = f"{kind}/{first}" if isinstance(kind, str) else first
        further = settings.get("extra")
        further = further if isinstance(further, Mapping) else {}
        for name, entry in ((key, settings), *((f"{first}/{n}", e) for n, e in further.items())):
            if isinstance(entry, Mapping) and entry.get("target") is not None:
                yield name, (entry, entry["target"])


def _checked(key: str, target: Any) -> None:
    from pydantic_core import PydanticCustomError

    try:
        _read_field(target)
    except PydanticCustomError as error:
        context = error.context or {}
        at = (*path_of(key), "target", *context["at"])
        raise fault(context["text"], context["instead"], at, of_key=context["of_key"]) from None


def _replaced(data: Any, budgets: Mapping[str, Any]) -> Any:
    """The data with budgets of programmes in place of their targets."""
    for key, budget in budgets.items():
        data = _put(data, path_of(key), budget)
    return data


def _put(data: Mapping[str, Any], path: tuple[str, ...], budget: Any) -> dict[str, Any]:
    if path:
        return {**data, path[0]: _put(data[path[0]], path[1:], budget)}
    return {**{name: value for name, value in data.items() if name != "target"}, "budget": budget}


def _placeholder(target: Any) -> Any:
    if isinstance(target, Mapping):
        said = {time: item for time, item in target.items() if item is not None}
        each = PLACEHOLDER // len(said)  # counties are summed
        return {
            time: dict.fromkeys((k for k, v in item.items() if v is not None), each // len(item))
            if isinstance(item, Mapping)
            else each
            for time, item in said.items()
        }
    return PLACEHOLDER


def _budget(plan: Scenario, key: str, target: Any) -> Any:
    """Yuan of a target, or of each time's or county's."""
    if isinstance(target, Mapping):
        county = is_by_county(target)
        return {
            time: {
                when: _cost(plan, key, read_target(each), (str(time), str(when)), part=True)
                for when, each in item.items()
                if each is not None
            }
            if isinstance(item, Mapping)
            else _cost(plan, key, read_target(item), (str(time),), part=county)
            for time, item in target.items()
            if item is not None
        }
    return _cost(plan, key, read_target(target), ())


def _cost(plan: Scenario, key: str, target: Target, at: tuple[str, ...], part: bool = False) -> int:
    """Yuan that a target costs; a `part` of one has no part in what is fixed."""
    known = units_of(plan, key)
    for unit in known:
        if unit.unit == target.unit:
            if unit.most is not None and target.number > unit.most:
                raise fault(
                    f"There can be at most {unit.most:,} {unit.words} in a year.",
                    unit.wider or "Write a smaller number.",
                    (*path_of(key), "target", *at),
                )
            own = unit._replace(fixed=0.0, besides=0) if part else unit
            yuan = own.cost(target.number)
            if yuan > amounts.MOST_YUAN:
                raise fault(
                    f"{target.number:,} {target.unit} cost more than ten trillion yuan.",
                    "Write a smaller number.",
                    (*path_of(key), "target", *at),
                )
            return yuan
    words = one_of([f"{target.number:,} {unit.unit}" for unit in known])
    raise fault(
        f"This programme's money is not counted in {target.unit}.",
        f"Write {words}." if known else "Write a `budget`.",
        (*path_of(key), "target", *at),
    )
