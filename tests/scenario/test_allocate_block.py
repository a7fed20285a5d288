"""What `allocate:` refuses, what it says to write, and how files and options lie over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fupin
import pytest
from fupin.allocation.question import question_of
from fupin.api.allocating import asked_of
from fupin.errors import COMMAND_LINE, InputError
from fupin.scenario.allocate import Allocate
from fupin.scenario.load import load_scenario
from fupin.words.language import Language
from fupin.words.messages import translated
from fupin.words.remarks import of_search
from pydantic import ValidationError

PARENT = """\
extends: fupin:2009-document
allocate:
  envelope: {fiscal: 700 million, social: 300 million}
  bounds: {rural_works: {least: 100 million, most: 200 million}}
  packages: {works: {programmes: [rural_works, village_advancement], least: 300 million}}
  floors: {Zhangjiakou: 80 million}
"""


def fault_of(tmp_path: Path, block: str, parent: str = "") -> str:
    file = tmp_path / "plan.yaml"
    (tmp_path / "parent.yaml").write_text(PARENT, encoding="utf-8")
    extends = parent or "fupin:2009-document"
    file.write_text(f"extends: {extends}\nallocate:\n  {block}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_scenario(file)
    for text in (error.value.message, error.value.instead or ""):
        assert translated(text) != text, text
    return str(error.value)


def read(tmp_path: Path, block: str) -> Allocate:
    (tmp_path / "parent.yaml").write_text(PARENT, encoding="utf-8")
    file = tmp_path / "plan.yaml"
    file.write_text(f"extends: parent.yaml\nallocate:\n  {block}\n", encoding="utf-8")
    asked = load_scenario(file).allocate
    assert asked is not None
    return asked


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("target: 1e99", "no target"),
        ("target: .inf", "finite"),
        ("target: '1e400'", "no target"),
        ("target: 150.000", "Write `150` or `150000`."),
        ("target: '150.000'", "Write `150` or `150000`."),
        ("at_least: {trained: 16.000}", "Write `16` or `16000`."),
        ("at_least: {trained: 16.000 persons}", "Write `16` or `16000`."),
        ("at_least: {gap_closed: 20.000}", "Write `20` or `20000`."),
        ("at_most: {households_reached: 1.234}", "Write `1234`."),
        ("at_least: {trained: '16,000 households'}", "Write `16000 persons`."),
        ("at_least: {trained: 2百户}", "Write `200 persons`."),
        ("at_least: {trained: 3十万户}", "Write `300000 persons`."),
        ("at_least: {trained: 20%}", "Write a number such as 15000"),
        ("at_least: {trained: 2 thousand heads}", "Write a number such as 15000"),
        ("at_least: {employment_rate: 104%}", "Write 90%, or 0.9."),
        ("at_least: {employment_rate: 90}", "Write 90%."),
        ("at_most: {gini: 40%}", "gini is counted without '%'"),
        ("at_most: {benefit_cost_5: 2 yuan}", "benefit_cost_5 is counted without 'yuan'"),
        ("most_change: 10", "Write 10%."),
        ("most_change: 1.5", "Write 1.5% or 150%."),
        ("unit: -1", "from 1 to a billion"),
        ("unit: -1 yuan", "from 1 to a billion"),
        ("floors: {Zhangjiakou: 1 million, 张家口: 2 million}", "as 'Zhangjiakou' is"),
        ("floors: {Zhangbei: 1 million, 张北县: null}", "as 'Zhangbei' is"),
        ("protect: [bee_keeping]", "own programmes and further entries keep their money"),
        ("protect: [rural_work]", "Did you mean rural_works?"),
        ("least: {rural_works: 5 million}", "`bounds: {rural_works: {least: 20 million}}`"),
        ("most: {rural_works: 5 million}", "`bounds: {rural_works: {most: 20 million}}`"),
    ],
)  # fmt: skip
def test_what_is_refused_says_what_to_write(tmp_path: Path, block: str, words: str) -> None:
    assert words in fault_of(tmp_path, block)


def test_parts_of_one_are_what_they_look_like(tmp_path: Path) -> None:
    block = "at_most: {fgt0: 0.500, gini: 0.400, benefit_cost_5: 1.250}"
    assert read(tmp_path, block).at_most == {"fgt0": 0.5, "gini": 0.4, "benefit_cost_5": 1.25}


@pytest.mark.parametrize(
    ("text", "number"),
    [("2百人", 200), ("1千万人", 10**7), ("5十万人", 500_000), ("3百万人", 3_000_000),
     ("2千人", 2000), ("1億人", 10**8), ("3 million persons", 3_000_000)],
)  # fmt: skip
def test_numbers_count_what_they_say(text: str, number: int) -> None:
    assert Allocate.model_validate({"at_least": {"trained": text}}).at_least["trained"] == number


def test_files_merge_floors_by_place_whatever_the_spelling(tmp_path: Path) -> None:
    assert read(tmp_path, "floors: {张家口: null}").floors == {}
    assert read(tmp_path, "floors: {张家口市: 60 million}").floors == {"Zhangjiakou": 60_000_000}
    both = read(tmp_path, "floors: {张北县: 60 million}").floors
    assert len(both) == 2 and both["Zhangjiakou"] == 80_000_000


def test_a_target_over_an_envelope_is_told_how(tmp_path: Path) -> None:
    assert "`envelope: null`" in fault_of(tmp_path, "target: 150000", parent="parent.yaml")
    found = read(tmp_path, "{target: 150000, envelope: null}")
    assert found.target == 150_000 and not found.envelope


def test_the_largest_change_above_the_whole_is_kept_and_warned_of() -> None:
    wide = Allocate.model_validate({"most_change": "200%"})
    assert wide.most_change == 2.0
    assert Allocate.model_validate(wide.model_dump(mode="json", exclude_unset=True)) == wide
    for language in ("en", "zh"):
        assert "100%" in of_search(Language(language), wide)[0]
    assert not of_search(Language("en"), Allocate.model_validate({"most_change": "100%"}))


@pytest.mark.parametrize(
    ("yuan", "unit"), [("743", "100"), (1000, "1000"), (5, "1"), (9_999, "1000")]
)
def test_a_smaller_unit_is_smaller(yuan: Any, unit: str) -> None:
    document = load_scenario("fupin:2009-document")
    with pytest.raises(InputError) as error:
        question_of(document, Allocate.model_validate({"envelope": yuan}))
    assert f"such as {unit}," in str(error.value)


def over(tmp_path: Path, **said: Any) -> Allocate:
    file = tmp_path / "parent.yaml"
    file.write_text(PARENT, encoding="utf-8")
    return asked_of(fupin.load(file), said, COMMAND_LINE)


def test_options_keep_what_they_do_not_name(tmp_path: Path) -> None:
    found = over(tmp_path, bounds={"rural_works": {"most": "150 million"}})
    assert found.bounds["rural_works"] == {"least": 100_000_000, "most": 150_000_000}
    found = over(tmp_path, packages={"works": {"most": "400 million"}})
    assert found.packages["works"]["least"] == 300_000_000
    found = over(tmp_path, envelope="720 million")
    assert found.envelope == {"fiscal": 720_000_000, "social": 300_000_000}
    found = over(tmp_path, envelope={"social": "310 million"})
    assert found.envelope == {"fiscal": 700_000_000, "social": 310_000_000}
    assert over(tmp_path, floors={"张家口": "9 million"}).floors == {"Zhangjiakou": 9_000_000}


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ({"bounds": {"rural_works": {"most": "much"}}}, "--most (rural_works.most): "),
        ({"bounds": {"rural_work": {"least": "5 million"}}}, "--least (rural_work): "),
        ({"bounds": {"rural_works": {"least": "300 million"}}}, "--least (rural_works): "),
        ({"floors": {"Nowhere": 5}}, "allocate.floors (Nowhere): "),
        ({"at_least": {"trained": "many"}}, "--at-least (trained): "),
        ({"at_least": {"trained": "16.000"}}, "--at-least (trained): "),
        ({"target": "inf"}, "--target: "),
        ({"target": "lots"}, "--target: 'lots' is no target."),
    ],
)
def test_messages_name_options_that_there_are(
    tmp_path: Path, said: dict[str, Any], option: str
) -> None:
    with pytest.raises(InputError) as error:
        over(tmp_path, **said)
    assert error.value.message.startswith(option), error.value.message
    assert translated(error.value.message).startswith(option.partition(": ")[0] + "：")


def test_a_place_twice_is_refused_in_python_too() -> None:
    with pytest.raises(ValidationError, match="Zhangjiakou"):
        Allocate.model_validate({"floors": {"Zhangjiakou": 5, "张家口": 6}})
