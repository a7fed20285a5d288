"""Warnings of a plan are in one language, money and months too."""

from __future__ import annotations

import re

import fupin
import pytest
from fupin.scenario.dump import scenario_mapping
from fupin.words import remarks
from fupin.words.language import Language
from hypothesis import given, settings
from hypothesis import strategies as st

KEYS = ("skills_training", "relocation", "microfinance", "household_projects", "mutual_funds")
ENGLISH = re.compile(r"\byuan\b|[bm]illion|January|March|July|December")


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from((700, 60_000_000, 9_000_000_000)),
                       min_size=1))  # fmt: skip
@settings(max_examples=12, deadline=None)
def test_no_money_of_a_chinese_warning_is_in_english(budgets: dict[str, int]) -> None:
    plan = fupin.load("2009-document")
    programmes = scenario_mapping(plan.scenario)["programmes"]
    for key, yuan in budgets.items():
        programmes[key] |= {"budget": yuan}
    scenario = plan.with_(programmes=programmes).scenario
    for text in remarks.of_plan(Language("zh"), scenario):
        assert not ENGLISH.search(text), text


@pytest.mark.parametrize(("lang", "money"), [("en", "60 million yuan"), ("zh", "6,000 万元")])
def test_more_than_can_be_trained(lang: str, money: str) -> None:
    plan = fupin.load("2009-document")
    programmes = scenario_mapping(plan.scenario)["programmes"]
    programmes["skills_training"] |= {"budget": 60_000_000}
    texts = remarks.of_plan(Language(lang), plan.with_(programmes=programmes).scenario)
    assert any(money in text.replace("\u00a0", " ") for text in texts), texts
