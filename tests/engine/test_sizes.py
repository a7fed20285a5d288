"""What is read, kept or written in pieces does not depend on how large a piece may be."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet as parquet
import pytest
from fupin.engine import one_scenario as run_module
from fupin.engine import run_tables as results
from fupin.engine import session as engine
from fupin.engine.many import job_of, run_many
from fupin.engine.run_ids import Job, Point, RunIndex, index_runs
from fupin.report import workbook
from fupin.results.draws import CENTRAL
from fupin.store.record import Record, encode
from fupin.store.runs import RunStore
from fupin.sweeps import folder as sweep_folder
from fupin.sweeps import points as sweep_points
from fupin.sweeps import results as sweep_results
from fupin.sweeps.file import load_sweep
from hypothesis import given, settings
from hypothesis import strategies as st

NUMBERS = "quick_runs:numbers"
MONTHS = "province_by_month"


def points(count: int) -> list[Point]:
    return [Point({"x": x}, {}, {"x": x}) for x in range(count)]


def index_of(count: int, seeds: int, *tables: str) -> RunIndex:
    job = job_of(NUMBERS)
    return index_runs(
        points(count), [CENTRAL], range(1, seeds + 1), Job(job.function, {}, tables, False, "1")
    )


def months(n: int) -> pyarrow.Table:
    """Of run number n: none to three rows, not the same number each."""
    return pyarrow.table({"month": pyarrow.array(range(n % 4), pyarrow.int16())})


def record_all(index: RunIndex, store: RunStore, but: int = -1) -> None:
    store.append(
        [
            encode(Record(index.run_at(n), 0.1, {"poor": float(n)}, {MONTHS: months(n)}))
            for n in range(len(index))
            if n != but
        ]
    )


@given(st.integers(1, 8), st.integers(1, 4), st.integers(1, 30), st.integers(-1, 7))
@settings(max_examples=40, deadline=None)
def test_details_of_every_run_stand_there_once(
    number: int, seeds: int, at_a_time: int, but: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(results, "ROWS", at_a_time)
        patch.setattr(results, "DETAIL_ROWS", at_a_time)
        index = index_of(number, seeds, MONTHS)
        with RunStore(Path(folder)) as store:
            record_all(index, store, but)
            tables = list(results.detail_tables(index, store, MONTHS))
    found = [(r["run"], r["point"], r["seed"], r["month"]) for t in tables for r in t.to_pylist()]
    assert found == [
        (index.run_at(n), n // seeds + 1, n % seeds + 1, month)
        for n in range(number * seeds)
        if n != but
        for month in range(n % 4)
    ]
    assert len({table.schema for table in tables}) <= 1


@pytest.mark.parametrize("most", [1, 2, 5])
def test_batches_of_any_length_do_every_run(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run_many(points(7), [1, 2], function=NUMBERS, workers=1).table
    monkeypatch.setattr(engine, "MOST_IN_A_BATCH", most)
    assert run_many(points(7), [1, 2], function=NUMBERS, workers=1).table.equals(whole)


@pytest.mark.parametrize("in_a_group", [1, 2, 3, 7, 8])
def test_stored_points_are_found_in_any_order(
    in_a_group: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_folder, "_POINTS_PER_GROUP", in_a_group)
    writer = sweep_folder.PointsWriter(tmp_path)
    made = index_runs(points(7), [CENTRAL], [1, 2], job_of(NUMBERS), writer.add)
    writer.write()
    sweep_folder.write_json(tmp_path / "sweep.json", sweep_folder.about(made, name="a"))
    index = sweep_folder.read_index(tmp_path)
    assert (index.ids == made.ids).all()
    for i in (0, 6, 3, 1, 5, 0, 2, 4, 6):
        assert index.points[i].factors == {"x": i}
        assert dict(sweep_folder.StoredPoints(tmp_path / "points.parquet")[i].scenario)["x"] == i


def test_points_that_are_made_again_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "scenario: fupin:2009-document\nfactors:\n"
        "  programmes.skills_training.budget: [1 million, 2 million, 3 million]\n"
        "  weather: [mean, chance]\n",
        encoding="utf-8",
    )
    whole = list(load_sweep(file).points)
    monkeypatch.setattr(sweep_points, "_SCENARIOS_IN_MEMORY", 1)
    few = load_sweep(file).points
    for i in (0, 5, 2, 0, 1, 4, 3, 5):
        assert few[i] == whole[i]


def test_what_a_longer_sweep_does_not_write_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables of a smaller sweep in the same folder would be taken for those of this one."""
    monkeypatch.setattr(sweep_results, "CSV_ROWS", 6)

    def written(index: RunIndex) -> set[str]:
        with RunStore(tmp_path / "store") as store:
            record_all(index, store)
            about: dict[str, Any] = {"schema": 1}
            sweep_results.write_results(tmp_path, index, store, about, print)
        assert parquet.read_table(tmp_path / "runs.parquet").num_rows == len(index)
        return {file.name for file in tmp_path.iterdir()} & {
            "runs.csv", "means.csv", "months.parquet",
        }  # fmt: skip

    assert written(index_of(3, 2, MONTHS)) == {"runs.csv", "means.csv", "months.parquet"}
    assert written(index_of(4, 2, MONTHS)) == {"means.csv", "months.parquet"}
    assert written(index_of(7, 1)) == set()
    assert written(index_of(6, 1)) == {"runs.csv", "means.csv"}


def test_a_table_that_no_sheet_holds_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.setattr(workbook, "EXCEL_ROWS", 4)
    tables = {f"of_{n}": pyarrow.table({"a": list(range(n))}) for n in (2, 3, 4)}
    assert workbook.write_excel(tables, tmp_path / "a.xlsx") == ["of_4"]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {sheet.title: sheet.max_row for sheet in book} == {"of_2": 3, "of_3": 4}


def test_what_another_process_has_open_stays_in_a_cache_that_is_too_large(tmp_path: Path) -> None:
    for age, name in enumerate(["new", "old", "open"]):
        with RunStore(tmp_path / name) as store:
            store.append([encode(Record("0" * 32, 0.1, {"poor": 1.0}))])
        for file in (tmp_path / name).iterdir():
            os.utime(file, (1e9 - age, 1e9 - age))
    size = sum(file.stat().st_size for file in (tmp_path / "new").iterdir())
    with RunStore(tmp_path / "open"):
        for file in (tmp_path / "open").iterdir():
            os.utime(file, (1e9 - 9, 1e9 - 9))
        run_module._trim(tmp_path, 3 * size)
        assert {folder.name for folder in tmp_path.iterdir()} == {"new", "old", "open"}
        run_module._trim(tmp_path, 2 * size)
        assert {folder.name for folder in tmp_path.iterdir()} == {"new", "open"}


@pytest.mark.parametrize("at_a_time", [1, 2, 3, 7])
def test_means_and_csv_do_not_depend_on_how_many_runs_are_read(
    at_a_time: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = index_of(5, 2)
    with RunStore(tmp_path / "store") as store:
        record_all(index, store, but=3)
        whole = sweep_results.point_means(index, store)
        monkeypatch.setattr(results, "ROWS", at_a_time)
        assert sweep_results.point_means(index, store).equals(whole)
        sweep_results.write_results(tmp_path, index, store, {"schema": 1}, print)
    assert whole["runs"].to_pylist() == [2, 1, 2, 2, 2]
    assert whole["poor.mean"].to_pylist() == [0.5, 2.0, 4.5, 6.5, 8.5]
    rows = (tmp_path / "runs.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [row.split(",")[0].strip('"') for row in rows] == [
        index.run_at(n) for n in range(10) if n != 3
    ]
