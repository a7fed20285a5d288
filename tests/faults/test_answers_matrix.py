"""Files that later commands take numbers from, beside results: calibrations, and answers of sweeps.

Every fault of every file, whoever reads it: told in one message that names it, or the same.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from file_faults import FAULTS as OF_ANY_FILE
from fupin import paths
from fupin.calibration.files import RUNS
from fupin.commands.discover import run_discover
from fupin.commands.sensitivity import run_sensitivity
from fupin.errors import InputError
from fupin.files import kept
from fupin.files.integrity import sealed
from fupin.report.html.page import write_report
from fupin.results.posterior_table import (
    MANIFEST,
    read_luck,
    read_manifest,
    read_outcomes,
    read_posterior,
)
from fupin.uncertainty.files import FOLDER, read_discovery, read_sensitivity
from fupin.verify.files import check_answers
from fupin.verify.findings import Findings
from made_up_sweep import three_plans

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="links, pipes and modes of Linux")

FAULTS: dict[str, Callable[[Path], None]] = {**OF_ANY_FILE, "missing": Path.unlink}
CALIBRATION: dict[str, Callable[[Path], Any]] = {
    "A": lambda folder: read_posterior("A", folder),
    "B": lambda folder: read_posterior("B", folder),
    "luck": lambda folder: read_luck("B", folder),
    "outcomes": read_outcomes,
    "manifest": read_manifest,
}
ANSWERS: dict[str, Callable[[Path], Any]] = {
    "sensitivity": read_sensitivity, "discover": read_discovery,
}  # fmt: skip


@pytest.fixture(scope="module")
def calibration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped one, with a manifest that is sealed as those written now are."""
    folder = tmp_path_factory.mktemp("calibrated") / "it"
    folder.mkdir()
    for name in (MANIFEST, "posterior-A.csv", "posterior-B.csv", "outcomes-B.csv"):
        shutil.copy(paths.calibration() / name, folder / name)
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = three_plans(tmp_path_factory.mktemp("swept") / "it", 12)
    run_sensitivity(folder, quiet=True)
    run_discover(folder, "lifted < 150 thousand", quiet=True)
    return folder


def _try(
    folder: Path, files: list[str], readers: dict[str, Callable[[Path], Any]], fault: str
) -> None:
    """Do a fault to each file; who reads the folder gives what it gave, or names a file of it."""
    same = {name: repr(read(folder)) for name, read in readers.items()}
    pristine = folder.with_name("pristine")
    shutil.copytree(folder, pristine)
    for file in files:
        FAULTS[fault](folder / file)
        told = False
        for name, read in readers.items():
            try:
                assert repr(read(folder)) == same[name], (fault, file, name)
            except InputError as error:
                told = True
                assert Path(file).name in str(error) or "made from other runs" in str(error), (
                    fault, file, name, error,
                )  # fmt: skip
        assert told or fault == "closed", (fault, file)  # the superuser reads it all the same
        shutil.rmtree(folder)
        shutil.copytree(pristine, folder)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_calibration_is_told(
    fault: str, calibration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mine(tmp_path, monkeypatch)
    folder = tmp_path / "it"
    shutil.copytree(calibration, folder)
    files = [f.name for f in folder.iterdir()]
    assert RUNS not in files  # which no run reads
    _try(folder, files, CALIBRATION, fault)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_an_answer_is_told(
    fault: str, answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mine(tmp_path, monkeypatch)
    folder = tmp_path / "it"
    shutil.copytree(answers, folder)
    files = [f"{FOLDER}/{name}" for name in ("sensitivity.json", "discover.json")]
    _try(folder, files, ANSWERS, fault)


@pytest.mark.parametrize("fault", ["flip", "cut", "empty", "digit", "other runs"])
@pytest.mark.parametrize("name", ["sensitivity.json", "discover.json"])
def test_verify_and_a_report_tell_an_altered_answer(
    fault: str, name: str, answers: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "it"
    shutil.copytree(answers, folder)
    file, runs = folder / FOLDER / name, folder / "runs.parquet"
    found = Findings()
    check_answers(found, folder / FOLDER, runs)
    assert found.wrong == []
    if fault == "digit":  # of a number that a report would print
        answer = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps({**answer, "schema": answer["schema"] + 1}), encoding="utf-8")
    elif fault == "other runs":
        runs.write_bytes(runs.read_bytes() + b" ")
    else:
        OF_ANY_FILE[fault](file)
    check_answers(found, folder / FOLDER, runs)
    assert any(name in line for line in found.wrong)
    if fault != "other runs":  # which the report reads, too
        kept.forget()
        write_report(folder)
        said = capfd.readouterr().err
        assert said.count("\n") == 1 and name in said


def _mine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = folder / "mine.txt"
    mine.write_text("somebody's own")
    monkeypatch.setenv("FUPIN_TEST_MINE", str(mine))
