"""Scratch memory is as long as whole rounds of a loop, and no longer."""

from __future__ import annotations

from fupin.kernels.lanes import LANES, up_to
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, 10_000), st.sampled_from([1, 8, LANES]))
def test_the_next_multiple(n: int, step: int) -> None:
    end = up_to(n, step)
    assert end % step == 0
    assert n <= end < n + step
