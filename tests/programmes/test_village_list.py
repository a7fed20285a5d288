"""A plan's list of villages: how many, which, from when, and who goes by it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from accounts import assert_accounts_and_reasons
from fupin.model import PovertyModel
from fupin.month import begin, live
from fupin.parameters.book import load_book
from fupin.population.counties import county_table
from fupin.programmes.village_list import draw_list
from fupin.randomness import Chance
from fupin.scenario.schema import Scenario
from fupin.scenario.served import key_codes
from fupin.scenario.variants import without_programmes
from fupin.scenario.village_list import LIST_BY
from fupin.state.roster import LISTED
from fupin.state.village_list import VillageList, first_list
from fupin.world.start import Start, live_history
from fupin.world.world import World
from hypothesis import given, settings
from hypothesis import strategies as st
from small_runs import NO_OLD_FUNDS

MILLION = 10**6
SAMPLE = 0.02
KEY = tuple(sorted(key_codes()))
PLANS = {"village_advancement": {"budget": 600 * MILLION}}
"""More money than the first list needs in a year."""


def plan(end: str = "2011-12", programmes: dict[str, Any] | None = None, **keys: Any) -> Scenario:
    return Scenario.model_validate(
        {
            "name": "test",
            "period": {"start": "2011-01", "end": end},
            "programmes": PLANS if programmes is None else programmes,
            "history": {"parameters": NO_OLD_FUNDS},
            **keys,
        }
    )


@cache
def history() -> Start:
    start = live_history(plan(end="2012-12"), 1, sample=SAMPLE)
    start.keep()
    return start


@cache
def before() -> World:
    """The province before the first month; nobody changes it."""
    return begin(plan(), history().copy(), 1)


def lived(**keys: Any) -> World:
    found = live(plan(**keys), history().again().copy(), 1)
    assert found.ledger.imbalance() == 0
    return found


def drawn(seed: int = 1, parameters: dict[str, float] | None = None, **said: Any) -> VillageList:
    """The list of a plan under a run's luck."""
    world = before()
    world.plan, world.chance = plan(village_list=said), Chance(seed)
    kept = world.values
    try:
        if parameters:
            world.values = load_book().values({**kept, **parameters})
        found = draw_list(world)
    finally:
        world.values = kept
    assert found is not None
    return found


def weighted(rows: np.ndarray) -> int:
    return int(np.asarray(before().villages.weight)[rows].sum())


def open_in(codes: Any, renews: bool = False) -> np.ndarray:
    """Villages of some counties that may come onto a list, (V,)."""
    frame = before().frame
    here = np.isin(np.asarray(frame.counties.code)[np.asarray(frame.villages.county)], codes)
    return here & (renews | ~np.asarray(frame.villages.listed))


# -- how many ------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    number=st.integers(1, 9_000),
    by=st.sampled_from(LIST_BY),
    renews=st.booleans(),
    seed=st.integers(1, 10**6),
)
def test_a_list_has_about_as_many_villages_as_the_plan_asks_for(
    number: int, by: str, renews: bool, seed: int
) -> None:
    found = drawn(seed, by=by, **{"renew" if renews else "add": number})
    heavy = int(np.asarray(before().villages.weight).max())
    assert abs(weighted(found.new) - number) <= 2 * heavy + 0.02 * number
    first = first_list(before().frame)
    assert not (found.new & first.listed).any() or renews
    assert np.array_equal(found.listed, found.new if renews else found.new | first.listed)
    county = np.asarray(before().frame.counties.code)[np.asarray(before().frame.villages.county)]
    assert np.isin(county[found.new], KEY).all()
    places = found.place[found.listed]
    assert (found.place >= 0).tolist() == found.listed.tolist()
    assert np.unique(places).size == places.size
    assert found.by_county.sum() == weighted(found.new) + (0 if renews else LISTED)


