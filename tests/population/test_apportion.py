"""Integers that sum: exact in every group, within bounds, proportional where bounds allow."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from fupin.population.apportion import apportion, power
from hypothesis import given, settings
from hypothesis import strategies as st


@given(
    st.lists(st.lists(st.floats(0.001, 1000.0), min_size=1, max_size=20), min_size=1, max_size=5),
    st.integers(0, 3000),
)
@settings(max_examples=80, deadline=None)
def test_exact_in_every_group_and_within_one_of_proportional(groups, total):
    weights = np.concatenate([np.array(g) for g in groups])
    group = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    totals = np.array([total + k for k in range(len(groups))])
    result = apportion(weights, totals, group)
    assert (np.bincount(group, result) == totals).all()
    ideal = weights / np.bincount(group, weights)[group] * totals[group]
    assert (np.abs(result - ideal) < 1.0 + 1e-6).all()


@given(
    st.lists(st.tuples(st.floats(0.01, 100.0), st.integers(0, 20), st.integers(0, 30)), min_size=1),
    st.floats(0.0, 1.0),
)
@settings(max_examples=80, deadline=None)
def test_bounds_hold(rows, place):
    weights = np.array([r[0] for r in rows])
    low = np.array([r[1] for r in rows])
    high = low + np.array([r[2] for r in rows])
    total = round(low.sum() + place * (high.sum() - low.sum()))
    result = apportion(weights, total, lower=low, upper=high)
    assert result.sum() == total
    assert (result >= low).all() and (result <= high).all()


def test_largest_remainder_by_hand():
    # Quotas 4.5, 3.0, 2.5: floors 4, 3, 2, the last seat goes to the first of equal fractions.
    assert apportion([4.5, 3.0, 2.5], 10).tolist() == [5, 3, 2]
    # The first row is capped at 4, the rest share 6 as 3.0 : 2.5.
    assert apportion([4.5, 3.0, 2.5], 10, upper=[4, 10, 10]).tolist() == [4, 3, 3]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=60), st.integers(0, 200))
@settings(max_examples=150, deadline=None)
def test_what_is_left_goes_to_the_largest_fractions_and_of_equals_to_the_first(weights, total):
    """Weights from 1 to 4: most fractions stand there many times."""
    ideal = np.array(weights) * (total / sum(weights))
    whole = np.floor(ideal).astype(np.int64)
    order = np.lexsort((np.arange(whole.size), whole - ideal))  # a sort, where the code selects
    whole[order[: total - whole.sum()]] += 1
    assert apportion(weights, total).tolist() == whole.tolist()


def test_impossible_bounds_are_an_error():
    with pytest.raises(ValueError, match="no integers"):
        apportion([1.0, 1.0], 5, upper=[2, 2])
    with pytest.raises(ValueError, match="no integers"):
        apportion([0.0, 0.0], 1)


@given(st.floats(1e-4, 1.0), st.floats(0.0, 0.999999))
def test_power_from_square_roots(base, exponent):
    assert power(np.array([base]), exponent)[0] == pytest.approx(base**exponent, rel=1e-9)


weights_of_any_size = st.lists(
    st.one_of(st.just(0.0), st.floats(0.0, 1.7e308), st.floats(0.0, 1e-300), st.floats(0.0, 1e9)),
    min_size=1,
    max_size=12,
)


@given(weights_of_any_size, st.integers(0, 10**12))
def test_weights_of_any_size_share_out_everything(weights, total):
    if not any(weights):
        weights[0] = 5e-324
    found = apportion(weights, total)
    assert found.sum() == total and found.min() >= 0
    assert all(n == 0 for n, weight in zip(found.tolist(), weights, strict=True) if weight == 0)
    exact = [Fraction(weight) * total / sum(map(Fraction, weights)) for weight in weights]
    far = [abs(n - share) for n, share in zip(found.tolist(), exact, strict=True)]
    assert max(far) <= 1 + total * Fraction(1e-12)


@given(weights_of_any_size, weights_of_any_size, st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_units_of_another_group_change_nothing(one, other, total, more):
    one[0], other[0] = one[0] or 5e-324, other[0] or 5e-324
    both = apportion(one + other, [total, more], [0] * len(one) + [1] * len(other))
    assert both[: len(one)].sum() == total and both[len(one) :].sum() == more
    assert abs(both[: len(one)] - apportion(one, total)).max() <= 1 + total * 1e-12
