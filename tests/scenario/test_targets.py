"""Targets become money at the plan's own costs, and money says what it buys."""

from __future__ import annotations

import json
import math
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from documented import ROOT
from fupin.api.plan import load
from fupin.errors import InputError
from fupin.population.counties import county_table
from fupin.programmes.project_kinds import COSTS, leading_kinds
from fupin.scenario.amounts import parse_yuan
from fupin.scenario.digest import digest_text
from fupin.scenario.dump import dump_scenario
from fupin.scenario.load import load_scenario, resolve_text
from fupin.scenario.programmes import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.scenario.targets import read_target
from fupin.scenario.unit_costs import PROJECT_MIX, units_of
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENT = load_scenario("fupin:2009-document")
UNITS = [(key, unit.unit) for key in PROGRAMME_KEYS for unit in units_of(DOCUMENT, key)]


def plan(key: str, more: dict[str, Any] | None = None, **said: Any) -> Scenario:
    return Scenario.model_validate({"name": "t", "programmes": {key: said}, **(more or {})})


def test_every_programme_says_what_its_money_buys() -> None:
    assert {key for key, _ in UNITS} == set(PROGRAMME_KEYS)
    text = digest_text(resolve_text("extends: fupin:2009-document", Path("p.yaml")))
    assert text.count("this buys about") == len(DOCUMENT.programmes.active())


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(UNITS), st.integers(0, 10**6))
def test_there_and_back(which: tuple[str, str], number: int) -> None:
    """The budget of a target buys it, and a yuan in a thousand less does not."""
    key, unit = which
    (most,) = (u.most for u in units_of(plan(key, budget=10**6), key) if u.unit == unit)
    number = number if most is None else number % most  # more is refused
    bought = plan(key, target=f"{number} {unit}")
    budget = bought.programmes.of(key).budget
    assert isinstance(budget, int)
    (found,) = (u for u in units_of(bought, key) if u.unit == unit)
    assert number <= found.bought(budget) <= number + 1
    if number > 1:
        assert found.bought(int(budget - 1.01 * found.each)) < number
    again = Scenario.model_validate_json(bought.model_dump_json(by_alias=True))
    assert again == bought and "target" not in dump_scenario(bought)


BOUND = {"technology": {"technicians": 20_000}, "loan_guarantee": {"rollout": True}}
"""Programmes whose people bind -> what a plan writes for more of them."""


def test_more_than_there_can_be_is_refused_with_what_widens_it() -> None:
    bound = {(u.unit, key): u for key, at in UNITS for u in units_of(DOCUMENT, key) if u.most}
    assert {key for _, key in bound} == set(BOUND)
    for (unit, key), found in bound.items():
        assert found.most is not None and found.bought(10**12) == found.most
        target = f"{found.most + 1} {unit}"
        with pytest.raises(ValueError, match=f"at most {found.most:,}"):
            plan(key, target=target)
        assert plan(key, target=target, **BOUND[key]).programmes.of(key).budget and found.wider


@pytest.mark.parametrize(("key", "unit"), UNITS)
def test_a_cost_that_the_plan_says_is_the_cost_of_a_target(key: str, unit: str) -> None:
    """Twice the price, twice the money; a parameter of the plan counts as well."""
    name = next((n for n in ("unit_cost", "loan_size") if _takes(key, n)), None)
    dear = {"parameters": {"programmes.financial_loss": 0.4}}
    number = 1000
    usual = plan(key, target=f"{number} {unit}").programmes.of(key).budget
    if key not in ("loan_guarantee", "microfinance", "subsidised_loans", "enterprise_projects"):
        more = plan(key, dear, target=f"{number} {unit}").programmes.of(key).budget
        assert more == pytest.approx(usual * 0.9 / 0.6, rel=0.001)
    if name is not None and key != "technology":
        costs = [
            plan(key, target=f"{number} {unit}", **{name: cost}).programmes.of(key).budget
            for cost in (1_000, 2_000)
        ]
        assert costs[1] == pytest.approx(2 * costs[0], rel=0.001)


