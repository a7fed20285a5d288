"""Tables of a comparison: signs, what is undefined, and lines that fit a terminal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fupin.report.terminal import comparison_costs as costs
from fupin.report.terminal import comparison_tables as tables
from fupin.statistics.pairs import cost_per, difference
from rich.console import Console


def of(*values: float) -> dict[str, Any]:
    return dict(difference(np.array([values])))


def printed(what: Any, width: int = 80) -> str:
    console = Console(width=width, highlight=False, no_color=True)
    with console.capture() as captured:
        console.print(what)
    return captured.get()


def test_a_difference_has_a_sign_and_two_intervals() -> None:
    text, interval, further = tables.signed(of(1400.0, 1500.0, 1600.0))
    assert text == "+1,500"
    assert interval == "1,330–1,670" and further == "1,400–1,600"
    assert tables.signed(of(-5.0, -5.0, -5.0)) == ("−5", "", "")
    assert tables.signed(of(0.0, 0.0)) == ("0", "", "")
    assert tables.signed(of(float("nan"), 1.0)) == ("·", "", "")
    assert tables.signed(of(-0.001, 0.001))[0] == "0.0000"


@pytest.mark.parametrize("pairs", [2, 18, 19, 40])
def test_few_pairs_have_a_range_and_say_nothing_of_a_further_one(pairs: int) -> None:
    entry = {"base": 1.0, "plan": 2.0, "difference": of(*map(float, range(1, pairs + 1)))}
    seeds = list(range(pairs))
    comparison = {"draws": ["central"], "seeds": seeds, "outcomes": {"p": {"lifted": entry}}}
    text = printed(tables.differences(comparison, 120), 120)
    assert ("next pair" in text) is (pairs >= 19)
    assert (f"range of {pairs} pairs" in text) is (pairs < 19)


def test_what_holds_zero_is_no_finding() -> None:
    assert tables.holds_zero(of(-1.0, 2.0, 0.5))
    assert tables.holds_zero(of(3.0))
    assert not tables.holds_zero(of(1.0, 1.1, 0.9))


def entry(cost: list[float], effect: list[float], fewer: bool = False) -> dict[str, Any]:
    sign = -1 if fewer else 1
    c, e = np.array([cost]), np.array([effect])
    return {
        **cost_per(sign * c, sign * e),
        "direction": "fewer" if fewer else "more",
        "yuan": {"mean": float(c.mean()), "low": None, "high": None},
        "persons": {"mean": float(e.mean()), "low": None, "high": None},
    }


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (entry([1e6, 1e6, 1e6], [100.0, 110.0, 90.0]), "10,000"),
        (entry([1e6, 1e6, 1e6], [100.0, -110.0, 50.0]), "undefined"),
        (entry([-1e6, -1e6, -1e6], [100.0, 110.0, 90.0]), "cheaper, more"),
        (entry([1e6, 1e6, 1e6], [-100.0, -110.0, -90.0], True), "dearer, fewer"),
        (entry([-1e6, -1e6, -1e6], [-100.0, -110.0, -90.0], True), "10,000 saved"),
    ],
)
def test_costs_in_words_where_there_is_no_ratio(one: dict[str, Any], words: str) -> None:
    found = printed(costs.cost({"cost": {"plan": {"per_extra_lifted": one}}}, 80))
    assert words in found


def test_a_cost_of_all_resources_stands_beside_that_of_what_is_spent() -> None:
    """And one of an older fupin, which knew no other, is shown without it."""
    money, persons = [1e6, 1e6, 1e6], [100.0, 110.0, 90.0]
    one = entry(money, persons)
    dear = entry([4e6, 4e6, 4e6], persons)
    both = one | {
        "resource_cost": {key: dear[key] for key in ("mean", "low", "high")},
        "resource_yuan": dear["yuan"],
    }
    for width in (80, 120):
        found = printed(costs.cost({"cost": {"plan": {"per_lifted": both}}}, width), width)
        assert "10,000" in found and "40,000" in found
        assert max(len(line) for line in found.splitlines()) <= width
    assert "·" in printed(costs.cost({"cost": {"plan": {"per_lifted": one}}}, 80))
    assert costs.payers({"cost": {}}, 80) is None
    assert costs.impacts({"cost": {}}, 80) is None


def test_total_impact_stands_beside_the_studies_by_what_is_spent() -> None:
    def of(mean: float | None) -> dict[str, float | None]:
        return dict(zip(("mean", "low", "high"), (mean, mean and mean - 0.1, mean and mean + 0.1),
                        strict=True))  # fmt: skip

    spent = {"base": 0.2, "a-plan-with-a-name-that-wraps": 1.0, "roads": 20.0, "none": None}
    found = {
        world: {"spent": of(x), "resource_cost": of(x and x / 2)} for world, x in spent.items()
    }
    for width in (80, 120):
        lines = printed(costs.impacts({"impact": found}, width), width).splitlines()
        assert max(map(len, lines)) <= width
        ends = {line.split()[-1] for line in lines[3:]}
        assert ends >= {"below", "within", "above"} and not any("none" in line for line in lines)
        (base,) = [line for line in lines if line.startswith("base")]
        assert base.split() == ["base", "0.20", "0.10–0.30", "0.10", "0–0.20", "below"]


def test_who_is_better() -> None:
    row = {"a": "base", "b": "plan", "a_better_on": ["spent"], "b_better_on": ["lifted", "fgt1"]}
    other = {"a": "plan", "b": "x", "a_better_on": ["lifted"], "b_better_on": []}
    found = tables.dominance(
        {
            "base": "base",
            "dominance": [row | {"dominates": None}, other | {"dominates": "plan"},
                          other | {"b": "y", "a_better_on": [], "dominates": None}],
        }
    )  # fmt: skip
    assert found == [
        "plan beside base: better on lifted, gap; worse on money spent",
        "plan beside x: better on lifted: it dominates",
    ]


def test_runs_needed_in_words() -> None:
    lead = {"a": "base", "b": "plan", "unit": "seeds", "told_apart": False, "have": 5}
    rows = [
        lead | {"outcome": "lifted", "told_apart": True, "more": 0},
        lead | {"outcome": "fgt1", "more": 12},
        lead | {"outcome": "income_poor_end", "more": None},
        lead | {"outcome": "gini", "more": 1},
    ]
    found = printed(
        tables.runs_needed({"base": "base", "plans": ["plan"], "runs_needed": rows}, 80)
    )
    for words in ("told", "12 more seeds", "not by more runs", "1 more seed"):
        assert words in found


def test_long_names_wrap_at_hyphens_and_nothing_is_cut() -> None:
    name = "a-very-long-name-of-a-plan-that-somebody-has-thought-of-at-night"
    rows = [[name, "+1,234,567", "1,234,000 to 1,235,000", "+12.3"]]
    found = printed(tables.blocks(60, ["plan", "a", "b", "c"], [("", rows)]), 60)
    assert max(len(line) for line in found.splitlines()) <= 60
    assert "".join(line[:20].strip() for line in found.splitlines()[2:]).startswith("a-very-long-")
    assert "1,234,000 to 1,235,000" in found


def additions(only_here: float, only_twin: float) -> dict[str, Any]:
    def kinds(here: float, twin: float) -> dict[str, Any]:
        means = {"always": 90, "because": 40, "never": 30, "harmed": 5, "only_here": here,
                 "only_twin": twin, "resized": twin - here, "net": 35 + twin - here}  # fmt: skip
        return {kind: of(float(mean)) for kind, mean in means.items()}

    by = {"income": {"all": kinds(only_here, only_twin)}, "register": {"all": kinds(0, 0)}}
    return {
        "base": "document", "plans": ["more"], "without_programmes": {"more": "none"},
        "additionality": {"more": {"none": by}},
    }  # fmt: skip


def test_the_resized_are_shown_where_there_are_any() -> None:
    lines = printed(tables.additionality(additions(0, 0), 80)).splitlines()
    assert "resized" not in lines[0] and lines[-1].split() == ["more", "40", "5", "+35", "+35"]
    lines = printed(tables.additionality(additions(3, 1), 80)).splitlines()
    assert lines[0].split()[:5] == ["plan", "because", "harmed", "resized", "net"]
    assert lines[-1].split() == ["more", "40", "5", "−2", "+33", "+35"]
    # As many come as go: still a difference in who is poor.
    assert tables.has_resized(additions(2, 2))
