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
from reviews import LINE, MONTH, MONTHS, POOR, RICH, crowd, reviewed
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


@pytest.fixture(scope="module")
def core():
    """Households after the full listing of 2001."""
    core = newborn(province(0.02), central())
    core.live(FIRST_YEAR, 3100.0)
    core.settle(FIRST_YEAR, 3100.0)
    return core


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
