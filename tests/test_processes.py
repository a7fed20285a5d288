"""Processes that fupin starts import nothing from the working directory.

The folder of these tests holds files called like modules that fupin needs. Each of them leaves a
mark where it is imported, and fails: so the tests also notice what is imported and forgiven.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fupin import paths, processes
from fupin.browser.runs import Runs
from fupin.engine.run_ids import frame_fingerprint
from fupin.engine.workers import Pool
from fupin.kernels import ahead
from fupin.scenario.load import load_scenario
from hostile_folder import Hostile

SCRIPT = str(Path(sys.executable).with_name("fupin"))
SMALL = ("--sample", "0.002", "--draws", "central", "--fresh")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    monkeypatch.delenv(processes.SAFE_PATH, raising=False)
    # Coverage of subprocesses would import some of the names before the folder can offer its own.
    for name in [n for n in os.environ if n.startswith(("COVERAGE_", "COV_CORE_"))]:
        monkeypatch.delenv(name)
    hostile = Hostile(tmp_path / "hostile")
    monkeypatch.chdir(hostile.folder)
    yield hostile


@pytest.mark.parametrize(
    ("command", "noticed"),
    [
        (("-c", "from fupin.cli import main"), "fupin"),
        (("-m", "fupin.kernels.ahead"), "fupin"),
        (("-c", "import multiprocessing.spawn"), "pickle"),
    ],
)
def test_without_the_safe_path_the_files_are_noticed(
    here: Hostile, command: tuple[str, ...], noticed: str
) -> None:
    subprocess.run([sys.executable, *command], capture_output=True, check=False)
    assert here.imported() == {noticed}


def test_a_worker_that_is_started_without_it_is_noticed(here: Hostile, tmp_path: Path) -> None:
    script = tmp_path / "script.py"  # in another folder: this process itself imports the real one
    script.write_text(
        "import multiprocessing\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.get_context('spawn').Process(target=print).start()\n"
    )
    subprocess.run([sys.executable, script], capture_output=True, check=False)
    assert here.imported() == {"pickle"}


def test_the_command_runs_with_workers(here: Hostile) -> None:
    out = here.does(SCRIPT, "run", "fupin:2009-document", *SMALL, "--seeds", "2",
                    "--workers", "2", "--out", "result", "--quiet")  # fmt: skip
    assert out.strip() == "result"
    assert (here.folder / "result" / "summary.json").is_file()
    assert here.imported() == set()


def test_python_m_is_safe_but_for_a_file_of_its_own_name(here: Hostile) -> None:
    assert "2009-document" in here.does(sys.executable, "-P", "-m", "fupin", "list")
    (here.folder / "fupin.py").unlink()  # Python runs it before a line of the package
    assert "2009-document" in here.does(sys.executable, "-m", "fupin", "list")
    package = str(paths.PACKAGE)  # holds a folder `yaml`, and Python puts the package first
    assert "2009-document" in here.does(sys.executable, package, "list")
    assert here.imported() == set()


def test_python_m_finds_the_package_where_the_working_directory_holds_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fupin", "--help"], cwd=paths.PACKAGE.parent, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert "fupin (扶贫)" in done.stdout


def test_the_full_run_of_the_page(here: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = here.folder / "plan.yaml"
    plan.write_text("extends: fupin:2009-document\npopulation: {sample: 0.002}\nhorizon: 2009\n")
    monkeypatch.setattr(paths, "results", lambda: here.folder)
    run = Runs().start(load_scenario(plan), draws="central", fresh=True)
    assert run.process.wait(120) == 0, run.errors
    assert (run.folder / "summary.json").is_file()
    assert here.imported() == set()


def test_the_other_process_of_the_first_compile(here: Hostile) -> None:
    here.does(*ahead.other_process())
    assert here.imported() == set()


def test_workers_of_a_pool(here: Hostile) -> None:
    pool = Pool(2)
    found = pool.submit(eval, "__import__('sys').path").result()
    # What a worker starts by itself is not fupin's.
    variable = pool.submit(eval, f"__import__('os').environ.get({processes.SAFE_PATH!r})").result()
    assert pool.restart()
    pool.submit(eval, "1").result()
    pool.close()
    assert here.imported() == set()
    assert not {"", ".", str(here.folder)} & set(found)
    assert variable is None and processes.SAFE_PATH not in os.environ


def test_the_builder_of_a_frame(
    here: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "kernels").symlink_to(paths.cache() / "kernels")  # nothing is compiled for this
    monkeypatch.setenv("FUPIN_CACHE", str(cache))
    frame_fingerprint(0.001, 7)
    assert here.imported() == set()
    assert list((cache / "frames").iterdir())


def test_a_process_imports_from_where_this_one_does(
    here: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the working directory, however it is written."""
    link = tmp_path / "link"
    link.symlink_to(here.folder)
    monkeypatch.setattr(sys, "path", ["", ".", str(here.folder), str(link), "../other", *sys.path])
    found = processes.search_path()
    assert found[0] == str(here.folder / "../other")
    assert not {"", ".", str(here.folder), str(link)} & set(found)
    printed = here.does(*processes.python("print(sys.path, sys.argv[1:])", "a b"))
    assert printed == f"{found} ['a b']\n"


def test_fupin_itself_is_found_where_only_this_process_knew_of_it(
    here: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = str(paths.PACKAGE.parent)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != own])
    assert processes.search_path()[-1] == own
    assert "fupin" in here.does(*processes.python("import fupin; print(fupin.__file__)"))


def test_nobody_starts_a_process_in_another_way() -> None:
    """Python's own name stands in one module; `multiprocessing` beside the safe path alone."""
    for file in paths.PACKAGE.rglob("*.py"):
        text = file.read_text("utf-8")
        if "sys.executable" in text or "os.exec" in text:
            assert file.name == "processes.py", file
        if "get_context(" in text or "ProcessPoolExecutor(" in text:
            assert "processes.safe_path()" in text, file
        if "subprocess." in text:
            assert "processes" in text, file


def test_memory_that_is_freed_stays_where_the_c_library_can_do_that() -> None:
    told = "from fupin.processes import keep_freed_memory as keep; print(keep(), keep())"
    done = subprocess.run(processes.python(told), capture_output=True, text=True, check=True)
    assert done.stdout.split() in (["True", "True"], ["False", "False"])
    if sys.platform == "linux" and os.confstr("CS_GNU_LIBC_VERSION"):
        assert done.stdout.split() == ["True", "True"]
