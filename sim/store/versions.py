"""What a result was made with: versions of packages, hashes of the model's sources."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sim import paths

PACKAGES = ("fupin", "mesa", "numpy", "scipy", "numba", "llvmlite", "pydantic", "pyarrow")
"""Packages that can change a number or the form of a file."""

_SOURCES = {".py", ".yaml", ".csv"}


def package_versions() -> dict[str, str]:
    """Installed version of each of PACKAGES, and of Python."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def sources_fingerprint(package: Path = paths.PACKAGE) -> str:
    """Hash of every source, parameter and data file under `package`, names included."""
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted(package.rglob("*"), key=lambda f: f.relative_to(package).as_posix()):
        relative = file.relative_to(package)
        if file.suffix not in _SOURCES or relative.parts[0] == "_data" or not file.is_file():
            continue
        content = file.read_bytes()
        digest.update(f"{relative.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
