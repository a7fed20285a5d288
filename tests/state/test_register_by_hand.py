"""The register household by household: the same rules once more, in plain Python, on few people.

Luck is asked of `fupin.randomness` by the name of the decision; everything else is written out.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from few_people import copied, hand_made
from fupin import randomness
from fupin.kernels.words import f32
from fupin.state import register

OFFSETS = np.array([0, 3, 3, 10, 12, 13], np.int64)  # the second village has nobody
VILLAGES = np.array([1_301_230_007, 1_301_230_008, 1_301_230_020, 1_306_260_001, 1_308_270_500])
WEIGHT = np.array([1, 4, 10, 2, 3], np.int64)
PEOPLE = int(OFFSETS[-1])
LINE = f32(7.0)
MONTH, MONTHS = randomness.month_index(2009, 12), np.int16(119)
PERCEPTION = register.Perception(*(f32(x) for x in (0.3, 0.4, -0.8, 0.5, 0.35, 0.1, 0.2, 0.3, 0.6)))


def whose() -> tuple[np.ndarray, np.ndarray]:
    """Village id and number within the village of each household."""
    lengths = np.diff(OFFSETS)
    return np.repeat(VILLAGES, lengths), np.concatenate([np.arange(n) for n in lengths])


def some_people(seed: int = 0):
    rng = np.random.default_rng(seed)
    h = hand_made(
        PEOPLE,
        size=rng.integers(1, 9, PEOPLE),
        registered=rng.integers(0, 2, PEOPLE),
        served=rng.integers(0, 5, PEOPLE),
        bias=rng.normal(0, 0.2, PEOPLE),
        income=rng.lognormal(7, 0.6, PEOPLE),
    )
    h.listed_month[:] = 23
    return h, (LINE + rng.normal(0, 0.3, PEOPLE)).astype(np.float32)


def test_perception_by_hand() -> None:
    """Log income, the village's lasting misjudgement, and an error from one of two laws."""
    h, _ = some_people()
    ids, numbers = whose()
    tails = 0
    for seed, who in itertools.product((1, 2, 3), ("register", "survey")):
        out = np.full(PEOPLE, np.nan, np.float32)
        keys = register.perception_streams(seed, who)
        register.perceive(h, VILLAGES, OFFSETS, PERCEPTION, MONTH, *keys, out)
        z = randomness.normals(seed, f"{who}/error", ids, numbers, MONTH)
        u = randomness.uniforms(seed, f"{who}/error-tail", ids, numbers, MONTH)
        for i in range(PEOPLE):
            error = -0.8 + 0.5 * z[i] if u[i] < 0.4 else 0.3 * z[i]
            expected = math.log(h.income[i]) + h.bias[i] + error
            assert out[i] == pytest.approx(expected, abs=2e-6)
            tails += u[i] < 0.4
    assert 10 < tails < 6 * PEOPLE - 10  # both laws were seen


@pytest.mark.parametrize("villages", [[2], [0, 3], [4, 2], [1], []])
def test_some_villages_are_seen_as_all_would_see_them(villages: list[int]) -> None:
    """And nobody else is looked at."""
    h, _ = some_people()
    keys, of_all = register.perception_streams(1, "survey"), np.empty(PEOPLE, np.float32)
    register.perceive(h, VILLAGES, OFFSETS, PERCEPTION, MONTH, *keys, of_all)
    seen, some = np.full(PEOPLE, 99, np.float32), np.array(villages, np.int64)
    register.perceive(h, VILLAGES, OFFSETS, PERCEPTION, MONTH, *keys, seen, some)
    here = np.isin(whose()[0], VILLAGES[some])
    np.testing.assert_array_equal(seen, np.where(here, of_all, f32(99)))


