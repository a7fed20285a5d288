"""What is shipped of posterior B: rows that were lived, in an order, with the middle one named.

Every row is lived once more as `fupin run` lives it, with the world without programmes beside it
and to its horizon. Rows are put in an order whose prefixes represent all (`ordering`), and the one
nearest to their middle is `central`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fupin.calibration.abduction import Abduction, Row, RunJob, Settings, year_as_it_was
from fupin.calibration.counts import load_counts
from fupin.calibration.ordering import middle_row, representative_order
from fupin.calibration.space import F64
from fupin.calibration.waves import Calibration, posterior_rows
from fupin.lives.one_run import simulate
from fupin.results.draws import Draw
from fupin.scenario.schema import Scenario

MIDDLE = (
    "lifted", "additional_income_channel", "additional_recognition_channel", "person_years_out",
    "income_poor_end", "trained", "placed", "registered_poor_end", "additional_jobs",
)  # fmt: skip
"""Outcomes in which `central` is the middle of all rows."""

ORDERED = (
    *MIDDLE, "income_poor_start", "gross_exits", "resource_cost", "gap_closed", "npv_income_5",
    "survey_poor_end", "spent", "employment_rate",
)  # fmt: skip
"""Outcomes in which every prefix represents all rows."""


@dataclass(frozen=True)
class Shipped:
    """Rows of posterior B in their order.

    Attributes:
        rows: parameters, places and luck.
        outcomes: of each row's own life.
        central: place of the middle row.
        about: how they were found, as plain data.
    """

    rows: list[Row]
    outcomes: list[dict[str, float]]
    central: int
    about: dict[str, Any]


def outcomes_of(scenario: Scenario, draw: Draw, seed: int) -> dict[str, float]:
    """Outcomes of a run with its twin; those that are undefined are left out."""
    found = simulate(scenario, draw, seed).outcomes
    return {name: float(value) for name, value in found.items() if value is not None}


def shipped_rows(
    calibration: Calibration, run: RunJob, settings: Settings | None = None
) -> Shipped:
    """Rows of posterior B: the year as it was, in an order whose prefixes represent them.

    Args:
        calibration: emulators, and candidates from their posterior B.
        run: runs the model under the calibration's plan.
        settings: how much of everything.

    Raises:
        RuntimeError: hardly a year is like the document's.
    """
    settings = settings or Settings()
    candidates = candidates_of(calibration, settings.candidates)
    target = next(one for one in calibration.targets if one.moment == "lifted")
    found = year_as_it_was(
        candidates, undone(calibration, candidates), load_counts(), target.value, run, settings
    )
    draws = [
        Draw(f"posterior:{i}", row.values, row.places, row.luck)
        for i, row in enumerate(found.rows, start=1)
    ]
    lived, failures = run(outcomes_of, [(draw, 1) for draw in draws], {}, "rows of the posterior")
    kept = [i for i, outcomes in enumerate(lived) if outcomes is not None]
    rows = [found.rows[i] for i in kept]
    outcomes = [lived[i] or {} for i in kept]
    order = ordered(rows, outcomes, calibration)
    rows, outcomes = [rows[i] for i in order], [outcomes[i] for i in order]
    central = middle_row(_columns(outcomes, MIDDLE))
    return Shipped(rows, outcomes, central, _about(found, settings, len(failures)))


def candidates_of(calibration: Calibration, count: int) -> list[dict[str, float]]:
    """So many draws of the emulators' posterior B: its rows, and more of its chains."""
    rows = list(calibration.rows["B"][:count])
    if (more := count - len(rows)) > 0:
        seed = calibration.settings.seed + 40
        rows += posterior_rows(calibration.space, calibration.chains["B"], more, seed)
    return rows


def undone(calibration: Calibration, vectors: list[dict[str, float]]) -> F64:
    """Log weight that takes back what the emulator said of the fall of the register, (n,).

    Candidates come from a posterior that holds the emulator's likelihood of that fall; the lives
    themselves are to decide.
    """
    target = next(one for one in calibration.targets if one.moment == "lifted")
    mean, variance = calibration.emulators["lifted"].predict(calibration.space.normals(vectors))
    variance = variance + target.tolerance**2
    return np.asarray(0.5 * (mean - target.value) ** 2 / variance + 0.5 * np.log(variance))


def ordered(
    rows: list[Row],
    outcomes: list[Mapping[str, float]] | list[dict[str, float]],
    calibration: Calibration,
) -> list[int]:
    """Places of the rows in their order."""
    z = calibration.space.normals([row.values for row in rows])
    return [int(i) for i in representative_order(_columns(outcomes, ORDERED), z)]


def _columns(outcomes: Any, names: tuple[str, ...]) -> F64:
    """Outcomes of all rows that are defined in every one, (n, m)."""
    known = [name for name in names if all(name in row for row in outcomes)]
    return np.array([[row[name] for name in known] for row in outcomes], np.float64)


def _about(found: Abduction, settings: Settings, failed: int) -> dict[str, Any]:
    return {
        "candidates": settings.candidates,
        "years_of_each": settings.years,
        "years_lived": found.tried,
        "years_like_the_document": found.kept,
        "within_persons": round(found.within),
        "independent_ones": round(found.effective, 1),
        "rows": len(found.rows),
        "failed": len(found.failures) + failed,
        "elasticities": {
            figure: {
                name: round(float(value), 3)
                for name, value in zip(found.delivery.names, row, strict=True)
                if value
            }
            for figure, row in zip(found.delivery.figures, found.delivery.elasticities, strict=True)
        },
    }
