"""The one cache layer: what can be made again is kept, looked at when it is used, never fatal.

    content = read(file, LEVELS)          # None: not there, or damaged, which is said
    if content is None:
        content = make()
        write(file, LEVELS, content)      # a full disk costs time, nothing else

A kept file is one line, `fupin-kept 1 BYTES CHECKSUM`, and its content. The checksum covers the
kind, the file's name and every byte, so that a file that was cut, altered, exchanged for another
or that is a link to something else is told before anybody parses or unpickles it. What cannot be
used is removed, so that it can be made anew; one line says so for each kind and process.

Folders of large columns (`fupin.population.cache`) and stores of runs (`fupin.store`) have forms
and checksums of their own, and speak through `mend` and `not_kept`.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from fupin import paths

LEVELS, WORLDS, KERNELS = "income levels", "lived worlds", "compiled kernels"
FRAMES, RUNS, TEXTS = "populations", "recorded runs", "parts of reports"
"""Kinds, as messages name them."""

_MARK = b"fupin-kept 1"
_LONGEST_HEAD = 100
_PARTIAL = ".partial"
_STALE_SECONDS = 86_400.0

_BLOCK = 4096
"""Bytes that a try writes: an empty file fits on a full disk."""

TOLD = "FUPIN_TOLD"
"""Environment variable: what this process said, so that those which it starts do not."""
_NOT_KEPT = "not kept"

_lock = threading.Lock()
_said: set[str] = set()
mended: list[str] = []
"""What was found damaged in this process, a line each: of use to `fupin verify`."""


def read(file: Path, kind: str) -> memoryview | None:
    """The content of a kept file; None where there is none, or none that can be believed.

    Args:
        file: where it lies.
        kind: one of the kinds above; a file that was kept as another kind is not believed.
    """
    try:
        whole = _bytes_of(file)
    except (FileNotFoundError, NotADirectoryError):
        if os.path.lexists(file):  # a link that leads nowhere
            mend(file, kind, "a link that leads nowhere")
        return None
    except OSError as error:
        mend(file, kind, error.strerror or str(error))
        return None
    content = _content(whole, _owner(file, kind))
    if content is None:
        mend(file, kind, "not what was kept")
    return content


def _bytes_of(file: Path) -> bytes:
    """All bytes of a regular file; a pipe or a device could never end.

    Raises:
        OSError: it cannot be read, or is something else.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(errno.EINVAL, "no ordinary file")
    with file.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        # A sparse file of a terabyte would fill the memory: its head does not promise that much.
        promised = _promised(stream.read(_LONGEST_HEAD), size)
        stream.seek(0)
        return stream.read() if promised else b""


def _promised(head: bytes, size: int) -> bool:
    """True where the head of a file promises as many bytes as it has."""
    line, _, _ = head.partition(b"\n")
    words = line.split(b" ")
    length = words[-2] if len(words) > 2 else b""
    return length.isdigit() and len(line) + 1 + int(length) == size


def _owner(file: Path, kind: str) -> bytes:
    return f"{kind}\0{file.name}\0".encode("utf-8", "surrogateescape")


def _checksum(owner: bytes, content: bytes | memoryview) -> bytes:
    digest = hashlib.blake2b(owner, digest_size=16)
    digest.update(content)
    return digest.hexdigest().encode()


def _head(owner: bytes, content: bytes) -> bytes:
    return b"%b %d %b\n" % (_MARK, len(content), _checksum(owner, content))


def _content(whole: bytes, owner: bytes) -> memoryview | None:
    end = whole.find(b"\n", 0, _LONGEST_HEAD) + 1
    content = memoryview(whole)[end:]
    expected = b"%b %d %b\n" % (_MARK, len(content), _checksum(owner, content))
    return content if end and whole[:end] == expected else None


