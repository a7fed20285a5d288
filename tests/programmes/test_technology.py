"""Technology: technicians, courses, and adoption that spreads among neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from small_runs import columns_differ, log_gain, model_of, money, programme_of

KEY = "technology"
PLAN = {KEY: {"budget": "20 million", "to": "2009-12", "technicians": 9000}}
NO_COURSES = {f"{KEY}.attendance": 1.0, f"{KEY}.taught_factor": 1.0}


@pytest.fixture(scope="module")
def twin():
    return model_of({}, "2010-12")


@pytest.fixture(scope="module")
def spread():
    return model_of(PLAN, "2010-12")


def adopted(model) -> np.ndarray:
    """Who has the item, by household."""
    has = np.zeros(model.households.size.size, bool)
    has[programme_of(model, KEY).diffusion.adopters] = True
    return has


def test_off_is_absent(twin) -> None:
    assert columns_differ(model_of({KEY: "off"}, "2010-12"), twin) == []


def test_money_binds_and_the_ledger_balances(spread) -> None:
    counts, yuan = programme_of(spread, KEY).counts_by_year[2009], money(spread, KEY)
    assert spread.ledger.imbalance() == 0
    assert yuan["delivered"] == 500 * counts["villages"] + 1500 * counts["courses"]
    # Courses are real ones, people those of sampled villages that stand for some fifty.
    assert counts["persons"] <= 100 * (counts["courses"] + spread.villages.weight.max())
    poor = model_of({KEY: {**PLAN[KEY], "budget": "4 million"}})
    fewer = programme_of(poor, KEY).counts_by_year[2009]
    assert fewer["villages"] > 0 and fewer["courses"] < counts["courses"]
    assert money(poor, KEY)["delivered"] < 0.9 * 4_000_000


def test_technicians_and_places_bind(spread) -> None:
    assert 0 < programme_of(spread, KEY).counts_by_year[2009]["villages"] <= 9000 / 3
    few = model_of({KEY: {**PLAN[KEY], "technicians": 3000}})
    assert programme_of(few, KEY).counts_by_year[2009]["villages"] <= 1000
    places = model_of({KEY: {**PLAN[KEY], "places_per_month": 50}})
    assert programme_of(places, KEY).counts_by_year[2009]["villages"] <= 600
    assert money(places, KEY)["returned"] > 0


def test_adopters_farm_with_land_and_labour_in_seeded_villages(spread) -> None:
    programme = programme_of(spread, KEY)
    rows = programme.diffusion.adopters
    assert np.unique(rows).size == rows.size
    assert np.all(np.asarray(spread.frame.households.land)[rows] > 0)
    assert np.all(programme.diffusion.seeded[programme.village_of(rows)])
    share = programme.diffusion.share()
    assert np.all(share <= 1.0) and share.max() > 0
    every = programme.counts_by_year
    begun = sum(year["seeded"] + year["adopted"] - year["given_up"] for year in every.values())
    assert begun == int(programme.weight_of(rows).sum()) == every[2010]["adopters"]


def test_an_adopter_s_farm_earns_more(spread, twin) -> None:
    programme = programme_of(spread, KEY)
    gains = programme.diffusion.gains
    # 0.08 (0.05) of what the farm earns, a third of income or so.
    assert 0.005 < gains.mean() < 0.08
    gain = log_gain(spread, twin)[programme.diffusion.adopters]
    assert np.median(gain) > 0.005
    never = spread.households.gain == twin.households.gain
    assert np.abs(log_gain(spread, twin)[never & ~adopted(spread)]).mean() < 1e-3
    assert spread.households.gain.sum() - twin.households.gain.sum() == pytest.approx(
        gains.sum(), rel=1e-3
    )


def test_peers_raise_adoption() -> None:
    strong = {**NO_COURSES, f"{KEY}.imitation": 0.8, f"{KEY}.innovation": 0.02}
    few, many = (
        model_of(PLAN, parameters={**strong, f"{KEY}.seeds": seeds}) for seeds in (2.0, 60.0)
    )
    seeds = many.households.reached & programme_of(many, KEY).bit > 0
    assert np.array_equal(*(programme_of(m, KEY).diffusion.seeded for m in (few, many)))
    others = [int(adopted(m)[~seeds].sum()) for m in (few, many)]
    assert others[1] > 1.3 * others[0] > 0
    alone = model_of(PLAN, parameters={**strong, f"{KEY}.seeds": 60.0, f"{KEY}.imitation": 0.0})
    assert int(adopted(alone)[~seeds].sum()) < others[1]


def test_who_was_taught_adopts_more_readily() -> None:
    both = {**PLAN, "practical_training": {"budget": "60 million", "places_per_month": 200_000}}
    model = model_of(both, parameters={f"{KEY}.taught_factor": 3.0})
    plain = model_of(both, parameters={f"{KEY}.taught_factor": 1.0})
    seeds_and_courses = model.households.reached & programme_of(model, KEY).bit > 0
    taught = np.zeros(seeds_and_courses.size, bool)
    taught[programme_of(model, "practical_training").taught] = True
    taught &= ~seeds_and_courses
    assert adopted(model)[taught].sum() > 1.5 * adopted(plain)[taught].sum() > 0


def test_it_saturates_where_it_is_suitable() -> None:
    eager = {f"{KEY}.innovation": 5.0, f"{KEY}.imitation": 20.0, f"{KEY}.give_up": 0.0}
    model = model_of(PLAN, "2010-12", eager)
    diffusion = programme_of(model, KEY).diffusion
    share = diffusion.share()[diffusion.seeded]
    assert share.min() > 0.8 and share.max() <= 1.0
    assert adopted(model).sum() < model.households.size.size


def test_giving_up_ends_the_gain() -> None:
    fickle = {f"{KEY}.innovation": 0.0, f"{KEY}.imitation": 0.0, f"{KEY}.give_up": 0.9}
    model = model_of(PLAN, "2011-12", fickle)
    counts = programme_of(model, KEY).counts_by_year
    assert counts[2011]["adopters"] < 0.2 * counts[2009]["seeded"]
    without = ~adopted(model)
    assert np.abs(model.households.gain[without]).max() < 1e-6
