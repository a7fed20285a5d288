"""Questions that cannot be answered: one message that names the limits that bind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from documented import ROOT, blocks
from fupin.allocation.curves import fit
from fupin.allocation.feasible import require_feasible
from fupin.allocation.money import with_money
from fupin.allocation.question import Question, question_of
from fupin.allocation.search import Cell, Condition, Problem, Row
from fupin.errors import InputError
from fupin.scenario.allocate import Allocate
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENT = load_scenario("fupin:2009-document")


def asked(**keys: Any) -> Question:
    return question_of(DOCUMENT, Allocate.model_validate(keys))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"bounds": {"rural_works": {"least": "800 million"}}}, ["rural_works 800 million", "743"]),
        ({"protect": ["village_advancement", "household_projects"], "envelope": "300 million"},
         ["village_advancement 224.46", "(protected)", "300 million"]),
        ({"most_change": "10%", "envelope": "900 million"}, ["817.3 million", "900 million"]),
        ({"bounds": {"skills_training": {"least": "60 million"}}, "most_change": 0.3},
         ["skills_training", "60 million", "exclude one another"]),
        ({"floors": {"Baoding": "3 billion"}}, ["Baoding 3,000 million", "envelope"]),
        ({"bounds": {"cash_transfer": {"least": 0}}}, ["cash_transfer", "most"]),
        ({"bounds": {"enterprise_projects": {"most": "1 billion"}}}, ["enterprise_projects"]),
        ({"envelope": {"claimed": "1 billion"}}, ["claimed", "fiscal"]),
    ],
)  # fmt: skip
def test_limits_that_exclude_one_another_are_named(keys: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(InputError) as error:
        asked(**keys)
    for word in words:
        assert word in str(error.value), str(error.value)
    assert error.value.instead


def test_when_nothing_may_move_it_says_so() -> None:
    everything = [p.key for p in DOCUMENT.programmes.active()]
    with pytest.raises(InputError, match="may change"):
        asked(protect=everything)


@given(st.integers(10**6, 10**10))
@settings(max_examples=10, deadline=None)
def test_the_start_is_today_in_proportion_to_the_yuan(envelope: int) -> None:
    found = asked(envelope=envelope)
    fiscal = [lever for lever in found.levers if lever.group == "fiscal"]
    assert sum(lever.start for lever in fiscal) == envelope
    for lever in fiscal:
        expected = envelope * found.today[lever.key] / 743_000_000
        assert abs(lever.start - expected) <= 1
    assert asked().same_envelope and asked(envelope=743_000_000).same_envelope


def test_a_lever_alone_in_its_class_is_not_measured() -> None:
    found = asked(protect=["technology"])
    (social,) = [lever for lever in found.levers if lever.key == "paired_assistance"]
    assert not social.free and social.why == "alone"


def test_a_programme_without_money_takes_part_where_it_has_a_most() -> None:
    found = asked(bounds={"cash_transfer": {"most": "100 million"}})
    (cash,) = [lever for lever in found.levers if lever.key == "cash_transfer"]
    assert cash.free and cash.start == 0
    assert cash.doses() == [25_000_000, 50_000_000, 100_000_000]


def test_credit_is_no_cost_of_a_target() -> None:
    found = asked(target=100_000)
    assert {lever.group for lever in found.levers if lever.free} == {"fiscal", "social"}


def problem(**keys: Any) -> Problem:
    curve = fit([0.0, 20.0], [-5.0, 5.0], [0.0, 0.0], 10.0)
    cells = tuple(Cell(f"p{k}", "fiscal", 10, 0, 20, {"g": curve}) for k in range(3))
    return replace(Problem(cells, "g", {"fiscal": 30}), **keys)


@pytest.mark.parametrize(
    ("keys", "words", "absent"),
    [
        ({"rows": (Row("package a", {"p0": 1.0}, least=25.0), Row("package b", {"p1": 1.0}, 1.0))},
         ["package a"], ["package b"]),
        ({"rows": (Row("floor of X", {"p0": 1.0, "p1": 1.0}, least=35.0),)}, ["floor of X"], []),
        ({"rows": (Row("a", {"p0": 1.0, "p1": 1.0}, least=25.0),
                   Row("b", {"p2": 1.0}, least=10.0), Row("c", {"p1": 1.0}, most=20.0))},
         ["a (", "b ("], ["c ("]),
        ({"conditions": (Condition("g", 100.0, 150.0),)},
         ["g at least 150, of which 50 can be reached", "beside bounds"], ["exclude"]),
        ({"conditions": (Condition("g", 100.0),)}, ["g not below today's", "can be reached"], []),
        ({"envelope": None, "target": 40.0, "asked": 50.0}, ["a target of 50 g", "25 can"], []),
        ({"rows": (Row("floor of X", {"p0": 1.0}, least=25.0, counties=frozenset({1})),)},
         ["floor of X (at least 25 yuan; the other limits let it be 20 yuan)", "`by: county`"], []),
        ({"rows": (Row("floor of X", {}, least=25.0, counties=frozenset({1})),)},
         ["no programme that may move gives money there"], ["`by: county`"]),
        ({"rows": (Row("a", {"p0": 1.0, "p1": 1.0}, most=5.0),)},
         ["a (at most 5 yuan; the other limits let it be 10 yuan)"], []),
    ],
)  # fmt: skip
def test_conditions_that_exclude_one_another_are_named_and_no_others(
    keys: dict[str, Any], words: list[str], absent: list[str]
) -> None:
    with pytest.raises(InputError) as error:
        require_feasible(problem(**keys))
    for word in words:
        assert word in str(error.value), str(error.value)
    for word in absent:
        assert word not in str(error.value), str(error.value)


def test_a_unit_above_an_envelope_is_refused() -> None:
    with pytest.raises(InputError, match="A unit of 1,000 million yuan"):
        asked(unit=10**9)
    assert asked(unit=10**8).asked.unit == 10**8


def test_what_can_be_kept_is_not_refused() -> None:
    require_feasible(problem(rows=(Row("a", {"p0": 1.0}, least=15.0),)))
    require_feasible(problem(envelope=None, target=10.0))


def test_the_example_of_the_documentation_is_a_question() -> None:
    (block,) = blocks(ROOT / "docs" / "allocate.md", "yaml")
    found = question_of(DOCUMENT, Allocate.model_validate(yaml.safe_load(block)["allocate"]))
    assert found.asked.most_change == 0.3 and found.asked.protect == ("skills_training",)
    free = {lever.key for lever in found.levers if lever.free}
    assert {"rural_works", "cash_transfer"} <= free and "skills_training" not in free


def test_entries_and_own_programmes_keep_their_money() -> None:
    """They are outside the envelope, and the plan that is searched has them as before."""
    more = {"north": {"budget": 10**7, "counties": ["Zhangbei"]}}
    effect = {"value": 1.0, "source": "a guess"}
    bees = {"kind": "asset", "budget": 10**7, "unit_cost": 900, "effect": effect}
    mapping = scenario_mapping(DOCUMENT)
    mapping["programmes"]["household_projects"] |= {"extra": more}
    mapping["programmes"]["bees"] = bees
    plan = Scenario.model_validate(mapping)
    found = question_of(plan, Allocate())
    assert found.envelope == asked().envelope and found.today == asked().today
    assert sum(one.start for one in found.levers) == sum(one.start for one in asked().levers)
    other = with_money(plan, {"household_projects": 3 * 10**7})
    for key in ("household_projects/north", "asset/bees"):
        assert other.calendar(key).total == 10**7
