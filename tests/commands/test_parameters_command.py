"""`fupin parameters` as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from fupin.commands.parameters import command
from fupin.errors import InputError
from fupin.parameters.book import load_book
from fupin.parameters.document import load_document


def run(*arguments: str, width: int = 120) -> str:
    runner = CliRunner(env={"COLUMNS": str(width), "NO_COLOR": "1", "TERM": "dumb"})
    result = runner.invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_without_a_name_all_parameters_are_listed() -> None:
    text = run()
    for name in load_book():
        assert name.partition(".")[2] in text


@pytest.mark.parametrize("width", [80, 100, 140])
def test_tables_keep_names_and_values_whole_and_fit(width: int) -> None:
    text = run("programmes", width=width)
    assert max(map(len, text.splitlines())) <= width
    row = next(line for line in text.splitlines() if "advancement_spending_growth" in line)
    assert "0.245" in row and "per year" in row


def test_one_parameter_is_shown_with_its_source() -> None:
    text = " ".join(run("livelihood.pass_poor").split())
    parameter = load_book()["livelihood.pass_poor"]
    for part in (parameter.source, parameter.grade, str(parameter.distribution), parameter.note):
        assert part in text


def test_a_bare_name_is_enough_where_it_is_unique() -> None:
    assert run("pass_poor") == run("livelihood.pass_poor")


def test_a_dated_parameter_shows_every_year() -> None:
    text = run("official.low_income_line")
    for year, value in {2001: "872", 2007: "1,067", 2009: "1,196", 2010: "1,274"}.items():
        assert any(str(year) in line and value in line for line in text.splitlines())


def test_a_figure_of_the_document() -> None:
    text = run("S39")
    assert "30,540,000 yuan" in text
    assert "input: put into a scenario" in " ".join(text.split())


def test_all_figures_of_the_document() -> None:
    text = run("document")
    assert all(f"{row.id} " in text for row in load_document())


def test_json_is_the_files_content() -> None:
    content = json.loads(run("--json"))
    book = load_book()
    assert set(content) == set(book) | {row.id for row in load_document()}
    assert content["livelihood.persistence"]["value"] == book.values()["livelihood.persistence"]
    assert content["official.mean_income"]["value"]["2009"]["value"] == 5149.67
    assert content["S13"]["parts"]["listed_villages"] == 0.395
    assert list(json.loads(run("--json", "register.served_review", "S17"))) == [
        "register.served_review",
        "S17",
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("livelihood.persistense", "Did you mean livelihood.persistence?"),
        ("S45", "S45 is unused."),
        ("S88", "S01 to S87"),
        ("nothing", "`fupin parameters` lists them."),
    ],
)
def test_an_unknown_name_is_an_input_error(name: str, words: str) -> None:
    with pytest.raises(InputError, match=words.replace("?", "[?]")):
        CliRunner().invoke(command, [name], catch_exceptions=False)


def test_the_book_is_written(tmp_path: Path) -> None:
    file = tmp_path / "book.md"
    runner = CliRunner()
    result = runner.invoke(command, ["--book", str(file)], catch_exceptions=False)
    assert result.exit_code == 0
    assert file.read_text("utf-8").startswith("# Parameter book\n")
    with pytest.raises(InputError, match="does not exist"):
        runner.invoke(command, ["--book", str(tmp_path / "no" / "book.md")], catch_exceptions=False)
