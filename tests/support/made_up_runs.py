"""Made-up runs for tests of what happens after a run: the numbers are invented, the form is real.

A folder of its own because worker processes have to import `simulate` by name.
"""

from __future__ import annotations

import os
import random
import time
from typing import Any

import numpy as np
from fupin.errors import InputError
from fupin.results.draws import Draw
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, RunResult

# Written out, so that a worker process need not load the schema of scenarios.
KEYS = (
    "village_advancement", "rural_works", "relocation", "skills_training", "practical_training",
    "household_projects", "mutual_funds", "loan_guarantee", "microfinance", "subsidised_loans",
    "minimum_living", "integrated_funds", "paired_assistance", "enterprise_projects", "technology",
    "project_management", "cash_transfer",
)  # fmt: skip

CREDIT = ("loan_guarantee", "microfinance", "subsidised_loans", "enterprise_projects")
"""Programmes whose money is no gift."""

# (centre, spread between seeds)
_CENTRES: dict[str, tuple[float, float]] = {
    "registered_poor_start": (3_911_400, 9_000),
    "registered_poor_end": (3_702_100, 11_000),
    "lifted": (209_300, 8_500),
    "gross_exits": (1_102_000, 12_000),
    "entries": (892_700, 12_000),
    "income_poor_start": (3_204_000, 15_000),
    "income_poor_end": (2_911_000, 16_000),
    "trained": (15_702, 60),
    "placed": (14_930, 75),
    "employment_rate": (0.951, 0.004),
    "spent": (318_450_000, 420_000),
    "fgt0": (0.0571, 0.0004),
    "fgt1": (0.0192, 0.0002),
    "fgt2": (0.0101, 0.0001),
    "gini": (0.3344, 0.0008),
    "mean_income": (5151.2, 6.4),
    "survey_poor_start": (3_402_000, 14_000),
    "survey_poor_end": (3_098_000, 15_000),
    "registered_and_income_poor_end": (2_104_000, 9_000),
    "households_reached": (190_000, 2_000),
    "repayment_rate": (0.983, 0.002),
    "resource_cost": (401_200_000, 460_000),
}
_PROGRAMMES: dict[str, tuple[float, float, float, float, float, float]] = {
    "village_advancement": (387_460_000, 341_200_000, 39_100_000, 7_160_000, 231_000, 812_000),
    "skills_training": (30_540_000, 29_400_000, 0, 1_140_000, 15_610, 15_702),
    "relocation": (27_000_000, 26_200_000, 0, 800_000, 1_509, 5_240),
    "microfinance": (30_000_000, 28_900_000, 0, 1_100_000, 8_450, 31_200),
}


def result(draw: str = "central", seed: int = 1, years: tuple[int, ...] = (2009,)) -> RunResult:
    """A run whose numbers depend on draw and seed alone."""
    chance = random.Random(f"{draw}/{seed}")
    luck_of_draw = random.Random(draw).gauss(0, 1) if draw != "central" else 0.0

    def outcomes() -> dict[str, float | None]:
        return {
            key: round(centre + sd * (chance.gauss(0, 1) + luck_of_draw), 6)
            if (found := _CENTRES.get(key)) and (centre := found[0]) and (sd := found[1])
            else None
            for key in OUTCOMES
        }

    def programmes() -> dict[str, dict[str, float | None]]:
        part: dict[str, dict[str, float | None]] = {}
        for name in KEYS:
            row = _PROGRAMMES.get(name, (0, 0, 0, 0, 0, 0))
            share = 1 + 0.005 * chance.gauss(0, 1)
            values = [row[0], *(round(v * share) for v in row[1:])]
            spent = 0 if name in CREDIT else values[1] + values[2]
            values += [spent, spent + round(0.1 * values[1]), 0]
            part[name] = {k: float(v) for k, v in zip(PROGRAMME_OUTCOMES, values, strict=True)}
        return part

    county = np.arange(172, dtype=np.int16)
    by_year = {year: {"outcomes": outcomes(), "programmes": programmes()} for year in years}
    province, money = outcomes(), programmes()
    return RunResult(
        draw=draw,
        seed=seed,
        outcomes=province,
        by_year=by_year,
        programmes=money,
        figures=_figures(province, money),
        tables={
            "county_by_year": {
                "county": county,
                "name": np.array([f"县{c}" for c in county]),
                "year": np.full(172, 2009, np.int16),
                "registered_poor": (county * 131 + seed).astype(np.int64),
                "mean_income": 3000 + county * 7.3,
            },
            "province_by_month": {
                "month": np.arange(1, 13, dtype=np.int8),
                "income_poor": np.linspace(3.2e6, 2.9e6, 12) + seed,
            },
        },
    )


def _figures(
    outcomes: dict[str, float | None], programmes: dict[str, dict[str, float | None]]
) -> dict[str, float | None]:
    return {
        "S17": outcomes["registered_poor_end"],
        "S21": None,
        "S27": outcomes["lifted"],
        "S36": programmes["relocation"]["households"],
        "S37": programmes["relocation"]["persons"],
        "S39": programmes["skills_training"]["budget"],
        "S40": outcomes["trained"],
        "S41": outcomes["placed"],
        "S42": outcomes["employment_rate"],
        "S46": None,
        "S76": programmes["microfinance"]["households"],
        "S77": outcomes["repayment_rate"],
        "S84": programmes["relocation"]["persons"],
        "S84.courses": 61.0,
        "S87": None,
    }


def simulate(scenario: Any, draw: Draw, seed: int) -> RunResult:
    """A run that takes no time."""
    return result(draw.label, seed)


def simulate_last_first(scenario: Any, draw: Draw, seed: int) -> RunResult:
    """Later seeds finish earlier; fails unless in another process with one thread for BLAS."""
    assert os.getpid() != scenario["parent"]
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    time.sleep(max(0.0, 0.3 - 0.1 * seed))
    return result(draw.label, seed)


def fail_at_seed_two(scenario: Any, draw: Draw, seed: int) -> RunResult:
    """Breaks like a bug."""
    if seed == 2:
        raise ZeroDivisionError("no eligible household")
    return result(draw.label, seed)


def mistake_of_the_user(scenario: Any, draw: Draw, seed: int) -> RunResult:
    """Finds something wrong with the scenario."""
    raise InputError(message="There is no county Atlantis.", file="plan.yaml", line=3, column=7)


def killed(scenario: Any, draw: Draw, seed: int) -> RunResult:
    """Dies like a worker without memory."""
    os._exit(9)
