"""From a plan to a table of money by county and programme, which `fupin import` reads back.

What a plan does not say by county stands in a row of its own; amounts by year, quarter or month
have rows for each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from fupin.errors import InputError
from fupin.scenario.county_money import Amounts, CountyMoney
from fupin.scenario.places import county_index
from fupin.scenario.programme_names import heading_of
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import Key, in_order
from fupin.yaml.words import shown

NOT_BY_COUNTY = "不分县"
UNITS = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "亿元": 10**8, "yuan": 1,
         "thousand yuan": 10**3, "million yuan": 10**6}  # fmt: skip
Number = int | float


@dataclass(frozen=True)
class PlanTable:
    """Rows of a table, all of one length.

    Attributes:
        title: what stands above, with the unit.
        unit: of the numbers.
        heading: of the columns.
        rows: of counties, and of what is not by county; numbers, text, or None.
    """

    title: str
    unit: str
    heading: list[str]
    rows: list[list[Any]]


def table_of_plan(plan: Scenario, unit: str = "万元") -> PlanTable:
    """The table of a plan.

    Args:
        plan: any scenario.
        unit: of the numbers, one of UNITS.

    Raises:
        InputError: an unknown unit.
    """
    if unit not in UNITS:
        raise InputError(f"{shown(unit)} is no unit.", f"Known are {', '.join(UNITS)}.")
    active = plan.programmes.active()
    amounts: dict[tuple[int | None, Key | None], dict[str, int]] = {}
    for programme in active:
        settings = plan.programmes.of(programme.key)
        if settings.by_county is not None:
            for place, said in settings.by_county.counties.items():
                _enter(amounts, place, programme.key, said)
        else:
            budget = settings.budget
            assert not isinstance(budget, CountyMoney)
            _enter(amounts, None, programme.key, budget)
    by_time = any(time is not None for _, time in amounts)
    # Plain amounts of a plan that also has others by time are written for each fiscal year.
    if by_time:
        amounts = _of_years(plan, amounts)
    index, scale = county_index(), UNITS[unit]
    rows = []
    for code, time in sorted(amounts, key=_order):
        money = amounts[code, time]
        if code is None:
            row: list[Any] = [None, "not by county", NOT_BY_COUNTY, None]
        else:
            county = index.records[code]
            row = [code, county.name_en, index.chinese(code), county.prefecture_en]
        row += [time] if by_time else []
        row += [_number(money[p.key], scale) if p.key in money else None for p in active]
        rows.append(row)
    heading = ["code", "county", "县", "prefecture", *(["time"] if by_time else [])]
    heading += [heading_of(p.key) for p in active]
    return PlanTable(f"{plan.name} {plan.title}".strip(), unit, heading, rows)


def _enter(
    amounts: dict[tuple[int | None, Key | None], dict[str, int]],
    code: int | None,
    key: str,
    said: Amounts,
) -> None:
    for time, yuan in said.items() if isinstance(said, dict) else ((None, said),):
        amounts.setdefault((code, time), {})[key] = yuan


def _of_years(
    plan: Scenario, amounts: dict[tuple[int | None, Key | None], dict[str, int]]
) -> dict[tuple[int | None, Key | None], dict[str, int]]:
    found: dict[tuple[int | None, Key | None], dict[str, int]] = {}
    starts = plan.fiscal_year_start
    first = plan.period.start.year - (plan.period.start.month < starts)
    last = plan.period.end.year - (plan.period.end.month < starts)
    for (code, time), money in amounts.items():
        for when in range(first, last + 1) if time is None else (time,):
            found.setdefault((code, when), {}).update(money)
    return found


def _order(where: tuple[int | None, Key | None]) -> tuple[Any, ...]:
    code, time = where
    return (code is None, code or 0, (0, 0) if time is None else in_order(time))


def _number(yuan: int, scale: int) -> Number:
    """Units of a unit, as a spreadsheet holds them; exact for amounts below ten trillion yuan."""
    exact = Decimal(yuan) / scale
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def csv_text(table: PlanTable) -> str:
    """The table as CSV; the unit stands behind each heading of money."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    money = len(
        [h for h in table.heading if h not in ("code", "county", "县", "prefecture", "time")]
    )
    split = len(table.heading) - money
    writer.writerow(
        [*table.heading[:split], *(f"{h} ({table.unit})" for h in table.heading[split:])]
    )
    for row in table.rows:
        writer.writerow(["" if v is None else _plain(v) for v in row])
    return out.getvalue()


def _plain(value: Any) -> str:
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def write_workbook(table: PlanTable, file: Path) -> None:
    """The table as a workbook of one sheet, with the title and the unit above it.

    Raises:
        InputError: the package openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
    except ImportError:
        raise InputError(
            "A workbook needs the package openpyxl.",
            'Type `pip install "fupin[excel]"`, or name a .csv file.',
        ) from None
    book = Workbook()
    sheet = book.active
    sheet.title = "money"
    title = table.title if table.title[:1] not in "=+-@" else f"'{table.title}"
    sheet.append([title])
    sheet.append([f"单位：{table.unit}"])
    sheet.append(table.heading)
    for cell in (sheet["A1"], *sheet[3]):
        cell.font = Font(bold=True)
    for row in table.rows:
        sheet.append(row)
    sheet.freeze_panes = "E4"
    for column, width in zip("ABCD", (9, 24, 24, 14), strict=True):
        sheet.column_dimensions[column].width = width
    book.save(file)
