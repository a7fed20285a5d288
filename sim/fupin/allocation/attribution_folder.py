"""The folder of an attribution: written whole or not at all, like that of a run.

run.json          what was asked: the plan, draws, seeds, versions, hashes, time
attribution.json  the shares, with their intervals; the same bytes for the same inputs
*.parquet, *.csv  tables: shares, counties, fifths, interactions, every pair, every coalition,
                  households
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

ATTRIBUTION_SCHEMA = 1
"""Version of the form of `attribution.json`."""

ATTRIBUTION_FILE, HOUSEHOLDS = "attribution.json", "households"
KIND = "attribution"


def write_attribution(
    folder: Path,
    *,
    base: Mapping[str, Any],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    attribution: Mapping[str, Any],
    named_tables: Mapping[str, Table],
    versions: Mapping[str, str],
    hashes: Mapping[str, str],
    created: datetime | None = None,
    option: str = "--out",
) -> Path:
    """Write the folder of an attribution; arguments and errors as of `write_result`."""

    def write(partial: Path) -> None:
        text = to_json(attribution)
        (partial / ATTRIBUTION_FILE).write_text(text, encoding="utf-8", newline="\n")
        tables.write_all(named_tables, partial)

    record = run_record(base, draws, seeds, versions, hashes, created, kind=KIND)
    return write_whole(folder, write, record, option)


@dataclass(frozen=True)
class StoredAttribution(StoredFolder):
    """A folder of `fupin attribute`.

    Attributes:
        attribution: content of `attribution.json`.
    """

    attribution: dict[str, Any]


def is_attribution(folder: Path) -> bool:
    """True for a folder that `fupin attribute` wrote."""
    return (folder / ATTRIBUTION_FILE).is_file()


def read_attribution(folder: Path) -> StoredAttribution:
    """Read the folder of an attribution.

    Raises:
        InputError: no such folder, no attribution, or one that a newer fupin wrote.
    """
    run, content = read_both(
        folder, ATTRIBUTION_FILE, ATTRIBUTION_SCHEMA, "fupin attribute", "Attribute again"
    )
    return StoredAttribution(folder, run, content)
