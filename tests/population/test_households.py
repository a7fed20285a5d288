"""Households: exact sums within villages, the census's ages, the same in every sample."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from fupin.population.households import build_households
from fupin.population.sample import choose_villages, parse_sample, take

SEED = 20091231
COLUMNS = ("size", "labour", "children", "elderly", "disabled", "frail", "schooling", "land")
COLUMNS = (*COLUMNS, "migrants")


@pytest.fixture(scope="module")
def sample(c, everywhere):
    return choose_villages(everywhere, c, parse_sample(0.05), SEED)


@pytest.fixture(scope="module")
def h(c, sample):
    return build_households(c, sample, SEED)


def village_sums(h, column):
    return np.add.reduceat(column, h.offsets[:-1], dtype=np.int64)


def test_people_households_and_absent_exact_in_every_village(sample, h):
    assert (np.diff(h.offsets) == sample.households).all()
    assert (village_sums(h, h.size) == sample.people).all()
    assert (village_sums(h, h.migrants) == sample.away).all()


@pytest.mark.parametrize("code", [130723, 130107, 130530])
def test_whole_counties_exact(c, everywhere, code):
    unit = np.flatnonzero(c.code == code)[0]
    villages = take(everywhere, np.flatnonzero(everywhere.county == unit))
    h = build_households(c, villages, SEED)
    assert h.size.sum(dtype=np.int64) == c.registered_rural[unit]
    assert len(h) == c.registered_households[unit]
    share = h.migrants.sum(dtype=np.int64) / h.size.sum(dtype=np.int64)
    assert share == pytest.approx(c.migrant_share[unit], abs=1e-4)
    people = c.registered_rural[unit]
    assert h.children.sum(dtype=np.int64) / people == pytest.approx(c.share_0_14[unit], abs=0.01)
    assert h.elderly.sum(dtype=np.int64) / people == pytest.approx(c.share_65plus[unit], abs=0.01)


def test_a_village_has_the_same_households_in_every_sample(c, default, sample, h):
    alone = [3, len(sample) // 2, len(sample) - 1]
    for position in alone:
        one = build_households(c, take(sample, np.array([position])), SEED)
        here = slice(h.offsets[position], h.offsets[position + 1])
        for name in COLUMNS:
            assert (getattr(one, name) == getattr(h, name)[here]).all(), name
    common = np.intersect1d(sample.id, default.id)[::20]
    a = take(sample, np.searchsorted(sample.id, common))
    b = take(default, np.searchsorted(default.id, common))
    first, second = build_households(c, a, SEED), build_households(c, b, SEED)
    for name in ("offsets", *COLUMNS):
        assert (getattr(first, name) == getattr(second, name)).all()


def test_members_add_up(h):
    working_age = h.size - h.children - h.elderly  # unsigned: a negative would show as > 200
    assert h.size.min() >= 1 and h.size.max() <= 12
    assert working_age.max() <= 12
    assert (h.labour + h.disabled <= working_age).all()
    assert (h.migrants <= h.labour).all()
    assert set(np.unique(h.disabled)) == {0, 1}
    nobody = h.labour == 0
    assert (h.frail[nobody] == 1).all()
    assert (h.frail == (nobody | ((h.disabled == 1) & (h.labour <= 1)))).all()
    # No child lives without an adult.
    assert (h.children < h.size).all()
    assert h.schooling.max() <= 160


def test_province_matches_what_is_known(c, sample, h):
    weight = np.repeat(sample.weight, sample.households).astype(np.float64)
    people = (weight * h.size).sum()
    share = (weight * h.frail).sum() / weight.sum()
    assert 0.06 < share < 0.09
    # Rural survey: 1.43 to 1.52 persons per labourer.
    assert 1.40 < people / (weight * h.labour).sum() < 1.52
    years = (weight * h.size * h.schooling).sum() / people / 10
    census = np.average(c.mean_school_years, weights=c.registered_rural)
    assert years == pytest.approx(census, abs=0.2)
    # Singles, pairs, threes, fours: no household size is missing or rules.
    sizes = np.bincount(h.size, weight, 13)[1:] / weight.sum()
    assert 0.06 < sizes[0] < 0.13 and 0.18 < sizes[1] < 0.26 and 0.2 < sizes[2] < 0.29
    assert sizes[6:].sum() < 0.08


def test_frailty_follows_age(c, sample, h):
    county = np.repeat(sample.county, sample.households)
    households = np.bincount(county, minlength=172)
    many = households > 1500
    frail = np.bincount(county, h.frail, 172)[many] / households[many]
    assert np.corrcoef(frail, c.share_65plus[many])[0, 1] > 0.6


def test_schooling_follows_the_county_and_the_old(c, sample, h):
    county = np.repeat(sample.county, sample.households)
    households = np.bincount(county, minlength=172)
    many = households > 1500
    mean = np.bincount(county, h.schooling, 172)[many] / households[many] / 10
    assert np.corrcoef(mean, c.mean_school_years[many])[0, 1] > 0.95
    old = h.elderly == h.size
    assert h.schooling[old].mean() < h.schooling[~old].mean() - 20
    assert 15 < h.schooling[~old & (county == county[0])].std() < 25


def test_migrants_come_from_workers_and_the_schooled(h):
    rate = h.migrants[h.labour > 0] / h.labour[h.labour > 0]
    schooling = h.schooling[h.labour > 0]
    assert rate[schooling > 105].mean() > 1.15 * rate[schooling < 70].mean()
    assert (h.migrants[h.labour >= 3] > 0).mean() > (h.migrants[h.labour == 1] > 0).mean()
    assert (h.migrants >= 2).mean() > 0.02


def test_land_is_larger_on_the_plateau(c, sample, h):
    county = np.repeat(sample.county, sample.households)
    per_head = h.land / 10 / h.size
    plateau = np.isin(c.code[county], [130722, 130723, 130724, 130725])
    assert per_head[plateau].mean() > 3.5
    assert per_head.mean() == pytest.approx(1.4, abs=0.3)


def test_another_seed_is_another_population(c, everywhere, h, sample):
    other = build_households(c, sample, 99)  # same villages, other chance
    assert (village_sums(other, other.size) == sample.people).all()
    for name in COLUMNS:
        assert (getattr(other, name) != getattr(h, name)).any(), name
    assert abs(np.corrcoef(other.schooling, h.schooling)[0, 1]) < 0.1


def test_neighbouring_households_are_independent(sample, h):
    # Within villages: their means differ, and the sum of each is fixed.
    mean = np.repeat(sample.people / sample.households, sample.households)
    apart = h.size - mean
    assert abs(np.corrcoef(apart[:-1], apart[1:])[0, 1]) < 0.01
    one_head = h.land / h.size
    assert abs(np.corrcoef(h.schooling[:-1], one_head[1:])[0, 1]) < 0.25


def test_all_columns_are_covered():
    from fupin.population.columns import HouseholdColumns

    assert {f.name for f in fields(HouseholdColumns)} == {"offsets", *COLUMNS}
