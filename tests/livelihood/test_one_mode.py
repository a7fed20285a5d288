"""Incomes have one mode, as in surveys: in the province, in key counties, in listed villages.

The old law of incomes had a class apart: households without labour power, 4% of the people and
half of the poor, made a second hump at 400 to 600 yuan. Few then stand where a programme could
move them over the line.
"""

from __future__ import annotations

import numpy as np
import pytest
from fupin.livelihood.levels import solve_levels
from fupin.results.draws import prior_draws
from fupin.state import works
from small_worlds import central, newborn, persons, province

SAMPLE, YEAR = 0.05, 2008
BIN, BINS = 200.0, 60
"""Yuan; incomes up to 12,000, where there are always fewer the more."""
CHANCE = 4.5
"""Standard errors of a dip that is believed, the deepest of 60 bins."""

A_CLASS_APART = {
    "livelihood.frail_loss": -1.45,
    "livelihood.frail_sd": 0.0,
    "livelihood.village_sd": 0.11,
    "livelihood.permanent_sd": 0.13,
}


def incomes(overrides):
    """Income of 2008, persons and place of each household of a history of its own level."""
    frame = province(SAMPLE)
    values = central(overrides)
    core = newborn(frame, values)
    list(core.run(solve_levels(frame, values, works.history(frame, values)), until=YEAR))
    village = frame.village_of_household()
    key = (np.asarray(frame.counties.key) > 0)[np.asarray(frame.villages.county)[village]]
    where = {
        "province": np.ones(village.size, bool),
        "key counties": key,
        "listed villages": np.asarray(frame.villages.listed)[village],
    }
    return core.households.income, persons(core), where


def deepest_dip(income, weight):
    """Standard errors of the deepest place between two higher ones in a histogram of persons."""
    place = np.minimum((income / BIN).astype(int), BINS)
    count, variance = (np.bincount(place, w, BINS + 1)[:BINS] for w in (weight, weight**2))
    left = np.maximum.accumulate(count)
    right = np.maximum.accumulate(count[::-1])[::-1]
    lower = np.minimum(left, right)  # the lower of the highest bins on both sides
    sides = [variance[np.argmax(count[: k + 1] >= lower[k])] for k in range(BINS)]
    return float(np.max((lower - count) / np.sqrt(np.maximum(variance + sides, 1.0))))


@pytest.mark.parametrize("draw", ["central", *(f"prior:{i}" for i in (1, 5, 9, 13, 17))])
def test_incomes_have_one_mode(draw):
    overrides = {d.label: d.overrides for d in prior_draws(17)}.get(draw, {})
    income, weight, where = incomes(overrides)
    for place, rows in where.items():
        assert deepest_dip(income[rows], weight[rows]) < CHANCE, place


def test_a_class_apart_would_be_seen():
    income, weight, where = incomes(A_CLASS_APART)
    for place in ("key counties", "listed villages"):
        assert deepest_dip(income[where[place]], weight[where[place]]) > 2 * CHANCE, place
