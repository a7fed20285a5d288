"""Every limit of every programme has its words, in both languages; sentences are short."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.state.limits import Limit
from fupin.words import unspent
from fupin.words.language import LANGUAGES, Language

BOUND = [limit.name.lower() for limit in Limit if limit is not Limit.NONE]


def reason(yuan: float, when: str = "always", counties: int = 1, **more: Any) -> dict[str, Any]:
    largest = [{"county": code, "yuan": yuan / counties} for code in (130425, 130722, 130123)]
    return {
        "mean": yuan, "counties": counties, "largest": largest[:counties], "when": when,
        "first": None if when == "never" else "2009-03", "months": 5, "of_months": 7,
        "places": 3_000, **more,
    }  # fmt: skip


def entries(key: str, **why: dict[str, Any]) -> dict[str, Any]:
    return {key: {"budget": {"mean": 80.54e6}, "why": why}}


@pytest.mark.parametrize("limit", BOUND)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_limit_of_every_programme_has_a_sentence(code: str, limit: str) -> None:
    say, found = Language(code), set()
    for programme, when in product(PROGRAMMES, ("always", "from", "some", "never")):
        (sentence,) = unspent.of_programmes(
            say, entries(programme.key, **{limit: reason(11.8e6, when, 2)})
        )
        assert ("1,180" if say.chinese else "11.8") in sentence and say.programme(
            programme
        ) in sentence
        assert "{" not in sentence
        if code == "en":
            assert max(map(len, (part.split() for part in sentence.split(": ")))) <= 25, sentence
        found.add(sentence)
    assert len(found) >= len(PROGRAMMES)


def test_full_places_say_how_many_and_since_when() -> None:
    say = Language("en")
    found = entries("skills_training", places=reason(11.8e6, "from"))
    (sentence,) = unspent.of_programmes(say, found)
    assert sentence.endswith(
        "11.8 of 80.5 M yuan unspent: all 3,000 places a month were full from March 2009."
    )
    found = entries("skills_training", places=reason(11.8e6, "some"))
    assert "full in 5 of 7 months" in unspent.of_programmes(say, found)[0]


def test_several_reasons_have_their_parts_and_counties_their_names() -> None:
    found = entries(
        "household_projects", list=reason(20e6, "never", 3), need=reason(9e6, counties=40),
        cash=reason(0.2e6),
    )  # fmt: skip
    (sentence,) = unspent.of_programmes(Language("en"), found)
    assert "no village is on the list in Daming 大名县" in sentence and "(20.0)" in sentence
    assert "all its projects (9.0)" in sentence  # nearly everywhere: no county is named
    assert "cash" not in sentence and "one more unit" not in sentence  # a hundredth of it


def test_rests_below_a_unit_share_a_sentence_and_pennies_have_none() -> None:
    found = entries("relocation", cash=reason(0.4e6)) | entries("rural_works", cash=reason(1e6))
    found |= entries("technology", places=reason(40_000))
    (sentence,) = unspent.of_programmes(Language("en"), found)
    assert "Relocation to immigrant communities 0.4" in sentence and "roads 1.0" in sentence
    assert unspent.of_programmes(Language("zh"), entries("technology")) == []


def test_a_comparison_says_of_plans_what_the_base_has_not() -> None:
    same, other = {"places": reason(11.8e6)}, {"need": reason(5e6)}
    comparison = {
        "base": "base", "plans": ["one", "two"],
        "why": {"base": {"relocation": same}, "one": {"relocation": same},
                "two": {"relocation": same, "rural_works": other}},
        "programmes": {
            plan: {key: {"budget": {"base": 20e6, "plan": 20e6}}
                   for key in ("relocation", "rural_works")}
            for plan in ("one", "two")
        },
    }  # fmt: skip
    say = Language("en")
    assert {w: len(s) for w, s in unspent.of_comparison(say, comparison).items()} == {
        "base": 1, "one": 1, "two": 2,
    }  # fmt: skip
    changed = unspent.of_comparison(say, comparison, changes=True)
    assert {world: len(said) for world, said in changed.items()} == {"base": 1, "two": 1}
    assert unspent.of_comparison(say, {"base": "base", "plans": []}) == {}  # of an older fupin
