"""A table of an office as rows of cells that know their place: from a workbook or a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from fupin.errors import InputError
from fupin.yaml.decoding import text_of
from fupin.yaml.words import one_of, shown

WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")
LARGEST = 20_000_000
"""Bytes of a file."""
MOST_ROWS, MOST_COLUMNS = 20_000, 300
Value = None | int | float | str


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        value: empty, a number, or text without spaces around it.
        row, column: counted from 1.
        problem: what makes it no number that can be read, such as a formula without a value.
        merged: it is part of a merged range; the value of the range stands in each of its cells.
        shown_in: a unit that the cell's number format shows behind the number, such as 元.
    """

    value: Value
    row: int
    column: int
    problem: str | None = None
    merged: bool = False
    shown_in: str | None = None

    @property
    def empty(self) -> bool:
        """Nothing is there."""
        return self.value is None or self.value == ""

    @property
    def text(self) -> str:
        """The value as text; empty where nothing is there."""
        if isinstance(self.value, float) and self.value.is_integer():
            return f"{self.value:.0f}"
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True)
class Grid:
    """The cells of a table.

    Attributes:
        file: where they come from.
        sheet: name of the sheet; None of a CSV file.
        rows: all rows of the sheet.
        hidden_rows, hidden_columns: numbers of those that are not shown.
    """

    file: Path
    sheet: str | None
    rows: list[list[Cell]]
    hidden_rows: frozenset[int] = field(default=frozenset())
    hidden_columns: frozenset[int] = field(default=frozenset())

    def error(self, cell: Cell, message: str, instead: str | None = None) -> InputError:
        """An error that points to a cell, by its name in a workbook."""
        where = f"{column_name(cell.column)}{cell.row} of sheet {shown(self.sheet)}: "
        text = (where if self.sheet is not None else "") + message
        return InputError(text, instead, self.file, cell.row, cell.column)


