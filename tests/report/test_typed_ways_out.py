"""Every way out keeps every value: CSV, workbooks, xarray and the EMA workbench."""

from __future__ import annotations

import json
import string
import warnings
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.types as types
import pytest
from fupin.errors import InputError
from fupin.report.exchange import to_ema, to_xarray, write_ema, write_netcdf
from fupin.report.export import sheets, write_csv
from fupin.report.workbook import CUT, LONGEST_TEXT, write_excel
from fupin.store.typed import plain, read_csv
from fupin.sweeps import folder as sweep_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_sweep import write_sweep

TEXTS = [
    "", "001", "1e3", "NA", "-5", "=x", "@a", "+1", "#N/A", "nan", "null", "None", "true", "TRUE",
    "2009-06", "2009-06-01", "大名县", "万元 5", " x ", "a,b", '"q"', "'a", "a\nb", "_x0041_",
    "1_000", "inf", "0x1f", "1.50",
]  # fmt: skip
TRICKY = st.one_of(
    st.sampled_from(TEXTS), st.text(st.characters(codec="utf-8", exclude_characters="\0"))
)


def _types_of(table: pyarrow.Table) -> Any:
    return lambda name: table.schema.field(name).type


def _everything() -> pyarrow.Table:
    """A column of each type, with nulls."""
    n = len(TEXTS)
    return pyarrow.table(
        {
            "text": [*TEXTS[:-1], None],
            "encoded": pyarrow.array([*TEXTS[:-1], None]).dictionary_encode(),
            "large": pyarrow.array(TEXTS, pyarrow.large_string()),
            "whole": [None, *range(n - 1)],
            "huge": [2**60, *range(n - 1)],
            "number": [None, 0.1, -5.0, *[1e300] * (n - 3)],
            "small": pyarrow.array([1] * n, pyarrow.int8()),
            "switch": [True, None, *[False] * (n - 2)],
            "day": [date(2009, 6, 1), None, *[date(2015, 12, 31)] * (n - 2)],
            "old": [date(1899, 6, 1)] * n,
            "time": [datetime(2009, 6, 1, 2, 3, 4)] * n,
            "list": [["a", "=b"], None, *[[]] * (n - 2)],
            "bytes": [b"\xff"] * n,
            "nothing": pyarrow.nulls(n),
        }
    )


def test_csv_gives_back_every_type(tmp_path: Path) -> None:
    table = _everything()
    write_csv({"all": table}, tmp_path)
    expected = plain(table)
    found = read_csv(tmp_path / "all.csv", _types_of(expected))
    assert found.schema.types == expected.schema.types
    assert found.to_pydict() == expected.to_pydict()
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    fields = {f["name"]: f["type"] for f in package["resources"][0]["schema"]["fields"]}
    assert fields == {
        "text": "string", "encoded": "string", "large": "string", "whole": "integer",
        "huge": "integer", "number": "number", "small": "integer", "switch": "boolean",
        "day": "date", "old": "date", "time": "datetime", "list": "string", "bytes": "string",
        "nothing": "string",
    }  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.one_of(st.none(), TRICKY), min_size=1, max_size=6))
def test_csv_gives_back_every_text(tmp_path_factory: Any, texts: list[str | None]) -> None:
    file = tmp_path_factory.mktemp("csv") / "t.csv"
    for more in ({}, {"n": [1.5] * len(texts)}):
        table = pyarrow.table({"=t": pyarrow.array(texts, pyarrow.string()), **more})
        sweep_folder.write_csv(file, lambda table=table: table)  # type: ignore[misc]
        assert read_csv(file, _types_of(table)).to_pydict() == table.to_pydict()


def _cells(file: Path, sheet: str) -> list[list[Any]]:
    openpyxl = pytest.importorskip("openpyxl")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [list(row) for row in openpyxl.load_workbook(file)[sheet].rows]


def test_a_workbook_gives_back_every_type(tmp_path: Path) -> None:
    table = _everything()
    assert write_excel({"all": table}, tmp_path / "a.xlsx") == []
    rows = _cells(tmp_path / "a.xlsx", "all")
    assert [cell.value for cell in rows[0]] == table.column_names
    for place, column in enumerate(plain(table).columns):
        for row, value in zip(rows[1:], column.to_pylist(), strict=True):
            cell = row[place]
            if value is None or value == "":
                assert cell.value is None and not cell.quotePrefix
            elif isinstance(value, str):
                assert cell.data_type == "s" and cell.value.replace("_x005F_", "_") == value
            elif types.is_date(column.type) and value.year >= 1900:
                assert cell.is_date and cell.value.date() == value
            elif types.is_date(column.type) or value == 2**60:
                assert cell.value == str(value)
            elif table.column_names[place] != "huge":
                assert type(cell.value) is type(value) or isinstance(value, float)
                assert cell.value == value


@settings(max_examples=25)
@given(st.lists(TRICKY, min_size=1, max_size=6))
def test_a_text_in_a_workbook_is_no_formula_number_or_error(
    tmp_path_factory: Any, texts: list[str]
) -> None:
    file = tmp_path_factory.mktemp("xlsx") / "t.xlsx"
    write_excel({"t": pyarrow.table({"=x": texts, "n": [1] * len(texts)})}, file)
    rows = _cells(file, "t")
    assert rows[0][0].value == "=x" and rows[0][0].data_type == "s"
    for (cell, _), text in zip(rows[1:], texts, strict=True):
        if text == "":
            assert cell.value is None
            continue
        assert cell.data_type == "s", text
        if set(text) <= set(string.printable) - set("\r\x0b\x0c") and "_x" not in text:
            assert cell.value == text