def _takes(key: str, name: str) -> bool:
    try:
        plan(key, budget=10**9, **{name: 1_000})
    except ValueError:
        return False
    return True


GOLDEN = json.loads((ROOT / "tests" / "golden" / "2009-document.json").read_text("utf-8"))
SAME_AS = {
    "rural_works": "persons", "relocation": "persons", "practical_training": "persons",
    "household_projects": "households", "minimum_living": "persons",
}  # fmt: skip
"""Programmes whose recorded run counts what their money is said to buy."""


@pytest.mark.parametrize("key", SAME_AS)
def test_a_run_delivers_about_what_the_plan_says_it_buys(key: str) -> None:
    budget = DOCUMENT.calendar(key).in_fiscal_year(2009)
    said = units_of(DOCUMENT, key)[0].bought(budget)
    assert GOLDEN["programmes"][key][SAME_AS[key]]["mean"] == pytest.approx(said, rel=0.12)


def test_the_mix_of_projects_is_that_of_the_counties_of_listed_villages() -> None:
    table = county_table()
    lead, villages = leading_kinds(table), table.listed_villages
    for k, name in enumerate(COSTS):
        part = villages[lead == k].sum() / villages.sum()
        assert PROJECT_MIX[name] == pytest.approx(part, abs=0.011)
    assert sum(PROJECT_MIX.values()) == pytest.approx(1.0)


# -- reading ---------------------------------------------------------------------------------------

SAME = ["16,184 persons", "16184 people", "1.6184万人", " 16184 Farmers ", "１６１８４人"]


@pytest.mark.parametrize("text", SAME)
def test_ways_to_write_a_number_of_persons(text: str) -> None:
    assert tuple(read_target(text)) == (16184, "persons")


WRONG = [
    ("8000", "a number and what is counted"),
    ("[1]", "a number and what is counted"),
    ("8000 hens", "persons, households"),
    ("-3 persons", "a number and what is counted"),
    ("1.5 persons", "whole number"),
    ("99999999999 persons", "more than a billion"),
    ("8000 villages", "8,000 persons"),
    ("{2009: 8000}", "a number and what is counted"),
    ("{2009: 1.5 persons}", "whole number"),
    ("{soon: 8 persons}", "year"),
]


def test_more_villages_than_technicians_can_visit_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 1,530 villages visited"):
        plan("technology", target="1531 villages")
    assert plan("technology", target="3000 villages", technicians=9000)


@pytest.mark.parametrize(("value", "says"), WRONG)
def test_a_mistake_is_one_message_with_its_place(value: str, says: str) -> None:
    text = f"name: t\nprogrammes:\n  skills_training:\n    target: {value}\n"
    with pytest.raises(InputError) as caught:
        resolve_text(text, Path("plan.yaml"))
    assert caught.value.line == 4
    assert says in f"{caught.value.message} {caught.value.instead}"


def test_a_target_beside_a_budget_is_refused_and_one_over_an_inherited_budget_replaces_it(
    tmp_path: Path,
) -> None:
    base, over, back = (tmp_path / f"{name}.yaml" for name in ("base", "over", "back"))
    base.write_text("programmes:\n  skills_training: {budget: 5 million, to: 2009-07}\n")
    over.write_text("extends: base.yaml\nprogrammes:\n  skills_training: {target: 9000 persons}\n")
    back.write_text("extends: over.yaml\nprogrammes:\n  skills_training: {budget: 7 million}\n")
    aimed, last = load_scenario(over), load_scenario(back)
    training = aimed.programmes.skills_training
    assert (
        training.budget
        == plan("skills_training", target="9000 persons").programmes.skills_training.budget
    )
    assert str(training.to_month) == "2009-07"
    assert last.programmes.skills_training.budget == 7_000_000
    base.write_text("programmes:\n  skills_training:\n    budget: 5\n    target: 9000 persons\n")
    with pytest.raises(InputError, match="Both a budget and a target"):
        load_scenario(base)


