"""The scenarios that come with fupin: all load, and the document's arithmetic holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.scenario import library
from fupin.scenario.digest import digest_text
from fupin.scenario.load import load_scenario, resolve
from fupin.scenario.names import NAMES

MILLION = 10**6


@pytest.mark.parametrize("path", library.scenario_files(), ids=library.our_name)
def test_each_loads_and_fits_on_a_screen(path: Path) -> None:
    resolved = resolve(path)
    assert resolved.scenario.name == path.stem
    assert resolved.scenario.title != path.stem and resolved.scenario.description
    lines = digest_text(resolved).splitlines()
    # Of each programme a line more: what its money buys, and by what rule it is split.
    assert len(lines) <= 64 and max(map(len, lines)) <= 100


def test_the_document() -> None:
    scenario = load_scenario("fupin:2009-document")
    programmes = scenario.programmes
    # What the fiscal funds of 2009 leave when all other stated uses are taken away; yuan.
    stated = 200 * MILLION + 30_540_000 + 60 * MILLION + 20 * MILLION + 18 * MILLION
    relocation = programmes.relocation.budget_in(2009)
    # What else has a share of them without a stated amount: assumptions of the scenario.
    unstated = ("rural_works", "practical_training", "minimum_living", "project_management")
    assumed = sum(programmes.of(key).budget_in(2009) for key in unstated)
    left = 743 * MILLION - stated - relocation - assumed
    assert programmes.village_advancement.budget_in(2009) == left
    assert programmes.skills_training.budget_in(2009) == 30_540_000
    assert abs(relocation - 5_359 * 5_000) < 250_000  # a grant of 5,000 yuan a person, rounded
    lottery = programmes.village_advancement.lottery
    assert lottery is not None
    assert (lottery.budget_in(2009), lottery.villages) == (42_500_000, 30)
    assert lottery.budget_in(2009) / lottery.villages > 1_400_000  # "averagely more than"
    assert lottery.counties == (130732, 130923)  # Chicheng and Dongguang
    assert scenario.class_totals() == {
        "fiscal": 743 * MILLION,
        "social": 353 * MILLION,
        "credit": 1270 * MILLION,
        "claimed": 10_000 * MILLION,
    }


def test_no_programmes_is_the_document_with_nothing_on() -> None:
    nothing = load_scenario("fupin:2009-no-programmes")
    document = load_scenario("fupin:2009-document")
    assert nothing.programmes.active() == ()
    named = {k: getattr(document, k) for k in (*NAMES, "programmes")}
    assert nothing.model_copy(update=named) == document


def test_more_training_moves_money_and_adds_none() -> None:
    plan = load_scenario("fupin:plans/more-training")
    document = load_scenario("fupin:2009-document")
    assert plan.class_totals() == document.class_totals()
    moved = plan.programmes.skills_training.budget_in(2009) - 30_540_000
    assert moved == 50 * MILLION


def test_a_long_period_is_told_by_its_sum_and_a_single_year_by_its_name() -> None:
    text = digest_text(resolve(library.find("fupin:2002-2009-history")))
    assert "1,125.96 million yuan in 8 years" in text
    assert "2009: 150 million yuan  fiscal\n    to 2009-06" in text
