"""Units of what stands in tables, by name: of outcomes, figures, and columns of the model."""

from __future__ import annotations

import re
from functools import cache

from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES

_NAMES = {
    "persons": (
        "registered_poor", "income_poor", "registered", "survey_poor", "migrants", "served",
        "left", "left_barely", "poor_after", "poor_before", "difference", "always", "because",
        "never", "harmed", "net", "only_here", "only_twin", "resized", "winners", "losers",
    ),
    "jobs": ("local_jobs",),
    "yuan": (
        "opening", "released", "received", "returned", "closing", "principal", "interest_subsidy",
        "defaults_borne",
    ),
    "villages": ("weight",),
    "years": ("mean_spell_years",),
}  # fmt: skip
_BY_NAME = {name: unit for unit, names in _NAMES.items() for name in names}

_BY_FORM = (
    (re.compile(r"per_\w+|\w*yuan_a_person"), "yuan/person"),
    (re.compile(r"(\w+_)?yuan(_\w+)?"), "yuan"),
    (re.compile(r"share_\w+|\w+_(share|rate|error|error_nearby)"), "share"),
    (re.compile(r"(\w+_)?persons(_\w+)?"), "persons"),
)
"""Forms of names, the first that fits counts."""

LONG = ("outcome", "figure", "series", "measure", "kind")
"""Columns of tables whose rows have units of their own: what a row's numbers are."""


@cache
def unit_of(name: str) -> str:
    """The unit of an outcome, a figure of the document (S40) or a column; empty if it has none."""
    for outcomes in (OUTCOMES, PROGRAMME_OUTCOMES):
        if name in outcomes:
            return outcomes[name].unit
    if re.fullmatch(r"S[0-9]{2}(\.\w+)?", name):
        return _units_of_figures().get(name.partition(".")[0], "")
    if name in _BY_NAME:
        return _BY_NAME[name]
    return next((unit for form, unit in _BY_FORM if form.fullmatch(name)), "")


@cache
def _units_of_figures() -> dict[str, str]:
    from fupin.parameters.document import load_document

    return {row.id: row.unit for row in load_document()}
