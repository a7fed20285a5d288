"""What a worker process does: runs one after the other, each to a record or a failure.

Only small things cross between processes: scenarios go out, encoded records come back. The
population is mapped from its cache by the worker, which builds the state of every run itself.
"""

from __future__ import annotations

import gc
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from fupin.engine.run_ids import Function, Job, RunTask, function_of, job_version
from fupin.errors import InputError
from fupin.results.outcome import NumbersAndTables, RunResult, Table
from fupin.store.record import Failure, Record, checked, encode

if TYPE_CHECKING:
    import pyarrow

RUNS_TABLE = "outcomes"
"""Kind of table that holds all numbers of a RunResult that is kept whole."""


class OtherVersion(InputError):
    """A worker has other sources than the process that hands out the work."""


@dataclass(frozen=True)
class Finished:
    """A run that ended well: its id, its time in seconds, its encoded record."""

    run: str
    seconds: float
    payload: bytes


@dataclass(frozen=True)
class Failed:
    """A run that raised; `input_error` holds the fields of an InputError."""

    failure: Failure
    input_error: tuple[Any, ...] | None = None


_one_at_a_time = threading.Lock()
_frozen = False


def work(job: Job, tasks: Sequence[RunTask]) -> list[Finished | Failed]:
    """Run tasks, one at a time in a process whatever its threads.

    Raises:
        OtherVersion: this process has other sources than the job was made with.
    """
    if job.version and job.version != job_version(job.function):
        raise OtherVersion(
            "A worker has another version of fupin, or of the packages under it.",
            "Install the same on all machines, and start the workers anew.",
        )
    function = job.call or function_of(job.function)
    done = []
    with _one_at_a_time:
        for task in tasks:
            done.append(attempt(function, job, task))
            _collect()
    return done


def attempt(function: Function, job: Job, task: RunTask) -> Finished | Failed:
    """One run, whatever it does."""
    begun = time.perf_counter()
    try:
        found = function(task.scenario, task.draw, task.seed, **job.settings)
        seconds = time.perf_counter() - begun
        return Finished(task.run, seconds, encode(record_of(found, task, seconds, job)))
    except InputError as error:
        failure = Failure(task.run, "InputError", str(error))
        return Failed(failure, astuple(error))
    except Exception as error:
        return Failed(Failure(task.run, type(error).__name__, str(error), traceback.format_exc()))


def record_of(found: Any, task: RunTask, seconds: float, job: Job) -> Record:
    """What is kept of what a function returned.

    Raises:
        ValueError: the result of another run, neither a RunResult nor a mapping, or a number that
            is not finite.
    """
    if isinstance(found, RunResult):
        if (found.draw, found.seed) != (task.draw.label, task.seed):
            raise ValueError(f"it reports draw {found.draw}, seed {found.seed}")
        tables = {} if job.whole else {n: _arrow(found.tables[n]) for n in job.tables}
        if job.whole:
            from fupin.store.tables import runs_table

            tables = {name: _arrow(table) for name, table in found.tables.items()}
            tables[RUNS_TABLE] = _arrow(runs_table([found]))
        return Record(task.run, seconds, checked(flat(found)), tables)
    if isinstance(found, NumbersAndTables):
        tables = {name: _arrow(found.tables[name]) for name in job.tables}
        return Record(task.run, seconds, checked(found.numbers), tables)
    if not isinstance(found, Mapping):
        raise ValueError(f"{job.function} returned {type(found).__name__}, not names and numbers")
    return Record(task.run, seconds, checked(found))


def flat(result: RunResult) -> dict[str, float | None]:
    """Outcomes under their keys, those of a programme under `KEY_OUTCOME`.

    Without dots: a factor of a sweep may be called `programmes.skills_training.budget`.
    """
    numbers = dict(result.outcomes)
    for name, values in result.programmes.items():
        numbers |= {f"{name}_{key}": value for key, value in values.items()}
    return numbers


def _arrow(table: Table) -> pyarrow.Table:
    from fupin.store.tables import to_arrow

    return to_arrow(table)


def _collect() -> None:
    """Free what a run left behind: Mesa's models hold cycles, and with them a population.

    What has been imported by the end of the first run stays for ever; once it is told so, the
    collector looks at the rest alone, which takes a hundredth of the time.
    """
    global _frozen
    gc.collect()
    if not _frozen:
        gc.freeze()
        _frozen = True
