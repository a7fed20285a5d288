"""Names that people use for the factors of a sweep and for the plans that they make."""

from __future__ import annotations

import re

from fupin.report.html.shared import programme_title
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.words.language import Language
from fupin.words.numbers import rounded

SHORT = {
    "skills_training": "training", "practical_training": "farm courses",
    "village_advancement": "village works", "rural_works": "rural works",
    "household_projects": "household projects", "mutual_funds": "village funds",
    "minimum_living": "minimum living", "cash_transfer": "cash", "relocation": "relocation",
}  # fmt: skip
"""Programme -> a word for it beside an amount; others have their title."""

_BUDGET = re.compile(r"programmes\.([a-z_]+)\.budget(?: ([\d,]+(?:\.\d+)?))?")
_KEYS = {programme.key for programme in PROGRAMMES}


def factor_title(say: Language, factor: str) -> str:
    """Name of a factor: the programme whose budget it is, or the last part of a parameter's."""
    found = _BUDGET.fullmatch(factor)
    if found and found[1] in _KEYS:
        return _programme(say, found[1])
    return factor.rpartition(".")[2].replace("_", " ")


def is_budget(factor: str) -> bool:
    """True where the values of a factor are yuan."""
    return _BUDGET.fullmatch(factor) is not None


def amount(say: Language, factor: str, value: float) -> str:
    """A value of a factor: `60 M`, `0.3`."""
    return _yuan(say, value) if is_budget(factor) else f"{value:,.6g}"


def plain(say: Language, plan: str) -> str:
    """A plan of a sweep by what people call it: `training 60 M`; others as they are."""

    def said(found: re.Match[str]) -> str:
        if found[1] not in _KEYS:
            return found[0]
        name = _programme(say, found[1])
        if found[2] is None:
            return name
        value = _yuan(say, float(found[2].replace(",", "")))
        return say("factor.with_value", name=name, value=value)

    return _BUDGET.sub(said, plan)


def _programme(say: Language, key: str) -> str:
    return SHORT[key] if not say.chinese and key in SHORT else programme_title(say, key)


def _yuan(say: Language, value: float) -> str:
    size = 1e4 if say.chinese else 1e6
    shown = value / size
    places = 0 if shown == round(shown) else (0 if abs(shown) >= 1000 else 1)
    return say("factor.yuan", n=rounded(shown, places))
