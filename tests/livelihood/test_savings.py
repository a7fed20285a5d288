"""Savings within a year, though no month writes them: what a purse would hold."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.model import PovertyModel
from small_worlds import plan


@pytest.mark.parametrize("start", ["2009-01", "2009-05"])
def test_every_month_spends_a_twelfth_of_the_plan(start: str) -> None:
    """Savings change by income, by what comes beside it, and by a twelfth of consumption."""
    model = PovertyModel(plan(period={"start": start, "end": "2010-02"}), rng=1, sample=0.005)
    h, rows = model.households, np.arange(model.households.size.size)
    live, after = model.migrate_earn_and_consume, {}

    def watched() -> None:
        live()
        after.update(saved=model.savings_of(rows), reserve=h.reserve.copy(), earned=h.earned.copy())

    model.migrate_earn_and_consume = watched  # type: ignore[method-assign]
    while model.running:
        month, saved, reserve = model.month, model.savings_of(rows), h.reserve.copy()
        earned = h.earned * (month > 1)  # January begins a new account
        model.step()
        beside = (after["reserve"] - reserve) + (after["earned"] - earned)
        spent = saved + beside - after["saved"]
        np.testing.assert_allclose(spent, h.plan / 12, atol=5e-6)
        if month == 12:
            np.testing.assert_array_equal(model.savings_of(rows), h.reserve)


def test_rows_are_named_as_numpy_names_them() -> None:
    model = PovertyModel(plan(), rng=1, sample=0.002)
    for _ in range(2):  # settled, and within a year
        poor = model.households.registered > 0
        of_mask, of_rows = model.savings_of(poor), model.savings_of(np.flatnonzero(poor))
        np.testing.assert_array_equal(of_mask, of_rows)
        for rows in (np.array([poor.size]), np.zeros((2, 2), np.int64)):
            with pytest.raises(IndexError):
                model.savings_of(rows)
        model.step()
