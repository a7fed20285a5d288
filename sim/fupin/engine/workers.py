"""Who does the work: this process, a pool of processes, or a Dask cluster that exists already.

All three speak `concurrent.futures`. Results never depend on which it is.
"""

from __future__ import annotations

import contextlib
import json
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from fupin import processes
from fupin.errors import COMMAND_LINE, InputError, Wording
from fupin.files import kept

# One thread each: processes share the cores among themselves.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class WorkersDie(Exception):
    """There is nobody left to work, or whoever works dies."""


class Workers(Protocol):
    """What the engine asks of those who work."""

    @property
    def slots(self) -> int:
        """How many calls run at the same time."""

    @property
    def killed(self) -> tuple[type[BaseException], ...]:
        """Errors of a call whose process died."""

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have `call(*arguments)` done."""

    def restart(self) -> bool:
        """Go on after a process died; True where all other calls that were out have ended too."""

    def close(self, at_once: bool = False) -> None:
        """End; `at_once` does not wait for what is running."""


def usable_cores() -> int:
    """Cores that this process may use (a batch system may grant fewer than the machine has)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Here:
    """This process, one call at a time."""

    slots = 1
    killed: tuple[type[BaseException], ...] = ()

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(call(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def restart(self) -> bool:
        """Nothing to do."""
        return False

    def close(self, at_once: bool = False) -> None:
        """Nothing to do."""


class Pool:
    """Processes on this machine.

    Args:
        processes: how many.
        main: whether they import the script that this process was started with, for the functions
            in it. A script without `if __name__ == "__main__":` would run in each of them again.
    """

    killed: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, processes: int, main: bool = True) -> None:
        self.slots, self._main = processes, main
        self._others = set(multiprocessing.active_children())
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # spawn, never fork: a fork copies compiled code, threads and locks in whatever state they
        # are.
        context = multiprocessing.get_context("spawn")
        own = os.environ.get(processes.SAFE_PATH)
        kept.try_cache()
        with processes.safe_path():  # the first semaphore starts a process, too
            return ProcessPoolExecutor(
                self.slots, mp_context=context, initializer=_begin, initargs=(own,)
            )

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have a process do it."""
        # A process starts at one of the first calls, and inherits this.
        main = nullcontext() if self._main else without_main()
        with _one_thread_each(), processes.safe_path(), main:
            return self._pool.submit(call, *arguments)

    def restart(self) -> bool:
        """A pool breaks with any of its processes; here is a new one."""
        self._end()
        self._pool = self._start()
        return True

    def _end(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - self._others:
            process.terminate()

    def close(self, at_once: bool = False) -> None:
        """End the processes; at once where nobody will read what they do."""
        if at_once:
            self._end()
        else:
            self._pool.shutdown()


def each(function: Callable[[Any], Any], arguments: Sequence[Any], workers: int) -> Iterator[Any]:
    """`function(one)` for each argument, in order; in this process or in so many.

    For work that is no run: nothing is recorded. However it ends, no process is left behind.

    Raises:
        WorkersDie: a process was killed, mostly for want of memory.
    """
    if workers == 1:
        yield from map(function, arguments)
        return
    pool, at_once = Pool(min(workers, len(arguments))), True
    try:
        for future in [pool.submit(function, one) for one in arguments]:
            yield future.result()
        at_once = False
    except BrokenProcessPool:
        raise WorkersDie(
            "A process was killed; memory may be short: use fewer --workers."
        ) from None
    finally:
        pool.close(at_once)


def _begin(safe_path: str | None) -> None:
    if safe_path is None:  # what a user's function starts is the user's affair
        os.environ.pop(processes.SAFE_PATH, None)
    # Ctrl-C reaches every process of the terminal; the parent alone decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    processes.keep_freed_memory()


def _end_with_parent() -> None:
    # A pool's processes hold their own queues open and would wait for ever if the parent is killed.
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


@contextmanager
def without_main() -> Iterator[None]:
    """Let processes that are started meanwhile leave the script of this one alone.

    `multiprocessing` has a spawned process import what `sys.modules["__main__"]` was read from.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


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


GONE = "The scheduler does not answer any more."


class Cluster:
    """The workers of a Dask scheduler that somebody has started.

    Args:
        address: such as tcp://10.0.0.1:8786, or the path of a scheduler file.
        patience: seconds for all of it: to reach the scheduler, and to see a first worker.
        say: how messages name options.

    Raises:
        InputError: the package is not installed, nobody answers, or there is no worker.
    """

    def __init__(self, address: str, patience: float = 30.0, say: Wording = COMMAND_LINE) -> None:
        try:
            from distributed import Client
            from distributed.scheduler import KilledWorker
        except ImportError:
            raise InputError(
                f"{say('scheduler')} needs the package distributed.",
                'Install it with `pip install "fupin[cluster]"`.',
            ) from None
        where = {"address": address}
        if not address.startswith(("tcp://", "tls://", "ws://", "wss://", "ucx://")):
            if not Path(address).is_file():
                raise InputError(
                    f"{say('scheduler', address)} is neither an address nor a scheduler file.",
                    "Write tcp://HOST:PORT, as `dask scheduler` prints it, or the file's name.",
                )
            _check_scheduler_file(Path(address), say)
            where = {"scheduler_file": address}
        self.killed = (KilledWorker,)
        # It tells of every attempt and every lost connection, with tracebacks; we say it once.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._client = _within(
            patience, lambda left: _client_of(Client, where, left), say("scheduler", address)
        )
        self._executor = self._client.get_executor(pure=False)

    @property
    def slots(self) -> int:
        """Threads of the workers that are there now; they may come and go.

        Raises:
            WorkersDie: the scheduler is gone.
        """
        threads: dict[str, int] = self._asked(self._client.nthreads)
        return max(1, sum(threads.values()))

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have a worker do it.

        Raises:
            WorkersDie: the scheduler is gone.
        """
        future: Future[Any] = self._asked(lambda: self._executor.submit(call, *arguments))
        return future

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """What the scheduler answers. Lost connections are errors of the system's kind."""
        try:
            return ask()
        except Exception as error:
            if isinstance(error, OSError) or self._client.status != "running":
                raise WorkersDie(GONE) from error
            raise

    def restart(self) -> bool:
        """The scheduler has found other workers already, if it is still there itself."""
        if self._client.status != "running":
            raise WorkersDie(GONE)
        return False

    def close(self, at_once: bool = False) -> None:
        """Leave the cluster as it was found."""
        gone = self._client.status != "running"
        with contextlib.suppress(Exception):  # of a scheduler that does not answer any more
            self._executor.shutdown(wait=not (at_once or gone))
            self._client.close(timeout=1 if at_once or gone else 10)


