"""`allocate:` of a scenario file: which better division of the money `fupin allocate` looks for.

Nothing that is simulated depends on it: a plan with it runs as one without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from fupin.scenario import amounts, floors, outcome_bounds, places
from fupin.scenario.faults import fault
from fupin.scenario.fields import Checked, Section
from fupin.scenario.programme_catalogue import CLASS_OF, MONEY_CLASSES, PROGRAMME_KEYS
from fupin.yaml.folding import is_grouped, plain_forms, unclear_point
from fupin.yaml.words import guess_or_list, shown

GOALS = (
    "person_years_out", "gap_closed", "npv_income_poor_5", "npv_income_poor_8", "additional_jobs",
    "additional_income_channel", "person_years_out_national", "additional_out_of_poverty",
    "npv_income_5", "npv_income_8", "lifted",
)  # fmt: skip
"""Outcomes that a search can make as large as possible, the usual one first."""

COSTS = ("spent", "resource_cost")
"""Outcomes that say what a plan costs: every search measures them."""

DEFAULT_UNIT = 10_000
"""Money is divided in whole units of so many yuan (one wan)."""

_AMOUNT = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]}


def read_share(value: Any) -> float:
    """A share above 0: 0.3 or "30%"; above 1 as a percentage alone.

    Raises:
        PydanticCustomError: anything else.
    """
    found: Any = value
    percent = False
    if isinstance(value, str):
        text = plain_forms(value).strip()
        percent = text.endswith("%")
        try:
            found = float(text.removesuffix("%")) / (100.0 if percent else 1.0)
        except ValueError:
            found = None
    if not percent and isinstance(found, (int, float)) and 1 < found <= 100:
        advice = f"Write {found:g}%." if found >= 2 else f"Write {found:g}% or {100 * found:g}%."
        raise fault(f"{shown(value)} is no largest change.", advice)
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 < found <= 10:
        raise fault(f"{shown(value)} is no largest change.", "Write 30%, or 0.3.")
    return float(found)


def _written_share(share: float) -> float | str:
    """A share as `read_share` takes it back."""
    return share if share <= 1 else f"{100 * share:.15g}%"


def _yuan(value: Any, *at: str) -> int:
    try:
        return amounts.parse_yuan(value)
    except amounts.AmountError as error:
        raise fault(str(error), error.instead, at) from None


def _mapping(value: Any, example: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise fault(f"{shown(value)} stands where keys are needed.", f"Write `{example}`.")
    return {str(key): item for key, item in value.items() if item is not None}


def _known(name: str, known: tuple[str, ...], at: tuple[str, ...] = ()) -> str:
    if name not in known:
        raise fault(f"unknown name {shown(name)}.", guess_or_list(name, known), (*at, name),
                    of_key=True)  # fmt: skip
    return name


def _read_goals(value: Any) -> tuple[str, ...]:
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    for k, item in enumerate(items):
        if item not in GOALS:
            at = (k,) if isinstance(value, (list, tuple)) else ()
            instead = guess_or_list(str(item), GOALS)
            raise fault(f"{shown(item)} is no goal of a search.", instead, at)
    if not items:
        raise fault("No goal is named.", f"Write `{GOALS[0]}`, say.")
    if len(set(items)) < len(items):
        raise fault("A goal stands twice.", "Name each goal once.")
    return tuple(items)


def _read_envelope(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        return {"fiscal": _yuan(value)}
    given = _mapping(value, "{fiscal: 743 million, social: 353 million}")
    return {_known(key, MONEY_CLASSES): _yuan(item, key) for key, item in given.items()}


def _read_programmes(value: Any) -> tuple[str, ...]:
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    for k, item in enumerate(items):
        if item not in PROGRAMME_KEYS:
            at = (k,) if isinstance(value, (list, tuple)) else ()
            instead = guess_or_list(str(item), PROGRAMME_KEYS)
            if not instead.startswith("Did you mean"):
                instead = (
                    "A plan's own programmes and further entries keep their money: leave it out."
                )
            raise fault(
                f"{shown(item)} is none of the programmes among which money is divided.",
                instead,
                at,
            )
    return tuple(key for key in PROGRAMME_KEYS if key in items)


def _limits(value: Any, at: str, more: tuple[str, ...] = ()) -> dict[str, Any]:
    given = _mapping(value, "{least: 20 million, most: 60 million}")
    found: dict[str, Any] = {}
    for key, item in given.items():
        _known(key, ("least", "most", *more), (at,))
        found[key] = item if key in more else _yuan(item, at, key)
    if found.get("least", 0) > found.get("most", amounts.MOST_YUAN):
        raise fault("The least is more than the most.", "Exchange the two.", (at,))
    return found


def _read_bounds(value: Any) -> dict[str, dict[str, int]]:
    given = _mapping(value, "{skills_training: {least: 20 million, most: 60 million}}")
    return {_known(key, PROGRAMME_KEYS): _limits(item, key) for key, item in given.items()}


def _read_packages(value: Any) -> dict[str, dict[str, Any]]:
    example = "{works: {programmes: [rural_works], least: 100 million}}"
    found = {}
    for name, item in _mapping(value, example).items():
        limits = _limits(item, name, ("programmes",))
        try:
            members = _read_programmes(limits.get("programmes") or [])
        except Exception as error:
            context = getattr(error, "context", None) or {"text": str(error), "instead": None}
            raise fault(context["text"], context["instead"], (name, "programmes")) from None
        if not members or len({CLASS_OF[key] for key in members}) > 1:
            raise fault(
                "A package needs programmes of one money class.",
                f"Write `{example}`.",
                (name,),
            )
        if not set(limits) - {"programmes"}:
            raise fault("A package needs a least or a most.", f"Write {example}.", (name,))
        found[name] = {**limits, "programmes": list(members)}
    return found


def _read_floors(value: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    named: dict[str, str] = {}
    for name, item in _mapping(value, "{Zhangjiakou: 100 million}").items():
        try:
            place = floors.floor_place(name)
        except places.PlaceError as error:
            raise fault(str(error), error.instead, (name,), of_key=True) from None
        if place in named:
            text = floors.twice(name, named[place], place)
            raise fault(text, "Keep one of the two.", (name,), of_key=True)
        named[place] = name
        found[place] = _yuan(item, name)
    return found


def _read_outcomes(value: Any) -> dict[str, float]:
    given = _mapping(value, "{trained: 16000 persons, resource_cost: 1.9 billion}")
    return {
        outcome_bounds.known_name(name): outcome_bounds.read_bound(name, item)
        for name, item in given.items()
    }


def _read_unit(value: Any) -> int:
    try:
        unit = amounts.parse_yuan(value)
    except amounts.AmountError as error:
        if "negative" not in str(error):
            raise fault(str(error), error.instead) from None
        unit = 0
    if not 1 <= unit <= 10**9:
        raise fault(
            f"{shown(value)} is no unit of money.",
            "Write yuan, from 1 to a billion, such as 10000.",
        )
    return unit


def _read_target(value: Any) -> float:
    number: Any = _number_of(value) if isinstance(value, str) else value
    if (unclear := outcome_bounds.unclear_number(value)) is not None:
        raise fault(*unclear)
    wrong = isinstance(number, bool) or not isinstance(number, (int, float))
    if wrong or not 0 < number <= amounts.MOST_YUAN:
        raise fault(f"{shown(value)} is no target.", "Write a number of the goal, such as 150000.")
    return float(number)


def _number_of(text: str) -> float:
    """A number that is written as text, or an amount such as 300 million."""
    plain = plain_forms(text).strip().replace(",", "")
    if is_grouped(plain):
        raise fault(*unclear_point(plain))
    try:
        return float(plain)
    except ValueError:
        return float(_yuan(text)) if any(sign.isdecimal() for sign in plain) else 0.0


def _read_by(value: Any) -> str:
    if value not in ("programme", "county"):
        instead = guess_or_list(str(value), ("programme", "county"))
        raise fault(f"{shown(value)} is nothing that money is divided by.", instead)
    return str(value)


def _field(read: Callable[[Any], Any], editor: Mapping[str, Any]) -> Checked:
    return Checked(read, dict(editor))


_NAMES_OF = {
    "anyOf": [
        {"enum": list(PROGRAMME_KEYS)},
        {"type": "array", "items": {"enum": list(PROGRAMME_KEYS)}},
    ]
}
_ANY_OF_GOALS = {
    "anyOf": [{"enum": list(GOALS)}, {"type": "array", "items": {"enum": list(GOALS)}}]
}
_BY_NAME = {"type": "object"}


class Allocate(Section):
    """A search for a better division of the plan's money."""

    goal: Annotated[tuple[str, ...], Checked(_read_goals, _ANY_OF_GOALS, list)] = Field(
        default=GOALS[:1],
        description="What is to be as large as possible; several give a front of plans.",
    )
    envelope: Annotated[
        dict[str, int], _field(_read_envelope, {"anyOf": [*_AMOUNT["anyOf"], _BY_NAME]})
    ] = Field(
        default={},
        description="Yuan of the whole period that may be spent: of the fiscal class, or by class; "
        "a class that is not named keeps what the plan gives it.",
    )
    by: Annotated[str, _field(_read_by, {"enum": ["programme", "county"]})] = Field(
        default="programme",
        description="Whether money is divided among programmes, or among their counties too.",
    )
    most_change: (
        Annotated[float, Checked(read_share, {"type": ["number", "string"]}, _written_share)] | None
    ) = Field(
        default=None,
        description="No programme changes by more than this part of its money: 30%, or 0.3.",
    )
    protect: Annotated[tuple[str, ...], Checked(_read_programmes, _NAMES_OF, list)] = Field(
        default=(), description="Programmes whose money stays as it is."
    )
    bounds: Annotated[dict[str, dict[str, int]], _field(_read_bounds, _BY_NAME)] = Field(
        default={},
        description="Least and most yuan of programmes. One without money in the plan takes part "
        "where it has a most here.",
    )
    packages: Annotated[dict[str, dict[str, Any]], _field(_read_packages, _BY_NAME)] = Field(
        default={}, description="Least and most yuan of some programmes together, by a name."
    )
    floors: Annotated[dict[str, int], _field(_read_floors, _BY_NAME)] = Field(
        default={},
        description="Least yuan that a county or prefecture gets from all programmes that move.",
    )
    at_least: Annotated[dict[str, float], _field(_read_outcomes, _BY_NAME)] = Field(
        default={},
        description="Outcomes of a result that the proposal must reach: {trained: 16000 persons}; "
        "of a programme {skills_training.persons: 16000}.",
    )
    at_most: Annotated[dict[str, float], _field(_read_outcomes, _BY_NAME)] = Field(
        default={},
        description="Outcomes that it must not exceed: {resource_cost: 1.9 billion, fgt0: 4%}.",
    )
    target: Annotated[float, _field(_read_target, _AMOUNT)] | None = Field(
        default=None,
        description="Reach so much of the goal with the least money, instead of an envelope.",
    )
    unit: Annotated[int, _field(_read_unit, _AMOUNT)] = Field(
        default=DEFAULT_UNIT, description="Money is divided in whole units of so many yuan."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.target is not None and self.envelope:
            raise fault(
                "A target asks for the least money, and an envelope says how much there is.",
                "Leave one out; `envelope: null` or `target: null` takes away what an extended "
                "file says.",
                ("target",),
            )
        if twice := sorted(set(self.protect) & set(self.bounds)):
            raise fault(
                f"{twice[0]} is protected and has bounds.",
                "Leave one of the two out.",
                ("bounds", twice[0]),
            )
        for name in sorted(set(self.at_least) & set(self.at_most)):
            if self.at_least[name] > self.at_most[name]:
                raise fault(
                    f"{name} is asked for at least and at most, and the least is more.",
                    "Exchange the two.",
                    ("at_least", name),
                )
        return self
