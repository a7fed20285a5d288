"""The wheel alone, in an environment of its own, does the main job."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what a clean checkout would hold."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("needs uv")
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [uv, "build", "--wheel", "--out-dir", out, ROOT], check=True, capture_output=True
    )
    (found,) = out.glob("*.whl")
    return found


@pytest.mark.slow
def test_everything_that_a_run_reads_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    data = ("scenarios", "calibration")
    for folder, place in [
        *((name, f"fupin/_data/{name}") for name in data),
        ("sim/fupin", "fupin"),
    ]:
        for file in (ROOT / folder).rglob("*"):
            relative = file.relative_to(ROOT / folder).as_posix()
            if file.is_file() and "__pycache__" not in relative and "_data" not in relative:
                assert f"{place}/{relative}" in inside, relative
    assert not [name for name in inside if name.startswith(("tests/", "results/"))]


@pytest.mark.slow
def test_it_runs_compares_and_reports_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """As a stranger: a new environment, a new home, no cache; extras as the README names them."""
    uv = shutil.which("uv")
    assert uv is not None
    place = tmp_path / "env"
    subprocess.run(
        [uv, "venv", "--python", sys.executable, place], check=True, capture_output=True, cwd=ROOT
    )
    pins = tmp_path / "pins.txt"
    listed = subprocess.run(
        [uv, "pip", "freeze", "--python", sys.executable],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    pins.write_text("\n".join(line for line in listed.splitlines() if "==" in line))
    subprocess.run(
        [uv, "pip", "install", "--python", place / "bin" / "python", "--constraint", pins,
         f"fupin[report] @ file://{wheel}"],
        check=True, capture_output=True, cwd=ROOT,
    )  # fmt: skip
    work = tmp_path / "work"
    work.mkdir()
    environment = {"HOME": str(tmp_path / "home"), "PATH": f"{place / 'bin'}:/usr/bin:/bin"}

    def fupin(*words: str) -> str:
        done = subprocess.run(
            ["fupin", *words],
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    small = ("--sample", "0.01", "--seeds", "2", "--draws", "2", "--workers", "1")
    assert "fupin:2009-document" in fupin("list")
    out = fupin("run", "fupin:2009-document", *small)
    assert "lifted" in out and "Report: results/" in out
    (result,) = (work / "results").iterdir()
    assert json.loads((result / "summary.json").read_text())["outcomes"]["lifted"]["mean"]
    fupin("verify", str(result))
    fupin("new", "mine")
    fupin("compare", "fupin:2009-document", "fupin:plans/more-training", *small, "--out", "c")
    assert (work / "c" / "report.html").read_text("utf-8").rstrip().endswith("</html>")
    assert str(ROOT) not in (work / "c" / "run.json").read_text("utf-8")