def test_sheets_have_names_of_their_own_and_texts_an_end(tmp_path: Path) -> None:
    one = pyarrow.table({"a": ["x" * 40_000]})
    names = ["a/b", "A_B", "n" * 40, "n" * 50, "'q'", ""]
    assert write_excel(dict.fromkeys(names, one), tmp_path / "a.xlsx") == []
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len({name.casefold() for name in book.sheetnames}) == len(names)
    text = book.worksheets[0]["A2"].value
    assert len(text) == LONGEST_TEXT and text.endswith(CUT)


# --- a sweep ---------------------------------------------------------------------------------


def _sweep(folder: Path, points: list[dict[str, Any]]) -> Path:
    return write_sweep(folder, points, lambda point, draw, seed: {"y": float(seed)})


TEXT_POINTS = [{"plan": "a", "label": text} for text in TEXTS]
COLUMNS: dict[str, list[Any]] = {
    "codes": ["001", "002"], "exponents": ["1e3", "1e4"], "missing": ["NA", "nan"],
    "empty": ["", ""], "signs": ["-5", "+5"], "formulas": ["=x", "=1+1"],
    "months": ["2009-06", "2009-07"], "names": ["大名县", "魏县"], "switches": [True, False],
    "numbers": [0.1, 0.2], "wholes": [3, 4], "yuan": [30_000_000_000, 1], "huge": [2**60, 1],
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_xarray_gives_back_every_kind_of_factor(tmp_path: Path, name: str) -> None:
    xarray = pytest.importorskip("xarray")
    values = COLUMNS[name]
    folder = _sweep(tmp_path / "it", [{"f": value} for value in values])
    expected = [str(v) if v == 2**60 else v for v in values]
    expected = [str(v) for v in expected] if 2**60 in values else expected
    assert to_xarray(folder)["f"].values.tolist() == expected
    write_netcdf(folder, tmp_path / "it.nc")
    with xarray.open_dataset(tmp_path / "it.nc") as found:
        assert found["f"].values.tolist() == expected
        assert found["y"].dims == ("point", "draw", "seed")
        kinds = {type(value) for value in found["f"].values.tolist()}
        assert kinds == {str if 2**60 in values else float if name == "yuan" else type(values[0])}


def test_xarray_says_where_a_text_is_not_set(tmp_path: Path) -> None:
    pytest.importorskip("xarray")
    found = to_xarray(_sweep(tmp_path / "it", [{"f": "a"}, {"f": None}, {"f": ""}]))
    assert found["f"].values.tolist() == ["a", "", ""]
    assert found["f"].attrs["not_set"].tolist() == [2]


@pytest.mark.parametrize("name", COLUMNS)
def test_the_ema_workbench_gives_back_every_kind_of_factor(tmp_path: Path, name: str) -> None:
    pytest.importorskip("ema_workbench")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import load_results
    values = COLUMNS[name]
    folder = _sweep(tmp_path / "it", [{"plan": str(v), "f": v} for v in values])
    experiments, outcomes = to_ema(folder)
    twice = [value for value in values for _ in range(2)]  # seeds
    assert experiments["f"].tolist() == twice
    assert experiments["policy"].tolist() == [str(value) for value in twice]
    write_ema(folder, tmp_path / "it.tar.gz")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found, again = load_results(str(tmp_path / "it.tar.gz"))
    assert again["y"].tolist() == outcomes["y"].tolist()
    for column, expected in (("f", twice), ("policy", [str(value) for value in twice])):
        read = found[column].tolist()
        if read != expected:  # then in quotes, all of them
            read = [json.loads(text) for text in read]
        assert read == expected


def test_a_factor_cannot_take_the_name_of_another_column(tmp_path: Path) -> None:
    folder = _sweep(tmp_path / "it", [{"policy": "a"}, {"policy": "b"}])
    with pytest.raises(InputError, match="called policy"):
        to_ema(folder)
    pytest.importorskip("xarray")
    with pytest.raises(InputError, match="called parameter"):
        to_xarray(_sweep(tmp_path / "other", [{"parameter": 1.0}, {"parameter": 2.0}]))


def test_means_of_points_keep_the_types_of_the_runs(tmp_path: Path) -> None:
    from fupin.api.sweep_result import SweepResult

    folder = _sweep(tmp_path / "it", TEXT_POINTS)
    means = pyarrow.table(
        {
            "point": range(1, len(TEXTS) + 1),
            "plan": ["a"] * len(TEXTS),
            "label": TEXTS,
            "runs": [2] * len(TEXTS),
            "y.mean": [None, *[1.5] * (len(TEXTS) - 1)],
        }
    )
    sweep_folder.write_csv(folder / "means.csv", lambda: means)
    assert sheets(folder)["points"].to_pydict() == means.to_pydict()
    result = SweepResult(folder, {})
    assert result.points["label"].tolist() == TEXTS
    assert np.isnan(result.points["y.mean"].iloc[0])


def test_means_that_are_no_table_are_a_message(tmp_path: Path) -> None:
    folder = _sweep(tmp_path / "it", TEXT_POINTS)
    (folder / "means.csv").write_bytes(b"\xff\xfe\0")
    with pytest.raises(InputError, match="means of the sweep"):
        sweep_folder.read_means(folder)
