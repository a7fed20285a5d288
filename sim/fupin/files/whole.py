"""One file of a user's, whole or not at all, also when the process is killed while it writes.

    write_new(file, content)        # where nothing stands
    replace(file, content)          # or in the place of an earlier one

The content is written to a file without a name, which the system forgets with the process, and
gets its name when it is complete. Where a system has no such files it is written beside, under a
hidden name that ends in `.part`, and renamed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

_NAMELESS = getattr(os, "O_TMPFILE", 0)
_MODE = 0o666
"""Permissions before the user's mask, as of any file that is opened for writing."""


def write_new(file: Path, content: bytes) -> None:
    """Write a file where nothing stands. Raises FileExistsError, OSError."""
    if os.path.lexists(file):
        raise FileExistsError(f"{file} exists already")
    if _by_link(content, file, file):
        return
    part = _beside(file)
    try:
        part.write_bytes(content)
        try:
            os.link(part, file)  # unlike a rename it never replaces what is there
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links
            _open_new(file, content)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def replace(file: Path, content: bytes) -> None:
    """Write a file; what stands there is replaced at once. Raises OSError, and then it stays."""
    part = _beside(file)
    try:
        if not _by_link(content, part, file):
            part.write_bytes(content)
        part.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name[:100]}.{secrets.token_hex(4)}.part")


def _by_link(content: bytes, name: Path, said: Path) -> bool:
    """Write a file without a name and give it one; False where the system cannot.

    Raises:
        FileExistsError: the name is taken.
        OSError: no space, or no permission; it names the file that is `said`.
    """
    if not _NAMELESS:
        return False
    try:
        number = os.open(name.parent, _NAMELESS | os.O_WRONLY, _MODE)
    except OSError:
        return False  # whatever is wrong shows when it is written beside
    with os.fdopen(number, "wb") as stream:
        try:
            stream.write(content)
            stream.flush()
        except OSError as error:
            error.filename = str(said)
            raise
        try:
            # Only by this name may everybody link a file that has none: see open(2), O_TMPFILE.
            # Python follows a link there only where a folder is given, which the name overrules.
            os.link(f"/proc/self/fd/{number}", name, src_dir_fd=number, follow_symlinks=True)
        except FileExistsError:
            raise
        except OSError:
            return False
    return True


def _open_new(file: Path, content: bytes) -> None:
    with file.open("xb") as stream:
        try:
            stream.write(content)
            stream.flush()
        except BaseException:
            file.unlink(missing_ok=True)
            raise
