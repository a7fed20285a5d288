"""What `check` says of money that cannot act, held against worlds in which it does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from five_counties import THIN, plan, programme
from fupin.model import PovertyModel
from fupin.population.communities import task_counties
from fupin.population.counties import county_table
from fupin.population.frame import DEFAULT_SEED, every_village
from fupin.scenario.load import load_scenario
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.scenario.served import (
    TASK_COUNTIES,
    TASK_RANKED,
    USUAL_SEED,
    key_codes,
    served_codes,
    task_codes,
)
from fupin.scenario.targeting import WAYS
from fupin.state.feasible import infeasible
from fupin.state.limits import Limit
from fupin.words.language import Language
from fupin.words.remarks import of_plan
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from reported import report
from sixteen import CASES, every_programme

MILLION = 10**6
CHOSEN = ("microfinance",)
"""Programmes that choose by who is on the register: a plan alone knows of more than they serve."""


def kinds(found: dict[str, Any], **more: Any) -> dict[str, set[str]]:
    """Programme -> kinds of remarks on it."""
    out: dict[str, set[str]] = {}
    for remark in infeasible(plan(programmes=found, **more)):
        for key in remark.programmes:
            out.setdefault(key, set()).add(remark.kind)
    return out


# -- where ---------------------------------------------------------------------------------------


def test_villages_of_the_list_lie_in_key_counties_and_in_each() -> None:
    table = county_table()
    assert key_codes() == {int(code) for code in table.code[table.listed_villages > 0]}


def test_counties_with_communities_are_those_of_the_frame() -> None:
    table = county_table()
    rows = task_counties(table, every_village(DEFAULT_SEED))
    assert tuple(table.code[rows].tolist()) == TASK_RANKED
    assert sorted(table.code[rows].tolist()) == list(TASK_COUNTIES)
    assert USUAL_SEED == DEFAULT_SEED
    assert task_codes(DEFAULT_SEED) == TASK_COUNTIES != task_codes(7)


@pytest.fixture(scope="module")
def province() -> PovertyModel:
    """Every programme, in the places that its settings name."""
    found = {key: case.settings for key, case in CASES.items()}
    return PovertyModel(plan(programmes=found), rng=1, sample=THIN)


@every_programme
@pytest.mark.parametrize(
    "where",
    [
        {},
        {"prefectures": ["Langfang"]},
        {"prefectures": ["Handan", "Hengshui"]},
        {"prefectures": ["Chengde"]},
        {"counties": ["正定县", "Daming"]},
        {"counties": ["all"], "prefectures": ["Baoding"]},
        {"counties": ["key"]},
    ],
    ids=str,
)
def test_counties_served_are_those_of_the_programme(
    key: str, where: dict[str, Any], province: PovertyModel
) -> None:
    settings = plan(programmes={key: {"budget": MILLION, **where}}).programmes.of(key)
    acting = type(programme(province, key))(province.world, settings, PROGRAMME_KEYS.index(key))
    served = {int(code) for code in province.frame.counties.code[acting.serves]}
    known = served_codes(key, settings)
    assert served == known if key not in CHOSEN or "counties" in where else served <= known


@every_programme
def test_money_where_no_village_is_listed_is_warned_of(key: str) -> None:
    nowhere = kinds({key: {"budget": MILLION, "prefectures": ["Langfang"]}}).get(key, set())
    alone = kinds({key: {"budget": MILLION, "counties": ["正定县"]}}).get(key, set())
    beside = kinds({key: {"budget": MILLION, "counties": ["正定县", "张北县"]}}).get(key, set())
    own = kinds({key: {"budget": MILLION}}).get(key, set())
    assert "nowhere" in nowhere
    unlisted = {"all_unlisted", "unlisted", "unlisted_none", "all_no_community", "no_community",
                "no_workers"}  # fmt: skip
    if key == "minimum_living":  # of all villages
        assert not (alone | beside) & unlisted
    elif key == "enterprise_projects":
        assert "no_workers" in alone & beside
    elif key == "relocation":
        assert "all_no_community" in alone and "no_community" in beside
    else:
        assert "all_unlisted" in alone
        assert beside & {"unlisted", "unlisted_none"}
    assert not own & (unlisted | {"nowhere"})


@pytest.mark.parametrize("who", ["registered", "poorest", "all"])
def test_cash_by_other_lists_needs_no_listed_village(who: str) -> None:
    found = {"cash_transfer": {"budget": MILLION, "counties": ["正定县"], "who": who}}
    assert "cash_transfer" not in kinds(found)


def test_places_are_named_in_both_languages() -> None:
    one = plan(programmes={"rural_works": {"budget": MILLION, "counties": ["正定县", "张北县"]}})
    for code in ("en", "zh"):
        said = " ".join(of_plan(Language(code), one))
        assert "正定县" in said and "Zhengding" in said
    many = plan(programmes={"rural_works": {"budget": MILLION, "counties": "all"}})
    said = " ".join(of_plan(Language("en"), many))
    assert f"and {len(county_index().records) - 52 - 11} more" in said


# -- capacity and the list -------------------------------------------------------------------------


TOO_MUCH = {
    key: {"budget": 400 * case.settings["budget"], "counties": ["key"]}
    for key, case in CASES.items()
    if key not in ("rural_works", "minimum_living", "cash_transfer", "enterprise_projects")
}


@pytest.fixture(scope="module")
def too_much() -> PovertyModel:
    model = PovertyModel(plan(programmes=TOO_MUCH), rng=1, sample=THIN)
    while model.running:
        model.step()
    return model


@pytest.mark.parametrize("key", TOO_MUCH)
def test_no_world_spends_more_than_is_said_to_be_possible(key: str, too_much: PovertyModel) -> None:
    """And money that meets full places or officers in a world was warned of."""
    values = report(too_much, "central", 1).programmes[key]
    bound = too_much.world.limits.unspent(PROGRAMME_KEYS.index(key))
    found = [r for r in infeasible(too_much.plan) if key in r.programmes]
    full = bound.get(Limit.PLACES, 0) + bound.get(Limit.OFFICERS, 0)
    if full > 0.6 * values["budget"]:
        assert {r.kind for r in found} & {"places", "officers"}, key
    for remark in found:
        if remark.kind in ("places", "officers", "nominated"):
            text = remark.values["most"].replace(",", "").split()
            most = float(text[0]) * (MILLION if text[1] == "million" else 1)
            # The fund's loans and what members pay in are no budget; microfinance lends again.
            used = values["budget"] - values["unspent"]
            assert used <= 1.01 * most, (key, remark)


@pytest.mark.parametrize("name", ["2009-document", "2002-2009-history", "2010-drought"])
def test_shipped_plans_can_act(name: str) -> None:
    assert infeasible(load_scenario(f"fupin:{name}")) == []


def test_a_budget_below_a_unit_is_warned_of_and_one_of_some_units_is_not() -> None:
    for key in ("village_advancement", "mutual_funds", "integrated_funds", "skills_training"):
        assert kinds({key: {"budget": 1_500}})[key] == {"below_a_unit"}
        assert key not in kinds({key: {"budget": 4 * MILLION}})


@pytest.fixture(scope="module")
def past_the_list() -> PovertyModel:
    """The list of 7,102 villages comes to its end within the plan."""
    found = {"village_advancement": {"budget": 431 * MILLION}}
    model = PovertyModel(plan("2010-01", "2012-12", programmes=found), rng=1, sample=THIN)
    while model.running:
        model.step()
    return model


def test_the_end_of_the_list_is_foreseen(past_the_list: PovertyModel) -> None:
    (remark,) = infeasible(past_the_list.plan)
    assert remark.kind == "list_finished"
    warned = {}
    for text in remark.values["most"]:
        year, amount = text.split(": ")
        warned[int(year)] = float(amount.split()[0]) * MILLION
    result = report(past_the_list, "central", 1)
    for year in (2010, 2011, 2012):
        unspent = result.by_year[year]["programmes"]["village_advancement"]["unspent"]
        assert unspent == pytest.approx(warned.get(year, 0.0), abs=0.12 * 431 * MILLION), year
    table = past_the_list.world.limits.table()
    last = table["limit"][(table["month"] >= 24) & (table["unspent"] > 10 * MILLION)]
    assert set(np.unique(last)) == {Limit.FINISHED}


def test_a_list_of_some_counties_ends_sooner() -> None:
    def said(budget: int) -> bool:
        found = {"village_advancement": {"budget": budget, "counties": ["大名县"]}}
        return "list_finished" in kinds(found).get("village_advancement", set())

    assert said(400 * MILLION)
    assert not said(2 * MILLION)


# -- rules, ways, entries, own programmes --------------------------------------------------------


@pytest.mark.parametrize("who", [None, *WAYS])
@every_programme
def test_ways_that_reach_all_villages_need_no_list(key: str, who: str | None) -> None:
    """Where a way of choosing keeps to the list, money elsewhere is warned of; else not."""
    said = {"budget": MILLION, "counties": ["正定县"], "who": who}
    try:
        settings = plan(programmes={key: said}).programmes.of(key)
    except ValidationError:
        return  # it chooses no households, or not so
    if key in ("relocation", "enterprise_projects"):
        return  # communities and jobs lie where they lie
    found = kinds({key: said}).get(key, set())
    stays = key in ("mutual_funds", "paired_assistance") or who in (None, "listed_village")
    if key == "minimum_living":
        stays = who == "listed_village"
    assert ("all_unlisted" in found) == (stays or not hasattr(settings, "who"))


def test_a_further_entry_and_an_own_programme_are_warned_of() -> None:
    where = {"budget": MILLION, "counties": ["正定县"]}
    effect = {"value": 0.1, "source": "a guess"}
    found = kinds(
        {
            "household_projects": {"budget": MILLION, "extra": {"north": where}},
            "bees": {"kind": "asset", "unit_cost": 900, "effect": effect, **where},
            "roofs": {"kind": "works", "unit_cost": 10**8, "budget": MILLION, "effect": effect},
            "gift": {"kind": "subsidy", "unit_cost": 40, **where},
            "pay": {"kind": "transfer", "unit_cost": 40, **where},
            "small": {"kind": "loan", "unit_cost": 10, "budget": 1000 * MILLION,
                      "places_per_month": 5},
        }
    )  # fmt: skip
    assert "household_projects" not in found
    assert found["household_projects/north"] == found["asset/bees"] == {"all_unlisted"}
    assert found["transfer/pay"] == {"all_unlisted"}
    assert found["works/roofs"] == {"below_a_unit"} and found["loan/small"] == {"places"}
    assert "subsidy/gift" not in found  # by lot among all


@pytest.mark.parametrize("where", [{"share": "equal"}, {"budget": {"正定县": 1, "张北县": 1}}])
def test_where_each_county_has_a_part_what_is_unlisted_stays(where: dict[str, Any]) -> None:
    said = {"budget": MILLION, "counties": ["正定县", "张北县"], **where}
    for key in ("village_advancement", "mutual_funds", "rural_works"):
        assert "unlisted" in kinds({key: said})[key]


@given(st.integers(1, 40), st.integers(10, 300))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_floors_beyond_the_money_are_told(floor: int, budget: int) -> None:
    share = {"by": "registered", "floor": floor * 10**6}
    found = kinds({"household_projects": {"budget": budget * 10**6, "share": share}})
    beyond = 52 * floor > budget
    assert ("floors" in found.get("household_projects", set())) == beyond


def test_moving_is_held_against_the_nominated_of_the_counties_served() -> None:
    one = {"relocation": {"budget": 30_000_000, "counties": [130321], "to": None}}
    assert "nominated" in kinds(one)["relocation"]
    every = {"relocation": {"budget": 30_000_000, "to": None}}
    assert "nominated" not in kinds(every).get("relocation", set())


def test_caps_that_keep_money_back_are_told_to_the_yuan() -> None:
    share = {"by": "equal", "cap": {"大名县": 300_000, "张北县": 100_000}}
    said = {"budget": MILLION, "counties": ["Daming", "Zhangbei"], "share": share}
    (remark,) = (r for r in infeasible(plan(programmes={"skills_training": said}))
                 if r.kind == "caps")  # fmt: skip
    assert remark.values["most"] == "400,000 yuan"
    few = {**said, "counties": {"poorest": 2}, "share": {"by": "equal", "cap": 300_000}}
    assert "caps" in kinds({"skills_training": few})["skills_training"]
    for free in ({**share, "cap": {"大名县": 1}}, {**share, "cap": MILLION}, "equal"):
        found = kinds({"skills_training": {**said, "share": free}})
        assert "caps" not in found.get("skills_training", set())
