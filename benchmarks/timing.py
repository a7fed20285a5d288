"""Clock, memory and cores: what every measurement here stands on."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

COPIED_WORDS = 1 << 25
"""float32 values that the memory copy moves: 128 MiB, beyond every cache."""
ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
    )
}  # fmt: skip
"""Environment of a measured process."""


@dataclass(frozen=True)
class Spread:
    """One figure measured several times: its median, lowest and highest value."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of some values, at least one."""
        each = list(values)
        return cls(statistics.median(each), min(each), max(each))


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of one call.

    For work of one thread this is the wall time of a machine without other work: what others take
    away from the core does not count, what they take of memory bandwidth does.
    """
    start = time.process_time()
    work()
    return time.process_time() - start


class MemoryCopy:
    """The yardstick: copying float32 values from one array to another, both beyond every cache."""

    def __init__(self, words: int = COPIED_WORDS) -> None:
        self._source, self._target = np.ones(words, np.float32), np.zeros(words, np.float32)

    def ns(self, rounds: int = 1) -> float:
        """Nanoseconds of processor time a value (read and written): the lowest of some rounds."""
        best = min(
            processor_seconds(lambda: np.copyto(self._target, self._source)) for _ in range(rounds)
        )
        return best / self._source.size * 1e9


def pin_to_one_core() -> int | None:
    """Bind this process to the last core it may use; None where the system has no such call."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))  # the first cores serve most interrupts
    os.sched_setaffinity(0, {core})
    return core


def peak_memory() -> float:
    """Largest resident memory of this process so far, bytes (pages of mapped frames included)."""
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak if sys.platform == "darwin" else peak * 1024)


def machine() -> dict[str, str]:
    """What the figures were measured on, as far as it matters to them."""
    from importlib.metadata import version

    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next((line.split(":")[1].strip() for line in lines if "model name" in line), model)
    except OSError:
        pass
    packages = ("numpy", "numba", "mesa")
    load = f"{os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "load": load,
        "processor": model,
        "cores": str(os.cpu_count()),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }
