"""The tables of a result that people read, and their CSV files; workbooks are in `workbook`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.allocation.attribution_folder import is_attribution, read_attribution
from fupin.allocation.folder import is_allocation, read_allocation
from fupin.errors import InputError
from fupin.files.exact import exact
from fupin.files.integrity import only_intact, require_tables, require_unchanged
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.store.county_names import with_chinese_names
from fupin.store.folder import read_result
from fupin.store.tables import to_arrow
from fupin.store.typed import data_package, plain
from fupin.sweeps import folder as sweep_folder

if TYPE_CHECKING:
    import pyarrow

TYPES_FILE = "datapackage.json"

_STATISTICS = ("mean", "low", "high", "sd_seeds", "sd_draws")


def sheets(folder: Path) -> dict[str, pyarrow.Table]:
    """The tables of a result that people read, by name, the most important first.

    Raises:
        InputError: no result.
    """
    with only_intact(folder):
        for require in (require_unchanged, require_tables):
            require(folder, reads=(sweep_folder.MEANS_FILE,))
        return {name: with_chinese_names(table) for name, table in _sheets(folder).items()}


def _sheets(folder: Path) -> dict[str, pyarrow.Table]:
    import pyarrow.parquet as parquet

    if (folder / sweep_folder.SWEEP_FILE).is_file():
        found = {}
        means = sweep_folder.read_means(folder)
        if means is not None:
            found["points"] = means
        for name in ("runs", "failures", "months", "years", "counties", "programmes"):
            file = folder / f"{name}.parquet"
            if file.is_file():
                found[name] = parquet.read_table(exact(file))
        if not found:
            raise InputError(f"{folder} has no tables yet.", "Run the sweep to its end, or merge.")
        return found
    if is_allocation(folder):
        searched = read_allocation(folder)
        names = sorted(searched.table_names, key=lambda name: (name != "allocation", name))
        return {name: to_arrow(searched.table(name)) for name in names}
    if is_attribution(folder):
        shared = read_attribution(folder)
        names = sorted(shared.table_names, key=lambda name: (name != "shares", name))
        return {name: to_arrow(shared.table(name)) for name in names}
    stored = read_result(folder)
    found = {
        "outcomes": _outcomes(stored.summary),
        "programmes": _programmes(stored.summary),
    }
    return found | {name: to_arrow(stored.table(name)) for name in stored.table_names}


def _outcomes(summary: dict[str, Any]) -> pyarrow.Table:
    import pyarrow

    rows = [
        {"outcome": key, "unit": OUTCOMES[key].unit, **values, "what": OUTCOMES[key].description}
        for key, values in summary["outcomes"].items()
    ]
    return pyarrow.Table.from_pylist([_floats(row) for row in rows])


def _programmes(summary: dict[str, Any]) -> pyarrow.Table:
    import pyarrow

    rows = [
        {"programme": name, "outcome": key, "unit": PROGRAMME_OUTCOMES[key].unit, **values}
        for name, outcomes in summary["programmes"].items()
        for key, values in outcomes.items()
        if key in PROGRAMME_OUTCOMES
    ]
    return pyarrow.Table.from_pylist([_floats(row) for row in rows])


def _floats(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: float(value) if key in _STATISTICS and value is not None else value
        for key, value in row.items()
    }


def write_csv(tables: Mapping[str, pyarrow.Table], folder: Path) -> None:
    """Each table as NAME.csv in a folder, UTF-8 with a byte order mark; their types beside them.

    `datapackage.json` says the type of every column (Frictionless Data), for programs that would
    else take the text "001" for a number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ready = {name: plain(table) for name, table in tables.items()}
    for name, table in ready.items():
        sweep_folder.write_csv(folder / f"{name}.csv", lambda table=table: table)  # type: ignore[misc]
    sweep_folder.write_json(folder / TYPES_FILE, data_package(ready))
