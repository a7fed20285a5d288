"""Verdicts: whatever the numbers, sentences say what the numbers say, and no more."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import yaml
from fupin.errors import InputError
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.words.verdict import (
    allocation_verdict,
    comparison_verdict,
    run_verdict,
)
from fupin.words.verdict_ground import VERDICT, Luck, language
from fupin.words.verdict_parts import MOST_WORDS
from hypothesis import given, settings
from hypothesis import strategies as st
from verdicts import holds, in_both

PLAN = {
    "name": "plan", "title": "Sixty million yuan for skills training instead of household projects",
    "title_zh": "六千万元用于培训", "period": {"start": "2009-01", "end": "2009-12"},
    "horizon": 2013, "population": {"sample": "default"},
}  # fmt: skip
BASE = PLAN | {"name": "base", "title": "The base"}

READ = (
    "person_years_out", "income_poor_years", "income_poor_end", "additional_out_of_poverty",
    "lifted", "additional_income_channel", "additional_recognition_channel", "spent",
    "resource_cost", "additional_jobs", "npv_income_5", "npv_income_poor_5", "households_reached",
)  # fmt: skip

AMOUNTS = st.one_of(st.just(0.0), st.floats(0.5, 2e8), st.floats(-2e8, -0.5))
"""Persons and person-years: forty million villagers for five years are two hundred million."""


@st.composite
def estimates(draw: st.DrawFn) -> dict[str, Any]:
    """An entry of a summary: mean inside its range, or alone, or unknown."""
    kind = draw(st.sampled_from(["range", "range", "range", "alone", "unknown"]))
    if kind == "unknown":
        return dict.fromkeys(("mean", "low", "high", "above", "below"))
    mean = draw(AMOUNTS)
    if kind == "alone":
        return {"mean": mean, "low": None, "high": None, "above": float(mean > 0),
                "below": float(mean < 0)}  # fmt: skip
    low, high = (draw(st.floats(0.0, 3.0)) * max(abs(mean), 1.0) for _ in range(2))
    above = draw(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
    return {"mean": mean, "low": mean - low, "high": mean + high, "above": above,
            "below": 1.0 - above}  # fmt: skip


LUCKS = st.sampled_from([(1, 1), (1, 4), (2, 1), (4, 1), (3, 2), (20, 1), (30, 2)])


@st.composite
def summaries(draw: st.DrawFn) -> dict[str, Any]:
    """Content of summary.json, as far as a verdict reads it."""
    draws, seeds = draw(LUCKS)
    kind = draw(st.sampled_from(["posterior", "prior"]))
    outcomes = {key: draw(estimates()) for key in READ}
    programmes = {
        key: {name: {"mean": draw(st.floats(0.0, 1e9))} for name in ("budget", "unspent")}
        for key in ("skills_training", "rural_works", "microfinance")
    }
    return {
        "draws": [f"{kind}:{i}" for i in range(draws)], "seeds": list(range(1, seeds + 1)),
        "outcomes": outcomes, "programmes": programmes,
    }  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Content of comparison.json, and its plans."""
    draws, seeds = draw(LUCKS)
    names = [f"plan-{i}" for i in range(draw(st.integers(1, 7)))]
    money = st.fixed_dictionaries({"base": st.floats(0, 1e9), "plan": st.floats(0, 1e9),
                                   "difference": estimates()})  # fmt: skip

    def cost() -> dict[str, Any]:
        entry = draw(estimates())
        resources = draw(estimates())
        return {**entry, "direction": draw(st.sampled_from(["more", "fewer"])),
                "resource_cost": resources}  # fmt: skip

    comparison = {
        "base": "base", "plans": names,
        "draws": [str(i) for i in range(draws)], "seeds": list(range(1, seeds + 1)),
        "outcomes": {
            name: {key: {"base": draw(st.floats(0, 1e7)), "difference": draw(estimates())}
                   for key in ("income_poor_years", "lifted", "registered_poor_start", "spent",
                               "resource_cost", "additional_jobs", "additional_income_channel",
                               "additional_recognition_channel")}
            for name in names
        },
        "programmes": {
            name: {key: {"budget": draw(money), "unspent": draw(money)}
                   for key in ("skills_training", "rural_works", "microfinance")}
            for name in names
        },
        "cost": {name: {"per_extra_out_of_poverty": cost()} for name in names},
        "cash": {name: {"itself": False, "today": {"out_of_poverty_difference": draw(estimates())}}
                 for name in names},
        "additionality": {
            name: {"base": {"income": {"all": {"because": draw(estimates()),
                                               "harmed": draw(estimates())}}}}
            for name in names
        },
        "runs_needed": [
            {"a": a, "b": b, "outcome": "income_poor_years", "told_apart": draw(st.booleans())}
            for i, a in enumerate(names) for b in names[i + 1 :]
        ],
    }  # fmt: skip
    titles = st.sampled_from(
        [PLAN["title"], "Short", "一个很长很长的方案标题，说明资金从哪里来到哪里去"]
    )
    return comparison, [PLAN | {"name": name, "title": draw(titles)} for name in names]


