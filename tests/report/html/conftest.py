"""A real run, a real comparison, a made-up sweep, with a title that wishes the reader ill."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fupin.commands.compare import Options as CompareOptions
from fupin.commands.compare import compare_scenarios
from fupin.commands.discover import run_discover
from fupin.commands.run import Options as RunOptions
from fupin.commands.run import run_scenario
from fupin.commands.sensitivity import run_sensitivity
from made_up_sweep import three_plans

HOSTILE = "</script><script>alert('hostile')</script> {{ 7 * 7 }} & \"more\""

PLAN = f"""
extends: fupin:2009-document
name: more
title: |-
  {HOSTILE}
population: {{sample: 0.01}}
programmes: {{household_projects: {{budget: 600 million}}, microfinance: off}}
"""
BASE = """
extends: fupin:2009-document
name: base
population: {sample: 0.01}
"""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "more.yaml").write_text(PLAN, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def run_folder(home: Path) -> Path:
    """Eight parameter vectors, so that there is something on what drives the answer."""
    options = RunOptions(
        scenario=str(home / "more.yaml"),
        seeds="2",
        draws="prior:8",
        workers=1,
        out=home / "run",
        quiet=True,
    )
    return run_scenario(options)


@pytest.fixture(scope="session")
def comparison_folder(home: Path) -> Path:
    plans = (str(home / "more.yaml"), "fupin:2009-no-programmes")
    options = CompareOptions(
        base=str(home / "base.yaml"), plans=plans, seeds="3", draws="central", sample="0.01",
        workers=1, out=home / "comparison", quiet=True,
    )  # fmt: skip
    return compare_scenarios(options)


@pytest.fixture(scope="session")
def sweep_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three plans over draws and two forms, made up, with the answers to both questions."""
    folder = three_plans(tmp_path_factory.mktemp("sweeps") / "mine", 20)
    file = folder / "sweep.json"
    about = json.loads(file.read_text(encoding="utf-8"))
    versions = {"fupin": "0"}
    file.write_text(json.dumps({**about, "title": HOSTILE, "versions": versions}), encoding="utf-8")
    run_sensitivity(folder, quiet=True)
    run_discover(folder, "lifted < 150 thousand", quiet=True)
    return folder


@pytest.fixture(scope="session", params=["run", "comparison"])
def folder(request: pytest.FixtureRequest) -> Path:
    """Either kind of result."""
    found: Path = request.getfixturevalue(f"{request.param}_folder")
    return found
