"""Advice on amounts and on keys that say how much or how many works when it is typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.scenario.amounts import AmountError, _in_characters, parse_yuan
from fupin.scenario.counted import COUNTED, FIRST_UNIT
from fupin.scenario.load import resolve, resolve_text
from fupin.scenario.programme_catalogue import WITH_ENTRIES
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


def refused(tmp_path: Path, body: str) -> InputError:
    with pytest.raises(InputError) as error:
        resolve_text(f"name: p\nextends: fupin:2009-document\n{body}\n", tmp_path / "p.yaml")
    return error.value


@given(st.integers(0, 100))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_a_percentage_for_a_share_is_advised_as_the_share(
    tmp_path_factory: pytest.TempPathFactory, percent: int
) -> None:
    drought = f"{{counties: all, from: 2009-06, months: 2, severity: {percent}%}}"
    error = refused(tmp_path_factory.getbasetemp(), f"shocks: {{a: {{drought: {drought}}}}}")
    assert error.instead == f"Write {percent / 100:g}."


@pytest.mark.parametrize("key", sorted(set(FIRST_UNIT) - set(WITH_ENTRIES)))
def test_programmes_without_entries_say_how_to_give_counties_more(tmp_path: Path, key: str) -> None:
    error = refused(tmp_path, f"programmes: {{{key}: {{extra: {{a: {{budget: 5 million}}}}}}}}")
    assert "`budget: {张北县: 5 million}`" in (error.instead or "")


@pytest.mark.parametrize("key", sorted(FIRST_UNIT))
def test_a_kind_belongs_to_programmes_of_ones_own(tmp_path: Path, key: str) -> None:
    error = refused(tmp_path, f"programmes: {{{key}: {{kind: course, budget: 5 million}}}}")
    advised = re.search(r"`(my_\w+)`", error.instead or "")
    assert advised
    effect = "effect: {value: 0.1, source: our survey}"
    resolve_text(
        f"name: p\nextends: fupin:2009-document\nprogrammes: {{{advised[1]}: {{kind: course, "
        f"budget: 5 million, unit_cost: 90, {effect}}}}}\n",
        tmp_path / "q.yaml",
    )


@pytest.mark.parametrize(
    ("key", "part"),
    [("village_advancement", "lottery: {budget: 900 million, villages: 9, counties: [赤城县]}"),
     ("paired_assistance", "central_units: {budget: 900 million}"),
     ("integrated_funds", "central: {budget: 900 million}")],
)  # fmt: skip
def test_a_part_that_is_too_large_is_pointed_at_where_it_stands(
    tmp_path: Path, key: str, part: str
) -> None:
    error = refused(tmp_path, f"programmes: {{{key}: {{{part}}}}}")
    assert error.file is not None and error.file.name == "p.yaml", str(error)


def test_targets_that_mix_times_and_counties_say_how_to_write_both(tmp_path: Path) -> None:
    body = "programmes: {{skills_training: {{target: {}}}}}"
    error = refused(tmp_path, body.format("{张北县: 50人, 2009: 20人}"))
    advice = re.search(r"(\{张北县: .*\})\.", error.instead or "")
    assert advice
    resolve_text(
        f"name: p\nextends: fupin:2009-document\n{body.format(advice[1])}\n", tmp_path / "q.yaml"
    )


def test_keys_without_a_mapping_always_have_advice(tmp_path: Path) -> None:
    for body in ("shocks: [a]", "programmes: [a]", "period: 5", "parameters: [1]", "switches: on"):
        assert refused(tmp_path, body).instead, body


def test_a_column_that_is_named_is_the_one_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("县,雨露计划（人）,产业扶贫（万元）\n赤城县,50,40\n")
    body = "programmes: {{skills_training: {{target: {{by: county, table: t.csv, column: {}}}}}}}"
    assert "No column is headed 雨露" in refused(tmp_path, body.format("雨露")).message
    text = f"name: p\nextends: fupin:2009-document\n{body.format('雨露计划')}\n"
    resolve_text(text, tmp_path / "p.yaml")
