"""What is kept of one run: numbers and tables under the run's id, as bytes that need no pickle."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow

RUN, SECONDS = "run", "seconds"
"""Columns that a shard adds: the run's id, and how long it took."""

Numbers = Mapping[str, float | None]


class NotANumber(ValueError):
    """A run returned a value that cannot stand in a table of results."""


@dataclass(frozen=True)
class Record:
    """One finished run.

    Attributes:
        run: id of the run (32 hexadecimal digits, `fupin.engine.run_ids`).
        seconds: how long it took.
        numbers: column -> value; None where undefined.
        tables: name -> Arrow table of any length.
    """

    run: str
    seconds: float
    numbers: Numbers
    tables: Mapping[str, pyarrow.Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """One run that ended with an error.

    Attributes:
        run: id of the run.
        error: type of the error, such as ZeroDivisionError.
        message: what it said.
        traceback: where it happened; empty where nobody knows (a killed process).
    """

    run: str
    error: str
    message: str
    traceback: str = ""

    def encode(self) -> bytes:
        """As JSON."""
        return json.dumps(vars(self), ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def decode(cls, payload: bytes) -> Failure:
        """The inverse of `encode`."""
        return cls(**json.loads(payload.decode("utf-8", "surrogatepass")))


def checked(numbers: Mapping[str, Any]) -> dict[str, float | None]:
    """Numbers as floats.

    Raises:
        NotANumber: NaN, infinite, or no number at all. One NaN makes some methods of sensitivity
            analysis return zeros without a word, so it must not enter a table.
    """
    found: dict[str, float | None] = {}
    for name, value in numbers.items():
        if not isinstance(name, str) or name in (RUN, SECONDS):
            raise NotANumber(f"{name!r} cannot name a result")
        if value is None:
            found[name] = None
            continue
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise NotANumber(f"{name} is {value!r}, not a number") from None
        if not math.isfinite(number):
            raise NotANumber(f"{name} is {number}; return None where it is undefined")
        found[name] = number
    return found


def encode(record: Record) -> bytes:
    """A line of JSON, then the tables as Arrow streams."""
    blobs = {name: table_bytes(table) for name, table in record.tables.items()}
    head = {
        RUN: record.run,
        SECONDS: record.seconds,
        "numbers": dict(record.numbers),
        "tables": {name: len(blob) for name, blob in blobs.items()},
    }
    line = json.dumps(head, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    return b"".join((line, *blobs.values()))


def head_of(payload: bytes) -> dict[str, Any]:
    """The line of JSON of an encoded record."""
    head: dict[str, Any] = json.loads(payload[: payload.index(b"\n")])
    return head


def decode(payload: bytes) -> Record:
    """The inverse of `encode`."""
    head = head_of(payload)
    tables = {}
    at = payload.index(b"\n") + 1
    for name, size in head["tables"].items():
        tables[name] = table_of(payload[at : at + size])
        at += size
    return Record(head[RUN], head[SECONDS], head["numbers"], tables)


def table_bytes(table: pyarrow.Table) -> bytes:
    """A table as a compressed Arrow stream."""
    import pyarrow

    sink = pyarrow.BufferOutputStream()
    options = pyarrow.ipc.IpcWriteOptions(compression="zstd")
    with pyarrow.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def table_of(content: bytes) -> pyarrow.Table:
    """The inverse of `table_bytes`."""
    import pyarrow

    with pyarrow.ipc.open_stream(content) as reader:
        return reader.read_all()