def test_each_part_of_perception_is_the_parameter_of_its_name_by_hand() -> None:
    names = ("livelihood.reporting_sd", "livelihood.reporting_tail_share",
             "livelihood.reporting_tail_mean", "livelihood.reporting_tail_sd",
             "register.review_probability", "register.course_review_share",
             "register.cash_review_share", "register.loan_review_share",
             "register.served_review")  # fmt: skip
    values = {name: (i + 8) / 16 for i, name in enumerate(names)}
    found = register.perception(values)
    assert found[:5] == tuple((i + 8) / 16 for i in range(5))
    assert found[5:] == (13 / 16, 14 / 16, 15 / 16, 1.0)  # shares of the last, which is 16 / 16
    halved = register.perception(values | {names[-1]: 0.5})
    assert halved[5:] == (13 / 32, 14 / 32, 15 / 32, 0.5)
    assert register.perception(values, recognition=False) == (*found[:5], 0, 0, 0, 0)


def test_a_full_listing_by_hand() -> None:
    """Under the line is poor, on it and above it is not; all get the date, whoever they are."""
    h = hand_made(6, registered=[0, 1] * 3)
    below, above = (np.nextafter(LINE, f32(limit)) for limit in (0, 9))
    seen = np.array([below, below, LINE, LINE, above, above], np.float32)
    register.list_all(h, seen, LINE, MONTHS)
    assert h.registered.tolist() == [1, 1, 0, 0, 0, 0]
    assert h.listed_month.tolist() == [MONTHS] * 6


def test_where_nobody_lives_nothing_happens_by_hand() -> None:
    h, none, start = hand_made(0), np.empty(0, np.int64), np.zeros(1, np.int64)
    seen, flows = np.empty(0, np.float32), np.empty((0, 2), np.int64)
    keys = register.perception_streams(1, "register")
    register.perceive(h, none, start, PERCEPTION, MONTH, *keys, seen)
    register.review(h, none, start, seen, LINE, PERCEPTION, MONTH, MONTHS, keys[0], flows)
    assert h.registered.size == seen.size == flows.size == 0


def test_luck_that_equals_a_chance_is_not_under_it_by_hand() -> None:
    """As everywhere: something happens where the uniform is less than its chance."""
    luck = randomness.uniforms(1, "register/review", *whose(), MONTH)
    h = hand_made(PEOPLE, registered=1)
    p = PERCEPTION._replace(review=luck[5])
    flows = np.zeros((VILLAGES.size, 2), np.int64)
    key = randomness.stream(1, "register/review")
    seen = np.full(PEOPLE, LINE, np.float32)
    register.review(h, VILLAGES, OFFSETS, seen, LINE, p, MONTH, MONTHS, key, flows)
    assert ((h.registered == 0) == (luck < luck[5])).all()
    luck = randomness.uniforms(1, "register/error-tail", *whose(), MONTH)
    h, p = hand_made(PEOPLE, income=1), PERCEPTION._replace(tail_share=luck[5], error_sd=f32(0))
    register.perceive(
        h, VILLAGES, OFFSETS, p, MONTH, *register.perception_streams(1, "register"), seen
    )
    assert ((seen != 0) == (luck < luck[5])).all()


@pytest.mark.parametrize("seed", range(1, 13))
def test_a_review_by_hand(seed: int) -> None:
    """Looked at with the common chance, and a share of the rest by how they were served."""
    h, seen = some_people(seed)
    before = copied(h)
    seen[4] = LINE  # not poor
    flows = np.full((VILLAGES.size, 2), -1, np.int64)
    key = randomness.stream(seed, "register/review")
    register.review(h, VILLAGES, OFFSETS, seen, LINE, PERCEPTION, MONTH, MONTHS, key, flows)
    u = randomness.uniforms(seed, "register/review", *whose(), MONTH)
    expected = np.zeros_like(flows)
    village = np.repeat(np.arange(VILLAGES.size), np.diff(OFFSETS))
    for i in range(PEOPLE):
        chance = 0.35 + (1 - 0.35) * (0.0, 0.1, 0.2, 0.3, 0.6)[before.served[i]]
        poor = int(seen[i] < LINE)
        status = poor if u[i] < chance else int(before.registered[i])
        assert h.registered[i] == status
        if status != before.registered[i]:
            expected[village[i], status] += before.size[i]
        assert h.listed_month[i] == (MONTHS if status != before.registered[i] else 23)
    assert flows.tolist() == expected.tolist()


