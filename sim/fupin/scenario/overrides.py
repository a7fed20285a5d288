"""Parameters with other values than those of the draw: in the plan's own time, or in all of it.

`parameters` act from the plan's first month on, or from a later one (`from`): history is lived with
the values of the draw alone, so that plans which differ in them share their start. What makes
another past, and another start, is said in a word of its own: `history: {parameters: ...}`. These
values hold before the plan, and on through its months where `parameters` say nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from fupin.scenario import months
from fupin.scenario.faults import fault
from fupin.scenario.fields import Checked, Section, number
from fupin.yaml.words import shown

BEGINS = "from"
"""Key beside the names of parameters: no parameter can have this name, since theirs have a dot."""


class Overrides(Mapping[str, float]):
    """Values by the names of parameters; read only, equal by content, hashable.

    Attributes:
        begins: first month in which they act; None is the plan's first.
    """

    __slots__ = ("_values", "begins")

    def __init__(self, values: Mapping[str, float], begins: months.Month | None = None) -> None:
        self._values = dict(values)
        self.begins = begins

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Overrides):
            return self._values == other._values and self.begins == other.begins
        return self.begins is None and self._values == other

    def __hash__(self) -> int:
        return hash((frozenset(self._values.items()), self.begins))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Overrides, (self._values, self.begins))

    def __repr__(self) -> str:
        return f"<Overrides {self.as_written()}>"

    def as_written(self) -> dict[str, Any]:
        """As it stands in a scenario file."""
        begins = {} if self.begins is None else {BEGINS: str(self.begins)}
        return begins | self._values


def _read_values(value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise fault(
            f"{shown(value)} stands where keys are needed.",
            "Write names of parameters and values, such as `programmes.financial_loss: 0.1`.",
        )
    read = number().read
    found: dict[str, float] = {}
    for name, override in value.items():
        if override is None:  # null restores the parameter's own value
            continue
        try:
            found[str(name)] = read(override)
        except ValueError as error:
            context = getattr(error, "context", None) or {}
            raise fault(
                context.get("text", str(error)), context.get("instead"), (str(name),)
            ) from None
    return found


def _read_of_history(value: Any) -> dict[str, float]:
    if isinstance(value, Mapping) and value.get(BEGINS) is not None:
        raise fault(
            "History has no first month: it ends where the plan begins.",
            f"Delete it, or write it under `parameters: {{{BEGINS}: ...}}`.",
            (BEGINS,),
            of_key=True,
        )
    without = {key: one for key, one in value.items() if key != BEGINS} if value else value
    return _read_values(without if isinstance(value, Mapping) else value)


def _read_overrides(value: Any) -> Overrides:
    if isinstance(value, Overrides):
        return value
    if not isinstance(value, Mapping):
        return Overrides(_read_values(value))
    begins = value.get(BEGINS)
    values = _read_values({key: one for key, one in value.items() if key != BEGINS})
    if begins is None:
        return Overrides(values)
    try:
        month = months.parse_month(begins)
    except months.MonthError as error:
        raise fault(str(error), error.instead, (BEGINS,)) from None
    if not values:
        raise fault(
            f"No parameter acts from {month} on.",
            f"Name parameters beside it, or write `{BEGINS}: null`.",
            (BEGINS,),
            of_key=True,
        )
    return Overrides(values, month)


_VALUES: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"type": ["number", "null"]},
}
_MONTH = {"anyOf": [{"type": "string", "pattern": months.PATTERN}, {"type": "null"}]}

OverridesField = Annotated[
    Overrides,
    Checked(_read_overrides, _VALUES | {"properties": {BEGINS: _MONTH}}, Overrides.as_written),
]
HistoryOverrides = Annotated[dict[str, float], Checked(_read_of_history, _VALUES)]


class History(Section):
    """What is otherwise in the years before the plan, and from them on."""

    parameters: HistoryOverrides = Field(
        default={},
        description="Parameters of the model with other values, before the plan and on.",
    )
