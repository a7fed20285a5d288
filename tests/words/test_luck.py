"""Whose luck runs have is said whatever makes a scenario another world than the posterior's."""

from __future__ import annotations

from typing import Any

import pytest
from fupin.results.draws import Draw, OwnLuck
from fupin.scenario import library
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from fupin.words import luck
from fupin.words.language import LANGUAGES, Language

ROW = Draw("posterior:1", luck=OwnLuck(1, 2)).record()
OTHER_YEAR = Draw("posterior:1", luck=OwnLuck(1, None)).record()
DOCUMENT = scenario_mapping(load_scenario(library.find(library.DOCUMENT)))


def said(draws: list[Any], seeds: list[int], scenario: Any, code: str = "en") -> str:
    return luck.of_runs(Language(code), draws, seeds, scenario)


def changed(**keys: Any) -> dict[str, Any]:
    return scenario_mapping(Scenario.model_validate({**DOCUMENT, **keys}))


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_case_has_a_text_of_its_own(code: str) -> None:
    texts = {
        said([ROW], [1], DOCUMENT, code),
        said([ROW], [1, 2], DOCUMENT, code),
        said([OTHER_YEAR], [1], DOCUMENT, code),
        said([ROW], [1], changed(counting="survey"), code),
    }
    assert len(texts) == 4 and all(texts)
    assert said([Draw("prior:1").record()], [1], DOCUMENT, code) == ""
    assert said([ROW], [2, 3], DOCUMENT, code) == said([OTHER_YEAR], [1], DOCUMENT, code)


@pytest.mark.parametrize(
    "keys",
    [
        {"counting": "task"}, {"assets": "threshold"}, {"displacement": True},
        {"weather": "mean"}, {"growth": "none"}, {"household_shocks": False},
        {"population": {"sample": "full"}}, {"population": {"sample": 0.05}},
        {"population": {"sample": "default", "seed": 7}},
        {"history": {"parameters": {"livelihood.village_sd": 0.3}}},
        {"period": {"start": "2010-01", "end": "2010-12"}, "programmes": {}},
    ],
)  # fmt: skip
def test_another_world_is_not_the_year_as_it_was(keys: dict[str, Any]) -> None:
    assert not luck.as_it_was(changed(**keys))


@pytest.mark.parametrize(
    "keys",
    [{}, {"programmes": {}}, {"recognition": False}, {"horizon": 2015}, {"title": "Another"}],
)
def test_another_plan_is_the_same_year(keys: dict[str, Any]) -> None:
    assert luck.as_it_was(changed(**keys))