@given(summaries())
@settings(max_examples=25, deadline=None)
def test_a_run_says_no_more_than_its_numbers(summary: dict[str, Any]) -> None:
    verdicts = in_both(lambda lang: run_verdict(summary, PLAN, lang))
    holds(verdicts)
    gain = summary["outcomes"]["person_years_out"]
    (judgement,) = verdicts["en"].judgements.values()
    runs = len(summary["draws"]) * len(summary["seeds"])
    text = verdicts["en"].texts[0]
    holds_zero = gain["low"] is None or gain["low"] <= 0 <= gain["high"]
    if judgement.told:
        assert not holds_zero and runs >= 5 and abs(gain["mean"]) >= judgement.threshold
        assert (judgement.direction == "better") == (gain["mean"] > 0)
        assert says(text, gain["mean"])
    else:
        assert "bring" not in text and "add " not in text
    if runs == 1 or len(summary["draws"]) == 1:
        assert verdicts["en"].of("warning")


@given(comparisons())
@settings(max_examples=25, deadline=None)
def test_a_comparison_says_no_more_than_its_numbers(
    made: tuple[dict[str, Any], list[dict[str, Any]]],
) -> None:
    comparison, plans = made
    verdicts = in_both(lambda lang: comparison_verdict(comparison, BASE, plans, lang))
    holds(verdicts)
    english = verdicts["en"]
    for name, judgement in english.judgements.items():
        more = comparison["outcomes"][name]["income_poor_years"]["difference"]
        holds_zero = more["low"] is None or more["low"] <= 0 <= more["high"]
        if judgement.told:
            assert not holds_zero and abs(more["mean"]) >= judgement.threshold
            assert (judgement.direction == "better") == (more["mean"] < 0)
        for one in english.about(name):
            if one.kind == "effect" and not judgement.told:
                assert "more person-years" not in one.text
            if one.kind == "effect" and judgement.told:
                assert says(one.text, more["mean"])
    if all(one.direction != "better" for one in english.judgements.values()):
        assert "does most" not in english.title and "out of poverty" not in english.title
    means = {
        name: -(of["income_poor_years"]["difference"]["mean"] or 0.0)
        for name, of in comparison["outcomes"].items()
    }
    if "does most" in english.title:  # and no other, told or not, has the larger mean
        best = max(means, key=means.__getitem__)
        assert english.judgements[best].direction == "better"
    told = [english.judgements[s.plan] for s in english.sentences if s.kind == "effect" and s.plan]
    gains = [j.gain.mean if j.told and j.gain else 0.0 for j in told]
    assert gains == sorted(gains, reverse=True)


def says(text: str, value: float) -> bool:
    """Whether some number of a sentence is this one, rounded at its last digit that is not 0."""
    scales = {"million": 1e6, "billion": 1e9, "": 1.0}
    for digits, unit in re.findall(r"(\d[\d,]*(?:\.\d+)?)(?: (million|billion))?", text):
        number = Decimal(digits.replace(",", ""))
        place = 10.0 ** float(number.normalize().as_tuple().exponent) * scales[unit]
        if abs(float(number) * scales[unit] - abs(value)) <= max(0.51 * place, 0.6):
            return True
    return False


@st.composite
def allocations(draw: st.DrawFn) -> dict[str, Any]:
    """Content of allocation.json, as far as a verdict reads it."""
    goal = draw(st.sampled_from(["person_years_out", "gap_closed", "additional_jobs", "lifted"]))
    mean = draw(st.floats(1.0, 1e9))
    better = draw(st.booleans())
    low = mean * (0.5 if better else -0.5)
    check = {
        "gain": {"mean": mean, "low": low, "high": 2 * mean}, "pairs": 20,
        "share_better": draw(st.floats(0, 1)), "worst_tenth": draw(AMOUNTS),
        "gain_on_search": mean, "gain_on_cash": draw(estimates()), "today": draw(estimates()),
        "cost": {"today": {"mean": 1e9}, "proposed": {"mean": draw(st.floats(5e8, 2e9))}},
    }  # fmt: skip
    target = draw(st.one_of(st.none(), st.floats(1e3, 1e6)))
    start = {key: draw(st.integers(0, 10**9)) for key in PROGRAMME_KEYS[:6]}
    proposed = {key: draw(st.integers(0, 10**9)) for key in start}
    return {
        "plan": "plan", "goal": goal, "moves": draw(st.booleans()), "better": better,
        "asked": {} if target is None else {"target": target},
        "target_reached": None if target is None else draw(st.booleans()),
        "draws": draw(st.sampled_from([["central"], ["posterior:1", "posterior:2"]])),
        "same_envelope": draw(st.booleans()), "check": {goal: check}, "horizon": 2013,
        "start": start, "proposed": proposed, "sample": "default",
        "programmes": {key: {"proposed": proposed[key]} for key in start},
        "other_outcomes": {"person_years_out": draw(estimates())},
    }  # fmt: skip


