"""Counties: noise is shrunk away, what differs is found, and they sum to their programme."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.allocation.counties import CountyCurve, shrunk
from fupin.allocation.county_search import cells_of, search_counties
from fupin.allocation.curves import fit
from fupin.allocation.measured import Lever
from fupin.allocation.search import Cell, Problem

START = 100_000_000
DOSES = [0, 50_000_000, 150_000_000, 200_000_000]
LEVER = Lever("works", "fiscal", START, 0, 2 * START)
CURVE = fit(DOSES, [-9000.0, -4000.0, 3500.0, 6500.0], [100.0] * 4, START)


def measured(true: np.ndarray, noise: float, seed: int, shared: bool = False) -> list[CountyCurve]:
    """Counties of equal shares that gain `true` times the mean, in 4 pairs with noise.

    Args:
        shared: all doses of a pair have the same luck, as those of twins have.
    """
    chance = np.random.default_rng(seed)
    n = true.size
    shares = dict.fromkeys(range(1, n + 1), 1.0 / n)
    gains = {}
    for k in range(n):
        mean = true[k] / n * CURVE.value(DOSES)
        sd = noise * np.sqrt(np.abs(np.array(DOSES) - START) / START)
        luck = chance.normal(0, 1, (1 if shared else 4, 4, 1))
        if shared:
            luck = luck * np.sign(np.array(DOSES) - START)[:, None, None]
        gains[k + 1] = mean[:, None, None] + luck * sd[:, None, None]
    return shrunk(LEVER, CURVE, DOSES, shares, gains)


@pytest.mark.parametrize("noise", [20.0, 200.0])
def test_equal_counties_are_shrunk_to_their_programme(noise: float) -> None:
    found = measured(np.ones(40), noise, 1)
    raw, times = (np.array([getattr(one, n) for one in found]) for n in ("raw", "times"))
    assert times.std() < 0.35 * raw.std()
    assert np.abs(times - 1).max() < 0.25


def test_luck_that_all_doses_share_is_no_difference_between_counties() -> None:
    """Four doses of one luck know no more than one: equal counties stay nearly equal."""
    apart = []
    for seed in range(12):
        found = measured(np.ones(40), 200.0, seed, shared=True)
        raw, times = (np.array([getattr(one, n) for one in found]) for n in ("raw", "times"))
        apart.append(float(times.std() / raw.std()))
    assert np.mean(apart) < 0.35


def test_counties_that_differ_are_told_apart() -> None:
    for seed in range(5):
        times = np.array([one.times for one in measured(np.tile([0.4, 1.6], 20), 60.0, seed)])
        assert times[::2].mean() < 0.7 and times[1::2].mean() > 1.3


def test_shrinking_comes_nearer_the_truth() -> None:
    raw_error = shrunk_error = 0.0
    for seed in range(6):
        true = np.maximum(1.0 + 0.25 * np.random.default_rng(seed).normal(size=40), 0.1)
        found = measured(true / true.mean(), 150.0, seed)
        raw, times = (np.array([getattr(one, n) for one in found]) for n in ("raw", "times"))
        raw_error += float(((raw - true) ** 2).mean())
        shrunk_error += float(((times - true) ** 2).mean())
    assert shrunk_error < 0.8 * raw_error


def test_counties_sum_to_their_programme() -> None:
    found = measured(np.tile([0.5, 1.0, 1.5], 10), 50.0, 3)
    assert sum(one.share * one.times for one in found) == pytest.approx(1.0)
    cell = Cell("works", "fiscal", START, 0, 2 * START, {"person_years_out": CURVE})
    cells = cells_of(Problem((cell,), "person_years_out", {"fiscal": START}), found)
    assert sum(c.start for c in cells) == START and sum(c.most for c in cells) == 2 * START
    for dose in DOSES:
        parts = [float(c.curves["person_years_out"].value(dose / 30)) for c in cells]
        assert sum(parts) == pytest.approx(float(CURVE.value(dose)), rel=1e-6)


def test_money_goes_to_counties_where_it_does_more() -> None:
    found = measured(np.tile([0.4, 1.6], 10), 30.0, 2)
    cell = Cell("works", "fiscal", START, 0, 2 * START, {"person_years_out": CURVE})
    other = Cell("fixed", "fiscal", 5, 5, 5, {"person_years_out": CURVE})
    problem = Problem((cell, other), "person_years_out", {"fiscal": START + 5}, unit=10_000)
    money = search_counties(problem, found)
    assert sum(money["works"].values()) == START
    poor = sum(yuan for county, yuan in money["works"].items() if county % 2 == 1)
    assert poor < 0.3 * START
