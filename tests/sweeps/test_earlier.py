"""Another sweep of the same name never takes the place of tables without a word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from fupin.engine.many import job_of
from fupin.engine.run_ids import Point, RunIndex, index_runs
from fupin.errors import InputError
from fupin.results.draws import CENTRAL
from fupin.sweeps import folder as sweep_folder
from fupin.sweeps.earlier import loses


def asked(xs: Sequence[int], seeds: Sequence[int] = (1,), name: str = "x") -> RunIndex:
    points = [Point({"x": x}, {}, {name: x}) for x in xs]
    return index_runs(points, [CENTRAL], seeds, job_of("quick_runs:numbers"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a sweep of x over 1, 2, 3."""
    writer = sweep_folder.PointsWriter(tmp_path)
    index = asked([1, 2, 3])
    for i, point in enumerate(index.points):
        writer.add(i, point, [run.tobytes().hex() for run in index.ids[i].reshape(-1)])
    writer.write()
    about = sweep_folder.about(index, name="e")
    sweep_folder.write_json(tmp_path / sweep_folder.SWEEP_FILE, about)
    return tmp_path


def test_a_sweep_that_goes_on_or_grows_loses_nothing(folder: Path, tmp_path: Path) -> None:
    assert loses(tmp_path / "new", asked([1])) is None
    assert loses(folder, asked([1, 2, 3])) is None
    assert loses(folder, asked([3, 2, 1, 4], seeds=[1, 2])) is None


def test_a_smaller_one_says_what_tables_leave_out(folder: Path) -> None:
    said = loses(folder, asked([1, 2]))
    assert said is not None and said.startswith("1 runs")


def test_another_one_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="varies x, and this one y"):
        loses(folder, asked([1, 2, 3], name="y"))
    with pytest.raises(InputError, match="no run in common"):
        loses(folder, asked([7, 8]))


def test_one_that_cannot_be_read_is_said(folder: Path) -> None:
    (folder / sweep_folder.POINTS_FILE).write_bytes(b"no table")
    said = loses(folder, asked([1, 2, 3]))
    assert said is not None and "cannot be read" in said
