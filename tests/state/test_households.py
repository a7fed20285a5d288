"""Household columns: one array a variable, the composition from the frame, nothing shared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from fupin import paths
from fupin.scenario.programmes import PROGRAMMES
from fupin.state.households import (
    COLUMNS,
    DTYPES,
    REACHED,
    U8,
    Column,
    Households,
    Kept,
    bit_of,
    columns_of,
    new_households,
    reached_by,
)
from small_worlds import province

COMPOSITION = ("size", "labour", "elderly", "children", "schooling", "migrants", "frail")
SPECIFICATION = paths.PACKAGE.parents[1] / "docs" / "odd.md"


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


@pytest.mark.parametrize("name", Households._fields)
def test_every_column_says_what_it_is_and_is_made_so(name: str) -> None:
    column = COLUMNS[name]
    assert isinstance(column, Column)
    assert column.life in ("fixed", "january", "kept")
    assert column.unit
    assert column.meaning
    assert column.in_frame == (name in COMPOSITION)
    assert getattr(new_households(province(0.01)), name).dtype == DTYPES[name]


def test_a_column_without_an_entry_is_noticed() -> None:
    class Bare(NamedTuple):
        size: U8

    assert list(COLUMNS) == list(DTYPES) == list(Households._fields)
    with pytest.raises(TypeError, match="size"):
        columns_of(Bare)


def test_the_specification_shows_the_same_columns() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in SPECIFICATION.read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    types = {row[0].strip("`"): row[1] for row in rows if len(row) == 5}
    found = {name: types.get(name) for name in Households._fields}
    assert found == {name: str(dtype) for name, dtype in DTYPES.items()}


def test_what_is_kept_is_put_back_and_nothing_else() -> None:
    h = new_households(province(0.01))
    kept = Kept(h)
    before = [column.copy() for column in h]
    for column in h:
        column += 1
    kept.put_back(h)
    for name, was in zip(Households._fields, before, strict=True):
        assert (getattr(h, name) == was).all() == (COLUMNS[name].life == "kept"), name


def test_programmes_have_room_in_the_column_of_whom_they_reached() -> None:
    bits = 8 * np.dtype(REACHED).itemsize
    assert bits >= len(PROGRAMMES) + 8  # a plan's own programmes come
    assert DTYPES["reached"] == REACHED
    h = new_households(province(0.01))
    for programme in range(bits):
        h.reached[programme] |= bit_of(programme)
    for programme in range(bits):
        assert np.flatnonzero(reached_by(h.reached, programme)).tolist() == [programme]
    for programme in (-1, bits):
        with pytest.raises(ValueError, match="32 bits"):
            bit_of(programme)