def column_name(column: int) -> str:
    """A, B, ... Z, AA, ... as spreadsheets call columns."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_grids(file: Path) -> tuple[list[Grid], list[Grid]]:
    """The shown tables of a file, and those of hidden sheets.

    Raises:
        InputError: no such file, of another kind, damaged, too large.
    """
    try:
        state = file.stat()
        key = (state.st_mtime_ns, state.st_size)
    except (OSError, ValueError):
        key = (0, 0)
    seen, hidden = _read_grids(file, key)
    return list(seen), list(hidden)


@lru_cache(maxsize=4)
def _read_grids(file: Path, _state: tuple[int, int]) -> tuple[tuple[Grid, ...], tuple[Grid, ...]]:
    # A plan names one table once for each programme: it is read once for all of them.
    kind = file.suffix.lower()
    if kind not in (*WORKBOOKS, *TEXTS):
        raise InputError(
            f"{shown(file.name)} is no table that can be read.",
            "Save it as .xlsx (Excel workbook) or .csv.", file,
        )  # fmt: skip
    raw = _bytes_of(file)
    if kind in WORKBOOKS:
        seen, hidden = _workbook(file, raw)
        return tuple(seen), tuple(hidden)
    return (_text_table(file, raw),), ()


def _bytes_of(file: Path) -> bytes:
    try:
        if not file.exists():
            raise InputError("There is no such file.", None, file)
        if not file.is_file():
            raise InputError("This is not a file.", "Name a table: .xlsx or .csv.", file)
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"This file cannot be read: {reason}.", None, shown(str(file))) from None
    if len(raw) > LARGEST:
        raise InputError("This file is larger than 20 MB.", "Keep the one table in it.", file)
    return raw


# -- text ---------------------------------------------------------------------------------------


def _text_table(file: Path, raw: bytes) -> Grid:
    text = text_of(raw)
    if text is None:
        raise InputError(
            "This file is neither UTF-8 nor GB18030 text.", "Save the table as CSV UTF-8.", file
        )
    if "\0" in text:
        raise InputError("This is no text.", "Save the table as CSV, or as .xlsx.", file)
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: text[:20_000].count(mark) for mark in (",", "\t", ";", "，")}
    mark = "\t" if "\t" in first else max(counts, key=lambda m: counts[m])
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[Cell]] = []
    try:
        for row in lines:
            if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise InputError(
                    f"This table has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns.",
                    "Keep the one table in it.", file, lines.line_num,
                )  # fmt: skip
            line = lines.line_num
            rows.append([Cell(c.strip() or None, line, at) for at, c in enumerate(row, 1)])
    except csv.Error as error:
        raise InputError(
            f"This line is no CSV: {error}.", "Save the table as CSV anew.", file, lines.line_num
        ) from None
    return Grid(file, None, rows)


# -- workbooks ----------------------------------------------------------------------------------


def _workbook(file: Path, raw: bytes) -> tuple[list[Grid], list[Grid]]:
    try:
        import openpyxl
    except ImportError:
        raise InputError(
            "Workbooks need the package openpyxl, which is not installed.",
            'Type `pip install "fupin[excel]"`, or save the table as CSV.', file,
        ) from None  # fmt: skip
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, about styles and extensions
            values = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(raw))
    except Exception as error:  # a damaged archive fails in many ways
        raise InputError(
            f"This is no workbook that can be read ({type(error).__name__}).",
            "Open it in Excel, save it as .xlsx without a password, or save the table as CSV.",
            file,
        ) from None
    seen: list[Grid] = []
    hidden: list[Grid] = []
    for sheet in values.worksheets:
        grid = _sheet(file, sheet, formulas[sheet.title])
        if any(not cell.empty for row in grid.rows for cell in row):
            (seen if sheet.sheet_state == "visible" else hidden).append(grid)
    return seen, hidden


def _sheet(file: Path, sheet: Any, formulas: Any) -> Grid:
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise InputError(
            f"Sheet {shown(sheet.title)} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} "
            "columns.",
            "Keep the one table in it.", file,
        )  # fmt: skip
    owner = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    rows = [list(_cells(sheet, formulas, n, owner)) for n in range(1, sheet.max_row + 1)]
    return Grid(
        file,
        sheet.title,
        rows,
        frozenset(n for n, size in sheet.row_dimensions.items() if size.hidden),
        frozenset(_hidden_columns(sheet)),
    )


def _hidden_columns(sheet: Any) -> Iterator[int]:
    for size in sheet.column_dimensions.values():
        if size.hidden and size.min is not None:
            yield from range(size.min, size.max + 1)


def _cells(
    sheet: Any, formulas: Any, row: int, owner: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[Cell]:
    for column in range(1, sheet.max_column + 1):
        at = owner.get((row, column), (row, column))
        cell, formula = sheet.cell(*at), formulas.cell(*at)
        value, problem = cell.value, None
        if formula.data_type == "f" and value is None:
            problem = "this is a formula whose value was never saved"
        elif cell.data_type == "e":
            problem = f"this is an error of a formula, {shown(value)}"
        elif isinstance(value, bool):
            problem = "this is TRUE or FALSE"
        elif value is not None and not isinstance(value, (int, float, str)):
            problem = "this is a date" if hasattr(value, "year") else "this is no number"
        elif isinstance(value, (int, float)) and "%" in (cell.number_format or ""):
            problem = "this is a percentage"
        elif isinstance(value, (int, float)) and _SCALED.search(_bare_format(cell)):
            problem = "its format shows another number than the cell holds"
        if problem is not None:
            value = shown(str(value)) if value is not None else None
        if isinstance(value, str):
            value = value.strip() or None
        unit = (
            _UNIT_SHOWN.search(cell.number_format or "")
            if isinstance(value, (int, float))
            else None
        )
        said = unit[1] if unit else None
        yield Cell(value, row, column, problem, (row, column) in owner, said)


_SCALED = re.compile(r"[0#?],+(?![0#?])|[!\\]\.")
"""Number formats that divide by thousands (`#,##0,`) or draw a point (`0!.0`)."""

_UNIT_SHOWN = re.compile(r"[\"]([十百千万亿]*[万亿元][十百千万亿元]*)[\"]")


def _bare_format(cell: Any) -> str:
    """The number format of a cell without what it quotes."""
    return re.sub(r'"[^"]*"|\[[^\]]*\]', "", cell.number_format or "")


def chosen(file: Path, sheet: str | None, usable: Any) -> Grid:
    """The one table of a file.

    Args:
        file: a workbook or a text.
        sheet: the name of a sheet, hidden ones too; None where there is one table only.
        usable: whether a grid holds a table, of a grid.

    Raises:
        InputError: none, several, or a hidden one; as `read_grids`.
    """
    seen, hidden = read_grids(file)
    everything = [*seen, *hidden]
    if sheet is not None:
        for grid in everything:
            if grid.sheet == sheet:
                return grid
        names = [shown(grid.sheet) for grid in everything if grid.sheet is not None]
        raise InputError(
            f"There is no sheet {shown(sheet)}.",
            f"Its sheets are {one_of(names)}." if names else "A CSV file has no sheets.", file,
        )  # fmt: skip
    if not everything or not any(not c.empty for g in everything for row in g.rows for c in row):
        raise InputError(
            "This table is empty.", "Put counties in rows and programmes in columns.", file
        )
    tables = [grid for grid in seen if usable(grid)]
    secret = [grid for grid in hidden if usable(grid)]
    if secret:
        raise InputError(
            f"Sheet {shown(secret[0].sheet)} is hidden and holds a table of money.",
            f"Say which sheet is meant, such as {_choices([*tables, *secret])}, or delete it.",
            file,
        )
    if len(tables) > 1:
        raise InputError(
            f"{len(tables)} sheets hold a table of money.",
            f"Say which one is meant: {_choices(tables)}.", file,
        )  # fmt: skip
    return tables[0] if tables else (seen or hidden)[0]


def _choices(grids: list[Grid]) -> str:
    return one_of(f"`--sheet '{grid.sheet}'`" for grid in grids)
