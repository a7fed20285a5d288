"""Every kind of result folder x every fault of every file x whoever reads it: told, or the same.

One list says which folders there are. A module that writes another kind of folder fails a test
here, so that it cannot be forgotten.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from file_faults import FAULTS as OF_ANY_FILE
from fupin.allocation.attribution_folder import write_attribution
from fupin.allocation.folder import write_allocation
from fupin.errors import InputError
from fupin.files.integrity import read_json
from fupin.lives.summary import summarise
from fupin.report.export import sheets, write_csv
from fupin.results.draws import Draw
from fupin.store import folder as store
from fupin.store.folder import RUN_FILE
from fupin.verify.files import check_files
from fupin.verify.findings import Findings
from fupin.verify.reruns import verify
from made_up_runs import KEYS, result

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="links, pipes and modes of Linux")

PACKAGE = Path(store.__file__).parents[1]
DRAWS = [Draw("prior:1"), Draw("prior:2")]
PLAN = {"name": "mine", "programmes": {"skills_training": {"budget": 30_540_000}}}
HASHES = {"sources": "ab"}


def _run(folder: Path) -> Path:
    runs = [result(draw.label, 1) for draw in DRAWS]
    return store.write_result(
        folder, scenario=PLAN, draws=DRAWS, seeds=[1], summary=summarise(runs, KEYS),
        results=runs, versions={"fupin": "0.2.0"}, hashes=HASHES,
    )  # fmt: skip


def _allocation(folder: Path) -> Path:
    table: dict[str, Any] = {
        "programme": np.array(["skills_training", "relocation"]),
        "yuan": np.array([1, 2], np.int64),
        "gain": np.array([0.5, np.nan]),
    }
    return write_allocation(
        folder, base=PLAN, draws=DRAWS, seeds=[1], allocation={"schema": 1, "question": "q"},
        plan="extends: fupin:2009-document\n", named_tables={"allocation": table, "curves": table},
        money={"plan.csv": "县,yuan\n大名县,1\n".encode()}, versions={"fupin": "0.2.0"},
        hashes=HASHES,
    )  # fmt: skip


def _attribution(folder: Path) -> Path:
    table: dict[str, Any] = {
        "programme": np.array(["skills_training", "relocation"]),
        "share": np.array([2, -1]),
    }
    return write_attribution(
        folder, base=PLAN, draws=DRAWS, seeds=[1], attribution={"schema": 1, "until": 2013},
        named_tables={"shares": table}, versions={"fupin": "0.2.0"}, hashes=HASHES,
    )  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of result folder.

    Attributes:
        module: which writes it, below the package.
        make: writes a small one; None where other tests try the faults on one that was lived.
        elsewhere: those tests.
    """

    module: str
    make: Callable[[Path], Path] | None = None
    elsewhere: str = ""


KINDS = {
    "run": Kind("store/folder.py", _run),
    "allocation": Kind("allocation/folder.py", _allocation),
    "attribution": Kind("allocation/attribution_folder.py", _attribution),
    "comparison": Kind("comparison/folder.py", elsewhere="tests/verify/test_verify.py"),
    "sweep": Kind("sweeps/folder.py", elsewhere="tests/verify/test_verify.py"),
}

FAULTS: dict[str, Callable[[Path], None]] = {**OF_ANY_FILE, "missing": Path.unlink}
MADE = {name: kind.make for name, kind in KINDS.items() if kind.make is not None}


def test_every_kind_of_folder_is_in_the_list() -> None:
    """Whoever makes a record of hashes writes a kind of result."""
    writes = re.compile(r"^from fupin\.store\.folder import [^\n]*\brun_record\b", re.M)
    wraps = re.compile(r"^from fupin\.store\.folder import \(([^)]*)\)", re.M)
    found = {"store/folder.py", "sweeps/folder.py"}
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        wrapped = any("run_record" in match for match in wraps.findall(text))
        if writes.search(text) or wrapped:
            found.add(file.relative_to(PACKAGE).as_posix())
    known = {kind.module for kind in KINDS.values()}
    assert found == known, (
        f"{found ^ known}: add to KINDS above how a small folder of that kind is made"
    )
    root = PACKAGE.parents[1]
    for kind in KINDS.values():
        assert kind.make is not None or (root / kind.elsewhere).is_file()


def _files(folder: Path) -> list[Path]:
    return sorted(f.relative_to(folder) for f in folder.rglob("*") if f.is_file())


def _exported(folder: Path, out: Path) -> dict[str, bytes]:
    write_csv(sheets(folder), out)
    found = {file.name: file.read_bytes() for file in out.iterdir()}
    shutil.rmtree(out)
    return found


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", MADE)
def test_a_fault_of_any_file_is_told_and_never_exported(
    kind: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("somebody's own")
    monkeypatch.setenv("FUPIN_TEST_MINE", str(mine))
    folder = MADE[kind](tmp_path / "it")
    pristine = tmp_path / "pristine"
    shutil.copytree(folder, pristine)
    intact = Findings()
    check_files(intact, folder, RUN_FILE, read_json(folder / RUN_FILE))
    assert intact.wrong == []
    expected = _exported(folder, tmp_path / "out")
    for name in _files(pristine):
        FAULTS[fault](folder / name)
        what = f"{kind}, {fault}, {name}"
        try:
            wrong = verify(folder).wrong
            closed = fault == "closed"  # whose bytes the superuser reads all the same
            assert closed or any(name.name in line for line in wrong), (what, wrong)
        except InputError as error:
            assert name.name in str(error), (what, error)
        try:
            assert _exported(folder, tmp_path / "out") == expected, what
        except InputError as error:
            assert str(error), what
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        assert mine.read_text() == "somebody's own"
        shutil.rmtree(folder)
        shutil.copytree(pristine, folder)
