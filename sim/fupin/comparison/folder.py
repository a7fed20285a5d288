"""The folder of a comparison: written whole or not at all, like that of a run.

run.json         what was compared: resolved scenarios, draws, seeds, versions, hashes, time
comparison.json  every difference with its intervals; the same bytes for the same inputs
*.parquet, *.csv the same as tables, and more: counties, months, deciles, every pair
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

COMPARISON_FILE = "comparison.json"
KIND = "comparison"


def write_comparison(
    folder: Path,
    *,
    base: Mapping[str, Any],
    plans: Sequence[Mapping[str, Any]],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    comparison: Mapping[str, Any],
    named_tables: Mapping[str, Table],
    versions: Mapping[str, str],
    hashes: Mapping[str, str],
    created: datetime | None = None,
    option: str = "--out",
) -> Path:
    """Write the folder of a comparison; arguments and errors as of `write_result`."""

    def write(partial: Path) -> None:
        (partial / COMPARISON_FILE).write_text(to_json(comparison), encoding="utf-8", newline="\n")
        tables.write_all(named_tables, partial)

    record = run_record(base, draws, seeds, versions, hashes, created, kind=KIND, plans=plans)
    return write_whole(folder, write, record, option)


@dataclass(frozen=True)
class StoredComparison(StoredFolder):
    """A folder of `fupin compare`.

    Attributes:
        comparison: content of `comparison.json`.
    """

    comparison: dict[str, Any]

    @property
    def freedom(self) -> float:
        """Degrees of freedom that a mean over its pairs has at least."""
        from fupin.statistics.discoveries import freedom_of

        return freedom_of(len(self.comparison["draws"]), len(self.comparison["seeds"]))


def is_comparison(folder: Path) -> bool:
    """True for a folder that `fupin compare` wrote."""
    return (folder / COMPARISON_FILE).is_file()


def read_comparison(folder: Path) -> StoredComparison:
    """Read the folder of a comparison.

    Raises:
        InputError: no such folder, not a comparison, or one that a newer fupin wrote.
    """
    from fupin.comparison.content import COMPARISON_SCHEMA

    run, comparison = read_both(
        folder, COMPARISON_FILE, COMPARISON_SCHEMA, "fupin compare", "Compare again"
    )
    return StoredComparison(folder, run, comparison)
