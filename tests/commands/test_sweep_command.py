"""`fupin sweep` as a user meets it: the real simulator on a very small sample."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pandas
import pytest
from fupin import cli, paths
from fupin.api.sweeping import parse_shard
from fupin.commands.sessions import ending
from fupin.errors import COMMAND_LINE, InputError
from fupin.store import tables as stored_tables
from fupin.store.runs import RunStore, damaged

SWEEP = """\
name: small
scenario: fupin:2009-document
sample: 0.005
twins: off
factors:
  programmes.skills_training.budget: [15 million, 60 million]
  register.review_probability: [0.3, 0.45]
seeds: 2
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "results", lambda: tmp_path / "results")
    (tmp_path / "small.yaml").write_text(SWEEP, encoding="utf-8")
    return tmp_path


def types(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code and outputs of `fupin ...`; on one process unless it says otherwise."""
    before = sys.argv
    alone = () if "--workers" in arguments else ("--workers", "1")
    sys.argv = ["fupin", *arguments, *(alone if arguments[0] in ("run", "sweep") else ())]
    code = 0
    try:
        cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.argv = before
    out, err = capsys.readouterr()
    return code, out, err


def test_a_sweep_is_run_extended_and_explained(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = types(capsys, "sweep", "small.yaml", "--detail", "months,counties")
    assert code == 0, err
    assert "4 points x 1 draw x 2 seeds: 8 runs." in err
    assert "About" in err and "s a run" in err
    assert "8 runs of 4 points." in out
    folder = home / "results" / "small"
    runs = pandas.read_parquet(folder / "runs.parquet")
    assert list(runs.columns[:6]) == [
        "run", "point", "seed", "draw",
        "programmes.skills_training.budget", "register.review_probability",
    ]  # fmt: skip
    assert runs.point.tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert runs["programmes.skills_training.budget"].tolist() == [15_000_000] * 4 + [60_000_000] * 4
    # More reviews, more leave and enter.
    by_review = runs.groupby("register.review_probability").gross_exits.mean()
    assert by_review[0.45] > 1.2 * by_review[0.3]
    given = runs["programmes.skills_training.budget"]
    assert (runs.skills_training_budget == given).all()
    assert (runs.skills_training_unspent <= given).all()
    assert runs.additional_jobs.isna().all()  # twins: off
    months = pandas.read_parquet(folder / "months.parquet")
    assert len(months) == 8 * 13
    counties = pandas.read_parquet(folder / "counties.parquet")
    total = counties.groupby("run").registered_poor.sum()
    ends = runs.set_index("run").registered_poor_end
    assert (abs(total - ends) / ends < 1e-9).all()
    means = pandas.read_csv(folder / "means.csv")
    assert means["lifted.mean"].tolist() == pytest.approx(
        runs.groupby("point").lifted.mean().tolist()
    )
    assert means["lifted.sd"].tolist() == pytest.approx(runs.groupby("point").lifted.std().tolist())
    first = {name: (folder / name).read_bytes() for name in ("runs.parquet", "runs.csv")}

    code, out, err = types(capsys, "sweep", "small.yaml", "--detail", "counties,months", "--json")
    assert code == 0
    summary = json.loads(out)
    assert out == (folder / "summary.json").read_text(encoding="utf-8")
    assert (summary["runs"], summary["failed"], summary["missing"]) == (8, 0, 0)
    assert {name: (folder / name).read_bytes() for name in first} == first

    code, out, err = types(capsys, "sweep", "small.yaml", "--detail", "months,counties",
                           "--seeds", "3")  # fmt: skip
    assert code == 0
    assert "12 runs, 8 of them recorded before" in err
    more = pandas.read_parquet(folder / "runs.parquet")
    assert more[more.seed < 3].reset_index(drop=True).equals(runs)
    assert damaged(folder / "store") == []


def test_bad_input_is_exit_2_and_nothing_is_written(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "wrong.yaml").write_text(SWEEP.replace("0.45]", "7]"), encoding="utf-8")
    (home / "taken").mkdir()
    (home / "taken" / "thesis.doc").write_text("years of work", encoding="utf-8")
    before = sorted(home.rglob("*"))
    for arguments, message in [
        (["wrong.yaml"], "wrong.yaml:7:38: register.review_probability: 7 is outside"),
        (["nowhere.yaml"], "no such file"),
        (["small.yaml", "--out", "taken"], "taken is not empty"),
        (["small.yaml", "--shard", "3"], "--shard 3 is not a shard"),
        (["small.yaml", "--detail", "month"], "Did you mean months?"),
        (["small.yaml", "--seeds", "0"], "--seeds 0"),
        (["small.yaml", "--sample", "2"], "--sample 2"),
        (["small.yaml", "--scheduler", "nobody", "--workers", "1"], "exclude"),
    ]:
        code, out, err = types(capsys, "sweep", *arguments)
        assert (code, out) == (2, ""), (arguments, err)
        assert message in err
        assert "Traceback" not in err
        assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize("text", ["0/3", "4/3", "a/b", "1", "1/", "-1/2", "1/2/3"])
def test_shards_are_counted_from_one(text: str) -> None:
    with pytest.raises(InputError, match="--shard"):
        parse_shard(text, COMMAND_LINE)
    assert parse_shard("2/3") == (2, 3)
    assert parse_shard(None) == (1, 1)


def test_another_sweep_in_the_folder_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_run = ("--seeds", "1", "--quiet", "--out", "mine")
    assert types(capsys, "sweep", "small.yaml", *one_run)[0] == 0
    (home / "other.yaml").write_text(SWEEP.replace("small", "other"), encoding="utf-8")
    code, _, err = types(capsys, "sweep", "other.yaml", *one_run)
    assert code == 2
    assert "holds the sweep small, not other" in err


def _listen_to_interrupts() -> None:
    # What a shell starts in the background is deaf to them, and so are its children.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_an_interruption_says_how_to_go_on(home: Path) -> None:
    many = SWEEP.replace("seeds: 2", "seeds: 400")
    (home / "many.yaml").write_text(many, encoding="utf-8")
    command = [
        sys.executable, "-c", "from fupin.cli import main; main()", "sweep", "many.yaml",
        "--out", "many", "--workers", "2",
    ]  # fmt: skip
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=home, preexec_fn=_listen_to_interrupts
    )
    journal = home / "many" / "store" / "journal"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.1)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, err = running.communicate(timeout=60)
    # Two seconds by design; a busy machine gets more.
    assert time.monotonic() - begun < 10
    assert running.returncode == 130
    assert err.splitlines()[-1] == (
        "fupin: stopped. Go on with the same command; recorded runs lie in many."
    )
    assert "Traceback" not in err


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_a_batch_system_that_ends_the_job_is_an_interruption(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(click.exceptions.Exit) as caught, ending("Go on."):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
    assert caught.value.exit_code == 143
    assert capsys.readouterr().err == "fupin: stopped. Go on.\n"
    assert signal.getsignal(signal.SIGTERM) is before


def test_shards_are_merged_to_the_bytes_of_the_whole(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for shard in ("1/3", "3/3"):
        code, out, err = types(capsys, "sweep", "small.yaml", "--shard", shard, "--out", "parts")
        assert code == 0, err
        assert "fupin merge parts" in out
    code, out, _ = types(capsys, "merge", "parts")
    assert code == 0
    assert "3 runs are not made yet" in out
    code, _, err = types(capsys, "sweep", "small.yaml", "--out", "parts", "--quiet")
    assert code == 0, err  # what the second shard would have done
    assert types(capsys, "sweep", "small.yaml", "--out", "whole", "--quiet")[0] == 0
    assert types(capsys, "merge", "again", "parts/shard-1-of-3", "parts/shard-3-of-3")[0] == 0
    assert types(capsys, "merge", "again", "whole")[0] == 0
    for name in ("runs.parquet", "runs.csv", "means.csv", "summary.json", "points.parquet"):
        whole = (home / "whole" / name).read_bytes()
        assert (home / "parts" / name).read_bytes() == whole, name
        assert (home / "again" / name).read_bytes() == whole, name


def test_merging_what_does_not_belong_together_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quick = ("--shard", "1/8", "--quiet")
    assert types(capsys, "sweep", "small.yaml", "--out", "a", *quick)[0] == 0
    assert types(capsys, "sweep", "small.yaml", "--seeds", "1", "--out", "b", *quick)[0] == 0
    for arguments, message in [
        (["c", "a/shard-1-of-8", "b/shard-1-of-8"], "ask for different runs"),
        (["c", "nowhere"], "no folder nowhere"),
        (["c"], "c holds no shards"),
    ]:
        code, out, err = types(capsys, "merge", *arguments)
        assert (code, out) == (2, "")
        assert message in err
        assert not (home / "c").exists()
    code, _, err = types(capsys, "sweep", "small.yaml", "--out", "a")
    assert code == 2
    assert "fupin merge a" in err


def test_a_run_is_read_where_it_was_run_before(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fupin.lives import one_run as module

    (home / "plan.yaml").write_text("extends: fupin:2009-document\n", encoding="utf-8")
    made: list[int] = []
    real = module.simulate

    def counted(scenario: Any, draw: Any, seed: int) -> Any:
        made.append(seed)
        return real(scenario, draw, seed)

    monkeypatch.setattr(module, "simulate", counted)
    arguments = ("run", "plan.yaml", "--sample", "0.005", "--draws", "central", "--quiet")
    assert types(capsys, *arguments, "--seeds", "1", "--fresh", "--out", "one")[0] == 0
    assert types(capsys, *arguments, "--seeds", "1", "--out", "two")[0] == 0
    already = len(made)
    assert types(capsys, *arguments, "--seeds", "2", "--out", "three")[0] == 0
    assert made[already:] in ([2], [])  # an earlier session may have left it
    for file in (home / "one").iterdir():
        if file.name not in ("run.json", "report.html"):  # these say when
            assert file.read_bytes() == (home / "two" / file.name).read_bytes(), file.name


def test_a_workbook_and_csv_files(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    assert types(capsys, "sweep", "small.yaml", "--out", "mine", "--seeds", "1", "--quiet")[0] == 0
    code, _, err = types(capsys, "export", "mine", "--excel", "mine.xlsx", "--csv", "csv")
    assert code == 0, err
    book = openpyxl.load_workbook(home / "mine.xlsx")
    assert book.sheetnames == ["points", "runs", "failures"]
    rows = list(book["runs"].values)
    runs = pandas.read_parquet(home / "mine" / "runs.parquet")
    assert list(rows[0]) == list(runs.columns)
    column = rows[0].index("lifted")
    assert [row[column] for row in rows[1:]] == runs.lifted.tolist()
    assert pandas.read_csv(home / "csv" / "runs.csv").lifted.tolist() == runs.lifted.tolist()
    code, _, err = types(capsys, "export", "mine", "--excel", "mine.xlsx")
    assert code == 2
    assert "exists already" in err
    assert types(capsys, "export", "mine")[0] == 2
    assert types(capsys, "export", "nowhere", "--csv", "x")[0] == 2


def test_two_processes_on_one_folder(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with RunStore(home / "mine" / "store"):
        code, out, err = types(capsys, "sweep", "small.yaml", "--out", "mine")
    assert (code, out) == (2, "")
    assert "Another process writes to mine" in err


def test_every_table_of_a_run_is_exported(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those too that are too long to lie in the result as CSV."""
    monkeypatch.setattr(stored_tables, "CSV_ROWS", 3)
    small = ("--sample", "0.002", "--seeds", "1", "--draws", "central", "--workers", "1")
    assert types(capsys, "run", "fupin:2009-document", *small, "--out", "run", "--quiet")[0] == 0
    assert not (home / "run" / "county_by_year.csv").exists()
    code, _, err = types(capsys, "export", "run", "--csv", "csv")
    assert code == 0, err
    stored = {file.stem for file in (home / "run").glob("*.parquet")}
    assert "county_by_year" in stored
    assert stored | {"outcomes", "programmes"} == {f.stem for f in (home / "csv").glob("*.csv")}
