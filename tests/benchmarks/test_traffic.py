"""The columns that a month is said to read and write are those that it does."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.kernels.words import f32
from fupin.livelihood.core import Core
from fupin.state.households import Households
from small_worlds import CALM, central, copied, live, open_january, province, settled

from benchmarks.traffic import READ, WRITTEN, bandwidth_share, bytes_of_a_month

CHANCE_READS = {"labour", "schooling", "size", "hit", "base"}
"""Read to see whether something happens, without effect in a month in which nothing can."""


@pytest.fixture(scope="module")
def core() -> Core:
    core = settled(province(0.002), central())
    open_january(core, 2009)
    return core


def month(core: Core, before: Households, **hazard: np.float32) -> Households:
    after = copied(before)
    live(core, 2009, 12, after, upto=1, **{**CALM, **hazard})
    return after


def test_a_calm_month_changes_income_of_everybody_and_nothing_else(core: Core) -> None:
    before = core.households
    after = month(core, before)
    for name in Households._fields:
        share = np.mean(getattr(before, name) != getattr(after, name))
        assert share > 0.99 if name == "earned" else share == 0, name


def test_moves_alone_change_the_written_columns_and_no_other(core: Core) -> None:
    before = core.households
    after = month(core, before, migrant_return=f32(0.5))
    changed = {
        n for n in before._fields if not np.array_equal(getattr(before, n), getattr(after, n))
    }
    assert changed == set(WRITTEN)


def test_it_depends_on_the_read_columns_and_on_no_other(core: Core) -> None:
    plain = month(core, core.households)
    for name in Households._fields:
        if name in CHANCE_READS or name == "earned":  # who adds to a column reads it
            continue
        other = copied(core.households)
        column = getattr(other, name)
        column[:] = 1 - column if name in ("rank_half", "frail") else column + column.dtype.type(1)
        moved = month(core, other)
        same = np.array_equal(plain.earned, moved.earned)
        # Halves of a village matter through works, migrants to who moves: absent here.
        assert same == (name not in READ or name in ("rank_half", "migrants")), name


def test_chance_depends_on_what_it_is_said_to_read(core: Core) -> None:
    hazard = {"crash": 0.3, "migrant_return": 0.1, "birth": 0.05, "loss": 0.05}
    hazards = {name: f32(value) for name, value in hazard.items()}
    plain = month(core, core.households, **hazards)
    for name in CHANCE_READS:
        other = copied(core.households)
        getattr(other, name)[:] += 1
        moved = month(core, other, **hazards)
        assert any(
            not np.array_equal(getattr(plain, w), getattr(moved, w))
            for w in ("earned", "flow", "wages", "size", "labour", "children", "migrants")
            if w != name
        ), name


def test_shares_of_bandwidth(core: Core) -> None:
    assert bytes_of_a_month(core.households) == 35
    assert bandwidth_share(4.0, 30.0, 1.0) == pytest.approx(30 / 4 / 8)
