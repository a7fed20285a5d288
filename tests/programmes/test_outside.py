"""Programmes of other packages: an example package is installed, used by every command, broken."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from documented import ROOT, blocks
from fupin.scenario.own import MOST
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.state.households import REACHED, bit_of
from packages import EXAMPLE, POINT, fupin_with, installed
from real_commands import files

SMALL = ["--draws", "central", "--seeds", "1", "--workers", "1"]
WITHOUT = """\
name: base
population: {sample: 0.005}
horizon: 2009
programmes:
  skills_training: {budget: 30 million}
"""
PLAN = WITHOUT.replace("base", "trees") + "  tree_planting: {budget: 300 million, gain: 0.1}\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two plans, and a run and a comparison of them."""
    home = tmp_path_factory.mktemp("home")
    (home / "base.yaml").write_text(WITHOUT, encoding="utf-8")
    (home / "trees.yaml").write_text(PLAN, encoding="utf-8")
    site = installed(home / "site")
    for words in (("run", "trees.yaml", "--out", "run"),
                  ("compare", "base.yaml", "trees.yaml", "--out", "comparison")):  # fmt: skip
        code, _, err = fupin_with(site, home, *words, *SMALL)
        assert code == 0, err
    return home


def _summary(folder: Path) -> Any:
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def test_the_page_shows_the_package_and_its_plan_word_for_word() -> None:
    page = ROOT / "docs" / "programmes-outside.md"
    assert blocks(page, "python") == [
        (EXAMPLE / "fupin_trees" / name).read_text(encoding="utf-8")
        for name in ("__init__.py", "act.py")
    ]
    assert blocks(page, "toml") == [(EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")]
    assert blocks(page, "yaml") == [(EXAMPLE / "trees.yaml").read_text(encoding="utf-8")]
    said = tomllib.loads(blocks(page, "toml")[0])["project"]["entry-points"]["fupin.programmes"]
    assert [f"{name} = {value}" for name, value in said.items()] == [POINT]


def test_the_plan_of_the_page_is_checked_with_whose_programme_it_is(home: Path) -> None:
    code, out, err = fupin_with(home / "site", home, "check", str(EXAMPLE / "trees.yaml"))
    assert code == 0, err
    assert "Trees on steep land" in out
    assert "of the package fupin-trees 0.1" in out
    assert "effect: 0.04 log points" in out


def test_a_run_counts_what_the_programme_did(home: Path) -> None:
    found = _summary(home / "run")["programmes"]["outside/tree_planting"]
    assert found["budget"]["mean"] == 300e6
    # 2,000 yuan and what is lost on the way for each household
    assert 100_000 < found["households"]["mean"] < 150_000
    assert found["spent"]["mean"] + found["unspent"]["mean"] == pytest.approx(300e6)


def test_twins_and_comparisons_know_it(home: Path) -> None:
    text = (home / "comparison" / "comparison.json").read_text(encoding="utf-8")
    gap = json.loads(text)["outcomes"]["trees"]["income_poor_end"]["difference"]["mean"]
    assert gap < 0
    assert "outside/tree_planting" in text


def test_reports_show_its_title(home: Path) -> None:
    for folder in ("run", "comparison"):
        assert "Trees on steep land" in (home / folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("brief", "run", "--out", "brief.html"), "brief.html"),
        (("report", "run"), "report.html"),
        (("export", "run", "--excel", "run.xlsx"), "run.xlsx"),
        (("export", "trees.yaml", "--plan", "--excel", "plan.xlsx"), "plan.xlsx"),
        (("verify", "run"), "intact"),
        (("explain", "run"), "reached by Trees on steep land"),
        (("programmes", "trees.yaml"), "Trees on steep land"),
        (("diff", "base.yaml", "trees.yaml"), "Trees on steep land"),
    ],
)
def test_every_command_works_with_it(home: Path, words: tuple[str, ...], says: str) -> None:
    code, out, err = fupin_with(home / "site", home, *words)
    assert code == 0, err
    assert says in out + err
    assert "Traceback" not in err


def test_a_sweep_varies_its_settings(home: Path) -> None:
    (home / "sweep.yaml").write_text(
        "scenario: trees.yaml\nsample: 0.005\ntwins: off\nseeds: 1\n"
        "factors: {programmes.tree_planting.gain: [0.0, 0.2]}\n",
        encoding="utf-8",
    )
    words = ("sweep", "sweep.yaml", "--out", "sweep", "--workers", "1")
    code, _, err = fupin_with(home / "site", home, *words)
    assert code == 0, err


def test_editors_know_it(home: Path) -> None:
    code, out, _ = fupin_with(home / "site", home, "schema")
    assert code == 0
    validator = jsonschema.Draft202012Validator(json.loads(out))
    plan = yaml.safe_load(PLAN.replace("30 million", "30000000").replace("300 million", "3"))
    assert not list(validator.iter_errors(plan))
    plan["programmes"]["tree_planting"]["gian"] = 1
    assert list(validator.iter_errors(plan))


