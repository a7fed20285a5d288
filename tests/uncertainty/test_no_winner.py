"""No sentence names a plan that does not lead beyond ties and chance, whatever the order."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fupin.report.html.page import page_of
from fupin.report.html.parts import Points
from fupin.uncertainty.discovery import choices_by_rule, robustness_words
from fupin.uncertainty.robustness import RULES, choices
from fupin.uncertainty.sensitivity import sensitivity
from fupin.uncertainty.worlds import read_worlds
from fupin.words.language import LANGUAGES, Language
from made_up_sweep import luck, write_sweep

PLANS = ("alpha", "beta", "gamma")
Effect = Callable[[str, float], float]

NO_WINNER: dict[str, Effect] = {
    "identical": lambda plan, x: 0.0,
    "two ahead that are one": lambda plan, x: 1_000.0 * (plan != "gamma"),
    "luck alone": lambda plan, x: 2_000.0 * luck(plan, x),
}
WINNER: Effect = lambda plan, x: 5_000.0 * (plan == "beta") + 500 * luck(plan, x)  # noqa: E731


def _sweep(folder: Path, plans: tuple[str, ...], effect: Effect, vectors: int = 12) -> Path:
    rng = np.random.default_rng(4)
    draws = [
        {"register.review_probability": float(x), "livelihood.persistence": float(rng.uniform())}
        for x in rng.uniform(size=vectors)
    ]

    def formula(point: dict[str, Any], draw: dict[str, float], seed: int) -> dict[str, Any]:
        x = draw["register.review_probability"]
        return {"lifted": 100_000 + 50_000 * x + 3_000 * luck(seed, x) + effect(point["plan"], x)}

    return write_sweep(folder, [{"plan": p} for p in plans], formula, draws=draws, seeds=(1, 2, 3))


def _named(sentences: list[str]) -> list[str]:
    """Sentences that say a plan is best, the choice, or stays ahead."""
    claims = r"is best|best on average|the choice|stays|无论|最好"
    return [s for s in sentences if re.search(claims, s) and any(p in s for p in PLANS)]


@pytest.mark.parametrize("order", list(permutations(PLANS)), ids="-".join)
@pytest.mark.parametrize("kind", NO_WINNER)
def test_nobody_is_named_where_nobody_leads(
    tmp_path: Path, kind: str, order: tuple[str, ...]
) -> None:
    worlds = read_worlds(_sweep(tmp_path / "it", order, NO_WINNER[kind]))
    (ranking,) = sensitivity(worlds, ["lifted"])["rankings"]
    assert not ranking["told"]
    assert _named(ranking["words"]) == []
    assert "no plan leads" in ranking["words"][0]
    found = choices(worlds.outcome("lifted"), 1, None, worlds.rest)
    assert set(found.values()) == {None}


@pytest.mark.parametrize("order", list(permutations(PLANS)), ids="-".join)
def test_who_leads_is_named_in_every_order(tmp_path: Path, order: tuple[str, ...]) -> None:
    worlds = read_worlds(_sweep(tmp_path / "it", order, WINNER))
    (ranking,) = sensitivity(worlds, ["lifted"])["rankings"]
    assert ranking["told"] and ranking["leader"] == "beta"
    assert "beta is best on average" in ranking["words"][0]
    found = choices(worlds.outcome("lifted"), 1, None, worlds.rest)
    assert {plan if plan is None else order[plan] for plan in found.values()} == {"beta"}


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_report_names_nobody_either(tmp_path: Path, language: str) -> None:
    from fupin.commands.discover import run_discover
    from fupin.commands.sensitivity import run_sensitivity

    folder = _sweep(tmp_path / "it", PLANS, NO_WINNER["identical"])
    run_sensitivity(folder, ("lifted",), quiet=True)
    run_discover(folder, "lifted < 120000", quiet=True)
    page = page_of(folder, Language.of(language))
    said = [
        text
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Points)
        for text in block.sentences
    ]
    assert said and _named(said) == []


def test_few_vectors_tell_nothing_and_are_said() -> None:
    y = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]])[:, :, None]
    found = choices(y, 1, y < 2, np.arange(3))
    assert found == dict.fromkeys(RULES)
    words = robustness_words(
        {"outcome": "lifted", "better": 1, "vectors": 3, "plans": [{}, {}], "choices": found}
    )
    assert words == [
        "By lifted, no rule tells a plan from all others beyond ties and chance "
        "(3 parameter vectors)."
    ]


def test_rules_that_tell_and_rules_that_do_not() -> None:
    table = {
        "outcome": "lifted", "better": 1, "vectors": 20, "plans": [{}, {}],
        "choices": {"mean": "a", "cvar": None, "max_regret": "a", "satisficing": "b"},
    }  # fmt: skip
    assert choices_by_rule(table) == (
        {"a": ["mean", "max_regret"], "b": ["satisficing"]}, ["cvar"]
    )  # fmt: skip
    words = " ".join(robustness_words(table))
    assert "a by the mean, the largest regret; b by failing least" in words
    assert "No plan leads beyond ties and chance (20 parameter vectors) by the worst tenth" in words