@pytest.mark.parametrize("said", [
    {"add": 37}, {"add": 1_000, "by": "need"}, {"renew": 500, "by": "registered"},
    {"add": 90, "by": "equal", "counties": ["Zhangbei", "大名县", "Fuping"]},
    {"add": {"130722": 12, "130425": 31}},
    {"add": 400, "counties": ["正定县", "任丘市", "霸州市"]},
])  # fmt: skip
def test_on_average_over_chance_it_has_just_as_many(said: dict[str, Any]) -> None:
    """As the plan asks for; of a few counties the same share of those that the sample has."""
    numbers = np.array([weighted(drawn(seed, **said).new) for seed in range(1, 121)], np.float64)
    wanted, table, renews = 0.0, county_table(), "renew" in said
    found = plan(village_list=said).village_list
    assert found is not None
    for codes, number in found.groups:
        of = np.isin(table.code, codes)
        there = int((table.villages - (0 if renews else table.listed_villages))[of].sum())
        wanted += min(number, there) * weighted(open_in(codes, renews)) / there
    assert abs(numbers.mean() - wanted) < 4.0 * numbers.std(ddof=1) / np.sqrt(numbers.size) + 1e-9
    if found.counties is None and isinstance(found.villages, int):
        assert wanted == found.number


def test_more_than_there_are_are_all_there_are() -> None:
    assert np.array_equal(drawn(add=50_000).new, open_in(KEY))


# -- which ---------------------------------------------------------------------------------------


def _values() -> dict[str, np.ndarray]:
    world, v = before(), before().frame.villages
    h, first = world.households, world.villages.offsets[:-1]
    people = np.add.reduceat(h.size.astype(np.int64), first)
    return {
        "income": -np.log(np.add.reduceat(h.income.astype(float) * h.size, first) / people),
        "registered": np.add.reduceat(h.registered * h.size.astype(np.int64), first) / people,
        "need": -(np.asarray(v.road, float) + v.water + v.irrigation),
    }


@pytest.mark.parametrize("by", ["income", "registered", "need"])
def test_offices_see_through_the_error_of_their_kind(by: str) -> None:
    name, sharp, dull = "programmes.sight_error", 0.0, 5.0
    if by == "income":
        name, sharp, dull = "livelihood.listing_accuracy", 1.0, 0.0
    value, open_ = _values()[by], open_in(KEY)

    def gap(**parameters: float) -> float:
        found = drawn(add=2_500, by=by, parameters=parameters or None).new
        return float(value[found].mean() - value[open_ & ~found].mean())

    assert gap(**{name: sharp}) >= gap() > max(gap(**{name: dull}), 0.0)
    clear = drawn(add=2_500, by=by, parameters={name: sharp}).new
    # Without error whoever is taken is worse off than who is not, but for a village at the edge.
    assert np.sort(value[clear])[1] >= np.sort(value[open_ & ~clear])[-2] - 1e-3


def test_the_list_does_not_depend_on_what_programmes_do() -> None:
    said = {"village_list": {"add": 1_500, "from": "2012-01", "by": "registered"}}
    some, none = lived(end="2012-12", **said), lived(end="2012-12", programmes={}, **said)
    assert np.array_equal(some.village_list.new, none.village_list.new)
    assert some.village_list.new.any()


# -- from when, and who goes by it ---------------------------------------------------------------


def same(one: World, other: World) -> bool:
    columns = zip(one.households, other.households, strict=True)
    return all(a.tobytes() == b.tobytes() for a, b in columns)


def test_a_list_of_no_village_is_none() -> None:
    for said in ({"add": 0}, {"add": {"张北县": 0, "大名县": 0}, "by": "need"}):
        assert plan(village_list=said) == plan()


def test_a_list_alone_changes_nothing_and_has_the_same_twin() -> None:
    alone = lived(programmes={}, village_list={"add": 3_000})
    off = lived(programmes={"village_advancement": {"budget": 0}}, village_list={"renew": 3_000})
    assert same(alone, lived(programmes={})) and same(off, alone)
    assert without_programmes(plan(village_list={"add": 5})) == without_programmes(plan())


def test_before_its_month_nothing_moves() -> None:
    with_list = lived(end="2012-12", village_list={"add": 2_000, "from": "2012-01"})
    without = lived(end="2012-12")
    assert str(with_list.measured[2011]) == str(without.measured[2011])
    (one,), (other,) = with_list.programmes, without.programmes
    assert other.counts_by_year[2011].items() <= one.counts_by_year[2011].items()
    assert one.counts_by_year[2011]["new_list_villages"] == 0
    assert one.counts_by_year[2012]["new_list_begun"] > 0
    assert one.counts_by_year[2012]["villages"] > other.counts_by_year[2012]["villages"]


