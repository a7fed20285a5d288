"""Committees choose by the stated odds, by the same chance in every sample, and never too many."""

from __future__ import annotations

import math

import numpy as np
import pytest
from five_counties import begin, copy_of, five_counties, plan
from fupin import randomness
from fupin.programmes.selection import choose_households, criteria, with_overlap
from fupin.state.households import Households

SEED = 11
NAME = "test/selection"


@pytest.fixture(scope="module")
def world() -> tuple[Households, np.ndarray, np.ndarray]:
    """Households, village ids and offsets of the five counties at the start of 2009."""
    model = begin(plan())
    return model.households, model.villages.id, model.villages.offsets


def chosen(world, quota, who, month=100, name=NAME, villages=None):
    """Rows chosen, and how many in each village."""
    h, ids, offsets = world
    villages = np.arange(ids.size) if villages is None else np.asarray(villages)
    quota = np.broadcast_to(np.asarray(quota, np.int64), villages.shape).copy()
    out = np.full(int(quota.sum()), -1, np.int64)
    total, taken = choose_households(
        h, ids, offsets, villages, quota, who, month, randomness.stream(SEED, name), out
    )
    assert (out[total:] == -1).all()
    assert taken.sum() == total
    return out[:total], taken


def expected_share(world, weight, flag):
    """Luce: chance that the first choice of a village is flagged, mean and variance over all."""
    _, _, offsets = world
    village = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
    all_ = np.bincount(village, weights=weight)
    some = np.bincount(village, weights=weight * flag)
    p = some[all_ > 0] / all_[all_ > 0]
    return p.sum(), (p * (1 - p)).sum()


