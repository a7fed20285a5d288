"""Figures of the document in the form of `sim.parameters.document`, for tests of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure."""

    id: str
    programme: str
    quantity: str
    value: float
    unit: str
    role: str
    measure: str | None
    scale: float | None = None
    bound: str | None = None


ROWS = (
    Row("S02", "overview", "population", 70.34e6, "persons", "input", None),
    Row("S17", "overview", "registered poor at the end of 2009", 3.7e6, "persons", "outcome",
        "outcomes.registered_poor_end"),
    Row("S27", "funds", "people lifted out of poverty", 200_000, "persons", "fitted",
        "outcomes.lifted"),
    Row("S36", "relocation", "households moved by July", 1547, "households", "delivered",
        "programmes.relocation.households"),
    Row("S37", "relocation", "people moved by July", 5359, "persons", "delivered",
        "programmes.relocation.persons"),
    Row("S39", "skills_training", "special funds for training", 30_540_000, "yuan", "input",
        "programmes.skills_training.budget"),
    Row("S40", "skills_training", "poor people trained for jobs away", 16_184, "persons",
        "delivered", "outcomes.trained"),
    Row("S41", "skills_training", "placed in employment", 16_091, "persons", "fitted",
        "outcomes.placed"),
    Row("S42", "skills_training", "employment rate", 99, "%", "fitted",
        "outcomes.employment_rate", 100.0),
    Row("S46", "household_projects", "poor households supported", 60_000, "households",
        "delivered", "programmes.household_projects.households", None, "at_least"),
    Row("S76", "microfinance", "poor households with loans", 13_700, "households", "delivered",
        "programmes.microfinance.households"),
    Row("S77", "microfinance", "repayment", 100, "%", "outcome", "outcomes.repayment_rate", 100.0),
    Row("S80", "enterprise_projects", "jobs that would not exist", 10, "jobs", "outcome",
        "outcomes.additional_jobs"),
)  # fmt: skip
