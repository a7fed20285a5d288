"""`fupin run` as a user meets it, with a model that takes no time."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import made_up_runs
import pytest
from fupin import cli
from fupin.store import folder as store
from fupin.words.verdict import run_verdict
from made_up_document import ROWS

SCENARIO = "name: trial\ntitle: A trial\n"


class User:
    """Types commands in a folder of their own."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys
        self.runs: list[tuple[str, int]] = []
        self.samples: list[Any] = []
        self.simulate: Any = self.record
        self.stdout = self.stderr = ""

    def record(self, scenario: Any, draw: Any, seed: int) -> Any:
        self.runs.append((draw.label, seed))
        return made_up_runs.simulate(scenario, draw, seed)

    def fingerprints(self, scenario: Any) -> dict[str, str]:
        self.samples.append(scenario.population.sample)
        return {"frame": "f", "parameters": "p"}

    def types(self, *arguments: str) -> int:
        """Exit code of `fupin run ...`; on one process unless they say otherwise.

        Afresh, or what is invented would be kept and taken for runs of the model.
        """
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("fupin.lives.one_run.simulate", self.simulate)
            return self._types(*arguments)

    def _types(self, *arguments: str) -> int:
        alone = () if "--workers" in arguments or not arguments else ("--workers", "1")
        fresh = ("--fresh",) if arguments else ()
        sys.argv = ["fupin", "run", *arguments, *alone, *fresh]
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        self.stdout, self.stderr = self.capsys.readouterr()
        return code


@pytest.fixture
def user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> User:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "trial.yaml").write_text(SCENARIO, encoding="utf-8")
    someone = User(tmp_path, capsys)
    monkeypatch.setattr("fupin.api.plan_result.fingerprints", someone.fingerprints)
    monkeypatch.setattr("fupin.parameters.document.load_document", lambda: ROWS)
    monkeypatch.setattr("fupin.paths.results", lambda: tmp_path / "results")
    # With or without a posterior in the checkout.
    monkeypatch.setattr("fupin.results.posterior_table.is_calibrated", lambda: False)
    return someone


def test_a_run_prints_the_table_and_writes_the_result(user: User) -> None:
    assert user.types("trial.yaml", "--out", "mine", "--full") == 0
    assert user.runs == [("central", seed) for seed in range(1, 6)]
    assert user.stdout.startswith("A trial\n")
    assert "The document and the model" in user.stdout
    assert "5 runs: draw central, seeds 1 to 5" in user.stdout
    assert "Result: mine\nReport: mine/report.html\n" in user.stdout
    stored = store.read_result(user.home / "mine")
    assert stored.damaged_files() == []
    assert stored.run["scenario"]["name"] == "trial"
    assert set(stored.run["hashes"]) == {"sources", "frame", "parameters", "files", "record"}
    assert stored.run["versions"]["numpy"]
    assert len(stored.results) == 5


def test_without_full_the_answer_is_short_and_ends_with_the_verdict(user: User) -> None:
    assert user.types("trial.yaml", "--out", "mine") == 0
    head, _, verdict = user.stdout.partition("Result: mine\nReport: mine/report.html\n")
    assert head.startswith("A trial\n") and "--full" in head
    assert "5 runs: draw central, seeds 1 to 5" in head
    lines = verdict.strip().splitlines()
    assert 3 <= len(lines) <= 10 and all(len(line) <= 100 for line in lines)
    assert "true poverty" in lines[0]
    assert "same parameters, so their ranges cover chance alone" in " ".join(verdict.split())
    stored = store.read_result(user.home / "mine")
    said = run_verdict(stored.summary, stored.run["scenario"])
    assert lines[0] in said.texts[0]


def test_json_is_the_summary_and_nothing_else(user: User) -> None:
    assert user.types("trial.yaml", "--json", "--out", "mine", "--seeds", "3,7-9") == 0
    assert user.stdout == (user.home / "mine" / "summary.json").read_text(encoding="utf-8")
    assert json.loads(user.stdout)["seeds"] == [3, 7, 8, 9]


