"""Does history's core give the Hebei that the statistics of 2001 to 2009 describe?

One run of the default sample (the sample that planners use), under a seed that is not the one
whose mean incomes were solved. The demands are those that a trial of the whole system showed to
hold together.
"""

from __future__ import annotations

import itertools

import pytest
from fupin.livelihood.levels import REFERENCE_SEED
from fupin.livelihood.moments import CoreMoments, core_moments
from small_worlds import central, province

SEED = 7


@pytest.fixture(scope="module")
def m() -> CoreMoments:
    assert SEED != REFERENCE_SEED
    return core_moments(province("default"), central(), SEED)


@pytest.mark.parametrize(("year", "yuan"), [(2008, 4795.46), (2009, 5149.67)])
def test_mean_income_is_within_one_percent_of_the_survey(m, year, yuan):
    assert m.mean_income[year] == pytest.approx(yuan, rel=0.01)


def test_mean_income_is_not_rescaled_to_the_survey(m):
    # Levels are solved for another seed; a seed of its own must miss by its own luck.
    official = central().by_year["official.mean_income"]
    misses = [abs(mean / official[year] - 1.0) for year, mean in m.mean_income.items()]
    assert 1e-5 < max(misses) < 0.003


def test_key_counties_have_half_to_two_thirds_of_the_mean(m):
    assert 0.50 < m.key_ratio < 0.66


def test_gini(m):
    assert 0.30 < m.gini < 0.38


def test_incomes_come_from_the_sources_of_the_survey_of_2008(m):
    values = central()
    total = values.dated("official.mean_income", 2008)

    def share(name: str) -> float:
        return values.dated(f"official.{name}_income", 2008) / total

    assert m.sources["wage"] == pytest.approx(share("wage"), abs=0.03)
    assert m.sources["farm"] + m.sources["business"] == pytest.approx(share("business"), abs=0.03)
    assert m.sources["property"] == pytest.approx(share("property"), abs=0.005)
    assert m.sources["transfer"] == pytest.approx(share("transfer"), abs=0.01)


@pytest.mark.parametrize("income", ["true", "reported"])
def test_half_to_two_thirds_of_the_poor_leave_poverty_in_a_year(m, income):
    assert 0.45 < getattr(m, f"exit_{income}") < 0.66


@pytest.mark.parametrize("income", ["true", "reported"])
def test_half_of_the_poor_are_newly_poor(m, income):
    assert 0.40 < getattr(m, f"new_{income}") < 0.66


def test_half_of_poverty_is_transient(m):
    assert 0.35 < m.transient < 0.55


def test_the_register_of_2001_is_the_document_s(m):
    assert m.registered[2001] == pytest.approx(5.7e6, abs=0.15e6)


def test_the_split_of_2001_at_the_absolute_line_is_near_the_document_s(m):
    # 3.27 of 5.70 million under 630 yuan, the others under 872: perceived incomes. What makes the
    # list deeper (crashes, misjudgement) strikes everywhere and takes the poor out of the listed
    # villages: both cannot be met (docs/calibration.md, "Where targets pull apart").
    assert m.split == pytest.approx(3.27 / 5.70, abs=0.04)


def test_half_of_the_registered_live_in_listed_villages_and_most_in_key_counties(m):
    assert 0.42 < m.listed_share < 0.58
    assert 0.62 < m.key_share < 0.78


def test_households_without_labour_power_are_no_majority_of_the_poor(m):
    # 4% of the people; a class apart would be half of the poor.
    assert 0.10 < m.frail_share < 0.42


def test_the_register_of_2008_is_reached_and_not_set(m):
    assert m.registered[2008] == pytest.approx(3.9e6, abs=0.2e6)
    # reached by a way through all years between, without a jump to the target
    path = [m.registered[year] for year in range(2001, 2010)]
    falls = [a - b for a, b in itertools.pairwise(path)]
    assert all(0 < fall < 0.5e6 for fall in falls)


def test_the_income_poor_are_fewer_than_the_registered(m):
    assert 1.5e6 < m.income_poor[2008] < 3.4e6
    assert all(m.income_poor[year] < m.registered[year] for year in m.income_poor)


def test_the_register_is_no_list_of_the_poor(m):
    # Errors of perception and late reviews: about half of the registered are truly poor.
    assert 0.45 < m.registered_truly_poor < 0.65
