"""Money beside its range."""

from __future__ import annotations

import re

import pytest
from fupin.words.judging import Estimate
from fupin.words.language import Language
from fupin.words.quantities import bracketed, yuan_of
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
