"""Runs of the model for a calibration: in parallel, each recorded as it ends, never done twice.

One function stands between the calibration and whatever runs things (`run_many`).
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.experiments.draws import Draw

Measure = Callable[[Any, Draw, int], Mapping[str, float]]
"""A function at module level: (scenario, draw, seed) to moments."""

Progress = Callable[[int, int], None]


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
    workers: int,
    journal: Path | None = None,
    on_progress: Progress | None = None,
) -> tuple[list[dict[str, float] | None], list[Failure]]:
    """Run a function for each (draw, seed).

    Args:
        function: at module level, so that worker processes can import it.
        scenario: handed on as it is.
        tasks: draws and seeds; results come in this order.
        workers: processes; 1 runs here.
        journal: file of runs already done; what is done is added to it.
        on_progress: called with (done, all).

    Returns:
        results, None where a run failed, and the failures.

    Raises:
        InputError: a run found a mistake of the user.
    """
    done = _read(journal)
    keys = [_key(draw, seed) for draw, seed in tasks]
    waiting = [i for i, key in enumerate(keys) if key not in done]
    failures: list[Failure] = []
    report = on_progress or (lambda done, total: None)
    report(len(tasks) - len(waiting), len(tasks))
    finished = len(tasks) - len(waiting)

    def take(i: int, found: dict[str, float] | str) -> None:
        nonlocal finished
        finished += 1
        if isinstance(found, str):
            failures.append(Failure(tasks[i][0].label, tasks[i][1], found))
        else:
            done[keys[i]] = found
            _write(journal, keys[i], found)
        report(finished, len(tasks))

    if workers == 1 or len(waiting) <= 1:
        for i in waiting:
            take(i, _attempt(function, scenario, *tasks[i]))
    elif waiting:
        threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        before = {name: os.environ.get(name) for name in threads}
        os.environ.update(threads)  # processes share the cores among themselves
        try:
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(min(workers, len(waiting)), mp_context=context) as pool:
                futures = {pool.submit(_attempt, function, scenario, *tasks[i]): i for i in waiting}
                try:
                    for future in as_completed(futures):
                        take(futures[future], _result(future))
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
    return [done.get(key) for key in keys], sorted(failures, key=lambda f: (f.draw, f.seed))


def journal_file(folder: Path, *parts: str) -> Path:
    """File of the runs of one model, plan and function; another of these is another file."""
    name = hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
    return folder / f"{name}.jsonl"


def _attempt(function: Measure, scenario: Any, draw: Draw, seed: int) -> dict[str, float] | str:
    try:
        return {name: float(value) for name, value in function(scenario, draw, seed).items()}
    except InputError:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _result(future: Future[dict[str, float] | str]) -> dict[str, float] | str:
    try:
        return future.result()
    except BrokenProcessPool:
        return "a worker process was killed, most often for want of memory"


def _key(draw: Draw, seed: int) -> str:
    text = json.dumps([sorted(draw.overrides.items()), seed], allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _read(journal: Path | None) -> dict[str, dict[str, float]]:
    done: dict[str, dict[str, float]] = {}
    if journal is None or not journal.is_file():
        return done
    for line in journal.read_text("utf-8").splitlines():
        try:
            key, found = json.loads(line)
            done[key] = {name: float(value) for name, value in found.items()}
        except (ValueError, TypeError, AttributeError):
            continue  # a line that was torn off: that run is done again
    return done


def _write(journal: Path | None, key: str, found: Mapping[str, float]) -> None:
    if journal is None:
        return
    journal.parent.mkdir(parents=True, exist_ok=True)
    with journal.open("ab+") as file:
        if file.tell() and _last_byte(file) != b"\n":
            file.write(b"\n")  # ends the torn line of a run that was killed
        file.write(json.dumps([key, dict(found)]).encode() + b"\n")


def _last_byte(file: Any) -> bytes:
    file.seek(-1, os.SEEK_END)
    return bytes(file.read(1))
