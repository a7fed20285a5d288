"""The version of the model covers what a simulation imports."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from fupin import paths
from fupin.engine.run_ids import SIMULATE, job_version
from fupin.store.versions import NOT_THE_MODEL, model_fingerprint, sources_fingerprint
from imports import closure

PROGRAM = """
import sys
from fupin.results.draws import CENTRAL
from fupin.lives.one_run import simulate
from fupin.scenario.load import load_scenario

plan = load_scenario("fupin:2009-document")
people = plan.population.model_copy(update={"sample": 0.005})
simulate(plan.model_copy(update={"population": people}), CENTRAL, 1)
print(*sorted(name for name in sys.modules if name.startswith("fupin.")))
"""


def test_a_simulation_imports_nothing_that_its_version_leaves_out() -> None:
    """Nor anything that is not found by reading what imports what."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.split())
    assert "fupin.livelihood.month" in imported
    assert [name for name in imported if name.split(".")[1] in NOT_THE_MODEL] == []
    assert imported <= closure(SIMULATE.partition(":")[0], "fupin.scenario.load")


def test_what_is_left_out_is_what_stands_above_the_engine_and_words() -> None:
    pyproject = Path(__file__).parents[2] / "pyproject.toml"
    (contract,) = tomllib.loads(pyproject.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    rooms = [re.sub(r"\W", "", layer) for layer in contract["layers"]]
    assert {*rooms[: rooms.index("engine")], "words"} == set(NOT_THE_MODEL)
    there = {file.name.removesuffix(".py") for file in paths.PACKAGE.iterdir()}
    assert set(NOT_THE_MODEL) - there <= {"api", "allocation"}  # not built yet


def test_what_is_left_out_does_not_change_the_version() -> None:
    assert model_fingerprint() == model_fingerprint() == job_version()
    assert sources_fingerprint() != sources_fingerprint(leave_out=NOT_THE_MODEL)
    assert job_version("fupin.calibration.moments:moments") != job_version()
    assert job_version("quick_runs:numbers") != job_version()
