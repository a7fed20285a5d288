"""Which files of the package a module depends on: itself and what it imports, at any remove.

Keys of what is kept (compiled kernels, levels, frames, runs) hold a hash of such files, so that an
edit of any of them is seen, wherever it lies and whatever it is called. Texts are searched, since
to parse them all would take longer than to start a run; a test compares with Python's own parser.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from fupin.paths import PACKAGE

_TEXT = re.compile(rb'"""[\s\S]*?"""|#.*')
_TYPE_CHECKING = re.compile(rb"^([ \t]*)if TYPE_CHECKING:[ \t]*\n(?:(?:\1[ \t]+.*)?\n)+", re.M)
_IMPORT = re.compile(
    rb"^([ \t]*)(?:from (fupin[\w.]*) import (\([^)]*\)|[^\n(]*)|import (fupin[\w.]*))", re.M
)


def imports_of(text: bytes, everywhere: bool = True) -> set[str]:
    """Names that a source imports from fupin: modules, and what `from ... import` may mean.

    Args:
        text: the source. Docstrings, comments and what only a type checker imports do not count.
        everywhere: imports within functions count, too.
    """
    found = set()
    for indent, module, names, plain in _IMPORT.findall(
        _TYPE_CHECKING.sub(b"", _TEXT.sub(b"", text))
    ):
        if indent and not everywhere:
            continue
        base = (module or plain).decode()
        found.add(base)
        within = re.sub(rb" as \w+", b"", names).decode()
        found |= {f"{base}.{name}" for name in re.findall(r"\w+", within)}
    return found


def imported(roots: Iterable[Path], package: Path = PACKAGE, everywhere: bool = True) -> list[Path]:
    """The roots and all files of the package that they import, at any remove, in a fixed order.

    Args:
        roots: files of the package.
        package: its folder.
        everywhere: imports within functions count, too. Those of an `__init__.py` never do: they
            are for who asks the package itself.
    """
    found: set[Path] = set()
    known: set[str] = set()
    waiting = list(roots)
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        inside = everywhere and file.name != "__init__.py"
        names = imports_of(file.read_bytes(), inside)
        for name in {*names, *_packages_around(file, package)} - known:
            known.add(name)
            base = package.joinpath(*name.split(".")[1:])
            waiting += [f for f in (base.with_suffix(".py"), base / "__init__.py") if f.is_file()]
    return sorted(found)


def _packages_around(file: Path, package: Path) -> set[str]:
    parts = ("fupin", *file.relative_to(package).parts[:-1])
    return {".".join(parts[:n]) for n in range(1, len(parts) + 1)}


def hash_of_sources(files: Iterable[Path], package: Path = PACKAGE, digits: int = 32) -> str:
    """Hash of the names below the package and the contents of files, in the order of names."""
    digest = hashlib.blake2b(digest_size=digits // 2)
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(package).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
