"""Runs of the model for a calibration, by the engine of all batches: recorded, never done twice.

A calibration runs pairs of a parameter vector and a seed, not each vector with each seed; that is
all that is added here.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fupin.engine.many import STORE, working
from fupin.engine.run_ids import Job, Point, RunIndex, RunTask, index_runs, job_version, name_of
from fupin.engine.session import Notify, OnProgress, execute
from fupin.engine.workers import workers_of
from fupin.errors import InputError
from fupin.results.draws import Draw
from fupin.store.runs import RunStore

Measure = Callable[..., Mapping[str, float]]
"""A function at module level: (scenario, draw, seed, **settings) to moments."""


@dataclass(frozen=True)
class Failure:
    """A run that ended without a result."""

    draw: str
    seed: int
    reason: str


def run_many(
    function: Measure,
    scenario: Any,
    tasks: Sequence[tuple[Draw, int]],
    workers: int | None,
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    scheduler: str | None = None,
    notify: Notify | None = None,
) -> tuple[list[dict[str, float] | None], list[Failure]]:
    """Run a function for each (draw, seed).

    Args:
        function: at module level, so that worker processes can import it.
        scenario: handed on as it is.
        tasks: draws and seeds; results come in this order.
        workers: processes, one for each core if None; 1 runs here.
        folder: where runs are recorded; what is recorded there is not run again, but for failures.
        on_progress: called with `fupin.engine.session.Progress`.
        settings: further arguments of the function.
        scheduler: address or file of a Dask scheduler to use instead of processes.
        notify: called with a line for the user when something unusual happens.

    Returns:
        results, None where a run failed, and the failures.

    Raises:
        InputError: found by a run; fewer than one worker; another process uses the folder.
        WorkersDie: processes die whatever they do.
    """
    name = name_of(function)
    job = Job(name, settings or {}, version=job_version(name), call=function)
    runs = _names_of(scenario, tasks, job)
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fupin-")))
        store = stack.enter_context(RunStore(folder / STORE))
        missing = {
            run: RunTask(run, scenario, *task)
            for run, task in zip(runs, tasks, strict=True)
            if run not in store
        }
        if missing:
            who = stack.enter_context(working(workers_of(workers, scheduler, len(missing))))
            execute(
                iter(missing.values()),
                job,
                store,
                who,
                expected=len(missing),
                known=len(set(runs)) - len(missing),
                on_progress=on_progress,
                notify=notify,
            )
        found = _numbers(store, [run for run in runs if run in store])
        failures = []
        for run, (draw, seed) in zip(runs, tasks, strict=True):
            if run not in store:
                failed = store.failure(run)
                if failed.error == InputError.__name__:  # all runs have the same plan
                    raise InputError(failed.message)
                failures.append(Failure(draw.label, seed, f"{failed.error}: {failed.message}"))
        return [found.get(run) for run in runs], sorted(failures, key=lambda f: (f.draw, f.seed))


def _names_of(scenario: Any, tasks: Sequence[tuple[Draw, int]], job: Job) -> list[str]:
    """Ids of the runs: those that any batch of the same draws and seeds would give them."""
    draws = list({id(draw): draw for draw, _ in tasks}.values())
    seeds = sorted({seed for _, seed in tasks})
    if not tasks:
        return []
    index: RunIndex = index_runs([Point(scenario)], draws, seeds, job)
    place = {id(draw): i for i, draw in enumerate(draws)}
    column = {seed: i for i, seed in enumerate(seeds)}
    return [index.run_at(place[id(draw)] * len(seeds) + column[seed]) for draw, seed in tasks]


def _numbers(store: RunStore, runs: Sequence[str]) -> dict[str, dict[str, float]]:
    wanted = list(dict.fromkeys(runs))
    if not wanted:
        return {}
    rows = store.numbers(wanted, store.columns).to_pylist()
    return {
        run: {name: value for name, value in row.items() if value is not None and name != "run"}
        for run, row in zip(wanted, rows, strict=True)
    }


def runs_folder(folder: Path, *parts: str) -> Path:
    """Folder of the runs of one model, plan and function; another of these is another folder."""
    return folder / hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
