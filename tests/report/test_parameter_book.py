"""docs/parameters.md: made from the files, up to date, with every parameter and every figure."""

from __future__ import annotations

from fupin import paths
from fupin.parameters.book import load_book
from fupin.parameters.document import load_document
from fupin.report.parameter_book import document_value, number, render

PAGE = paths.PACKAGE.parents[1] / "docs" / "parameters.md"
TEXT = render(load_book(), load_document())


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == TEXT, "run: fupin parameters --book docs/parameters.md"


def test_the_page_has_every_parameter_with_value_source_and_grade() -> None:
    book = load_book()
    for name in book:
        parameter = book[name]
        rows = [line for line in TEXT.splitlines() if f"`{name}`" in line]
        assert len(rows) == 1, name
        if isinstance(parameter.value, tuple):
            section = TEXT.split(f"### `{name}`")[1].split("\n#")[0]
            for one in parameter.value:
                assert f"| {one.year} | {number(one.value)} | {one.grade} |" in section
                assert one.source in section
        else:
            cells = [cell.strip() for cell in rows[0].strip("|").split(" | ")]
            assert cells[1] == number(parameter.value)
            assert cells[2] == parameter.unit
            assert cells[6:8] == [parameter.grade, parameter.source]


def test_the_page_has_every_figure_of_the_document_once() -> None:
    lines = TEXT.splitlines()
    for row in load_document():
        found = [line for line in lines if line.startswith(f"| {row.id} |")]
        assert len(found) == 1, row.id
        assert f"| {document_value(row)} | {row.unit} |" in found[0]
        assert f"| {row.role} |" in found[0]


def test_tables_are_well_formed() -> None:
    """Every row of a table has as many cells as its heading."""
    width = 0
    for line in TEXT.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = line.replace("\\|", "").count("|")
        width = width or cells
        assert cells == width, line


def test_the_page_names_no_place_of_a_machine() -> None:
    assert "/work" not in TEXT and "/tmp" not in TEXT and "/home" not in TEXT
