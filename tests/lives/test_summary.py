"""The summary: right statistics, the same bytes whatever the order of the runs."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import numpy as np
import pytest
from fupin.files.to_json import to_json
from fupin.lives.figures import figures
from fupin.lives.summary import summarise
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES
from fupin.scenario.programmes import PROGRAMMES
from fupin.statistics.crossed import canonical, statistics
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_runs import KEYS, result


def runs(draws: list[str], seeds: list[int]) -> list:
    return [result(draw, seed) for draw in draws for seed in seeds]


def test_form_and_order_of_keys() -> None:
    summary = summarise(runs(["central"], [1, 2, 3]), KEYS)
    assert list(summary) == [
        "schema", "draws", "seeds", "outcomes", "programmes", "impact", "figures", "by_year",
    ]  # fmt: skip
    assert list(summary["outcomes"]) == list(OUTCOMES)
    assert list(summary["programmes"]) == list(KEYS)
    assert tuple(programme.key for programme in PROGRAMMES) == KEYS
    for part in (summary, summary["by_year"]["2009"]):
        for values in part["programmes"].values():
            assert list(values) == list(PROGRAMME_OUTCOMES)
        for numbers in [*part["outcomes"].values(), *summary["figures"].values()]:
            assert list(numbers) == ["mean", "low", "high", "sd_seeds", "sd_draws"]


def test_figures_are_there_where_runs_have_measured_them() -> None:
    made = runs(["central"], [1, 2])
    summary = summarise(made, KEYS)
    assert list(summary["figures"]) == [key for key in figures() if key in made[0].figures]
    assert summary["figures"]["S40"] == summary["outcomes"]["trained"]
    assert set(summary["figures"]["S46"].values()) == {None}
    without = [replace(run, figures={}) for run in made]
    assert "figures" not in summarise(without, KEYS)
    with pytest.raises(ValueError, match="different figures"):
        summarise([made[0], without[1]], KEYS)


def test_same_bytes_in_any_order_of_completion() -> None:
    made = runs(["prior:1", "prior:2", "prior:10"], [1, 2, 7])
    expected = to_json(summarise(made, KEYS))
    assert json.loads(expected)["draws"] == ["prior:1", "prior:2", "prior:10"]
    for shuffle in range(5):
        random.Random(shuffle).shuffle(made)
        assert to_json(summarise(made, KEYS)) == expected
    backwards = tuple(reversed(made[0].programmes.items()))
    object.__setattr__(made[0], "programmes", dict(backwards))
    assert to_json(summarise(made, KEYS)) == expected


def test_incomplete_or_repeated_runs_are_refused() -> None:
    made = runs(["prior:1", "prior:2"], [1, 2])
    for wrong in ([], made[:-1], [*made, made[0]], [*made[:-1], made[0]]):
        with pytest.raises(ValueError, match="every draw with every seed"):
            summarise(wrong, KEYS)
    with pytest.raises(ValueError, match="relocation"):
        summarise(made, [key for key in KEYS if key != "relocation"])
    with pytest.raises(ValueError, match="years"):
        summarise([made[0], result("prior:1", 2, (2009, 2010))], KEYS)


def test_one_run_has_a_mean_and_nothing_else() -> None:
    assert statistics([[3.5]]) == {
        "mean": 3.5, "low": None, "high": None, "sd_seeds": None, "sd_draws": None,
    }  # fmt: skip


def test_undefined_in_one_run_is_undefined() -> None:
    assert set(statistics([[1.0, None], [2.0, 3.0]]).values()) == {None}


def test_few_runs_show_their_range() -> None:
    found = statistics([[1.0, 2.0, 9.0, 4.0, 5.0]])
    assert (found["mean"], found["low"], found["high"]) == (4.2, 1, 9)
    assert found["sd_seeds"] == pytest.approx(math.sqrt(9.7))
    assert found["sd_draws"] is None
    same = statistics([[7e8] * 5])
    assert (same["low"], same["mean"], same["high"]) == (7e8, 7e8, 7e8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_no_interval_leaves_what_the_runs_show(values: list[float]) -> None:
    found = statistics([[value] for value in values])
    assert found["low"] is not None and found["high"] is not None
    slack = 1e-11  # twelve digits are kept
    assert min(values) - slack <= found["low"] <= found["high"] <= max(values) + slack


def test_nineteen_runs_give_the_extremes() -> None:
    """p (n + 1) = 1 and 19: the lowest and the highest of nineteen hold 90% between them."""
    values = [float(i * i) for i in range(19)]
    found = statistics([values])
    assert (found["low"], found["high"]) == (0, 324)
    many = [float(i) for i in range(1, 100)]
    found = statistics([many])
    assert (found["low"], found["high"]) == (5, 95)


@pytest.mark.parametrize("n", [2, 5, 12, 19, 40])
def test_the_interval_holds_the_next_run_as_often_as_is_said(n: int) -> None:
    chance = np.random.default_rng(n)
    hits, trials = 0, 3000
    for _ in range(trials):
        *seen, new = chance.lognormal(1, 1, n + 1).tolist()
        found = statistics([seen])
        low, high = found["low"], found["high"]
        assert low is not None and high is not None
        hits += low <= new <= high
    said = 0.90 if n >= 19 else (n - 1) / (n + 1)
    assert hits / trials == pytest.approx(said, abs=0.04)  # 4 standard errors


@pytest.mark.parametrize("spreads", [(1.0, 0.1), (1.0, 0.6), (0.0, 1.0)])
@pytest.mark.parametrize("shape", [(20, 1), (40, 1), (20, 2), (10, 2)])
def test_the_interval_holds_a_run_of_another_draw(
    shape: tuple[int, int], spreads: tuple[float, float]
) -> None:
    """Every row has luck of its own; two seeds of a row are less than two rows."""
    chance = np.random.default_rng(shape[0])
    between_draws, rest = spreads
    hits, trials = 0, 1500
    for _ in range(trials):
        grid = chance.normal(0, between_draws, (shape[0], 1)) + chance.normal(0, rest, shape)
        found = statistics(grid.tolist())
        assert found["low"] is not None and found["high"] is not None
        hits += found["low"] <= chance.normal(0, np.hypot.reduce(spreads)) <= found["high"]
    if shape[1] == 1:
        assert hits / trials == pytest.approx(0.90, abs=0.032)  # 4 standard errors
    assert hits / trials > 0.78


def test_spreads_are_those_that_made_the_numbers() -> None:
    """Draw sd 3, a seed effect common to all draws sd 5, interaction sd 2.

    The common effect must not be subtracted from the draws: it cancels out of their differences.
    """
    chance = np.random.default_rng(4)
    seeds, draws = [], []
    for _ in range(400):
        grid = (
            chance.normal(0, 3, (10, 1))
            + chance.normal(0, 5, (1, 4))
            + chance.normal(0, 2, (10, 4))
        )
        found = statistics(grid.tolist())
        assert found["sd_seeds"] is not None and found["sd_draws"] is not None
        seeds.append(found["sd_seeds"] ** 2)
        draws.append(found["sd_draws"] ** 2)
    assert np.mean(seeds) == pytest.approx(25 + 4, rel=0.12)
    assert np.mean(draws) == pytest.approx(9, rel=0.12)


def test_draws_that_do_not_differ_have_no_spread() -> None:
    found = statistics([[1.0, 5.0], [5.0, 1.0]])
    assert found["sd_draws"] == 0
    assert found["sd_seeds"] == pytest.approx(math.sqrt(8))
    assert statistics([[1.0], [2.0]])["sd_draws"] is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e12, 1e12), min_size=6, max_size=6),
    st.permutations(range(3)),
    st.permutations(range(2)),
)
def test_order_of_draws_and_seeds_is_no_matter(
    values: list[float], draws: list[int], seeds: list[int]
) -> None:
    grid = [values[0:2], values[2:4], values[4:6]]
    moved = [[grid[d][s] for s in seeds] for d in draws]
    before, after = statistics(grid), statistics(moved)
    for key in ("mean", "low", "high"):
        assert before[key] == after[key]
    for key in ("mean", "low", "high", "sd_seeds", "sd_draws"):
        assert before[key] is not None
    assert before["low"] <= before["mean"] <= before["high"]  # type: ignore[operator]


def test_canonical_numbers() -> None:
    assert repr(canonical(743_000_000.0)) == "743000000"
    assert repr(canonical(-0.0)) == "0"
    assert repr(canonical(0.1 + 0.2)) == "0.3"
    assert repr(canonical(1 / 3)) == "0.333333333333"
    assert canonical(None) is None
    text = to_json(summarise(runs(["central"], [1]), KEYS))
    assert text.endswith("}\n")
    assert "NaN" not in text
