"""All villages of the province: exact sums, sensible patterns, keyed chance."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.population.counties import TERRAINS
from fupin.population.villages import all_villages


@pytest.fixture
def v(everywhere):
    return everywhere


def by_county(v, values, units=172):
    return np.bincount(v.county, values, units).astype(np.int64)


def test_every_county_exact(c, v):
    assert (by_county(v, v.people) == c.registered_rural).all()
    assert (by_county(v, v.households) == c.registered_households).all()
    assert (by_county(v, v.weight) == c.villages).all()
    assert (by_county(v, v.listed) == c.listed_villages).all()
    away = by_county(v, v.away)
    assert np.abs(away - c.migrant_share * c.registered_rural).max() <= 0.5


def test_document_counts(c, v):
    assert v.listed.sum() == 7102
    assert v.listed[c.within("named_prefectures")[v.county]].sum() == 2804


def test_ids_and_bounds(c, v):
    assert (np.diff(v.id) > 0).all()
    assert (v.id // 10_000 == c.code[v.county]).all()
    assert (v.id % 10_000 >= 1).all() and (v.id % 10_000 < 9_000).all()
    assert v.households.min() >= 20 and v.households.max() <= 3000
    assert (v.people >= v.households).all() and (v.people <= 12 * v.households).all()
    for name in ("road", "water", "irrigation", "power", "telecom", "remoteness"):
        column = getattr(v, name)
        assert column.dtype == np.float32
        assert column.min() >= 0.0 and column.max() <= 1.0
        assert column.std() > 0.005


def test_roster_is_a_permutation_of_listed_villages(v):
    assert (np.sort(v.batch[v.listed]) == np.arange(7102)).all()
    assert (v.batch[~v.listed] == -1).all()
    # The order says nothing about place: early batches come from all over.
    early = v.listed & (v.batch < 500)
    assert np.unique(v.county[early]).size > 45


def test_water_keeps_the_census_share(c, v):
    people = np.bincount(v.county, v.people, 172)
    water = np.bincount(v.county, v.water * v.people, 172)
    rural = people > 0
    assert np.abs(water[rural] / people[rural] - c.piped_water[rural]).max() < 0.005


def test_listed_villages_are_more_remote_and_worse_served(c, v):
    for unit in np.flatnonzero(c.listed_villages >= 60):
        here = v.county == unit
        listed, other = here & v.listed, here & ~v.listed
        assert v.remoteness[listed].mean() > v.remoteness[other].mean()
        assert v.road[listed].mean() < v.road[other].mean()
    hills = v.terrain != TERRAINS.index("plain")
    key = c.key[v.county] > 0
    assert (
        v.households[v.listed & hills].mean() < 0.9 * v.households[~v.listed & hills & key].mean()
    )
    # But remoteness does not decide alone: some listed villages are less remote than most.
    zhangbei = v.county == np.flatnonzero(c.code == 130722)[0]
    middle = np.median(v.remoteness[zhangbei])
    assert 0.1 < (v.remoteness[zhangbei & v.listed] < middle).mean() < 0.4


def test_kinds_lie_where_they_should(c, v):
    for name in ("old_base", "minority", "border"):
        kind = getattr(v, name)
        assert kind.any() and getattr(c, name)[v.county[kind]].all()
    assert v.old_base[v.county == np.flatnonzero(c.code == 130923)[0]].any()  # Dongguang, S87


def test_points_lie_around_their_county(c, v):
    km_north = (v.lat - c.lat[v.county]) * 111.2
    km_east = (v.lon - c.lon[v.county]) * 111.2 * 0.774
    reach = np.sqrt(c.area_km2[v.county])
    assert (np.hypot(km_north, km_east) < 1.0 * reach).all()
    assert np.hypot(km_north, km_east).mean() > 3


def test_governance_is_standard_normal(v):
    assert v.governance.mean() == pytest.approx(0.0, abs=0.02)
    assert v.governance.std() == pytest.approx(1.0, abs=0.02)


def test_another_seed_keeps_sums_and_changes_villages(c, v):
    other = all_villages(c, 7)
    assert (by_county(other, other.people) == c.registered_rural).all()
    assert (other.id == v.id).all()
    assert (other.people != v.people).mean() > 0.9
    assert other.listed.sum() == 7102 and (other.listed != v.listed).any()
