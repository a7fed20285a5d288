"""Measures beside published examples, closed forms and brute force."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from fupin import measures
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import ndtri
from scipy.stats import norm

ONES = np.ones(4)


def brute_gini(values: list[float], weights: list[float]) -> float:
    """Mean absolute difference over all pairs / (2 x mean)."""
    pairs = list(zip(values, weights, strict=True))
    total = sum(weights)
    difference = sum(v * w * abs(a - b) for a, v in pairs for b, w in pairs) / total**2
    return difference / (2 * sum(a * v for a, v in pairs) / total)


def test_fgt_of_the_world_bank_handbook() -> None:
    """Haughton & Khandker (2009), Handbook on Poverty and Inequality, ch. 4: line 125."""
    country = np.array([100.0, 110.0, 150.0, 160.0])
    assert measures.foster_greer_thorbecke(country, 125, ONES, 0) == 0.5
    assert measures.foster_greer_thorbecke(country, 125, ONES, 1) == pytest.approx(0.08)
    assert measures.foster_greer_thorbecke(country, 125, ONES, 2) == pytest.approx(0.0136)


def test_the_line_itself_is_not_poor_and_a_loss_is_no_income() -> None:
    income = np.array([1196.0, 1195.9, -5000.0, 0.0], np.float32)
    assert measures.foster_greer_thorbecke(income, 1196, ONES, 0) == 0.75
    gaps = measures.poverty_gaps(income, 1196)
    assert gaps.tolist()[2:] == [1.0, 1.0]
    assert gaps[0] == 0


def test_fgt_refuses_what_has_no_meaning() -> None:
    with pytest.raises(ValueError, match="alpha"):
        measures.foster_greer_thorbecke(ONES, 1, ONES, 3)
    for line in (0, -0.5, -1196):
        with pytest.raises(ValueError, match="positive"):
            measures.foster_greer_thorbecke(ONES, line, ONES, 1)
    # A line of less than one is one, in thousands of yuan say.
    assert measures.foster_greer_thorbecke(ONES / 4, 0.5, ONES, 2) == 0.25


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.float64, 30, elements=st.floats(-100, 5000)),
    hnp.arrays(np.int64, 30, elements=st.integers(1, 50)),
    hnp.arrays(np.int64, 30, elements=st.integers(0, 2)),
    st.sampled_from([0, 1, 2]),
)
def test_fgt_is_decomposable(
    income: np.ndarray, weights: np.ndarray, group: np.ndarray, alpha: int
) -> None:
    """The index of all is the population-weighted mean of the groups' indices."""
    whole = measures.foster_greer_thorbecke(income, 1196, weights, alpha)
    parts = [
        measures.foster_greer_thorbecke(income[group == g], 1196, weights[group == g], alpha)
        * weights[group == g].sum()
        for g in range(3)
        if (group == g).any()
    ]
    assert whole == pytest.approx(sum(parts) / weights.sum(), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.float64, 12, elements=st.floats(1, 5000, width=32)),
    hnp.arrays(np.int64, 12, elements=st.integers(1, 9)),
    st.sampled_from([0, 1, 2]),
)
def test_a_weight_is_that_many_people(income: np.ndarray, weights: np.ndarray, alpha: int) -> None:
    repeated = np.repeat(income, weights)
    ones = np.ones(len(repeated))
    fgt = measures.foster_greer_thorbecke
    assert fgt(income, 900, weights, alpha) == pytest.approx(fgt(repeated, 900, ones, alpha))
    assert measures.gini(income, weights) == pytest.approx(measures.gini(repeated, ones), abs=1e-9)
    assert measures.weighted_mean(income, weights) == pytest.approx(repeated.mean())


