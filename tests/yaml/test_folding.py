"""Figures are what they look like: no note, no point and no full-width form makes another one."""

from __future__ import annotations

import copy
import pickle

import pytest
from fupin.scenario.amounts import AmountError, parse_yuan
from fupin.scenario.fields import whole
from fupin.scenario.targets import read_target
from fupin.yaml.folding import GroupedNumber, plain_forms
from fupin.yaml.scalars import interpret
from hypothesis import given, settings
from hypothesis import strategies as st

MARKS = "¹²³⁰⁴₁₂①②⑨⑩㉑⑴⒈½¼⅓㊀㈠"


@given(st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_folding_is_done_once(text: str) -> None:
    assert plain_forms(plain_forms(text)) == plain_forms(text)


@pytest.mark.parametrize("mark", [m for m in MARKS if m not in "㊀㈠"])
def test_a_mark_is_no_figure(mark: str) -> None:
    assert plain_forms(f"８５０{mark}") == f"850{mark}"
    for text in (f"850{mark}", f"850{mark}万", f"{mark}850", f"{mark}万"):
        with pytest.raises(AmountError):
            parse_yuan(text)
    with pytest.raises(ValueError, match="no target"):
        read_target(f"850{mark}户")


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(["", "元", " yuan", " rmb"]))
@settings(max_examples=60, deadline=None)
def test_three_digits_behind_a_point_are_unclear_in_yuan(one: int, two: int, unit: str) -> None:
    with pytest.raises(AmountError, match="decimals or of thousands") as error:
        parse_yuan(f"{one}.{two:03d}{unit}")
    advice = error.value.instead.split("`")[-2]
    assert parse_yuan(advice) == one * 1000 + two
    assert parse_yuan(f"{one}.{two:03d} million") == one * 10**6 + two * 1000


@pytest.mark.parametrize("text", ["1.000", "12.000", "999.000"])
def test_a_count_with_a_point_is_refused_and_a_share_is_not(text: str) -> None:
    value = interpret(text)
    assert value == float(text)  # for whatever may have parts
    assert isinstance(value, GroupedNumber)
    for made in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert made.text == text
    with pytest.raises(ValueError, match="decimals or of thousands"):
        whole(0, 10**6, "villages").read(value)
    with pytest.raises(ValueError, match="decimals or of thousands"):
        read_target(f"{text} households")


@pytest.mark.parametrize("text", ["1.5", "0.000", "1.50", "1.0", "2009.0", "1000.000"])
def test_other_points_are_decimals(text: str) -> None:
    assert not isinstance(interpret(text), GroupedNumber)
