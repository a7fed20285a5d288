"""The kinds of value that input files share, each with its check and its form for editors."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import core_schema

from fupin.yaml.faults import fault, known_keys
from fupin.yaml.folding import GroupedNumber, plain_forms
from fupin.yaml.words import guess_or_list, one_of, shown


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
    """Annotation of a field: how its value is read, described to editors and written.

    Without `editor` the annotated type describes itself.
    """

    read: Callable[[Any], Any]
    editor: dict[str, Any] | None = None
    write: Callable[[Any], Any] | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        writing = core_schema.plain_serializer_function_ser_schema(self.write or _as_it_is)
        told = handler(source) if self.editor is None else None
        return core_schema.no_info_plain_validator_function(
            self.read, json_schema_input_schema=told, serialization=writing
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema) if self.editor is None else dict(self.editor)


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
    # without separators, which a whole number cannot have: advice is typed as it stands
    between = f"{low} to {high} {unit}".strip() if high < 10**9 else "a whole number such as 7"

    def read(value: Any) -> int:
        if isinstance(value, GroupedNumber):
            raise fault(value.unclear, value.instead)
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
    text = plain_forms(value).strip() if isinstance(value, str) else ""
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


def line() -> Checked:
    """Text that is not empty, as one line; a number such as a year is text, too."""

    def read(value: Any) -> str:
        if isinstance(value, (bool, dict, list)) or value is None:
            raise fault(f"{shown(value)} is not text.", "Put it in quotes.")
        found = " ".join(str(value).split())
        if not found:
            raise fault("This text is empty.", "Write some words.")
        return found

    return Checked(read, {"type": ["string", "number"]})


def _two(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 2:
        raise fault(f"{shown(value)} is not a list of 2 numbers.", "Write [0.2, 0.6], say.")
    return value


def _names(value: Any) -> Any:
    if not isinstance(value, list):
        raise fault(f"{shown(value)} is not a list of names.", "Write [one, another].")
    for place, name in enumerate(value):
        if not isinstance(name, str):
            raise fault(f"{shown(name)} is not a name.", "Write [one, another].", (place,))
        if name in value[:place]:
            raise fault(f"{shown(name)} is named twice.", "Name it once.", (place,))
    return value


Switch = Annotated[bool, Checked(_read_switch, {"enum": [True, False, "on", "off", "yes", "no"]})]
Line = Annotated[str, line()]
Number = Annotated[float, number()]
Pair = Annotated[tuple[Number, Number], BeforeValidator(_two)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
