"""The folder of a search: written whole or not at all, like that of a run.

run.json         what was asked: the plan, draws, seeds, versions, hashes, time
allocation.json  what was found; the same bytes for the same inputs
plan.yaml        the proposal, a scenario that runs as it is; only where one is made
plan.csv, .xlsx  its money by county and programme, as `fupin import` reads it
*.parquet, *.csv tables: the division, response curves, every pair of the check, counties
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fupin.files.to_json import to_json
from fupin.results.draws import Draw
from fupin.results.outcome import Table
from fupin.store import tables
from fupin.store.folder import StoredFolder, read_both, run_record, write_whole

ALLOCATION_SCHEMA = 1
"""Version of the form of `allocation.json`."""

ALLOCATION_FILE, PLAN_FILE = "allocation.json", "plan.yaml"
KIND = "allocation"


def write_allocation(
    folder: Path,
    *,
    base: Mapping[str, Any],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    allocation: Mapping[str, Any],
    plan: str | None,
    named_tables: Mapping[str, Table],
    money: Mapping[str, bytes],
    versions: Mapping[str, str],
    hashes: Mapping[str, str],
    created: datetime | None = None,
    option: str = "--out",
) -> Path:
    """Write the folder of a search; arguments and errors as of `write_result`.

    Args:
        plan: text of the proposal's scenario file, or None.
        money: file name -> bytes of the proposal's table of money.
    """

    def write(partial: Path) -> None:
        (partial / ALLOCATION_FILE).write_text(to_json(allocation), encoding="utf-8", newline="\n")
        if plan is not None:
            (partial / PLAN_FILE).write_text(plan, encoding="utf-8", newline="\n")
        for name, content in money.items():
            (partial / name).write_bytes(content)
        tables.write_all(named_tables, partial)

    record = run_record(base, draws, seeds, versions, hashes, created, kind=KIND)
    return write_whole(folder, write, record, option)


@dataclass(frozen=True)
class StoredAllocation(StoredFolder):
    """A folder of `fupin allocate`.

    Attributes:
        allocation: content of `allocation.json`.
    """

    allocation: dict[str, Any]


def is_allocation(folder: Path) -> bool:
    """True for a folder that `fupin allocate` wrote."""
    return (folder / ALLOCATION_FILE).is_file()


def read_allocation(folder: Path) -> StoredAllocation:
    """Read the folder of a search.

    Raises:
        InputError: no such folder, no search, or one that a newer fupin wrote.
    """
    run, allocation = read_both(
        folder, ALLOCATION_FILE, ALLOCATION_SCHEMA, "fupin allocate", "Search again"
    )
    return StoredAllocation(folder, run, allocation)
