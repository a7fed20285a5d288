"""What the page changes is what its scenario file says, and no path leads out of the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.browser.changes import DROUGHT, Changes, DroughtChange, changed, scenario_text
from fupin.browser.envelope import classes, most_budget, scale_of, step_of
from fupin.browser.folder import ScenarioFolder
from fupin.browser.link import typed_yuan
from fupin.browser.setup import Served, Setup
from fupin.browser.units import WAN
from fupin.errors import InputError
from fupin.scenario.amounts import MOST_YUAN
from fupin.scenario.load import load_scenario, resolve, resolve_text
from fupin.scenario.names import NAMES
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.words.language import Language
from hypothesis import given, settings
from hypothesis import strategies as st

BASE = resolve("fupin:2009-document")
PLAN = BASE.scenario
WITH_PARTS = ("village_advancement", "integrated_funds", "paired_assistance")
"""A budget below its part is refused."""


@settings(max_examples=20, deadline=None)
@given(
    budgets=st.dictionaries(
        st.sampled_from([k for k in PROGRAMME_KEYS if k not in WITH_PARTS]),
        st.integers(0, 10**10),
        max_size=4,
    ),
    shocks=st.booleans(),
)
def test_a_saved_plan_is_the_plan_that_was_seen(budgets: dict[str, int], shocks: bool) -> None:
    changes = Changes().with_switch(PLAN, "household_shocks", shocks)
    for key, yuan in budgets.items():
        changes = changes.with_budget(PLAN, key, yuan)
    seen = changed(BASE, changes, Path.cwd())
    for key in PROGRAMME_KEYS:
        assert seen.programmes.of(key).budget == budgets.get(key, PLAN.programmes.of(key).budget)
        if key not in budgets:
            assert seen.programmes.of(key) == PLAN.programmes.of(key)
    file = Path.cwd() / "saved.yaml"
    read = resolve_text(scenario_text(BASE, changes, file, "A title: with #signs"), file).scenario
    assert read.title == "A title: with #signs"
    names = dict.fromkeys(NAMES, "")
    assert read.model_copy(update=names) == seen.model_copy(update=names)


def test_a_value_put_back_is_no_change() -> None:
    changes = Changes().with_budget(PLAN, "skills_training", 0)
    assert changes.any
    back = changes.with_budget(PLAN, "skills_training", 30_540_000)
    assert not back.with_switch(PLAN, "counting", "register").any
    assert changed(BASE, back, Path.cwd()) is PLAN


def test_budgets_by_year_scale_alike(tmp_path: Path) -> None:
    file = tmp_path / "years.yaml"
    file.write_text(
        "extends: fupin:2009-document\nperiod: {end: 2010-12}\nprogrammes:\n"
        "  skills_training: {budget: {2009: 10 million, 2010: 20 million}}\n",
        encoding="utf-8",
    )
    base = resolve(file)
    changes = Changes().with_budget(base.scenario, "skills_training", 30_000_000)
    plan = changed(base, changes, tmp_path)
    assert plan.programmes.skills_training.budget == {2009: 15_000_000, 2010: 30_000_000}


def test_balance_keeps_the_total() -> None:
    changes = Changes(balance="household_projects").with_budget(PLAN, "skills_training", 50_000_000)
    plan = changed(BASE, changes, Path.cwd())
    assert plan.class_totals() == PLAN.class_totals()
    assert plan.programmes.household_projects.budget == 200_000_000 - (50_000_000 - 30_540_000)


def test_shocks_come_and_go() -> None:
    drought = DroughtChange("Zhangjiakou", "2009-06", 4, 0.7)
    plan = changed(BASE, Changes(drought=drought), Path.cwd())
    assert plan.shocks[DROUGHT].drought.severity == 0.7
    dry = resolve("fupin:2010-drought")
    names = frozenset(dry.scenario.shocks)
    assert names and not changed(dry, Changes(shocks_off=names), Path.cwd()).shocks


def test_what_the_schema_forbids_is_refused() -> None:
    with pytest.raises(InputError, match="lottery part"):
        changed(BASE, Changes().with_budget(PLAN, "village_advancement", 10**6), Path.cwd())


def test_bars_are_in_proportion_and_fields_keep_to_the_schema() -> None:
    assert most_budget() == MOST_YUAN
    scale = scale_of(PLAN, PLAN, "fiscal")
    assert 224_460_000 < scale < 300_000_000  # the largest of the class, and room beside it
    assert step_of(30_540_000) == 2.0 and step_of(0) == 0.1
    assert typed_yuan("80.5") == typed_yuan("80.5 million") == typed_yuan("8050万") == 80_500_000
    assert typed_yuan("8050", WAN) == typed_yuan("80.5 million", WAN) == 80_500_000
    assert typed_yuan("off") == 0
    with pytest.raises(InputError, match="negative"):
        typed_yuan("-3")


def test_the_envelope_says_what_is_left_and_what_is_over() -> None:
    served = Served.of("fupin:2009-document")
    setup = Setup.opened(served, "fupin:2009-document")
    found = []
    for yuan in (30_540_000, 20_540_000, 80_540_000):
        changes = setup.changes.with_budget(PLAN, "skills_training", yuan)
        fiscal = classes(Language.of_page("en"), setup.with_changes(served, changes))[0]
        found.append((fiscal["state"], fiscal["left"], fiscal["used"]))
    assert [state for state, *_ in found] == ["even", "under", "over"]
    assert found[1][1].startswith("10.0 million") and found[2][1].startswith("50.0 million")
    assert found[1][2] < 1.0 == found[2][2]
    chinese = classes(Language.of_page("zh"), setup)[0]
    row = next(row for row in chinese["rows"] if row["key"] == "skills_training")
    assert row["text"] == "3054" and row["evidence"] and row["does"]


def test_a_plan_keeps_the_balance_of_its_file() -> None:
    """Whatever is moved on top of it, the file's own programme absorbs it."""
    base = resolve("fupin:plans/more-training")
    changes = Changes.none_of(base)
    assert changes.balance == "village_advancement" and not changes.any
    plan = changed(base, changes.with_budget(base.scenario, "rural_works", 100_000_000), Path.cwd())
    assert plan.class_totals() == base.scenario.class_totals()


