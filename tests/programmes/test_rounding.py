"""Keyed rounding: fair in expectation, within one weighted unit, never beyond what is paid."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest
from fupin.programmes.rounding import deal, paid_for, place_among, real_villages, takes_part
from fupin.randomness import Chance
from hypothesis import given, settings
from hypothesis import strategies as st

Numbers = npt.NDArray[np.int64]

PHASES = (np.arange(400) + 0.5) / 400
"""As good as all phases: an expectation over them is off by 1 / 400 of a unit at most."""


@st.composite
def paid(draw, lightest: int = 1, heaviest: int = 60) -> tuple[Numbers, Numbers]:
    """Real seats of up to twenty sampled villages, and their weights."""
    rows = st.tuples(st.integers(0, 200), st.integers(lightest, heaviest))
    seats, weight = zip(*draw(st.lists(rows, min_size=1, max_size=20)), strict=True)
    return np.array(seats), np.array(weight)


# -- seats shared out ------------------------------------------------------------------------------


@given(of=paid())
@settings(max_examples=60, deadline=None)
def test_every_village_lives_what_is_paid_for_it_on_average(of: tuple[Numbers, Numbers]) -> None:
    """Over all phases weight x seats lived has the mean of the real seats, village by village."""
    seats, weight = of
    lived = np.mean([deal(seats, weight, phase)[0] for phase in PHASES], axis=0)
    assert lived == pytest.approx(seats / weight, abs=1.01 / PHASES.size)


@given(of=paid(), phase=st.floats(0, 0.999))
@settings(max_examples=200, deadline=None)
def test_no_rounding_is_off_by_a_unit(of: tuple[Numbers, Numbers], phase: float) -> None:
    seats, weight = of
    lived, end = deal(seats, weight, phase)
    assert (lived >= 0).all() and (np.abs(lived - seats / weight) < 1 + 1e-9).all()
    assert (np.abs(np.cumsum(lived - seats / weight)) < 1 + 1e-9).all()  # nor of some together
    assert 0 <= end < 1


@given(of=paid(heaviest=1), phase=st.floats(0.001, 0.999))
@settings(max_examples=100, deadline=None)
def test_villages_that_stand_for_themselves_live_their_seats(
    of: tuple[Numbers, Numbers], phase: float
) -> None:
    seats, weight = of
    lived, end = deal(seats, weight, phase)
    assert (lived == seats).all() and end == phase


@given(of=paid(lightest=2), phase=st.floats(0, 0.999), months=st.integers(2, 12))
@settings(max_examples=60, deadline=None)
def test_months_together_are_off_by_less_than_a_unit(
    of: tuple[Numbers, Numbers], phase: float, months: int
) -> None:
    (seats, weight), lived, exact = of, 0, 0.0
    for month in range(months):
        seats = np.roll(seats, month)
        now, phase = deal(seats, weight, phase)
        lived, exact = lived + int(now.sum()), exact + float((seats / weight).sum())
    assert abs(lived - exact) < 1 + 1e-6


# -- who found nobody ------------------------------------------------------------------------------


@given(
    seats=st.lists(st.integers(0, 100), min_size=6, max_size=6),
    lacking=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 200)), max_size=10),
)
@settings(deadline=None)
def test_what_found_nobody_is_not_paid(seats: list[int], lacking: list[tuple[int, int]]) -> None:
    """To the seat, as far as there is anything, and in the own county first."""
    offered = np.array(seats)
    county = np.array([c for c, _ in lacking], np.int64)
    short = np.array([n for _, n in lacking], np.int64)
    paid = paid_for(offered, county, short)
    assert (paid >= 0).all() and (paid <= offered).all()
    assert paid.sum() == max(offered.sum() - short.sum(), 0)
    by_county = np.bincount(county, weights=short, minlength=6) if county.size else np.zeros(6)
    if (by_county <= offered).all():
        assert (paid == offered - by_county).all()


# -- queues ----------------------------------------------------------------------------------------


def world_of(weight: list[int], seed: int = 1) -> SimpleNamespace:
    villages = SimpleNamespace(weight=np.array(weight), id=np.arange(len(weight)) * 1000 + 130425)
    return SimpleNamespace(villages=villages, chance=Chance(seed))


@given(
    weight=st.lists(st.integers(1, 60), min_size=1, max_size=12),
    room=st.integers(0, 300),
    seed=st.integers(1, 10**6),
)
@settings(deadline=None)
def test_a_queue_of_real_villages_holds_each_sampled_one_once(
    weight: list[int], room: int, seed: int
) -> None:
    world = world_of(weight, seed)
    rows = np.arange(len(weight))[::-1]
    real = real_villages(world, "lot", rows)
    assert (np.bincount(real.rows) == weight).all()
    assert (np.bincount(real.rows[real.sampled], minlength=len(weight)) == 1).all()
    assert (real.rows == np.repeat(rows, world.villages.weight[rows])).all()
    first = real.at(slice(room))
    assert first.rows.size == min(room, sum(weight))
    lived = np.bincount(first.rows[first.sampled], minlength=len(weight))
    paid = np.bincount(first.rows, minlength=len(weight))
    assert (lived[paid == 0] == 0).all() and (lived[paid == weight] == 1).all()
    if max(weight) == 1:
        assert real.sampled.all()


@pytest.mark.parametrize("room", [0, 1, 20, 37, 74, 75, 999])
def test_a_queue_is_lived_as_often_as_it_is_paid(room: int) -> None:
    """Over many lots weight x served has the mean of the real villages served."""
    weight = [37, 20, 1, 17]
    lived = np.zeros(4)
    for seed in range(1, 2001):
        first = real_villages(world_of(weight, seed), "lot", np.arange(4)).at(slice(room))
        lived += np.bincount(first.rows[first.sampled], minlength=4)
    paid = np.bincount(first.rows, minlength=4)
    error = np.sqrt(paid / weight * (1 - paid / weight) / 2000)
    assert (np.abs(lived / 2000 - paid / weight) <= 4 * error).all()


def test_the_served_of_earlier_years_are_left_out() -> None:
    """Two years of 20 and 17 of 37 serve everybody once, whoever the sampled one is."""
    for seed in range(1, 30):
        world, served, lived = world_of([37], seed), np.zeros(1, np.int64), 0
        for many in (20, 17):
            real = real_villages(world, "lot", np.zeros(1, np.int64), served=served).at(slice(many))
            served += real.rows.size
            lived += int(real.sampled.sum())
        assert lived == 1
        assert real_villages(world, "lot", np.zeros(1, np.int64), served=served).rows.size == 0


@given(
    weight=st.lists(st.integers(1, 60), min_size=1, max_size=12),
    room=st.integers(0, 400),
)
@settings(deadline=None)
def test_places_are_filled_on_average(weight: list[int], room: int) -> None:
    """E[weight of those who come in] is the room, or all where there is room for all."""
    heavy = np.array(weight)
    lived = np.mean([(heavy * takes_part(heavy, room, np.full(heavy.size, u))).sum()
                     for u in PHASES])  # fmt: skip
    assert lived == pytest.approx(min(room, heavy.sum()), abs=heavy.max() / PHASES.size + 1e-9)


@given(room=st.integers(-5, 20), n=st.integers(0, 12), luck=st.floats(0, 0.9999999))
def test_places_of_those_who_stand_for_themselves(room: int, n: int, luck: float) -> None:
    inside = takes_part(np.ones(n, np.int64), room, np.full(n, luck))
    assert inside.sum() == min(max(room, 0), n) and not (np.diff(inside.astype(int)) > 0).any()


@given(weight=st.integers(1, 10**6), luck=st.floats(0, 1, exclude_max=True, width=32))
def test_a_place_is_one_of_those_that_there_are(weight: int, luck: float) -> None:
    (place,) = place_among(np.array([weight]), np.array([luck], np.float32))
    assert 0 <= place < weight
