"""Runs jobs in processes of their own, taking turns, and gathers their figures.

Everything is measured once before anything is measured again, so that a busy moment of the machine
falls on all alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import timing

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Task:
    """One thing to measure.

    Attributes:
        name: under which its figures are kept.
        job: key of `benchmarks.jobs.JOBS`, or "help" for `fupin --help`.
        options: of the job.
        rounds: how often at most.
        empty_cache: give it a cache of its own, so that everything is compiled.
    """

    name: str
    job: str
    options: dict[str, Any] = field(default_factory=dict)
    rounds: int = 1000
    empty_cache: bool = False


Measured = dict[str, dict[str, list[float]]]
"""Name of a task -> name of a figure -> one value a round."""


class JobFailed(Exception):
    """A measured process ended with an error; the message ends with what it said."""


def run_once(task: Task) -> dict[str, float]:
    """The figures of one process.

    Raises:
        JobFailed: the process failed.
    """
    if task.job == "help":
        command = [sys.executable, "-c", "import sys; sys.argv = ['fupin', '--help']; "
                   "from fupin.cli import main; main()"]  # fmt: skip
        clock = time.perf_counter()
        _checked(command, {})
        return {"help": time.perf_counter() - clock}
    with tempfile.TemporaryDirectory() as empty:
        extra = {"FUPIN_CACHE": empty} if task.empty_cache else {}
        asked = {"job": task.job, "options": task.options, "started": time.monotonic()}
        said = _checked([sys.executable, "-m", "benchmarks.jobs", json.dumps(asked)], extra)
    figures: dict[str, float] = json.loads(said.splitlines()[-1])
    return figures


def _checked(command: Sequence[str], extra: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **timing.ONE_THREAD, **extra},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise JobFailed(f"{' '.join(command[1:])} failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def measure(
    tasks: Sequence[Task], rounds: int, on_task: Callable[[int, Task], None] | None = None
) -> Measured:
    """Measure every task `rounds` times, in turns.

    Args:
        tasks: what to measure, names apart.
        rounds: turns; a task with fewer rounds of its own leaves the turns early.
        on_task: called before each process with the turn (from 1) and the task.

    Raises:
        JobFailed: some process failed.
    """
    figures: Measured = {task.name: {} for task in tasks}
    for turn in range(1, rounds + 1):
        for task in tasks:
            if turn > task.rounds:
                continue
            if on_task is not None:
                on_task(turn, task)
            for name, value in run_once(task).items():
                figures[task.name].setdefault(name, []).append(value)
    return figures
