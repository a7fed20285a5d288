"""A figure of a table is read as it is seen, or refused; nothing of it is left out in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.scenario.money_table import MoneyTable, read_money_table

openpyxl = pytest.importorskip("openpyxl")

HEAD = "单位：万元\n县,产业扶贫,雨露计划\n"


def read(tmp_path: Path, text: str, **options: object) -> MoneyTable:
    file = tmp_path / "money.csv"
    file.write_text(text, encoding="utf-8")
    return read_money_table(file, **options)  # type: ignore[arg-type]


def refused(tmp_path: Path, text: str, **options: object) -> InputError:
    with pytest.raises(InputError) as error:
        read(tmp_path, text, **options)
    return error.value


def yuan(table: MoneyTable, key: str = "household_projects") -> dict[int | None, int]:
    return {county: amount.yuan for (county, _), amount in table.money[key].items()}


@pytest.mark.parametrize("cell", ["850①", "850¹", "850⑴", "①850", "8²0", "¥850", "￥ 850"])
def test_marks_and_signs_never_change_a_figure(tmp_path: Path, cell: str) -> None:
    error = refused(tmp_path, f"{HEAD}大名县,{cell},30\n")
    assert (error.line, error.column) == (3, 2)
    assert error.instead is not None
    in_yuan = "单位：元\n县,产业扶贫\n大名县,¥850\n"
    assert yuan(read(tmp_path, in_yuan)) == {130425: 850}  # where nothing is unclear


@pytest.mark.parametrize("text", ["1.500", "12.000"])
@pytest.mark.parametrize("heading", ["产业扶贫（户）", "产业扶贫（元）"])
def test_a_point_of_thousands_is_asked_about(tmp_path: Path, text: str, heading: str) -> None:
    error = refused(tmp_path, f"县,{heading}\n大名县,{text}\n")
    assert "thousands" in error.message
    assert yuan(read(tmp_path, f"县,产业扶贫（万元）\n大名县,{text}\n"))


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("大名县,1,234,30\n", (3, 4)),  # a comma within a number moves what follows it
        ("大名县,850,30,99\n", (3, 4)),
        ("大名县,850,30,,99\n", (3, 5)),
        ("大名县,850,30\n魏县,1,2,(3)\n", (4, 4)),
    ],
)
def test_a_number_under_no_heading_is_refused(
    tmp_path: Path, rows: str, place: tuple[int, int]
) -> None:
    error = refused(tmp_path, HEAD + rows)
    assert (error.line, error.column) == place
    assert "no heading" in error.message


def test_text_and_headed_columns_beside_the_money_are_fine(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEAD}大名县,850,30,见附件\n").counties == [130425]
    head = HEAD.replace("县,产业扶贫,雨露计划", "县,产业扶贫,雨露计划,备注")
    assert read(tmp_path, f"{head}大名县,850,30,99\n").counties == [130425]
    upper = "单位：万元\n序号,县,,\n,县,产业扶贫,雨露计划\n1,大名县,850,30\n"
    assert read(tmp_path, upper).counties == [130425]  # heads of two rows


@pytest.mark.parametrize(
    ("line", "factor"),
    [
        ("金额单位：人民币万元", 10**4), ("单位：人民币元", 1), ("单位：人民币亿元", 10**8),
        ("单位：万元/年", 10**4), ("（人民币百万元）", 10**6), ("Unit: million yuan", 10**6),
    ],
)  # fmt: skip
def test_units_are_read_as_offices_write_them(tmp_path: Path, line: str, factor: int) -> None:
    table = read(tmp_path, f"{line}\n县,产业扶贫\n大名县,3\n")
    assert yuan(table) == {130425: 3 * factor}


@pytest.mark.parametrize("line", ["Unit: yuan x 10000", "单位：元×10000", "单位：元（万）"])
def test_a_factor_behind_a_unit_is_refused(tmp_path: Path, line: str) -> None:
    assert "factor" in refused(tmp_path, f"{line}\n县,产业扶贫\n大名县,3\n").message


@pytest.mark.parametrize(
    "last",
    ["填表人：张三,审核人：李四", "负责人：张三,,2009年3月", "Prepared by: Zhang,,", "联系电话：,,",
     "邯郸市小计,850,30", "邯郸合计,850,30", "张家口市小计,0,0"],
)  # fmt: skip
def test_what_stands_under_tables_is_known(tmp_path: Path, last: str) -> None:
    assert yuan(read(tmp_path, f"{HEAD}大名县,850,30\n{last}\n")) == {130425: 8_500_000}


@pytest.mark.parametrize("last", ["邯郸市小计,851,30", "邯郸合计,850,31", "张家口市小计,1,0"])
def test_sums_of_prefectures_are_checked(tmp_path: Path, last: str) -> None:
    refused(tmp_path, f"{HEAD}大名县,850,30\n{last}\n")


def test_advice_to_ignore_a_column_works_when_typed(tmp_path: Path) -> None:
    text = "县,雨露计划（人）,雨露计划（万元）\n大名县,5,9\n"
    advice = refused(tmp_path, text).instead or ""
    name = advice.split("'")[1]
    assert yuan(read(tmp_path, text, ignore=(name,)), "skills_training") == {130425: 5}
    twice = "单位：万元\n县,产业扶贫,产业扶贫\n大名县,1,2\n"
    assert "--ignore" not in (refused(tmp_path, twice).instead or "")
    assert "No column" in refused(tmp_path, twice, ignore=("产业扶贫",)).message


@pytest.mark.parametrize(
    ("form", "fine"),
    [
        ("#,##0", True), ('0"万元"', True), ("#,##0.00_);[Red](#,##0.00)", True), ("General", True),
        ("[DBNum1]0", True), ("#,##0,", False), ("0!.0,", False), ("0\\.0", False),
        ('0.0,,"百万"', False), ('0"元"', False),
    ],
)  # fmt: skip
def test_a_workbook_is_read_as_it_is_seen(tmp_path: Path, form: str, fine: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["单位：万元"], ["县", "产业扶贫"], ["大名县", 850]):
        sheet.append(row)
    sheet["B3"].number_format = form
    file = tmp_path / "money.xlsx"
    book.save(file)
    if fine:
        assert yuan(read_money_table(file)) == {130425: 8_500_000}
        return
    with pytest.raises(InputError, match="format"):
        read_money_table(file)
