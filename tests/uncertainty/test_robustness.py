"""Regret, satisficing and tail means beside values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.uncertainty.robustness import regret, robustness, tail_mean
from hypothesis import given
from hypothesis import strategies as st

# Persons lifted, three plans in four worlds with one seed.
LIFTED = np.array([[10.0, 20.0, 30.0, 40.0], [12.0, 18.0, 30.0, 50.0], [5.0, 25.0, 28.0, 45.0]])


def test_regret_by_hand() -> None:
    assert regret(LIFTED, 1).tolist() == [[2, 5, 0, 10], [0, 7, 0, 0], [7, 0, 2, 5]]
    assert regret(LIFTED, -1).tolist() == [[5, 2, 2, 0], [7, 0, 2, 10], [0, 7, 0, 5]]


def test_the_table_by_hand() -> None:
    y = LIFTED[:, :, None]
    found = robustness(("a", "b", "c"), y, 1, y < 20)
    a, b, c = found
    assert [one.plan for one in found] == ["a", "b", "c"]
    assert (a.mean, b.mean, c.mean) == (25.0, 27.5, 25.75)
    assert (a.mean_regret, b.mean_regret, c.mean_regret) == (4.25, 1.75, 3.5)
    assert (a.max_regret, b.max_regret, c.max_regret) == (10.0, 7.0, 7.0)
    assert a.high_regret == 10.0  # four worlds have no 90% quantile: the largest stands for it
    assert (a.satisficing, b.satisficing, c.satisficing) == (0.75, 0.5, 0.75)
    assert (a.best, b.best, c.best) == (0.125, 0.625, 0.25)  # a and b tie in the third world
    # A tenth of four worlds is less than one: the worst alone.
    assert [one.cvar for one in found] == pytest.approx([10.0, 12.0, 5.0])
    fewer = robustness(("a", "b", "c"), y, -1, None)
    assert [one.satisficing for one in fewer] == [None] * 3
    assert [one.cvar for one in fewer] == pytest.approx([40.0, 50.0, 45.0])


def test_tail_means_by_hand() -> None:
    values = np.arange(1.0, 11.0)
    assert tail_mean(values, 1, 0.1) == 1.0
    assert tail_mean(values, 1, 0.2) == 1.5
    assert tail_mean(values, 1, 0.25) == pytest.approx((1 + 2 + 0.5 * 3) / 2.5)
    assert tail_mean(values, -1, 0.2) == 9.5
    assert tail_mean(values, 1, 1.0) == 5.5
    for wrong in (0.0, 1.5):
        with pytest.raises(ValueError, match="share"):
            tail_mean(values, 1, wrong)


def test_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        robustness(("a",), np.full((1, 2, 1), np.nan), 1, None)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.sampled_from([1, -1]),
    st.floats(0.01, 1.0), st.floats(-1e3, 1e3),
)  # fmt: skip
def test_tail_means_are_coherent(
    values: list[float], sign: int, share: float, shift: float
) -> None:
    x = np.array(values)
    tail = tail_mean(x, sign, share)
    assert sign * tail <= sign * x.mean() + 1e-6
    assert min(values) - 1e-6 <= tail <= max(values) + 1e-6
    assert tail_mean(x + shift, sign, share) == pytest.approx(tail + shift, abs=1e-6)
    # The longer the tail, the milder.
    assert sign * tail <= sign * tail_mean(x, sign, min(1.0, share * 1.5)) + 1e-6
