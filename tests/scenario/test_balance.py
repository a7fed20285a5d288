"""`balance` keeps the total of a money class, or says why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.scenario.load import load_scenario, resolve
from hypothesis import given, settings
from hypothesis import strategies as st

BASE = """
period: {end: 2010-12}
programmes:
  village_advancement: {budget: 100 million}
  skills_training: {budget: {2009: 30 million, 2010: 40 million}}
  relocation: {budget: 20 million}
  microfinance: {budget: 5 million}
"""


def plan(folder: Path, text: str, base: str = BASE) -> Path:
    (folder / "base.yaml").write_text(base)
    path = folder / "plan.yaml"
    path.write_text("extends: base.yaml\n" + text)
    return path


def test_what_training_gets_advancement_gives(tmp_path: Path) -> None:
    text = "programmes: {skills_training: {budget: 80 million}}\nbalance: village_advancement\n"
    resolved = resolve(plan(tmp_path, text))
    advancement = resolved.scenario.programmes.village_advancement
    assert advancement.budget == {2009: 50_000_000, 2010: 60_000_000}
    base = load_scenario(tmp_path / "base.yaml")
    assert resolved.scenario.class_totals() == base.class_totals()
    assert resolved.balance is not None
    assert resolved.balance.before == {2009: 100_000_000, 2010: 100_000_000}
    origin = resolved.origins["programmes", "village_advancement", "budget"]
    assert (origin.file.name, origin.line) == ("plan.yaml", 3)


def test_what_is_switched_off_goes_to_the_balancing_programme(tmp_path: Path) -> None:
    text = "programmes: {relocation: off, skills_training: off}\nbalance: village_advancement\n"
    scenario = load_scenario(plan(tmp_path, text))
    assert scenario.programmes.village_advancement.budget == {2009: 150_000_000, 2010: 160_000_000}


def test_other_classes_are_left_alone(tmp_path: Path) -> None:
    text = "programmes: {microfinance: {budget: 50 million}}\nbalance: relocation\n"
    scenario = load_scenario(plan(tmp_path, text))
    assert scenario.programmes.relocation.budget == 20_000_000
    assert scenario.class_totals()["credit"] == 100_000_000


def test_a_programme_that_was_off_can_absorb(tmp_path: Path) -> None:
    base = BASE.replace("  relocation: {budget: 20 million}\n", "  relocation: off\n")
    text = "programmes: {village_advancement: {budget: 70 million}}\nbalance: relocation\n"
    assert load_scenario(plan(tmp_path, text, base)).programmes.relocation.budget == 30_000_000


def test_balance_is_not_inherited(tmp_path: Path) -> None:
    text = "programmes: {skills_training: {budget: 80 million}}\nbalance: village_advancement\n"
    plan(tmp_path, text)
    child = tmp_path / "child.yaml"
    child.write_text("extends: plan.yaml\nprogrammes: {relocation: {budget: 21 million}}\n")
    resolved = resolve(child)
    assert resolved.balance is None and resolved.scenario.balance is None
    assert resolved.scenario.programmes.village_advancement.budget_in(2009) == 50_000_000
    assert resolved.scenario.class_totals()["fiscal"] == 2 * 150_000_000 + 10_000_000 + 2_000_000
    child.write_text(child.read_text() + "balance: skills_training\n")
    again = resolve(child).scenario
    assert again.programmes.skills_training.budget == 79_000_000
    assert again.class_totals()["fiscal"] == 2 * 150_000_000 + 10_000_000


@pytest.mark.parametrize(
    ("text", "base", "found", "line"),
    [
        (
            "programmes: {skills_training: {budget: 180 million}}\nbalance: village_advancement\n",
            BASE,
            r"village_advancement has 100 million yuan of fiscal money in 2009 and cannot give "
            r"150 million yuan",
            3,
        ),
        (
            "programmes: {relocation: {budget: 30 million}}\nbalance: relocation\n",
            BASE,
            "also sets its money here",
            2,
        ),
        (
            "programmes: {relocation: off}\nbalance: relocation\n",
            BASE,
            "also sets its money here",
            2,
        ),
        (
            "programmes: {relocation: {budget: 30 million}}\nbalance: household_projects\n",
            BASE,
            "cannot give 10 million yuan",
            3,
        ),
        (
            "programmes: {relocation: off}\nbalance: skills_training\n",
            BASE.replace("2010: 40 million}}", "2010: 40 million}, to: 2009-12}"),
            "would get 20 million yuan in 2010, when it does not work",
            3,
        ),
        ("balance: roads\n", BASE, "'roads'", 2),
        (
            "programmes: {skills_training: {budget: 100 million}}\nbalance: village_advancement\n",
            BASE.replace(
                "budget: 100 million}",
                "budget: 100 million, lottery: {budget: 60 million, villages: 3, counties: key}}",
            ),
            r"lottery part \(60 million yuan\) is more than .* in 2009 \(30 million yuan\)",
            3,
        ),
    ],
)
def test_what_cannot_be_balanced(
    text: str, base: str, found: str, line: int, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=found) as caught:
        load_scenario(plan(tmp_path, text, base))
    assert caught.value.file == tmp_path / "plan.yaml"
    assert caught.value.line == line


def test_null_switches_balancing_off(tmp_path: Path) -> None:
    text = "programmes: {relocation: off}\nbalance: null\n"
    assert load_scenario(plan(tmp_path, text)).class_totals()["fiscal"] == 270_000_000


@settings(max_examples=60, deadline=None)
@given(training=st.integers(0, 150), relocation=st.integers(0, 150), later=st.integers(0, 150))
def test_totals_stay_for_any_plan_that_can_be_balanced(
    training: int, relocation: int, later: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("plan")
    text = (
        f"programmes:\n  skills_training: {{budget: {training} million}}\n"
        f"  relocation: {{budget: {{2009: {relocation} million, 2010: {later} million}}}}\n"
        "balance: village_advancement\n"
    )
    path = plan(folder, text)
    possible = training + relocation <= 150 and training + later <= 160
    try:
        scenario = load_scenario(path)
    except InputError:
        assert not possible
        return
    assert possible
    base = load_scenario(folder / "base.yaml")
    for year in (2009, 2010):
        totals = scenario.programmes.class_totals(year)
        assert totals == base.programmes.class_totals(year)
