"""Where the answers lie: `uncertainty/` in the folder of the sweep.

A folder of their own, because the files of the sweep itself are under hashes that `fupin verify`
checks. Every answer holds the hash of the runs that it was made from; reading refuses one that was
made from other runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.errors import InputError
from fupin.files.integrity import hash_of, is_sealed, read_json, sealed
from fupin.sweeps.folder import RUNS_FILE, write_csv, write_json

if TYPE_CHECKING:
    import pyarrow

FOLDER = "uncertainty"
SENSITIVITY, DISCOVERY = "sensitivity.json", "discover.json"
_COMMANDS = {SENSITIVITY: "fupin sensitivity", DISCOVERY: "fupin discover"}


def write_answer(
    sweep: Path, name: str, content: Mapping[str, Any], tables: Mapping[str, pyarrow.Table]
) -> Path:
    """Write one JSON file and its tables as CSV; the file's path.

    Raises:
        DiskFull: no space.
    """
    folder = sweep / FOLDER
    folder.mkdir(exist_ok=True)
    for table, rows in tables.items():
        write_csv(folder / f"{table}.csv", lambda rows=rows: rows)  # type: ignore[misc]
    write_json(folder / name, sealed({"runs": hash_of(sweep / RUNS_FILE), **content}))
    return folder / name


def read_sensitivity(sweep: Path) -> dict[str, Any]:
    """The content of `sensitivity.json` of a sweep folder (docs/uncertainty.md#files).

    Raises:
        InputError: there is none, or it was made from other runs than the folder holds now.
    """
    return _read(sweep, SENSITIVITY)


def read_discovery(sweep: Path) -> dict[str, Any]:
    """The content of `discover.json` of a sweep folder (docs/uncertainty.md#files).

    Raises:
        InputError: as `read_sensitivity`.
    """
    return _read(sweep, DISCOVERY)


def _read(sweep: Path, name: str) -> dict[str, Any]:
    file = sweep / FOLDER / name
    again = f"Give `{_COMMANDS[name]} {sweep}`."
    if not file.exists():
        raise InputError(f"{sweep} has no {name} yet.", again)
    content = read_json(file)
    if is_sealed(content) is False:
        raise InputError("This was altered since it was written.", again, file=file)
    runs = sweep / RUNS_FILE
    if not runs.is_file() or content.get("runs") != hash_of(runs):
        raise InputError(f"{file} was made from other runs than {sweep} holds now.", again)
    return content
