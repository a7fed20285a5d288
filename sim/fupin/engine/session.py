"""The engine: hands out runs in batches, records each batch as it comes, survives what goes wrong.

Nothing grows with the number of runs but a set of ids: tasks are made when there is room for them,
and a record goes to the disk and is forgotten. A batch takes about two seconds, so that handing out
costs nothing and little is lost by a crash.

What can go wrong, and what happens:

* a run raises: a row in the table of failures, and the sweep goes on;
* a worker process is killed: the pool is built anew and the runs that were out are done again, one
  at a time, so that it is seen which run it was; one that kills twice is a failure too;
* the disk is full: one message, and the engine waits with what it has until there is space;
* this process is stopped or killed: what was recorded is there; the same command goes on with it.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from fupin import interruption
from fupin.engine.run_ids import Job, RunTask
from fupin.engine.worker import Failed, Finished, work
from fupin.engine.workers import Workers, WorkersDie
from fupin.errors import InputError
from fupin.store.journal import DiskFull
from fupin.store.record import Failure

BATCH_SECONDS = 2.0
"""How long a batch should take."""

MOST_IN_A_BATCH = 1000
DEADLY = 2
"""A run during which so many processes died is given up."""

HOPELESS = 3
"""So many runs given up before any ended well: it is not the runs."""

_POLL_SECONDS = 1.0
_DISK_SECONDS = 2.0
KILLED = "WorkerKilled"


class RunFailed(Exception):
    """A run stopped with an error that is not the user's; `details` holds the traceback."""

    def __init__(self, draw: str, seed: int, reason: str, details: str = "") -> None:
        super().__init__(f"The run with draw {draw} and seed {seed} failed: {reason}")
        self.draw, self.seed, self.details = draw, seed, details


class Store(Protocol):
    """Where records go."""

    def append(self, payloads: Sequence[bytes]) -> None:
        """Record finished runs."""

    def append_failures(self, failures: Sequence[Failure]) -> None:
        """Record failed runs."""

    def mean_seconds(self) -> float | None:
        """Mean time of a recorded run."""


@dataclass(frozen=True)
class Progress:
    """How far it is.

    Attributes:
        done: runs that are recorded, those of earlier sessions included.
        total: runs in all.
        failed: runs that failed in this session.
        rate: runs a second in this session; None before the first.
        seconds_left: at this rate; None before the first.
    """

    done: int
    total: int
    failed: int = 0
    rate: float | None = None
    seconds_left: float | None = None


@dataclass
class Report:
    """What a session did: runs that ended well, and that failed."""

    done: int = 0
    failed: int = 0


OnProgress = Callable[[Progress], None]
Notify = Callable[[str], None]


def execute(
    tasks: Iterator[RunTask],
    job: Job,
    store: Store,
    workers: Workers,
    *,
    expected: int,
    known: int = 0,
    on_progress: OnProgress | None = None,
    notify: Notify | None = None,
    stop_at_failure: bool = False,
) -> Report:
    """Run tasks and record them.

    Args:
        tasks: what is not recorded yet, one at a time.
        job: what is done with each.
        store: where records go.
        workers: who does it; stays open.
        expected: how many tasks there are, for progress and for the size of the last batches.
        known: runs that were recorded before, for progress.
        on_progress: called whenever something was recorded, and once before.
        notify: called with a line for the user when something unusual happens.
        stop_at_failure: raise at the first run that fails instead of recording it.

    Raises:
        InputError: found by a run, where `stop_at_failure`; workers of another version.
        RunFailed: any other failure, where `stop_at_failure`.
        WorkersDie: processes die whatever they do.
        BaseException: whatever interrupts, Ctrl-C for one; work that is out is dropped.
    """
    return _Session(
        tasks, job, store, workers, expected, known, on_progress, notify, stop_at_failure
    ).run()


