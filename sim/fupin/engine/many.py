"""Many runs from Python: the interface that calibration, comparison and others stand on.

    from fupin.engine.many import run_many
    from fupin.engine.run_ids import Point

    points = [Point(scenario, {"livelihood.persistence": p}, {"persistence": p}) for p in (.5, .7)]
    runs = run_many(points, seeds=[1, 2], folder=Path("results/trial"), workers=2)
    runs.table      # pyarrow: run, point, seed, draw, persistence, registered_poor_start, ...
    runs.failures   # pyarrow: run, point, seed, draw, persistence, error, message, traceback

Every point runs with every draw and every seed. `points` may be any sequence that makes its points
when asked, so that a hundred thousand of them need no memory. With a folder, what is recorded there
is not run again: the same call goes on after an interruption, and a call with more points, draws or
seeds adds to it. Without a folder everything is forgotten but the tables.

A function of your own takes the place of the simulator by its name, "module:name". It is called as

    def moments(scenario, draw, seed, **settings) -> dict[str, float | None]: ...

with the point's parameter values already in `scenario.history.parameters`. Its keys are the
columns. None is null; NaN and infinity make the run a failure. Failures are rows of
`runs.failures` and are not in `runs.table`: look at both. In processes of their own, functions are
imported by name; call `run_many` under `if __name__ == "__main__":` in a script.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fupin.engine.run_ids import (
    SIMULATE,
    Function,
    Job,
    Point,
    RunIndex,
    RunTask,
    function_of,
    index_runs,
    job_version,
    name_of,
)
from fupin.engine.run_tables import failure_table, run_tables
from fupin.engine.session import Notify, OnProgress, Report, execute
from fupin.engine.workers import Workers, workers_of
from fupin.results.draws import CENTRAL, Draw
from fupin.store.runs import RunStore

if TYPE_CHECKING:
    import pyarrow

STORE = "store"
"""Folder of the store inside a folder of results."""


class Runs(NamedTuple):
    """What `run_many` returns.

    Attributes:
        table: one row for each run that ended well.
        failures: one row for each run that did not.
    """

    table: pyarrow.Table
    failures: pyarrow.Table


def run_many(
    points: Sequence[Point],
    seeds: Sequence[int],
    draws: Sequence[Draw] = (CENTRAL,),
    *,
    function: str | Function = SIMULATE,
    settings: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    retry_failed: bool = False,
    on_progress: OnProgress | None = None,
    notify: Notify | None = None,
) -> Runs:
    """Run every point with every draw and seed; see the head of the module.

    Args:
        points: what is varied.
        seeds: run seeds.
        draws: parameter vectors.
        function: "module:name", or a function at module level.
        settings: further arguments of the function, such as {"twins": False}.
        folder: where runs are recorded, in `folder/store`; None forgets them.
        workers: processes on this machine, one for each core if None; 1 is this process.
        scheduler: address or file of a Dask scheduler to use instead.
        retry_failed: run again what failed before.
        on_progress: called with `fupin.engine.session.Progress`.
        notify: called with a line for the user when something unusual happens.

    Raises:
        InputError: no such function; a parameter out of range; another process uses the folder.
        WorkersDie: processes die whatever they do.
    """
    job = job_of(function, settings)
    index = index_runs(points, draws, seeds, job)
    with contextlib.ExitStack() as stack:
        who = stack.enter_context(working(workers_of(workers, scheduler, len(index))))
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fupin-")))
        store = stack.enter_context(RunStore(folder / STORE))
        missing = Missing(index, store, retry_failed=retry_failed)
        if missing.count:
            missing.execute(who, on_progress=on_progress, notify=notify)
        return Runs(everything(index, store), failure_table(index, store))


def everything(index: RunIndex, store: RunStore) -> pyarrow.Table:
    """The whole table of recorded runs in memory."""
    import pyarrow

    return pyarrow.concat_tables(list(run_tables(index, store)))


def job_of(function: str | Function = SIMULATE, settings: Mapping[str, Any] | None = None) -> Job:
    """A job with its version; see `run_many`."""
    name = function if isinstance(function, str) else name_of(function)
    if name != SIMULATE:  # which brings the compiler, and this process only hands out work
        function_of(name)
    return Job(name, dict(settings or {}), version=job_version(name))


@dataclass
class Missing:
    """Which runs of an index are missing in a store, and how they are made.

    Attributes:
        index: all runs.
        store: what is recorded.
        part: (i, n) concerns every n-th run only, beginning with the i-th.
        retry_failed: runs that failed before are missing too.
        count: how many runs are missing.
        recorded: how many are not.
    """

    index: RunIndex
    store: RunStore
    part: tuple[int, int] = (1, 1)
    retry_failed: bool = False

    def __post_init__(self) -> None:
        i, n = self.part
        runs = {self.index.run_at(number) for number in range(i - 1, len(self.index), n)}
        self.count = sum(self._wanted(run) for run in runs)
        self.recorded = len(runs) - self.count
        self._given: set[str] = set()

    def _wanted(self, run: str) -> bool:
        return run not in self.store and (self.retry_failed or not self.store.failed(run))

    def _tasks(self) -> Iterator[RunTask]:
        for task in self.index.tasks(self._wanted, self.part):
            if task.run not in self._given:  # equal points are one run
                self._given.add(task.run)
                yield task

    def execute(
        self,
        workers: Workers,
        *,
        most: int | None = None,
        on_progress: OnProgress | None = None,
        notify: Notify | None = None,
        stop_at_failure: bool = False,
    ) -> Report:
        """Make the missing runs, or the first `most` of them; `session.execute` does it."""
        wanted = self.count if most is None else min(most, self.count)
        report = execute(
            islice(self._tasks(), wanted),
            self.index.job,
            self.store,
            workers,
            expected=wanted,
            known=self.recorded,
            on_progress=on_progress,
            notify=notify,
            stop_at_failure=stop_at_failure,
        )
        self.count -= report.done + report.failed
        self.recorded += report.done + report.failed
        return report


@contextlib.contextmanager
def working(workers: Workers) -> Iterator[Workers]:
    """Workers that end with the block: at once if it is left by an error or by Ctrl-C."""
    try:
        yield workers
    except BaseException:
        workers.close(at_once=True)
        raise
    workers.close()


__all__ = ["Missing", "Point", "Runs", "job_of", "run_many", "working"]
