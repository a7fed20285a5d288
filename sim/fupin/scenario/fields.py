"""The kinds of value in a scenario file, each with its check and its form for editors."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import core_schema

from fupin.scenario import amounts, county_money, months, places, spans
from fupin.scenario.county_money import Amounts, CountyMoney
from fupin.scenario.faults import fault, known_keys, reading
from fupin.yaml.words import guess_or_list, one_of, shown

Budget = Amounts | CountyMoney
"""Yuan a fiscal year: one value for every year, or yuan by year, quarter or month; or such amounts
by county."""


class Section(BaseModel):
    """A mapping of a scenario file: frozen, no unknown keys, `null` restores a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    @model_validator(mode="before")
    @classmethod
    def _null_restores_the_default(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = known_keys(cls)
        return {key: value for key, value in data.items() if value is not None or key not in known}


@dataclass(frozen=True, eq=False)  # hashed by identity: it holds dicts
class Checked:
    """Annotation of a field: how its value is read, described to editors and written."""

    read: Callable[[Any], Any]
    editor: dict[str, Any]
    write: Callable[[Any], Any] | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        writing = core_schema.plain_serializer_function_ser_schema(self.write or _as_it_is)
        return core_schema.no_info_plain_validator_function(self.read, serialization=writing)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.editor)


def _as_it_is(value: Any) -> Any:
    return value


def choice(*words: str) -> Checked:
    """One of some words."""

    def read(value: Any) -> str:
        if value not in words or not isinstance(value, str):
            raise fault(f"{shown(value)} is not one of the choices.", _guess(value, words))
        return value

    return Checked(read, {"enum": list(words)})


def _guess(value: Any, words: Sequence[str]) -> str:
    return guess_or_list(value, words) if isinstance(value, str) else f"Write {one_of(words)}."


def whole(low: int, high: int, unit: str) -> Checked:
    """A whole number within bounds; `unit` says of what."""
    between = f"{low:,} to {high:,} {unit}".strip() if high < 10**9 else "a whole number such as 7"

    def read(value: Any) -> int:
        integral = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not integral:
            raise fault(f"{shown(value)} is not a whole number.", f"Write {between}.")
        if not low <= value <= high:
            raise fault(f"{shown(value)} is out of range.", f"Write {between}.")
        return int(value)

    return Checked(read, {"type": "integer", "minimum": low, "maximum": high})


def number(low: float = -math.inf, high: float = math.inf) -> Checked:
    """A finite number within bounds."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise fault(f"{shown(value)} is not a number.", _as_number(value, low, high))
        try:
            found = float(value)
        except OverflowError:
            found = math.inf
        if not math.isfinite(found):
            raise fault(f"{shown(value)} is not a finite number.", "Write a finite number.")
        if not low <= found <= high:
            raise fault(f"{shown(value)} is out of range.", f"Write {low:g} to {high:g}.")
        return found

    bounds = {"minimum": low, "maximum": high}
    return Checked(read, {"type": "number"} | {k: v for k, v in bounds.items() if math.isfinite(v)})


def _as_number(value: Any, low: float, high: float) -> str:
    """Advice for what is no number: a percentage is written as the share that it is."""
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    try:
        share = float(text.removesuffix("%")) / 100.0 if text.endswith("%") else math.nan
    except ValueError:
        share = math.nan
    if low <= share <= high:
        return f"Write {share:g}."
    return "Write a number such as 0.4." if low <= 0.4 <= high else f"Write {low:g} to {high:g}."


def _read_switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise fault(f"{shown(value)} is not a switch.", "Write on or off.")
    return value


def text(longest: int) -> Checked:
    """Printable text of limited length."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise fault(f"{shown(value)} is not text.", "Put it in quotes.")
        if len(value) > longest:
            raise fault(f"This text has {len(value):,} characters.", f"At most {longest:,}.")
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in value):
            raise fault("This text holds a control character.", "Delete it.")
        return value

    return Checked(read, {"type": "string", "maxLength": longest})


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
                "Write an amount, or switch the whole programme: `programme: off`.",
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


Switch = Annotated[bool, Checked(_read_switch, {"enum": [True, False, "on", "off", "yes", "no"]})]
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
