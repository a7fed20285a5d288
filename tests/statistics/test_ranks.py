"""Ranks and their correlations against scipy; how large the largest of many is by chance."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.statistics.ranks import largest_by_chance, rank_correlations, ranks
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import rankdata, spearmanr

tied = st.integers(-3, 3).map(float)


@given(hnp.arrays(float, hnp.array_shapes(max_dims=2, max_side=12), elements=tied))
def test_ranks_are_scipys_with_ties_too(values: np.ndarray) -> None:
    assert (ranks(values) == rankdata(values, axis=0)).all()


def test_correlations_are_scipys() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 6, (20, 7)).astype(float), rng.integers(0, 9, 20).astype(float)
    expected = [spearmanr(x[:, k], y).statistic for k in range(7)]
    assert rank_correlations(ranks(x), ranks(y)).tolist() == pytest.approx(expected)


def test_the_bound_grows_with_columns_and_falls_with_rows() -> None:
    assert largest_by_chance(12, 150) > largest_by_chance(12, 10) > largest_by_chance(100, 10)
    assert largest_by_chance(100_000, 1) == pytest.approx(1.645 / np.sqrt(100_000), rel=0.01)


def test_the_largest_of_idle_columns_passes_the_bound_in_one_of_ten_cases() -> None:
    rng = np.random.default_rng(3)
    bound, passed = largest_by_chance(12, 40), 0
    for _ in range(400):
        found = rank_correlations(ranks(rng.normal(size=(12, 40))), ranks(rng.normal(size=12)))
        passed += np.abs(found).max() > bound
    assert 0.04 < passed / 400 < 0.16  # 40 of 400, give or take four standard errors
