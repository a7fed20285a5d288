"""A sweep as plans over worlds; what is missing is refused with the run's id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from fupin.errors import InputError
from fupin.uncertainty.worlds import kind_of, read_worlds
from made_up_sweep import three_plans, write_sweep


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    return three_plans(tmp_path / "mine", vectors=4)


def test_plans_stand_over_the_same_worlds(sweep: Path) -> None:
    worlds = read_worlds(sweep)
    assert worlds.plans == ("as-it-is", "training", "poorest-first")
    assert worlds.ids.shape == (3, 8, 2)
    assert [(i.name, i.kind, i.numeric, i.of_draw) for i in worlds.inputs] == [
        ("counting", "structure", False, False),
        ("register.review_probability", "parameter", True, True),
        ("programmes.training_premium", "parameter", True, True),
        ("livelihood.persistence", "parameter", True, True),
    ]
    assert worlds.structure.tolist() == [0] * 4 + [1] * 4
    assert worlds.rest.tolist() == [0, 1, 2, 3] * 2
    # The difference of twins is what the plan does, to the digit.
    lifted = worlds.outcome("lifted")
    premium = worlds.inputs[2].values
    assert lifted[1] - lifted[0] == pytest.approx(1e5 * np.stack([premium] * 2, axis=1))
    runs = pandas.read_parquet(sweep / "runs.parquet").set_index("run")
    for place in [(0, 0, 0), (2, 5, 1)]:
        row = runs.loc[worlds.ids[place]]
        assert row.lifted == lifted[place]
        assert row.plan == worlds.plans[place[0]]
        assert row.counting == worlds.inputs[0].values[place[1]]


def test_an_undefined_outcome_is_refused_with_the_run(sweep: Path) -> None:
    runs = pandas.read_parquet(sweep / "runs.parquet")
    runs.loc[[7, 9], "lifted"] = np.nan
    runs.to_parquet(sweep / "runs.parquet")
    worlds = read_worlds(sweep)
    with pytest.raises(InputError) as caught:
        worlds.outcome("lifted")
    assert runs.run[7] in str(caught.value)
    assert "2 of 48 runs" in str(caught.value)
    with pytest.raises(InputError, match="twins: on"):
        worlds.outcome("additional_jobs")
    with pytest.raises(InputError, match="Did you mean lifted"):
        worlds.outcome("liftd")
    with pytest.raises(InputError, match="Did you mean training"):
        worlds.plan("trainin")


def test_runs_that_failed_or_are_missing_are_refused(sweep: Path) -> None:
    runs = pandas.read_parquet(sweep / "runs.parquet")
    runs.drop(index=5).to_parquet(sweep / "runs.parquet")
    with pytest.raises(InputError, match=r"1 of 48 runs .* not made yet"):
        read_worlds(sweep)
    runs.loc[[5]].to_parquet(sweep / "failures.parquet")
    with pytest.raises(InputError, match=f"the first is run {runs.run[5]}"):
        read_worlds(sweep)
    (sweep / "runs.parquet").unlink()
    with pytest.raises(InputError, match="Run the sweep to its end"):
        read_worlds(sweep)
    with pytest.raises(InputError, match="no folder of a sweep"):
        read_worlds(sweep.parent)


def test_levers_of_a_grid_make_plans(tmp_path: Path) -> None:
    points = [
        {"programmes.skills_training.budget": budget, "register.review_probability": review}
        for review in (0.3, 0.4)
        for budget in (10, 20)
    ]

    def formula(point: dict[str, Any], _: dict[str, float], seed: int) -> dict[str, float | None]:
        return {"lifted": point["programmes.skills_training.budget"] + seed}

    worlds = read_worlds(write_sweep(tmp_path / "grid", points, formula))
    assert worlds.plans == (
        "programmes.skills_training.budget 10", "programmes.skills_training.budget 20"
    )  # fmt: skip
    assert worlds.outcome("lifted")[:, 0].tolist() == [[11, 12], [21, 22]]
    spread = read_worlds(write_sweep(tmp_path / "sobol", points, formula, design="sobol"))
    assert spread.plans == ("",)  # there a budget is one input among others
    assert [i.kind for i in spread.inputs] == ["lever", "parameter"]


def test_plans_in_other_worlds_are_no_twins(tmp_path: Path) -> None:
    points = [{"plan": "a", "counting": "register"}, {"plan": "b", "counting": "survey"}]
    sweep = write_sweep(tmp_path / "odd", points, lambda p, d, s: {"lifted": 1.0})
    with pytest.raises(InputError, match="counting differs"):
        read_worlds(sweep)
    about = json.loads((sweep / "sweep.json").read_text())
    assert about["factors"] == ["plan", "counting"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("register.review_probability", "parameter"), ("counting", "structure"),
     ("assets", "structure"), ("displacement", "structure"),
     ("shocks.dry.drought.severity", "event"), ("weather", "event"),
     ("programmes.relocation.budget", "lever"), ("plan", "lever"), ("x", "other")],
)  # fmt: skip
def test_kinds(name: str, kind: str) -> None:
    assert kind_of(name) == kind
