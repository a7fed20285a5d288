"""`fupin --help` is quick because it imports nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sim import cli, paths

HEAVY = ("numba", "llvmlite", "numpy", "scipy", "mesa", "pandas", "pyarrow", "matplotlib")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['fupin', *{arguments!r}]\n"
        "from sim import cli\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(paths.PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert out.splitlines()[-1] == "heavy: []"
    if "--version" not in arguments and arguments:
        assert all(name in out for name in cli.COMMANDS)
