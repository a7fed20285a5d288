"""Batches: the same table whoever did the work and after whatever accident, nothing done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow
import pytest
import quick_runs
from fupin.engine import run_tables as results
from fupin.engine import session as engine
from fupin.engine.many import Missing, job_of, run_many, working
from fupin.engine.run_ids import Job, Point, index_runs, job_version
from fupin.engine.worker import OtherVersion, work
from fupin.engine.workers import Here, Pool, WorkersDie, workers_of
from fupin.errors import InputError
from fupin.results.draws import Draw
from fupin.store.journal import DiskFull
from fupin.store.runs import RunStore
from hypothesis import given, settings
from hypothesis import strategies as st

NUMBERS = "quick_runs:numbers"
ACCIDENTS = "quick_runs:with_accidents"
DRAWS = [Draw("central"), Draw("prior:1", {"livelihood.persistence": 0.6})]


def points(count: int, **scenario: Any) -> list[Point]:
    return [Point({"x": x, **scenario}, {}, {"x": x}) for x in range(count)]


def test_the_table_is_the_same_here_and_in_a_pool(tmp_path: Path) -> None:
    alone = run_many(points(12), [1, 3], DRAWS, function=NUMBERS, workers=1)
    pooled = run_many(points(12), [1, 3], DRAWS, function=NUMBERS, workers=2, folder=tmp_path)
    assert alone.table.equals(pooled.table)
    assert alone.table.num_rows == 48
    assert alone.failures.num_rows == 0
    rows = alone.table.to_pylist()
    assert list(rows[0]) == ["run", "point", "seed", "draw", "x", "additional", "poor"]
    order = [(row["point"], row["draw"], row["seed"]) for row in rows]
    assert order == [(p, d.label, s) for p in range(1, 13) for d in DRAWS for s in (1, 3)]
    for row in rows:
        draw = Draw(row["draw"])
        expected = quick_runs.numbers({"x": row["x"]}, draw, row["seed"])
        assert {name: row[name] for name in expected} == expected
    assert rows[1]["additional"] is None


@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 3), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_every_run_is_one_row_however_many_rows_are_read_at_a_time(
    number: int, seeds: int, draws: int, at_a_time: int
) -> None:
    """More runs than fit into memory at a time, and a point of more runs than that."""
    chosen = [Draw(f"prior:{i}") for i in range(draws)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "ROWS", at_a_time)
        index = index_runs(points(number), chosen, range(1, seeds + 1), job_of(NUMBERS))
        with tempfile.TemporaryDirectory() as folder, RunStore(Path(folder)) as store:
            Missing(index, store).execute(Here())
            tables = list(results.run_tables(index, store))
    found = [(r["point"], r["draw"], r["seed"]) for t in tables for r in t.to_pylist()]
    assert found == [
        (p, draw.label, s)
        for p in range(1, number + 1)
        for draw in chosen
        for s in range(1, seeds + 1)
    ]
    split = [set(table["point"].to_pylist()) for table in tables]
    assert sum(map(len, split)) == number  # a point's runs are all in one table


def test_more_points_seeds_and_draws_compute_only_what_is_new(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.mkdir()
    few = [Point({"x": p.scenario["x"]}, {}, p.factors) for p in points(3)]

    def run(chosen: list[Point], seeds: list[int], draws: list[Draw]) -> pyarrow.Table:
        logged = [Point({**p.scenario, "log": str(log)}, {}, p.factors) for p in chosen]
        return run_many(
            logged, seeds, draws, function=NUMBERS, workers=1, folder=tmp_path / "f"
        ).table

    first = run(few, [1], DRAWS[:1])
    assert len(quick_runs.calls(log)) == 3
    run(few, [1], DRAWS[:1])
    assert len(quick_runs.calls(log)) == 3
    more = [*reversed(few), Point({"x": 9}, {}, {"x": 9})]
    table = run(more, [2, 1], DRAWS)
    assert len(quick_runs.calls(log)) == 4 * 2 * 2
    assert table.num_rows == 16
    ids = dict(zip(table["run"].to_pylist(), table["poor"].to_pylist(), strict=True))
    assert all(ids[row["run"]] == row["poor"] for row in first.to_pylist())


def test_the_id_is_the_content() -> None:
    def ids(scenario: Any, draw: Draw, **settings: Any) -> str:
        return index_runs([Point(scenario)], [draw], [1], job_of(NUMBERS, settings)).run_at(0)

    base = ids({"x": 1, "y": 2}, Draw("a", {"p": 1.0}))
    assert base == ids({"y": 2, "x": 1}, Draw("b", {"p": 1.0}))  # no names, no order
    others = {
        base,
        ids({"x": 1, "y": 3}, Draw("a", {"p": 1.0})),
        ids({"x": 1, "y": 2}, Draw("a", {"p": 1.5})),
        ids({"x": 1, "y": 2}, Draw("a", {"p": 1.0}, places=1)),
        ids({"x": 1, "y": 2}, Draw("a", {"p": 1.0}), speed=2),
        index_runs([Point({"x": 1, "y": 2})], [Draw("a", {"p": 1.0})], [2], job_of(NUMBERS)).run_at(
            0
        ),
        index_runs(
            [Point({"x": 1, "y": 2})], [Draw("a", {"p": 1.0})], [1], job_of(ACCIDENTS)
        ).run_at(0),
        index_runs(
            [Point({"x": 1, "y": 2})], [Draw("a", {"p": 1.0})], [1], Job(NUMBERS, version="other")
        ).run_at(0),
    }
    assert len(others) == 8


def test_accidents_are_rows_of_their_own_and_end_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    done = run_many(
        points(9), [1, 2], function=ACCIDENTS, workers=2, folder=tmp_path, notify=said.append
    )
    assert sorted(set(done.table["x"].to_pylist())) == [0, 1, 2, 4, 6, 8]
    assert done.table.num_rows == 12
    assert all(value is not None for value in done.table["poor"].to_pylist())
    found = {(r["x"], r["seed"]): (r["error"], r["message"]) for r in done.failures.to_pylist()}
    assert found.keys() == {(x, seed) for x in (3, 5, 7) for seed in (1, 2)}
    assert found[3, 1] == ("ZeroDivisionError", "no eligible household")
    assert found[5, 2][0] == "WorkerKilled"
    assert "memory" in found[5, 2][1]
    assert found[7, 1] == ("NotANumber", "poor is nan; return None where it is undefined")
    assert "with_accidents" in done.failures["traceback"].to_pylist()[0]
    assert any("A worker process was killed" in line for line in said)
    # Without the killer the same runs are the same.
    quiet = [point for point in points(9) if point.factors["x"] != 5]
    again = run_many(quiet, [1, 2], function=ACCIDENTS, workers=1)
    columns = ["run", "seed", "x", "poor"]
    assert again.table.select(columns).equals(done.table.select(columns))


def test_failures_are_not_tried_again_unless_asked(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.mkdir()
    switch = tmp_path / "switch"

    def run(retry: bool) -> tuple[int, int, int]:
        chosen = [Point({"x": x, "log": str(log), "switch": str(switch)}) for x in range(4)]
        done = run_many(
            chosen, [1], function="quick_runs:broken_until", workers=1, folder=tmp_path / "f",
            retry_failed=retry,
        )  # fmt: skip
        return done.table.num_rows, done.failures.num_rows, len(quick_runs.calls(log))

    assert run(False) == (3, 1, 4)
    assert run(False) == (3, 1, 4)
    assert run(True) == (3, 1, 5)
    switch.touch()
    assert run(False) == (3, 1, 5)
    assert run(True) == (4, 0, 6)
    assert run(True) == (4, 0, 6)


def test_workers_killed_from_outside_cost_nothing(tmp_path: Path) -> None:
    """As the kernel does for want of memory, at a moment of its own choosing."""
    killed = []
    stop = threading.Event()

    def kill() -> None:
        import multiprocessing

        while not stop.wait(0.2) and len(killed) < 2:
            children = multiprocessing.active_children()
            if children and quick_runs.calls(log):
                killed.append(children[0].pid)
                os.kill(int(children[0].pid or 0), signal.SIGKILL)
                stop.wait(2.0)

    log = tmp_path / "log"
    log.mkdir()
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        done = run_many(
            points(60, seconds=0.05, log=str(log)), [1], function=NUMBERS, workers=2,
            folder=tmp_path / "f",
        )  # fmt: skip
    finally:
        stop.set()
        killer.join()
    assert killed
    assert done.failures.num_rows == 0
    assert done.table["x"].to_pylist() == list(range(60))


def test_workers_that_die_at_once_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "HOPELESS", 1)
    dead = [Point({"x": 5, "n": n}) for n in range(9)]
    with pytest.raises(WorkersDie, match="too little memory"):
        run_many(dead, [1], function=ACCIDENTS, workers=2, folder=tmp_path)


def test_a_full_disk_is_told_once_and_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_DISK_SECONDS", 0.01)
    said: list[str] = []
    append = RunStore.append
    tries = 0

    def full(self: RunStore, payloads: Any) -> None:
        nonlocal tries
        tries += 1
        if 3 <= tries < 9:
            raise DiskFull(str(tmp_path))
        append(self, payloads)

    monkeypatch.setattr(RunStore, "append", full)
    done = run_many(points(8), [1], function=NUMBERS, workers=1, notify=said.append)
    assert done.table.num_rows == 8
    assert len(said) == 2
    assert "The disk is full" in said[0]
    assert "space again" in said[1]


def test_two_processes_on_one_folder(tmp_path: Path) -> None:
    with RunStore(tmp_path / "store"), pytest.raises(InputError, match="Another process"):
        run_many(points(1), [1], function=NUMBERS, workers=1, folder=tmp_path)


def test_progress_has_rate_and_time_left() -> None:
    told: list[engine.Progress] = []
    run_many(points(6), [1], function=NUMBERS, workers=1, on_progress=told.append)
    assert told[0] == engine.Progress(0, 6)
    assert told[-1].done == told[-1].total == 6
    assert told[-1].rate is not None
    assert told[-1].seconds_left == 0
    assert [p.done for p in told] == sorted(p.done for p in told)


def test_the_window_is_bounded() -> None:
    """However many tasks there are, few are made before they are wanted."""

    class Counting(list):  # type: ignore[type-arg]
        made = 0

        def __getitem__(self, i: Any) -> Any:
            self.made += 1
            return super().__getitem__(i)

    many = Counting(points(300))
    index = index_runs(many, [Draw("central")], [1], job_of(NUMBERS))
    tasks = index.tasks(lambda run: True)
    assert many.made == 300
    next(tasks)
    assert many.made == 301


def test_equal_points_are_run_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.mkdir()
    twice = [Point({"x": 1, "log": str(log)}, {}, {"label": label}) for label in "ab"]
    done = run_many(twice, [1], function=NUMBERS, workers=1)
    assert len(quick_runs.calls(log)) == 1
    assert done.table["label"].to_pylist() == ["a", "b"]


def test_parts_are_disjoint_and_complete() -> None:
    index = index_runs(points(5), DRAWS, [1, 2, 3], job_of(NUMBERS))
    whole = [task.run for task in index.tasks(lambda run: True)]
    parts = [[t.run for t in index.tasks(lambda run: True, (i, 4))] for i in range(1, 5)]
    assert sorted(run for part in parts for run in part) == sorted(whole)
    assert {len(part) for part in parts} <= {7, 8}


def test_a_worker_with_other_sources_refuses() -> None:
    assert job_version() == job_version()
    job = Job(NUMBERS, version="of another machine")
    with pytest.raises(OtherVersion, match="another version"):
        work(job, [])


def test_bad_requests_are_refused() -> None:
    with pytest.raises(InputError, match="no function"):
        run_many(points(1), [1], function="quick_runs:nothing")
    with pytest.raises(InputError, match="no function"):
        run_many(points(1), [1], function="nowhere:nothing")
    with pytest.raises(InputError, match="--workers 0"):
        workers_of(0, None, 5)
    with pytest.raises(InputError, match="exclude"):
        workers_of(2, "tcp://x:1", 5)
    assert isinstance(workers_of(4, None, 1), Here)


def test_a_killed_parent_takes_its_workers_along(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.mkdir()
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from fupin.engine.many import run_many\n"
        "from fupin.engine.run_ids import Point\n"
        "if __name__ == '__main__':\n"
        f"    slow = {{'seconds': 0.2, 'log': {str(log)!r}}}\n"
        "    points = [Point({'x': x, **slow}) for x in range(999)]\n"
        "    run_many(points, [1], function='quick_runs:numbers', workers=2)\n",
        encoding="utf-8",
    )
    parent = subprocess.Popen([sys.executable, script])
    deadline = time.monotonic() + 60
    while len(quick_runs.calls(log)) < 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    workers = [int(file.stem) for file in log.glob("*.txt")]
    parent.kill()
    parent.wait()
    assert workers
    while any(_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_alive(pid) for pid in workers)


def _alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_leaving_by_an_error_ends_the_pool_at_once() -> None:
    pool = Pool(2)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), working(pool):
        pool.submit(time.sleep, 60)
        time.sleep(1.0)
        raise KeyboardInterrupt
    assert time.monotonic() - begun < 30


def test_a_plan_counts_what_is_missing(tmp_path: Path) -> None:
    index = index_runs(points(4), [Draw("central")], [1], job_of(NUMBERS))
    with RunStore(tmp_path) as store:
        runs = Missing(index, store)
        assert (runs.count, runs.recorded) == (4, 0)
        runs.execute(Here(), most=3)
        assert (runs.count, runs.recorded) == (1, 3)
        assert (Missing(index, store).count, Missing(index, store).recorded) == (1, 3)
