"""Runs of one scenario, draws crossed with seeds: whole results, in the order of draws and seeds.

The same engine as of sweeps does them. Whole results, with all their tables, are kept in a store of
the user's cache where one is given, so that a run that was stopped goes on and a baseline that is
run again is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from fupin.engine.many import Missing, working
from fupin.engine.run_ids import (
    SIMULATE,
    Job,
    Point,
    RunIndex,
    function_of,
    index_runs,
    job_version,
    name_of,
    scenario_key,
)
from fupin.engine.session import Notify, OnProgress, RunFailed
from fupin.engine.worker import RUNS_TABLE
from fupin.engine.workers import usable_cores, workers_of
from fupin.errors import COMMAND_LINE, Wording
from fupin.files import kept
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult, Table
from fupin.store.record import RUN, Failure, Record, decode, head_of
from fupin.store.runs import LOCK, DiskFull, RunStore, StoreBusy

Simulate = Callable[[Any, Draw, int], RunResult]

CACHE_BYTES = 2 * 2**30
"""Stores that were not used for the longest time go when all together are larger."""

__all__ = ["RunFailed", "Simulate", "run", "usable_cores"]


def run(
    scenario: Any,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    workers: int | None,
    simulate: Simulate,
    on_progress: OnProgress | None = None,
    *,
    scheduler: str | None = None,
    cache: Path | None = None,
    notify: Notify | None = None,
    say: Wording = COMMAND_LINE,
) -> list[RunResult]:
    """Run every draw with every seed.

    Args:
        scenario: handed to `simulate` as it is; must pickle where workers > 1.
        workers: processes, one for each core if None; 1 runs in this process.
        simulate: simulate(scenario, draw, seed), a function at module level.
        on_progress: called with how far it is, first before anything is done.
        scheduler: address or file of a Dask scheduler to use instead.
        cache: folder of stores in which whole results are kept and found; none if None. Only the
            simulator's own results are, never those of another function.
        notify: called with a line for the user when something unusual happens.
        say: how messages name options.

    Returns:
        results by draw, then seed, in the given order.

    Raises:
        InputError: workers < 1, or a run found a mistake of the user.
        RunFailed: any other error; the remaining runs are not started.
    """
    ours = simulate.__module__.startswith("fupin.")
    count = len(draws) * len(seeds)
    who = workers_of(workers, scheduler, count, say=say, main=not ours)
    keep = cache if simulate is function_of(SIMULATE) else None
    if keep is None:
        job = Job(name_of(simulate), whole=True, call=simulate)
    else:
        job = Job(SIMULATE, whole=True, version=job_version(), call=simulate)
    if who.slots > 1:
        _require_picklable(job, scenario, draws)
    if keep is None:
        index = _named_by_place(scenario, draws, seeds, job)
    else:
        index = index_runs([Point(scenario)], draws, seeds, job)
    with working(who), _store(keep, index) as store:
        Missing(index, store, retry_failed=True).execute(
            who, on_progress=on_progress, notify=notify, stop_at_failure=True
        )
        return [
            whole_result(store.record(index.run_at(n)), index.draws[d].label, index.seeds[s])
            for n in range(len(index))
            for _, d, s in [index.place(n)]
        ]


def _require_picklable(*what: Any) -> None:
    # Found out by the pool itself, this can leave it hanging for ever (Python 3.12.1).
    try:
        pickle.dumps(what)
    except Exception as error:
        raise TypeError(f"what goes to worker processes does not pickle: {error}") from error


def _named_by_place(
    scenario: Any, draws: Sequence[Draw], seeds: Sequence[int], job: Job
) -> RunIndex:
    """Runs that nobody will look for again need no name from their content."""
    import numpy as np

    ids = np.zeros((1, len(draws), len(seeds)), "V16")
    for d in range(len(draws)):
        for s in range(len(seeds)):
            ids[0, d, s] = hashlib.sha256(f"{d} {s}".encode()).digest()[:16]
    return RunIndex([Point(scenario)], tuple(draws), tuple(seeds), job, ids, {})


@contextlib.contextmanager
def _store(cache: Path | None, index: RunIndex) -> Iterator[RunStore]:
    """The store of a scenario in the cache, or one that lasts as long as the block."""
    if cache is not None:
        try:
            store = _Kept(cache / scenario_key(index.points[0].scenario, index.job))
        except StoreBusy:  # somebody runs the same
            pass
        except (DiskFull, OSError) as error:
            kept.not_kept(kept.RUNS, error)
        else:
            with store:
                yield store
            with contextlib.suppress(OSError):
                _trim(cache, CACHE_BYTES)
            return
    with tempfile.TemporaryDirectory(prefix="fupin-") as folder, _Kept(Path(folder)) as store:
        yield store


class _Kept(RunStore):
    """A store whose disk may be full: what it cannot take stays in memory until the results are."""

    def __init__(self, folder: Path) -> None:
        self._in_memory: dict[str, bytes] = {}
        super().__init__(folder)

    def __contains__(self, run: object) -> bool:
        return run in self._in_memory or super().__contains__(run)

    def append(self, payloads: Sequence[bytes]) -> None:
        """Record finished runs on the disk, or in memory where it takes no more."""
        if not self._in_memory:
            try:
                super().append(payloads)
                return
            except (DiskFull, OSError) as error:
                kept.not_kept(kept.RUNS, error)
        self._in_memory |= {head_of(payload)[RUN]: payload for payload in payloads}

    def append_failures(self, failures: Sequence[Failure]) -> None:
        """Record runs that failed, if the disk takes them: they are made again anyway."""
        with contextlib.suppress(DiskFull, OSError):
            super().append_failures(failures)

    def record(self, run: str) -> Record:
        """As of RunStore."""
        return decode(self._in_memory[run]) if run in self._in_memory else super().record(run)


def _trim(cache: Path, most: int) -> None:
    """Remove the stores that were not written to for the longest time, until the rest fits.

    Other processes work here too: what one of them has open stays, and files may come and go.
    """
    import filelock

    sizes = {}
    for folder in cache.iterdir():
        files = []
        for file in folder.iterdir() if folder.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):
                files.append(file.stat())
        if files:
            sizes[folder] = (max(f.st_mtime for f in files), sum(f.st_size for f in files))
    total = sum(size for _, size in sizes.values())
    for folder, (_, size) in sorted(sizes.items(), key=lambda item: item[1]):
        if total <= most:
            return
        with (
            contextlib.suppress(filelock.Timeout, OSError),
            filelock.FileLock(folder / LOCK).acquire(blocking=False),
        ):
            shutil.rmtree(folder, ignore_errors=True)
            total -= size


def whole_result(record: Record, draw: str, seed: int) -> RunResult:
    """The RunResult of a record that was kept whole."""
    from dataclasses import replace

    from fupin.store.tables import scatter

    tables = {name: _columns(table) for name, table in record.tables.items()}
    outcomes = tables.pop(RUNS_TABLE)
    # Equal draws have one record, whatever their labels.
    result = scatter(outcomes)[0]
    return replace(result, draw=draw, seed=seed, tables=tables)


def _columns(table: Any) -> Table:
    return {name: table[name].to_numpy() for name in table.column_names}


def kept_results(
    scenario: Any, draws: Sequence[Draw], seeds: Sequence[int], cache: Path
) -> list[RunResult] | None:
    """What `run` would read from its cache, in the same order, without running anything.

    Args:
        scenario, draws, seeds, cache: as of `run`.

    Returns:
        None where a run is missing, or somebody else has the store open.
    """
    job = Job(SIMULATE, whole=True, version=job_version())
    folder = cache / scenario_key(scenario, job)
    if not folder.is_dir():
        return None
    index = index_runs([Point(scenario)], draws, seeds, job)
    with contextlib.suppress(StoreBusy, DiskFull, OSError), _Kept(folder) as store:
        if all(index.run_at(n) in store for n in range(len(index))):
            return [
                whole_result(store.record(index.run_at(n)), index.draws[d].label, index.seeds[s])
                for n in range(len(index))
                for _, d, s in [index.place(n)]
            ]
    return None