def test_new_villages_get_plans_and_money_is_spent() -> None:
    first, longer = lived(), lived(village_list={"add": 2_000})
    spent = [int(world.ledger.delivered.sum()) for world in (first, longer)]
    assert spent[1] > 1.2 * spent[0]
    begun = longer.works.plan_money > 0
    new = longer.village_list.new
    assert begun[new].any() and not (first.works.plan_money > 0)[new].any()
    (programme,) = longer.programmes
    assert programme.counts_by_year[2011]["new_list_villages"] == weighted(new)


def test_a_renewed_list_plans_anew_and_pays_plans_under_way_to_their_end() -> None:
    world = begin(plan(), history().copy(), 1)
    open_ = world.works.plan_open.copy()
    complete = world.works.plan_complete.copy()
    built = world.works.spent.copy()
    renewed = lived(end="2012-12", village_list={"renew": 1_000, "by": "registered"})
    new = renewed.village_list.new
    assert (complete & new).any()
    assert (renewed.works.spent[complete & new] > built[complete & new]).any()
    assert open_.any() and renewed.works.plan_complete[open_].all()
    left = ~new & ~open_
    assert np.array_equal(renewed.works.spent[left], built[left])


@pytest.mark.parametrize("key, more", [
    ("rural_works", {"budget": 60 * MILLION}),
    ("paired_assistance", {"budget": 150 * MILLION}),
    ("household_projects", {"budget": 300 * MILLION}),
    ("project_management", {"budget": 5 * MILLION}),
    ("integrated_funds", {"budget": 200 * MILLION}),
    ("cash_transfer", {"budget": 100 * MILLION}),
    ("technology", {"budget": 3 * MILLION}),
    ("subsidised_loans", {"budget": 900 * MILLION}),
    ("microfinance", {"budget": 40 * MILLION}),
    ("practical_training", {"budget": 20 * MILLION}),
    ("skills_training", {"budget": 30 * MILLION}),
    ("enterprise_projects", {"budget": 3_000 * MILLION}),
])  # fmt: skip
@pytest.mark.parametrize("said", [{"add": 2_500}, {"renew": 1_500}])
def test_every_programme_that_goes_by_the_list_goes_by_the_plans_list(
    key: str, more: dict[str, Any], said: dict[str, Any]
) -> None:
    without, with_list = (lived(programmes={key: more}, **k) for k in ({}, {"village_list": said}))
    if key == "project_management":  # reaches nobody: more villages need opening
        opened = [w.programmes[0].counts_by_year[2011]["villages"] for w in (without, with_list)]
        assert opened[0] != opened[1]
    else:
        assert not same(with_list, without)


EVERYTHING = {
    "village_advancement": {"budget": 900 * MILLION, "share": "equal"},
    "rural_works": {"budget": 90 * MILLION},
    "household_projects": {"budget": 200 * MILLION, "counties": ["Zhangbei", "正定县", "大名县"]},
    "mutual_funds": {"budget": 30 * MILLION},
    "paired_assistance": {"budget": 150 * MILLION, "share": "registered"},
    "integrated_funds": {"budget": 20 * MILLION},
    "project_management": {"budget": 5 * MILLION},
    "technology": {"budget": 2 * MILLION},
    "subsidised_loans": {"budget": 400 * MILLION},
}


@pytest.mark.parametrize("said", [
    {"add": 1_500, "counties": "all", "from": "2011-07"},
    {"renew": {"张北县": 120, "正定县": 60, "大名县": 40}, "from": "2012-01", "by": "need"},
])  # fmt: skip
def test_accounts_hold_and_every_unspent_yuan_has_a_reason(said: dict[str, Any]) -> None:
    asked = plan(end="2012-12", programmes=EVERYTHING, village_list=said)
    model = PovertyModel(asked, rng=1, start=history().again().copy())
    while model.running:
        model.step()
    assert_accounts_and_reasons(model)
    new = model.world.village_list.new
    assert new.any() and model.village_agents[int(np.flatnonzero(new)[0])].listed