def _client_of(kind: Any, where: dict[str, str], patience: float) -> Any:
    client = kind(**where, timeout=patience, set_as_default=False)
    client.wait_for_workers(1, timeout=patience)
    return client


def _within(patience: float, connect: Callable[[float], Any], what: str) -> Any:
    """What `connect` returns, if it does so in time.

    Whoever listens at an address and is no scheduler may let a client wait at each of several
    steps, for as long as each allows; a thread can be left waiting.

    Raises:
        InputError: it does not, or it raises anything at all.
    """
    found: Future[Any] = Future()

    def attempt() -> None:
        try:
            found.set_result(connect(patience))
        except BaseException as error:
            found.set_exception(error)

    threading.Thread(target=attempt, daemon=True).start()
    try:
        return found.result(timeout=patience)
    except Exception as error:
        why = str(error).splitlines()[0] if str(error) else f"not within {patience:.0f} seconds"
        raise InputError(
            f"{what}: no scheduler with a worker answers ({why}).",
            "Start `dask scheduler` and `dask worker` first, of the same versions as here.",
        ) from None


def _check_scheduler_file(file: Path, say: Wording) -> None:
    """Raise InputError where a file is none that `dask scheduler` wrote."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        known = isinstance(content, dict) and isinstance(content.get("address"), str)
    except (OSError, ValueError):
        known = False
    if not known:
        raise InputError(
            f"{say('scheduler', file)} is no file that `dask scheduler` has written.",
            "Start `dask scheduler --scheduler-file FILE`, and name that file.",
        )


def workers_of(
    processes: int | None,
    scheduler: str | None,
    runs: int,
    *,
    say: Wording = COMMAND_LINE,
    main: bool = True,
) -> Workers:
    """Who does `runs` runs: a cluster, this process, or a pool.

    Args:
        processes: None is one for each core.
        scheduler: address or file of a Dask scheduler, or None.
        runs: no more processes than that are started.
        say: how messages name options.
        main: as of Pool.

    Raises:
        InputError: fewer than one process, both a scheduler and processes, or see Cluster.
    """
    if processes is not None and processes < 1:
        raise InputError(
            f"{say('workers', processes)} leaves nobody to work.", f"Write {say('workers', 1)}."
        )
    if scheduler is not None:
        if processes is not None:
            raise InputError(
                f"{say('workers')} and {say('scheduler')} exclude one another.",
                "A cluster has the workers that were started for it.",
            )
        return Cluster(scheduler, say=say)
    count = min(processes or usable_cores(), max(runs, 1))
    return Here() if count == 1 else Pool(count, main)