def test_gini_of_known_lists() -> None:
    assert measures.gini(np.full(7, 3.0), np.ones(7)) == pytest.approx(0, abs=1e-12)
    assert measures.gini(np.array([0, 0, 0, 1.0]), ONES) == pytest.approx(3 / 4)
    for n in (2, 5, 100):  # 1, 2, ..., n: (n - 1) / 3n
        listed = np.arange(1, n + 1, dtype=np.float64)
        assert measures.gini(listed, np.ones(n)) == pytest.approx((n - 1) / (3 * n))
    assert math.isnan(measures.gini(np.array([-1.0, -2.0]), np.ones(2)))
    assert math.isnan(measures.gini(np.array([-1.0, 1.0]), np.ones(2)))  # a mean of nothing
    assert math.isnan(measures.gini(np.array([-1.0, 0.5]), np.ones(2)))
    # Losses can make it larger than one: mean difference 3 / 2, mean 1 / 2.
    assert measures.gini(np.array([-1.0, 2.0]), np.ones(2)) == pytest.approx(1.5)


def test_gini_of_a_lognormal_and_a_pareto_distribution() -> None:
    """Closed forms: 2 Phi(sigma / sqrt 2) - 1 (Aitchison & Brown 1957); 1 / (2 a - 1)."""
    points = (np.arange(200_000) + 0.5) / 200_000
    incomes = np.exp(0.62 * ndtri(points)).astype(np.float32)
    expected = 2 * norm.cdf(0.62 / math.sqrt(2)) - 1
    assert measures.gini(incomes, np.ones(len(points))) == pytest.approx(expected, abs=2e-4)
    pareto = (1 - points) ** (-1 / 3.0)
    assert measures.gini(pareto, np.ones(len(points))) == pytest.approx(1 / 5, abs=5e-4)


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.float64, 15, elements=st.floats(-50, 5000, width=32)).filter(
        lambda a: a.sum() > 500
    ),
    hnp.arrays(np.int64, 15, elements=st.integers(1, 9)),
)
def test_gini_equals_the_mean_difference(values: np.ndarray, weights: np.ndarray) -> None:
    if (values * weights).sum() <= 500:
        return
    expected = brute_gini(values.tolist(), weights.tolist())
    assert measures.gini(values, weights) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.float32, 20, elements=st.floats(1, 5000, width=32)),
    st.sampled_from([0.25, 2.0, 64.0]),
    st.randoms(),
)
def test_gini_and_fgt_do_not_know_the_currency(
    values: np.ndarray, factor: float, random: object
) -> None:
    """Scale invariance, anonymity, and Pigou-Dalton: a gift from rich to poor lowers the Gini."""
    weights = np.ones(20)
    before = measures.gini(values, weights)
    assert measures.gini(values * np.float32(factor), weights) == pytest.approx(before, abs=1e-9)
    fgt = measures.foster_greer_thorbecke
    assert fgt(values * np.float32(factor), 900 * factor, weights, 2) == pytest.approx(
        fgt(values, 900, weights, 2), abs=1e-12
    )
    shuffled = values.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert measures.gini(shuffled, weights) == pytest.approx(before, abs=1e-9)
    rich, poor = int(values.argmax()), int(values.argmin())
    gift = (values[rich] - values[poor]) / 4
    if gift > 1:
        fairer = values.astype(np.float64)
        fairer[rich] -= gift
        fairer[poor] += gift
        assert measures.gini(fairer, weights) < before


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.float32, 50, elements=st.floats(-1e6, 1e6, width=32).map(lambda x: x + 0.0)))
def test_rank_is_a_stable_sort(values: np.ndarray) -> None:
    assert measures.rank(values).tolist() == np.argsort(values, kind="stable").tolist()


def test_three_million_households_in_half_a_second() -> None:
    values = np.random.default_rng(1).lognormal(8, 0.6, 3_300_000).astype(np.float32)
    weights = np.full(len(values), 4, np.int32)
    best = math.inf
    for _ in range(2):  # the better of two: other work on the machine is not our speed
        start = time.process_time()
        measures.gini(values, weights)
        best = min(best, time.process_time() - start)
    assert best < 0.5


