"""A sweep that is killed again and again ends with the table of one that was not."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import quick_runs
from fupin.engine.many import run_many
from fupin.engine.run_ids import Point
from fupin.store.runs import RunStore, damaged
from fupin.sweeps.folder import write_table

SCRIPT = """\
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from fupin.engine.many import run_many
from fupin.engine.run_ids import Point

if __name__ == "__main__":
    points = [Point({{"x": x, "seconds": {seconds}, "log": {log!r}}}, {{}}, {{"x": x}})
              for x in range({points})]
    run_many(points, [1, 2], function="quick_runs:numbers", folder=Path({folder!r}), workers=2)
"""


def sweep(points: int, folder: Path, log: Path, seconds: float) -> str:
    return SCRIPT.format(
        path=sys.path, points=points, folder=str(folder), log=str(log), seconds=seconds
    )


def recorded(folder: Path) -> set[str]:
    with RunStore(folder / "store") as store:
        return set(store)


def survive(tmp_path: Path, points: int, seconds: float, kills: int) -> None:
    """Kill a sweep so often at random moments, let it end, and compare.

    A recorded run is never computed twice: what is computed is counted by the function itself, and
    a run may be computed once more for each kill only if it was not recorded at that kill.
    """
    folder, log = tmp_path / "killed", tmp_path / "log"
    log.mkdir()
    script = tmp_path / "sweep.py"
    script.write_text(sweep(points, folder, log, seconds), encoding="utf-8")
    chance = random.Random(2009)
    unrecorded: Counter[str] = Counter()
    for kill in range(kills):
        before = len(quick_runs.calls(log))
        running = subprocess.Popen([sys.executable, script])
        goal = before + chance.randrange(1, max(2 * points // (kills + 1), 2))
        deadline = time.monotonic() + 120
        while len(quick_runs.calls(log)) < goal and time.monotonic() < deadline:
            time.sleep(0.002)
        assert running.poll() is None, f"it ended before kill {kill + 1}"
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        _wait_for_orphans(log)
        known = recorded(folder) if (folder / "store").exists() else set()
        unrecorded.update(set(quick_runs.calls(log)) - _named(points, log, seconds, known))
    done = subprocess.run([sys.executable, script], check=True)
    assert done.returncode == 0
    calls = Counter(quick_runs.calls(log))
    assert len(calls) == 2 * points
    for call, times in calls.items():
        assert times <= 1 + unrecorded[call], call
    assert damaged(folder / "store") == []

    whole = run_many(
        _points(points, log, seconds), [1, 2], function="quick_runs:numbers", workers=2,
        folder=tmp_path / "whole",
    )  # fmt: skip
    again = run_many(
        _points(points, log, seconds), [1, 2], function="quick_runs:numbers", workers=1,
        folder=folder,
    )  # fmt: skip
    files = []
    for name, table in (("whole", whole.table), ("killed", again.table)):
        file = tmp_path / f"{name}.parquet"
        write_table(file, lambda table=table: iter([table]))  # type: ignore[misc]
        files.append(file.read_bytes())
    assert files[0] == files[1]
    assert whole.table.num_rows == 2 * points


def _points(points: int, log: Path, seconds: float) -> list[Point]:
    return [
        Point({"x": x, "seconds": seconds, "log": str(log)}, {}, {"x": x}) for x in range(points)
    ]


def _named(points: int, log: Path, seconds: float, runs: set[str]) -> set[str]:
    """What the function has noted for runs of these ids."""
    from fupin.engine.many import job_of
    from fupin.engine.run_ids import index_runs
    from fupin.results.draws import CENTRAL

    index = index_runs(
        _points(points, log, seconds), [CENTRAL], [1, 2], job_of("quick_runs:numbers")
    )
    return {f"{n // 2} {n % 2 + 1}" for n in range(len(index)) if index.run_at(n) in runs}


def _wait_for_orphans(log: Path) -> None:
    """Workers of the killed process end by themselves; until then they may still note calls."""
    deadline = time.monotonic() + 30
    for file in log.glob("*.txt"):
        while time.monotonic() < deadline and _alive(int(file.stem)):
            time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")


def test_200_runs_killed_five_times(tmp_path: Path) -> None:
    survive(tmp_path, points=100, seconds=0.01, kills=5)


@pytest.mark.slow
def test_2000_runs_killed_five_times(tmp_path: Path) -> None:
    survive(tmp_path, points=1000, seconds=0.02, kills=5)
