"""How a committee chooses: odds that a parameter states, never more than there are places."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fupin import randomness
from fupin.programmes.selection import choose_households, criteria
from fupin.state.households import REACHED
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import hand_made

KEY = randomness.stream(1, "test/selection")
VILLAGES, MEMBERS = 3000, 40


def choose(h, quota, c, members=MEMBERS, key=KEY):
    """Choose in villages of equal size; rows and the number by village."""
    villages = h.size.size // members
    offsets = np.arange(villages + 1, dtype=np.int64) * members
    quotas = np.full(villages, quota, np.int64)
    out = np.full(max(quotas.sum(), 1), -1, np.int64)
    total, taken = choose_households(
        h, np.arange(villages) + 1_301_230_000, offsets, np.arange(villages), quotas, c, 0, key, out
    )
    return out[:total], taken


@pytest.mark.parametrize("trait", ["registered", "rank_half", "migrants"])
def test_odds_are_what_the_parameter_says(trait):
    """One place a village: a household's chance is its odds over the sum of all odds."""
    has = np.tile(np.arange(MEMBERS) % 4 == 0, VILLAGES)
    h = hand_made(VILLAGES * MEMBERS, **{trait: has})
    name = {"registered": "registered", "rank_half": "better_off", "migrants": "migrant"}[trait]
    rows, _ = choose(h, 1, criteria(**{f"{name}_odds": math.log(3.0)}))
    expected = 3.0 / (3.0 + 3.0)  # a quarter of the members, with three times the odds
    noise = math.sqrt(expected * (1 - expected) / VILLAGES)
    assert has[rows].mean() == pytest.approx(expected, abs=4 * noise)


def test_schooling_counts_by_the_year():
    years = np.tile(np.where(np.arange(MEMBERS) % 2 == 0, 60, 80), VILLAGES)
    h = hand_made(VILLAGES * MEMBERS, schooling=years)
    rows, _ = choose(h, 1, criteria(schooling_odds=0.3))
    odds = math.exp(0.6)
    noise = math.sqrt(0.25 / VILLAGES)
    assert (years[rows] == 80).mean() == pytest.approx(odds / (1 + odds), abs=4 * noise)


def test_without_preference_everyone_has_the_same_chance():
    rows, _ = choose(hand_made(VILLAGES * MEMBERS), 10, criteria())
    chosen = np.bincount(rows % MEMBERS, minlength=MEMBERS)
    expected = VILLAGES * 10 / MEMBERS
    # 40 numbers: the largest of 40 standard normals stays under 4.5
    assert np.abs(chosen - expected).max() < 4.5 * math.sqrt(expected * 0.75)


@given(
    labour=st.lists(st.integers(0, 2), min_size=8, max_size=8),
    registered=st.lists(st.integers(0, 1), min_size=8, max_size=8),
    reached=st.lists(st.integers(0, 3), min_size=8, max_size=8),
    quota=st.integers(0, 10),
    only_registered=st.booleans(),
    needs_labour=st.booleans(),
    exclude=st.integers(0, 3),
    first=st.sampled_from((0, 14, 15, 16, 30)),  # programmes, and the last there is room for
)
@settings(max_examples=80, deadline=None)
def test_only_the_eligible_are_chosen_once_and_as_many_as_there_are_places(
    labour, registered, reached, quota, only_registered, needs_labour, exclude, first
):
    reached, exclude = [bits << first for bits in reached], exclude << first
    h = hand_made(8, labour=labour, registered=registered, reached=reached)
    c = criteria(only_registered=only_registered, needs_labour=needs_labour, exclude=exclude)
    rows, taken = choose(h, quota, c, members=8)
    eligible = (h.reached & REACHED(exclude)) == 0
    if only_registered:
        eligible &= h.registered > 0
    if needs_labour:
        eligible &= h.labour > 0
    assert len(set(rows.tolist())) == rows.size == taken.sum()
    assert eligible[rows].all()
    assert rows.size == min(quota, eligible.sum())


@given(fewer=st.integers(0, 12), more=st.integers(0, 12))
@settings(max_examples=30, deadline=None)
def test_more_places_never_cost_anybody_a_place(fewer, more):
    fewer, more = sorted((fewer, more))
    h = hand_made(12, registered=[1, 0] * 6)
    c = criteria(registered_odds=1.0)
    few, _ = choose(h, fewer, c, members=12)
    many, _ = choose(h, more, c, members=12)
    assert many[: few.size].tolist() == few.tolist()


def test_the_same_luck_whatever_other_villages_do():
    h = hand_made(50 * MEMBERS)
    alone, _ = choose(h, 3, criteria())
    offsets = np.arange(51, dtype=np.int64) * MEMBERS
    quota = np.array([3, 5], np.int64)
    out = np.zeros(8, np.int64)
    total, taken = choose_households(
        h, np.arange(50) + 1_301_230_000, offsets, np.array([7, 3]), quota, criteria(), 0, KEY, out
    )
    assert taken.tolist() == [3, 5]
    assert total == 8
    assert out[:3].tolist() == alone[21:24].tolist()
    assert out[3:6].tolist() == alone[9:12].tolist()
