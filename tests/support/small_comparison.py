"""A comparison of two plans with a horizon in a tiny sample, lived once for all tests."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from fupin.comparison.content import Runs, compared
from fupin.comparison.contest import Contest, live_twins, twins_without_programmes
from fupin.results.draws import CENTRAL
from fupin.scenario.schema import Scenario

PROGRAMMES = {
    "village_advancement": {"budget": 224_000_000},
    "rural_works": {"budget": 135_000_000},
    "skills_training": {"budget": 30_540_000},
    "household_projects": {"budget": 180_000_000},
}


def plan(name: str, training: int) -> Scenario:
    """A plan of two years of money that is lived for three."""
    return Scenario.model_validate(
        {
            "name": name,
            "period": {"start": "2010-01", "end": "2011-12"},
            "horizon": 2012,
            "population": {"sample": 0.004},
            "programmes": PROGRAMMES | {"skills_training": {"budget": training}},
        }
    )


BASE = plan("as-in-2009", 30_540_000)
MORE = plan("a-plan-with-a-name-that-wraps", 1_230_540_000)


@cache
def two_plans() -> tuple[Contest, Runs, dict[str, Any]]:
    """The contest, its runs of two seeds, and the content of its `comparison.json`."""
    contest = Contest(BASE, (MORE,))
    runs = Runs(
        BASE.name,
        (MORE.name,),
        twins_without_programmes(contest),
        (CENTRAL.label,),
        (1, 2),
        [live_twins(contest, CENTRAL, seed) for seed in (1, 2)],
    )
    return contest, runs, json.loads(json.dumps(compared(runs)))
