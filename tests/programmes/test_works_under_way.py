"""Works that are paid and not finished: each is finished after its months of building, once."""

from __future__ import annotations

import numpy as np
from fupin.programmes.works_under_way import WorksUnderWay, after_a_month
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.integers(1, 6), max_size=8))
def test_each_is_finished_in_its_month_and_none_is_lost(months: list[int]) -> None:
    none = np.zeros(0, np.int64)
    works = [WorksUnderWay(0, none, none.astype(float), yuan, n) for yuan, n in enumerate(months)]
    finished: dict[int, int] = {}
    for month in range(1, 8):
        works, done = after_a_month(works)
        finished |= {one.yuan: month for one in done}
    assert not works
    assert [finished[yuan] for yuan in range(len(months))] == months
