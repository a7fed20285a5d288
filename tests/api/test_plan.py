"""Plans in Python say what files say, and are refused for the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fupin
import numpy as np
import pytest
import yaml
from fupin.errors import InputError
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def plan() -> fupin.Plan:
    return fupin.load("2009-document")


@pytest.mark.parametrize(
    "name",
    ["2009-document", "fupin:2009-document", "plans/more-training", "more-training",
     "fupin:plans/more-training"],
)  # fmt: skip
def test_plans_that_come_with_fupin_load_by_name(name: str) -> None:
    file = "plans/more-training" if "more" in name else "2009-document"
    assert fupin.load(name).scenario == load_scenario(f"fupin:{file}")


def test_a_path_a_scenario_and_a_plan_load(
    plan: fupin.Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = plan.save(tmp_path / "mine.yaml")
    assert fupin.load(file) == fupin.load(str(file)) == plan
    assert fupin.load(plan.scenario) == plan and fupin.load(plan) is plan
    monkeypatch.chdir(tmp_path)
    (tmp_path / "2009-document").mkdir()  # a folder of results has the name of its plan
    assert fupin.load("2009-document") == plan
    changed = plan.with_(counting="survey").save("2009-document.yaml")
    assert fupin.load(changed).scenario.counting == "survey"


@pytest.mark.parametrize(
    ("name", "message"),
    [("2009-documnt", "Did you mean fupin:2009-document?"), ("no.yaml", "no file 'no.yaml'"),
     (7, "7 names no plan"), (None, "null names no plan"), ("fupin:x", "No scenario 'x'"),
     ("a\0b", "not the name of a file")],
)  # fmt: skip
def test_what_is_no_plan_is_one_message(name: Any, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        fupin.load(name)


CHANGES: list[dict[str, Any]] = [
    {"programmes": {"skills_training": {"budget": 60e6}}},
    {"programmes": {"skills_training": {"budget": "60 million", "counties": ["Daming", "魏县"]}}},
    {"programmes": {"relocation": "off", "microfinance": None}},
    {"programmes": {"rural_works": {"budget": {2009: 5_000_000}}}},
    {"shocks": {"dry": {"drought": {"prefectures": ["Zhangjiakou"], "from": "2009-06",
                                    "months": 4, "severity": 0.4}}}},
    {"programmes": {"skills_training": {"budget": 80.54e6}}, "balance": "household_projects"},
    {"counting": "survey", "weather": "mean", "recognition": False, "household_shocks": "off"},
    {"parameters": {"livelihood.persistence": 0.5}},
    {"period": {"end": "2010-12"}, "population": {"sample": 0.05}},
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES)
def test_changes_are_those_of_a_file(
    plan: fupin.Plan, changes: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    said = {"extends": "fupin:2009-document", "name": "mine", **changes}
    text = yaml.safe_dump(said, allow_unicode=True).replace("'off'", "off")
    file.write_text(text, encoding="utf-8")
    mine = plan.with_(name="mine", **changes)
    assert mine.scenario == load_scenario(file)
    assert fupin.load(mine.save(tmp_path / "saved.yaml")) == mine
    assert plan == fupin.load("2009-document")  # plans are never changed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"programes": {}}, "programes: unknown key. Did you mean programmes?"),
        ({"programmes": {"skils_training": {}}}, "Did you mean skills_training?"),
        ({"programmes": {"skills_training": {"budget": "lots"}}}, "not an amount of money"),
        ({"programmes": {"skills_training": {"budget": -1}}}, "Money cannot be negative"),
        ({"programmes": {"skills_training": {"budget": True}}}, "a switch, not an amount"),
        ({"programmes": {"skills_training": {"budget": 0.5}}}, "whole number of yuan"),
        ({"programmes": {"skills_training": {"budget": object()}}}, "a value of type object"),
        ({"programmes": {"skills_training": {"budget": float("nan")}}}, "budget: nan cannot stand"),
        ({"programmes": {"skills_training": {"from": "2009-13"}}}, "no month 13"),
        ({"programmes": {"skills_training": {"counties": ["Damin"]}}}, "Damin"),
        ({"programmes": [1]}, "stands where keys are needed"),
        ({"programmes": {("a", "b"): 1}}, "is not a key"),
        ({"counting": "votes"}, "register, task, survey or quota"),
        ({"parameters": {"livelihood.persistance": 0.5}}, "Did you mean livelihood.persistence?"),
        ({"parameters": {"livelihood.persistence": 7}}, "outside"),
        ({"population": {"sample": 2}}, "not a sample"),
        ({"period": {"end": "2001-01"}}, "outside the years"),
        ({"balance": "skills_training", "programmes": {"skills_training": {"budget": 1}}},
         "absorbs the changes"),
        ({"name": "a/b"}, "cannot name a folder"),
        ({"extends": "x"}, "lie over this plan already"),
        ({"shocks": {"x": {"flood": {}}}}, "flood"),
    ],
)  # fmt: skip
def test_what_a_file_is_refused_for(
    plan: fupin.Plan, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        plan.with_(**changes)
    assert message in str(caught.value)
    assert caught.value.file is None and "with_()" not in str(caught.value)


def test_numbers_of_numpy(plan: fupin.Plan) -> None:
    usual = plan.with_(programmes={"skills_training": {"budget": 60_000_000}}, recognition=False)
    for number in (np.float64(6e7), np.int64(60_000_000), np.array(6e7), np.float32(6e7)):
        given_so = {"skills_training": {"budget": number}}
        assert plan.with_(programmes=given_so, recognition=np.bool_(False)) == usual
    codes = {"skills_training": {"counties": np.array([130425])}}
    assert plan.with_(programmes=codes).scenario.programmes.of(
        "skills_training"
    ).county_codes() == (130425,)


def test_a_mapping_within_itself_is_one_message(plan: fupin.Plan) -> None:
    endless: dict[str, Any] = {}
    endless["a"] = endless
    with pytest.raises(InputError, match="nested more than"):
        plan.with_(shocks=endless)


def test_names_of_changed_plans(plan: fupin.Plan) -> None:
    changed = plan.with_(counting="survey")
    assert changed.name == "2009-document-changed" == changed.with_(weather="mean").name
    assert changed.title == changed.name  # a title is a plan's own, as in files
    assert len(plan.with_(name="n" * 64).with_().name) == 64


def test_changes_over_changes(plan: fupin.Plan) -> None:
    first = plan.with_(programmes={"skills_training": {"budget": 1_000_000}}, counting="survey")
    second = first.with_(programmes={"relocation": {"budget": 2_000_000}})
    assert second.budgets[2009]["skills_training"] == 1_000_000
    assert second.budgets[2009]["relocation"] == 2_000_000
    assert second.scenario.counting == "survey"
    assert second.with_(counting=None).scenario.counting == "register"


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    budgets=st.dictionaries(
        st.sampled_from(PROGRAMME_KEYS), st.integers(4 * 10**8, 10**9), max_size=4
    ),
    recognition=st.booleans(),
    sample=st.floats(0.001, 1.0),
)
def test_what_is_saved_loads_as_the_same_plan(
    budgets: dict[str, int], recognition: bool, sample: float, tmp_path: Path
) -> None:
    mine = fupin.load("2009-document").with_(
        name="mine",
        programmes={key: {"budget": yuan} for key, yuan in budgets.items()},
        recognition=recognition,
        population={"sample": sample},
    )
    assert fupin.load(mine.save(tmp_path / "mine.yaml", overwrite=True)) == mine
    assert fupin.load(mine.scenario) == mine


def test_saving_replaces_nothing_unasked(plan: fupin.Plan, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("# years of work")
    for place, message in (
        (file, "write overwrite=True"),
        (tmp_path / "mine.txt", "end in .yaml"),
        (tmp_path / "no" / "mine.yaml", "cannot be written"),
    ):
        with pytest.raises(InputError, match=message):
            plan.save(place)
    assert file.read_text() == "# years of work"
    assert fupin.load(plan.save(file, overwrite=True)) == plan


def test_budgets_as_a_frame(plan: fupin.Plan) -> None:
    frame = plan.budgets
    assert list(frame.columns) == ["title", "money", 2009]
    assert frame.attrs["units"] == {2009: "yuan"}
    assert frame.groupby("money")[2009].sum().to_dict() == {
        money: yuan for money, yuan in plan.scenario.class_totals().items() if yuan
    }
    none = fupin.load("2009-no-programmes").budgets
    assert none.empty and list(none.columns) == list(frame.columns)


def test_another_sample_keeps_all_else(plan: fupin.Plan) -> None:
    small = plan.sampled(0.02)
    assert small.name == plan.name and small.scenario.population.sample == 0.02
    before, after = (scenario_mapping(p.scenario) for p in (plan, small))
    assert {**before, "population": None} == {**after, "population": None}
    assert small.with_(counting="survey").scenario.population.sample == 0.02
    assert plan.sampled(None) is plan
