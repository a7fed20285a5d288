"""Sums by fifth of income agree with numpy's, household by household."""

from __future__ import annotations

import numpy as np
from fupin.measures.fifths import fill_persons, sum_by_fifth


def test_sums_are_those_of_numpy() -> None:
    rng = np.random.default_rng(7)
    counts = rng.integers(1, 9, 40)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    n, weight = int(offsets[-1]), rng.integers(1, 20, 40).astype(np.int64)
    here, there = (rng.integers(1, 7, n).astype(np.uint8) for _ in range(2))
    income, before = (rng.normal(3000, 900, n).astype(np.float32) for _ in range(2))
    before[::3] = income[::3]
    fifth = rng.integers(0, 5, n).astype(np.int8)
    sums, least = np.zeros((5, 5)), np.float32(0.01)
    sum_by_fifth(offsets, weight, fifth, here, there, income, before, least, sums)
    each = np.repeat(weight, counts)
    persons, change = each * np.minimum(here, there), income - before
    bound = least * np.abs(before)
    columns = (
        persons, np.where(change > bound, persons, 0), np.where(change < -bound, persons, 0),
        income * persons, before * persons,
    )  # fmt: skip
    for k, column in enumerate(columns):
        expected = np.bincount(fifth, weights=column, minlength=5)
        np.testing.assert_allclose(sums[:, k], expected, rtol=1e-12)
    out = np.empty(n)
    fill_persons(offsets, weight, here, out)
    np.testing.assert_array_equal(out, each * here)
