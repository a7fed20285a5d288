"""Tables that count people, households or villages in place of money: targets, county by county."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.scenario.counted import COUNTED, count_unit
from fupin.scenario.load import Resolved, resolve, resolve_text
from fupin.scenario.money_table import read_money_table
from fupin.scenario.places import county_index
from fupin.scenario.programme_names import heading_of
from fupin.scenario.table_plan import plan_text
from fupin.scenario.unit_costs import units_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BASE = resolve("fupin:2009-document")
PLAN = BASE.scenario
COUNTED_PROGRAMMES = [
    (p.key, unit.unit) for p in PLAN.programmes.active() for unit in units_of(PLAN, p.key)
]
NAMES = [word for words in COUNTED.values() for word in words if not word.isascii()]


def imported(folder: Path, text: str, unit: str | None = None) -> Resolved:
    file = folder / "counts.csv"
    file.write_text(text, encoding="utf-8")
    table = read_money_table(file, unit=unit)
    return resolve_text(plan_text(table, BASE, folder / "p.yaml", "p"), folder / "p.yaml")


def error_of(folder: Path, text: str) -> InputError:
    with pytest.raises(InputError) as error:
        imported(folder, text)
    assert error.value.instead
    return error.value


@pytest.mark.parametrize(("key", "unit"), COUNTED_PROGRAMMES)
def test_a_column_that_counts_is_a_target_whatever_the_programme(
    tmp_path: Path, key: str, unit: str
) -> None:
    word = COUNTED[unit][-1]
    plan = imported(tmp_path, f"县,{heading_of(key)}（{word}）\n赤城县,30\n张北县,20\n").scenario
    assert plan.calendar(key).total > 0
    served = plan.programmes.of(key).county_codes()
    assert served is not None and set(served) <= {130732, 130722}


@given(
    heading=st.sampled_from(
        ["雨露计划（{}）", "training [{}]", "skills_training({})", "技能培训{}"]
    ),
    word=st.sampled_from(["人", "人次", "人数", "persons", "people"]),
    numbers=st.lists(st.integers(0, 3000), min_size=1, max_size=5),
)
@settings(max_examples=25, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_counts_come_back_as_they_were_written(
    tmp_path: Path, heading: str, word: str, numbers: list[int]
) -> None:
    codes = [c for c, r in county_index().records.items() if r.key_status != "none"][: len(numbers)]
    rows = [f"{code},{n}" for code, n in zip(codes, numbers, strict=True)]
    text = "\n".join([f"代码,{heading.format(word)}", *rows, f"合计,{sum(numbers)}"])
    plan = imported(tmp_path, text + "\n")
    calendar = plan.scenario.calendar("skills_training")
    (unit,) = units_of(plan.scenario, "skills_training")
    assert sum(numbers) <= unit.bought(calendar.total) <= sum(numbers) + len(numbers)
    if sum(numbers):
        target = plan.mapping["programmes"]["skills_training"]["target"]
        assert [target[str(c)] for c in codes] == [f"{n} persons" for n in numbers]


@pytest.mark.parametrize(
    ("text", "words", "instead"),
    [
        ("县,雨露计划（村）\n赤城县,5\n", "not counted in villages", "Count it in persons"),
        ("单位：户\n县,雨露计划\n赤城县,5\n", "not counted in households", "persons"),
        ("县,雨露计划（人）\n赤城县,12.5\n", "no whole number of persons", "Write 12"),
        ("单位：万元\n县,雨露计划\n赤城县,120人\n", "counts persons", "（人）"),
        ("县,雨露计划（人）\n赤城县,120户\n", "counts households", "persons"),
        ("县,雨露计划（人）\n赤城县,120万元\n", "no number of persons", "Write a number"),
        ("县,雨露计划（人）\n赤城县,-5\n", "negative", "leave the cell empty"),
        ("县,雨露计划（人）\n赤城县,5000000000\n", "more persons than there are", "smaller"),
        ("县,雨露计划（人）\n赤城县,5\n合计,6\n", "sum to 5 persons", "Correct the sum"),
        ("县,雨露计划（人）,雨露计划（万元）\n赤城县,5,9\n", "as column 2 is", "--ignore"),
    ],
)
def test_what_cannot_be_counted_says_where_and_what(
    tmp_path: Path, text: str, words: str, instead: str
) -> None:
    error = error_of(tmp_path, text)
    assert words in error.message and instead in (error.instead or "")
    assert error.file is not None and error.file.name == "counts.csv" and error.line


def test_counts_by_county_and_time_beside_money(tmp_path: Path) -> None:
    text = "单位：万元\n县,季度,搬迁户数,产业扶贫\n赤城县,2009Q1,12,40\n赤城县,2009Q2,8,30\n"
    plan = imported(tmp_path, text)
    quarters = plan.scenario.programmes.of("relocation").budget.total  # type: ignore[union-attr]
    assert list(quarters) == ["2009Q1", "2009Q2"]
    assert quarters["2009Q1"] * 2 == pytest.approx(quarters["2009Q2"] * 3, abs=3)
    assert plan.scenario.calendar("household_projects").total == 700_000


def test_the_unit_of_a_whole_table_is_said_once(tmp_path: Path) -> None:
    rows = "县,雨露计划,实用技术培训\n赤城县,50,100\n"
    for text, unit in (("单位：人\n" + rows, None), (rows, "人"), (rows, "persons")):
        plan = imported(tmp_path, text, unit).scenario
        assert plan.calendar("practical_training").total > 0
    wan = imported(tmp_path, "县,雨露计划（万人）\n赤城县,0.05\n")
    assert wan.mapping["programmes"]["skills_training"]["target"] == {"130732": "500 persons"}


def test_a_plan_names_a_column_of_counts_as_its_target(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("县,雨露计划（人）,产业扶贫（万元）\n赤城县,50,40\n")
    said = (
        "name: p\nextends: fupin:2009-document\n"
        "programmes: {{{}: {{{}: {{by: county, table: t.csv}}}}}}\n"
    )
    plan = resolve_text(said.format("skills_training", "target"), tmp_path / "p.yaml").scenario
    (unit,) = units_of(plan, "skills_training")
    assert unit.bought(plan.calendar("skills_training").total) == 50
    for key, what, other in (
        ("skills_training", "budget", "target"), ("household_projects", "target", "budget"),
    ):  # fmt: skip
        with pytest.raises(InputError) as error:
            resolve_text(said.format(key, what), tmp_path / "p.yaml")
        assert f"`{other}: {{by: county, table: t.csv}}`" in (error.value.instead or "")
        resolve_text(said.format(key, other), tmp_path / "p.yaml")


@pytest.mark.parametrize("word", NAMES)
def test_every_chinese_word_of_counting_is_read(word: str) -> None:
    assert count_unit(word) is not None
    assert count_unit(f"万{word}") == (count_unit(word)[0], 10_000)  # type: ignore[index]
