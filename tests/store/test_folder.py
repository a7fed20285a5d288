"""A result folder is whole or absent, is the same for the same inputs, and reads back."""

from __future__ import annotations

import csv
import errno
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.lives.summary import summarise
from fupin.results.draws import Draw
from fupin.store import folder as store
from fupin.store import tables
from fupin.store.versions import package_versions, sources_fingerprint
from made_up_runs import KEYS, result

NOON = datetime(2009, 12, 31, 12, 0, 0, tzinfo=UTC)
DRAWS = [Draw("prior:1", {"livelihood.persistence": 0.61}), Draw("prior:2")]
RUNS = [result(draw.label, seed) for draw in DRAWS for seed in (1, 2)]
SCENARIO = {"name": "更多培训", "programmes": {"skills_training": {"budget": 30_540_000}}}


def write(folder: Path) -> Path:
    return store.write_result(
        folder,
        scenario=SCENARIO,
        draws=DRAWS,
        seeds=[1, 2],
        summary=summarise(RUNS, KEYS),
        results=RUNS,
        versions={"fupin": "0.1.0"},
        hashes={"sources": "ab"},
        created=NOON,
    )


def test_everything_reads_back(tmp_path: Path) -> None:
    stored = store.read_result(write(tmp_path / "deep" / "er" / "mine"))
    assert stored.run["scenario"] == SCENARIO
    assert stored.run["draws"][0] == {
        "label": "prior:1", "overrides": {"livelihood.persistence": 0.61}, "places": 0,
        "luck": None,
    }  # fmt: skip
    assert stored.run["seeds"] == [1, 2]
    assert stored.run["created"] == "2009-12-31T12:00:00Z"
    assert stored.run["versions"] == {"fupin": "0.1.0"}
    assert stored.run["hashes"]["sources"] == "ab"
    assert stored.summary == json.loads(json.dumps(summarise(RUNS, KEYS)))
    assert stored.table_names == ["county_by_year", "province_by_month", "runs"]
    for found, made in zip(stored.results, RUNS, strict=True):
        assert (found.draw, found.seed) == (made.draw, made.seed)
        assert found.outcomes == made.outcomes
        assert found.programmes == made.programmes
        assert found.by_year == made.by_year
    assert summarise(stored.results, KEYS) == summarise(RUNS, KEYS)
    counties = stored.table("county_by_year")
    assert len(counties["county"]) == 4 * 172
    assert counties["name"][3] == "县3"
    assert counties["county"].dtype == np.int16
    assert np.array_equal(
        counties["registered_poor"][172:344], RUNS[1].tables["county_by_year"]["registered_poor"]
    )
    assert counties["draw"][-1] == "prior:2"


def test_same_inputs_same_bytes(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one"), write(tmp_path / "two")
    names = sorted(file.name for file in one.iterdir())
    assert names == sorted(file.name for file in two.iterdir())
    assert {"run.json", "summary.json", "runs.parquet", "runs.csv"} <= set(names)
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    for name in ("summary.json", "run.json"):
        text = (one / name).read_text(encoding="utf-8")
        assert str(tmp_path) not in text
    assert "created" not in (one / "summary.json").read_text(encoding="utf-8")


def test_csv_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    raw = (write(tmp_path / "r") / "county_by_year.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")  # without the mark, Chinese names are garbled there
    lines = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert lines[0][:6] == ["draw", "seed", "county", "name", "name_zh", "year"]
    assert lines[2] == ["prior:1", "1", "1", "县1", "", "2009", "132", "3007.3"]
    assert len(lines) == 1 + 4 * 172


def test_long_tables_are_parquet_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "CSV_ROWS", 100)
    written = write(tmp_path / "r")
    assert (written / "county_by_year.parquet").exists()
    assert not (written / "county_by_year.csv").exists()
    assert (written / "province_by_month.csv").exists()


