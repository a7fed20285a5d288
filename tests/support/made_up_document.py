"""Figures of the document in the form of `sim.parameters.document`, for tests of the table."""

from __future__ import annotations

from typing import Any

from sim.parameters.document import DocumentRow


def _row(
    name: str,
    programme: str,
    quantity: str,
    value: float,
    unit: str,
    role: Any,
    measure: str | None,
    bound: Any = "exact",
) -> DocumentRow:
    return DocumentRow(
        name, programme, quantity, value, unit, "2009", "province", "O", role, bound, measure
    )


ROWS = (
    _row("S02", "overview", "population", 70.34e6, "persons", "input", None),
    _row("S17", "overview", "registered poor at the end of 2009", 3.7e6, "persons", "outcome",
        "outcomes.registered_poor_end", "about"),
    _row("S27", "funds", "people lifted out of poverty", 200_000, "persons", "fitted",
        "outcomes.lifted"),
    _row("S36", "relocation", "households moved by July", 1547, "households", "delivered",
        "programmes.relocation.households"),
    _row("S37", "relocation", "people moved by July", 5359, "persons", "delivered",
        "programmes.relocation.persons"),
    _row("S39", "skills_training", "special funds for training", 30_540_000, "yuan", "input",
        "programmes.skills_training.budget"),
    _row("S40", "skills_training", "poor people trained for jobs away", 16_184, "persons",
        "delivered", "outcomes.trained"),
    _row("S41", "skills_training", "placed in employment", 16_091, "persons", "fitted",
        "outcomes.placed"),
    _row("S42", "skills_training", "employment rate", 0.99, "share", "fitted",
        "outcomes.employment_rate"),
    _row("S46", "household_projects", "poor households supported", 60_000, "households",
        "delivered", "programmes.household_projects.households", "at_least"),
    _row("S76", "microfinance", "poor households with loans", 13_700, "households", "delivered",
        "programmes.microfinance.households"),
    _row("S77", "microfinance", "repayment", 1.0, "share", "outcome", "outcomes.repayment_rate"),
    _row("S80", "enterprise_projects", "jobs that would not exist", 10, "units", "outcome",
        "outcomes.additional_jobs"),
)  # fmt: skip
