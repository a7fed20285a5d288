"""The kinds of value in a scenario file, each with its check and its form for editors."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fupin.scenario import amounts, county_money, months, places, spans
from fupin.scenario.county_money import Amounts, CountyMoney
from fupin.yaml.faults import fault, reading
from fupin.yaml.fields import Checked, Section, Switch, choice, number, text, whole
from fupin.yaml.words import shown

__all__ = [
    "Budget", "BudgetField", "BudgetLimit", "Checked", "MonthField", "PartBudgetField", "Price",
    "ScenarioName", "Section", "Switch", "choice", "is_scenario_name", "number", "text", "whole",
]  # fmt: skip

Budget = Amounts | CountyMoney
"""Yuan a fiscal year: one value for every year, or yuan by year, quarter or month; or such amounts
by county."""


_NAME = re.compile(r"[^\W_][\w.-]{0,63}")


def is_scenario_name(name: str) -> bool:
    """True for what can name a scenario and a folder of its results on any system."""
    return _NAME.fullmatch(name) is not None and not name.endswith(".")


def _read_name(value: Any) -> str:
    if not isinstance(value, str):
        raise fault(f"{shown(value)} is not a name.", "Put it in quotes.")
    if not is_scenario_name(value):
        raise fault(
            f"{shown(value)} cannot name a folder of results.",
            "Use up to 64 letters, digits, - and _, beginning with a letter or a digit.",
        )
    return value


_read_yuan = reading(amounts.parse_yuan, amounts.AmountError)


def _for_editors(least: int, most: int) -> dict[str, Any]:
    return {
        "anyOf": [
            {"type": "integer", "minimum": least, "maximum": most},
            {"type": "string", "pattern": amounts.PATTERN},
        ]
    }


_AMOUNT_FOR_EDITORS = _for_editors(0, amounts.MOST_YUAN)
_NULL = {"type": "null"}


_read_limit = reading(lambda value: amounts.parse_yuan(value, a_year=True), amounts.AmountError)


def _read_price(value: Any) -> int:
    yuan: int = _read_yuan(value)
    if yuan == 0:
        raise fault("A price of 0 yuan.", "Write at least 1 yuan, or leave it out.")
    if yuan > amounts.MOST_PRICE:
        raise fault(
            f"{shown(value)} for one unit is more than a billion yuan.",
            "Write the yuan of one unit; those of a year are the `budget`.",
        )
    return yuan


def _read_amounts(value: Any, path: tuple[str, ...] = ()) -> Amounts:
    """One amount, or amounts by time; `path` leads to the value, for messages."""
    if not isinstance(value, dict):
        if isinstance(value, bool):
            raise fault(
                f"{shown(value)} is a switch, not an amount.",
                "Write an amount, or write off in place of all settings of the programme.",
                path,
            )
        try:
            return amounts.parse_yuan(value, a_year=True)
        except amounts.AmountError as error:
            raise fault(str(error), error.instead, path) from None
    by_time: dict[spans.Key, int] = {}
    for written, amount in value.items():
        at = (*path, str(written))
        try:
            key = spans.read_key(str(written))
        except spans.SpanError as error:
            raise fault(str(error), error.instead, at, of_key=True) from None
        if amount is None:  # null restores the default: no amount for this time
            continue
        try:
            by_time[key] = amounts.parse_yuan(amount, a_year=isinstance(key, int))
        except amounts.AmountError as error:
            raise fault(str(error), error.instead, at) from None
    if not by_time:
        raise fault("No year has an amount.", "Write an amount, or switch the programme off.", path)
    return {key: by_time[key] for key in sorted(by_time, key=spans.in_order)}


def _read_budget(value: Any) -> Budget:
    if isinstance(value, CountyMoney):
        return value
    if not isinstance(value, dict) or not county_money.is_by_county(value):
        if isinstance(value, dict):
            _refuse_mixture(value)
        return _read_amounts(value)
    if "table" in value:
        raise fault(
            "A table is read when a scenario file is loaded.",
            "Load the file, or write {Daming: 8.5 million}, say.", ("table",),
        )  # fmt: skip
    found = county_money.read_county_money(value, _read_amounts)
    if found is None:
        raise fault("No county has an amount.", "Write an amount, or switch the programme off.")
    if problem := county_money.too_much(found):
        raise fault(problem, "Write yuan, or an amount such as `850万元`.")
    return found


def _refuse_mixture(value: dict[Any, Any]) -> None:
    """Where some keys of a budget are times and others are counties."""
    for key in value:
        try:
            places.county_index().counties(str(key))
        except places.PlaceError:
            continue
        raise fault(
            f"{shown(str(key))} is a county, and other keys of this budget are times.",
            f"Write amounts by time in each county, such as {{{key}: {{2009: 5 million}}}}.",
            (str(key),), of_key=True,
        )  # fmt: skip


def _write_budget(value: Budget) -> Any:
    return value.written() if isinstance(value, CountyMoney) else value


def _read_budget_of_years(value: Any) -> Amounts:
    budget = _read_amounts(value)
    for key in budget if isinstance(budget, dict) else ():
        if not isinstance(key, int):
            raise fault(
                f"A part of a budget is an amount a year, and {key} is none.",
                f"Write {key[:4]}, or one amount; it is given at the pace of the whole budget.",
                (key,),
                of_key=True,
            )
    return budget


ScenarioName = Annotated[str, Checked(_read_name, {"type": "string", "maxLength": 64})]
MonthField = Annotated[
    months.Month,
    Checked(
        reading(months.parse_month, months.MonthError),
        {"type": "string", "pattern": months.PATTERN},
        str,
    ),
]
Price = Annotated[int, Checked(_read_price, _for_editors(1, amounts.MOST_PRICE))]


def _amounts_for_editors(pattern: str) -> dict[str, Any]:
    by_time = {
        "type": "object",
        "minProperties": 1,
        "patternProperties": {pattern: {"anyOf": [*_AMOUNT_FOR_EDITORS["anyOf"], _NULL]}},
        "additionalProperties": False,
    }
    return {"anyOf": [*_AMOUNT_FOR_EDITORS["anyOf"], by_time]}


def _budget_for_editors() -> dict[str, Any]:
    of_time = _amounts_for_editors(spans.PATTERN)
    by_county = {
        "type": "object",
        "minProperties": 1,
        # Anything but a time: names of counties are too many for a pattern.
        "propertyNames": {"not": {"pattern": r"^(20[0-9]{2}|[0-9]{1,5}$|by$|table$)"}},
        "additionalProperties": {"anyOf": [*of_time["anyOf"], _NULL]},
    }
    table = {
        "type": "object",
        "properties": {
            "by": {"enum": ["county"]},
            "table": {"type": "string", "pattern": r"\.(xlsx|xlsm|csv|txt|tsv)$"},
            **{key: {"type": "string"} for key in ("column", "sheet", "unit")},
        },
        "required": ["by", "table"],
        "additionalProperties": False,
    }
    return {"anyOf": [*of_time["anyOf"], by_county, table]}


BudgetField = Annotated[Budget, Checked(_read_budget, _budget_for_editors(), _write_budget)]
BudgetLimit = Annotated[int, Checked(_read_limit, _AMOUNT_FOR_EDITORS)]
PartBudgetField = Annotated[
    Amounts, Checked(_read_budget_of_years, _amounts_for_editors("^20[0-9]{2}$"))
]
