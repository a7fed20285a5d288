"""Numbers inside sentences: with their unit at each end, in million or in 万, never in codes.

A table shortens numbers (`fupin.words.numbers`); a sentence is read aloud: 1.24 million people
(0.9 million to 1.6 million), 124 万人（90 万至 160 万）. Digits are as in tables: two significant
ones of half the range's width, and an end that is not zero is never printed as zero.
"""

from __future__ import annotations

import math
import re

from fupin.words.judging import Estimate
from fupin.words.language import Language
from fupin.words.numbers import DIGITS_OF_WIDTH, MINUS, places_of

MOST_DIGITS = 4
"""Significant digits of a number in a sentence, however narrow its range."""

ALONE = 3
"""Significant digits of a number without a range."""

FEN = 2
"""Decimal places of money: nobody pays less than a fen."""

_ENGLISH = ((1e9, " billion", 3), (1e6, " million", 3))
_WAN = 1e4
_CHINESE = ((1e8, " 亿", 3), (_WAN, " 万", 2))
"""Of both: from which size on; suffix; the most decimals."""


def places(of: Estimate, whole: bool = True) -> int:
    """Decimal places, negative for tens and hundreds.

    Args:
        whole: the quantity counts something: it has no decimals.
    """
    if of.low is None or of.high is None or of.low == of.high:
        found = places_of(of.mean, ALONE)
    else:
        found = places_of((of.high - of.low) / 2, DIGITS_OF_WIDTH)
        if of.mean:
            found = min(found, places_of(of.mean, MOST_DIGITS))
        for end in (of.low, of.high, of.mean):
            # No end becomes nothing, or half as large again: 500,000 and not 1 to 21 million.
            while end and abs(round(end, found) - end) > abs(end) / 2 and found < 12:
                found += 1
    return min(found, 0) if whole else found


def number(say: Language, value: float, decimals: int) -> str:
    """A number rounded to decimal places, such as 620, 1.24 million, 3.1 万 or −40."""
    exact, value = abs(value), round(value, decimals)
    size = abs(value)
    for least, suffix, most in _sizes(say):
        if size >= least:
            kept = decimals + round(math.log10(least))
            shown = size if kept < 0 else exact  # rounded once
            text = f"{shown / least:,.{max(0, min(kept, most))}f}{suffix}"
            break
    else:
        text = f"{size:,.{max(decimals, 0)}f}"
    return MINUS + text if value < 0 else text


def amount(say: Language, of: Estimate, whole: bool = True) -> str:
    """The mean."""
    return number(say, of.mean, places(of, whole))


def span(say: Language, of: Estimate, whole: bool = True) -> str:
    """Both ends, such as `620 to 1,860`; empty where there is no range."""
    if of.low is None or of.high is None or of.low == of.high:
        return ""
    low, high = _apart(say, of, *ends(say, of, whole))
    if say.chinese:
        return f"{low}{'' if low[-1] in '万亿' else ' '}至 {high}"
    for _, suffix, _ in _ENGLISH:
        if low.endswith(suffix) and high.endswith(suffix):
            low = low.removesuffix(suffix)  # 0.9 to 1.6 million
    return f"{low} to {high}"


def _apart(say: Language, of: Estimate, low: str, high: str) -> tuple[str, str]:
    """Both ends so that none can be read with the other's word: 300 to 30,200,000.

    In `300 to 30.2 million` the first could be 300 million. A larger one has a comma, which no
    million has. Chinese says 万 with the lower end too where 300 至 3,020 万 could be misread; that
    of 700 至 1.29 万 cannot be 700 万.
    """
    short = low[-1:].isdigit() and "," not in low and any(digit in low for digit in "123456789")
    if not short or high[-1:].isdigit():
        return low, high
    least = next(least for least, suffix, _ in _sizes(say) if high.endswith(suffix))
    first, last = (float(end.split(" ")[0].replace(",", "").replace(MINUS, "-"))
                   for end in (low, high))  # fmt: skip
    if not say.chinese:
        return low, f"{last * least:,.0f}".replace("-", MINUS)
    if abs(first) >= abs(last):
        return low, high
    return f"{first / _WAN:g} 万".replace("-", MINUS), re.sub(r"\.0+(?= )", "", high)


def _sizes(say: Language) -> tuple[tuple[float, str, int], ...]:
    return _CHINESE if say.chinese else _ENGLISH


def ends(say: Language, of: Estimate, whole: bool = True) -> tuple[str, str]:
    """Both ends, each with all that belongs to it; the mean twice where there is no range."""
    decimals = places(of, whole)
    low, high = (of.mean if end is None else end for end in (of.low, of.high))
    return number(say, low, decimals), number(say, high, decimals)


def bracketed(say: Language, of: Estimate, whole: bool = True) -> str:
    """The range in brackets, with the space before it; empty where there is none to be seen."""
    found = span(say, of, whole)
    low, high = ends(say, of, whole)
    if not found or low == high:  # 29.90 to 29.90 tells nobody anything
        return ""
    return f"（{found}）" if say.chinese else f" ({found})"


def ranged(say: Language, of: Estimate, whole: bool = True) -> str:
    """The mean with its range in brackets."""
    found = span(say, of, whole)
    return say.with_interval((amount(say, of, whole), found))


def yuan(say: Language, value: float, digits: int = ALONE) -> str:
    """Money: 37.2 million yuan, 3,720 万元, 7.43 亿元; nothing below a fen."""
    text = number(say, value, min(places_of(value, digits), FEN) if round(value, FEN) else 0)
    if say.chinese:
        return f"{text}元" if text[-1] in "万亿" else f"{text} 元"
    return f"{text} yuan"


def yuan_of(say: Language, of: Estimate) -> str:
    """Money that stands beside its range: 29.95 million yuan (29.94 to 29.95 million).

    It has the digits of its range, so that it never lies outside of what is printed beside it.
    """
    if not bracketed(say, of):
        return yuan(say, of.mean)
    text = amount(say, of)
    if say.chinese:
        return f"{text}元" if text[-1] in "万亿" else f"{text} 元"
    return f"{text} yuan"


def exact_yuan(say: Language, value: float) -> str:
    """Money with as many digits as it has, at most six: 30.54 million yuan, 60 million yuan."""
    enough = (d for d in range(1, 6) if math.isclose(round(value, places_of(value, d)), value))
    return yuan(say, value, next(enough, 6))
