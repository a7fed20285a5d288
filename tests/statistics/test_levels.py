"""Levels of a factor in the same worlds: other factors are no luck, draws and seeds are."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from fupin.statistics.levels import grid_of, rows_of_levels
from fupin.statistics.pairs import difference
from hypothesis import given, settings
from hypothesis import strategies as st


def differences(idle: int, draws: int, seeds: int, chance: int) -> Any:
    """What a second level changes, where a further factor has so many values and does nothing."""
    rng = np.random.default_rng(chance)
    effect = rng.normal(100.0, 50.0, (draws, seeds))
    runs = list(product((1.0, 2.0), range(draws), range(seeds), range(idle)))
    values = np.array([effect[d, s] * level for level, d, s, _ in runs])
    columns = [list(column) for column in zip(*runs, strict=True)]
    rows = rows_of_levels(columns[0], columns[1], columns[2], columns[3])
    assert rows is not None
    return difference(grid_of(values, rows[2.0]) - grid_of(values, rows[1.0]))


@given(st.integers(2, 9), st.integers(1, 5), st.integers(1, 4), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_factor_that_does_nothing_adds_no_knowledge(
    idle: int, draws: int, seeds: int, chance: int
) -> None:
    alone, crossed = (differences(n, draws, seeds, chance) for n in (1, idle))
    for name in ("mean", "low", "high"):
        known = None if alone[name] is None else pytest.approx(alone[name], rel=1e-6, abs=1e-6)
        assert crossed[name] == known


def test_levels_of_other_worlds_are_none() -> None:
    assert rows_of_levels([1, 2], ["a", "b"], [1, 1], [(), ()]) is None
    assert rows_of_levels([1, 1], ["a", "b"], [1, 1], [(), ()]) is None
    found = rows_of_levels([1, 2], ["a", "a"], [1, 1], [(), ()])
    assert found is not None and {level: rows.tolist() for level, rows in found.items()} == {
        1: [[[0]]], 2: [[[1]]],
    }  # fmt: skip
