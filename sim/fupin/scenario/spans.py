"""The time that an amount of money is written for: a year (2009), a quarter (2009Q1), a month.

A year is the fiscal year that begins in it: the calendar year, unless the scenario says that its
fiscal years begin in another month. Quarters and months are those of the calendar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fupin.scenario.months import Month
from fupin.yaml.folding import plain_forms
from fupin.yaml.words import shown

Key = int | str
"""A time as it stands in a budget: 2009, "2009Q1" or "2009-03"."""

PATTERN = r"^20[0-9]{2}(Q[1-4]|-(0[1-9]|1[0-2]))?$"
EXAMPLES = "2009, 2009Q1 or 2009-03"

_KEY = re.compile(r"(20[0-9]{2})(?:Q([1-4])|-(0[1-9]|1[0-2]))?")
_YEAR = re.compile(r"(?!13)[1-9][0-9]{3}")  # 13.. may be the code of a prefecture
_LOOSE_QUARTER = re.compile(
    r"(20[0-9]{2})\W*(?:年\W*)?(?:第\W*)?(?:q([1-4])|([1-4])q|([1-4一二三四])季度?)|"
    r"q([1-4])\W*(20[0-9]{2})",
    re.IGNORECASE,
)
_LOOSE_MONTH = re.compile(r"(20[0-9]{2})[-/.年]([0-9]{1,2})月?")
_CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4"}


@dataclass(frozen=True, order=True)
class Span:
    """Months in a row.

    Attributes:
        first: index of the first month (`Month.index`).
        months: how many.
    """

    first: int
    months: int

    @property
    def after(self) -> int:
        """Index of the month that follows."""
        return self.first + self.months

    def overlaps(self, other: Span) -> bool:
        """Whether a month lies in both."""
        return self.first < other.after and other.first < self.after

    def common(self, other: Span) -> Span:
        """The months that lie in both; none where they do not overlap."""
        first = max(self.first, other.first)
        return Span(first, max(min(self.after, other.after) - first, 0))

    @property
    def words(self) -> str:
        """`2009-07 to 2010-06`, or the one month."""
        first, last = Month.of_index(self.first), Month.of_index(self.after - 1)
        return str(first) if self.months == 1 else f"{first} to {last}"


class SpanError(ValueError):
    """Not a time that an amount can be written for; `.instead` says what to write."""

    def __init__(self, message: str, instead: str) -> None:
        super().__init__(message)
        self.instead = instead


def read_key(text: str) -> Key:
    """A key of a budget: a year as a number, a quarter or a month as text.

    Raises:
        SpanError: anything else.
    """
    found = _KEY.fullmatch(text)
    if found is None and text != (plain := plain_forms(text).strip()) and _KEY.fullmatch(plain):
        raise SpanError(f"{shown(text)} is not written as a time.", f"Write {plain}.")
    if found is None and _YEAR.fullmatch(text):
        raise SpanError(
            f"{text} is not written as a year of this century.", "Write {2009: 5 million}, say."
        )
    if found is not None:
        return int(text) if len(text) == 4 else text
    if loose := _LOOSE_QUARTER.fullmatch(text.strip()):
        year = loose[1] or loose[6]
        quarter = next(q for q in (*loose.groups()[1:5],) if q)
        raise SpanError(
            f"{shown(text)} is not written as a quarter.",
            f"Write {year}Q{_CHINESE.get(quarter, quarter)}.",
        )
    if (loose := _LOOSE_MONTH.fullmatch(text.strip())) and 1 <= int(loose[2]) <= 12:
        raise SpanError(
            f"{shown(text)} is not written as a month.", f"Write {loose[1]}-{int(loose[2]):02d}."
        )
    raise SpanError(
        f"{shown(text)} is not a year, a quarter or a month.",
        "Write for when each amount is, such as {2009: 5 million}, {2009Q1: 2 million} or "
        "{2009-03: 1 million}.",
    )


def in_order(key: Key) -> tuple[int, int]:
    """By which keys of a budget are sorted: a year before its quarters and months."""
    span = span_of(key)
    return span.first, -span.months


def span_of(key: Key, starts: int = 1) -> Span:
    """The months of a key.

    Args:
        key: as `read_key` returns it.
        starts: month (1 to 12) in which fiscal years begin.
    """
    if isinstance(key, int):
        return fiscal_year(key, starts)
    year, rest = int(key[:4]), key[4:]
    if rest.startswith("Q"):
        return Span(year * 12 + 3 * (int(rest[1]) - 1), 3)
    return Span(year * 12 + int(rest[1:]) - 1, 1)


def fiscal_year(year: int, starts: int = 1) -> Span:
    """The fiscal year that begins in a calendar year."""
    return Span(year * 12 + starts - 1, 12)


def fiscal_year_of(month: int, starts: int = 1) -> int:
    """In which calendar year the fiscal year of a month (its index) begins."""
    return (month - (starts - 1)) // 12
