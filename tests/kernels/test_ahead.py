"""The list of kernels that a first run compiles: readable, complete, and shared out evenly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fupin import paths
from fupin.kernels import ahead, jit
from fupin.kernels.jit import written

# What one process loaded from the cache while it built a frame and ran 2009.
USED = """
import sys
from click.testing import CliRunner
from numba.core.dispatcher import Dispatcher
from fupin.cli import cli
from fupin.kernels.jit import written
from fupin.livelihood import levels
from fupin.population.frame import build_frame
from fupin.population.sample import parse_sample

levels._read = lambda file, until: None  # as if no levels were solved yet
build_frame(parse_sample(0.02), 20091231)
run = "run scenarios/2009-document.yaml --seeds 1 --draws 1 --sample 0.02 --quiet --fresh --out"
result = CliRunner().invoke(cli, [*run.split(), sys.argv[1]])
assert result.exit_code == 0, result.output
for name, module in sorted(sys.modules.items()):
    for key, thing in sorted(vars(module).items()) if name.startswith("fupin.") else ():
        if isinstance(thing, Dispatcher) and thing.py_func.__module__ == name:
            for signature in thing.stats.cache_hits:
                print(f"{name}.{key} {written(signature)}")
"""


def _used(folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", USED, str(folder)],
        cwd=paths.PACKAGE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines())


def test_every_line_of_the_list_is_read_as_it_was_written() -> None:
    for row in ahead.listed():
        assert written(ahead.read(row.signature)) == row.signature, row.kernel


@pytest.mark.skipif(not jit.ON_DISK, reason="needs compiled kernels that are kept")
def test_a_run_calls_what_the_list_holds_and_nothing_else(tmp_path: Path) -> None:
    listed = {f"{row.kernel} {row.signature}" for row in ahead.listed()}
    used = _used(tmp_path / "1")
    if used != listed:  # what this process had to compile was not loaded from the cache
        used = _used(tmp_path / "2")
    how = "Run: python -m tests.kernels.record_first_run"
    assert used - listed == set(), how
    assert listed - used == set(), how


def test_halves_hold_everything_once_and_take_about_as_long() -> None:
    rows = ahead.listed()
    parts = ahead.halves(rows)
    assert sorted(parts[0] + parts[1], key=repr) == sorted(rows, key=repr)
    times = [sum(row.milliseconds for row in part) for part in parts]
    assert max(times) < 1.1 * min(times)


@pytest.mark.skipif(not jit.ON_DISK, reason="needs compiled kernels that are kept")
def test_a_line_is_compiled_for_its_types() -> None:
    row = min(ahead.listed(), key=lambda row: row.milliseconds)
    row.do()
    module, name = row.kernel.rsplit(".", 1)
    kernel = getattr(sys.modules[module], name)
    assert ahead.read(row.signature) in kernel.overloads
