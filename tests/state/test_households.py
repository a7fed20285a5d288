"""Household columns: one array a variable, the composition from the frame, nothing shared."""

from __future__ import annotations

import numpy as np
from fupin.state.households import new_households
from small_worlds import province

COMPOSITION = ("size", "labour", "elderly", "children", "schooling", "migrants", "frail")


def test_households_are_those_of_the_frame():
    frame = province(0.01)
    h = new_households(frame)
    for name in COMPOSITION:
        np.testing.assert_array_equal(getattr(h, name), getattr(frame.households, name))
    assert {c.shape for c in h} == {(len(frame.households),)}
    assert (h.labour.astype(int) + h.elderly + h.children <= h.size).all()
    assert (h.migrants <= h.labour).all()


def test_everything_else_starts_at_zero():
    h = new_households(province(0.01))
    for name in set(h._fields) - set(COMPOSITION):
        assert not getattr(h, name).any(), name


def test_a_life_cannot_change_the_frame_nor_another_life():
    frame = province(0.01)
    one, two = new_households(frame), new_households(frame)
    for column in one:
        assert column.flags.writeable
        assert column.flags.c_contiguous
    one.size[:] = 9
    assert (two.size != 9).any()
    assert (np.asarray(frame.households.size) != 9).any()
    columns = list(one)
    for i, a in enumerate(columns):
        assert not any(np.shares_memory(a, b) for b in columns[i + 1 :])


def test_a_household_costs_less_than_a_hundred_bytes():
    # Fourteen million households have to fit into the memory of an office computer.
    h = new_households(province(0.01))
    assert sum(c.itemsize for c in h) < 100
