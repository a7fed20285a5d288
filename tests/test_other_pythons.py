"""Every Python that fupin says it was tested with: the same bytes, where the interpreter is found.

It makes an environment and compiles every kernel anew, half a minute of a processor:

    uv run pytest -m slow tests/test_other_pythons.py
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from fupin.cli import TESTED
from real_commands import files

ROOT = Path(__file__).parents[1]
OTHERS = [version for version in TESTED if version != sys.version_info[:2]]
PLAN = "extends: fupin:2009-document\nhorizon: 2009\npopulation: {sample: 0.005}\n"
RUN = ["run", "plan.yaml", "--seeds", "2", "--draws", "2", "--workers", "1", "--quiet", "--fresh"]


def test_the_package_promises_the_pythons_that_were_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = [
        tuple(map(int, found[1].split(".")))
        for line in project["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line))
    ]
    assert listed == list(TESTED)
    (first, *_), last = TESTED, TESTED[-1]
    assert project["requires-python"] == f">=3.{first[1]},<3.{last[1] + 1}"


def interpreter(version: tuple[int, int]) -> str | None:
    """A Python of this version that runs; a stand-in of pyenv that leads nowhere is none."""
    name = f"{version[0]}.{version[1]}"
    places = sorted(Path.home().glob(f".pyenv/versions/{name}.*/bin/python"), reverse=True)
    code = "import sys; print(*sys.version_info[:2], sep='.')"
    for found in (shutil.which(f"python{name}"), *map(str, places)):
        if found is None:
            continue
        done = subprocess.run([found, "-c", code], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip() == name:
            return found
    return None


@pytest.mark.slow
@pytest.mark.parametrize("version", OTHERS, ids=lambda v: f"{v[0]}.{v[1]}")
def test_another_python_gives_the_same_bytes(version: tuple[int, int], tmp_path: Path) -> None:
    python, uv = interpreter(version), shutil.which("uv")
    if python is None or uv is None:
        pytest.skip(f"Python {version[0]}.{version[1]} is not here")
    place = tmp_path / "env"
    subprocess.run([uv, "venv", "--python", python, place], check=True, capture_output=True)
    listed = subprocess.run(
        [uv, "pip", "freeze", "--python", sys.executable],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    pins = tmp_path / "pins.txt"
    pins.write_text("\n".join(line for line in listed.splitlines() if "==" in line))
    subprocess.run(
        [uv, "pip", "install", "--python", place / "bin" / "python", "--constraint", pins, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    other = {**os.environ, "FUPIN_CACHE": str(tmp_path / "cache")}
    for which, ours, env in (("this", sys.executable, dict(os.environ)),
                             ("other", str(place / "bin" / "python"), other)):  # fmt: skip
        done = subprocess.run(
            [ours, "-P", "-m", "fupin", *RUN, "--out", which], cwd=tmp_path, env=env,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0 and done.stderr == "", done.stderr[-2000:]
    assert files(tmp_path / "this") == files(tmp_path / "other")
