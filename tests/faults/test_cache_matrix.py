"""Whatever is kept x whatever can happen to it x whoever reads it: the same result, one line said.

One list says what is kept. A command that keeps something else fails a test here, so that a new
kind of file cannot be forgotten.
"""

from __future__ import annotations

import ast
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from file_faults import FAULTS
from fupin import cli, paths
from fupin.calibration.runs import run_many
from fupin.commands.calibrate import records
from fupin.files import kept
from fupin.results.draws import Draw
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from toy_calibration import SPACE, linear

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="links, pipes and modes of Linux")

PLAN = "extends: fupin:2009-document\nhorizon: 2009\npopulation: {sample: 0.005}\n"
OTHER = "extends: plan.yaml\nprogrammes: {skills_training: {budget: 60 million}}\n"
ALONE = "extends: plan.yaml\nprogrammes: {%s}\n"
"""A plan of two programmes, so that what each did is known after four lives."""
SMALL = ("--seeds", "1", "--draws", "central", "--workers", "1", "--quiet")


@dataclass(frozen=True)
class Kept:
    """What is kept.

    Attributes:
        name: as messages name it.
        files: pattern of its files below the cache.
        commands: who reads it.
        fresh: they read it where they do not find the whole result in the cache.
        long: its commands take too long for every change; the slow test tries them.
    """

    name: str
    files: str
    commands: tuple[str, ...]
    fresh: bool = False
    long: bool = False


KINDS = (
    Kept(kept.LEVELS, "levels/*.levels", ("run", "compare"), fresh=True),
    Kept(kept.FRAMES, "frames/[!.]*/*", ("run", "compare", "population"), fresh=True),
    Kept(kept.WORLDS, "worlds/*.world", ("compare",)),
    Kept(kept.RUNS, "runs/*/*", ("run",)),
    Kept("recorded runs of searches", "allocations/*/*", ("attribute",), long=True),
    Kept("recorded runs of calibrations", "calibration/*/*/*", ("calibrate",)),
    Kept(kept.TEXTS, "report/*.kept", ("report",)),
    Kept(kept.KERNELS, "kernels/*/*.kernel", ("run",), fresh=True),
)
OUR_OWN = ("runs/*/lock", "allocations/*/lock", "calibration/*/*/lock", "*/**/failures")
"""Files that hold nothing."""
BYTECODE = "bytecode"
"""What Python keeps there by itself; an interpreter looks at it."""


