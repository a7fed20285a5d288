"""What a result was made with: versions of packages, hashes of the model's sources."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
from collections.abc import Collection
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fupin import paths
from fupin.files.sources import imported

PACKAGES = ("fupin", "mesa", "numpy", "scipy", "numba", "llvmlite", "pydantic", "pyarrow")
"""Packages that can change a number or the form of a file."""

NUMERIC = ("mesa", "numpy", "scipy", "numba", "llvmlite")
"""Packages that can change a number of a run."""

NOT_THE_MODEL = (
    "words", "verify", "sweeps", "calibration", "uncertainty", "allocation", "report", "api",
    "browser", "terminal", "commands", "cli", "__main__",
)  # fmt: skip
"""Rooms that a simulation never imports, so that no number depends on them: words, and all that
stands above the engine. A test looks at what a simulation imports.
"""

_SOURCES = {".py", ".yaml", ".csv"}


def package_versions() -> dict[str, str]:
    """Installed version of each of PACKAGES, and of Python."""
    versions = {"python": platform.python_version()}
    return versions | {name: _version(name) for name in PACKAGES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


@cache
def function_fingerprint(module: str) -> str:
    """Hash of what the results of a module's functions depend on, apart from their arguments.

    `model_fingerprint` for a module of the model; else the files of `sources_apart` with it.
    """
    digest = hashlib.blake2b(model_fingerprint().encode(), digest_size=16)
    apart = sources_apart(module)
    for file in apart:
        digest.update(file.read_bytes())
    return digest.hexdigest() if apart else model_fingerprint()


def sources_apart(module: str) -> list[Path]:
    """What `model_fingerprint` leaves out of the files that a module depends on.

    A module of somebody else is its file; one of a room that is not the model is its file and
    what this imports of such rooms.
    """
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return []
    file = Path(spec.origin).resolve()
    if not file.is_relative_to(paths.PACKAGE):
        return [file]
    return [
        f
        for f in imported([file])
        if _room(f.relative_to(paths.PACKAGE).as_posix()) in NOT_THE_MODEL
    ]


def _room(name: str) -> str:
    """The folder or module directly below the package that holds the file of a name."""
    return name.partition("/")[0].removesuffix(".py")


@cache
def model_fingerprint() -> str:
    """Hash of the sources, parameters and data of the model and of the numeric packages' versions.

    It is the version in the id of a run. Sources are read once in a process: what was imported is
    what counts.
    """
    versions = [f"{name} {_version(name)}" for name in NUMERIC]
    sources = sources_fingerprint(leave_out=NOT_THE_MODEL)
    text = "\n".join([sources, *versions])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def sources_fingerprint(package: Path = paths.PACKAGE, leave_out: Collection[str] = ()) -> str:
    """Hash of every source, parameter and data file under `package`, names included.

    Args:
        package: the folder.
        leave_out: rooms (folders or modules directly below it) that do not count.
    """
    digest = hashlib.blake2b(digest_size=16)
    length = len(package.as_posix()) + 1
    kept = (f for kind in _SOURCES for f in package.rglob(f"*{kind}"))
    for name, file in sorted((file.as_posix()[length:], file) for file in kept):
        if _room(name) in ("_data", *leave_out) or not file.is_file():
            continue
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
