"""Nobody gets past the register without being told: random plans of the same money."""

from __future__ import annotations

import numpy as np
from fupin.scenario.load import load_scenario

from benchmarks.gaming import DIVIDED, MONEY, best_by_lifted, random_plans, tried


def test_random_plans_divide_the_same_money() -> None:
    plans = list(random_plans(load_scenario("fupin:2009-document"), 20))
    for plan, money in plans:
        assert sum(money.values()) == MONEY
        totals = plan.class_totals()
        assert totals["fiscal"] + totals["social"] == MONEY and totals["credit"] == 0
    shares = np.array([list(money.values()) for _, money in plans]) / MONEY
    assert (shares.max(axis=1) > 0.5).any()  # corners are tried
    assert (shares > 0.2).sum(axis=0).min() < len(DIVIDED)


def test_what_lifts_most_is_no_fiction_or_fupin_says_so() -> None:
    plans = tried(40, 0.01)
    best = best_by_lifted(plans, 8)
    assert all(plan.honest for plan in best)
    assert best[0].lifted > 0
    assert len({round(plan.person_years) for plan in plans}) > 30  # plans do differ
