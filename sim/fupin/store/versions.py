"""What a result was made with: versions of packages, hashes of the model's sources."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Collection
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fupin import paths

PACKAGES = ("fupin", "mesa", "numpy", "scipy", "numba", "llvmlite", "pydantic", "pyarrow")
"""Packages that can change a number or the form of a file."""

NUMERIC = ("mesa", "numpy", "scipy", "numba", "llvmlite")
"""Packages that can change a number of a run."""

NOT_THE_MODEL = ("api", "browser", "commands", "report", "uncertainty", "cli.py")
"""Parts of the package that a simulation never imports (tested), so that no number depends on them.
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
        leave_out: names directly below it that do not count.
    """
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted(package.rglob("*"), key=lambda f: f.relative_to(package).as_posix()):
        relative = file.relative_to(package)
        if relative.parts[0] in ("_data", *leave_out):
            continue
        if file.suffix not in _SOURCES or not file.is_file():
            continue
        content = file.read_bytes()
        digest.update(f"{relative.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