def test_targets_by_time_and_balanced(tmp_path: Path) -> None:
    by_time = plan("relocation", {"period": {"start": "2009-01", "end": "2010-12"}},
                   target={2009: "900 persons", 2010: None, "2010Q2": "90 persons"})  # fmt: skip
    budget = by_time.programmes.relocation.budget
    assert budget == {2009: 5_000_000, "2010Q2": 500_000}
    file = tmp_path / "plan.yaml"
    file.write_text(
        "extends: fupin:2009-document\nbalance: household_projects\n"
        "programmes:\n  skills_training: {target: 20000 persons}\n"
    )
    balanced = load_scenario(file)
    assert balanced.class_totals() == DOCUMENT.class_totals()
    assert load_scenario(file).programmes.skills_training.budget == pytest.approx(
        parse_yuan("45.9 million"), rel=0.01
    )


def test_python_takes_targets_too() -> None:
    more = load("fupin:2009-document").with_(
        programmes={"skills_training": {"target": "8000 persons"}}
    )
    less = more.with_(programmes={"skills_training": {"budget": 3}})
    assert more.scenario.programmes.skills_training.budget > 10**7
    assert less.scenario.programmes.skills_training.budget == 3
    assert np.isfinite(more.scenario.class_totals()["fiscal"])


def test_a_target_of_each_county_is_money_of_each_county() -> None:
    """Under any name of a county, of an entry as of a programme."""
    text = """
        extends: fupin:2009-document
        programmes:
          mutual_funds: {target: {大名县: 10 villages, Zhangbei: 25个村}}
          household_projects:
            extra: {north: {target: {康保: 100户, 张北县: 40 households}}}
    """
    found = resolve_text(textwrap.dedent(text), Path("plan.yaml"))
    programmes = found.scenario.programmes
    seed = units_of(DOCUMENT, "mutual_funds")[0].each
    money = programmes.of("mutual_funds").by_county
    assert money is not None
    assert dict(money.counties) == {130425: math.ceil(10 * seed), 130722: math.ceil(25 * seed)}
    north = programmes.of("household_projects/north").by_county
    assert north is not None and north.codes == (130722, 130723)
    said = " ".join(digest_text(found).split())
    assert "Daming 大名县: 10 villages" in said and "Zhangbei 张北县: 25个村" in said
    assert "this buys about 35 villages" in said


def test_a_file_changes_the_targets_of_single_counties(tmp_path: Path) -> None:
    base = "extends: fupin:2009-document\nprogrammes: {mutual_funds: {target: %s}}\n"
    (tmp_path / "base.yaml").write_text(base % "{Daming: 10 villages, Zhangbei: 25 villages}")

    def laid_over(said: str) -> Any:
        own = f"extends: base.yaml\nprogrammes: {{mutual_funds: {{target: {said}}}}}\n"
        return resolve_text(own, tmp_path / "own.yaml").scenario.programmes.of("mutual_funds")

    assert laid_over("{大名县: 4个村, 张北县: null}").by_county.codes == (130425,)
    assert list(laid_over("{2009: 4个村}").budget) == [2009]


@pytest.mark.parametrize(
    "said",
    ["{大名县: 10 persons}", "{大名县: 10 villages, Daming: 3 villages}", "{no place: 3 villages}",
     "{大名县: null}", "{大名县: 5 million}"],
)  # fmt: skip
def test_targets_of_counties_that_make_no_sense_are_refused(said: str) -> None:
    text = f"extends: fupin:2009-document\nprogrammes: {{mutual_funds: {{target: {said}}}}}\n"
    with pytest.raises(InputError) as refused:
        resolve_text(text, Path("plan.yaml"))
    assert refused.value.line == 2 and refused.value.instead