CASES = {
    "registered": ("registered_odds", lambda h: h.registered != 0, 1.5),
    "better-off": ("better_off_odds", lambda h: h.rank_half != 0, 1.4),
    "migrant": ("migrant_odds", lambda h: h.migrants > 0, 12.0),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("fair", [True, False])
def test_first_choices_follow_the_odds(world, case, fair):
    argument, flag_of, odds = CASES[case]
    odds = 1.0 if fair else odds
    h = world[0]
    flag = flag_of(h)
    able = h.labour > 0
    mean, variance = expected_share(world, able * np.where(flag, odds, 1.0), flag)
    months = 25
    who = criteria(**{argument: math.log(odds)})
    hits = sum(int(flag[chosen(world, 1, who, month)[0]].sum()) for month in range(months))
    z = (hits - months * mean) / math.sqrt(months * variance)
    assert abs(z) < 4, (hits, months * mean)


def test_schooling_acts_by_the_year(world):
    """1.1 to the power of years; a household of a class is chosen in proportion to its odds."""
    h = world[0]
    weight = (h.labour > 0) * 1.1 ** (h.schooling / 10.0 - 8.5)
    flag = h.schooling >= 90
    mean, variance = expected_share(world, weight, flag)
    months = 25
    who = criteria(schooling_odds=math.log(1.1))
    hits = sum(int(flag[chosen(world, 1, who, month)[0]].sum()) for month in range(months))
    assert abs(hits - months * mean) < 4 * math.sqrt(months * variance)
    fair, _ = expected_share(world, (h.labour > 0) * 1.0, flag)
    assert hits - months * fair > 4 * math.sqrt(months * variance)  # and odds of 1 are ruled out


def test_a_second_choice_is_without_replacement(world):
    """Luce: after the first, the rest share the chance in proportion to their odds."""
    h, _, offsets = world
    odds, flag = 3.0, h.registered != 0
    weight = (h.labour > 0) * np.where(flag, odds, 1.0)
    village = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
    all_, some = (np.bincount(village, weights=w) for w in (weight, weight * flag))
    # first flagged with chance s/a, then one of weight `odds` is gone; else one of weight 1
    p = some / all_ * (some - odds) / (all_ - odds) + (1 - some / all_) * some / (all_ - 1)
    p = np.where(some > 0, p, 0.0)
    months, hits = 25, 0
    for month in range(months):
        rows, taken = chosen(world, 2, criteria(registered_odds=math.log(odds)), month)
        assert (taken == 2).all()
        hits += int(flag[rows[1::2]].sum())
    assert abs(hits - months * p.sum()) < 4 * math.sqrt(months * (p * (1 - p)).sum())


def test_who_may_not_be_chosen_is_not(world):
    h, ids, offsets = world
    h = copy_of(h)
    h.reached[::2] = 4
    who = criteria(only_registered=True, exclude=4)
    rows, taken = chosen((h, ids, offsets), 10_000, who)
    may = (h.registered != 0) & (h.labour > 0) & ((h.reached & 4) == 0)
    assert sorted(rows) == list(np.flatnonzero(may))  # all of them, none twice, nobody else
    village = np.repeat(np.arange(ids.size), np.diff(offsets))
    assert (taken == np.bincount(village[may], minlength=ids.size)).all()
    # another programme's bit does not rule anybody out, and the old and frail may join a loan
    rows, _ = chosen((h, ids, offsets), 10_000, criteria(exclude=2, needs_labour=False))
    assert rows.size == h.size.size


def test_quotas_bind_and_villages_keep_their_order(world):
    villages = np.array([700, 3, 12, 5])
    quota = np.array([2, 0, 7, -1])
    rows, taken = chosen(world, quota, criteria(), villages=villages)
    assert list(taken) == [2, 0, 7, 0]
    offsets = world[2]
    assert ((rows[:2] >= offsets[700]) & (rows[:2] < offsets[701])).all()
    assert ((rows[2:] >= offsets[12]) & (rows[2:] < offsets[13])).all()


def test_a_larger_quota_adds_and_changes_nobody(world):
    """A budget rise serves the same people and more: what twins need."""
    few, _ = chosen(world, 2, criteria(registered_odds=0.4))
    more, _ = chosen(world, 5, criteria(registered_odds=0.4))
    assert (more.reshape(-1, 5)[:, :2] == few.reshape(-1, 2)).all()


def test_a_villages_choice_does_not_depend_on_the_others(world):
    h, ids, offsets = world
    who = criteria(better_off_odds=0.3)
    everywhere, _ = chosen(world, 3, who)
    some = np.arange(0, ids.size, 7)
    alone, _ = chosen(world, 3, who, villages=some)
    assert (alone.reshape(-1, 3) == everywhere.reshape(-1, 3)[some]).all()
    # the same village in a sample where it comes first: other rows, same household numbers
    v = 431
    part = Households(*(c[offsets[v] : offsets[v + 1]].copy() for c in h))
    there = (part, ids[v : v + 1].copy(), np.array([0, part.size.size]))
    assert (chosen(there, 3, who)[0] + offsets[v] == everywhere.reshape(-1, 3)[v]).all()


def test_chance_is_keyed_by_month_and_decision(world):
    one, _ = chosen(world, 1, criteria())
    again, _ = chosen(world, 1, criteria())
    other_month, _ = chosen(world, 1, criteria(), month=101)
    other_name, _ = chosen(world, 1, criteria(), name="test/other")
    assert (one == again).all()
    for other in (other_month, other_name):
        same = (one == other).mean()
        assert same < 0.03  # villages hold some 240 households


def test_ties_go_to_the_lower_number():
    """Among 60,000 households a hundred pairs share a score: 24 bits of luck."""
    n, month = 60_000, 7
    dtypes = {name: c.dtype for name, c in begin_columns().items()}
    h = Households(**{name: np.ones(n, dtype) for name, dtype in dtypes.items()})
    h.reached[:] = 0
    ids, offsets = np.array([1_301_020_001]), np.array([0, n])
    quota = 6_000
    rows, _ = chosen((h, ids, offsets), quota, criteria(), month)
    numbers = np.arange(n)
    luck = randomness.uniforms(SEED, NAME, np.repeat(ids, n), numbers, month)
    order = np.lexsort((numbers, -luck.astype(np.float64)))[:quota]
    assert np.unique(luck[order]).size < quota  # there are ties among those chosen
    tied = luck[rows[:-1]] == luck[rows[1:]]
    assert tied.any()
    assert (np.diff(rows)[tied] > 0).all()
    assert set(rows) == set(order)


def begin_columns() -> dict[str, np.ndarray]:
    """Names and example columns of households."""
    from fupin.state.households import new_households

    return new_households(five_counties())._asdict()


@pytest.mark.parametrize("overlap", [0.25, 1.0])
def test_shared_luck_leaves_each_selection_as_it_was(world, overlap):
    """By itself a programme chooses by the odds, however much luck it shares."""
    h = world[0]
    shared = randomness.stream(SEED, "selection/2009")
    who = with_overlap(criteria(registered_odds=math.log(2.0)), overlap, shared)
    rows, _ = chosen(world, 1, who)
    flag = h.registered != 0
    weight = np.where(h.labour > 0, np.where(flag, 2.0, 1.0), 0.0)
    mean, variance = expected_share(world, weight, flag)
    assert abs(flag[rows].sum() - mean) < 4 * math.sqrt(variance)


def test_overlap_is_the_correlation_of_luck_between_programmes(world):
    """Two programmes of equal odds take a tenth of each village each."""
    quota = np.diff(world[2]) // 10
    shared = randomness.stream(SEED, "selection/2009")

    def both(overlap: float) -> float:
        who = with_overlap(criteria(needs_labour=False), overlap, shared)
        first, second = (chosen(world, quota, who, name=f"test/{n}")[0] for n in ("one", "two"))
        return np.isin(first, second).mean()

    apart, quarter, most, same = (both(overlap) for overlap in (0.0, 0.25, 0.8, 1.0))
    assert apart == pytest.approx(0.1, abs=0.02)
    assert apart + 0.05 < quarter < most - 0.2
    assert same == 1.0
