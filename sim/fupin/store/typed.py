"""Tables on their way out and back: no value becomes another one because of how it is written.

A text such as "001", "1e3", "NA" or "-5" looks like a number or like nothing once it stands in a
file without types. So whoever writes a table for people or other programs brings it into one form
first (`plain`): every column holds texts, whole numbers, numbers, switches, dates or times, and its
Arrow schema says which. CSV is read back with those types (`read_csv`), never with guesses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.files.exact import exact

if TYPE_CHECKING:
    import pyarrow

EXACT = 2**53
"""Whole numbers up to here are exact as floating point, and so in spreadsheets."""


def plain(table: pyarrow.Table) -> pyarrow.Table:
    """The table in the form that every file can hold.

    Encoded columns are decoded. What is neither text, number, switch nor date becomes text: lists
    and mappings as JSON, bytes in hexadecimal digits, anything else as Python writes it. Nulls stay
    nulls, beside empty texts.
    """
    import pyarrow

    columns = [_plain_column(column) for column in table.columns]
    return pyarrow.Table.from_arrays(columns, names=table.column_names)


def _plain_column(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    import pyarrow
    import pyarrow.types as types

    kind = column.type
    if types.is_dictionary(kind):
        return _plain_column(column.cast(kind.value_type))
    if types.is_boolean(kind) or types.is_integer(kind) or types.is_string(kind):
        return column
    if types.is_floating(kind):
        return column.cast(pyarrow.float64()) if types.is_float16(kind) else column
    if types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind):
        return column.cast(pyarrow.string())
    if types.is_date(kind):
        return column.cast(pyarrow.date32())
    if types.is_timestamp(kind) and kind.tz is None:
        return column.cast(pyarrow.timestamp("us"), safe=False)
    texts = [None if value is None else _text(value) for value in column.to_pylist()]
    return pyarrow.chunked_array([pyarrow.array(texts, pyarrow.string())])


def _text(value: Any) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=_text)
    return value.isoformat(sep=" ") if hasattr(value, "tzinfo") and hasattr(value, "year") else (
        str(value)
    )  # fmt: skip


def read_csv(file: Path, type_of: Callable[[str], pyarrow.DataType]) -> pyarrow.Table:
    """A table that fupin wrote as CSV, with the types it had.

    Args:
        file: UTF-8, as `fupin.sweeps.folder.write_csv` writes it: texts in quotes, and a field
            with nothing in it, not even quotes, is a null.
        type_of: gives the type of a column by its name.

    Raises:
        pyarrow.ArrowInvalid: something else than such a table.
    """
    from pyarrow import csv

    form = csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    with csv.open_csv(exact(file), parse_options=form) as opened:
        names = opened.schema.names
    return csv.read_csv(
        exact(file),
        parse_options=form,
        convert_options=csv.ConvertOptions(
            column_types={name: type_of(name) for name in names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["true"],
            false_values=["false"],
        ),
    )


# Names of types in a Table Schema of Frictionless Data (specs.frictionlessdata.io/table-schema).
_NAMES = (("is_boolean", "boolean"), ("is_integer", "integer"), ("is_floating", "number"),
          ("is_date", "date"), ("is_timestamp", "datetime"))  # fmt: skip


def type_name(kind: pyarrow.DataType) -> str:
    """What a Table Schema calls the type of a column of a plain table."""
    import pyarrow.types as types

    return next((name for test, name in _NAMES if getattr(types, test)(kind)), "string")


def data_package(tables: Mapping[str, pyarrow.Table]) -> dict[str, Any]:
    """The types of tables that lie as CSV beside it: content of a `datapackage.json`.

    Args:
        tables: by the name of their file, in plain form.
    """
    return {
        "profile": "tabular-data-package",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "encoding": "utf-8-sig",
                "schema": {
                    "fields": [
                        {"name": column.name, "type": type_name(column.type)}
                        for column in table.schema
                    ],
                    "missingValues": [""],
                },
            }
            for name, table in tables.items()
        ],
    }
