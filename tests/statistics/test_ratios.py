"""Fieller's interval of a ratio of two means: what it inverts, where there is none, coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fupin.statistics.ratios import ratio_interval
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student


def _moments(cost: np.ndarray, effect: np.ndarray) -> tuple[float, ...]:
    n = len(cost)
    cov = np.cov(cost, effect) / n
    return cost.mean(), effect.mean(), cov[0, 0], cov[1, 1], cov[0, 1]


def test_the_interval_of_a_ratio_inverts_the_test_it_is_made_of() -> None:
    """At each end r the mean of cost - r x effect is just significant; inside it is not."""
    rng = np.random.default_rng(7)
    effect = rng.normal(900, 250, 12)
    cost = rng.normal(3e6, 2e5, 12) + 400 * effect
    t = float(student.ppf(0.95, 11))
    low, high = ratio_interval(*_moments(cost, effect), t)  # type: ignore[misc]
    assert low < cost.mean() / effect.mean() < high

    def statistic(r: float) -> float:
        z = cost - r * effect
        return abs(float(z.mean())) / (float(z.std(ddof=1)) / math.sqrt(12))

    assert statistic(low) == pytest.approx(t) and statistic(high) == pytest.approx(t)
    assert statistic((low + high) / 2) < t < statistic(1.1 * high)


def test_no_interval_where_there_may_be_no_effect() -> None:
    effect = np.array([-100.0, 250.0, 30.0, 10.0])
    cost = np.full(4, 1e6)
    assert ratio_interval(*_moments(cost, effect), 2.353) is None


@pytest.mark.parametrize(
    ("effect", "variance"), [(1.0, 1.0), (0.5, 0.25), (0.5, 1.0), (-0.5, 1.0), (0.0, 0.0)]
)
def test_no_interval_where_that_of_the_effect_only_touches_zero(
    effect: float, variance: float
) -> None:
    """effect - t sd <= 0 <= effect + t sd with t = 1: any cost per person is possible."""
    assert ratio_interval(3.0, effect, 1.0, variance, 0.0, 1.0) is None


@settings(max_examples=200, deadline=None)
@given(st.floats(0.01, 1e9), st.floats(0.01, 1e6), st.floats(0, 4))
def test_the_interval_of_a_ratio_without_chance_is_the_ratio(
    cost: float, effect: float, t: float
) -> None:
    """Also of less than one person, and where rounding leaves less than nothing under the root."""
    low, high = ratio_interval(cost, effect, 0, 0, 0, t)  # type: ignore[misc]
    assert low == pytest.approx(cost / effect, rel=1e-6)
    assert high == pytest.approx(cost / effect, rel=1e-6)


def test_the_interval_of_a_ratio_covers_as_often_as_it_says() -> None:
    """1,000 data sets of eight runs with a true ratio of 4,000 yuan a person."""
    rng = np.random.default_rng(3)
    t = float(student.ppf(0.95, 7))
    inside = 0
    for _ in range(1000):
        effect = rng.normal(1000, 350, 8)
        cost = 4e6 + 500 * (effect - 1000) + rng.normal(0, 2e5, 8)
        found = ratio_interval(*_moments(cost, effect), t)
        if found is not None:
            inside += found[0] <= 4000 <= found[1]
        else:
            inside += 1  # it says that any ratio is possible
    # 90% of 1,000 with a standard deviation of 9.5.
    assert 870 <= inside <= 930
