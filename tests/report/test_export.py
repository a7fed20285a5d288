"""Tables for spreadsheets: Chinese names beside codes, and nothing that a cell turns into more."""

from __future__ import annotations

from pathlib import Path

import pyarrow
import pytest
from fupin.report.export import with_chinese_names
from fupin.report.workbook import write_excel


def test_counties_have_their_chinese_names() -> None:
    table = pyarrow.table(
        {"year": [2009] * 3, "county": pyarrow.array([130425, 0, 130703], pyarrow.int32()),
         "name": ["Daming", "", "Qiaoxi"], "persons": [1, 2, 3]}
    )  # fmt: skip
    named = with_chinese_names(table)
    assert named.column_names == ["year", "county", "name", "name_zh", "persons"]
    assert named["name_zh"].to_pylist() == ["大名县", "", "桥西区"]
    assert with_chinese_names(named) == named
    bare = with_chinese_names(table.drop_columns(["name"]))
    assert bare.column_names == ["year", "county", "name_zh", "persons"]
    other = pyarrow.table({"year": [1]})
    assert with_chinese_names(other) is other


def test_an_empty_text_stays_empty_and_a_formula_is_none(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    write_excel({"a": pyarrow.table({"x": ["", "=1+1", "b"]})}, tmp_path / "a.xlsx")
    cells = [row[0].value for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["a"].rows]
    assert cells == ["x", None, "=1+1", "b"]
