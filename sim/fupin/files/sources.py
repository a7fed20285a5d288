"""Which files of the package a module depends on: itself and what it imports, at any remove.

Keys of what is kept (compiled kernels, levels, frames, runs) hold a hash of such files, so that an
edit of any of them is seen, wherever it lies and whatever it is called. Texts are searched, since
to parse them all would take longer than to start a run; a test compares with Python's own parser.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from functools import lru_cache
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
    at_once, inside = _imports(text)
    return {*at_once, *inside} if everywhere else set(at_once)


@lru_cache(maxsize=1024)
def _imports(text: bytes) -> tuple[frozenset[str], frozenset[str]]:
    # Several keys follow the same files when a process starts.
    found: tuple[set[str], set[str]] = (set(), set())
    text = _TEXT.sub(b"", text)
    if b"TYPE_CHECKING" in text:
        text = _TYPE_CHECKING.sub(b"", text)
    for indent, module, names, plain in _IMPORT.findall(text):
        base = (module or plain).decode()
        within = re.sub(rb" as \w+", b"", names).decode()
        place = found[bool(indent)]
        place.add(base)
        place |= {f"{base}.{name}" for name in re.findall(r"\w+", within)}
    return frozenset(found[0]), frozenset(found[1])


def imported(roots: Iterable[Path], package: Path = PACKAGE, everywhere: bool = True) -> list[Path]:
    """The roots and all files of the package that they import, at any remove, in a fixed order.

    Args:
        roots: files of the package.
        package: its folder.
        everywhere: imports within functions count, too. Those of an `__init__.py` never do: they
            are for who asks the package itself.
    """
    modules = {_module(file, package): file for file in sources_in(package)}
    found: dict[str, str] = {}
    waiting = [_module(os.fspath(file), package) for file in roots]
    while waiting:
        name = waiting.pop()
        if name in found or name not in modules:
            continue
        file = found[name] = modules[name]
        waiting.append(name.rpartition(".")[0])  # the package around it
        inside = everywhere and not file.endswith("__init__.py")
        waiting += imports_of(content_of(file), inside)
    return sorted(map(Path, found.values()))


def sources_in(package: Path) -> list[str]:
    """Paths of all modules of a package, as text: to make paths of them takes longer than all."""
    return [
        f"{folder}{os.sep}{name}"
        for folder, _, names in os.walk(package)
        for name in names
        if name.endswith(".py")
    ]


def content_of(file: str | Path) -> bytes:
    """The bytes of a source; without a buffer, since each is read whole and once."""
    with open(file, "rb", buffering=0) as stream:  # noqa: PTH123
        return stream.read()


def _module(file: str, package: Path) -> str:
    """Name of a file's module; of text alone, which is ten times as fast as asking the path."""
    inside = file[len(os.fspath(package)) : -len(".py")]
    return f"fupin{inside}".replace(os.sep, ".").removesuffix(".__init__")


def hash_of_sources(files: Iterable[Path], package: Path = PACKAGE, digits: int = 32) -> str:
    """Hash of the names below the package and the contents of files, in the order of names."""
    digest = hashlib.blake2b(digest_size=digits // 2)
    start = len(package.as_posix()) + 1
    for file in sorted(files):
        content = content_of(file)
        digest.update(f"{file.as_posix()[start:]}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