@given(allocations())
@settings(max_examples=25, deadline=None)
def test_a_search_says_no_more_than_its_check(allocation: dict[str, Any]) -> None:
    verdicts = in_both(lambda lang: allocation_verdict(allocation, lang))
    holds(verdicts)
    if not allocation["better"] and not allocation["asked"]:
        assert not verdicts["en"].judgements["plan"].told
        assert verdicts["en"].title.startswith("No better division")


def test_every_sentence_is_there_in_both_languages_with_the_same_blanks() -> None:
    words = yaml.safe_load(VERDICT.read_text(encoding="utf-8"))["words"]
    for key, texts in words.items():
        assert set(texts) == {"en", "zh"}, key
        blanks = [set(re.findall(r"{(\w+)}", texts[code])) for code in ("en", "zh")]
        assert blanks[0] == blanks[1], key


def test_small_samples_and_chance_alone_are_said() -> None:
    entry = {"mean": 50_000.0, "low": 40_000.0, "high": 60_000.0}
    summary = {
        "draws": ["central"], "seeds": [1, 2, 3, 4, 5, 6],
        "outcomes": {"person_years_out": entry, "income_poor_years": {"mean": 1e7}},
        "programmes": {"skills_training": {"budget": {"mean": 1e6}, "unspent": {"mean": 0.0}}},
    }  # fmt: skip
    verdict = run_verdict(summary, PLAN | {"population": {"sample": 0.02}})
    assert any("chance alone" in text for text in verdict.of("warning"))
    assert any("Only 2% of the villages" in text for text in verdict.of("warning"))


@pytest.mark.parametrize(
    ("draws", "seeds", "english", "chinese"),
    [
        (1, 1, "Each point has one run", "每点只有一次运行"),
        (1, 6, "All 6 runs of each point have the same", "每点 6 次运行的参数完全相同"),
        (3, 2, "The 6 runs of each point have 3 sets of", "每点 6 次运行只用了 3 组参数"),
    ],
)
def test_few_runs_of_each_point_are_not_those_of_the_sweep(
    draws: int, seeds: int, english: str, chinese: str
) -> None:
    luck = Luck(tuple(f"posterior:{k}" for k in range(draws)), seeds, points=True)
    for lang, begin in (("en", english), ("zh", chinese)):
        (warning,) = luck.sentences(language(lang))
        assert warning.kind == "warning" and warning.text.startswith(begin)
        assert len(warning.text.split()) <= MOST_WORDS and len(warning.text) <= 130
    (of_a_run,) = Luck(luck.draws, seeds).sentences(language("en"))
    assert "point" not in of_a_run.text


def test_re_assessment_stands_apart_from_income() -> None:
    summary = {
        "draws": [str(i) for i in range(20)], "seeds": [1],
        "outcomes": {
            "lifted": {"mean": 225e3, "low": 150e3, "high": 300e3},
            "additional_income_channel": {"mean": 7e3, "low": -4e3, "high": 18e3},
            "additional_recognition_channel": {"mean": 22e3, "low": 2e3, "high": 38e3},
            "person_years_out": {"mean": 3e4, "low": 1e4, "high": 6e4},
            "income_poor_years": {"mean": 1e7},
        },
        "programmes": {"skills_training": {"budget": {"mean": 1e6}, "unspent": {"mean": 0.0}}},
    }  # fmt: skip
    verdict = run_verdict(summary, PLAN)
    assert [one.kind for one in verdict.sentences][:2] == ["effect", "register"]
    register = verdict.of("register")
    assert len(register) == 3
    assert "cannot tell" in register[1] and "without any gain in income" in register[2]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="language"):
        run_verdict({"draws": ["a"], "seeds": [1], "outcomes": {}, "programmes": {}}, PLAN, "fr")
