"""`fupin --help` is quick because it imports nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fupin import cli, paths

HEAVY = ("numba", "llvmlite", "numpy", "scipy", "mesa", "pandas", "pyarrow", "matplotlib")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['fupin', *{arguments!r}]\n"
        "from fupin import cli\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(paths.PACKAGE.parents[1])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert out.splitlines()[-1] == "heavy: []"
    if "--version" not in arguments and arguments:
        assert all(name in out for name in cli.COMMANDS)


def _in_a_new_process(code: str, **environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(paths.PACKAGE.parents[1]), **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_run_loads_neither_pandas_nor_networkx_nor_what_numba_compiles_with() -> None:
    # Compiled kernels are there after the first of the two runs.
    code = (
        "import sys\n"
        "from fupin.results.draws import parse_draws\n"
        "from fupin.lives.one_run import simulate\n"
        "from fupin.scenario.load import load_scenario\n"
        "from fupin import paths\n"
        "plan = load_scenario(paths.scenarios() / '2009-document.yaml')\n"
        "few = plan.population.model_copy(update={'sample': 0.005})\n"
        "simulate(plan.model_copy(update={'population': few}), parse_draws('central')[0], 1)\n"
        "print(sorted({'pandas', 'networkx', 'numba.np.linalg'} & set(sys.modules)))\n"
    )
    _in_a_new_process(code)
    assert _in_a_new_process(code) == "[]\n"


def test_what_was_deferred_is_there_as_soon_as_it_is_used() -> None:
    code = (
        "from fupin.browser.quick_mesa import mesa\n"
        "import sys\n"
        "assert 'mesa.discrete_space' not in sys.modules and 'pandas' not in sys.modules\n"
        "print(mesa.discrete_space.OrthogonalMooreGrid.__name__, mesa.space.MultiGrid.__name__)\n"
        "import pandas\n"
        "from mesa.discrete_space import Network\n"
        "assert mesa.discrete_space.Network is Network\n"
        "class Empty(mesa.Model):\n"
        "    def __init__(self, rng=None):\n"
        "        super().__init__(rng=rng)\n"
        "        self.datacollector = mesa.DataCollector({'time': 'time'})\n"
        "    def step(self):\n"
        "        self.datacollector.collect(self)\n"
        "model = Empty(); model.step(); model.step()\n"
        "frame = model.datacollector.get_model_vars_dataframe()\n"
        "assert type(frame) is pandas.DataFrame and len(frame) == 2\n"
    )
    assert _in_a_new_process(code) == "OrthogonalMooreGrid MultiGrid\n"


def test_bytecode_goes_to_the_cache_where_python_may_not_write_it_beside_sources(
    tmp_path: Path,
) -> None:
    code = (
        "import sys\n"
        "sys.argv = ['fupin', '--version']\n"
        "from fupin import cli\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "import fupin.errors, statistics, fupin.state.ledger\n"
        "print(sys.dont_write_bytecode, sys.pycache_prefix or '')\n"
    )
    told = {"FUPIN_CACHE": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": ""}
    said = _in_a_new_process(code, **told).splitlines()[-1]
    assert said == f"False {tmp_path / 'bytecode'}"
    assert list((tmp_path / "bytecode").rglob("ledger.*.pyc"))
    told |= {"PYTHONDONTWRITEBYTECODE": ""}  # who may, writes it where Python always does
    assert _in_a_new_process(code, **told).splitlines()[-1] == "False "
