"""Advice on amounts and on keys that say how much or how many works when it is typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.scenario.amounts import AmountError, _in_characters, parse_yuan
from fupin.scenario.counted import COUNTED, FIRST_UNIT
from fupin.scenario.load import resolve, resolve_text
from fupin.scenario.unit_costs import units_of
from hypothesis import given, settings
from hypothesis import strategies as st

PLAN = resolve("fupin:2009-document").scenario


def advised(value: object) -> str:
    with pytest.raises(AmountError) as error:
        parse_yuan(value)
    found = re.search(r"`([^`]+)`", error.value.instead or "")
    assert found, error.value.instead
    return found[1]


@given(st.integers(1, 9999), st.sampled_from(["", "万", "亿"]), st.sampled_from(["", "元", "元整"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_number_in_characters_has_advice_that_is_the_same_amount(
    number: int, scale: str, yuan: str
) -> None:
    spelled = f"{_in_characters(number)}{scale}{yuan}"
    size = {"": 1, "万": 10**4, "亿": 10**8}[scale]
    if not spelled.strip("元整"):
        return
    assert parse_yuan(advised(spelled)) == number * size


@pytest.mark.parametrize(
    ("number", "text"), [(10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (3000, "三千"),
                         (3054, "三千零五十四"), (9999, "九千九百九十九"), (110, "一百一十")],
)  # fmt: skip
def test_numbers_in_characters(number: int, text: str) -> None:
    assert _in_characters(number) == text


@pytest.mark.parametrize("sign", ["RMB ", "¥", "CNY", "人民币", "rmb"])
@pytest.mark.parametrize(
    ("text", "yuan"), [("30m", 30_000_000), ("2bn", 2 * 10**9), ("30,540,000", 30_540_000),
                       ("30 millon", 30_000_000), ("三千万元", 30_000_000)],
)  # fmt: skip
def test_the_sign_of_the_currency_hides_no_advice(sign: str, text: str, yuan: int) -> None:
    assert parse_yuan(advised(sign + text)) == yuan


@given(st.integers(1, 999), st.lists(st.integers(0, 999), min_size=2, max_size=3))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_points_between_thousands(first: int, more: list[int]) -> None:
    text = ".".join([str(first), *(f"{part:03d}" for part in more)])
    number = int(text.replace(".", ""))
    if number <= 10**13:
        assert parse_yuan(advised(text)) == number


@pytest.mark.parametrize("text", ["$30 million", "30 million USD", "€5", "500万美元", "US$3m"])
def test_other_currencies_are_said_to_be_others(text: str) -> None:
    with pytest.raises(AmountError, match="is not in yuan"):
        parse_yuan(text)


def test_what_people_count_first_is_the_first_unit() -> None:
    first = {key: units_of(PLAN, key)[0].unit for key in FIRST_UNIT if units_of(PLAN, key)}
    assert {key: FIRST_UNIT[key] for key in first} == first


@pytest.mark.parametrize("key", sorted(FIRST_UNIT))
@pytest.mark.parametrize("word", ["trained", "villages", "户数", "money", "persons"])
def test_a_key_that_says_how_much_gets_advice_that_works(
    tmp_path: Path, key: str, word: str
) -> None:
    base = "lottery: null, " if key == "village_advancement" else ""
    base += "central: null, " if key == "integrated_funds" else ""
    base += "central_units: null, " if key == "paired_assistance" else ""
    said = "name: p\nextends: fupin:2009-document\nprogrammes: {{{}: {{{}{}}}}}\n"
    with pytest.raises(InputError) as error:
        resolve_text(said.format(key, base, f"{word}: 40"), tmp_path / "p.yaml")
    advice = re.search(r"`((?:target|budget): [^`]+)`", error.value.instead or "")
    assert advice, error.value.instead
    resolve_text(said.format(key, base, advice[1]), tmp_path / "p.yaml")


def test_lists_of_villages_are_told_how_to_say_how_many(tmp_path: Path) -> None:
    said = (
        "name: p\nextends: fupin:2009-document\n"
        "programmes: {{village_advancement: {{lottery: null, {}}}}}\n"
    )
    with pytest.raises(InputError) as error:
        resolve_text(said.format("villages: [1301250003]"), tmp_path / "p.yaml")
    for advice in re.findall(r"`(target: [^`]+)`", error.value.instead or ""):
        resolve_text(said.format(advice), tmp_path / "p.yaml")
    assert set(COUNTED) >= set(FIRST_UNIT.values())
