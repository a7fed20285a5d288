"""A table of money: counties in rows, programmes in columns, amounts in a unit that is said once.

Rows of totals, of prefectures that sum up their counties, notes and empty rows are known for what
they are, and sums are checked. Whatever else is no amount of a county is refused with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fupin.scenario import spans
from fupin.scenario.money_cells import Amount, amount_of, in_words, is_figure
from fupin.scenario.money_headings import Headings, has_headings, read_headings
from fupin.scenario.money_labels import (
    NOT_BY_COUNTY,
    NOTE,
    PROVINCE,
    SIGNED,
    SUBTOTALS,
    TOTALS,
    summed_place,
)
from fupin.scenario.places import PlaceError, county_index
from fupin.scenario.programme_names import squeezed_heading
from fupin.scenario.spans import Key
from fupin.scenario.table_grid import Cell, Grid, chosen
from fupin.yaml.words import shown

Where = tuple[int | None, Key | None]
"""County (None: not by county) and time (None: a plain amount)."""


@dataclass
class MoneyTable:
    """What a table says.

    Attributes:
        grid: the table.
        head: which column is what.
        money: programme -> county and time -> amount; only cells that say one.
        counties: all counties that have a row, in the order of the table.
        notes: sentences about what was read and how.
    """

    grid: Grid
    head: Headings
    money: dict[str, dict[Where, Amount]]
    counties: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_money_table(
    file: Path,
    *,
    sheet: str | None = None,
    unit: str | None = None,
    ignore: Iterable[str] = (),
    only: str | None = None,
    column: str | None = None,
) -> MoneyTable:
    """A table of a file.

    Args:
        file: .xlsx, .xlsm, .csv, .tsv or .txt.
        sheet: its name, where several hold tables.
        unit: of the numbers, where the table does not say it.
        ignore: headings of columns that are left out.
        only: the key of the one programme that is read.
        column: heading of its column, where it is another than the programme's names.

    Raises:
        InputError: everything that is wrong with the table, with its place.
    """
    grid = chosen(file, sheet, has_headings)
    head = read_headings(grid, unit=unit, ignore=ignore, only=only, column=column)
    table = MoneyTable(grid, head, {key: {} for key in head.programmes})
    _Body(table).read()
    return table


class _Body:
    """Reads the rows under the headings, in order."""

    def __init__(self, table: MoneyTable) -> None:
        self.table, self.grid, self.head = table, table.grid, table.head
        self.index = county_index()
        self.where: dict[Where, Cell] = {}
        self.sums: list[tuple[str, Cell, dict[str, Amount], str | None]] = []
        self.since: list[Where] = []  # rows since the last subtotal
        self.rounded = 0
        self.prefecture: str | None = None

    def read(self) -> None:
        for row in self.grid.rows[self.head.row + 1 :]:
            if all(cell.empty and cell.problem is None for cell in row):
                continue
            self._row(row)
        if not self.table.counties and not self.where:
            raise self.grid.error(
                self.head.cells[0], "No county has a row under these headings.",
                "Write each county in a row of its own.",
            )  # fmt: skip
        self._check_sums()
        if self.rounded:
            self.table.notes.append(
                f"{self.rounded} amounts are no whole yuan and were rounded."
                if self.rounded > 1
                else "One amount is no whole yuan and was rounded."
            )

    # -- rows -------------------------------------------------------------------------------

    def _row(self, row: list[Cell]) -> None:
        names = [row[at] for at in self.head.names if at < len(row) and not row[at].empty]
        code = self._cell(row, self.head.code)
        written = [*names, *([code] if code is not None and not code.empty else [])]
        amounts = {
            key: cell
            for key, at in self.head.programmes.items()
            if (cell := self._cell(row, at)) is not None
            and (not cell.empty or cell.problem is not None)
        }
        text = squeezed_heading(written[0].text) if written else ""
        if not written:
            texts = [squeezed_heading(c.text) for c in row if isinstance(c.value, str)]
            text = next((t for t in texts if t in TOTALS | SUBTOTALS), "")
        place = summed_place(text)
        if place is not None:
            self._note_sum("prefecture", written[0] if written else row[0], amounts, place)
            return
        if text in TOTALS | SUBTOTALS:
            label = written[0] if written else row[0]
            self._note_sum("subtotal" if text in SUBTOTALS else "total", label, amounts, None)
            return
        first = next((cell for cell in row if not cell.empty), row[0])
        figures = any(is_figure(cell) for cell in amounts.values())
        if not amounts and (NOTE.match(first.text) or not written):
            return
        if not figures and NOTE.match(first.text) and SIGNED.search(first.text):
            return  # 填表人：... 审核人：...
        if not written:
            raise self.grid.error(
                next(iter(amounts.values())), "There is an amount in a row without a county.",
                "Name the county, or empty the cell.",
            )  # fmt: skip
        self._refuse_hidden(row, amounts)
        self._refuse_bare(row)
        if text in PROVINCE:
            self._note_sum("total", written[0], amounts, "province")
            return
        if text in NOT_BY_COUNTY:
            self._take(None, row, written[0], amounts)
            return
        prefecture = self._prefecture_of(written)
        if prefecture is not None:
            self._note_sum("prefecture", written[0], amounts, prefecture)
            return
        self._take(self._county(row, names, code), row, written[0], amounts)

    def _cell(self, row: list[Cell], at: int | None) -> Cell | None:
        return row[at] if at is not None and at < len(row) else None

    def _refuse_hidden(self, row: list[Cell], amounts: dict[str, Cell]) -> None:
        if not amounts:
            return
        cell = next(iter(amounts.values()))
        if cell.row in self.grid.hidden_rows:
            raise self.grid.error(
                cell, "This row is hidden and holds an amount.", "Show the row, or delete it."
            )
        for cell in amounts.values():
            if cell.column in self.grid.hidden_columns:
                raise self.grid.error(
                    cell, "This column is hidden and holds an amount.",
                    "Show the column, or delete it.",
                )  # fmt: skip

    def _refuse_bare(self, row: list[Cell]) -> None:
        """Raise InputError where a number stands under no heading: no word says what it is.

        A comma within a number of a CSV file makes such a cell, and moves all that follow it.
        """
        for at in self.head.bare:
            cell = self._cell(row, at)
            if cell is None or cell.empty or not is_figure(cell):
                continue
            comma = self.grid.sheet is None
            raise self.grid.error(
                cell, f"{shown(cell.text)} stands under no heading.",
                "Head the column (备注 is left out), or empty the cell; a number with a comma "
                "stands in quotes."
                if comma
                else "Head the column (备注 is left out), or empty the cell.",
            )  # fmt: skip

    def _prefecture_of(self, written: list[Cell]) -> str | None:
        """The prefecture that a row sums up, if it names one and no county."""
        for cell in written:
            try:
                self.index.counties(cell.value)
            except PlaceError:
                try:
                    return self.index.prefecture(cell.value)
                except PlaceError:
                    return None
        return None

    def _county(self, row: list[Cell], names: list[Cell], code: Cell | None) -> int:
        """The county of a row, of which all its cells speak the truth."""
        found: set[int] = set()
        has_code = code is not None and not code.empty
        for cell in [*([code] if has_code and code is not None else []), *names]:
            if cell.merged and cell is not row[0] and self._is_repeated(cell):
                raise self.grid.error(
                    cell, "One merged cell names the county of several rows.",
                    "Unmerge it, and name the county in each row.",
                )  # fmt: skip
            codes = self._codes(row, cell, found)
            if found and not found & codes:
                raise self.grid.error(
                    cell,
                    f"{shown(cell.text)} is not {self.index.describe(sorted(found))}, which the "
                    "same row names.",
                    "Correct one of the two.",
                )
            found = found & codes if found else codes
        try:
            return self.index.county(self.index.canonical(found.pop())) if len(found) == 1 else (
                self.index.county(names[0].text if names else (code.text if code else ""))
            )  # fmt: skip
        except PlaceError as error:
            raise self.grid.error(
                names[0] if names else row[0], str(error), error.instead
            ) from None

    def _is_repeated(self, cell: Cell) -> bool:
        below = self.grid.rows[cell.row] if cell.row < len(self.grid.rows) else []
        above = self.grid.rows[cell.row - 2] if cell.row > 1 else []
        at = cell.column - 1
        return any(
            len(other) > at and other[at].merged and other[at].value == cell.value
            for other in (above, below)
        )

    def _codes(self, row: list[Cell], cell: Cell, found: set[int]) -> set[int]:
        text: object = cell.value
        if cell.problem is not None:
            raise self.grid.error(cell, f"No county: {cell.problem}.", "Write its name or code.")
        if isinstance(text, str) and re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", text):
            raise self.grid.error(
                cell, f"A spreadsheet has shortened this code to {text}.",
                "Format the column as text, and write the codes anew.",
            )  # fmt: skip
        place = self._cell(row, self.head.prefecture)
        try:
            return set(self.index.counties(text))
        except PlaceError as error:
            if place is not None and not place.empty and isinstance(text, str):
                try:
                    return set(self.index.counties(f"{text} ({place.text})"))
                except PlaceError:
                    pass
            if found and (whole := self._all_named(text)) & found:
                return whole
            raise self.grid.error(cell, str(error), error.instead) from None

    def _all_named(self, text: object) -> set[int]:
        """All counties of an ambiguous name, which a code in the same row settles."""
        return self.index.candidates(str(text))

    # -- amounts ----------------------------------------------------------------------------

    def _take(self, code: int | None, row: list[Cell], label: Cell,
              amounts: dict[str, Cell]) -> None:  # fmt: skip
        where: Where = (code, self._time(row))
        if where in self.where:
            title = "Money that is not by county" if code is None else self.index.title(code)
            when = "" if where[1] is None else f" for {where[1]}"
            raise self.grid.error(
                label, f"{title}{when} stands in row {self.where[where].row} already.",
                "Keep one of the two rows.",
            )  # fmt: skip
        self.where[where] = label
        if code is not None:
            self._check_prefecture(code, row)
            if code not in self.table.counties:
                self.table.counties.append(code)
        taken = {key: self._amount(cell) for key, cell in amounts.items()}
        for key, amount in taken.items():
            if amount is not None:
                self.table.money[key][where] = amount
        self.since.append(where)
        self._check_row_total(row, taken)

    def _time(self, row: list[Cell]) -> Key | None:
        cell = self._cell(row, self.head.time)
        if self.head.time is None:
            return None
        if cell is None or cell.empty:
            raise self.grid.error(
                cell or row[0], "This row has no time.", "Write 2009, 2009Q1 or 2009-03."
            )
        text = re.sub(r"^(20[0-9]{2})(\.0)?\s*年?度?$", r"\1", cell.text)
        try:
            return spans.read_key(text)
        except spans.SpanError as error:
            advice = error.instead if "{" not in error.instead else (
                "Write 2009, 2009Q1 or 2009-03."
            )  # fmt: skip
            raise self.grid.error(cell, str(error), advice) from None

    def _check_prefecture(self, code: int, row: list[Cell]) -> None:
        cell = self._cell(row, self.head.prefecture)
        if cell is None or cell.empty:
            return
        try:
            named = self.index.prefecture(cell.value)
        except PlaceError as error:
            raise self.grid.error(cell, str(error), error.instead) from None
        if named != self.index.records[code].prefecture_en:
            raise self.grid.error(
                cell, f"{self.index.title(code)} does not lie in {shown(cell.text)}.",
                f"Write {self.index.records[code].prefecture_en}, or correct the county.",
            )  # fmt: skip

    def _amount(self, cell: Cell) -> Amount | None:
        """Whole yuan, or a count, of a cell; None where it says that there is nothing."""
        found = amount_of(self.grid, self.head, cell)
        self.rounded += found is not None and found.rounded
        return found

    # -- sums -------------------------------------------------------------------------------

    def _note_sum(
        self, kind: str, label: Cell, amounts: dict[str, Cell], place: str | None
    ) -> None:
        found = {key: self._amount(cell) for key, cell in amounts.items() if not cell.merged}
        said = {key: amount for key, amount in found.items() if amount is not None}
        if kind == "subtotal":
            self._compare(label, said, self.since, "the rows above it")
            self.since = []
            return
        self.sums.append((kind, label, said, place))

    def _check_sums(self) -> None:
        for kind, label, said, place in self.sums:
            if kind == "prefecture":
                inside = [w for w in self.where if w[0] is not None
                          and self.index.records[w[0]].prefecture_en == place]  # fmt: skip
                if not inside and any(amount.yuan for amount in said.values()):
                    raise self.grid.error(
                        label, f"{shown(label.text)} is a prefecture, and none of its counties has "
                        "a row.", "Write its counties, each in a row of its own.",
                    )  # fmt: skip
                self._compare(label, said, inside, f"the counties of {place}")
            elif place == "province" and not self.table.counties:
                raise self.grid.error(
                    label, f"{shown(label.text)} may be a sum, or money that is not by county.",
                    "Write 不分县 (or: not by county) for money that is not by county.",
                )  # fmt: skip
            else:
                self._compare(label, said, list(self.where), "all counties")

    def _compare(
        self, label: Cell, said: dict[str, Amount], rows: Iterable[Where], of: str
    ) -> None:
        rows = list(rows)
        for key, amount in said.items():
            column = self.table.money[key]
            total = sum(column[where].yuan for where in rows if where in column)
            if abs(total - amount.yuan) > (max(len(rows), 1) if amount.unit is None else 0):
                raise self.grid.error(
                    amount.cell,
                    f"{shown(label.text)} is {amount.words}, and {of} sum to "
                    f"{in_words(total, amount.unit)}.",
                    "Correct the sum or a row, or delete the row of sums.",
                )

    def _check_row_total(self, row: list[Cell], taken: dict[str, Amount | None]) -> None:
        cell = self._cell(row, self.head.total)
        if cell is None or cell.empty or not self.head.whole:
            return
        amount = self._amount(cell)
        if amount is None:
            return
        # A sum over money and counts is one of the money.
        total = sum(a.yuan for a in taken.values() if a is not None and a.unit == amount.unit)
        if abs(amount.yuan - total) > (len(taken) + 1 if amount.unit is None else 0):
            raise self.grid.error(
                cell, f"This sum is {amount.words}, and the programmes of the row sum "
                f"to {in_words(total, amount.unit)}.",
                "Correct the sum or an amount, or delete the column of sums.",
            )  # fmt: skip
