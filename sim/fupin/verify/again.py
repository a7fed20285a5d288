"""Runs made again by a process of their own, which takes nothing from the cache.

Its cache is an empty folder, and so is the folder of its bytecode: populations are built, levels
are solved, kernels and sources are compiled anew. What this machine has kept can neither help nor
mislead it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fupin import paths, processes
from fupin.engine.run_ids import Job, RunTask, function_of
from fupin.engine.worker import Failed, Finished, attempt
from fupin.engine.workers import WorkersDie, usable_cores
from fupin.store.versions import sources_fingerprint

COMPILES_ANEW = True
"""False lets the process use this one's compiled kernels and bytecode: for tests, which have no
minute to spare. Kernels are checked when they are used even so.
"""


def runs_again(job: Job, tasks: Sequence[RunTask]) -> list[Finished | Failed]:
    """Make runs in a new process with an empty cache, one after the other.

    Raises:
        WorkersDie: the process ended without an answer, or has other sources than this one.
    """
    with tempfile.TemporaryDirectory(prefix="fupin-verify-") as home:
        asked, told = Path(home) / "asked", Path(home) / "told"
        cache = Path(home) / "cache"
        cache.mkdir()
        more = {"FUPIN_CACHE": str(cache)}
        if COMPILES_ANEW:
            more["PYTHONPYCACHEPREFIX"] = str(Path(home) / "bytecode")
        elif (paths.cache() / "kernels").is_dir():
            (cache / "kernels").symlink_to((paths.cache() / "kernels").absolute())
        asked.write_bytes(pickle.dumps((job, list(tasks))))
        program = processes.python(
            "from fupin.verify.again import main; main()", str(asked), str(told)
        )
        done = subprocess.run(
            program, env={**os.environ, **more}, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if done.returncode or not told.is_file():
            last = (done.stderr.strip().splitlines() or ["no word"])[-1]
            raise WorkersDie(f"The process that makes runs again ended with {last!r}.")
        sources, found = pickle.loads(told.read_bytes())
        if sources != sources_fingerprint():
            raise WorkersDie("The process that makes runs again has other sources than this one.")
        results: list[Finished | Failed] = found
        return results


def main() -> None:
    """What the process does: reads the job and its tasks from one file, writes results to another.

    Both are files of the process that started it, in a folder that only its user can read.
    """
    from fupin.kernels import jit
    from fupin.kernels.ahead import compile_first_run

    job, tasks = pickle.loads(Path(sys.argv[1]).read_bytes())
    if jit.ON_DISK and not jit.is_cached() and usable_cores() > 1:
        compile_first_run()
    function = function_of(job.function)
    found = [attempt(function, job, task) for task in tasks]
    Path(sys.argv[2]).write_bytes(pickle.dumps((sources_fingerprint(), found)))
