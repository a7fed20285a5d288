"""Counties and villages are Mesa agents that see the columns of their households."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from fupin.agents.county import County
from fupin.agents.village import Village
from fupin.errors import InputError
from fupin.model import PovertyModel
from fupin.population.household_ids import household_id
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
    assert len(set(counts)) == len(counts) == 15  # to the December of the year
    assert model.datacollector.get_model_vars_dataframe()["registered_poor"].iloc[-1] == counts[-1]


def test_a_household_is_a_view_of_its_row(model):
    row = int(np.flatnonzero(model.households.registered)[0])
    one = model.household(household_id(model.frame, row))
    assert (one.row, one.size) == (row, int(model.households.size[row]))
    assert one.village == model.villages.of_household[row]
    assert one.savings == pytest.approx(
        float(model.world.savings_of(np.array([row]))[0]) * one.base * model.level * one.size
    )
    before = one.income
    model.households.income[row] += 1.0
    assert one.income == pytest.approx(before + 1.0)
    model.households.income[row] -= 1.0
    with pytest.raises(AttributeError, match="a household has no 'wealth'"):
        _ = one.wealth
    with pytest.raises(InputError):
        model.household(7)


@pytest.mark.parametrize("rng", [0, -3, 1.7, "1", True])
def test_a_seed_that_is_none_is_refused(rng):
    with pytest.raises(InputError, match="is no run seed"):
        PovertyModel(rng=rng, sample=0.002)


def test_a_sample_of_nothing_is_refused():
    with pytest.raises(InputError):
        PovertyModel(rng=1, sample=0)
