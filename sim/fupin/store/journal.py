"""An append-only file of checksummed frames: what was written is there, whatever dies afterwards.

A frame is a mark of 4 bytes, the payload's length (uint32, little endian), BLAKE2b-128 of length
and payload, and the payload. A frame that the power cut short or that a disk altered fails its
checksum: it is passed over, and reading goes on at the next mark whose frame is whole. Opening the
file to write cuts off what follows the last whole frame.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from fupin.files import kept

MARK = b"\xf5FP1"
_HASH_BYTES = 16
_HEAD_BYTES = len(MARK) + 4 + _HASH_BYTES

_FULL = (errno.ENOSPC, errno.EDQUOT)


class DiskFull(Exception):
    """There is no space for what should be recorded; the file is as it was before."""


class Place(NamedTuple):
    """Where a payload lies in the file, in bytes."""

    start: int
    length: int


def framed(payload: bytes) -> bytes:
    """The frame of a payload."""
    length = len(payload).to_bytes(4, "little")
    return b"".join((MARK, length, _checksum(length, payload), payload))


def _checksum(length: bytes, payload: bytes | memoryview) -> bytes:
    digest = hashlib.blake2b(length, digest_size=_HASH_BYTES)
    digest.update(payload)
    return digest.digest()


def whole_frames(content: bytes) -> Iterator[Place]:
    """Where the payloads of all whole frames lie, in order."""
    view = memoryview(content)
    at = 0
    while (at := content.find(MARK, at)) >= 0:
        start = at + _HEAD_BYTES
        length = content[at + 4 : at + 8]
        size = int.from_bytes(length, "little")
        whole = start + size <= len(content) and (
            content[at + 8 : start] == _checksum(length, view[start : start + size])
        )
        if whole:
            yield Place(start, size)
        at = start + size if whole else at + 1


def _altered(content: bytes, places: Sequence[Place]) -> bool:
    """Whether more is wrong than a last frame that was cut short, as of a process that was killed.

    Args:
        places: those of `whole_frames`.
    """
    end = sum(places[-1]) if places else 0
    if end != sum(_HEAD_BYTES + place.length for place in places):
        return True
    rest = content[end:]
    if len(rest) < _HEAD_BYTES:
        return not MARK.startswith(rest[: len(MARK)])
    promised = _HEAD_BYTES + int.from_bytes(rest[4:8], "little")
    return rest[:4] != MARK or promised <= len(rest)


def damaged_bytes(content: bytes) -> int:
    """How many bytes belong to no whole frame."""
    return len(content) - sum(_HEAD_BYTES + place.length for place in whole_frames(content))


class Journal:
    """A journal that is open for writing; one process at a time (see `fupin.store.runs`)."""

    def __init__(self, file: Path) -> None:
        if os.path.lexists(file) and not stat.S_ISREG(file.lstat().st_mode):
            # A link would have what it leads to cut, which is not ours; a pipe would never end.
            kept.mend(file, kept.RUNS, "no ordinary file")
        new = not file.exists()
        self._file = file
        content = b"" if new else file.read_bytes()
        self.places = list(whole_frames(content))
        """Payloads that were there when the file was opened."""
        self._end = sum(self.places[-1]) if self.places else 0
        if not new and _altered(content, self.places):
            kept.note(file, kept.RUNS, "altered since it was written")
            self._mend(content)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._handle = os.open(file, flags, 0o644)
        os.ftruncate(self._handle, self._end)  # a frame that was cut short
        if new:
            os.fsync(self._handle)
            flush_folder(file.parent)

    def _mend(self, content: bytes) -> None:
        """Write what is whole anew; where there is no room for that, damage stays between it."""
        part = self._file.with_name(f".{self._file.name}.part")
        whole = [content[start : start + length] for start, length in self.places]
        try:
            part.write_bytes(b"".join(map(framed, whole)))
            part.replace(self._file)
        except OSError:
            part.unlink(missing_ok=True)
            return
        self.places = list(whole_frames(self._file.read_bytes()))
        self._end = sum(self.places[-1]) if self.places else 0

    @property
    def size(self) -> int:
        """Bytes."""
        return self._end

    def append(self, payloads: Sequence[bytes]) -> list[Place]:
        """Add payloads; when this returns they are on the disk.

        Returns:
            where each lies.

        Raises:
            DiskFull: no space; none of them was added, and it can be tried again.
            OSError: the disk fails otherwise; none of them was added.
        """
        try:
            _write(self._handle, b"".join(map(framed, payloads)), self._end)
            os.fsync(self._handle)
        except OSError as error:
            # After a failed fsync nobody knows what was written: begin again from the old end.
            os.ftruncate(self._handle, self._end)
            if error.errno in _FULL:
                raise DiskFull(str(self._file.parent)) from error
            raise
        places = []
        for payload in payloads:
            places.append(Place(self._end + _HEAD_BYTES, len(payload)))
            self._end += _HEAD_BYTES + len(payload)
        return places

    def read(self, place: Place) -> bytes:
        """The payload at a place."""
        os.lseek(self._handle, place.start, os.SEEK_SET)
        parts = []
        missing = place.length
        while missing:
            part = os.read(self._handle, missing)
            if not part:
                raise OSError(errno.EIO, f"{self._file} is shorter than it was")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def clear(self) -> None:
        """Forget everything (it lies in a shard by now)."""
        os.ftruncate(self._handle, 0)
        os.fsync(self._handle)
        self._end = 0

    def close(self) -> None:
        """Close the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _write(handle: int, data: bytes, at: int) -> None:
    os.lseek(handle, at, os.SEEK_SET)
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def is_full(error: OSError) -> bool:
    """True where the disk, or what the user may use of it, is full."""
    return error.errno in _FULL


def flush_folder(folder: Path) -> None:
    """Make names in a folder durable; Windows does so by itself and cannot open folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
