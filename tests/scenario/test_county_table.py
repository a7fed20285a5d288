"""A planner's own table of counties: read whole, or one message with file, line and a way out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fupin.errors import InputError
from fupin.scenario.difference import changes
from fupin.scenario.dump import dump_scenario
from fupin.scenario.load import load_scenario, resolve
from fupin.scenario.schema import Scenario
from fupin.world.start import settle_people

CHICHENG, FUPING, DAMING = 130732, 130624, 130425


def plan_with(tmp_path: Path, table: str | bytes, named: str = "incomes.csv") -> Path:
    raw = table if isinstance(table, bytes) else table.encode()
    (tmp_path / "incomes.csv").write_bytes(raw)
    file = tmp_path / "plan.yaml"
    file.write_text(f"population:\n  sample: 0.01\n  counties: {named}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "table",
    [
        "county,net_income_2009\nChicheng,2645\n阜平县,2400\n",
        "code,net_income_2009\n130624,2400.0\n130732,2645\n",
        '\ufeffnet_income_2009,county\r\n"2,645",赤城\r\n2400,Baoding/Fuping\r\n\r\n,Daming\r\n',
        "county,net_income_2009\nChicheng,2645\n 130624 , 2400\nDaming\n",
        "county,net_income_2009\n赤城县,2645\n130624.0,2400\n".encode("gb18030"),
    ],
    ids=["names", "codes", "of a spreadsheet", "blanks", "GB18030"],
)
def test_a_table_is_read(tmp_path: Path, table: str | bytes) -> None:
    scenario = load_scenario(plan_with(tmp_path, table))
    assert scenario.population.counties == {FUPING: 2400.0, CHICHENG: 2645.0}


def test_what_is_read_stands_in_the_plan_and_needs_the_file_no_more(tmp_path: Path) -> None:
    file = plan_with(tmp_path, "county,net_income_2009\nChicheng,2645\n")
    scenario = load_scenario(file)
    again = tmp_path / "elsewhere" / "again.yaml"
    again.parent.mkdir()
    again.write_text(dump_scenario(scenario), encoding="utf-8")
    assert load_scenario(again).population == scenario.population
    assert Scenario.model_validate(scenario.model_dump(mode="json")).population == (
        scenario.population
    )


def test_the_table_of_an_extended_file_lies_beside_that_file(tmp_path: Path) -> None:
    base = plan_with(tmp_path, "county,net_income_2009\nChicheng,2645\nDaming,3100\n")
    own = tmp_path / "plans" / "own.yaml"
    own.parent.mkdir()
    own.write_text(f"extends: ../{base.name}\npopulation: {{seed: 3}}\n")
    assert load_scenario(own).population.counties == {DAMING: 3100.0, CHICHENG: 2645.0}
    own.write_text(f"extends: ../{base.name}\npopulation: {{counties: {{Daming: 3000}}}}\n")
    assert load_scenario(own).population.counties == {DAMING: 3000.0}  # a mapping for a file
    own.write_text(f"extends: ../{base.name}\npopulation: {{counties: null}}\n")
    assert load_scenario(own).population.counties is None


def test_incomes_may_stand_in_the_plan_itself(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("population: {counties: {Chicheng: 2645, 阜平: 2400, Daming: null}}\n")
    scenario = load_scenario(file)
    assert scenario.population.counties == {FUPING: 2400.0, CHICHENG: 2645.0}
    plain = scenario.model_copy(
        update={"population": scenario.population.model_copy(update={"counties": None})}
    )
    (change,) = [c for c in changes(plain, scenario) if c.path.startswith("population")]
    assert "Chicheng" in change.after_words and "Fuping" in change.after_words


@pytest.mark.parametrize(
    ("table", "line", "found", "instead"),
    [
        ("", None, "empty", "Begin with county,net_income_2009"),
        ("\n\n", None, "empty", "Begin with county,net_income_2009"),
        ("county\nDaming\n", 1, "must name a column of counties", "county,net_income_2009"),
        ("net_income_2009\n3000\n", 1, "must name a column of counties", "code,net_income_2009"),
        ("county,code,net_income_2009\nDaming,130425,3\n", 1, "must name", "county,"),
        ("county,income\nDaming,3000\n", 1, "'income' is no column", "net_income_2009"),
        ("county,key_status,net_income_2009\n", 1, "'key_status' is no column", "stay as they are"),
        ("county,net_income_2009,net_income_2009\n", 1, "there twice", "Keep one"),
        ("county,net_income_2009\nWeixian,3000\n", 2, "names 2 counties", "`Handan/Weixian`"),
        ("county,net_income_2009\nDaming,3000\nDamming,3\n", 3, "no county", "Daming"),
        ("county,net_income_2009\nkey,3000\n", 2, "means 52 counties", "its own line"),
        ("county,net_income_2009\nHandan,3000\n", 2, "is a prefecture", "prefectures: [Handan]"),
        ("county,net_income_2009\nDaming,3000\n130425,3100\n", 3, "stands in line 2", "Keep one"),
        ("county,net_income_2009\nDaming,three\n", 2, "no number", "such as 2645"),
        ("county,net_income_2009\nDaming,0.3\n", 2, "no net income of 2009", "300 to 30,000"),
        ("county,net_income_2009\nDaming,1e9\n", 2, "no net income of 2009", "300 to 30,000"),
        ("county,net_income_2009\nDaming,nan\n", 2, "no net income of 2009", "300 to 30,000"),
        ("county,net_income_2009\nDaming,3,000\n", 2, "3 cells", "quotes"),
        ('county,net_income_2009\n"Daming,3000\n', 2, "no CSV", "anew"),
        (b"county,net_income_2009\ncaf\xe9\n", 2, "neither UTF-8 nor", "Save it as UTF-8"),
    ],
)
def test_a_mistake_in_a_table_is_one_message_with_its_line(
    tmp_path: Path, table: str | bytes, line: int | None, found: str, instead: str
) -> None:
    file = plan_with(tmp_path, table)
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    error = caught.value
    assert found in error.message, str(error)
    assert instead in (error.instead or ""), str(error)
    if line is None:  # then the plan's own line is shown, with the name of the table
        assert str(error).startswith(f"{file}:3:13: ") and "incomes.csv" in str(error)
    else:
        assert str(error).startswith(f"{tmp_path / 'incomes.csv'}:{line}:"), str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("missing.csv", "no such file"),
        ("plan.yaml", "no CSV file"),
        ("3", "no table of counties"),
        ("[a, b]", "no table of counties"),
        ("{Damming: 3000}", "no county"),
        ("{Daming: 3}", "out of range"),
        ("{Daming: 3000, 130425: 3100}", "named twice"),
        ("{key: 3000}", "means 52 counties"),
    ],
)
def test_a_mistake_in_the_plan_points_to_the_plan(tmp_path: Path, named: str, found: str) -> None:
    file = plan_with(tmp_path, "county,net_income_2009\n", named)
    with pytest.raises(InputError) as caught:
        load_scenario(file)
    assert found in str(caught.value)
    assert str(caught.value).startswith(f"{file}:3:")


def test_a_known_income_changes_where_people_stand_and_not_who_they_are(tmp_path: Path) -> None:
    file = plan_with(tmp_path, "county,net_income_2009\nDaming,6000\n")
    own = settle_people(load_scenario(file), 1)
    file.write_text("population: {sample: 0.01}\n")
    plain = settle_people(load_scenario(file), 1)
    assert own.frame.villages.id.tobytes() == plain.frame.villages.id.tobytes()
    h, k = own.core.households, plain.core.households
    np.testing.assert_array_equal(h.size, k.size)
    row = int(np.flatnonzero(np.asarray(own.frame.counties.code) == DAMING)[0])
    daming = np.asarray(own.frame.villages.county)[own.frame.village_of_household()] == row
    rise = h.endowment[daming].mean() - k.endowment[daming].mean()
    assert rise > 0.3  # a key county that is not poor at all
    assert own.levels != plain.levels and own.frame.fingerprint != plain.frame.fingerprint


def test_check_says_that_the_plan_knows_more(tmp_path: Path) -> None:
    from fupin.scenario.digest import digest_text

    file = plan_with(tmp_path, "county,net_income_2009\nChicheng,2645\nDaming,3000\n")
    assert "incomes of 2 counties from the plan" in digest_text(resolve(file))
