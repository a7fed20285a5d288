"""Every programme at a size that suits the five counties: the document's sixteen, and cash."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from fupin.scenario.programmes import PROGRAMME_KEYS


class Case(NamedTuple):
    """A programme at a size that suits five counties."""

    settings: dict[str, Any]  # a budget that neither places nor eligible households limit
    unit: str  # count of what its money buys
    places: int  # a number of places a month that a multiple of the budget would exceed
    begun: str  # count of what takes a place
    months: int = 12  # in which it can take a place


MILLION = 10**6
PAIR = ["Daming", "Pingquan"]
CASES: dict[str, Case] = {
    "village_advancement": Case({"budget": 40 * MILLION}, "villages", 2, "villages"),
    "rural_works": Case(
        {"budget": 20 * MILLION, "to": "2009-06"}, "persons", 3, "water_villages", 6
    ),
    "relocation": Case({"budget": 4 * MILLION}, "persons", 20, "households"),
    "skills_training": Case({"budget": 4 * MILLION}, "enrolled", 90, "enrolled"),
    "practical_training": Case({"budget": 1 * MILLION}, "persons", 400, "persons"),
    "household_projects": Case({"budget": 12 * MILLION}, "households", 80, "households"),
    "mutual_funds": Case({"budget": 6 * MILLION}, "villages", 2, "villages"),
    "loan_guarantee": Case(
        {"budget": 6 * MILLION, "counties": ["Daming", "Pingquan", "Zhangbei"]},
        "yuan_lent", 100, "loans",
    ),
    "microfinance": Case({"budget": 8 * MILLION}, "loans", 250, "loans"),
    # Small loans: few in listed villages own collateral for a usual one.
    "subsidised_loans": Case(
        {"budget": 40 * MILLION, "loan_size": 2_000}, "yuan_lent", 100, "loans"
    ),
    "minimum_living": Case(
        {"budget": 2 * MILLION, "counties": PAIR}, "person_months", 40, "households"
    ),
    "integrated_funds": Case({"budget": 8 * MILLION, "counties": PAIR}, "villages", 1, "villages"),
    "paired_assistance": Case({"budget": 20 * MILLION}, "projects", 3, "projects"),
    "enterprise_projects": Case({"budget": 1000 * MILLION}, "jobs_opened", 5, "projects"),
    "technology": Case({"budget": 300_000}, "villages", 15, "villages"),
    "project_management": Case({"budget": 500_000}, "villages", 12, "villages"),
    "cash_transfer": Case({"budget": 4 * MILLION}, "person_months", 40, "households"),
}  # fmt: skip
ALL = {key: case.settings for key, case in CASES.items()}
CLAIMED = "enterprise_projects"
BANKS = ("loan_guarantee", "subsidised_loans")
every_programme = pytest.mark.parametrize("key", PROGRAMME_KEYS)


def with_budget(key: str, factor: float, **more: Any) -> dict[str, Any]:
    """Settings of a programme with a multiple of its usual budget."""
    settings = CASES[key].settings
    return {key: {**settings, "budget": round(settings["budget"] * factor), **more}}
