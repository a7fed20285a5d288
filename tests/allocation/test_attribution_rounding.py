"""Whole persons sum to the whole, in rows and in tables, and stay near what they round."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.allocation.attribution_rounding import nearest, summing, summing_both_ways
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

VALUES = st.floats(-1e6, 1e6, allow_nan=False, width=32)


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=20))
def test_shares_are_whole_near_and_sum(values: list[float]) -> None:
    total = nearest(sum(np.round(values, 6)))
    found = summing(values, total)
    assert found.sum() == total
    assert np.abs(found - values).max() <= 1.0 + 1e-5


def test_the_largest_parts_of_a_person_are_rounded_up() -> None:
    assert summing([1.2, 2.7, 3.6, -0.5], 7).tolist() == [1, 3, 4, -1]
    assert summing([0.0, 1e-12, -1e-12], 0).tolist() == [0, 0, 0]
    assert summing([0.5, 0.5, 0.5, 0.5], 2).tolist() == [1, 1, 0, 0]
    assert summing([1.0, 1.0], 5).tolist() == [3, 2]
    with pytest.raises(ValueError, match="nothing"):
        summing([], 1)


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=VALUES))
def test_tables_keep_both_margins_to_the_person(values: np.ndarray) -> None:
    total = nearest(float(values.sum()))
    rows = summing(values.sum(axis=1), total)
    columns = summing(values.sum(axis=0), total)
    found = summing_both_ways(values, rows, columns)
    assert found.sum(axis=1).tolist() == rows.tolist()
    assert found.sum(axis=0).tolist() == columns.tolist()
    assert np.abs(found - values).max() <= 3.0


def test_margins_of_different_totals_are_refused() -> None:
    with pytest.raises(ValueError, match="rows sum to 3"):
        summing_both_ways(np.ones((2, 2)), [1, 2], [2, 2])
