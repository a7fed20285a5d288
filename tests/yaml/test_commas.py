"""A comma within a number, in brackets or braces, never makes another number of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.errors import InputError
from fupin.yaml.events import read_marked, read_tree
from fupin.yaml.tree import plain
from hypothesis import given, settings
from hypothesis import strategies as st

READERS = (read_tree, read_marked)


def value_of(text: str) -> list[object]:
    """What `a: TEXT` holds, for both readers, which must agree."""
    found = [plain(reader(f"a: {text}\n", Path("x.yaml")))["a"] for reader in READERS]
    assert found[0] == found[1]
    return found[0]


def refused(text: str) -> InputError:
    for reader in READERS:
        with pytest.raises(InputError) as error:
            reader(f"a: {text}\n", Path("x.yaml"))
    return error.value


@given(st.integers(1000, 10**11), st.sampled_from(["", "万", " million", "万元", ".50", "元"]))
@settings(max_examples=60, deadline=None)
def test_a_number_with_separators_in_braces_is_refused(number: int, unit: str) -> None:
    found = refused(f"{{budget: {number:,}{unit}, from: 2009-02}}")
    assert "comma" in found.message
    assert found.line == 1
    assert found.instead is not None
    if unit and number < 10**6 and not unit.startswith("."):  # then advice can be typed
        assert f"{number}{unit}" in found.instead
        value_of(f"{{budget: {number}{unit}, from: 2009-02}}")


@pytest.mark.parametrize(
    "text",
    [
        "[15,270, 30,540]", "[15,270,000, 30,540,000]", "[15,270万, 30,540万]",
        "[10,20 million]", "[1, 2,000]", "{赤城: 2,645}", "{a: 1, b: 30,54 million}",
        "[１５,２７０万, 3万]", "{budget: ¥3,054万}",
    ],
)  # fmt: skip
def test_numbers_with_commas_are_refused(text: str) -> None:
    assert "comma" in refused(text).message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[100,200,300]", [100, 200, 300]),
        ("[1,2, 3]", [1, 2, 3]),
        ("[15, 270]", [15, 270]),
        ("{2009: 5,2010: 6}", {"2009": 5, "2010": 6}),
        ("{130425: 5,130434: 6}", {"130425": 5, "130434": 6}),
        ("[130425,130434 魏县, 大名]", [130425, "130434 魏县", "大名"]),
        ("{a: 3 million,b: 4}", {"a": "3 million", "b": 4}),
        ('["1,000", "2,000"]', ["1,000", "2,000"]),
        ("[[0.2,0.6], [1,4]]", [[0.2, 0.6], [1, 4]]),
    ],
)
def test_two_values_stay_two(text: str, value: object) -> None:
    assert value_of(text) == value
