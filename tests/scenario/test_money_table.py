"""Tables of money: read to the yuan, or one message with the cell and a way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fupin.errors import InputError
from fupin.scenario.money_table import MoneyTable, read_money_table
from fupin.scenario.places import county_index
from fupin.scenario.plan_table import csv_text, table_of_plan, write_workbook
from fupin.scenario.schema import Scenario
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

openpyxl = pytest.importorskip("openpyxl")
DAMING, WEI, SHE, CHICHENG = 130425, 130434, 130426, 130732
KEY = "household_projects"


def of(table: MoneyTable, key: str = KEY) -> dict[int | None, int]:
    return {code: amount.yuan for (code, _), amount in table.money[key].items()}


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "money.csv"
    file.write_bytes(text.encode(encoding))
    return file


def workbook(folder: Path, rows: list[list[Any]], change: Callable[[Any], None] | None = None,
             name: str = "money.xlsx") -> Path:  # fmt: skip
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change is not None:
        change(book)
    book.save(folder / name)
    return folder / name


ROWS: list[list[Any]] = [
    ["2009年资金安排"],
    ["单位：万元"],
    ["设区市", "县（市、区）", "产业扶贫", "雨露计划", "备注"],
    ["邯郸", "大名县", 850, 20.5, None],
    ["邯郸", "魏县", 900.25, None, "x"],
]


@pytest.mark.parametrize(
    "text",
    [
        "county,household_projects (万元)\nDaming,850\n魏县,900.25\n",
        "单位：万元\n县,产业扶贫\n大名县,850\n魏县,900.25\n",
        "代码,产业扶贫(元)\n130425,8500000\n130434.0,9002500\n",
        "代码;Household (cell) projects [million yuan]\n130425000000;8.5\n130434;9.0025\n",
        "县\t产业化扶贫资金（亿元）\n大名\t0.085\n邯郸魏县\t0.090025\n",
        "county,code,产业扶贫（万元）\nDaming,130425,850\nWeixian,130434,900.25\n",
        '市,县,产业扶贫（万元）\n邯郸市,大名县,"850"\n邯郸市,Weixian,９００．２５\n',
        "县,产业扶贫（万元）\n大名县,850\n魏县,900.25\n小计,1750.25\n合计,1750.25\n注：不含其他\n",
        "县,产业扶贫（万元）,合计\n邯郸市,1750.25,\n大名县,850,\n魏县,900.25,\n\n",
        "单位,万元\n序号,县,产业扶贫\n1,大名县,850万元\n2,魏县,900.25\n3,涉县,-\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_tables_as_offices_write_them(tmp_path: Path, text: str, encoding: str) -> None:
    assert of(read_money_table(csv_file(tmp_path, text, encoding))) == {
        DAMING: 8_500_000, WEI: 9_002_500,
    }  # fmt: skip


def test_a_workbook_is_read(tmp_path: Path) -> None:
    def titled(book: Any) -> None:
        book.active.merge_cells("A1:E1")
        book.active.merge_cells("A4:A5")

    table = read_money_table(workbook(tmp_path, ROWS, titled))
    assert of(table) == {DAMING: 8_500_000, WEI: 9_002_500}
    assert of(table, "skills_training") == {DAMING: 205_000}
    assert table.head.unit == "万元" and table.counties == [DAMING, WEI]


def test_what_is_no_whole_yuan_is_rounded_and_said(tmp_path: Path) -> None:
    table = read_money_table(csv_file(tmp_path, "县,产业扶贫（万元）\n大名县,33.333333333\n"))
    assert of(table) == {DAMING: 333_333} and "rounded" in table.notes[0]
    noise = workbook(
        tmp_path, [["县", "产业扶贫（万元）"], ["大名县", 0.1 + 0.2], ["魏县", 1234.5678]]
    )
    table = read_money_table(noise)
    assert of(table) == {DAMING: 3_000, WEI: 12_345_678} and table.notes == []


def test_money_that_is_not_by_county_has_a_row(tmp_path: Path) -> None:
    text = "县,产业扶贫（万元）,雨露计划（万元）\n大名县,850,\n不分县,,3054\n"
    table = read_money_table(csv_file(tmp_path, text))
    assert of(table) == {DAMING: 8_500_000}
    assert of(table, "skills_training") == {None: 30_540_000}


HEAD = "县,产业扶贫（万元）,雨露计划（万元）\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "found", "instead"),
    [
        ("", None, None, "empty", "counties in rows"),
        ("a,b\n1,2\n", 1, 1, "No row of headings", "county"),
        ("县,产业扶贫\n大名县,850\n", 1, 1, "in which unit", "--unit 万元"),
        ("单位：元\n县,产业扶贫（万元）\n大名县,850\n", 2, 2, "元 and 万元", "one unit"),
        ("县,产业扶平（万元）,雨露计划\n大名县,1,2\n", 1, 2, "no programme", "产业扶贫"),
        ("县,产业扶贫（万元）,household_projects\n大名县,1,2\n", 1, 3, "as column 2", "Keep one"),
        (HEAD + "大名县,1,2\n大明县,1,2\n", 3, 1, "no county", "`Daming`"),
        (HEAD + "Weixian,1,2\n", 2, 1, "names 2 counties", "`Handan/Weixian`"),
        (HEAD + "信都区,1,2\n", 2, 1, "means 2 counties", "own line"),
        (HEAD + "大名县,1,2\n魏县,1,2\nDaming,1,2\n", 4, 1, "stands in row 2", "Keep one"),
        (HEAD + "大名县,约850,2\n", 2, 2, "is text and no amount", "Write a number"),
        (HEAD + "大名县,1,待定\n", 2, 3, "is text and no amount", "Write a number"),
        (HEAD + "大名县,-5,2\n", 2, 2, "negative", "cannot be negative"),
        (HEAD + "大名县,(5),2\n", 2, 2, "negative", "cannot be negative"),
        (HEAD + "大名县,8.5E+02,2\n", 2, 2, "shortened", "all its digits"),
        ("代码,产业扶贫（万元）\n1.30425E+11,2\n", 2, 1, "shortened this code", "as text"),
        (HEAD + "大名县,1,2\n合计,2,2\n", 3, 2, "all counties sum to 10,000 yuan", "Correct"),
        (HEAD + "邯郸市,7,2\n大名县,1,2\n", 2, 2, "the counties of Handan sum", "Correct"),
        (HEAD + "邯郸市,7,2\n赤城县,1,2\n", 2, 1, "none of its counties", "own"),
        (
            "县,产业扶贫（万元）,雨露计划（万元）,合计\n大名县,1,2,4\n",
            2,
            4,
            "This sum is",
            "Correct",
        ),
        (HEAD + ",1,2\n", 2, 2, "without a county", "Name the county"),
        ("县,代码,产业扶贫（万元）\n大名县,130434,2\n", 2, 1, "which the same row", "Correct"),
        ("市,县,产业扶贫（万元）\n邢台,大名县,2\n", 2, 1, "does not lie in", "Handan"),
        (HEAD + '"大名县,1,2\n', 2, None, "no CSV", "anew"),
        (HEAD + "大名县,99999999999,2\n", 2, 2, "more than ten trillion", "unit"),
        ("县,年份,产业扶贫（万元）\n大名县,2009年,2\n大名县,x,3\n", 3, 2, "not a year", "2009"),
    ],
)
def test_a_mistake_is_one_message_with_its_cell(
    tmp_path: Path, text: str, line: int | None, column: int | None, found: str, instead: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_money_table(csv_file(tmp_path, text))
    error = caught.value
    assert found in error.message, str(error)
    assert instead in (error.instead or ""), str(error)
    if column is not None:
        assert (error.line, error.column) == (line, column), str(error)
    assert str(tmp_path / "money.csv") in str(error) and "\n" not in str(error)


def _hidden_row(book: Any) -> None:
    book.active.row_dimensions[5].hidden = True


def _hidden_column(book: Any) -> None:
    book.active.column_dimensions["D"].hidden = True


def _hidden_sheet(book: Any) -> None:
    other = book.copy_worksheet(book.active)
    other.title, other.sheet_state = "旧表", "hidden"


def _second_sheet(book: Any) -> None:
    book.copy_worksheet(book.active).title = "2010"


def _merged_amounts(book: Any) -> None:
    book.active.merge_cells("C4:C5")


def _merged_counties(book: Any) -> None:
    book.active.merge_cells("B4:B5")


def _formula(book: Any) -> None:
    book.active["C4"] = "=1+1"


def _date(book: Any) -> None:
    import datetime

    book.active["C4"] = datetime.date(2009, 1, 1)


def _percent(book: Any) -> None:
    book.active["C4"] = 0.5
    book.active["C4"].number_format = "0.0%"


def _broken(book: Any) -> None:
    book.active["C4"] = "#REF!"
    book.active["C4"].data_type = "e"


@pytest.mark.parametrize(
    ("change", "found", "instead"),
    [
        (_hidden_row, "C5 of sheet 'Sheet': This row is hidden", "Show the row"),
        (_hidden_column, "D4 of sheet 'Sheet': This column is hidden", "Show the column"),
        (_hidden_sheet, "Sheet '旧表' is hidden", "`--sheet '旧表'`"),
        (_second_sheet, "2 sheets hold", "`--sheet '2010'`"),
        (_merged_amounts, "C4 of sheet 'Sheet': An amount stands in a merged", "Unmerge"),
        (_merged_counties, "B4 of sheet 'Sheet': One merged cell", "Unmerge"),
        (_formula, "C4 of sheet 'Sheet': No amount: this is a formula", "number"),
        (_date, "C4 of sheet 'Sheet': No amount: this is a date", "number"),
        (_percent, "C4 of sheet 'Sheet': No amount: this is a percentage", "number"),
        (_broken, "C4 of sheet 'Sheet': No amount: this is an error", "number"),
    ],
)
def test_what_a_workbook_hides_is_named(
    tmp_path: Path, change: Callable[[Any], None], found: str, instead: str
) -> None:
    file = workbook(tmp_path, ROWS, change)
    with pytest.raises(InputError) as caught:
        read_money_table(file)
    assert found in caught.value.message and instead in (caught.value.instead or "")


def test_the_advice_on_sheets_works(tmp_path: Path) -> None:
    file = workbook(tmp_path, ROWS, _hidden_sheet)
    assert of(read_money_table(file, sheet="旧表")) == of(read_money_table(file, sheet="Sheet"))
    with pytest.raises(InputError, match="no sheet"):
        read_money_table(file, sheet="x")


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04broken", b"\0\0"])
def test_what_is_no_workbook(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(raw)
    with pytest.raises(InputError, match="no workbook"):
        read_money_table(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="no table"):
        read_money_table(tmp_path / "x.pdf")
    with pytest.raises(InputError, match="no such file"):
        read_money_table(tmp_path / "y.xlsx")


CODES = st.sampled_from(sorted(county_index().records))
YUAN = st.one_of(st.integers(0, 10**10), st.integers(0, 10**6).map(lambda n: n * 10**4))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(CODES, YUAN, min_size=1, max_size=60),
    st.dictionaries(CODES, st.fixed_dictionaries({"2009": YUAN, "2010Q2": YUAN}), max_size=5),
    st.sampled_from(["元", "千元", "万元", "百万元", "亿元", "million yuan"]),
    st.sampled_from([".csv", ".xlsx"]),
)
def test_a_table_comes_back_to_the_yuan(
    tmp_path_factory: pytest.TempPathFactory, plain: dict[int, int],
    by_time: dict[int, dict[str, int]], unit: str, kind: str,
) -> None:  # fmt: skip
    programmes: dict[str, Any] = {KEY: {"budget": plain}, "skills_training": {"budget": 30_540_000}}
    if by_time:
        programmes["relocation"] = {"budget": by_time}
    plan = Scenario.model_validate(
        {"name": "a", "programmes": programmes, "period": {"start": "2009-01", "end": "2010-12"}}
    )
    table = table_of_plan(plan, unit)
    file = tmp_path_factory.mktemp("back") / f"money{kind}"
    if kind == ".csv":
        file.write_text(csv_text(table), encoding="utf-8-sig")
    else:
        write_workbook(table, file)
    back = read_money_table(file)
    for programme in plan.programmes.active():
        for year in (2009, 2010):
            assert _of_year(back, programme.key, year) == _of_year_in(plan, programme.key, year)


def _of_year(table: MoneyTable, key: str, year: int) -> dict[int | None, int]:
    found: dict[int | None, int] = {}
    for (code, time), amount in table.money[key].items():
        if amount.yuan and (time is None or str(time).startswith(str(year))):
            found[code] = found.get(code, 0) + amount.yuan
    return found


def _of_year_in(plan: Scenario, key: str, year: int) -> dict[int | None, int]:
    money = plan.programmes.of(key).by_county
    if money is None:
        return {None: plan.programmes.of(key).budget_in(year)}
    found = {c: plan.calendar_with(key, yuan).in_year(year) for c, yuan in money.counties.items()}
    return {code: yuan for code, yuan in found.items() if yuan}


@pytest.mark.parametrize(
    "columns", [["产业扶贫"], ["产业扶贫", "雨露计划"], ["产业扶贫", "雨露计划", "贴息贷款"]]
)
def test_a_sum_of_a_row_is_checked_if_all_its_columns_are_read(
    tmp_path: Path, columns: list[str]
) -> None:
    numbers = [10 * (k + 1) for k in range(len(columns))]
    head = f"单位：万元\n县,{','.join(columns)},其他（万元）,合计\n"
    body = f"大名县,{','.join(map(str, numbers))},7"
    whole = csv_file(tmp_path, f"{head}{body},{sum(numbers) + 7}\n")
    assert of(read_money_table(whole, ignore=["其他（万元）"])) == {DAMING: 100_000}
    assert of(read_money_table(whole, only=KEY)) == {DAMING: 100_000}
    plain = f"单位：万元\n县,{','.join(columns)},合计\n大名县,{','.join(map(str, numbers))}"
    read_money_table(csv_file(tmp_path, f"{plain},{sum(numbers)}\n"))
    with pytest.raises(InputError, match="programmes of the row sum"):
        read_money_table(csv_file(tmp_path, f"{plain},{sum(numbers) + 7}\n"))
