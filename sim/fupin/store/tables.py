"""Tables of results as Parquet and CSV files: same content, same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.files.exact import exact
from fupin.results.outcome import (
    OUTCOMES,
    PROGRAMME_OUTCOMES,
    Outcome,
    RunResult,
    Table,
    Values,
)
from fupin.store.county_names import with_chinese_names

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow

CSV_ROWS = 100_000
"""Longer tables are Parquet only: a spreadsheet holds a million rows and is slow long before."""

RUNS = "runs"
"""Name of the table that holds every outcome of every run; year 0 is the whole period."""

PROVINCE = ""
"""`programme` of a province-wide outcome in the table of runs."""

_MOST_BYTES = 2**31 - 1  # of the texts of an Arrow array, whose places have 32 bits

Codes = tuple["npt.NDArray[Any]", list[str]]
"""A column: values, or codes of texts and the texts."""

DOCUMENT = "document"
"""`programme` of a figure of the document in the table of runs; its `outcome` is the id."""


def gather(results: Sequence[RunResult]) -> dict[str, Table]:
    """Tables of all runs, one below the other in the order of `results`, led by draw and seed.

    Raises:
        ValueError: a table that some run lacks or that has other columns there; one called runs.
    """
    names = list(results[0].tables) if results else []
    gathered = {RUNS: runs_table(results)}
    for name in names:
        if name == RUNS:
            raise ValueError(f"{RUNS} is the name of the table of outcomes")
        parts = []
        for result in results:
            if set(result.tables) != set(names):
                raise ValueError("runs have different tables")
            table = result.tables[name]
            rows = len(next(iter(table.values())))
            lead: Table = {
                "draw": np.full(rows, result.draw),
                "seed": np.full(rows, result.seed, np.int64),
            }
            parts.append(lead | table)
        if any(list(part) != list(parts[0]) for part in parts):
            raise ValueError(f"table {name} has other columns in some run")
        gathered[name] = {
            column: np.concatenate([part[column] for part in parts]) for column in parts[0]
        }
    return gathered


def runs_table(results: Sequence[RunResult]) -> Table:
    """Every outcome of every run, one a row."""
    rows: list[tuple[str, int, int, str, str, float]] = []
    for result in results:
        whole = {"outcomes": result.outcomes, "programmes": result.programmes}
        for year, part in [(0, whole), *sorted(result.by_year.items())]:
            groups = {PROVINCE: part["outcomes"], **part["programmes"]}
            for programme, values in groups.items():
                rows.extend(
                    (result.draw, result.seed, year, programme, key, _number(value))
                    for key, value in values.items()
                )
        rows.extend(
            (result.draw, result.seed, 0, DOCUMENT, key, _number(value))
            for key, value in result.figures.items()
        )
    types: dict[str, type] = {
        "draw": str, "seed": np.int64, "year": np.int16,
        "programme": str, "outcome": str, "value": np.float64,
    }  # fmt: skip
    return {
        column: np.array([row[i] for row in rows], kind)
        for i, (column, kind) in enumerate(types.items())
    }


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def scatter(table: Table) -> list[RunResult]:
    """The runs of a table of runs, without their other tables; the inverse of `gather`.

    An older fupin did not know every outcome: what it lacks is None.
    """
    found: dict[tuple[str, int], dict[int, dict[str, Any]]] = {}
    columns = [
        table[name].tolist() for name in ("draw", "seed", "year", "programme", "outcome", "value")
    ]
    for draw, seed, year, programme, outcome, value in zip(*columns, strict=True):
        years = found.setdefault((draw, seed), {})
        part = years.setdefault(year, {"outcomes": {}, "programmes": {}})
        target = (
            part["outcomes"]
            if programme == PROVINCE
            else part["programmes"].setdefault(programme, {})
        )
        target[outcome] = None if value is None or np.isnan(value) else value
    results = []
    for (draw, seed), years in found.items():
        for part in years.values():
            _complete(part["outcomes"], OUTCOMES)
            for programme, values in part["programmes"].items():
                if programme != DOCUMENT:
                    _complete(values, PROGRAMME_OUTCOMES)
        whole = years.pop(0)
        figures = whole["programmes"].pop(DOCUMENT, {})
        results.append(
            RunResult(draw, seed, whole["outcomes"], years, whole["programmes"], figures)
        )
    return results


def _complete(values: Values, known: Mapping[str, Outcome]) -> None:
    for key in known:
        values.setdefault(key, None)


def write_all(named: Mapping[str, Table], folder: Path) -> None:
    """Write tables as Parquet, and as CSV where a spreadsheet can hold them."""
    for name, table in named.items():
        write_parquet(table, folder / f"{name}.parquet")
        if len(next(iter(table.values()))) <= CSV_ROWS:
            write_csv(table, folder / f"{name}.csv")


def write_parquet(table: Table, file: Path) -> None:
    """Write a table: zstd, texts as dictionaries, nothing in it that depends on the time."""
    import pyarrow.parquet as parquet

    parquet.write_table(to_arrow(table), exact(file), compression="zstd", version="2.6")


def write_csv(table: Table, file: Path, chinese_names: bool = True) -> None:
    """Write a table in UTF-8 with a byte order mark, or spreadsheets garble Chinese names.

    Args:
        table: its columns.
        file: where it is written.
        chinese_names: counties get a column `name_zh`, which the Parquet file does not need.
    """
    from pyarrow import csv

    content = to_arrow(table)
    with file.open("wb") as stream:
        stream.write("\ufeff".encode())
        csv.write_csv(with_chinese_names(content) if chinese_names else content, stream)


def read_parquet(file: Path) -> Table:
    """Columns of a table; texts come back as arrays of str."""
    import pyarrow.parquet as parquet

    # Not `read_table`: that loads pyarrow.dataset and pandas, which takes longer than reading.
    with parquet.ParquetFile(exact(file)) as opened:
        arrow = opened.read()
    return {name: _values(arrow[name]) for name in arrow.column_names}


def _values(column: pyarrow.ChunkedArray) -> npt.NDArray[Any]:
    """A column that `_column` made; `to_numpy` would load pandas."""
    import pyarrow

    if not (pyarrow.types.is_integer(column.type) or pyarrow.types.is_floating(column.type)):
        return np.array(column.to_pylist(), str)
    return np.array(np.from_dlpack(column.combine_chunks()))


def read_codes(file: Path, texts: Sequence[str], numbers: Sequence[str]) -> dict[str, Codes]:
    """Some columns of a large table, texts as numbers of what they say.

    Args:
        texts: columns of text: each is (code of every row, its different texts).
        numbers: other columns: each is (values, []).
    """
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(exact(file), read_dictionary=list(texts)) as opened:
        arrow = opened.read([*texts, *numbers])
    found: dict[str, Codes] = {name: (_values(arrow[name]), []) for name in numbers}
    for name in texts:
        column = arrow[name].unify_dictionaries().combine_chunks()
        found[name] = (np.from_dlpack(column.indices), column.dictionary.to_pylist())
    return found


def to_arrow(table: Table) -> pyarrow.Table:
    """The table as Arrow holds it."""
    import pyarrow

    columns = {name: _column(values) for name, values in table.items()}
    return pyarrow.Table.from_arrays(list(columns.values()), names=list(columns))


def _column(values: npt.NDArray[Any]) -> pyarrow.Array | pyarrow.ChunkedArray:
    # From buffers: `pyarrow.array` loads pandas, to see whether it was given one of its columns.
    import pyarrow

    if values.dtype.kind in "OU":
        texts = [str(value).encode() for value in values.tolist()]
        ends = np.cumsum([0, *map(len, texts)])
        if ends[-1] > _MOST_BYTES and len(texts) > 1:
            halves = [to_arrow({"": half}).column(0) for half in np.array_split(values, 2)]
            return pyarrow.chunked_array([chunk for half in halves for chunk in half.chunks])
        buffers = (pyarrow.py_buffer(ends.astype(np.int32)), pyarrow.py_buffer(b"".join(texts)))
        return pyarrow.StringArray.from_buffers(len(texts), *buffers)
    if values.dtype.kind not in "iuf":
        raise TypeError(f"a column of {values.dtype} has no place in a table")
    numbers = pyarrow.py_buffer(np.ascontiguousarray(values))
    kind = pyarrow.from_numpy_dtype(values.dtype)
    return pyarrow.Array.from_buffers(kind, values.size, [None, numbers])
