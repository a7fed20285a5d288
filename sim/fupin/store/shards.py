"""Immutable Parquet files of a few hundred runs each.

A shard is a file of numbers, `runs-HASH.parquet`, with one row a run, and one file for each kind of
table that the runs have, `NAME-HASH.parquet`. HASH is BLAKE2b-128 of the file's bytes. The file of
numbers names the others and is written last: without it a shard does not exist.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.files.exact import exact
from fupin.files.integrity import hash_of
from fupin.store.journal import DiskFull, flush_folder, is_full
from fupin.store.record import RUN, SECONDS, Record

if TYPE_CHECKING:
    import pyarrow

NUMBERS = "runs"
_TABLES = b"tables"
_HASH_DIGITS = 32


@dataclass(frozen=True)
class Shard:
    """A shard on the disk.

    Attributes:
        file: its file of numbers.
        runs: ids, in the order of its rows.
        columns: names of its numbers.
        tables: kind of table -> file name.
    """

    file: Path
    runs: tuple[str, ...]
    columns: tuple[str, ...]
    tables: dict[str, str]


def write_shard(folder: Path, records: Sequence[Record]) -> Shard:
    """Write records as one shard.

    Raises:
        DiskFull: no space; nothing is left behind.
        OSError: the disk fails otherwise.
    """
    import pyarrow

    kinds = sorted({name for record in records for name in record.tables})
    tables = {}
    for kind in kinds:
        parts = [
            with_lead(record.tables[kind], {RUN: record.run})
            for record in records
            if kind in record.tables
        ]
        together = pyarrow.concat_tables(parts, promote_options="permissive")
        tables[kind] = _write(folder, kind, together)
    names = sorted({name for record in records for name in record.numbers})
    columns = {
        RUN: pyarrow.array([record.run for record in records], pyarrow.string()),
        SECONDS: pyarrow.array([record.seconds for record in records], pyarrow.float64()),
    }
    for name in names:
        values = [record.numbers.get(name) for record in records]
        columns[name] = pyarrow.array(values, pyarrow.float64())
    numbers = pyarrow.table(columns).replace_schema_metadata({_TABLES: json.dumps(tables)})
    file = folder / _write(folder, NUMBERS, numbers)
    return Shard(file, tuple(record.run for record in records), tuple(names), tables)


def with_lead(table: pyarrow.Table, lead: dict[str, Any]) -> pyarrow.Table:
    """The table with columns before its own that hold one value each."""
    import pyarrow

    columns = {
        name: pyarrow.repeat(
            pyarrow.scalar(value, pyarrow.string() if isinstance(value, str) else pyarrow.int64()),
            table.num_rows,
        )
        for name, value in lead.items()
    }
    for name in table.column_names:
        columns[name] = table[name]
    return pyarrow.table(columns)


def _write(folder: Path, kind: str, table: pyarrow.Table) -> str:
    import pyarrow.parquet as parquet

    return write_named(
        folder,
        lambda part: parquet.write_table(table, exact(part), compression="zstd", version="2.6"),
        lambda content: f"{kind}-{content}.parquet",
    )


def write_named(folder: Path, write: Callable[[Path], Any], name_of: Callable[[str], str]) -> str:
    """Write a file under another name, flush it, and give it its own; the name that it has then.

    Args:
        folder: where.
        write: writes the file.
        name_of: from the hash of its bytes to its name.

    Raises:
        DiskFull: no space; nothing is left behind.
        OSError: the disk fails otherwise; nothing is left behind.
    """
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        write(part)
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        name = name_of(hash_of(part))
        part.replace(folder / name)
        flush_folder(folder)
    except OSError as error:
        if is_full(error):
            raise DiskFull(str(folder)) from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return name


def is_intact(file: Path) -> bool:
    """True where a file of a shard is there and holds the bytes that its name promises."""
    try:
        return file.is_file() and file.stem[-_HASH_DIGITS:] == hash_of(file)
    except OSError:
        return False


def open_shard(file: Path) -> Shard | None:
    """The shard of an intact file of numbers; None where it, or a table that it names, is no such.

    Look with `is_intact` before: a flipped bit in Parquet is a number like any other.
    """
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(exact(file)) as opened:
            runs = opened.read(columns=[RUN])
            schema = opened.schema_arrow
        tables = json.loads(schema.metadata[_TABLES])
    except (OSError, ValueError, KeyError, TypeError, pyarrow.ArrowException):
        return None
    if not all((file.parent / name).is_file() for name in tables.values()):
        return None
    columns = tuple(name for name in schema.names if name not in (RUN, SECONDS))
    return Shard(file, tuple(runs[RUN].to_pylist()), columns, tables)


def shard_files(folder: Path) -> list[Path]:
    """Files of numbers of all shards in a folder, by name."""
    return sorted(folder.glob(f"{NUMBERS}-*.parquet"))


def read_numbers(shard: Shard) -> pyarrow.Table:
    """The numbers of a shard, with ids and seconds."""
    import pyarrow.parquet as parquet

    return parquet.read_table(exact(shard.file)).replace_schema_metadata(None)


def read_kind(shard: Shard, kind: str) -> dict[str, pyarrow.Table]:
    """One kind of table of a shard: id -> table, without the column of ids."""
    import numpy as np
    import pyarrow.parquet as parquet

    if kind not in shard.tables:
        return {}
    table = parquet.read_table(exact(shard.file.parent / shard.tables[kind]))
    ids = np.asarray(table[RUN].to_numpy(), dtype=str)
    table = table.drop_columns([RUN])
    # A run's rows lie together: find where the next run begins.
    starts = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]]) if ids.size else np.zeros(0, int)
    ends = np.r_[starts[1:], ids.size]
    return {
        str(ids[start]): table.slice(start, end - start)
        for start, end in zip(starts, ends, strict=True)
    }
