"""Chinese texts have no space where two letters meet, however they are put together."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from fupin.words.language import CATALOGUE, PAGE, Language, catalogue
from fupin.words.spacing import tight
from fupin.words.ten import TEN
from fupin.words.unbroken import unbroken_html
from hypothesis import given, settings
from hypothesis import strategies as st

LETTERS = ("月", "起", "人", "方案", "其余")
MARKS = "，。（）"
PARTS = st.lists(st.sampled_from((*LETTERS, *MARKS, "2009", "fupin", "90%")), max_size=9)
BETWEEN = re.compile(r"[\u4e00-\u9fff，。（）] [\u4e00-\u9fff，。（）]")


@given(PARTS)
@settings(max_examples=80)
def test_no_space_between_letters_and_all_others_stay(parts: list[str]) -> None:
    found = tight(" ".join(parts))
    assert not BETWEEN.search(found)
    assert found.replace(" ", "") == "".join(parts)
    for one, other in pairwise(parts):
        if (one in LETTERS) != (other in LETTERS) and not {one, other} & set(MARKS):
            assert f"{one} {other}" in found
    assert tight(found) == found


@pytest.mark.parametrize("text", ["Daming 大名县, Wuyi", "fupin compare", "90% 区间", "a  b"])
def test_other_spaces_stay(text: str) -> None:
    assert tight(text) == text


def test_a_month_before_a_word_and_joined_sentences() -> None:
    say = Language("zh", PAGE)
    assert say("head.since_month", month="2009 年 1 月") == "自 2009 年 1 月起"
    assert unbroken_html("<p>其余会发生。 重新评估</p>") == "<p>其余会发生。重新评估</p>"


@pytest.mark.parametrize("file", (CATALOGUE, PAGE, TEN), ids=lambda file: file.stem)
def test_what_is_said_is_tight(file: Path) -> None:
    say = Language("zh", file)
    for key, entry in catalogue(file)["words"].items():
        if "{" not in entry["zh"]:
            assert not BETWEEN.search(say(key)), key
