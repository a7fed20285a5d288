"""Savings within a year, though no month writes them: what a purse would hold."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.model import PovertyModel
from fupin.world.watching import Watcher
from fupin.world.world import World
from small_worlds import plan


class Purse(Watcher):
    """What households have after the month's income and consumption, before December settles."""

    def __init__(self) -> None:
        self.after_live: dict[str, np.ndarray] = {}

    def after(self, world: World, phase: str, programme: object) -> None:
        if phase == "migrate_earn_and_consume":
            h, rows = world.households, np.arange(world.households.size.size)
            saved = world.savings_of(rows)
            self.after_live.update(saved=saved, reserve=h.reserve.copy(), earned=h.earned.copy())


@pytest.mark.parametrize("start", ["2009-01", "2009-05"])
def test_every_month_spends_a_twelfth_of_the_plan(start: str) -> None:
    """Savings change by income, by what comes beside it, and by a twelfth of consumption."""
    watcher = Purse()
    period = {"start": start, "end": "2010-02"}
    model = PovertyModel(plan(period=period), rng=1, sample=0.005, watchers=(watcher,))
    h, rows = model.households, np.arange(model.households.size.size)
    after = watcher.after_live
    while model.running:
        month, saved, reserve = model.month, model.world.savings_of(rows), h.reserve.copy()
        earned = h.earned * (month > 1)  # January begins a new account
        model.step()
        beside = (after["reserve"] - reserve) + (after["earned"] - earned)
        spent = saved + beside - after["saved"]
        np.testing.assert_allclose(spent, h.plan / 12, atol=5e-6)
        if month == 12:
            np.testing.assert_array_equal(model.world.savings_of(rows), h.reserve)


def test_rows_are_named_as_numpy_names_them() -> None:
    model = PovertyModel(plan(), rng=1, sample=0.002)
    for _ in range(2):  # settled, and within a year
        poor = model.households.registered > 0
        of_mask, of_rows = (
            model.world.savings_of(poor),
            model.world.savings_of(np.flatnonzero(poor)),
        )
        np.testing.assert_array_equal(of_mask, of_rows)
        for rows in (np.array([poor.size]), np.zeros((2, 2), np.int64)):
            with pytest.raises(IndexError):
                model.world.savings_of(rows)
        model.step()
