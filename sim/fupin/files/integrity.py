"""Is a result folder still what was written? By the hashes that its own record holds.

The record (`run.json`, of a sweep `sweep.json`) holds the hash of every other file, and one of
itself without that line. Hashes tell accidents and edits apart from results; they are no signature:
whoever alters a file and its hash alike is not found.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fupin.errors import InputError

RECORDS = ("sweep.json", "run.json")
"""Files that hold the hashes; of a folder with both the first counts."""

OWN = "record"
"""Key of a record's own hash under `hashes`; results of before November 2026 have none."""

LARGEST_RECORD = 2**30
"""Bytes of a JSON file of a result; a comparison of a hundred plans has some ten million."""


def hash_of(file: Path) -> str:
    """BLAKE2b-128 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as JSON reads it back, with its own hash under `hashes`."""
    record = json.loads(json.dumps(record))
    return {**record, "hashes": {**record.get("hashes", {}), OWN: _hash_of_record(record)}}


def is_sealed(record: Mapping[str, Any]) -> bool | None:
    """Whether a record is what was sealed; None where it has no hash of itself."""
    hashes = record.get("hashes")
    if not isinstance(hashes, Mapping) or OWN not in hashes:
        return None
    return bool(hashes[OWN] == _hash_of_record(record))


def _hash_of_record(record: Mapping[str, Any]) -> str:
    hashes = {key: value for key, value in record.get("hashes", {}).items() if key != OWN}
    text = json.dumps({**record, "hashes": hashes}, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def altered(folder: Path, *, suspicious: bool = False) -> list[str]:
    """Files that are missing or changed since they were written, sorted; never raises.

    Args:
        folder: the result.
        suspicious: count a record without a hash of itself as altered. An older fupin wrote such
            ones, and so does a sweep that has not come to its end.

    A record that cannot be read is one of them, and then nothing is known of the others.
    """
    name = next((name for name in RECORDS if (folder / name).exists()), RECORDS[-1])
    try:
        record = read_json(folder / name)
        hashes = record.get("hashes", {})
        files = dict(hashes.get("files", {}))
        sealed_so = hashes.get(OWN)
        intact = not suspicious if sealed_so is None else sealed_so == _hash_of_record(record)
        found = {file for file, recorded in files.items() if not _is(folder, file, recorded)}
    except (InputError, AttributeError, TypeError, ValueError, RecursionError):
        return [name]
    return sorted(found if intact else found | {name})


def _is(folder: Path, name: str, recorded: object) -> bool:
    """Whether the folder itself holds a file of that name and hash; never looks elsewhere."""
    if Path(name).name != name or "\0" in name:
        return False
    file = folder / name
    try:
        return file.is_file() and hash_of(file) == recorded
    except OSError:
        return False


def require_unchanged(folder: Path, reads: Collection[str] = ()) -> None:
    """Refuse a result of which a file that is read, or the record, is not what was written.

    A flipped bit in a table is a number like any other. CSV files are for people, who may save
    them anew, and no command reads them. Files that are missing are left to those who need them.

    Args:
        folder: the result.
        reads: CSV files that are read all the same.

    Raises:
        InputError: names the files.
    """
    changed = [
        name
        for name in altered(folder)
        if (folder / name).exists() and (not name.endswith(".csv") or name in reads)
    ]
    if changed:
        raise _not_usable(changed, folder, "altered")


def require_tables(folder: Path, reads: Collection[str] = ()) -> None:
    """Refuse a result that lacks a table which it had when it was written.

    For whoever takes all tables that are there: one that is gone would not be missed.

    Args:
        folder: the result.
        reads: CSV files that are read beside the tables.

    Raises:
        InputError: names the files.
    """
    gone = [
        name
        for name in altered(folder)
        if not (folder / name).exists() and (name.endswith(".parquet") or name in reads)
    ]
    if gone:
        raise _not_usable(gone, folder, "a table is gone that was there")


def _not_usable(files: Sequence[str], folder: Path, how: str) -> InputError:
    shown = ", ".join(files[:5]) + (" and more" if len(files) > 5 else "")
    return InputError(
        f"This result cannot be used: {how} since it was written: {shown}."
        if how.startswith("altered")
        else f"This result cannot be used: {how}: {shown}.",
        "Restore the folder, or run again.",
        folder,
    )


@contextmanager
def only_intact(folder: Path) -> Iterator[None]:
    """Turns whatever goes wrong with an altered result into one message that names its files.

    What goes wrong with an intact result is a fault of the program and stays what it is.

    Raises:
        InputError: the block raised something, and the folder is not what was written.
    """
    try:
        yield
    except InputError:
        raise
    except Exception:
        if not folder.is_dir() or not (files := altered(folder, suspicious=True)):
            raise
        raise _not_usable(files, folder, "altered or missing") from None


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object of a result folder.

    Raises:
        InputError: no such file, no ordinary file, too large, not JSON, or no object.
    """
    try:
        about = file.stat()
        if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
            # A pipe would be waited for, and a device might never end.
            raise InputError("This is no ordinary file.", file=file)
        if about.st_size > LARGEST_RECORD:
            raise InputError("This file is larger than 1 GB: no record of a result.", file=file)
        content = json.loads(file.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except FileNotFoundError:
        raise InputError(
            f"{file.parent} is no result folder: it has no {file.name}.",
            "Give the folder of a result.",
        ) from None
    except OSError as error:
        raise InputError(f"This file cannot be read: {error.strerror}.", file=file) from None
    except json.JSONDecodeError as error:
        raise InputError(
            f"This is not readable JSON ({error.msg}).", None, file, error.lineno, error.colno
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"This is not readable JSON ({error}).", file=file) from None
    if not isinstance(content, dict):
        raise InputError("This is not the record of a result.", file=file)
    return content


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")
