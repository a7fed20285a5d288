"""The register of the poor: who is looked at, who is listed, who leaves, and by how many."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from fupin import randomness
from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.livelihood.core import FIRST_YEAR
from fupin.model import PovertyModel
from fupin.parameters.book import load_book
from fupin.state import register
from fupin.state.register import Service
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import (
    NO_WORKS,
    central,
    copied,
    hand_made,
    levels_of,
    newborn,
    persons,
    plan,
    province,
    to_the_end,
)

LINE = columns.log_of(1196.0)
POOR, RICH = f32(LINE - 0.5), f32(LINE + 0.5)
MONTH = randomness.month_index(2009, 12)
MONTHS = np.int16(MONTH - 24_000)
LUCK = np.full(100, 0.3, np.float32)
"""Of villages: where each stands among those that it stands for."""


@pytest.fixture(scope="module")
def core():
    """Households after the full listing of 2001."""
    core = newborn(province(0.02), central())
    core.live(FIRST_YEAR, 3100.0)
    core.settle(FIRST_YEAR, 3100.0)
    return core


def reviewed(h, seen, offsets=None, seed=1, month=MONTH, **changed):
    """Review households in place; returns flows by village, (V, 2)."""
    offsets = np.array([0, h.size.size], np.int64) if offsets is None else offsets
    p = register.perception(central())._replace(**{k: f32(v) for k, v in changed.items()})
    flows = np.full((offsets.size - 1, 2), -1, np.int64)
    register.review(
        h, np.arange(1, offsets.size) + 1_301_230_000, offsets, np.asarray(seen, np.float32), LINE,
        p, month, MONTHS, randomness.stream(seed, "register/review"), flows,
    )  # fmt: skip
    return flows


def crowd(registered, n=200_000, **more):
    return hand_made(n, registered=registered, **more)


# --- the full listing ------------------------------------------------------------------------


def test_a_full_listing_lists_exactly_those_perceived_below_the_line(core):
    h = copied(core.households)
    register.list_all(h, core.seen, LINE, MONTHS)
    np.testing.assert_array_equal(h.registered != 0, core.seen < LINE)
    assert 0 < h.registered.sum() < h.registered.size


def test_the_listing_of_2001_is_a_full_one(core):
    line = columns.log_of(central().dated("official.low_income_line", FIRST_YEAR))
    np.testing.assert_array_equal(core.households.registered != 0, core.seen < line)
    assert (core.households.listed_month == 23).all()  # December 2001


# --- perception ------------------------------------------------------------------------------


def perceived(core, p, month=MONTH, who="register", seed=1):
    out = np.zeros(core.households.size.size, np.float32)
    register.perceive(
        core.households, core.villages.id, core.villages.offsets, p, month,
        *register.perception_streams(seed, who), out,
    )  # fmt: skip
    return out


def test_perception_without_error_is_income_and_the_village_s_bias(core):
    p = register.perception(central())._replace(error_sd=f32(0), tail_share=f32(0))
    h = core.households
    expected = np.log(h.income.astype(np.float64)) + h.bias
    np.testing.assert_allclose(perceived(core, p), expected, atol=1e-5)
    assert h.bias.std() == pytest.approx(central()["register.perception_bias_sd"], rel=0.02)
    assert abs(h.bias.mean()) < 0.002


def test_the_error_has_the_ordinary_law_with_a_heavy_lower_tail(core):
    values = central()
    p = register.perception(values)
    h = core.households
    error = perceived(core, p) - np.log(h.income.astype(np.float64)) - h.bias
    share, mean, sd = (values[f"livelihood.reporting_tail_{x}"] for x in ("share", "mean", "sd"))
    ordinary = values["livelihood.reporting_sd"]
    n = error.size
    expected = share * mean
    variance = (1 - share) * ordinary**2 + share * (sd**2 + mean**2) - expected**2
    assert error.mean() == pytest.approx(expected, abs=4 * math.sqrt(variance / n))
    assert error.var() == pytest.approx(variance, rel=0.04)
    # five ordinary standard deviations away: only the tail gets there
    far = share * (0.5 + 0.5 * math.erf((-5 * ordinary - mean) / sd / math.sqrt(2)))
    assert (error < -5 * ordinary).mean() == pytest.approx(far, rel=0.06)
    assert (error < -5 * ordinary).mean() > 5 * (error > 5 * ordinary).mean()


def test_register_and_survey_err_on_their_own_and_anew_each_year(core):
    p = register.perception(central())
    bias_and_income = perceived(core, p._replace(error_sd=f32(0), tail_share=f32(0)))
    errors = [
        perceived(core, p, who="register") - bias_and_income,
        perceived(core, p, who="survey") - bias_and_income,
        perceived(core, p, month=MONTH + 12) - bias_and_income,
        perceived(core, p, seed=2) - bias_and_income,
    ]
    together = np.corrcoef(errors) - np.eye(4)
    assert np.abs(together).max() < 4 / math.sqrt(errors[0].size)
    np.testing.assert_array_equal(perceived(core, p) - bias_and_income, errors[0])


# --- the review ------------------------------------------------------------------------------


def test_registered_and_unregistered_have_the_same_chance_of_a_review():
    n = 200_000
    leaving, entering = crowd(1, n), crowd(0, n)
    reviewed(leaving, np.full(n, RICH))
    reviewed(entering, np.full(n, POOR))
    out, into = leaving.registered == 0, entering.registered == 1
    chance = central()["register.review_probability"]
    noise = math.sqrt(chance * (1 - chance) / n)
    assert out.mean() == pytest.approx(chance, abs=4 * noise)
    # The same luck: who would leave if rich would enter if poor, household by household.
    np.testing.assert_array_equal(out, into)


@given(
    status=st.lists(st.booleans(), min_size=1, max_size=40),
    gaps=st.lists(st.floats(-2, 2), min_size=40, max_size=40),
)
@settings(max_examples=60, deadline=None)
def test_at_a_review_status_follows_perceived_income(status, gaps):
    seen = (LINE + np.array(gaps[: len(status)])).astype(np.float32)
    h = hand_made(len(status), registered=status)
    reviewed(h, seen, review=1.0)
    np.testing.assert_array_equal(h.registered != 0, seen < LINE)


@pytest.mark.parametrize("registered", [0, 1])
@pytest.mark.parametrize("seen", [POOR, RICH])
def test_without_a_review_nothing_changes(registered, seen):
    h = crowd(registered, 1000, served=Service.VISIT)
    flows = reviewed(h, np.full(1000, seen), review=0.0, visit_review=0.0)
    assert (h.registered == registered).all()
    assert (h.listed_month == 0).all()
    assert (flows == 0).all()


@pytest.mark.parametrize("kind", [s for s in Service if s])
def test_being_served_raises_the_chance_of_a_review_by_its_kind(kind):
    n = 200_000
    plain, served = crowd(1, n), crowd(1, n, served=kind)
    others = {f"{s.name.lower()}_review": 0.9 for s in Service if s}
    for h in (plain, served):
        reviewed(h, np.full(n, RICH), **others | {f"{kind.name.lower()}_review": 0.5})
    chance = central()["register.review_probability"]
    expected = chance + 0.5 * (1 - chance)
    noise = math.sqrt(expected * (1 - expected) / n)
    assert (served.registered == 0).mean() == pytest.approx(expected, abs=4 * noise)
    # the same luck: whose turn had come anyway is reviewed in both worlds
    assert (served.registered <= plain.registered).all()


def test_being_served_also_brings_the_poor_on_the_register():
    # Re-assessment works both ways: it is a look at a household and no promise to delist.
    n = 50_000
    plain, served = crowd(0, n), crowd(0, n, served=Service.VISIT)
    for h in (plain, served):
        reviewed(h, np.full(n, POOR), visit_review=0.5)
    assert served.registered.sum() > 1.3 * plain.registered.sum()


def test_recognition_off_makes_the_served_like_all_others():
    p = register.perception(central(), recognition=False)
    off = {f"{kind.name.lower()}_review": 0 for kind in Service if kind}
    assert {name: getattr(p, name) for name in off} == off
    n = 50_000
    for kind in Service:
        plain, served = crowd(1, n), crowd(1, n, served=kind)
        for h in (plain, served):
            reviewed(h, np.full(n, RICH), **off)
        np.testing.assert_array_equal(plain.registered, served.registered)


@given(visit=st.floats(0, 1), others=st.tuples(*[st.floats(0, 1)] * 3))
@settings(max_examples=60, deadline=None)
def test_a_visit_never_brings_fewer_re_assessments_than_anything_else(visit, others):
    names = ("course_review", "cash_review", "loan_review")
    shares = {f"register.{name}_share": share for name, share in zip(names, others, strict=True)}
    p = register.perception({**central(), **shares, "register.served_review": visit})
    assert 0 <= max(getattr(p, name) for name in names) <= p.visit_review <= 1


def test_where_nobody_comes_to_the_door_hardly_anybody_is_re_assessed():
    """At central values and wherever the prior lies: a course, a technician, a job, an account."""
    p = register.perception(central())
    assert p.course_review <= 0.02 < p.cash_review < 0.1 < p.loan_review < p.visit_review
    for name, most in (("course", 0.1), ("cash", 0.31)):
        prior = load_book()[f"register.{name}_review_share"].distribution
        assert prior is not None and prior.high < most


def test_switching_recognition_off_lifts_fewer_by_programmes():
    """A whole year of a programme: the switch reaches the review."""
    projects = {"household_projects": {"budget": 2_000_000_000}}
    left = {}
    for recognition in (True, False):
        model = PovertyModel(plan(programmes=projects, recognition=recognition), rng=1, sample=0.02)
        to_the_end(model)
        left[recognition] = model.measured[2009].delisted
    assert left[True] > left[False]


def test_listed_month_is_that_of_the_last_change():
    n = 1000
    h = crowd(1, n)
    h.listed_month[:] = 23
    reviewed(h, np.full(n, RICH))
    np.testing.assert_array_equal(h.listed_month, np.where(h.registered == 0, MONTHS, 23))


# --- counts ----------------------------------------------------------------------------------


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


# --- the register in the province ---------------------------------------------------------------


def test_stock_and_flows_of_history_reconcile_year_by_year():
    values = central(NO_WORKS)
    frame = province(0.02)
    core = newborn(frame, values)
    history = core.run(levels_of(frame, values), until=2009)
    for before, after in itertools.pairwise(history):
        assert after.registered == before.registered - after.delisted + after.listed
        assert after.delisted > 0
        assert after.listed > 0
    assert history[0].registered < persons(core).sum()


def test_a_review_does_not_depend_on_which_villages_are_there():
    # A sampled village has the reviews that it has in a larger sample.
    small = newborn(province(0.02), central())
    ids = small.villages.id
    keep = np.flatnonzero(np.arange(ids.size) % 3 == 0)
    rows = np.concatenate([np.arange(*small.villages.offsets[i : i + 2]) for i in keep])
    offsets = np.concatenate([[0], np.cumsum(np.diff(small.villages.offsets)[keep])])
    results = []
    for who, where, which in (
        (np.arange(small.households.size.size), small.villages.offsets, ids),
        (rows, offsets.astype(np.int64), ids[keep].copy()),
    ):
        h = hand_made(who.size, registered=1)
        p = register.perception(central())
        flows = np.zeros((which.size, 2), np.int64)
        register.review(
            h, which, where, np.full(who.size, RICH), LINE, p, MONTH, MONTHS,
            randomness.stream(1, "register/review"), flows,
        )  # fmt: skip
        results.append(h.registered)
    np.testing.assert_array_equal(results[0][rows], results[1])
