"""Figures of the document in the form of `fupin.parameters.document`, for tests of the table."""

from __future__ import annotations

from typing import Any

from fupin.parameters.document import DocumentRow


def _row(
    name: str,
    programme: str,
    quantity: str,
    value: float,
    unit: str,
    role: Any,
    bound: Any = "exact",
    **more: Any,
) -> DocumentRow:
    return DocumentRow(
        name, programme, quantity, value, unit, "2009", "province", "O", role, bound, **more
    )


ROWS = (
    _row("S02", "overview", "population", 70.34e6, "persons", "input",
        not_modelled="townspeople are not there"),
    _row("S17", "overview", "registered poor at the end of 2009", 3.7e6, "persons", "outcome",
        "about"),
    _row("S21", "funds", "bank loans", 1.27e9, "yuan", "input"),
    _row("S27", "funds", "people lifted out of poverty", 200_000, "persons", "fitted"),
    _row("S36", "relocation", "households moved by July", 1547, "households", "derived",
        counterpart="the whole year"),
    _row("S37", "relocation", "people moved by July", 5359, "persons", "derived"),
    _row("S39", "skills_training", "special funds for training", 30_540_000, "yuan", "input"),
    _row("S40", "skills_training", "poor people trained for jobs away", 16_184, "persons",
        "delivered"),
    _row("S41", "skills_training", "placed in employment", 16_091, "persons", "fitted"),
    _row("S42", "skills_training", "employment rate", 0.99, "share", "fitted"),
    _row("S46", "household_projects", "poor households supported", 60_000, "households",
        "delivered", "at_least"),
    _row("S76", "microfinance", "poor households with loans", 13_700, "households", "delivered"),
    _row("S77", "microfinance", "repayment", 1.0, "share", "outcome"),
    _row("S84", "microfinance", "people in courses", 5200, "persons", "outcome",
        parts={"courses": 60, "people": 5200}),
    _row("S87", "relocation", "a figure that no run measured", 10, "persons", "outcome"),
)  # fmt: skip
