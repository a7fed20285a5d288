"""`fupin report` as a user meets it, on made-up runs."""

from __future__ import annotations

from pathlib import Path

import made_up_runs
import pytest
from click.testing import CliRunner, Result
from fupin.cli import cli
from fupin.commands.running import add_report
from fupin.errors import InputError
from fupin.lives.summary import summarise
from fupin.results.draws import Draw
from fupin.store.folder import write_result

SCENARIO = {
    "name": "made-up",
    "title": "Made up",
    "period": {"start": "2009-01", "end": "2009-12"},
    "population": {"sample": "default", "seed": 1},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    results = [made_up_runs.result("central", seed) for seed in (1, 2, 3)]
    return write_result(
        tmp_path / "made-up",
        scenario=SCENARIO,
        draws=[Draw("central", {})],
        seeds=[1, 2, 3],
        summary=summarise(results, made_up_runs.KEYS),
        results=results,
        versions={"fupin": "0"},
        hashes={"sources": "0"},
    )


def types(*words: str) -> Result:
    return CliRunner().invoke(cli, ["report", *words])


def test_it_says_where_the_file_is(folder: Path) -> None:
    done = types("made-up")
    assert (done.exit_code, done.stdout) == (0, "made-up/report.html\n")
    assert "Made up" in (folder / "report.html").read_text(encoding="utf-8")
    done = types("made-up", "--lang", "zh", "--output", "chinese.html")
    assert (done.exit_code, done.stdout) == (0, "chinese.html\n")
    assert "结论概要" in Path("chinese.html").read_text(encoding="utf-8")
    again = types("made-up")
    assert again.exit_code == 0  # replaced: it can be made again at any time


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "There is no result folder nowhere"),
        (("empty",), "empty is no result folder: it has no run.json"),
        (("sweep",), "sweep.json has form None"),
        (("made-up", "--lang", "de"), "There is no report in the language de"),
        (("made-up", "--output", "no/where.html"), "lies in a folder that does not exist"),
    ],
)
def test_bad_input_is_one_message_and_nothing_written(
    folder: Path, words: tuple[str, ...], message: str
) -> None:
    Path("empty").mkdir()
    Path("sweep").mkdir()
    Path("sweep/sweep.json").write_text("{}")
    before = sorted(Path().rglob("*"))
    done = types(*words)
    assert isinstance(done.exception, InputError)  # `main` makes it exit code 2
    assert message in str(done.exception)
    assert sorted(Path().rglob("*")) == before


def test_a_result_stands_without_its_report(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "report.html" / "in the way").mkdir(parents=True)
    add_report(folder, silent=False)
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("fupin: no report: ")
    assert "cannot be written" in said.err
    add_report(folder, silent=True)
    assert capsys.readouterr() == ("", "")
    assert not list(folder.glob(".report*"))