class Home:
    """A folder with plans, a cache of its own, and what its commands gave before any fault."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.cache = folder, folder / "cache"
        self.cache.mkdir()
        self.mine = folder / "mine.txt"
        self.mine.write_text("somebody's own")
        monkeypatch.setenv("FUPIN_TEST_MINE", str(self.mine))
        shared = paths.cache() / "kernels"
        if shared.is_dir():  # else every process compiles; faults are done to copies
            (self.cache / "kernels").symlink_to(shared.absolute())
        monkeypatch.setenv("FUPIN_CACHE", str(self.cache))
        monkeypatch.chdir(folder)
        (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
        (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
        off = [key for key in PROGRAMME_KEYS if key not in ("skills_training", "rural_works")]
        text = ALONE % ", ".join(f"{key}: off" for key in off)
        (folder / "alone.yaml").write_text(text, encoding="utf-8")
        self.number = 0

    def does(
        self, command: str, capfd: pytest.CaptureFixture[str], fresh: bool = False
    ) -> tuple[bytes, str]:
        """What a command gives, and what it says on standard error."""
        if command == "calibrate":
            capfd.readouterr()
            toy_draws = [Draw(f"prior:{k}", dict.fromkeys(SPACE.names, k / 9)) for k in (1, 2)]
            runs = [(draw, seed) for draw in toy_draws for seed in (1, 2)]
            found, failed = run_many(linear, None, runs, 1, records() / "it")
            assert not failed
            return repr(found).encode(), capfd.readouterr().err
        self.number += 1
        out = f"{command}-{self.number}"
        words = {
            "run": ["run", "plan.yaml", "--out", out, *SMALL],
            "compare": ["compare", "plan.yaml", "other.yaml", "--out", out, *SMALL],
            "attribute": ["attribute", "alone.yaml", "--out", out, *SMALL],
            "population": ["population", "--sample", "0.005"],
            "report": ["report", "run-1", "--output", f"{out}.html"],
        }[command]
        words += ["--fresh"] if fresh and command in ("run", "compare") else []
        capfd.readouterr()
        before, sys.argv = sys.argv, ["fupin", *words]
        try:
            cli.main()
        except SystemExit as ended:
            assert not ended.code, (command, capfd.readouterr())
        finally:
            sys.argv = before
        said = capfd.readouterr()
        if command == "report":
            return Path(f"{out}.html").read_bytes(), said.err
        if command == "population":
            return said.out.encode(), said.err
        names = {"run": ("summary.json", "runs.parquet"), "compare": ("comparison.json",),
                 "attribute": ("attribution.json",)}  # fmt: skip
        return b"".join((Path(out) / name).read_bytes() for name in names[command]), said.err

    def files_of(self, kind: Kept) -> list[Path]:
        return sorted(f for f in self.cache.glob(kind.files) if f.is_file() and f.name != "lock")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    from fupin.population import cache

    monkeypatch.setattr(cache, "SMALL", 2000)  # so that columns are mapped as those of a province
    kept.forget()
    yield Home(tmp_path, monkeypatch)
    for file in tmp_path.rglob("*"):
        if not file.is_symlink() and file.exists() and not os.access(file, os.R_OK):
            file.chmod(0o700)
    kept.forget()


def test_every_file_in_the_cache_is_of_a_kind(
    home: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    for command in ("run", "compare", "population", "report", "calibrate"):
        home.does(command, capfd)
    known = {f for kind in KINDS for f in home.cache.glob(kind.files)}
    known |= {f for pattern in OUR_OWN for f in home.cache.glob(pattern)}
    there = {f for f in home.cache.rglob("*") if f.is_file() and BYTECODE not in f.parts}
    assert there - known == set()
    for kind in KINDS:
        elsewhere = kind.long or kind.name == kept.KERNELS
        assert elsewhere or home.files_of(kind), f"nobody keeps {kind.name}"


def _kept_below() -> set[str]:
    """Folders of the cache that some module names."""
    found = set()
    for file in paths.PACKAGE.rglob("*.py"):
        text = file.read_text("utf-8")
        for part in ast.walk(ast.parse(text if "paths.cache()" in text else "")):
            if (
                isinstance(part, ast.BinOp)
                and ast.unparse(part.left) == "paths.cache()"
                and isinstance(part.op, ast.Div)
            ):
                assert isinstance(part.right, ast.Constant), (file, ast.unparse(part))
                found.add(str(part.right.value))
    return found


def test_every_folder_of_the_cache_is_of_a_kind() -> None:
    """Also those of commands that take too long to be tried here."""
    named = {kind.files.partition("/")[0] for kind in KINDS} | {BYTECODE}
    assert _kept_below() == named, "add to KINDS above what lies there and who reads it"


def _matrix(
    home: Home, kind: Kept, faults: dict[str, int], capfd: pytest.CaptureFixture[str]
) -> int:
    """Each fault on some files of a kind; each command gives what it gave before.

    Args:
        faults: of every how manieth file, and of two at least; 1 of all.

    Returns:
        how many were tried.
    """
    tried = 0
    if "calibrate" not in kind.commands:
        home.does("run", capfd)  # whose result is reported
    gave = {command: home.does(command, capfd, kind.fresh)[0] for command in kind.commands}
    for number, (fault, every) in enumerate(faults.items()):
        files = home.files_of(kind)
        step = max(1, min(every, len(files) // 2))
        for file in files[number % step :: step]:
            for command in kind.commands:
                if not file.is_file() or file.is_symlink():
                    continue  # another command's key
                kept.forget()
                FAULTS[fault](file)
                tried += 1
                what = f"{kind.name}, {fault}, {file.name}, {command}"
                found, said = home.does(command, capfd, kind.fresh)
                assert found == gave[command], what
                assert "Traceback" not in said, what
                lines = [line for line in said.splitlines() if "were damaged" in line]
                assert len(lines) <= 1, (what, said)
                assert home.mine.read_text() == "somebody's own", what
                if file.is_file() and not file.is_symlink():
                    continue
                shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
    return tried


# Kernels are one folder for all tests, and are tried in tests/kernels/test_jit.py.
IN_PROCESS = tuple(kind for kind in KINDS if kind.name != kept.KERNELS)


@pytest.mark.parametrize(
    "kind", [k for k in IN_PROCESS if not k.long], ids=lambda kind: kind.name.replace(" ", "-")
)
def test_a_fault_of_what_is_kept_changes_nothing(
    home: Home, kind: Kept, capfd: pytest.CaptureFixture[str]
) -> None:
    """A fault or two of each kind; all of them in the slow test."""
    at = IN_PROCESS.index(kind)
    names = [list(FAULTS)[at % len(FAULTS)], "flip"]
    _matrix(home, kind, dict.fromkeys(names, 60), capfd)


@pytest.mark.slow
@pytest.mark.parametrize("kind", IN_PROCESS, ids=lambda kind: kind.name.replace(" ", "-"))
def test_every_fault_of_every_kind_changes_nothing(
    home: Home, kind: Kept, capfd: pytest.CaptureFixture[str]
) -> None:
    tried = _matrix(home, kind, dict.fromkeys(FAULTS, 6), capfd)
    with capfd.disabled():
        print(f"\n{kind.name}: {tried} faults")
    assert tried >= len(FAULTS)


@pytest.mark.parametrize(
    "how", ["no permission", pytest.param("a file", marks=pytest.mark.slow), "nowhere"]
)
def test_a_cache_that_cannot_be_used_ends_nothing(
    home: Home, how: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gave, _ = home.does("run", capfd)
    place = home.folder / "elsewhere"
    if how == "no permission":
        place.mkdir(mode=0o500)
        if os.access(place, os.W_OK):
            pytest.skip("the superuser may write anywhere")
    elif how == "a file":
        place.write_text("no folder")
    else:
        place.symlink_to(home.folder / "nowhere" / "at" / "all")
    monkeypatch.setenv("FUPIN_CACHE", str(place))
    kept.forget()
    found, said = home.does("run", capfd)
    assert found == gave and "Traceback" not in said
    # Once, whatever number of processes meet it: this one, the population's, the runs'.
    assert said.count("the cache takes no") == 1
