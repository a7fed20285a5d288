"""The wheel alone, in an environment of its own, does the main job."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_folder import Hostile

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


@pytest.fixture(scope="module")
def install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Installs the wheel with extras, at the versions of this environment; gives the folder."""
    uv = shutil.which("uv")
    assert uv is not None
    folder = tmp_path_factory.mktemp("installed")
    place = folder / "env"
    python = place / "bin" / "python"
    subprocess.run(
        [uv, "venv", "--python", sys.executable, place], check=True, capture_output=True, cwd=ROOT
    )
    listed = subprocess.run(
        [uv, "pip", "freeze", "--python", sys.executable],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    pins = folder / "pins.txt"
    pins.write_text("\n".join(line for line in listed.splitlines() if "==" in line))

    def installed(extras: str) -> Path:
        subprocess.run(
            [uv, "pip", "install", "--python", python, "--constraint", pins,
             f"fupin{extras} @ file://{wheel}"],
            check=True, capture_output=True, cwd=ROOT,
        )  # fmt: skip
        return place / "bin"

    return installed


SMALL = ("--sample", "0.01", "--seeds", "2", "--draws", "2")


@pytest.mark.slow
def test_a_stranger_runs_compares_reports_and_views(
    install: Callable[[str], Path], tmp_path: Path
) -> None:
    """A new environment, a new home, no cache; files in the way in the working directory."""
    bin = install("")
    here = Hostile(tmp_path / "work")
    known = {"HOME": str(tmp_path / "home"), "PATH": f"{bin}:/usr/bin:/bin"}

    def fupin(*words: str) -> str:
        return here.does(str(bin / "fupin"), *words, env=known)

    shown = re.search(r"Start with: fupin (.*)", fupin("--help"))
    assert shown and "fupin:2009-document" in fupin("list")
    # Compiles first, in two processes; then a pool of two.
    out = fupin(*shown[1].split(), *SMALL, "--workers", "2")
    assert "person-year" in out and "Report: results/" in out
    (result,) = (here.folder / "results").iterdir()
    assert json.loads((result / "summary.json").read_text())["outcomes"]["lifted"]["mean"]
    assert (result / "report.html").read_text("utf-8").rstrip().endswith("</html>")
    fupin("verify", str(result))
    fupin("new", "mine")
    fupin("compare", "fupin:2009-document", "fupin:plans/more-training", *SMALL, "--workers", "1",
          "--out", "c")  # fmt: skip
    assert (here.folder / "c" / "report.html").is_file()
    assert str(ROOT) not in (here.folder / "c" / "run.json").read_text("utf-8")
    (here.folder / "fupin.py").unlink()  # `python -m` alone takes this one
    assert "fupin:2009-document" in here.does(str(bin / "python"), "-m", "fupin", "list", env=known)
    assert here.imported() == set()

    install("[view]")
    served = subprocess.Popen(
        [bin / "fupin", "view", "--no-open", "--port", "0", "--sample", "0.01"],
        cwd=here.folder, env=known, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert served.stdout is not None
        address = re.search(r"http://\S+", served.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(address[0], timeout=120) as answer:
            assert "solara" in answer.read().decode()
    finally:
        served.terminate()
        served.wait(30)
    assert here.imported() == set()


@pytest.mark.slow
def test_the_page_of_an_index_is_in_the_metadata(wheel: Path) -> None:
    stored = zipfile.ZipFile(wheel)
    (name,) = [n for n in stored.namelist() if n.endswith(".dist-info/METADATA")]
    told = stored.read(name).decode()
    assert "\nfupin run fupin:2009-document\n" in told and "](docs/" not in told
    assert "Classifier: Intended Audience :: Science/Research" in told


@pytest.mark.slow
def test_it_is_a_tool_without_a_network(wheel: Path, tmp_path: Path) -> None:
    """`uv tool install` from what was downloaded before: packages at the versions tested here."""
    uv = shutil.which("uv")
    assert uv is not None
    ask = {"check": True, "capture_output": True, "text": True}
    listed = subprocess.run([uv, "pip", "freeze", "--python", sys.executable], **ask).stdout  # type: ignore[call-overload]
    cache = subprocess.run([uv, "cache", "dir"], **ask).stdout.strip()  # type: ignore[call-overload]
    pins = tmp_path / "pins.txt"
    pins.write_text("\n".join(line for line in listed.splitlines() if "==" in line))
    known = {
        "HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin", "UV_CACHE_DIR": cache,
        "UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
    }  # fmt: skip
    here = Hostile(tmp_path / "work")
    here.does(uv, "tool", "install", "--offline", "--python", sys.executable, "-c", str(pins),
              str(wheel), env=known)  # fmt: skip
    assert "fupin:2009-document" in here.does(str(tmp_path / "bin" / "fupin"), "list", env=known)
    assert here.imported() == set()
