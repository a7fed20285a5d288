"""How kernels are compiled, and where compiled code is kept.

Import `kernel` and `inline` from here, never from numba: the cache folder has to be named before
numba caches anything. Numba's own check misses an edit to a helper in another file, so the
folder's name holds a hash of all sources that contain kernels, the numba version and the CPU.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
from numba import config

from sim import paths

COMPILED: bool = not config.DISABLE_JIT
"""False when the compiler is off (NUMBA_DISABLE_JIT=1): kernels then run as plain Python."""


def sources_hash(package: Path = paths.PACKAGE) -> str:
    """Hash of every source file under `package` that holds compiled code."""
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted(package.rglob("*.py")):
        text = file.read_bytes()
        if b"sim.kernels" in text or file.parent.name == "kernels":
            digest.update(file.relative_to(package).as_posix().encode())
            digest.update(text)
    return digest.hexdigest()


def cache_folder() -> Path:
    """Folder for compiled kernels of exactly these sources, this numba and this CPU."""
    cpu = hashlib.blake2b(
        (llvm.get_host_cpu_name() + llvm.get_host_cpu_features().flatten()).encode(), digest_size=4
    ).hexdigest()
    name = f"{sources_hash()}-numba{version('numba')}-{platform.machine()}-{cpu}"
    return paths.cache() / "kernels" / name


config.CACHE_DIR = str(cache_folder())


def is_cached() -> bool:
    """True if some kernels of these sources were compiled before (a hint for messages only)."""
    folder = cache_folder()
    return folder.is_dir() and any(folder.rglob("*.nbi"))


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a loop over columns; cached on disk. Strict arithmetic: no fastmath, no threads."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


def inline(function: Callable[..., Any]) -> Any:
    """Compile a scalar helper that is always inlined into the loop that calls it."""
    return numba.njit(forceinline=True, error_model="numpy")(function)