def test_transient_share_by_hand() -> None:
    """Year incomes 50 and 100 at a line of 100: total .125, at the mean .0625, so half."""
    one = np.ones(1)
    assert measures.transient_share(np.array([[50.0, 100.0]]), 100, one) == pytest.approx(0.5)
    assert measures.transient_share(np.array([[50.0, 150.0]]), 100, one) == pytest.approx(1.0)
    assert measures.transient_share(np.array([[50.0, 50.0]]), 100, one) == pytest.approx(0.0)
    both = np.array([[50.0, 100.0], [50.0, 50.0]])  # total .125 + 3 x .25, chronic .0625 + 3 x .25
    share = measures.transient_share(both, 100, np.array([1, 3]))
    assert share == pytest.approx(0.0625 / 0.875)
    assert math.isnan(measures.transient_share(np.array([[200.0, 200.0]]), 100, one))


def test_transient_share_follows_dated_lines() -> None:
    panel = np.array([[50.0, 100.0], [80.0, 300.0]])
    rising = panel * np.array([1.0, 1.2])
    fixed = measures.transient_share(panel, 100, np.ones(2))
    dated = measures.transient_share(rising, np.array([100.0, 120.0]), np.ones(2))
    assert dated == pytest.approx(fixed)


def test_exits_and_new_poor() -> None:
    before = np.array([True, True, True, False, False])
    after = np.array([True, False, False, True, False])
    people = np.array([5, 3, 1, 2, 90])
    assert measures.exit_rate(before, after, people) == pytest.approx(4 / 9)
    assert measures.new_poor_share(before, after, people) == pytest.approx(2 / 7)
    nobody = np.zeros(5, bool)
    assert math.isnan(measures.exit_rate(nobody, after, people))


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.float32, 40, elements=st.floats(0, 5000, width=32)),
    hnp.arrays(np.float32, 40, elements=st.floats(0, 5000, width=32)),
    hnp.arrays(np.int64, 40, elements=st.integers(1, 6)),
)
def test_groups_have_equal_weight_up_to_one_household(
    before: np.ndarray, after: np.ndarray, weights: np.ndarray
) -> None:
    group = measures.quantile_groups(before, weights, 5)
    sizes = np.bincount(group, weights=weights, minlength=5)
    assert np.abs(sizes - weights.sum() / 5).max() <= weights.max()
    for lower in range(4):
        if (group == lower).any() and (group == lower + 1).any():
            assert before[group == lower].max() <= before[group == lower + 1].min()


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(np.float32, 60, elements=st.floats(-20, 3, width=32)),
    hnp.arrays(np.int64, 60, elements=st.integers(0, 6)),
    st.integers(1, 12),
)
def test_groups_are_those_of_a_full_sort(
    values: np.ndarray, weights: np.ndarray, groups: int
) -> None:
    order = np.lexsort((np.arange(60), values + np.float32(0)))  # one zero, not two
    middle = np.cumsum(weights[order]) - 0.5 * weights[order]
    expected = np.empty(60, int)
    total = max(int(weights.sum()), 1)
    expected[order] = np.minimum(middle * groups / total, groups - 1).astype(int)
    found = measures.quantile_groups(values + np.float32(0), weights, groups)
    assert found.tolist() == expected.tolist()


def test_groups_of_nobody() -> None:
    """Without people there are no groups; where nobody has weight all are in the first."""
    assert measures.quantile_groups(np.empty(0), np.empty(0, int), 5).tolist() == []
    assert measures.quantile_groups(np.array([3.0, 1.0]), np.zeros(2), 5).tolist() == [0, 0]
    assert measures.rank(np.empty(0)).tolist() == []


def test_counts_of_persons_are_whole_and_do_not_overflow() -> None:
    chosen = np.array([True, True, False, True])
    small = np.array([200, 100, 1, 255], np.uint8)
    assert measures.count(chosen, small) == 555
    assert measures.count(chosen, small / 10) == 56  # 55.5, to the even
    assert measures.count(chosen, np.full(4, 2**51)) == 3 * 2**51
