"""Tables as sheets of a workbook, each cell with the type of its column.

A text stays a text, whatever it looks like: "001", "1e3", "-5", "=x" and "#N/A" are written as
texts. Those that a spreadsheet would take for a formula when somebody edits them carry its own mark
for texts (`quotePrefix`), which is no part of the value. Empty texts and nulls are empty cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin.errors import InputError
from fupin.store.typed import EXACT, plain
from fupin.sweeps import folder as sweep_folder

if TYPE_CHECKING:
    import pyarrow

EXCEL_ROWS = 1_048_576
"""Rows of a sheet, the heading included."""

EXCEL_COLUMNS = 16_384
LONGEST_TEXT = 32_767
CUT = " ... (cut)"
"""What a text ends with that is longer than a cell can hold."""

_FORMULA = ("=", "+", "-", "@")
_FIRST_YEAR = 1900  # a spreadsheet knows no date before
# XML has no such characters; spreadsheets write them so, and read them back.
_UNSPEAKABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ufffe\\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def write_excel(tables: Mapping[str, pyarrow.Table], file: Path) -> list[str]:
    """A workbook with a sheet for each table.

    Returns:
        names of the tables that have more rows or columns than a sheet can hold, and were left out.

    Raises:
        InputError: the package openpyxl is not installed.
        DiskFull: no space; nothing is left behind.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
    except ImportError:
        raise InputError(
            "--excel needs the package openpyxl.", 'Install it with `pip install "fupin[excel]"`.'
        ) from None

    book = Workbook(write_only=True)
    left_out = []
    for name, table in tables.items():
        if table.num_rows >= EXCEL_ROWS or table.num_columns > EXCEL_COLUMNS:
            left_out.append(name)
            continue
        sheet = book.create_sheet(_title(name, book.sheetnames))
        sheet.freeze_panes = "A2"
        cells = [_text_cell(sheet, column) for column in table.column_names]
        for cell in cells:
            if cell is not None:
                cell.font = Font(bold=True)
        sheet.append(cells)
        for batch in _in_cells(table).to_batches(max_chunksize=10_000):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                sheet.append([_cell(sheet, value) for value in row])
    if not book.sheetnames:  # a workbook without a sheet cannot be opened
        book.create_sheet("empty")
    sweep_folder.write_whole(file, book.save)
    return left_out


def _title(name: str, taken: list[str]) -> str:
    """A name that a sheet may have, unlike any other whatever their case."""
    free = re.sub(r"[\\/*?:\[\]\x00-\x1f]", "_", name).strip("'")[:31] or "table"
    known = {one.casefold() for one in taken}
    title, number = free, 1
    while title.casefold() in known:
        number += 1
        title = f"{free[: 31 - len(str(number)) - 1]}-{number}"
    return title


def _in_cells(table: pyarrow.Table) -> pyarrow.Table:
    """The table with texts in the place of columns that a cell cannot hold exactly."""
    import pyarrow
    import pyarrow.compute as compute
    import pyarrow.types as types

    table = plain(table)
    for place, column in enumerate(table.columns):
        bounds = compute.min_max(column).as_py() if _ordered(column.type) else {"min": None}
        if bounds["min"] is None:
            continue
        whole = types.is_integer(column.type)
        if whole and max(-bounds["min"], bounds["max"]) > EXACT:
            fits = False
        else:
            fits = whole or bounds["min"].year >= _FIRST_YEAR
        if not fits:
            texts = [None if value is None else str(value) for value in column.to_pylist()]
            named = table.column_names[place]
            table = table.set_column(place, named, [pyarrow.array(texts, pyarrow.string())])
    return table


def _ordered(kind: pyarrow.DataType) -> bool:
    import pyarrow.types as types

    return bool(types.is_integer(kind) or types.is_date(kind) or types.is_timestamp(kind))


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        return _text_cell(sheet, value)
    if isinstance(value, float) and value - value != 0:  # no cell holds these as numbers
        return None if value != value else _text_cell(sheet, str(value))
    return value


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that holds a text as it is; None where there is nothing in it."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - len(CUT)] + CUT
    cell = WriteOnlyCell(sheet, "")
    # Past the setter, which takes "=x" for a formula and "#N/A" for an error.
    cell._value = _UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        cell.quotePrefix = True
    return cell
