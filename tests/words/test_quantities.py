"""Money beside its range."""

from __future__ import annotations

import re

import pytest
from fupin.words.judging import Estimate
from fupin.words.language import Language
from fupin.words.quantities import bracketed, span, yuan_of
from hypothesis import given, settings
from hypothesis import strategies as st

SIZE = {"billion": 1e9, "million": 1e6, "亿": 1e8, "万": 1e4}


def read(text: str) -> float:
    """A number as it is printed."""
    found = re.search(r"([\d.,]+) ?(billion|million|亿|万)?", text.replace("−", "-"))
    assert found, text
    return float(found[1].replace(",", "")) * SIZE.get(found[2] or "", 1.0)


@pytest.mark.parametrize("lang", ["en", "zh"])
@given(
    middle=st.floats(1e4, 1e10), width=st.floats(1e-7, 0.9), where=st.floats(0.0, 1.0)
)  # fmt: skip
@settings(max_examples=60)
def test_a_mean_never_lies_outside_of_the_range_that_is_printed_beside_it(
    lang: str, middle: float, width: float, where: float
) -> None:
    say = Language(lang)
    low, high = middle * (1 - width), middle * (1 + width)
    of = Estimate(low + where * (high - low), low, high)
    span = bracketed(say, of)
    if not span:
        return
    ends = re.split(r" to |至", span)
    if lang == "en" and not re.search("illion|,", ends[0]):  # 330,000 to 1.0 million
        ends[0] += re.sub(r".*?((?: [bm]illion)?)\)", r"\1", ends[1])
    first, last = (read(end) for end in ends)
    assert first < last
    assert first * (1 - 1e-12) <= read(yuan_of(say, of)) <= last * (1 + 1e-12)


@pytest.mark.parametrize("lang", ["en", "zh"])
@given(low=st.floats(-999.0, 9e6), more=st.floats(1.0, 4e9))
@settings(max_examples=80)
def test_no_end_is_read_with_the_word_of_the_other(lang: str, low: float, more: float) -> None:
    """Whoever takes the second end's million or 万 for both reads what cannot be meant."""
    text = span(Language(lang), Estimate(low + more / 2, low, low + more))
    first, last = re.split(r" to | ?至 ", text)
    words = re.compile("[bm]illion|[万亿]")
    if words.search(first) or not words.search(last) or first == "0":
        return
    taken = re.sub("[^0-9.,]", "", first), re.sub("[^0-9.,]", "", last)
    if lang == "en":  # 12,300 to 1.2 million; both of 1 to 21 million are in millions, rounded
        assert "," in taken[0] or (re.search("[bm]illion", last) and abs(low) >= 6.6e5), text
    else:
        assert "," in taken[0] or float(taken[0]) >= float(taken[1].replace(",", "")), text


@pytest.mark.parametrize(("lang", "low", "high", "shown"), [
    ("en", 300.0, 3.02e7, "300 to 30,200,000"), ("en", 700.0, 12_900.0, "700 to 12,900"),
    ("en", 500_001.0, 20_500_001.0, "500,000 to 20.5 million"),
    ("en", 0.0, 3.02e7, "0 to 30 million"), ("en", -300.0, 3e6, "−300 to 3,000,000"),
    ("zh", 300.0, 3.02e7, "0.03 万至 3,020 万"), ("zh", 700.0, 12_900.0, "700 至 1.29 万"),
])  # fmt: skip
def test_ends_of_a_wide_range(lang: str, low: float, high: float, shown: str) -> None:
    assert span(Language(lang), Estimate((low + high) / 2, low, high)) == shown