# -- the folder ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> ScenarioFolder:
    (tmp_path / "inside").mkdir()
    return ScenarioFolder(tmp_path / "inside", "fupin:2009-document")


def test_choices_are_called_by_their_titles(folder: ScenarioFolder) -> None:
    folder.save("mine", "Two: more training", BASE, Changes())
    titles = {choice: folder.title_of(choice) for choice in folder.choices()}
    assert titles["mine.yaml"] == "Two: more training"
    for choice, title in titles.items():
        assert title == folder.open(choice).scenario.title, choice


def test_what_is_saved_loads_and_is_offered(folder: ScenarioFolder) -> None:
    changes = Changes().with_budget(PLAN, "skills_training", 40_000_000)
    file = folder.save("mine", "More training", BASE, changes)
    assert load_scenario(file).programmes.skills_training.budget == 40_000_000
    assert "mine.yaml" in folder.choices()
    assert folder.open("mine.yaml").scenario.title == "More training"
    again = folder.save("mine-2", "", folder.open("mine.yaml"), Changes(shocks_off=frozenset()))
    assert "extends: mine.yaml" in again.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["../out", "/tmp/out", "a/b", "..", "", ".hidden", "a\\b", "x" * 65, "a\0b"]
)
def test_no_path_leads_out_of_the_folder(folder: ScenarioFolder, name: str) -> None:
    with pytest.raises(InputError):
        folder.save(name, "", BASE, Changes())
    with pytest.raises(InputError):
        folder.open(f"{name}.yaml")
    assert [p.name for p in folder.path.parent.rglob("*")] == ["inside"]


def test_links_that_lead_out_are_not_opened(folder: ScenarioFolder) -> None:
    outside = folder.path.parent / "outside.yaml"
    outside.write_text("extends: fupin:2009-document\n", encoding="utf-8")
    (folder.path / "link.yaml").symlink_to(outside)
    with pytest.raises(InputError, match="not a file of the scenario folder"):
        folder.open("link.yaml")


def test_a_file_is_never_replaced(folder: ScenarioFolder) -> None:
    file = folder.save("mine", "", BASE, Changes())
    before = file.read_bytes()
    with pytest.raises(InputError, match="already"):
        folder.save("mine", "another", BASE, Changes())
    assert file.read_bytes() == before
    assert [p.name for p in folder.path.iterdir()] == ["mine.yaml"]


def test_nothing_is_saved_that_does_not_load(folder: ScenarioFolder) -> None:
    with pytest.raises(InputError, match="lottery part"):
        folder.save("wrong", "", BASE, Changes(budgets={"village_advancement": 5}))
    assert list(folder.path.iterdir()) == []
