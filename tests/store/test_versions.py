"""The version of the model covers what a simulation imports."""

from __future__ import annotations

import subprocess
import sys

from fupin.store.versions import NOT_THE_MODEL, model_fingerprint, sources_fingerprint

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
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    imported = done.stdout.split()
    assert "fupin.model" in imported
    apart = {name.removesuffix(".py") for name in NOT_THE_MODEL}
    assert [name for name in imported if name.split(".")[1] in apart] == []


def test_what_is_left_out_does_not_change_the_version() -> None:
    assert model_fingerprint() == model_fingerprint()
    assert sources_fingerprint() != sources_fingerprint(leave_out=NOT_THE_MODEL)