def test_the_summary_does_not_depend_on_workers(user: User) -> None:
    assert user.types("trial.yaml", "--json", "--out", "one", "--seeds", "3") == 0
    alone = user.stdout
    user.simulate = made_up_runs.simulate
    assert user.types("trial.yaml", "--json", "--out", "two", "--seeds", "3", "--workers", "2") == 0
    assert user.stdout == alone
    for name in ("runs.parquet", "county_by_year.csv"):
        assert (user.home / "one" / name).read_bytes() == (user.home / "two" / name).read_bytes()


def test_quiet_says_only_where_the_result_is(user: User) -> None:
    assert user.types("trial.yaml", "--quiet", "--seeds", "1") == 0
    (folder,) = (user.home / "results").iterdir()
    assert folder.name.startswith("trial-20")
    assert user.stdout.strip() == str(Path("results") / folder.name)
    assert user.stderr == ""


def test_sample_overrides_the_scenario(user: User) -> None:
    assert user.types("trial.yaml", "--seeds", "1", "--sample", "0.05", "--out", "mine") == 0
    assert "5% of the villages" in user.stdout
    assert user.samples == [0.05]
    assert store.read_result(user.home / "mine").run["scenario"]["population"]["sample"] == 0.05


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trial.yaml", "--seeds", "0"], "--seeds 0"),
        (["trial.yaml", "--draws", "20"], "not calibrated"),
        (["trial.yaml", "--sample", "2"], "--sample 2 is not a sample"),
        (["trial.yaml", "--sample", "nan"], "--sample nan is not a sample"),
        (["trial.yaml", "--workers", "0"], "--workers 0"),
        (["nowhere.yaml"], "nowhere.yaml"),
        (["wrong.yaml"], "wrong.yaml:1:"),
        (["trial.yaml", "--out", "taken"], "taken is not empty"),
        (["trial.yaml", "--out", "trial.yaml"], "is a file"),
        (["trial.yaml", "--speed", "9"], "--speed"),
        ([], "SCENARIO"),
    ],
)
def test_bad_input_is_exit_2_and_nothing_happens(
    user: User, arguments: list[str], message: str
) -> None:
    (user.home / "wrong.yaml").write_text("nmae: x\n", encoding="utf-8")
    (user.home / "taken").mkdir()
    (user.home / "taken" / "thesis.doc").write_text("years of work", encoding="utf-8")
    before = sorted(user.home.rglob("*"))
    assert user.types(*arguments) == 2
    assert message in user.stderr
    assert "Traceback" not in user.stderr
    assert user.stdout == ""
    assert user.runs == []
    assert sorted(user.home.rglob("*")) == before


def test_a_failing_run_is_exit_1_and_leaves_nothing(user: User) -> None:
    user.simulate = made_up_runs.fail_at_seed_two
    assert user.types("trial.yaml", "--out", "mine", "--workers", "1") == 1
    assert "draw central and seed 2 failed: ZeroDivisionError" in user.stderr
    assert "fail_at_seed_two" in user.stderr
    assert not (user.home / "mine").exists()


def test_a_mistake_that_the_model_finds_is_exit_2(user: User) -> None:
    user.simulate = made_up_runs.mistake_of_the_user
    assert user.types("trial.yaml", "--workers", "1") == 2
    assert user.stderr.splitlines()[-1] == "fupin: plan.yaml:3:7: There is no county Atlantis."


def test_a_full_disk_is_exit_1_after_showing_the_result(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store, "_flush", full)
    assert user.types("trial.yaml", "--out", "mine") == 1
    assert "true poverty" in user.stdout
    assert "Result:" not in user.stdout
    assert "No space left on device" in user.stderr
    assert not (user.home / "mine").exists()


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['fupin', 'run', '--help']\n"
        "from fupin import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'numba', 'numpy', 'pyarrow', 'mesa', 'rich', 'yaml'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "--seeds" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