def write(file: Path, kind: str, content: bytes) -> bool:
    """Keep content under a name; True where it is kept.

    Written beside and renamed, so that nobody reads half of it. Whatever stands there is replaced.
    """
    owner = _owner(file, kind)
    partial = file.with_name(f".{file.name[:100]}.{secrets.token_hex(4)}{_PARTIAL}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as stream:
            stream.write(_head(owner, content))
            stream.write(content)
        partial.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        not_kept(kind, error)
        return False
    return True


def text(file: Path, kind: str, make: Callable[[], str]) -> str:
    """A text from the cache, made and kept if there is none."""
    content = read(file, kind)
    if content is not None:
        return str(content, "utf-8")
    made = make()
    write(file, kind, made.encode())
    return made


def mend(file: Path, kind: str, why: str) -> None:
    """Say that something kept cannot be used, and remove it; whoever needs it makes it anew.

    Args:
        file: a file, folder or link of the cache.
        kind: what it is.
        why: what is wrong with it, in a few words.
    """
    note(file, kind, why)
    remove(file)


def note(file: Path, kind: str, why: str) -> None:
    """As `mend`, and leave it where it is."""
    with _lock:
        mended.append(f"{kind}: {file} ({why})")
    say(kind, f"{kind} were damaged and are made anew: {file} ({why}).")


def remove(file: Path) -> None:
    """Remove a file, a link (not what it leads to) or a folder; what cannot be removed stays.

    A folder vanishes at once, by its name, so that nobody finds half of it.
    """
    with contextlib.suppress(OSError):
        if file.is_dir() and not file.is_symlink():
            grave = file.with_name(f".{secrets.token_hex(8)}{_PARTIAL}")
            file.rename(grave)
            shutil.rmtree(grave, ignore_errors=True)
        else:
            file.unlink()


def not_kept(kind: str, error: Exception) -> None:
    """Say, once in a process, that the cache takes nothing; work goes on without it."""
    why = getattr(error, "strerror", None) or str(error)
    say(_NOT_KEPT, f"the cache takes no {kind}, and the next run will take longer ({why}).")


def try_cache() -> None:
    """Before processes start: say here, once for all of them, that the cache takes nothing.

    Each process would else find it out for itself, and say it again.
    """
    folder = paths.cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        inside = [f for f in sorted(folder.iterdir()) if not f.name.startswith(".")]
        for place in (folder, *(f for f in inside if f.is_dir())):
            _try(place / f".{secrets.token_hex(4)}{_PARTIAL}")
    except OSError as error:
        why = error.strerror or str(error)
        slower = "the cache takes no files, and every run will take longer"
        say(_NOT_KEPT, f"{slower}: {folder} ({why}). FUPIN_CACHE may name another folder.")


def _try(file: Path) -> None:
    """Write a file and remove it.

    Raises:
        OSError: the disk is full, or nobody may write there.
    """
    try:
        file.write_bytes(bytes(_BLOCK))
    finally:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def say(about: str, line: str) -> None:
    """A line for the user on standard error, one for each thing that it is about.

    A process and those that it starts afterwards say it once.
    """
    with _lock:
        told = os.environ.get(TOLD, "").split(";")
        if about in _said or about in told:
            return
        _said.add(about)
        os.environ[TOLD] = ";".join([*filter(None, told), about])
    with contextlib.suppress(OSError, ValueError):  # nobody listens any more
        sys.stderr.write(f"fupin: {line}\n")
        sys.stderr.flush()


def forget() -> None:
    """Begin anew with what was said: of use to who does several things in one process."""
    with _lock:
        _said.clear()
        mended.clear()
        os.environ.pop(TOLD, None)


def sweep_up(folder: Path) -> None:
    """Remove what writers that were killed left behind more than a day ago."""
    with contextlib.suppress(OSError):
        before = time.time() - _STALE_SECONDS
        for entry in folder.iterdir():
            if entry.name.startswith(".") and entry.lstat().st_mtime < before:
                remove(entry)
