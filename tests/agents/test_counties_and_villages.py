"""Counties and villages are Mesa agents that see the columns of their households."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from fupin.agents.county import County
from fupin.agents.village import Village
from fupin.lives.additional import Twin
from fupin.model import PovertyModel
from small_worlds import persons, plan, province, to_the_end

SAMPLE = 0.01


@pytest.fixture(scope="module")
def model():
    return to_the_end(
        PovertyModel(plan(period={"start": "2009-11", "end": "2009-12"}), rng=2, sample=SAMPLE)
    )


def test_every_county_and_every_sampled_village_is_an_agent(model):
    frame = province(SAMPLE)
    assert len(model.agents_by_type[County]) == len(frame.counties.code) == 172
    assert len(model.agents_by_type[Village]) == len(frame.villages)
    assert [c.row for c in model.counties] == list(range(172))
    assert [v.id for v in model.village_agents] == np.asarray(frame.villages.id).tolist()


def test_counties_share_out_the_villages_without_rest(model):
    rows = np.concatenate([c.villages for c in model.counties])
    assert sorted(rows.tolist()) == list(range(len(model.village_agents)))
    for county in model.counties:
        ids = model.villages.id[county.villages]
        assert (ids // 10_000 == model.frame.counties.code[county.row]).all()


def test_villages_share_out_the_households_without_rest(model):
    borders = [(v.first, v.last) for v in model.village_agents]
    assert borders[0][0] == 0
    assert borders[-1][1] == model.households.size.size
    assert all(a[1] == b[0] for a, b in itertools.pairwise(borders))


def test_fifty_two_key_counties_and_the_listed_villages(model):
    keys = [c.key for c in model.counties]
    assert sum(k > 0 for k in keys) == 52
    assert sum(k == 2 for k in keys) == 40
    listed = sum(v.weight for v in model.village_agents if v.listed)
    assert listed == pytest.approx(7102, rel=0.02)


def test_counts_of_agents_add_up_to_the_province(model):
    h, people = model.households, persons(model)
    registered = people[h.registered > 0].sum()
    assert sum(c.registered for c in model.counties) == registered == model.registered_poor
    assert sum(v.registered * v.weight for v in model.village_agents) == registered
    assert sum(v.migrants * v.weight for v in model.village_agents) == model.migrants


def test_what_a_village_reports_is_what_its_households_have(model):
    h = model.households
    for village in model.village_agents[:: len(model.village_agents) // 20]:
        here = slice(village.first, village.last)
        size, listed = h.size[here].astype(int), h.registered[here] > 0
        assert village.registered == size[listed].sum()
        assert village.registered_share == pytest.approx(size[listed].sum() / size.sum())
        assert village.mean_income == pytest.approx(np.average(h.income[here], weights=size), 1e-5)
        assert 0 <= village.registered_share <= 1
        assert village.works_index >= 0


def test_counts_of_agents_follow_every_month():
    # People are born and leave every month, the register is reviewed in December.
    model = PovertyModel(plan(period={"start": "2009-10", "end": "2010-01"}), rng=2, sample=SAMPLE)
    counts = []
    while model.running:
        model.step()
        direct = persons(model)[model.households.registered > 0].sum()
        assert sum(c.registered for c in model.counties) == direct
        assert sum(v.registered * v.weight for v in model.village_agents) == direct
        counts.append(int(direct))
    assert len(set(counts)) == 4
    assert model.datacollector.get_model_vars_dataframe()["registered_poor"].iloc[-1] == counts[-1]


@pytest.mark.parametrize("total", [0, 1, 7, 1000])
def test_a_county_gives_away_exactly_the_places_it_has(model, total):
    county = max(model.counties, key=lambda c: c.villages.size)
    places = county.share_among_villages(total, county.villages)
    assert places.sum() == total
    assert (places >= 0).all()
    poor = model.registered_by_village[county.villages]
    np.testing.assert_array_less(np.abs(places - total * poor / poor.sum()), 1.0)


def test_a_county_without_registered_poor_shares_evenly():
    nobody = SimpleNamespace(model=SimpleNamespace(registered_by_village=np.zeros(9, np.int64)))
    places = County.share_among_villages(nobody, 12, np.arange(3, 9))
    assert places.tolist() == [2] * 6


def test_villages_become_agents_when_somebody_asks() -> None:
    model = PovertyModel(rng=1, sample=0.002)
    model.step()
    assert model._village_agents is None
    assert len(model.agents) == 172 + len(model.frame.villages.id)
    assert model.agent_types == [County, Village]


def test_a_twin_has_no_agents() -> None:
    assert len(Twin(rng=1, sample=0.002).agents) == 0
