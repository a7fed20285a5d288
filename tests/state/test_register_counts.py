"""Flows and stocks of the register by village, and the quota that a year's end must reach."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from fupin.kernels.words import f32
from fupin.model import PovertyModel
from fupin.state import register
from fupin.state.register import Service
from hypothesis import given, settings
from hypothesis import strategies as st
from reviews import LINE, MONTHS, POOR, reviewed
from small_worlds import (
    copied,
    hand_made,
    plan,
    to_the_end,
)

LUCK = np.full(100, 0.3, np.float32)
"""Of villages: where each stands among those that it stands for."""


@st.composite
def villages(draw):
    """Small villages: offsets, sizes, status, perceived incomes, served, weights."""
    lengths = draw(st.lists(st.integers(0, 8), min_size=1, max_size=6))
    n = sum(lengths)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)

    def many(strategy):
        return np.array(draw(st.lists(strategy, min_size=n, max_size=n)))

    h = hand_made(
        n,
        size=many(st.integers(1, 12)),
        registered=many(st.integers(0, 1)),
        served=many(st.integers(0, int(max(Service)))),
    )
    seen = (LINE + many(st.floats(-1, 1))).astype(np.float32)
    weight = np.array(
        draw(st.lists(st.integers(1, 20), min_size=len(lengths), max_size=len(lengths))), np.int64
    )
    return h, offsets, seen, weight


def counted(h, offsets):
    out = np.zeros(offsets.size - 1, np.int64)
    register.count_persons(offsets, h.size, h.registered, out)
    return out


def people_of(h, offsets):
    return np.array([h.size[a:b].sum(dtype=np.int64) for a, b in itertools.pairwise(offsets)])


@given(case=villages(), chance=st.floats(0, 1), seed=st.integers(1, 1000))
@settings(max_examples=80, deadline=None)
def test_flows_and_stocks_reconcile_in_every_village(case, chance, seed):
    h, offsets, seen, _ = case
    start = counted(h, offsets)
    flows = reviewed(h, seen, offsets, seed, review=chance)
    end = counted(h, offsets)
    np.testing.assert_array_equal(end, start - flows[:, 0] + flows[:, 1])
    assert (flows >= 0).all()
    assert (flows[:, 0] <= start).all()
    assert (end <= people_of(h, offsets)).all()
    assert set(np.unique(h.registered)) <= {0, 1}


@given(case=villages(), quota=st.integers(0, 3000), seed=st.integers(1, 1000))
@settings(max_examples=80, deadline=None)
def test_the_quota_is_reached_exactly_up_to_one_household(case, quota, seed):
    h, offsets, seen, weight = case
    start = int(np.dot(counted(h, offsets), weight))
    flows = reviewed(h, seen, offsets, seed)
    after_review = copied(h)
    by_review = start - int(np.dot(counted(h, offsets), weight))
    register.delist_to_quota(h, offsets, weight, seen, quota, flows, MONTHS, LUCK[: weight.size])
    end = counted(h, offsets)
    fall = start - int(np.dot(end, weight))
    # it never lists anybody, and it keeps the books
    assert (h.registered <= after_review.registered).all()
    assert start - int(np.dot(flows[:, 0] - flows[:, 1], weight)) == int(np.dot(end, weight))
    if by_review >= quota:
        assert fall == by_review  # nobody is put back
    elif end.sum() == 0:
        assert fall <= quota + 12 * weight.max()  # the whole register is not enough, or just so
    else:
        village = np.searchsorted(offsets, np.flatnonzero(after_review.registered), "right") - 1
        households = h.size[after_review.registered > 0] * weight[village]
        # Of the last who leaves the household itself goes, or some that it stands for.
        assert abs(fall - quota) < households.max()
        if weight.max() == 1:
            assert fall >= quota


@given(case=villages(), quota=st.integers(1, 3000))
@settings(max_examples=60, deadline=None)
def test_the_quota_takes_the_visited_first_and_then_the_better_perceived(case, quota):
    h, offsets, seen, weight = case
    before = h.registered.copy()
    flows = np.zeros((offsets.size - 1, 2), np.int64)
    register.delist_to_quota(h, offsets, weight, seen, quota, flows, MONTHS, LUCK[: weight.size])
    gone, kept = (before == 1) & (h.registered == 0), (before == 1) & (h.registered == 1)
    if gone.any() and kept.any():
        # (kind of service, perceived income): the last who left stands above the first who stays;
        # a course counts as none.
        known = np.maximum(h.served, Service.COURSE)
        leaver = min(zip(known[gone], seen[gone], strict=True))
        stayer = max(zip(known[kept], seen[kept], strict=True))
        assert leaver >= stayer
    assert (h.listed_month[gone] == MONTHS).all()
    assert (h.listed_month[~gone] == 0).all()


def test_a_quota_may_empty_the_register_and_go_on():
    h = hand_made(5, registered=1, size=3)
    offsets, weight, flows = np.array([0, 5]), np.array([2]), np.zeros((1, 2), np.int64)
    for _ in range(2):
        register.delist_to_quota(
            h, offsets, weight, np.full(5, POOR), 1000, flows, MONTHS, LUCK[: weight.size]
        )
        assert h.registered.sum() == 0
        assert flows.tolist() == [[15, 0]]


def test_the_counting_rule_quota_ends_a_year_at_the_quota():
    model = PovertyModel(plan(counting="quota", quota=300_000), rng=1, sample=0.02)
    start = model.registered_poor
    to_the_end(model)
    measured = model.measured[2009]
    weight = model.villages.weight.max()
    # Births, deaths and departures change registered households as well; the books do not.
    assert start - model.registered_poor == pytest.approx(300_000, abs=60_000)
    assert abs(measured.delisted - measured.listed - 300_000) < 12 * weight


@given(case=villages(), limit=st.floats(-1, 1))
@settings(max_examples=40, deadline=None)
def test_counts_by_village_agree_with_a_plain_sum(case, limit):
    h, offsets, seen, _ = case
    below, units = (np.full(offsets.size - 1, -1, np.int64) for _ in range(2))
    register.count_below(offsets, h.size, seen, f32(LINE + limit), below)
    register.count_units(offsets, h.size, units)
    for i, (a, b) in enumerate(itertools.pairwise(offsets)):
        here = seen[a:b] < f32(LINE + limit)
        assert below[i] == h.size[a:b][here].sum(dtype=np.int64)
        assert units[i] == h.size[a:b].sum(dtype=np.int64)
        assert counted(h, offsets)[i] == h.size[a:b][h.registered[a:b] > 0].sum(dtype=np.int64)
