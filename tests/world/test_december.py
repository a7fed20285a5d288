"""What December reports agrees with the measures that are defined household by household."""

from __future__ import annotations

import numpy as np
import pytest
from five_counties import lived
from fupin import measures
from fupin.model import PovertyModel
from fupin.world import december
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import central, levels_of, newborn, persons, plan, province, to_the_end

SAMPLE = 0.02
PERIOD = {"start": "2009-01", "end": "2009-12"}


@pytest.fixture(scope="module")
def model():
    return to_the_end(PovertyModel(plan(period=PERIOD), rng=4, sample=SAMPLE))


@pytest.fixture(scope="module")
def end(model):
    return model.measured[2009]


def test_poverty_indices_are_those_of_the_definition(model, end):
    income, people = model.households.income, persons(model)
    for alpha in (0, 1, 2):
        index = measures.foster_greer_thorbecke(income, 1196.0, people, alpha)
        assert end.fgt[alpha] == pytest.approx(index, rel=1e-6)
    assert end.income_poor == people[income < 1196.0].sum()
    assert end.income_poor == round(end.fgt[0] * end.persons)


def test_gini_of_bins_is_the_gini_of_households(model, end):
    assert end.gini == pytest.approx(
        measures.gini(model.households.income, persons(model)), abs=1e-4
    )


def test_means_and_counts_are_plain_sums(model, end):
    h, people = model.households, persons(model)
    assert end.persons == people.sum()
    assert end.registered == people[h.registered > 0].sum()
    assert end.registered_income_poor == people[(h.registered > 0) & (h.income < 1196)].sum()
    assert end.mean_income == pytest.approx(measures.weighted_mean(h.income, people), rel=1e-6)
    key = np.asarray(model.frame.counties.key)[np.asarray(model.frame.villages.county)] > 0
    inside = key[model.frame.village_of_household()]
    ratio = measures.weighted_mean(h.income[inside], people[inside]) / end.mean_income
    assert end.key_ratio == pytest.approx(ratio, rel=1e-6)
    assert end.sources.sum() == pytest.approx(1.0)


def test_villages_sum_to_the_province(model, end):
    weight = model.villages.weight
    assert np.dot(end.village_registered, weight) == end.registered
    assert np.dot(end.village_income_poor, weight) == end.income_poor
    assert np.dot(end.village_persons, weight) == end.persons
    assert np.dot(end.village_income, weight) == pytest.approx(end.mean_income * end.persons)
    assert (end.village_registered <= end.village_persons).all()


def test_true_and_reported_poverty_differ_by_error_and_not_by_magnitude(end):
    assert end.survey_poor > end.income_poor
    assert end.survey_poor == pytest.approx(end.income_poor, rel=0.3)
    assert end.registered_income_poor < min(end.registered, end.income_poor)


@pytest.fixture(scope="module")
def starts():
    """The start of a plan from January and of one from June, of the same world."""
    periods = (PERIOD, {"start": "2009-06", "end": "2009-12"})
    return [PovertyModel(plan(period=period), rng=4, sample=SAMPLE) for period in periods]


def test_the_start_is_the_december_before(starts):
    january, june = (model.at_start for model in starts)
    for name in ("registered", "income_poor", "gini", "mean_income", "key_ratio"):
        assert getattr(january, name) == getattr(june, name)
    values = central()
    core = newborn(province(SAMPLE), values, 4)
    december = core.run(levels_of(core.frame, values), until=2008)[-1]
    assert january.mean_income == pytest.approx(december.mean_income, rel=1e-6)
    assert january.registered == december.registered


def test_the_survey_of_the_start_is_that_of_december_too(starts):
    assert starts[0].at_start.survey_poor == starts[1].at_start.survey_poor


def binned(income, people):
    bins = np.zeros((20_000, 2))
    b = np.minimum((income / 10.0).astype(int), 19_999)
    np.add.at(bins[:, 0], b, people)
    np.add.at(bins[:, 1], b, people * income)
    return december.gini_of_bins(bins[:, 0], bins[:, 1])


