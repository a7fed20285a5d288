"""Relocation communities: the document's counts, and who is nominated."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.population.communities import build_communities, task_counties
from fupin.population.counties import TERRAINS
from fupin.population.sample import choose_villages, parse_sample

SEED = 20091231


@pytest.fixture(scope="module")
def built(c, everywhere, default):
    return build_communities(c, everywhere, default, SEED)


def test_counts_of_the_document(c, built):
    assert len(built) == 17 and built.finished.sum() == 12
    assert (built.year == np.where(built.finished, 2008, 2009)).all()
    assert np.unique(built.county).size == 11
    # Every task county had a finished community (12 in 11 counties).
    assert np.unique(built.county[built.finished]).size == 11
    assert (built.id // 10_000 == c.code[built.county]).all()
    assert (built.id % 10_000 >= 9_001).all() and np.unique(built.id).size == 17


def test_task_counties_are_mountain_or_plateau_key_counties(c, everywhere):
    counties = task_counties(c, everywhere)
    assert (c.key[counties] > 0).all()
    assert {TERRAINS[t] for t in c.terrain[counties]} <= {"mountain", "plateau"}
    remote = everywhere.listed & (everywhere.remoteness >= 0.8)
    people = np.bincount(everywhere.county, everywhere.people * remote, 172)
    assert (np.diff(people[counties]) <= 0).all()


def household_ids(villages, rows):
    offsets = np.concatenate([[0], np.cumsum(villages.households, dtype=np.int64)])
    village = np.searchsorted(offsets, rows, side="right") - 1
    return village, villages.id[village] * 10_000 + rows - offsets[village]


def test_nominated_from_remote_listed_villages_of_the_same_county(default, built):
    assert np.unique(built.members).size == built.members.size == built.offsets[-1]
    assert (np.diff(built.offsets) == 400).all()
    village, _ = household_ids(default, built.members)
    community = np.repeat(np.arange(len(built)), np.diff(built.offsets))
    assert default.listed[village].all()
    assert (default.county[village] == built.county[community]).all()
    for county in np.unique(built.county):
        listed = default.listed & (default.county == county)
        used = np.unique(village[default.county[village] == county])
        unused = np.setdiff1d(np.flatnonzero(listed), used)
        assert default.remoteness[used].min() >= default.remoteness[unused].max()


def test_full_and_default_nominate_the_same_households(c, everywhere, default, built):
    full = build_communities(c, everywhere, everywhere, SEED)
    assert (full.id == built.id).all() and (full.offsets == built.offsets).all()
    ids = household_ids(everywhere, full.members)[1]
    assert (ids == household_ids(default, built.members)[1]).all()


def test_a_thin_sample_nominates_about_as_many_weighted(c, everywhere):
    thin = choose_villages(everywhere, c, parse_sample(0.05), SEED)
    built = build_communities(c, everywhere, thin, SEED)
    village, _ = household_ids(thin, built.members)
    weighted = thin.weight[village].sum()
    assert weighted == pytest.approx(17 * 400, rel=0.05)


def test_communities_are_well_served(everywhere, built):
    remote = everywhere.listed & (everywhere.remoteness >= 0.8)
    assert built.road.min() > everywhere.road[remote].mean() + 0.2
    for name in ("road", "water", "power", "telecom"):
        assert (getattr(built, name) >= np.median(getattr(everywhere, name))).all()
    assert (built.remoteness < np.median(everywhere.remoteness)).all()
