"""A world of a search says what a run of the same plan says, whatever was lived before it."""

from __future__ import annotations

from typing import Any

import pytest
from fupin.allocation.worlds import live_world
from fupin.lives.one_run import simulate
from fupin.results.draws import CENTRAL, Draw, OwnLuck
from fupin.scenario.allocate import GOALS
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes

PLAN = Scenario.model_validate(
    {
        "name": "p",
        "population": {"sample": 0.005},
        "horizon": 2010,
        "programmes": {
            "skills_training": {"budget": 300_000_000},
            "household_projects": {"budget": 900_000_000},
        },
    }
)
OTHER = Draw("prior:1", {"livelihood.persistence": 0.6}, 1)
ROW = Draw("row", luck=OwnLuck(11, 12))
"""With a history and a year of its own, as a row of the posterior has."""


def task(plan: Scenario, draw: Draw = CENTRAL, seed: int = 1) -> dict[str, Any]:
    return {"plan": scenario_mapping(plan), "draw": draw.record(), "seed": seed, "frame": ""}


def with_history(parameters: dict[str, float]) -> Scenario:
    content = {**scenario_mapping(PLAN), "history": {"parameters": parameters}}
    return Scenario.model_validate(content)


def numbers(plan: Scenario, draw: Draw = CENTRAL, seed: int = 1) -> dict[str, float | None]:
    return live_world(task(plan, draw, seed), CENTRAL, 1)


@pytest.mark.parametrize("draw", [CENTRAL, OTHER, ROW])
def test_differences_of_worlds_are_the_outcomes_of_a_run(draw: Draw) -> None:
    here, bare = numbers(PLAN, draw), numbers(without_programmes(PLAN), draw)
    alone = simulate(PLAN, draw, 1)
    for goal in GOALS:
        gain = (here.get(f"goal/{goal}") or 0.0) - (bare.get(f"goal/{goal}") or 0.0)
        expected = alone.outcomes[goal]
        if goal == "lifted":  # of the world itself, and not beside its twin
            start = alone.outcomes["registered_poor_start"]
            assert start is not None and expected is not None
            assert start + (here["goal/lifted"] or 0.0) == expected
            continue
        assert gain == pytest.approx(expected, rel=1e-9, abs=1e-3), goal
    assert here["outcome/resource_cost"] == alone.outcomes["resource_cost"]
    for key in ("skills_training", "household_projects"):
        for name in ("budget", "delivered", "unspent"):
            assert (here.get(f"{key}/{name}") or 0.0) == alone.programmes[key][name]
        limits = [v for k, v in here.items() if k.startswith(f"{key}/unspent/")]
        assert sum(v or 0.0 for v in limits) == alone.programmes[key]["unspent"]


def test_counties_sum_to_the_province() -> None:
    here = numbers(PLAN)
    counties = [v or 0.0 for k, v in here.items() if k.startswith("county/")]
    assert sum(counties) == -(here["goal/person_years_out"] or 0.0)
    given = [v or 0.0 for k, v in here.items() if k.startswith("household_projects/released/")]
    assert 0 < sum(given) <= 900_000_000


def test_what_was_lived_before_changes_nothing() -> None:
    first = numbers(PLAN)
    numbers(without_programmes(PLAN))
    others = [
        numbers(PLAN, OTHER),
        numbers(PLAN, seed=2),
        numbers(PLAN, ROW),
        numbers(PLAN, Draw("new year", luck=OwnLuck(11, None))),
        numbers(with_history({"livelihood.persistence": 0.6})),
    ]
    assert all(other != first for other in others)
    assert others[2] != others[3]
    assert numbers(PLAN) == first
