"""A planner's own table of counties: a CSV file, named under `population: counties:`.

    code,net_income_2009          county,net_income_2009
    130732,2645                   Chicheng,2645
    130624,2400                   阜平县,2400

It goes over the table that comes with fupin, county by county. Every mistake is one message with
file, line and what to write instead.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from fupin.errors import InputError
from fupin.parameters.province import province
from fupin.scenario.places import PlaceError, county_index
from fupin.yaml.events import read_text
from fupin.yaml.words import shown

YEAR = province().document_year
INCOME = f"net_income_{YEAR}"
"""The column that a table of one's own may replace: rural net income, yuan per person."""

LEAST, MOST = 300.0, 30_000.0
"""Yuan per person that are taken for an income of YEAR; others are another unit, or a slip."""

_NAMES = ("code", "county")


def read_county_table(file: Path) -> dict[int, float]:
    """Known incomes by county code, in order; counties without a figure are left out.

    Args:
        file: a CSV file in UTF-8 with a line of headings.

    Raises:
        InputError: no such file, a column that is missing or unknown, a county that is unknown,
            ambiguous or named twice, something that is no income; with file and line.
    """
    if file.suffix.lower() != ".csv":
        raise InputError(
            f"{shown(file.name)} is no CSV file.", "Save the table as CSV (UTF-8).", file
        )
    lines = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    try:
        rows = [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(
            f"This line is no CSV: {error}.", "Save the table as CSV anew.", file, lines.line_num
        ) from None
    if not rows:
        raise InputError("This table is empty.", f"Begin with county,{INCOME}.", file)
    (first, heading), *body = rows
    name_at, income_at = _columns([cell.strip() for cell in heading], file, first)
    found: dict[int, float] = {}
    where: dict[int, int] = {}
    for line, row in body:
        if len(row) > len(heading):
            raise InputError(
                f"This line has {len(row)} cells and the first line {len(heading)}.",
                "Put quotes around a cell that holds a comma.", file, line,
            )  # fmt: skip
        cells = [cell.strip() for cell in row] + [""] * (len(heading) - len(row))
        code = _county(cells[name_at], file, line)
        if code in where:
            raise InputError(
                f"{county_index().title(code)} stands in line {where[code]} already.",
                "Keep one of the two lines.", file, line,
            )  # fmt: skip
        where[code] = line
        if cells[income_at]:
            found[code] = _income(cells[income_at], file, line)
    return dict(sorted(found.items()))


def _columns(heading: list[str], file: Path, line: int) -> tuple[int, int]:
    for column in heading:
        if column not in (*_NAMES, INCOME):
            raise InputError(
                f"{shown(column)} is no column that a table of your own can have.",
                f"It has county (or code) and {INCOME}. People, villages and key status make the "
                "synthetic province and stay as they are.",
                file,
                line,
            )
        if heading.count(column) > 1:
            raise InputError(f"The column {column} is there twice.", "Keep one.", file, line)
    names = [column for column in heading if column in _NAMES]
    if len(names) != 1 or INCOME not in heading:
        raise InputError(
            "The first line must name a column of counties and one of incomes.",
            f"Write county,{INCOME} or code,{INCOME}.", file, line,
        )  # fmt: skip
    return heading.index(names[0]), heading.index(INCOME)


def _county(text: str, file: Path, line: int) -> int:
    try:
        codes = county_index().counties(text)
    except PlaceError as error:
        raise InputError(str(error), error.instead, file, line) from None
    if len(codes) != 1:
        raise InputError(
            f"{shown(text)} means {len(codes)} counties.", "Give each its own line.", file, line
        )
    return codes[0]


def _income(text: str, file: Path, line: int) -> float:
    try:
        yuan = float(text.replace(",", ""))
    except ValueError:
        raise InputError(
            f"{shown(text)} is no number.", "Write yuan per person, such as 2645.", file, line
        ) from None
    if not LEAST <= yuan <= MOST:
        raise InputError(
            f"{shown(text)} is no net income of {YEAR}, yuan per person.",
            f"Write {LEAST:,.0f} to {MOST:,.0f}, or leave the cell empty.", file, line,
        )  # fmt: skip
    return yuan
