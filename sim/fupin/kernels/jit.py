"""How kernels are compiled, and where compiled code is kept.

Import `kernel` and `inline` from here, never from numba: the cache folder has to be named before
numba caches anything. Numba's own check misses an edit to a helper in another file, so the
folder's name holds a hash of all sources that kernels are made from, the numba version and the
CPU. Where the folder cannot be written, kernels are compiled anew in every process.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
from numba import config as _config
from numba.core.runtime import rtsys

from fupin import paths
from fupin.files.sources import hash_of_sources, imported

config: Any = _config  # its settings come from the environment, unknown to a type checker

COMPILED: bool = not config.DISABLE_JIT
"""False when the compiler is off (NUMBA_DISABLE_JIT=1): kernels then run as plain Python."""


_MARKS = (b"@kernel", b"@inline", b"@helper")


def kernel_sources(package: Path = paths.PACKAGE) -> list[Path]:
    """Every source that compiled code can be made from, in a fixed order.

    These are the files that define kernels and, since constants of other modules are compiled in,
    whatever these import from `fupin`, at any remove. Imports within functions and for type
    checkers do not count.
    """
    roots = set((package / "kernels").glob("*.py"))
    for file in package.rglob("*.py"):
        text = file.read_bytes()
        if any(mark in text for mark in _MARKS):
            roots.add(file)
    return imported(roots, package, everywhere=False)


@cache
def sources_hash(package: Path = paths.PACKAGE) -> str:
    """Hash of names and contents of `kernel_sources`."""
    return hash_of_sources(kernel_sources(package), package)[:16]


def cache_folder() -> Path:
    """Folder for compiled kernels of exactly these sources, this numba and this CPU."""
    cpu = hashlib.blake2b(
        (llvm.get_host_cpu_name() + llvm.get_host_cpu_features().flatten()).encode(), digest_size=4
    ).hexdigest()
    name = f"{sources_hash()}-numba{version('numba')}-{platform.machine()}-{cpu}"
    return paths.cache() / "kernels" / name


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


_FOLDER = cache_folder()
ON_DISK: bool = COMPILED and _writable(_FOLDER)
"""True if compiled kernels are kept for the next process."""
if ON_DISK:
    config.CACHE_DIR = str(_FOLDER)


def is_cached() -> bool:
    """True if some kernels of these sources were compiled before (a hint for messages only)."""
    return ON_DISK and any(_FOLDER.rglob("*.nbi"))


# Nobody calls compiled code by a C pointer: a tenth less to compile.
_STRICT: dict[str, Any] = {"error_model": "numpy", "no_cfunc_wrapper": True}
_UNCALLED: dict[str, Any] = {"no_cpython_wrapper": True}


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a loop over columns; cached on disk. Strict arithmetic: no fastmath, no threads."""
    compiled = numba.njit(cache=ON_DISK, nogil=True, **_STRICT)(function)
    if ON_DISK:
        compiled._cache.load_overload = partial(_load_compiled, compiled._cache)
    return compiled


def _load_compiled(cache: Any, signature: Any, context: Any) -> Any:
    # As numba's Cache.load_overload but for one line: before it looks for compiled code numba
    # loads all modules that it needs to compile, 0.8 s in every process. Compiled code needs the
    # runtime alone (arrays are made by it); where none is found the compiler loads the rest itself.
    rtsys.initialize(context)
    with cache._guard_against_spurious_io_errors():
        return cache._load_overload(signature, context)


def helper(function: Callable[..., Any]) -> Any:
    """Compile a function that only kernels call: not from Python, and sooner for it."""
    return numba.njit(**_STRICT, **_UNCALLED)(function)


def inline(function: Callable[..., Any]) -> Any:
    """Compile a scalar helper that is always inlined into the loop that calls it."""
    return numba.njit(forceinline=True, **_STRICT)(function)
