"""Money is exact whole yuan, however it is written."""

from __future__ import annotations

import re

import pytest
from fupin.scenario.amounts import MOST_YUAN, SCALES, AmountError, format_yuan, parse_yuan
from hypothesis import assume, given, settings
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
        ("３０５４万元", 30_540_000),
        ("３０．５４百万", 30_540_000),
        ("¥30540000", 30_540_000),
        ("￥ 3054 万", 30_540_000),
        ("人民币3054万元", 30_540_000),
        ("RMB 30.54 million", 30_540_000),
        ("30.54 million RMB", 30_540_000),
        ("30540千元", 30_540_000),
        ("3.054千万元", 30_540_000),
        ("1.5 thousand", 1_500),
        ("7.43億元", 743_000_000),
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
        *("10%", "5 M", "5k", "5 dollars", "1.2.3", "1/2", "2万5千", "5百", MOST_YUAN + 1),
        *("5万元/年", "5 million a month", "三千万", "约5万", "5-6 million"),
        "10.1 billion billion",
    ],
)
def test_not_amounts(written: object) -> None:
    with pytest.raises(AmountError) as caught:
        parse_yuan(written)
    assert caught.value.instead


@pytest.mark.parametrize(
    "written", ["3054万元/年", "3054万元 每年", "30.54 million a year", "30540000 yuan per year"]
)
def test_an_amount_of_a_year_may_say_so(written: str) -> None:
    assert parse_yuan(written, a_year=True) == 30_540_000
    with pytest.raises(AmountError, match="not an amount a year"):
        parse_yuan(written)


@settings(deadline=None)
@given(
    st.sampled_from(["", "-", "约", "5-", "1,", "１，０００，"]),
    st.decimals(0, 10**6, places=2),
    st.sampled_from(["", " M", "k", " bn", " milion", " dollars", "万五", "/年", "百", " 万/月"]),
)
def test_what_a_refusal_advises_works_when_it_is_typed(
    head: str, number: object, tail: str
) -> None:
    try:
        parse_yuan(f"{head}{number}{tail}")
    except AmountError as error:
        for typed in re.findall("`([^`]+)`", error.instead):
            assert parse_yuan(typed) >= 0


@settings(deadline=None)
@given(st.integers(0, MOST_YUAN))
def test_every_whole_amount_survives_writing_and_reading(yuan: int) -> None:
    assert parse_yuan(yuan) == parse_yuan(str(yuan)) == parse_yuan(float(yuan)) == yuan
    assert parse_yuan(format_yuan(yuan).replace(",", "")) == yuan


@settings(deadline=None)
@given(st.integers(0, 10**4), st.sampled_from(sorted(SCALES)), st.integers(0, 4))
def test_scales_are_exact(units: int, scale: str, decimals: int) -> None:
    whole, fraction = divmod(units, 10**decimals)
    text = f"{whole}.{fraction:0{decimals}d} {scale}" if decimals else f"{units} {scale}"
    assume(units * SCALES[scale] <= MOST_YUAN * 10**decimals)
    assume(units * SCALES[scale] % 10**decimals == 0)
    assert parse_yuan(text) * 10**decimals == units * SCALES[scale]


@settings(deadline=None)
@given(st.one_of(st.text(max_size=30), st.floats(), st.integers()))
def test_anything_else_is_refused_and_never_negative(written: object) -> None:
    try:
        yuan = parse_yuan(written)
    except AmountError:
        return
    assert 0 <= yuan <= MOST_YUAN