@given(seed=st.integers(0, 10_000), spread=st.floats(0.2, 0.8), median=st.floats(1500, 20_000))
@settings(max_examples=30, deadline=None)
def test_binning_incomes_by_ten_yuan_costs_less_than_a_ten_thousandth(seed, spread, median):
    rng = np.random.default_rng(seed)
    income = (median * np.exp(spread * rng.standard_normal(5000))).astype(np.float32)
    people = rng.integers(1, 200, income.size).astype(np.float64)
    assert binned(income, people) == pytest.approx(measures.gini(income, people), abs=1e-4)


@given(
    seed=st.integers(0, 10_000),
    loss=st.sampled_from((0.0, 9.0, 11.0, 400.0, 1e6)),
    line=st.floats(300.0, 6000.0),
)
@settings(max_examples=40, deadline=None)
def test_the_kernel_and_the_measures_give_the_same_numbers(seed, loss, line):
    """Also where incomes fall below 0: nobody's gap is above 1, and every income has a bin."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 12, 200).astype(np.uint8)
    income = (3000.0 * np.exp(0.6 * rng.standard_normal(200))).astype(np.float32)
    income[rng.random(200) < 0.05] = -loss
    offsets, weight = np.array([0, 90, 90, 200]), np.array([1, 7, 11])
    people = sizes * np.repeat(weight, np.diff(offsets))
    sums, bins, village = np.zeros(6), np.zeros((20_000, 2)), np.zeros((3, 4))
    listed = np.zeros(200, np.uint8)
    december._distribution(sizes, income, listed, offsets, weight, line, bins, sums, village)
    assert sums[0] == bins[:, 0].sum() == people.sum()
    assert bins[:, 1].sum() == pytest.approx(sums[1])
    for alpha, total in enumerate(sums[2:5]):
        index = measures.foster_greer_thorbecke(income, line, people, alpha)
        assert total / sums[0] == pytest.approx(index, rel=1e-9)
    assert (bins[1:, 0] >= 0).all() and (bins[19_990:] == 0).all()
    if sums[1] > 0:  # households below 0 share a bin: exact up to its width and their ties
        gini = december.gini_of_bins(bins[:, 0], bins[:, 1])
        assert gini == pytest.approx(measures.gini(income, people), abs=1e-4)


def test_counts_by_county_sum_to_the_province(model, end):
    counts = december.by_county(model, end)
    assert {column.shape for column in counts.values()} == {(len(model.frame.counties.code),)}
    assert counts["persons"].sum() == end.persons
    assert counts["registered_poor"].sum() == end.registered
    assert counts["income_poor"].sum() == end.income_poor
    assert counts["income_yuan"].sum() == pytest.approx(end.mean_income * end.persons)


def test_the_official_count_is_that_of_the_counting_rule(end):
    assert end.official("survey") == end.survey_poor != end.registered
    assert end.official("register") == end.official("quota") == end.registered


def test_gini_at_its_ends():
    equal, people = np.full(10, 3000.0), np.ones(10)
    assert binned(equal, people) == pytest.approx(0.0, abs=1e-12)
    one_has_all = np.array([0.0] * 99 + [100_000.0])
    assert binned(one_has_all, np.ones(100)) == pytest.approx(0.99)
    assert december.gini_of_bins(np.zeros(5), np.zeros(5)) == 0.0


def test_samples_of_one_province_measure_the_same_province():
    """A village stands for others: the shares of two samples agree within their noise."""
    shares = []
    for sample in (SAMPLE, 0.05):
        start = PovertyModel(plan(period=PERIOD), rng=4, sample=sample).at_start
        shares.append([start.income_poor / start.persons, start.registered / start.persons])
    # Villages of a county differ by a third, and a thin sample holds few of them.
    np.testing.assert_allclose(shares[0], shares[1], rtol=0.25)
    assert len(province(0.05).villages) > 2 * len(province(SAMPLE).villages)


def test_a_household_that_two_programmes_serve_is_counted_once() -> None:
    model = lived(
        programmes={"skills_training": {"budget": 5_000_000}, "microfinance": {"budget": 8_000_000}}
    )
    h, weight = model.households, model.villages.weight[model.villages.of_household]
    reached = int(weight[h.reached > 0].sum())
    assert model.measured[2009].households_reached == reached > 0
    each = [int(weight[(h.reached & p.bit) > 0].sum()) for p in model.programmes]
    assert max(each) < reached < sum(each)
