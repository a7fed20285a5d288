"""Numbers of a small sample have a sentence beside them, others have none."""

from __future__ import annotations

import io

import pytest
from fupin.report.terminal.run import say_sample
from fupin.scenario.load import load_scenario
from fupin.words.language import CATALOGUE, PAGE, Language
from fupin.words.sample import of_sample
from rich.console import Console


@pytest.mark.parametrize("sample", ["default", "full", 1.0, None])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_usual_samples_have_none(sample, language: str) -> None:
    assert of_sample(Language(language), sample) == []


SHARES = [(0.02, "2%"), (0.005, "0.5%"), (0.5, "50%"), (0.125, "12.5%"), (1e-6, "0.0001%"),
          (1e-9, "0.0000001%")]  # fmt: skip


@pytest.mark.parametrize(("sample", "said"), SHARES)
@pytest.mark.parametrize("words", [CATALOGUE, PAGE])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_share_of_the_villages_has_one_in_every_language(sample, said, words, language) -> None:
    (sentence,) = of_sample(Language(language, words), sample)
    assert f" {said}" in f" {sentence}"


def test_the_terminal_says_it_before_the_numbers() -> None:
    plan = load_scenario("fupin:2009-document")
    out = []
    for sample in ("default", 0.02):
        people = plan.population.model_copy(update={"sample": sample})
        console = Console(file=io.StringIO(), width=100)
        say_sample(console, plan.model_copy(update={"population": people}))
        out.append(console.file.getvalue())
    assert out[0] == "" and "Only 2% of the villages" in out[1]
