"""Games of single households: what is known exactly is exact, and parts always sum."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from fupin.allocation.attribution_game import coalitions
from fupin.allocation.attribution_households import household_years, shares_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

MANY = 12


def rule(players: int, worth: object, masks: list[int] | None = None) -> dict[int, np.ndarray]:
    """Worths of one game from a function of the set of players."""
    assert callable(worth)
    found = {}
    for mask in masks if masks is not None else coalitions(players):
        group = frozenset(i for i in range(players) if mask >> i & 1)
        found[mask] = np.array([float(worth(group))])
    return found


@pytest.mark.parametrize("players", [6, MANY])
@pytest.mark.parametrize("who", [(2,), (0, 5), (1, 3, 4), (0, 1, 2, 3)])
def test_any_of_some_and_all_of_some_divide_evenly(players: int, who: tuple[int, ...]) -> None:
    for worth in (lambda s: bool(s & set(who)), lambda s: set(who) <= s):
        found, matter = shares_of(players, rule(players, worth))
        assert matter.tolist() == [len(who)]
        expected = [1 / len(who) if i in who else 0.0 for i in range(players)]
        assert found[0] == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**16 - 1), st.integers(0, MANY - 4))
def test_four_that_matter_among_many_are_exact(bits: int, first: int) -> None:
    """Any game of 0 and 1 that hangs on four players, beside the mean over all orders."""
    who = [first + k for k in range(4)]
    table = [bits >> k & 1 for k in range(16)]
    table[0] = 0

    def worth(group: frozenset[int]) -> int:
        return table[sum(1 << k for k, i in enumerate(who) if i in group)]

    def adds(k: int, places: tuple[int, ...]) -> bool:
        """Whether the k-th changes anything when it joins so many others."""
        without = [m for m in range(16) if not m >> k & 1 and m.bit_count() in places]
        return any(table[m] != table[m | 1 << k] for m in without)

    assume(all(adds(k, (0, 1, 3)) or not adds(k, (2,)) for k in range(4)))  # all are seen
    expected = np.zeros(MANY)
    for order in itertools.permutations(who):
        before: frozenset[int] = frozenset()
        for i in order:
            expected[i] += worth(before | {i}) - worth(before)
            before |= {i}
    found, _ = shares_of(MANY, rule(MANY, worth))
    assert found[0] == pytest.approx(expected / 24)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sets(st.integers(0, MANY - 1), min_size=1, max_size=5), max_size=5))
def test_parts_sum_and_nobody_takes_away_where_help_only_helps(ways: list[set[int]]) -> None:
    """A household that is helped by any of some groups, each of which helps as a whole."""
    found, matter = shares_of(MANY, rule(MANY, lambda s: any(way <= s for way in ways)))
    assert found.sum() == pytest.approx(float(bool(ways)))
    assert found.min() >= -1e-12
    helpers = {i for way in ways for i in way}
    if matter[0] < MANY:  # else no world shows who helps
        assert all(found[0, i] == 0.0 for i in range(MANY) if i not in helpers)


def test_tables_of_worlds_become_years_of_households() -> None:
    def table(*rows: tuple[int, int, int]) -> dict[str, np.ndarray]:
        ids, out, into = (np.array(c, np.int64) for c in zip(*rows, strict=True)) if rows else (
            np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))  # fmt: skip
        size = len(ids)
        return {"household": ids, "county": np.full(size, 130101), "persons": np.full(size, 4),
                "out": out, "into": into}  # fmt: skip

    tables = {
        0b00: table(),
        0b01: table((7, 0b01, 0), (9, 0, 0b10)),
        0b10: table((7, 0b01, 0)),
        0b11: table((7, 0b11, 0), (9, 0, 0b10)),
    }
    found = household_years(2, tables, [2009, 2010])
    rows = list(zip(found.household, found.year, found.sign, found.share.tolist(), strict=True))
    assert rows == [
        (7, 2009, 1, [0.5, 0.5]),  # either would do
        (7, 2010, 1, [0.5, 0.5]),  # both are needed
        (9, 2010, -1, [-1.0, 0.0]),
    ]
    assert found.changed.all() and found.matter.tolist() == [2, 2, 1]
