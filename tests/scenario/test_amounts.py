"""Money is exact whole yuan, however it is written."""

from __future__ import annotations

import pytest
from fupin.scenario.amounts import MOST_YUAN, SCALES, AmountError, format_yuan, parse_yuan
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        (0, 0),
        (743_000_000, 743_000_000),
        (3e7, 30_000_000),
        ("743 million", 743_000_000),
        ("1.27 billion", 1_270_000_000),
        ("30.54 million", 30_540_000),
        ("80.54million yuan", 80_540_000),
        ("42.5 Million", 42_500_000),
        ("743万", 7_430_000),
        ("7.43 亿元", 743_000_000),
        ("12345", 12_345),
        ("5359 yuan", 5_359),
        # sums that binary fractions get wrong: 1.1 x 10^6 is 1100000.0000000002 in some orders
        ("1.1 million", 1_100_000),
        ("0.000001 million", 1),
        ("4.35 million", 4_350_000),
        (MOST_YUAN, MOST_YUAN),
    ],
)
def test_amounts(written: object, yuan: int) -> None:
    assert parse_yuan(written) == yuan
    assert type(parse_yuan(written)) is int


@pytest.mark.parametrize(
    "written",
    [
        *(True, False, None, [], {}, -1, "-1", "−3 million", 0.5, "0.1234567 million"),
        *(float("nan"), float("inf"), "nan", "inf", "", " ", "million", "1e6", "1_000", "1,000"),
        *("10%", "５", "5 M", "5 thousand", "5 dollars", "1.2.3", "1/2", MOST_YUAN + 1),
        "10.1 billion billion",
    ],
)
def test_not_amounts(written: object) -> None:
    with pytest.raises(AmountError) as caught:
        parse_yuan(written)
    assert caught.value.instead


@given(st.integers(0, MOST_YUAN))
def test_every_whole_amount_survives_writing_and_reading(yuan: int) -> None:
    assert parse_yuan(yuan) == parse_yuan(str(yuan)) == parse_yuan(float(yuan)) == yuan
    assert parse_yuan(format_yuan(yuan).replace(",", "")) == yuan


@given(st.integers(0, 10**4), st.sampled_from(sorted(SCALES)), st.integers(0, 4))
def test_scales_are_exact(units: int, scale: str, decimals: int) -> None:
    whole, fraction = divmod(units, 10**decimals)
    text = f"{whole}.{fraction:0{decimals}d} {scale}" if decimals else f"{units} {scale}"
    assert parse_yuan(text) * 10**decimals == units * SCALES[scale]


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers()))
def test_anything_else_is_refused_and_never_negative(written: object) -> None:
    try:
        yuan = parse_yuan(written)
    except AmountError:
        return
    assert 0 <= yuan <= MOST_YUAN
