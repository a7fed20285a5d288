"""The one quantile: against numpy's type 6, by hand, and how many further numbers it holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fupin.statistics.quantiles import central_interval, quantile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


@given(
    hnp.arrays(float, hnp.array_shapes(max_dims=2, max_side=40), elements=st.floats(-1e6, 1e6)),
    st.floats(0, 1),
)
def test_it_is_type_6_along_the_first_axis(values: np.ndarray, share: float) -> None:
    expected = np.quantile(values, share, axis=0, method="weibull")
    np.testing.assert_allclose(quantile(values, share), expected, atol=1e-6)


def test_by_hand() -> None:
    nineteen = np.arange(19, 0, -1)
    assert [float(end) for end in central_interval(nineteen)] == [1.0, 19.0]
    assert float(quantile([0.0, 2.0, 5.0, 10.0], 0.5)) == 3.5
    assert float(quantile([0.0, 2.0, 5.0, 10.0], 0.9)) == 10.0  # four have no 90% quantile
    assert quantile([7.0], 0.3).shape == () and float(quantile([7.0], 0.3)) == 7.0


@pytest.mark.parametrize("draw", ["normal", "exponential", "standard_cauchy"])
def test_nine_of_ten_further_numbers_lie_between_the_ends(draw: str) -> None:
    """Whatever the distribution; numpy's default would hold 82% (twenty numbers)."""
    rng = np.random.default_rng(4)
    known, further = getattr(rng, draw)(size=(20, 4000)), getattr(rng, draw)(size=4000)
    low, high = central_interval(known)
    assert ((low <= further) & (further <= high)).mean() == pytest.approx(0.9, abs=0.02)
    low, high = np.quantile(known, (0.05, 0.95), axis=0)
    assert ((low <= further) & (further <= high)).mean() < 0.85


@pytest.mark.parametrize("wrong", [([], 0.5), ([1.0, math.nan], 0.5), ([1.0], 1.5), ([1.0], -0.1)])
def test_what_has_no_quantile_is_refused(wrong: tuple[list[float], float]) -> None:
    with pytest.raises(ValueError, match="quantile"):
        quantile(*wrong)