class _Session:
    def __init__(
        self,
        tasks: Iterator[RunTask],
        job: Job,
        store: Store,
        workers: Workers,
        expected: int,
        known: int,
        on_progress: OnProgress | None,
        notify: Notify | None,
        stop_at_failure: bool,
    ) -> None:
        self.tasks, self.job, self.store, self.workers = tasks, job, store, workers
        self.left, self.expected, self.known = expected, expected, known
        self.on_progress = on_progress or (lambda progress: None)
        self.notify = notify or (lambda line: None)
        self.stop_at_failure = stop_at_failure
        self._deadly: tuple[type[BaseException], ...] = (*workers.killed, CancelledError)
        self.out: dict[Future[list[Finished | Failed]], list[RunTask]] = {}
        self.suspects: deque[RunTask] = deque()
        self.deaths: dict[str, int] = {}
        self.report = Report()
        self.seconds = store.mean_seconds()
        self.begun = time.monotonic()

    def run(self) -> Report:
        self.on_progress(Progress(self.known, self.known + self.expected))
        while True:
            interruption.check()
            if not self.suspects:
                self._fill()
            if self.out:
                self._receive()
            elif self.suspects:
                self._alone(self.suspects.popleft())
            else:
                return self.report

    def _fill(self) -> None:
        """Hand out batches until everybody has one and the next."""
        slots = self.workers.slots
        window = 2 * slots if slots > 1 else 1
        while len(self.out) < window:
            batch = list(islice(self.tasks, self._batch_size(slots)))
            if not batch:
                return
            self.left -= len(batch)
            self.out[self._submit(batch)] = batch

    def _submit(self, batch: list[RunTask]) -> Future[list[Finished | Failed]]:
        try:
            return self.workers.submit(work, self.job, batch)
        except self._deadly as error:  # a process has died, and nobody has looked yet
            future: Future[list[Finished | Failed]] = Future()
            future.set_exception(error)
            return future

    def _batch_size(self, slots: int) -> int:
        if self.seconds is None:
            return 1
        enough = max(1, int(BATCH_SECONDS / max(self.seconds, 1e-6)))
        # Towards the end batches get smaller, so that all are done at about the same time.
        share = math.ceil(max(self.left, 1) / (2 * slots))
        return min(enough, share, MOST_IN_A_BATCH)

    def _receive(self) -> None:
        done, _ = wait(self.out, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
        died = False
        for future in done:
            died |= self._take(future)
        if died:
            # Whoever shared a pool with it has lost its work too, or is about to.
            if self.workers.restart():
                wait(self.out)
                for future in list(self.out):
                    self._take(future)
            self.notify(
                f"A worker process was killed, most often for want of memory; "
                f"{len(self.suspects)} runs are done again, one at a time."
            )

    def _take(self, future: Future[list[Finished | Failed]]) -> bool:
        """Record what a batch returned; True where its process died."""
        batch = self.out.pop(future)
        try:
            outcomes = future.result()
        except self._deadly:
            self.suspects.extend(batch)
            return True
        self._record(batch, outcomes)
        return False

    def _alone(self, task: RunTask) -> None:
        """A run that may have killed a process, with nobody beside it."""
        future = self._submit([task])
        while not future.done():
            wait([future], timeout=_POLL_SECONDS)
        try:
            outcomes = future.result()
        except self._deadly:
            self.workers.restart()
            self.deaths[task.run] = self.deaths.get(task.run, 0) + 1
            if self.deaths[task.run] < DEADLY:
                self.suspects.appendleft(task)
                return
            outcomes = [
                Failed(
                    Failure(
                        task.run,
                        KILLED,
                        "its worker process was killed, most often for want of memory. Use fewer "
                        "--workers or a smaller --sample.",
                    )
                )
            ]
        self._record([task], outcomes)

    def _record(self, batch: Sequence[RunTask], outcomes: Sequence[Finished | Failed]) -> None:
        finished = [outcome for outcome in outcomes if isinstance(outcome, Finished)]
        failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
        for outcome in finished:
            old = self.seconds if self.seconds is not None else outcome.seconds
            self.seconds = 0.8 * old + 0.2 * outcome.seconds
        if finished:
            self._when_there_is_space(
                lambda: self.store.append([outcome.payload for outcome in finished])
            )
            self.report.done += len(finished)
        if failed and self.stop_at_failure:
            self._stop(batch, failed[0])
        if failed:
            self._when_there_is_space(
                lambda: self.store.append_failures([outcome.failure for outcome in failed])
            )
            self.report.failed += len(failed)
        given_up = sum(count >= DEADLY for count in self.deaths.values())
        if given_up >= HOPELESS and not self.report.done:
            raise WorkersDie(
                f"Worker processes die at once ({given_up} runs tried, none ended well). "
                "There may be too little memory for one run."
            )
        self._tell()

    def _stop(self, batch: Sequence[RunTask], failed: Failed) -> None:
        if failed.input_error is not None:
            raise InputError(*failed.input_error)
        task = next(task for task in batch if task.run == failed.failure.run)
        reason = f"{failed.failure.error}: {failed.failure.message}"
        raise RunFailed(task.draw.label, task.seed, reason, failed.failure.traceback)

    def _tell(self) -> None:
        report = self.report
        ended = report.done + report.failed
        rate = ended / max(time.monotonic() - self.begun, 1e-9)
        self.on_progress(
            Progress(
                self.known + report.done,
                self.known + self.expected,
                report.failed,
                rate,
                max(self.expected - ended, 0) / rate if rate else None,
            )
        )

    def _when_there_is_space(self, write: Callable[[], None]) -> None:
        wait_for_space(write, self.notify)


def wait_for_space(write: Callable[[], None], notify: Notify) -> None:
    """Write; where the disk is full, say so once and try again until there is space."""
    told = False
    while True:
        try:
            write()
        except DiskFull as full:
            if not told:
                notify(
                    f"The disk is full ({full}). Waiting for space; nothing that was recorded is "
                    "lost. Ctrl-C ends, and the same command goes on later."
                )
            told = True
            time.sleep(_DISK_SECONDS)
        else:
            if told:
                notify("There is space again: going on.")
            return
