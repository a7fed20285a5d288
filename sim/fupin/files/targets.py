"""Before the work: may a file be written where somebody said?

    require_place(file, "--output", REPORT)     # nothing there, or an earlier one of its kind
    require_place(file, "--excel")              # nothing there

A file that is somebody's own is never replaced, whatever its name: only an earlier one of the same
kind is, told by what it holds. What will be made is made beside it and removed again, so that no
permission, no space and a name that is too long show now and not after an hour.
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from fupin.errors import InputError
from fupin.files import whole

_LARGEST = 2**28
_A_LITTLE = bytes(4096)


@dataclass(frozen=True)
class Kind:
    """What a command writes.

    Attributes:
        name: as messages name it, after "is no".
        has: every such file has all of these.
    """

    name: str
    has: tuple[bytes, ...]

    def is_one(self, file: Path) -> bool:
        """Whether a file is an earlier one, or empty. Raises OSError."""
        with file.open("rb") as stream:
            content = stream.read(_LARGEST)
        return not content or all(words in content for words in self.has)


REPORT = Kind("report of fupin", (b"<!DOCTYPE html>", " – fupin</title>".encode()))
BRIEF = Kind("brief of fupin", (b"<!doctype html>", b'<article class="sheet">'))
PDF = Kind("brief of fupin", (b"%PDF-", b"/Creator (fupin)"))
SCHEMA = Kind("schema of fupin", (b'"$schema"', b'"programmes"'))
BOOK = Kind("parameter book", (b"# Parameter book",))
VALIDATION = Kind("report of fupin validate", (b'"requirements"', b'"predictive"', b'"learned"'))


def require_place(file: Path, option: str, replaces: Kind | None = None) -> None:
    """See whether a file can be written, by trying; nothing is left behind.

    Args:
        file: where.
        option: what names it, for messages.
        replaces: what may stand there; nothing if None.

    Raises:
        InputError: something else stands there, or it cannot be written.
    """
    another = f"Let {option} name another file."
    try:
        _require_free(file, option, replaces)
        parent = file.absolute().parent
        if not parent.is_dir():
            wrong = "is no folder" if parent.exists() else "does not exist"
            raise InputError(
                f"{file} lies in a folder that {wrong}.",
                f"Let {option} name a file in a folder that exists.",
            )
        _try(file)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{file} cannot be written: {why}.", another) from None


def write_there(file: Path, option: str, text: str) -> None:
    """Write a text file whole, or replace it, where `require_place` saw that it can be.

    Raises:
        InputError: it can no longer be written; what stood there stays.
    """
    try:
        whole.replace(file, text.encode())
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror or error}.",
            f"Let {option} name another file.",
        ) from None


def _require_free(file: Path, option: str, replaces: Kind | None) -> None:
    another = f"Let {option} name another file."
    if file.is_symlink():
        raise InputError(f"{file} is a link.", f"Let {option} name the file itself, or a new one.")
    if not os.path.lexists(file):
        return
    mode = file.stat().st_mode
    if stat.S_ISDIR(mode):
        raise InputError(
            f"{file} is a folder.", f"Let {option} name a file in a folder that exists."
        )
    if not stat.S_ISREG(mode):
        raise InputError(f"{file} is no ordinary file.", another)
    if replaces is None:
        raise InputError(f"{file} exists already.", another)
    if not replaces.is_one(file):
        raise InputError(
            f"{file} exists already, is no {replaces.name}, and is left as it is.", another
        )


def _try(file: Path) -> None:
    """Make it where nothing stands, and else a file beside it; remove it again."""
    made = file
    if os.path.lexists(file):
        made = file.with_name(f".{secrets.token_hex(8)}.part")
    try:
        stream = made.open("xb")
    except FileExistsError:
        return  # somebody was quicker, which is told when it is written
    try:
        with stream:
            stream.write(_A_LITTLE)
    finally:
        made.unlink(missing_ok=True)
