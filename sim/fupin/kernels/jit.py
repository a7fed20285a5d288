"""How kernels are compiled, and where compiled code is kept.

Import `kernel` and `inline` from here, never from numba. Numba's own check misses an edit to a
helper in another file, so the folder's name holds a hash of all sources that kernels are made
from, the numba version and the CPU. Every file in it is checked when it is used (`fupin.files
.kept`). Where the folder cannot be written, kernels are compiled anew in every process.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
from numba import config as _config
from numba import types
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from fupin import paths
from fupin.files import kept
from fupin.files.sources import content_of, hash_of_sources, imported, sources_in

config: Any = _config  # its settings come from the environment, unknown to a type checker

COMPILED: bool = not config.DISABLE_JIT
"""False when the compiler is off (NUMBA_DISABLE_JIT=1): kernels then run as plain Python."""


_SUFFIX = ".kernel"
_MARK = re.compile(rb"@(?:kernel|inline|helper)")


def kernel_sources(package: Path = paths.PACKAGE) -> list[Path]:
    """Every source that compiled code can be made from, in a fixed order.

    These are the files that define kernels and, since constants of other modules are compiled in,
    whatever these import from `fupin`, at any remove. Imports within functions and for type
    checkers do not count.
    """
    kernels = f"{package / 'kernels'}{os.sep}"
    roots = [
        Path(file)
        for file in sources_in(package)
        if file.startswith(kernels) or _MARK.search(content_of(file))
    ]
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
    llvmlite = version("llvmlite")
    name = f"{sources_hash()}-numba{version('numba')}-llvmlite{llvmlite}-{platform.machine()}-{cpu}"
    return paths.cache() / "kernels" / name


_FOLDER = cache_folder()


def _writable(folder: Path) -> bool:
    try:
        if os.path.lexists(folder) and not folder.is_dir():
            kept.mend(folder, kept.KERNELS, "no folder")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


ON_DISK: bool = COMPILED and _writable(_FOLDER)
"""True if compiled kernels are kept for the next process."""


def written(signature: Iterable[types.Type]) -> str:
    """Argument types of a kernel as text, the same in every process (`fupin.kernels.ahead`)."""
    return "(" + "".join(f"{_text(kind)}, " for kind in signature) + ")"


def _text(kind: types.Type) -> str:
    if isinstance(kind, types.BaseNamedTuple):  # its own repr leaves out what class it is
        named: Any = kind
        made = named.instance_class
        return f"named({written(named)}, '{made.__module__}.{made.__name__}')"
    return repr(kind)


def is_cached() -> bool:
    """True if some kernels of these sources were compiled before (a hint for messages only)."""
    return COMPILED and any(_FOLDER.glob(f"*{_SUFFIX}"))


# Nobody calls compiled code by a C pointer: a tenth less to compile.
_STRICT: dict[str, Any] = {"error_model": "numpy", "no_cfunc_wrapper": True}
_UNCALLED: dict[str, Any] = {"no_cpython_wrapper": True}


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a loop over columns; cached on disk. Strict arithmetic: no fastmath, no threads."""
    compiled = numba.njit(nogil=True, **_STRICT)(function)
    if COMPILED:
        compiled._cache = _KeptKernels(function)
    return compiled


class _KeptKernels(_Cache):
    """What numba asks for the compiled code of one function, one kept file for each signature.

    Numba's own cache unpickles whatever lies in its files, an index and the code, and a cut one is
    a traceback in every process, a flipped bit a crash. Here a file is compared with its checksum
    before it is unpickled, and what cannot be written is done without (docs/decisions.md).
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        code = hashlib.blake2b(function.__code__.co_code, digest_size=8).hexdigest()
        python = sys.implementation.cache_tag
        self._name = f"{function.__module__}.{function.__qualname__}|{code}|{python}"

    @property
    def cache_path(self) -> str:
        return str(_FOLDER)

    def _file(self, signature: Any) -> Path:
        text = f"{self._name}|{written(signature)}"
        name = self._name.partition("|")[0].replace("<locals>", "")
        key = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
        return _FOLDER / f"{name[-80:]}-{key}{_SUFFIX}"

    def load_overload(self, signature: Any, context: Any) -> Any:
        # Before it looks for compiled code numba loads all modules that it needs to compile, 0.8 s
        # in every process. Compiled code needs the runtime alone (arrays are made by it); where
        # none is found the compiler loads the rest itself.
        rtsys.initialize(context)
        file = self._file(signature)
        content = kept.read(file, kept.KERNELS)
        if content is None:
            return None
        try:
            return CompileResult._rebuild(context, *pickle.loads(content))
        except Exception as error:  # whole, and made by other libraries than are installed now
            kept.mend(file, kept.KERNELS, f"{type(error).__name__}: {error}")
            return None

    def save_overload(self, signature: Any, result: Any) -> None:
        if not result.lifted and not result.library.has_dynamic_globals:
            kept.write(self._file(signature), kept.KERNELS, dumps(result._reduce()))

    def enable(self) -> None:
        """It always is."""

    def disable(self) -> None:
        """Never."""

    def flush(self) -> None:
        """Nothing waits to be written."""


def helper(function: Callable[..., Any]) -> Any:
    """Compile a function that only kernels call: not from Python, and sooner for it."""
    return numba.njit(**_STRICT, **_UNCALLED)(function)


def inline(function: Callable[..., Any]) -> Any:
    """Compile a scalar helper that is always inlined into the loop that calls it."""
    return numba.njit(forceinline=True, **_STRICT)(function)
