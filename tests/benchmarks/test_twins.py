"""What twins are worth: the arithmetic of the benchmark, a small version, and the full one."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.results.draws import CENTRAL
from scipy import stats

from benchmarks import twins


def made_up(rng: np.random.Generator, runs: int, luck: float, own: float) -> twins.Values:
    shared = rng.normal(0, luck, runs)
    arms = [{k: shared + rng.normal(m, own, runs) for k in twins.SHOWN} for m in (100.0, 110.0)]
    return arms  # type: ignore[return-value]


def test_welch_is_scipys() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(0, 1, 12), rng.normal(0, 3, 9)
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.90)
    assert twins.welch(a, b) == pytest.approx((interval.high - interval.low) / 2)
    assert twins.welch(np.ones(3), np.ones(3)) == 0


def test_shared_luck_is_what_twins_remove() -> None:
    base, plan = made_up(np.random.default_rng(2), 80, luck=10.0, own=1.0)
    ratios = [one.ratio for one in twins.widths(base, plan, 40)]
    # sd of a difference 1.41 as twins, 14.2 otherwise.
    assert 7 < float(np.median(ratios)) < 14
    base, plan = made_up(np.random.default_rng(2), 80, luck=0.0, own=1.0)
    assert 0.7 < float(np.median([one.ratio for one in twins.widths(base, plan, 40)])) < 1.4


def test_coverage_counts_intervals_that_hold_the_mean() -> None:
    base, plan = made_up(np.random.default_rng(3), 1000, luck=5.0, own=1.0)
    covered = twins.coverage(base, plan, 200)
    assert set(covered) == set(twins.SHOWN)
    assert all(0.84 <= share <= 0.96 for share in covered.values())


def test_twins_are_narrower_in_a_small_province() -> None:
    base, plan = twins.live(twins.scenarios(0.02), range(1, 9), CENTRAL, 1)
    for one in twins.widths(base, plan, 4):
        if one.outcome in twins.WANTED:
            assert one.ratio >= twins.NARROWER, one


@pytest.mark.slow
def test_twins_are_narrower_over_twenty_seeds() -> None:
    base, plan = twins.live(twins.scenarios("default"), range(1, 41), CENTRAL, None)
    for one in twins.widths(base, plan, 20):
        if one.outcome in twins.WANTED:
            assert one.ratio >= twins.NARROWER, one


@pytest.mark.slow
def test_the_interval_covers_in_two_hundred_replications() -> None:
    """90% within three standard errors of 2.1 points, as nine outcomes are looked at."""
    runs = 200 * twins.PAIRS_IN_A_REPLICATION
    arms = twins.live(twins.scenarios(0.02), range(1, runs + 1), CENTRAL, None)
    covered = twins.coverage(arms[0], arms[1], 200)
    for outcome, share in covered.items():
        assert 0.836 <= share <= 0.964, (outcome, share)
