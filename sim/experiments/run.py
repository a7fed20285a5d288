"""Runs of one scenario, draws crossed with seeds, on one or several processes.

The order of the results is that of draws and seeds, whatever finished first. A worker builds its
own population from the cached frame; only the scenario goes out and only the result comes back.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from itertools import islice
from typing import Any

from sim.errors import InputError
from sim.experiments.draws import Draw
from sim.experiments.outcome import RunResult

Simulate = Callable[[Any, Draw, int], RunResult]
Progress = Callable[[int, int], None]

# One thread each: processes share the cores among themselves.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class RunFailed(Exception):
    """A run stopped with an error that is not the user's; `details` holds the traceback."""

    def __init__(self, draw: str, seed: int, reason: str, details: str = "") -> None:
        super().__init__(f"The run with draw {draw} and seed {seed} failed: {reason}")
        self.draw, self.seed, self.details = draw, seed, details


@dataclass(frozen=True)
class _Failure:
    """An error as plain data: exceptions with keyword fields do not survive pickling."""

    reason: str
    details: str
    input_error: tuple[Any, ...] | None


def usable_cores() -> int:
    """Cores that this process may use (a batch system may grant fewer than the machine has)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    scenario: Any,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    workers: int,
    simulate: Simulate,
    on_progress: Progress | None = None,
) -> list[RunResult]:
    """Run every draw with every seed.

    Args:
        scenario: handed to `simulate` as it is; must pickle where workers > 1.
        workers: processes; 1 runs in this process.
        simulate: simulate(scenario, draw, seed), a function at module level.
        on_progress: called with (runs done, runs in all), first with 0 done.

    Returns:
        results by draw, then seed, in the given order.

    Raises:
        InputError: workers < 1, or a run found a mistake of the user.
        RunFailed: any other error; the remaining runs are not started.
    """
    if workers < 1:
        raise InputError(f"--workers {workers} leaves nobody to work.", "Write --workers 1.")
    tasks = [(draw, seed) for draw in draws for seed in seeds]
    report = on_progress or (lambda done, total: None)
    report(0, len(tasks))
    if workers == 1 or len(tasks) == 1:
        return _run_here(scenario, tasks, simulate, report)
    return _run_in_pool(scenario, tasks, min(workers, len(tasks)), simulate, report)


def _attempt(simulate: Simulate, scenario: Any, draw: Draw, seed: int) -> RunResult | _Failure:
    try:
        return simulate(scenario, draw, seed)
    except InputError as error:
        return _Failure(str(error), "", astuple(error))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return _Failure(reason, traceback.format_exc(), None)


def _attempt_in_pool(
    simulate: Simulate, scenario: Any, draw: Draw, seed: int
) -> RunResult | _Failure:
    try:
        return _attempt(simulate, scenario, draw, seed)
    finally:
        gc.collect()  # as in `_run_here`: the process goes on to the next run


def _checked(outcome: RunResult | _Failure, draw: Draw, seed: int) -> RunResult:
    if isinstance(outcome, _Failure):
        if outcome.input_error is not None:
            raise InputError(*outcome.input_error)
        raise RunFailed(draw.label, seed, outcome.reason, outcome.details)
    if (outcome.draw, outcome.seed) != (draw.label, seed):
        raise RunFailed(draw.label, seed, f"it reports draw {outcome.draw}, seed {outcome.seed}")
    return outcome


def _run_here(
    scenario: Any, tasks: Sequence[tuple[Draw, int]], simulate: Simulate, report: Progress
) -> list[RunResult]:
    results: list[RunResult] = []
    for draw, seed in tasks:
        if results:
            gc.collect()  # Mesa's models hold cycles, and with them a population
        results.append(_checked(_attempt(simulate, scenario, draw, seed), draw, seed))
        report(len(results), len(tasks))
    return results


def _run_in_pool(
    scenario: Any,
    tasks: Sequence[tuple[Draw, int]],
    workers: int,
    simulate: Simulate,
    report: Progress,
) -> list[RunResult]:
    _require_picklable(simulate, scenario, tasks)
    results: dict[int, RunResult] = {}
    waiting = iter(range(len(tasks)))
    # spawn, never fork: a fork copies compiled code, threads and locks in whatever state they are.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with (
        _one_thread_each(),
        ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts) as pool,
    ):
        running: dict[Future[RunResult | _Failure], int] = {}
        try:
            while True:
                for i in islice(waiting, workers + 1 - len(running)):  # one ready to start
                    running[pool.submit(_attempt_in_pool, simulate, scenario, *tasks[i])] = i
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    i = running.pop(future)
                    results[i] = _checked(_result_of(future, *tasks[i]), *tasks[i])
                report(len(results), len(tasks))
        except BaseException:
            # A run takes long: do not wait for those that nobody will read.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise
    return [results[i] for i in range(len(tasks))]


def _require_picklable(simulate: Simulate, scenario: Any, tasks: Sequence[Any]) -> None:
    # Found out by the pool itself, this can leave it hanging for ever (Python 3.12.1).
    try:
        pickle.dumps((simulate, scenario, tasks))
    except Exception as error:
        raise TypeError(f"what goes to worker processes does not pickle: {error}") from error


def _leave_interrupts() -> None:
    # Ctrl-C reaches every process of the terminal; the parent alone decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _result_of(future: Future[RunResult | _Failure], draw: Draw, seed: int) -> RunResult | _Failure:
    try:
        return future.result()
    except BrokenProcessPool:
        raise RunFailed(
            draw.label,
            seed,
            "a worker process was killed, most often for want of memory. "
            "Use fewer --workers or a smaller --sample.",
        ) from None


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let libraries in the worker processes start one thread; a spawned process inherits this."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
