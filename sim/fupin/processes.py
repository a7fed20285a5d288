"""Python processes that fupin starts: they import what this one imports, wherever it was started.

Python looks for modules in the working directory first (`python -c`, `python -m`, and the first
moments of a worker process). A planner's folder may well hold a `sim.py` or a `json.py`, which
would then be run in place of the real one. So every process starts with Python's safe path (`-P`),
and is told the places that this process imports from, the working directory left out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fupin.paths import PACKAGE

SAFE_PATH = "PYTHONSAFEPATH"
"""Environment variable that does what `-P` does, also for processes of `multiprocessing`."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
_KEPT = 1 << 30


def keep_freed_memory() -> bool:
    """Memory that this process frees stays with it, so that the next column need not be cleared.

    Columns of three million households come and go by the hundred in a run. glibc gives each back
    to the system, which clears it before it hands it out again: a sixth of the time of a year. The
    process needs some 5% more memory for it.

    Returns:
        False where the C library is not glibc, which then does what it does.
    """
    import ctypes  # late: `fupin --help` does without

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, _KEPT) and mallopt(_TRIM_THRESHOLD, _KEPT))


def search_path() -> list[str]:
    """Where this process imports from, absolute, without the working directory.

    The folder that holds fupin is always in it: in `sim/` of a checkout it is both.
    """
    own = PACKAGE.parent
    here = Path.cwd()
    entries = [Path(entry).absolute() for entry in sys.path]
    real = {entry: entry.resolve() for entry in entries}
    kept = [str(entry) for entry in entries if real[entry] == own or real[entry] != here]
    return kept if own in real.values() else [*kept, str(own)]


def python(program: str, *words: str) -> list[str]:
    """The command of a Python process, for `subprocess`.

    Args:
        program: Python statements; they find `words` in `sys.argv[1:]`.
        words: what follows on the command line.
    """
    told = f"import sys; sys.path[:] = {search_path()!r}; "
    return [sys.executable, "-P", "-c", told + program, *words]


@contextmanager
def safe_path() -> Iterator[None]:
    """Within the block, processes of `multiprocessing` start with the safe path.

    They import `multiprocessing` before this process can tell them from where.
    """
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(SAFE_PATH, None)
        else:
            os.environ[SAFE_PATH] = before
