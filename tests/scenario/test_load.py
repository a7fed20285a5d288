"""Inheritance, defaults, and where each value comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.scenario.load import load_scenario, resolve
from fupin.scenario.months import Month
from fupin.scenario.names import NAMES
from fupin.scenario.schema import Scenario


def write(folder: Path, **files: str) -> Path:
    """Writes NAME.yaml for each file; returns the path of the last."""
    path = folder
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
    return path


def test_defaults(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, plan="description: nothing\n"))
    assert scenario.name == scenario.title == "plan"
    assert (scenario.period.start, scenario.period.end) == (Month(2009, 1), Month(2009, 12))
    assert len(scenario.period.months) == 12 and scenario.period.years == (2009,)
    assert (scenario.population.sample, scenario.population.seed) == ("default", 20091231)
    assert (scenario.counting, scenario.quota, scenario.assets) == ("register", 200_000, "smooth")
    assert (scenario.weather, scenario.growth) == ("historical", "document")
    assert scenario.household_shocks and scenario.recognition
    assert scenario.parameters == {} and scenario.shocks == {} and scenario.balance is None
    assert scenario.programmes.active() == ()


def test_mappings_merge_scalars_and_lists_replace_null_restores(tmp_path: Path) -> None:
    plan = write(
        tmp_path,
        base="""
            period: {start: 2009-01, end: 2010-12}
            quota: 5
            weather: mean
            programmes:
              skills_training: {budget: {2009: 10 million, 2010: 20 million}, unit_cost: 900}
              relocation: {budget: 1 million, counties: [Daming, Chicheng], from: 2009-03}
              microfinance: {budget: 3 million}
            shocks:
              dry: {drought: {counties: all, from: 2009-06, months: 4, severity: 0.4}}
              drier: {drought: {counties: key, from: 2009-06, months: 4, severity: 0.9}}
            """,
        plan="""
            extends: base.yaml
            quota: 7
            weather: null
            programmes:
              skills_training: {budget: {2010: 30 million}, unit_cost: null}
              relocation: {counties: [Zhangbei], from: null}
              microfinance: null
            shocks:
              dry: {drought: {severity: 0.2}}
              drier: null
            """,
    )
    scenario = load_scenario(plan)
    training, relocation = scenario.programmes.skills_training, scenario.programmes.relocation
    assert scenario.quota == 7 and scenario.weather == "historical"
    assert scenario.period.end == Month(2010, 12)
    assert training.budget == {2009: 10_000_000, 2010: 30_000_000} and training.unit_cost is None
    assert relocation.counties == (130722,) and relocation.from_month is None
    assert relocation.budget == 1_000_000
    assert not scenario.programmes.microfinance.active
    assert list(scenario.shocks) == ["dry"]
    assert scenario.shocks["dry"].drought.severity == 0.2
    assert scenario.shocks["dry"].drought.months == 4


def test_names_are_the_files_own(tmp_path: Path) -> None:
    base = "name: base\ntitle: The base\ndescription: Of old.\nquota: 5\n"
    scenario = load_scenario(write(tmp_path, base=base, plan="extends: base.yaml\n"))
    assert (scenario.name, scenario.title, scenario.description) == ("plan", "plan", "")
    assert scenario.quota == 5


@pytest.mark.parametrize("word", ["off", "false", "no", "Off", "'off'", "{budget: 0}", "null"])
def test_every_way_to_switch_off(word: str, tmp_path: Path) -> None:
    base = "programmes: {skills_training: {budget: 5 million}, microfinance: {budget: 1}}\n"
    plan = f"extends: base.yaml\nprogrammes:\n  skills_training: {word}\n  technology: {word}\n"
    programmes = load_scenario(write(tmp_path, base=base, plan=plan)).programmes
    assert programmes.skills_training.budget_in(2009) == 0
    assert [programme.key for programme in programmes.active()] == ["microfinance"]


def test_a_programme_that_was_off_can_be_set_again(tmp_path: Path) -> None:
    plan = write(
        tmp_path,
        base="programmes: {relocation: {budget: 9, from: 2009-05}}\n",
        off="extends: base.yaml\nprogrammes: {relocation: off}\n",
        again="extends: off.yaml\nprogrammes: {relocation: {budget: 4}}\n",
    )
    relocation = load_scenario(plan).programmes.relocation
    assert relocation.budget == 4 and relocation.from_month is None


def test_extends_is_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plans").mkdir()
    write(tmp_path, base="quota: 5\n")
    write(tmp_path / "plans", plan="extends: ../base.yaml\n")
    monkeypatch.chdir(tmp_path / "plans")
    assert load_scenario("plan.yaml").quota == 5
    monkeypatch.chdir(tmp_path)
    assert load_scenario("plans/plan.yaml").quota == 5


def test_a_plan_anywhere_can_extend_ours(tmp_path: Path) -> None:
    plan = write(tmp_path, plan="extends: fupin:2009-document\nquota: 3\n")
    ours = load_scenario("fupin:2009-document")
    same = {
        **{key: getattr(ours, key) for key in NAMES},
        "quota": 200_000,
    }
    assert load_scenario(plan).model_copy(update=same) == ours


def test_origins_name_the_file_that_set_each_value(tmp_path: Path) -> None:
    plan = write(
        tmp_path,
        base="quota: 5\nprogrammes:\n  relocation: {budget: 1 million, counties: [Daming]}\n",
        plan="extends: base.yaml\nprogrammes:\n  relocation:\n    budget: 2 million\n",
    )
    resolved = resolve(plan)
    where = {
        path: (mark.file.name, mark.line, mark.column) for path, mark in resolved.origins.items()
    }
    assert where["quota",] == ("base.yaml", 1, 8)
    assert where["programmes", "relocation", "budget"] == ("plan.yaml", 4, 13)
    assert where["programmes", "relocation", "counties", 0] == ("base.yaml", 3, 46)
    assert resolved.mapping == {
        "quota": 5,
        "programmes": {"relocation": {"budget": "2 million", "counties": ["Daming"]}},
    }
    assert [file.name for file in resolved.files] == ["plan.yaml", "base.yaml"]


def test_spellings_of_places_do_not_matter(tmp_path: Path) -> None:
    text = "programmes: {{relocation: {{budget: 5, counties: [{}]}}}}\n"
    spellings = ["Daming, 魏县", "魏县, 大名", "130434, 130425", "Handan/Weixian, daming county"]
    plans = [load_scenario(write(tmp_path, plan=text.format(names))) for names in spellings]
    assert plans[0] == plans[1] == plans[2] == plans[3]
    assert plans[0].programmes.relocation.county_codes() == (130425, 130434)


def test_a_scenario_is_frozen_and_pickles() -> None:
    import pickle

    scenario = load_scenario("fupin:2009-document")
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    with pytest.raises(ValueError, match="frozen"):
        scenario.quota = 3  # type: ignore[misc]


def test_aliases_within_limits_work(tmp_path: Path) -> None:
    text = "programmes:\n  relocation: &x {budget: 5}\n  microfinance: *x\n"
    programmes = load_scenario(write(tmp_path, plan=text)).programmes
    assert programmes.relocation.budget == programmes.microfinance.budget == 5


def test_json_of_a_scenario_loads_as_the_same() -> None:
    import json

    scenario = load_scenario("fupin:2009-document")
    text = json.dumps(scenario.model_dump(mode="json"))
    assert Scenario.model_validate(json.loads(text)) == scenario


def test_overrides_must_name_parameters_within_their_ranges(tmp_path: Path) -> None:
    good = "parameters: {livelihood.persistence: 0.5}\n"
    scenario = load_scenario(write(tmp_path, plan=good))
    assert scenario.parameters == {"livelihood.persistence": 0.5}
    for bad, line, column, found in [
        ("parameters:\n  livelihood.persistense: 0.5\n", 2, 3, "livelihood.persistense"),
        ("parameters:\n  livelihood.persistense: null\n", 2, 3, "unknown parameter"),
        ("parameters:\n  livelihood.persistence: 5000\n", 2, 27, "livelihood.persistence"),
    ]:
        with pytest.raises(InputError, match=found) as caught:
            load_scenario(write(tmp_path, plan=bad))
        assert (caught.value.line, caught.value.column) == (line, column), str(caught.value)
