"""Columns on disk: written once, read-only in every process, large ones mapped, never half there.

A folder holds one .npy file a column and a manifest with sizes, types and checksums. It is written
under another name and renamed, so a reader sees all of it or nothing, and of two writers one wins.

Small files are read with their checksum. Those of large, mapped files are computed by another
thread while the reader begins to work (`Look`), once in a process: 0.04 s for the default sample.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fupin.files import kept

MANIFEST = "manifest.json"
SMALL = 1 << 20
"""Files below this many bytes are read, and their checksum with them; others are mapped."""

_VERSION = 3
_KINDS = "biuf"  # numpy's letters for flags, whole numbers of both kinds, fractions


class TornFrame(Exception):
    """A stored folder is incomplete, truncated or altered."""


@dataclass(frozen=True)
class Stored:
    """Columns of a folder, read-only, and what the manifest says about them.

    Attributes:
        large: files that are mapped, with their checksums.
    """

    columns: dict[str, np.ndarray]
    fingerprint: str
    about: dict[str, Any]
    large: dict[Path, str] = field(default_factory=dict)


class Look:
    """A look at the large files of a folder by another thread, which begins at once.

    Args:
        large: files with their checksums.
    """

    def __init__(self, large: Mapping[Path, str]) -> None:
        self._large, self._wrong = large, ""
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        for file, checksum in self._large.items():
            try:
                mark = _mark(file)
                if mark in _checked:
                    continue
                # Read, not through the map: a disk that fails is an error here, and no crash.
                if _file_checksum(file) != checksum:
                    self._wrong = f"{file.name} was altered"
                    return
                _checked.add(mark)
            except OSError as error:
                self._wrong = f"{file.name} cannot be read: {error.strerror}"
                return

    def end(self) -> None:
        """Wait for its end.

        Raises:
            TornFrame: a file is not what was written.
        """
        self._thread.join()
        if self._wrong:
            raise TornFrame(self._wrong)


_checked: set[tuple[object, ...]] = set()
"""Large files that this process has found whole, as they were then: a process looks once."""


def _mark(file: Path) -> tuple[object, ...]:
    status = file.stat()
    return (
        str(file), status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    )  # fmt: skip


def fingerprint_of(columns: Mapping[str, np.ndarray]) -> str:
    """Hash of the names, types, shapes and bytes of columns, whatever their order or place."""
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(columns):
        column = columns[name]
        little = np.ascontiguousarray(column, column.dtype.newbyteorder("<"))
        digest.update(f"{name}\0{little.dtype.str}\0{little.shape}\0".encode())
        digest.update(little.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def _file_checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _text_checksum(entries: Mapping[str, Any]) -> str:
    text = json.dumps(entries, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def store(folder: Path, columns: Mapping[str, np.ndarray], about: Mapping[str, Any]) -> None:
    """Write columns into `folder`; if it exists by then, the first writer's stays.

    Raises:
        OSError: the disk is full or the place cannot be written; nothing is left behind.
        TypeError: a column of something else than numbers or flags.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    kept.sweep_up(folder.parent)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        files = {}
        for name in sorted(columns):
            file = work / f"{name}.npy"
            column = np.ascontiguousarray(columns[name])
            if column.dtype.kind not in _KINDS:
                raise TypeError(f"{name}: {column.dtype} is not stored, numbers and flags are")
            with file.open("wb") as stream:
                np.save(stream, column, allow_pickle=False)
                stream.flush()
                os.fsync(stream.fileno())
            files[name] = {
                "bytes": file.stat().st_size,
                "checksum": _file_checksum(file),
                "type": column.dtype.str,
                "shape": column.shape,
            }
        entries = {
            "version": _VERSION,
            "folder": folder.name,
            "fingerprint": fingerprint_of(columns),
            "about": dict(about),
            "files": files,
        }
        manifest = {**entries, "checksum": _text_checksum(entries)}
        with (work / MANIFEST).open("w", encoding="utf-8") as stream:
            json.dump(manifest, stream, indent=1, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        # Fails if another writer was first (a folder that holds files is never replaced).
        with contextlib.suppress(FileExistsError):
            _rename(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _rename(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError:
        if target.is_dir():
            raise FileExistsError(target) from None
        raise


def discard(folder: Path, why: str) -> None:
    """Remove a torn folder, which is said; processes that map it keep their pages."""
    kept.mend(folder, kept.FRAMES, why)


def load(folder: Path, again: bool = False) -> Stored | None:
    """The columns of a folder, large ones mapped; None if it does not exist.

    The manifest, every size and the checksum of every small file are read; those of large
    files are for `Look`.

    Args:
        again: look at large files also where this process has found them whole before.

    Raises:
        TornFrame: something is missing, truncated or altered, or no folder stands there.
    """
    try:
        if not folder.is_dir():
            if os.path.lexists(folder):
                raise TornFrame("no folder")
            return None
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        checksum = manifest.pop("checksum")
        if manifest["version"] != _VERSION or checksum != _text_checksum(manifest):
            raise TornFrame("its manifest was altered")
        if manifest["folder"] != folder.name:
            raise TornFrame(f"it is that of {manifest['folder']}")
        columns, large = {}, {}
        for name, entry in manifest["files"].items():
            file = folder / f"{name}.npy"
            columns[name] = _column(file, entry)
            if entry["bytes"] >= SMALL:
                large[file] = str(entry["checksum"])
        if again:
            _checked.clear()
    except (OSError, ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
        raise TornFrame(f"it cannot be read: {error}") from error
    return Stored(columns, manifest["fingerprint"], manifest["about"], large)


def _column(file: Path, entry: Mapping[str, Any]) -> np.ndarray:
    # Type and shape come from the manifest: to read the head of every file took most of the time
    # that it takes to open a frame.
    kind, shape = np.dtype(str(entry["type"])), tuple(entry["shape"])
    if kind.kind not in _KINDS or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise TornFrame(f"{file.name} is no column of numbers")
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise TornFrame(f"{file.name} is no ordinary file")
    size = status.st_size
    start = size - math.prod(shape) * kind.itemsize
    if size != entry["bytes"] or start < 0:
        raise TornFrame(f"{file.name} has a wrong size")
    if size >= SMALL:
        return np.memmap(file, kind, "r", start, shape).view(np.ndarray)
    content = file.read_bytes()
    if hashlib.blake2b(content, digest_size=16).hexdigest() != entry["checksum"]:
        raise TornFrame(f"{file.name} was altered")
    return np.frombuffer(content, kind, offset=start).reshape(shape)
