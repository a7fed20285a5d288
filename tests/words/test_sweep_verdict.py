"""Verdicts of sweeps: what is told of levels and factors, and what the runs cannot tell."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from fupin.words.verdict import sweep_verdict
from hypothesis import given, settings
from hypothesis import strategies as st
from verdicts import holds, in_both


@given(st.lists(st.floats(1e6, 1e7), min_size=3, max_size=3), st.floats(0, 1e5), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_a_sweep_names_a_level_only_where_runs_tell_it_apart(
    bases: list[float], noise: float, better: int
) -> None:
    factor = "programmes.skills_training.budget"
    names = ("point", "draw", "seed", factor, "income_poor_years")
    runs: dict[str, list[Any]] = {name: [] for name in names}
    for point, budget in enumerate((15e6, 30.54e6, 61e6), start=1):
        for number, base in enumerate(bases):
            wobble = noise * math.sin(7.0 * number + 3.0 * point)
            values = (point, str(number), 1, budget, base - 2e4 * better * (point > 1) + wobble)
            for name, value in zip(runs, values, strict=True):
                runs[name].append(value)
    summary = {"runs": 9, "points": 3, "draws": ["0", "1", "2"], "seeds": [1],
               "lived": {"horizon": 2013}, "sample": 0.05}  # fmt: skip
    verdicts = in_both(lambda lang: sweep_verdict(summary, [factor], runs, lang))
    holds(verdicts)
    if not better and noise == 0:
        assert "No level" in verdicts["en"].text
    if better and noise == 0:
        assert "falls up to 30.54 million yuan" in verdicts["en"].text
        assert "From 30.54 million yuan on, more makes no" in verdicts["en"].text


def test_small_steps_that_no_runs_tell_apart_may_together_make_a_difference() -> None:
    """The middle level is told neither from the first nor from the last, which are told apart."""
    chance = (2500.0, -2500.0, 1500.0, -1500.0, 0.0)
    runs: dict[str, list[Any]] = {
        name: [] for name in ("point", "draw", "seed", "x", "income_poor_years")
    }
    for level in range(3):
        for number, off in enumerate(chance):
            poor = 1e7 - 1000.0 * level + (off if level == 1 else 0.0)
            values = (level + 1, str(number), 1, float(level), poor)
            for name, value in zip(runs, values, strict=True):
                runs[name].append(value)
    summary = {"runs": 15, "points": 3, "draws": list("01234"), "seeds": [1]}
    verdicts = in_both(lambda lang: sweep_verdict(summary, ["x"], runs, lang))
    holds(verdicts)
    assert "No level of x stands out as the best." in verdicts["en"].text
    assert "is 2,000 person-years less at 2 than at 0." in verdicts["en"].text


def runs_of(levels: dict[str, list[float]], *, draws: int) -> dict[str, list[Any]]:
    """Runs of two factors, all levels with all: poverty is what each level takes from it."""
    names = list(levels)
    rows = [
        {"point": 1 + i * len(levels[names[1]]) + j, "draw": str(d), "seed": 1,
         names[0]: float(i), names[1]: float(j),
         "income_poor_years": 1e7 - a - b + 1000.0 * math.sin(9.0 * d) * (1 + 0.1 * i * j)}
        for i, a in enumerate(levels[names[0]])
        for j, b in enumerate(levels[names[1]])
        for d in range(draws)
    ]  # fmt: skip
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ([0, 0], [0, 9e4], ["With y at 1", "90,000 fewer", "No level of x"]),
        ([0, 4e4], [0, 9e4], ["With x at 1", "40,000 fewer", "With y at 1", "90,000 fewer"]),
        ([0, -9e4], [0, 0], ["With x at 0", "90,000 fewer person-years than at 1"]),
    ],
)
def test_every_factor_that_the_runs_can_tell_is_told(
    x: list[float], y: list[float], said: list[str]
) -> None:
    runs = runs_of({"x": x, "y": y}, draws=5)
    summary = {"runs": 20, "points": 4, "draws": list("01234"), "seeds": [1]}
    verdicts = in_both(lambda lang: sweep_verdict(summary, ["x", "y"], runs, lang))
    holds(verdicts)
    for text in said:
        assert text in verdicts["en"].text


def test_of_levels_that_do_the_same_hardly_any_is_told() -> None:
    """Five levels make ten pairs, and of ten intervals of 90% one would tell a difference."""
    rng, false, sets = np.random.default_rng(3), 0, 200
    summary = {"runs": 40, "points": 5, "draws": list("01234567"), "seeds": [1]}
    for _ in range(sets):
        world = rng.normal(1e7, 1e6, 8)
        rows = [(x, d, world[d] + rng.normal(0, 1e4)) for x in range(5) for d in range(8)]
        runs = {"point": [x + 1 for x, _, _ in rows], "draw": [str(d) for _, d, _ in rows],
                "seed": [1] * 40, "x": [float(x) for x, _, _ in rows],
                "income_poor_years": [poor for _, _, poor in rows]}  # fmt: skip
        false += "No level of x makes" not in sweep_verdict(summary, ["x"], runs).text
    assert false <= 0.10 * sets + 3 * math.sqrt(0.09 * sets)


def test_a_level_that_is_worse_is_told_where_none_is_best() -> None:
    """The first two cannot be told apart; the third is worse than either."""
    chance = (300.0, -300.0, 200.0, -200.0, 0.0)
    runs: dict[str, list[Any]] = {
        name: [] for name in ("point", "draw", "seed", "x", "income_poor_years")
    }
    for level, more in enumerate((0.0, -10.0, 5e4)):
        for number, off in enumerate(chance):
            values = (level + 1, str(number), 1, float(level), 1e7 + more + off * (level == 1))
            for name, value in zip(runs, values, strict=True):
                runs[name].append(value)
    summary = {"runs": 15, "points": 3, "draws": list("01234"), "seeds": [1]}
    verdicts = in_both(lambda lang: sweep_verdict(summary, ["x"], runs, lang))
    holds(verdicts)
    assert "No level of x makes" not in verdicts["en"].text
    assert "50,010 person-years less at 1 than at 2" in verdicts["en"].text


def test_a_sweep_whose_points_share_no_runs_compares_none() -> None:
    runs = {"point": [1, 2, 3], "draw": ["a", "b", "c"], "seed": [1, 1, 1], "x": [0.1, 0.2, 0.3],
            "income_poor_years": [1e6, 2e6, 3e6]}  # fmt: skip
    summary = {"runs": 3, "points": 3, "draws": ["a", "b", "c"], "seeds": [1]}
    verdicts = in_both(lambda lang: sweep_verdict(summary, ["x"], runs, lang))
    holds(verdicts)
    assert verdicts["en"].judgements == {} and "fupin sensitivity" in verdicts["en"].text