@pytest.mark.parametrize("most", [1, 7, 20, 60])
def test_texts_that_fill_more_than_one_array(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = np.array(["县", "", "prior:1", "a text that is longer than all", "县", "b", ""])
    monkeypatch.setattr(tables, "_MOST_BYTES", most)
    table = {"name": names, "year": np.arange(7, dtype=np.int16)}
    assert tables.to_arrow(table)["name"].num_chunks > (0 if most == 60 else 1)
    tables.write_parquet(table, tmp_path / "t.parquet")
    tables.write_csv(table, tmp_path / "t.csv")
    found = tables.read_parquet(tmp_path / "t.parquet")
    assert found["name"].tolist() == names.tolist()
    assert found["year"].tolist() == list(range(7))
    codes = tables.read_codes(tmp_path / "t.parquet", ["name"], ["year"])
    assert [codes["name"][1][code] for code in codes["name"][0]] == names.tolist()
    rows = list(csv.reader((tmp_path / "t.csv").read_text("utf-8-sig").splitlines()))
    assert [name for name, _ in rows[1:]] == names.tolist()


def test_damage_is_found(tmp_path: Path) -> None:
    stored = store.read_result(write(tmp_path / "r"))
    assert stored.damaged_files() == []
    summary = stored.folder / "summary.json"
    summary.write_text(summary.read_text(encoding="utf-8").replace("1", "2", 1), encoding="utf-8")
    (stored.folder / "runs.csv").unlink()
    assert stored.damaged_files() == ["runs.csv", "summary.json"]


def test_an_existing_result_is_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    write(folder)  # an empty folder may be used
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(InputError, match="not empty"):
        write(folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    file = tmp_path / "file"
    file.write_text("mine")
    for target in (file, file / "below"):
        with pytest.raises(InputError, match="is a file"):
            write(target)
    assert file.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "r"]


def test_a_target_is_tried_and_nothing_of_it_stays(tmp_path: Path) -> None:
    for target in (tmp_path / "r", tmp_path / "not" / "there" / "yet"):
        store.check_target(target)
    (tmp_path / "empty").mkdir()
    store.check_target(tmp_path / "empty")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["empty"]


@pytest.mark.parametrize("name", ["x" * 250, "x\0y", "x" * 300])
def test_a_name_that_no_disk_takes_is_told_before_the_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        store.check_target(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        store.check_target(tmp_path / "not" / "there")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        store.check_target(tmp_path / "r")


@pytest.mark.parametrize("step", ["first table", "last file", "rename"])
def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if step == "first table":
        monkeypatch.setattr(tables, "write_parquet", full)
    elif step == "last file":
        monkeypatch.setattr(store, "_flush", full)
    else:
        monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(store.ResultNotWritten, match="No space left") as caught:
        write(tmp_path / "r")
    assert "Nothing was left behind" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_a_killed_writer_leaves_no_result_that_looks_whole(tmp_path: Path) -> None:
    """The process dies after all files are written, just before the rename."""
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        f"sys.path[:0] = {[str(Path(__file__).parent), *sys.path]!r}\n"
        "from fupin.store import folder\n"
        "import test_folder\n"
        "folder._flush = lambda partial: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"test_folder.write(Path({str(tmp_path / 'r')!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert not (tmp_path / "r").exists()
    left = list(tmp_path.iterdir())
    assert len(left) == 1
    assert left[0].name.startswith(".r.")
    write(tmp_path / "r")  # the next attempt is not disturbed
    assert store.read_result(tmp_path / "r").damaged_files() == []


def test_what_is_no_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no result folder"):
        store.read_result(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"no run\.json"):
        store.read_result(tmp_path)
    folder = write(tmp_path / "r")
    (folder / "summary.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="readable JSON"):
        store.read_result(folder)
    other = write(tmp_path / "other")
    record = json.loads((other / "run.json").read_text(encoding="utf-8"))
    (other / "run.json").write_text(json.dumps(record | {"schema": 99}), encoding="utf-8")
    with pytest.raises(InputError, match="form 99"):
        store.read_result(other)
    with pytest.raises(InputError, match="has no table harvest"):
        store.read_result(write(tmp_path / "third")).table("harvest")


def test_default_name(tmp_path: Path) -> None:
    name = store.default_folder(tmp_path, "2009 document/..", NOON)
    assert name == tmp_path / "2009-document-20091231T120000Z"
    name.mkdir()
    assert store.default_folder(tmp_path, "2009 document/..", NOON).name.endswith("Z-2")
    assert store.default_folder(tmp_path, "///", NOON).name == "scenario-20091231T120000Z"


def test_tables_that_do_not_fit_together_are_refused() -> None:
    lacking = result("central", 2)
    del lacking.tables["county_by_year"]
    with pytest.raises(ValueError, match="different tables"):
        tables.gather([result(), lacking])
    other = result("central", 2)
    other.tables["county_by_year"]["rain"] = np.zeros(172)
    with pytest.raises(ValueError, match="other columns"):
        tables.gather([result(), other])


def test_sources_fingerprint_sees_content_and_names(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    first = sources_fingerprint(tmp_path)
    (tmp_path / "notes.txt").write_text("no source")
    assert sources_fingerprint(tmp_path) == first
    (tmp_path / "a.py").write_text("x = 2")
    assert sources_fingerprint(tmp_path) != first
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert sources_fingerprint(tmp_path) != first
    assert package_versions()["numpy"] == np.__version__
