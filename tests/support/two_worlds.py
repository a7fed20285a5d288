"""A base and a plan that spends more, lived side by side in a small sample."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from fupin.comparison.content import Runs
from fupin.comparison.contest import (
    Contest,
    live_twins,
    twins_without_programmes,
)
from fupin.results.draws import CENTRAL
from fupin.results.outcome import RunResult
from fupin.scenario.schema import Scenario

SAMPLE = 0.02


def plan(name: str, training: int = 0, projects: int = 0, **keys: Any) -> Scenario:
    programmes: dict[str, Any] = {}
    if training:
        programmes["skills_training"] = {"budget": training}
    if projects:
        programmes["household_projects"] = {"budget": projects}
    return Scenario.model_validate(
        {"name": name, "population": {"sample": SAMPLE}, "programmes": programmes, **keys}
    )


BASE = plan("base", 300_000_000, 500_000_000)
MORE = plan("more", 300_000_000, 900_000_000)
NOTHING = plan("nothing")


def table_of(result: RunResult, name: str, **where: Any) -> dict[str, np.ndarray]:
    table = result.tables[name]
    rows = np.ones(len(next(iter(table.values()))), bool)
    for column, value in where.items():
        rows &= table[column] == value
    return {column: values[rows] for column, values in table.items()}


def outcome(result: RunResult, world: str, key: str) -> float:
    found = table_of(result, "world_outcomes", world=world, programme="", outcome=key)["value"]
    return float(found[0])


@cache
def lived_once() -> RunResult:
    """The worlds of base and plan, of the central draw and one seed."""
    return live_twins(Contest(BASE, (MORE,)), CENTRAL, 1)


def runs_of(contest: Contest, results: list[RunResult]) -> Runs:
    return Runs(
        contest.base.name,
        tuple(p.name for p in contest.plans),
        twins_without_programmes(contest),
        tuple(dict.fromkeys(r.draw for r in results)),
        tuple(dict.fromkeys(r.seed for r in results)),
        results,
    )
