"""Intervals of paired differences: textbook values, coverage, and what is left undefined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fupin.statistics import pairs
from fupin.statistics.crossed import mean_squares
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

# Student (1908), Biometrika 6: additional hours of sleep under two drugs, ten patients.
SLEEP = np.array([[1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]])


def test_students_sleep() -> None:
    """Mean 1.58, t = 4.06; the interval is scipy's."""
    found = pairs.difference(SLEEP)
    assert found["mean"] == pytest.approx(1.58)
    low, high = stats.t.interval(0.90, 9, loc=SLEEP.mean(), scale=stats.sem(SLEEP[0]))
    assert (found["low"], found["high"]) == (pytest.approx(low), pytest.approx(high))
    assert found["next_high"] == SLEEP.max()  # ten pairs show their range
    assert (found["above"], found["below"]) == (0.9, 0)
    assert found["sd_draws"] is None


def test_one_pair_has_no_interval_and_an_undefined_pair_no_mean() -> None:
    one = pairs.difference(np.array([[3.0]]))
    assert one["mean"] == 3 and one["low"] is None and one["next_low"] is None
    assert set(pairs.difference(np.array([[3.0, np.nan]])).values()) == {None}
    same = pairs.difference(np.zeros((1, 4)))
    assert (same["mean"], same["low"], same["high"], same["above"]) == (0, 0, 0, 0)


def _crossed(rng: np.random.Generator, sds: tuple[float, float, float]) -> np.ndarray:
    draws, seeds = 8, 5
    grid = rng.normal(0, sds[2], (draws, seeds))
    grid += rng.normal(0, sds[0], (draws, 1)) + rng.normal(0, sds[1], (1, seeds))
    return grid + 10.0


@pytest.mark.parametrize("sds", [(1, 0.1, 0.3), (0.2, 1, 0.3), (1, 1, 1), (0.05, 0.05, 1)])
def test_the_interval_of_crossed_draws_and_seeds_covers(sds: tuple[float, float, float]) -> None:
    """90% or a little more: treating the 40 pairs as independent would cover 30 to 60%."""
    rng = np.random.default_rng(5)
    inside = naive = 0
    for _ in range(500):
        grid = _crossed(rng, sds)
        found = pairs.difference(grid)
        inside += found["low"] <= 10 <= found["high"]  # type: ignore[operator]
        half = stats.t.ppf(0.95, grid.size - 1) * grid.std(ddof=1) / math.sqrt(grid.size)
        naive += abs(grid.mean() - 10) <= half
    assert 430 <= inside <= 500
    if max(sds[:2]) == 1:
        assert naive < 400 < inside


def test_a_cost_needs_an_effect() -> None:
    cost = np.full((1, 5), 1e6)
    sure = np.array([[900.0, 1000.0, 1100.0, 950.0, 1050.0]])
    found = pairs.cost_per(cost, sure)
    assert found["mean"] == pytest.approx(1000)
    assert found["low"] < 1000 < found["high"]  # type: ignore[operator]
    unsure = np.array([[900.0, -1000.0, 1100.0, -950.0, 50.0]])
    assert set(pairs.cost_per(cost, unsure).values()) == {None}
    assert set(pairs.cost_per(cost, -sure).values()) == {None}
    alone = pairs.cost_per(cost[:, :1], sure[:, :1])
    assert alone["mean"] == pytest.approx(1e6 / 900, rel=1e-9) and alone["low"] is None


def test_the_cost_of_one_draw_is_fiellers_on_the_means() -> None:
    rng = np.random.default_rng(2)
    effect = rng.normal(1000, 200, (1, 12))
    cost = 3e6 + 800 * effect + rng.normal(0, 1e5, (1, 12))
    found = pairs.cost_per(cost, effect)
    for end in (found["low"], found["high"]):
        z = cost - end * effect
        assert abs(stats.ttest_1samp(z[0], 0).pvalue - 0.10) < 1e-6


def test_runs_needed() -> None:
    # 16 pairs a group's worth: difference half a sd, one-sided 5%, power 80%: n = 27 by tables of
    # the paired t test (Cohen 1988 gives 26 to 27).
    assert pairs.pairs_needed(0.5, 1.0) in (26, 27)
    assert pairs.pairs_needed(-0.5, 1.0) == pairs.pairs_needed(0.5, 1.0)
    assert pairs.pairs_needed(0.0, 1.0) is None
    assert pairs.pairs_needed(1e-9, 1.0) is None
    assert pairs.pairs_needed(5.0, 0.0) == 2
    told = pairs.runs_needed(SLEEP)
    assert told is not None and told.told and told.more == 0
    unsure = pairs.runs_needed(np.array([[1.0, -2.0, 3.0, -1.0]]))
    assert unsure is not None and not unsure.told and unsure.unit == "seeds"
    assert unsure.more == unsure.need - 4  # type: ignore[operator]
    several = pairs.runs_needed(np.array([[1.0, -2.0], [3.0, -1.0], [0.5, 1.0]]))
    assert several is not None and several.unit == "draws" and several.have == 3


def test_runs_needed_do_tell_in_eight_of_ten() -> None:
    rng = np.random.default_rng(11)
    n = pairs.pairs_needed(0.6, 1.0)
    assert n is not None
    told = 0
    for _ in range(1000):
        found = pairs.runs_needed(rng.normal(0.6, 1.0, (1, n)))
        told += found is not None and found.told
    assert 760 <= told <= 850


def test_mean_products_of_two_grids_are_those_of_their_sum() -> None:
    """MS(x + y) = MS(x) + MS(y) + 2 MP(x, y), and MP(x, x) = MS(x)."""
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(2, 5, 4))
    whole, one, two, both = (
        np.array(mean_squares(*(g.tolist() for g in grids)))
        for grids in ((x + y,), (x,), (y,), (x, y))
    )
    np.testing.assert_allclose(whole, one + two + 2 * both)
    np.testing.assert_allclose(np.array(mean_squares(x.tolist(), x.copy().tolist())), one)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 2.7e-5, 6.0, 9.25e-05, 1e6 / 7])
def test_rounding_does_not_choose_the_degrees_of_freedom(value: float) -> None:
    """One pair of twelve differs: the three mean squares are equal, and so no sum is larger."""
    for place in range(12):
        grid = np.zeros(12)
        grid[place] = value
        found = pairs.precision(grid.reshape(4, 3))
        assert found is not None
        assert (found.weights, found.freedom) == ((1.0, 0.0, 0.0), 3)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 5))
def test_no_order_of_draws_or_seeds_changes_a_digit(seed: int, draws: int, seeds: int) -> None:
    rng = np.random.default_rng(seed)
    effect = rng.normal(1e5, 3e4, (draws, seeds)) + rng.normal(0, 2e4, (draws, 1))
    cost = 3 * effect + rng.normal(0, 1e4, (draws, seeds))
    rows, columns = rng.permutation(draws), rng.permutation(seeds)
    again, cost_again = (grid[rows][:, columns] for grid in (effect, cost))
    assert pairs.precision(effect) == pairs.precision(again)
    assert pairs.difference(effect) == pairs.difference(again)
    assert pairs.cost_per(cost, effect) == pairs.cost_per(cost_again, again)
    assert pairs.runs_needed(effect) == pairs.runs_needed(again)
