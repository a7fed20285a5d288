"""Results that were written when the package had another name are read: reports, exports, hashes.

Runs are computed anew, since the sources are others; what was written stays a result.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fupin.cli import cli
from fupin.engine.run_ids import EARLIER_NAMES, SIMULATE, function_of, index_runs, job_version
from fupin.sweeps.folder import read_about, read_index

STORED = Path(__file__).with_name("old_results")
SINGLE = ("run", "sweep", "compare")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with all of them as they were written."""
    for archive in STORED.glob("*.tar.xz"):
        with tarfile.open(archive) as stored:
            stored.extractall(tmp_path, filter="data")
    return tmp_path


def fupin(*words: object) -> Result:
    done = CliRunner().invoke(cli, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done


def test_they_are_of_the_time_before(old: Path) -> None:
    about = read_about(old / "sweep")
    assert about["function"] in EARLIER_NAMES
    assert about["versions"]["fupin"] == "0.1.0"
    for name in ("run", "compare"):
        record = json.loads((old / name / "run.json").read_text("utf-8"))
        assert record["versions"]["fupin"] == "0.1.0"
    assert sum(archive.stat().st_size for archive in STORED.iterdir()) < 400_000


@pytest.mark.parametrize("name", SINGLE)
def test_their_hashes_are_checked(old: Path, name: str) -> None:
    said = fupin("verify", old / name).output
    assert "NOT intact" not in said and "intact" in said


@pytest.mark.parametrize("name", SINGLE)
def test_an_altered_one_is_found(old: Path, name: str) -> None:
    file = next(f for f in sorted((old / name).iterdir()) if f.suffix == ".csv")
    file.write_bytes(file.read_bytes() + b"\n")
    done = CliRunner().invoke(cli, ["verify", str(old / name)])
    assert done.exit_code == 1 and file.name in done.output


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_their_reports_are_written(old: Path, name: str, language: str) -> None:
    file = old / f"{name}.html"
    fupin("report", old / name, "--lang", language, "--output", file)
    text = file.read_text("utf-8")
    assert text.rstrip().endswith("</html>") and len(text) > 20_000


@pytest.mark.parametrize("name", ["run", "sweep"])
def test_they_are_exported(old: Path, name: str) -> None:
    fupin("export", old / name, "--csv", old / "tables", "--excel", old / "book.xlsx")
    assert (old / "book.xlsx").stat().st_size > 5_000
    assert len(list((old / "tables").glob("*.csv"))) >= 3


def test_shards_are_merged_into_what_the_whole_sweep_holds(old: Path) -> None:
    fupin("merge", old / "shards")
    said = fupin("verify", old / "shards").output
    assert "NOT intact" not in said and "8 recorded runs" in said
    for name in ("runs.csv", "means.csv"):
        assert (old / "shards" / name).read_bytes() == (old / "sweep" / name).read_bytes()


def test_a_run_of_an_old_sweep_is_made_again_by_what_the_function_is_called_now(old: Path) -> None:
    """It may come out differently; that it is of another version is said."""
    done = CliRunner().invoke(cli, ["verify", str(old / "sweep"), "--rerun", "1"])
    assert "another version of fupin" in done.output and "run again, point 1" in done.output
    assert "which is not part of fupin" not in done.output


def test_its_runs_have_other_names_now(old: Path) -> None:
    """So nothing that other sources gave is taken for what these give."""
    before = read_index(old / "sweep")
    job = before.job
    assert job.function == SIMULATE and job.version != job_version()
    now = index_runs(before.points, before.draws, before.seeds, type(job)(settings=job.settings))
    assert not set(before.ids.reshape(-1).tolist()) & set(now.ids.reshape(-1).tolist())


def test_every_earlier_name_is_that_of_a_function() -> None:
    for before, now in EARLIER_NAMES.items():
        assert function_of(before) is function_of(now)
