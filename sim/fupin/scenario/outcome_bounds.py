"""Limits on outcomes: `at_least: {trained: 16,184 persons}`, `at_most: {fgt0: 4%}`.

Every outcome of a result may be bounded, and what a programme reaches: `skills_training.persons`.
A number may have its unit behind it; a unit of another kind is refused.
"""

from __future__ import annotations

import math
import re
from typing import Any

from fupin.scenario import amounts
from fupin.scenario.faults import fault
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.yaml.folding import GroupedNumber, is_grouped, plain_forms, unclear_point
from fupin.yaml.words import guess_or_list, shown

_OF_UNIT = {
    "persons": (
        "registered_poor_start", "registered_poor_end", "lifted", "gross_exits", "entries",
        "income_poor_start", "income_poor_end", "trained", "placed", "additional_income_channel",
        "additional_recognition_channel", "survey_poor_start", "survey_poor_end",
        "registered_and_income_poor_end", "registered_natural_loss", "additional_out_of_poverty",
        "in_course_end", "not_yet_placed_end", "placed_later",
    ),
    "person-years": ("person_years_out", "person_years_out_national", "income_poor_years"),
    "households": ("households_reached",),
    "jobs": ("additional_jobs",),
    "yuan": (
        "spent", "resource_cost", "gap_years", "gap_closed", "npv_income_5", "npv_income_8",
        "npv_income_poor_5", "npv_income_poor_8",
    ),
    "yuan/person": ("mean_income",),
    "share": ("employment_rate", "fgt0", "repayment_rate", "employment_rate_horizon"),
    "index": ("fgt1", "fgt2", "gini"),
    "ratio": ("benefit_cost_5", "benefit_cost_8"),
}  # fmt: skip

OUTCOME_UNITS = {name: unit for unit, names in _OF_UNIT.items() for name in names}
"""Outcome of a result -> its unit, as `fupin.results.outcome` has it (a test holds them equal)."""

PROGRAMME_UNITS = {
    "persons": "persons", "households": "households", "delivered": "yuan", "lost": "yuan",
    "unspent": "yuan",
}  # fmt: skip
"""Outcome of a programme -> its unit; written `PROGRAMME.OUTCOME`."""

_WORDS = {
    "persons": ("person", "people", "人", "人次"),
    "person-years": ("person-year", "person years", "person year", "人年"),
    "households": ("household", "户"),
    "jobs": ("job", "个岗位", "岗位"),
}
_UNIT_OF = {word: unit for unit, words in _WORDS.items() for word in (unit, *words)}
_SCALES = {**amounts.SCALES, "十": 10, "百": 100}
_NUMBER = re.compile(
    r"([-−]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*"
    rf"({'|'.join(sorted(_SCALES, key=len, reverse=True))})?\s*(.*)",
    re.DOTALL,
)
_PARTS = ("share", "index", "ratio")
"""Units of which parts make sense, so that 1.500 is what it looks like."""
_PER_PERSON = re.compile(r"\s*(?:/\s*(?:person|人)|a person|per person|每人|a head)\s*$")


def names() -> tuple[str, ...]:
    """Everything that may be bounded."""
    of_programmes = [f"{key}.{name}" for key in PROGRAMME_KEYS for name in PROGRAMME_UNITS]
    return (*OUTCOME_UNITS, *of_programmes)


def unit_of(name: str) -> str:
    """Unit of an outcome that may be bounded."""
    programme, _, own = name.partition(".")
    return PROGRAMME_UNITS[own] if own and programme in PROGRAMME_KEYS else OUTCOME_UNITS[name]


def known_name(name: str) -> str:
    """The name, if it is one of an outcome.

    Raises:
        PydanticCustomError: it is not.
    """
    programme, dot, own = name.partition(".")
    if name in OUTCOME_UNITS or (programme in PROGRAMME_KEYS and own in PROGRAMME_UNITS):
        return name
    text = f"{shown(name)} is no outcome of a result."
    if programme in PROGRAMME_KEYS:
        written = [f"{programme}.{one}" for one in PROGRAMME_UNITS]
        instead = guess_or_list(name, written) if dot else f"Write {written[0]}, say."
        if not dot:
            text = f"{programme} is a programme, and not one of its outcomes."
        raise fault(text, instead, (name,), of_key=True)
    raise fault(text, guess_or_list(name, names()), (name,), of_key=True)


def unclear_number(value: Any) -> tuple[str, str] | None:
    """What is unclear about a number such as 16.000 or 1.234, and what to write; None of others."""
    if isinstance(value, GroupedNumber):
        return value.unclear, value.instead
    text = repr(value) if isinstance(value, float) else ""
    return unclear_point(text) if is_grouped(text) else None


def read_bound(name: str, value: Any) -> float:
    """The number of a limit, in the unit of its outcome.

    Args:
        name: of the outcome, known.
        value: a number, or text such as `16,184 persons`, `300 million`, `90%`.

    Raises:
        PydanticCustomError: no number, a unit of another kind, a share above 1.
    """
    unit = unit_of(name)
    found: float | None = None
    if unit not in _PARTS and (unclear := unclear_number(value)) is not None:
        raise fault(*unclear, (name,))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            found = float(value)
        except OverflowError:
            found = math.inf
    elif isinstance(value, str):
        found = _of_text(name, unit, value)
    if found is None or not math.isfinite(found) or abs(found) > amounts.MOST_YUAN:
        raise fault(
            f"{shown(value)} is not a number that {name} can have.", _example(unit), (name,)
        )
    if unit == "share" and not 0.0 <= found <= 1.0:
        percent = isinstance(value, str) and plain_forms(value).strip().endswith("%")
        meant = 1.0 < found <= 100.0 and not percent
        instead = f"Write {found:g}%." if meant else _example(unit)
        raise fault(f"{shown(value)} is no share between 0 and 1.", instead, (name,))
    return found


def _of_text(name: str, unit: str, value: str) -> float | None:
    text = amounts.folded(value).casefold()
    if unit == "yuan/person":
        text = _PER_PERSON.sub("", text)
    if unit in ("yuan", "yuan/person"):
        sign = -1 if text[:1] in ("-", "−") else 1
        try:
            return float(sign * amounts.parse_yuan(text.lstrip("-−").strip()))
        except amounts.AmountError as error:
            raise fault(str(error), error.instead, (name,)) from None
    if unit == "share" and text.endswith("%"):
        text, part = text.removesuffix("%").strip(), 100.0
    else:
        part = 1.0
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    if match[2] is None and unit not in _PARTS and is_grouped(match[1]):
        raise fault(*unclear_point(match[1]), (name,))
    number = float(match[1].replace(",", "").replace("−", "-")) * _SCALES.get(match[2] or "", 1)
    word = match[3].strip()
    if word and _UNIT_OF.get(word) != unit:
        if unit not in _WORDS:
            text = f"{shown(value)}: {name} is counted without {shown(word)}."
            raise fault(text, _example(unit), (name,))
        plain = f"{number:.0f}" if abs(number) >= 1e6 else f"{number:.10g}"
        raise fault(
            f"{shown(value)}: {name} counts {unit}, and not {shown(word)}.",
            f"Write `{plain} {unit}`." if word in _UNIT_OF else _example(unit),
            (name,),
        )
    return number / part


def _example(unit: str) -> str:
    return {
        "yuan": "Write an amount such as 300 million.",
        "yuan/person": "Write whole yuan, such as 3500.",
        "share": "Write 90%, or 0.9.",
        "index": "Write a number such as 0.05.",
        "ratio": "Write a number such as 1.2.",
    }.get(unit, f"Write a number such as 15000, or 15000 {unit}.")