def test_reviews_of_all_these_seeds_move_people_both_ways_by_hand() -> None:
    """The comparison above is of something: households leave and enter, also of the unserved."""
    moved = set()
    for seed in range(1, 13):
        h, seen = some_people(seed)
        before = copied(h)
        key = randomness.stream(seed, "register/review")
        flows = np.zeros((VILLAGES.size, 2), np.int64)
        register.review(h, VILLAGES, OFFSETS, seen, LINE, PERCEPTION, MONTH, MONTHS, key, flows)
        changed = h.registered != before.registered
        moved |= set(zip(before.registered[changed], before.served[changed], strict=True))
    assert len(moved) == 10  # on and off the register, of all kinds


def on_the_list(quota: int, flows: np.ndarray):
    """Eight registered households in two villages, one that is not, and what a quota does.

    Persons that they stand for, in the order in which they go: who was visited from the best
    perceived down (rows 3, 8), the borrower (0), who got cash (6), then the others, of whom one
    sat in a course (1, 2, 7, 5; 2 and 7 are perceived alike).
    """
    h = hand_made(
        9,
        registered=[1, 1, 1, 1, 0, 1, 1, 1, 1],
        served=[3, 0, 0, 4, 4, 1, 2, 0, 4],
        size=[2, 3, 4, 1, 9, 5, 2, 3, 6],
    )
    seen = np.array([6.5, 6.4, 6.2, 6.9, 7.5, 6.0, 6.3, 6.2, 6.1], np.float32)
    offsets, weight = np.array([0, 4, 9], np.int64), np.array([10, 1], np.int64)
    register.delist_to_quota(
        h, offsets, weight, seen, quota, flows, MONTHS, np.zeros(2, np.float32)
    )
    gone = [i for i in range(9) if i != 4 and not h.registered[i]]
    assert h.listed_month.tolist() == [MONTHS if i in gone else 0 for i in range(9)]
    return gone


ORDER = {3: 10, 8: 6, 0: 20, 6: 2, 1: 30, 2: 40, 7: 3, 5: 5}
"""Rows in the order in which they go, and their persons: size x weight of the village."""


def test_a_quota_by_hand() -> None:
    """Households go in order while the quota is not reached, and whole."""
    rows, upto = list(ORDER), np.cumsum(list(ORDER.values())).tolist()
    assert on_the_list(0, np.zeros((2, 2), np.int64)) == []
    for k, persons in enumerate(upto):
        for quota in (persons, persons - ORDER[rows[k]] + 1):
            flows = np.zeros((2, 2), np.int64)
            gone = on_the_list(quota, flows)
            assert gone == sorted(rows[: k + 1]), quota
            sizes = [2, 3, 4, 1, 9, 5, 2, 3, 6]
            left = [sum(sizes[i] for i in gone if i < 4), sum(sizes[i] for i in gone if i > 4)]
            assert flows.tolist() == [[left[0], 0], [left[1], 0]]  # households, unweighted


def test_a_quota_counts_what_the_review_did_by_hand() -> None:
    """Of a quota of 39 the review took off 2 x 10 + 5 - (1 x 10 + 2) = 13 net; 26 are left."""
    flows = np.array([[2, 1], [5, 2]], np.int64)
    assert on_the_list(39, flows) == [0, 3, 8]
    assert flows.tolist() == [[2 + 3, 1], [5 + 6, 2]]
    again = np.array([[2, 1], [5, 2]], np.int64)
    assert on_the_list(13, again) == []
    assert again.tolist() == [[2, 1], [5, 2]]


def test_counts_by_hand() -> None:
    """A flag of any value counts a household once; a value on the limit is not under it."""
    offsets, size = np.array([0, 2, 2, 5], np.int64), np.array([3, 4, 250, 5, 250], np.uint8)
    out = np.full(3, -1, np.int64)
    register.count_persons(offsets, size, np.array([0, 2, 1, 0, 255], np.uint8), out)
    assert out.tolist() == [4, 0, 500]
    register.count_below(offsets, size, np.array([6, 7, 8, 7, 6.9], np.float32), LINE, out)
    assert out.tolist() == [3, 0, 250]
    register.count_units(offsets, size, out)
    assert out.tolist() == [7, 0, 505]