def test_a_package_that_no_plan_names_changes_no_byte(home: Path, tmp_path: Path) -> None:
    """Neither one that works, nor one that cannot even be imported."""
    broken = installed(tmp_path / "broken")
    (broken / "fupin_trees" / "__init__.py").write_text("raise SystemError('never imported')")
    made = []
    for name, site in (("none", None), ("there", home / "site"), ("broken", broken)):
        words = ("run", "base.yaml", "--out", name, "--fresh", *SMALL)
        code, _, err = fupin_with(site, home, *words)
        assert code == 0, err
        made.append(files(home / name))
    assert made[0] == made[1] == made[2]
    one, two = (json.loads((home / n / "run.json").read_text()) for n in ("none", "there"))
    for record in (one, two):
        record["hashes"].pop("record")  # of the whole file, which holds times
    assert one["hashes"] == two["hashes"]
    assert one["scenario"] == two["scenario"]


def test_its_sources_are_part_of_what_a_run_is(home: Path, tmp_path: Path) -> None:
    """A changed package is run anew, and is told apart in what is stored."""
    other = installed(tmp_path / "site")
    act = other / "fupin_trees" / "act.py"
    act.write_text(act.read_text().replace("self.settings.gain)", "2.0 * self.settings.gain)"))
    code, _, err = fupin_with(other, home, "run", "trees.yaml", "--out", "other", *SMALL)
    assert code == 0, err
    poor = [_summary(home / n)["outcomes"]["income_poor_end"]["mean"] for n in ("run", "other")]
    assert poor[1] < poor[0]
    stored = [json.loads((home / n / "run.json").read_text()) for n in ("run", "other")]
    hashes = [each["scenario"]["programmes"]["tree_planting"]["sources"] for each in stored]
    assert len(set(hashes)) == 2


def test_a_stored_result_without_its_package_is_one_message_or_still_read(home: Path) -> None:
    code, _, err = fupin_with(None, home, "report", "run")
    assert code == 0, err
    for words in (("explain", "run"), ("verify", "run"), ("export", "run", "--plan", "--excel",
                                                          "again.xlsx")):  # fmt: skip
        code, _, err = fupin_with(None, home, *words)
        assert code == 2, words
        assert "tree_planting: it is of a package that is not installed here" in err
        assert "Traceback" not in err
    assert not (home / "again.xlsx").exists()


def _edited(site: Path, old: str, new: str, file: str = "__init__.py") -> None:
    path = site / "fupin_trees" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("point", "old", "new", "says"),
    [
        ("tree_planting = nowhere:PROGRAMME", "", "", "nowhere cannot be imported"),
        ("tree_planting = fupin_trees:OTHER", "", "", "fupin_trees has no OTHER"),
        ("tree_planting = fupin_trees", "", "", "has no name after a colon"),
        ("tree_planting = fupin_trees:TreeSettings", "", "", "is no `fupin.scenario.outside.Out"),
        (POINT, "from __future__", "1 / 0\nfrom __future__", "cannot be imported"),
        (POINT, "fupin_trees.act:Trees", "fupin_trees.act:Bushes", "has no Bushes"),
        (POINT, "fupin_trees.act:Trees", "fupin_trees.acts:Trees", "acts cannot be imported"),
        (POINT, "fupin_trees.act:Trees", "fupin_trees.act:USUAL_COST", "is no class of programmes"),
        (POINT, 'money="fiscal"', 'money="gold"', "not one of fiscal"),
        (POINT, 'title="Trees on steep land"', 'title=" "', "it has no title"),
        (POINT, "settings=TreeSettings", "settings=dict", "no subclass of `OutsideSettings`"),
        ("skills_training = fupin_trees:PROGRAMME", "", "", "calls its programme skills_training"),
    ],
)
def test_a_broken_package_is_one_message_that_names_it(
    home: Path, tmp_path: Path, point: str, old: str, new: str, says: str
) -> None:
    site = installed(tmp_path / "site", point)
    if old:
        _edited(site, old, new)
    out = tmp_path / "never"
    code, _, err = fupin_with(site, home, "run", "trees.yaml", "--out", str(out), *SMALL)
    assert code == 2, err
    assert says in err
    assert "fupin-trees 0.1" in err
    assert "trees.yaml:" in err  # file and line of the plan
    assert "uv pip uninstall fupin-trees" in err
    assert "Traceback" not in err
    assert not out.exists()


def test_two_packages_with_one_name_are_named_both(home: Path, tmp_path: Path) -> None:
    site = installed(installed(tmp_path / "site"), POINT, "fupin-forests")
    code, _, err = fupin_with(site, home, "check", "trees.yaml")
    assert code == 2
    assert "fupin-forests 0.1" in err and "fupin-trees 0.1" in err


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("{budget: 60 million, gain: 0.9}", "tree_planting.gain: 0.9 is out of range."),
        ("{budget: 60 million, gian: 0.1}", "unknown key. Did you mean gain?"),
        ("{gain: 0.1}", "tree_planting"),
        ("{budget: 60 million, counties: [Nowhere]}", "tree_planting.counties"),
    ],
)
def test_mistakes_in_its_settings_have_a_line(home: Path, said: str, message: str) -> None:
    text = WITHOUT + f"  tree_planting: {said}\n"
    (home / "mistaken.yaml").write_text(text, encoding="utf-8")
    code, _, err = fupin_with(home / "site", home, "check", "mistaken.yaml")
    assert code == 2
    assert err.startswith("fupin: mistaken.yaml:6:")
    assert message in err


def test_households_have_room_for_all_programmes_that_a_plan_can_have() -> None:
    last = len(PROGRAMME_KEYS) + MOST - 1
    assert bit_of(last) == REACHED(1 << last)
    assert len({int(bit_of(i)) for i in range(last + 1)}) == last + 1
