"""Are the files of a result those that were written, all of them, and no others?"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from fupin.errors import InputError
from fupin.files.integrity import OWN, altered, hash_of, is_sealed, read_json
from fupin.verify.findings import Findings

MADE_AFTERWARDS = re.compile(r"(report|brief)[\w.-]*\.(html|pdf)")
"""Files that fupin writes into a result later, from what it holds."""

NOBODYS = re.compile(r"\.(.*\.(part|partial)|DS_Store)|Thumbs\.db|desktop\.ini")
"""What a killed process or a file manager leaves: no command reads it."""


def check_files(
    found: Findings,
    folder: Path,
    name: str,
    record: Mapping[str, Any],
    folders: Collection[str] = (),
) -> None:
    """Compare a folder with its record.

    A file without a hash, a hash without its file, a record without a hash of itself, and links
    are wrong: by each of them something else could be shown for what was written.

    Args:
        found: takes what is found.
        folder: the result.
        name: of the record.
        record: its content.
        folders: patterns of folders that belong to such a result, looked at by somebody else.
    """
    hashes = record.get("hashes")
    files = hashes.get("files") if isinstance(hashes, dict) else None
    wrong = [f"{file} was altered or is missing" for file in altered(folder)]
    if not isinstance(hashes, dict) or OWN not in hashes:
        wrong.append(
            f"{name} has no hash of itself: it was taken out, or the result was never finished"
        )
    if not isinstance(files, dict) or not files:
        wrong.append(f"{name} has no hashes of the other files")
        files = {}
    afterwards, nobodys, foreign = [], [], []
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink():
            wrong.append(f"{entry.name} is a link, and what it leads to may change")
        elif entry.name == name or entry.name in files:
            continue
        elif NOBODYS.fullmatch(entry.name):
            nobodys.append(entry.name)
        elif entry.is_dir() and any(re.fullmatch(pattern, entry.name) for pattern in folders):
            continue
        elif MADE_AFTERWARDS.fullmatch(entry.name) and entry.is_file():
            afterwards.append(entry.name)
        else:
            foreign.append(entry.name)
    if foreign and files:  # without any hash nothing is told apart
        shown = ", ".join(foreign[:5]) + (" and more" if len(foreign) > 5 else "")
        wrong.append(f"not of this result, as its record does not name it: {shown}")
    if afterwards:
        found.not_checked.append(f"made from the result afterwards: {', '.join(afterwards)}")
    if nobodys:
        found.not_checked.append(f"no files of fupin's: {', '.join(nobodys)}")
    found.add(f"{len(files)} files and their record", list(dict.fromkeys(wrong)))


def links_below(folder: Path) -> list[str]:
    """What lies in a folder of a result and is a link, as faults."""
    return [
        f"{file.relative_to(folder.parent).as_posix()} is a link, and what it leads to may change"
        for file in (folder, *sorted(folder.rglob("*")))
        if file.is_symlink()
    ]


def check_answers(found: Findings, folder: Path, runs: Path) -> None:
    """Answers that were made from a sweep (`fupin sensitivity`, `fupin discover`) are as written.

    Each is sealed, and names the hash of the runs that it was made from. Tables and pictures
    beside them are copies for people: they are said to be not checked.

    Args:
        found: what was found so far.
        folder: where they lie; it need not exist.
        runs: the table of runs that they were made from.
    """
    if not folder.is_dir():
        return
    wrong = []
    for file in sorted(folder.glob("*.json")):
        name = f"{folder.name}/{file.name}"
        try:
            answer = read_json(file)
        except InputError:
            wrong.append(f"{name} cannot be read")
            continue
        if is_sealed(answer) is False:
            wrong.append(f"{name} is not what was written")
        elif not runs.is_file() or answer.get("runs") != hash_of(runs):
            wrong.append(f"{name} was made from other runs")
    found.add("the answers made from it", wrong)
    copies = sorted(f"{folder.name}/{f.name}" for f in folder.iterdir() if f.suffix != ".json")
    if copies:
        found.not_checked.append(f"copies for people: {', '.join(copies)}")
