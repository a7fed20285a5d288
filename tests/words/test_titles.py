"""Titles in the reader's language: every shipped plan has both; a file's own are its own."""

from pathlib import Path

import pytest
from fupin import paths
from fupin.scenario import library
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.load import resolve, resolve_text
from fupin.sweeps.file import load_sweep
from fupin.words.language import Language
from fupin.words.titles import description, title

EN, ZH = Language("en"), Language("zh")


def chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.mark.parametrize("file", library.scenario_files(), ids=lambda file: file.stem)
def test_each_shipped_plan_says_in_both_languages_what_it_is(file: Path) -> None:
    plan = resolve(file).scenario
    for words in (title, description):
        assert chinese(words(ZH, plan)) and not chinese(words(EN, plan))
        assert words(EN, plan) != plan.name
    # A file as it is written to a result says the same.
    record = scenario_mapping(plan)
    assert title(ZH, record) == title(ZH, plan) and description(ZH, record) == description(ZH, plan)


def test_titles_of_shipped_plans_differ() -> None:
    plans = [resolve(file).scenario for file in library.scenario_files()]
    for say in (EN, ZH):
        assert len({title(say, plan) for plan in plans}) == len(plans)


def test_a_plan_that_extends_another_does_not_carry_its_chinese_title(tmp_path: Path) -> None:
    text = "extends: fupin:2009-document\ntitle: Mine\n"
    plan = resolve_text(text, tmp_path / "mine.yaml").scenario
    assert (title(EN, plan), title(ZH, plan)) == ("Mine", "Mine")
    assert description(ZH, plan) == ""
    plan = resolve_text(text + "title_zh: 我的方案\n", tmp_path / "mine.yaml").scenario
    assert (title(EN, plan), title(ZH, plan)) == ("Mine", "我的方案")


def test_a_record_of_an_older_fupin_has_its_one_title_and_a_bare_one_its_name() -> None:
    assert title(ZH, {"name": "a", "title": "A plan"}) == "A plan"
    assert title(ZH, {"name": "a", "title": ""}) == title(EN, {"name": "a"}) == "a"


@pytest.mark.parametrize(
    "file", sorted((paths.scenarios() / "sweeps").glob("*.yaml")), ids=lambda file: file.stem
)
def test_each_shipped_sweep_has_both_titles(file: Path) -> None:
    sweep = load_sweep(file)
    about = {"name": sweep.name, "title": sweep.title, "title_zh": sweep.title_zh}
    assert chinese(title(ZH, about)) and not chinese(title(EN, about))
