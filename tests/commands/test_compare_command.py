"""`fupin compare`, `diff` and `explain` as a user meets them, on one village in fifty."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from fupin.cli import cli
from fupin.comparison.folder import read_comparison
from fupin.errors import InputError
from fupin.files.to_json import to_json
from fupin.results.outcome import OUTCOMES
from fupin.scenario.programmes import PROGRAMME_KEYS

BASE = """
name: base
population: {sample: 0.02}
programmes: {skills_training: {budget: 60 million}, household_projects: {budget: 200 million}}
"""
MORE = """
extends: base.yaml
name: more
programmes: {household_projects: {budget: 600 million}}
"""
NONE = """
extends: base.yaml
name: nothing
programmes: {skills_training: off, household_projects: off}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    texts = {"base": BASE, "more": MORE, "nothing": NONE}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", autouse=True)
def here(home: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("COLUMNS", "80")
        # With or without a posterior in the checkout.
        patch.setattr("fupin.results.posterior_table.is_calibrated", lambda: False)
        yield


def types(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


@pytest.fixture(scope="module")
def first(home: Path, here: None) -> Result:
    return types(
        "compare", "base.yaml", "more.yaml", "nothing.yaml", "--seeds", "3", "--workers", "1",
        "--out", "first", "--full",
    )  # fmt: skip


def test_what_is_printed(first: Result) -> None:
    assert first.exit_code == 0, first.output
    for words in (
        "2 plans compared with: base",
        "3 runs: draw central, seeds 1 to 3, each under every plan",
        "What changes: plan minus base",
        "Because of the plan",
        "Cost, yuan a person",
        "What it costs, and who pays",
        "Total impact, persons out of poverty per 10,000 yuan",
        "The same money as cash",
        "Whom the programmes reach",
        "Does the poverty line matter?",
        "How many more runs",
        "Result: first",
        "Report: first/report.html",
    ):
        assert words in " ".join(first.stdout.split()), words
    assert max(len(line) for line in first.stdout.splitlines()) <= 80


def test_without_full_the_answer_is_short_and_ends_with_the_verdict(
    first: Result, home: Path
) -> None:
    done = types(
        "compare", "base.yaml", "more.yaml", "nothing.yaml", "--seeds", "3", "--workers", "1",
        "--out", "brief-answer",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    head, _, verdict = done.stdout.partition("Report: brief-answer/report.html\n")
    assert "2 plans compared with: base" in head and "--full" in head and "Because" not in head
    lines = verdict.strip().splitlines()
    assert 3 <= len(lines) <= 10 and "in order of their effect on true poverty" in lines[0]
    assert first.stdout.endswith(verdict)


def test_without_cash_nothing_is_lived_as_cash(first: Result, home: Path) -> None:
    """And everything else is the same."""
    done = types("compare", "base.yaml", "more.yaml", "nothing.yaml", "--seeds", "3", "--workers",
                 "1", "--no-cash", "--out", "no-cash")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "The same money as cash" not in done.output
    with_cash, without = (read_comparison(home / n).comparison for n in ("first", "no-cash"))
    assert set(with_cash["cash"]) == {"base", "more"} and without["cash"] == {}
    assert with_cash | {"cash": {}} == without


def test_the_folder(first: Result, home: Path) -> None:
    stored = read_comparison(home / "first")
    assert stored.damaged_files() == []
    assert stored.run["kind"] == "comparison"
    assert [plan["name"] for plan in stored.run["plans"]] == ["more", "nothing"]
    found = stored.comparison
    assert list(found)[:6] == [
        "schema", "base", "plans", "without_programmes", "draws", "seeds",
    ]  # fmt: skip
    assert list(found["outcomes"]["more"]) == list(OUTCOMES)
    assert tuple(found["programmes"]["more"]) == PROGRAMME_KEYS
    assert set(stored.table_names) == {
        "additionality", "cash", "cost", "costs_by_payer", "counties", "differences", "dominance",
        "dynamics", "figures", "gains", "impact", "line", "mobility", "months", "pairs",
        "credit", "runs_needed", "spells", "targeting", "unspent",
    }  # fmt: skip
    for name in stored.table_names:
        assert (home / "first" / f"{name}.csv").is_file()
        assert stored.table(name)
    pairs = stored.table("pairs")
    gap = [
        pairs["value"][
            (pairs["world"] == w) & (pairs["outcome"] == "lifted") & (pairs["programme"] == "")
        ]
        for w in ("more", "base")
    ]
    assert found["outcomes"]["more"]["lifted"]["difference"]["mean"] == pytest.approx(
        float(np.mean(gap[0] - gap[1])), rel=1e-11
    )


def test_figures_and_months_of_the_worlds(first: Result, home: Path) -> None:
    stored = read_comparison(home / "first")
    figures, pairs, months = (stored.table(name) for name in ("figures", "pairs", "months"))
    for world in ("base", "more", "nothing"):
        lifted = pairs["value"][
            (pairs["world"] == world) & (pairs["outcome"] == "lifted") & (pairs["programme"] == "")
        ]
        row = (figures["world"] == world) & (figures["figure"] == "S27")
        assert figures["mean"][row] == pytest.approx([float(np.mean(lifted))], rel=1e-11)
        last = (months["calendar"] == "2009-12") & (months["series"] == "registered_poor")
        change = stored.comparison["outcomes"].get(world, {}).get("registered_poor_end")
        expected = 0.0 if change is None else change["difference"]["mean"]
        here = last & (months["world"] == world)
        assert months["difference_mean"][here] == pytest.approx([expected], rel=1e-11)


def test_bytes_do_not_depend_on_workers_or_the_cache(first: Result, home: Path) -> None:
    words = ("compare", "base.yaml", "more.yaml", "nothing.yaml", "--seeds", "3", "--json")
    words += ("--horizon", "2009")  # which workers know, too
    fresh = types(*words, "--workers", "2", "--fresh", "--out", "second")
    assert fresh.exit_code == 0, fresh.output
    assert fresh.stdout == (home / "first" / "comparison.json").read_text(encoding="utf-8")
    assert fresh.stdout == to_json(json.loads(fresh.stdout))
    for file in sorted((home / "first").iterdir()):
        if file.name not in ("run.json", "report.html"):  # these say when
            assert file.read_bytes() == (home / "second" / file.name).read_bytes(), file.name


def test_quiet_says_where_and_one_pair_has_no_interval(home: Path) -> None:
    done = types("compare", "base.yaml", "more.yaml", "--seeds", "1", "--quiet", "--out", "one")
    assert (done.exit_code, done.stdout) == (0, "one\n")
    entry = read_comparison(home / "one").comparison["outcomes"]["more"]["spent"]["difference"]
    assert entry["mean"] > 0 and entry["low"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("compare", "base.yaml", "base.yaml"), "Two of the scenarios are called base"),
        (("compare", "base.yaml", "longer.yaml"), "twins live through the same months"),
        (("compare", "base.yaml", "nowhere.yaml"), "nowhere.yaml"),
        (("compare", "base.yaml", "more.yaml", "--seeds", "0"), "--seeds 0"),
        (("compare", "base.yaml", "more.yaml", "--out", "base.yaml"), "is a file"),
        (("compare", "base.yaml", "more.yaml", "--workers", "0"), "--workers 0"),
        (("diff", "base.yaml", "nowhere.yaml"), "nowhere.yaml"),
        (("explain", "base.yaml", "seven"), "not the number of a household"),
        (("explain", "base.yaml", "70000"), "no village 7"),
        (("explain", "base.yaml", "1", "--plan", "x"), "--plan is for results"),
        (("explain", "first", "1", "--seed", "9"), "has no seed 9"),
        (("explain", "first", "1", "--plan", "x"), "has no plan x"),
        (("explain", "first", "1", "--sample", "full"), "--sample is for scenarios"),
    ],
)
def test_bad_input(first: Result, home: Path, words: tuple[str, ...], message: str) -> None:
    (home / "longer.yaml").write_text(
        "extends: base.yaml\nname: longer\nperiod: {end: 2010-12}\n", encoding="utf-8"
    )
    before = sorted(home.rglob("*"))
    done = types(*words)
    assert isinstance(done.exception, InputError)  # `fupin` makes it exit code 2
    assert message in str(done.exception)
    assert done.stdout == ""
    assert sorted(home.rglob("*")) == before


def test_no_plan_is_a_usage_error() -> None:
    done = types("compare", "base.yaml")
    assert done.exit_code == 2 and "PLAN" in done.output


def test_diff() -> None:
    done = types("diff", "base.yaml", "more.yaml")
    assert done.exit_code == 0
    assert "200 million yuan a year  ->  600 million yuan a year" in done.stdout
    assert "fiscal: 260 million yuan  ->  660 million yuan (+400 million yuan)" in done.stdout
    found = json.loads(types("diff", "base.yaml", "more.yaml", "--json").stdout)
    paths = [change["path"] for change in found["changes"]]
    assert paths[-1] == "programmes.household_projects.budget"
    assert found["money"] == {"fiscal": {"before": 260_000_000, "after": 660_000_000}}
    same = types("diff", "base.yaml", "base.yaml")
    assert "They are the same." in same.stdout


def test_explain_a_comparison(first: Result) -> None:
    listed = types("explain", "first", "--plan", "more", "--seed", "2")
    assert listed.exit_code == 0, listed.output
    rows = dict(line.split("  ", 1)[::-1] for line in listed.stdout.splitlines())
    household = rows["reached by Household (cell) projects"]
    told = types("explain", "first", household, "--plan", "more", "--seed", "2")
    assert told.exit_code == 0, told.output
    assert "replayed from first: draw central, seed 2" in told.stdout
    assert "has changed since" not in told.stdout
    assert "2009-12" in told.stdout and "Where it ended" in told.stdout
    assert "reached by Household (cell)" in told.stdout
    assert max(len(line) for line in told.stdout.splitlines()) <= 80
    found = json.loads(
        types("explain", "first", household, "--plan", "more", "--seed", "2", "--json").stdout
    )
    assert len(found["plan"]["months"]) == len(found["none"]["months"]) == 12
    assert found["plan"]["about"]["household"] == household


def test_explain_a_run(home: Path) -> None:
    done = types("run", "base.yaml", "--seeds", "1", "--quiet", "--out", "ran", "--workers", "1")
    assert done.exit_code == 0, done.output
    listed = types("explain", "ran").stdout.splitlines()
    household, why = listed[0].split("  ", 1)
    assert why.startswith("reached by")
    assert types("explain", "ran", household).exit_code == 0
