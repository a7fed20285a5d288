"""Calendar months, written `2009-03`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fupin.yaml.words import shown

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, order=True)
class Month:
    """A month of a year; ordered, and counted by `index`."""

    year: int
    month: int

    @property
    def index(self) -> int:
        """year x 12 + (month - 1): the month number of keyed random numbers."""
        return self.year * 12 + self.month - 1

    @property
    def words(self) -> str:
        """`March 2009`."""
        return f"{_NAMES[self.month - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def of_index(cls, index: int) -> Month:
        """The month with this `index`."""
        return cls(index // 12, index % 12 + 1)


class MonthError(ValueError):
    """Not a month; `.instead` says what to write."""

    def __init__(self, message: str, instead: str = "Write a month such as 2009-03.") -> None:
        super().__init__(message)
        self.instead = instead


def parse_month(value: object) -> Month:
    """A month from `2009-03`.

    Raises:
        MonthError: anything else.
    """
    if isinstance(value, Month):
        return value
    found = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        if isinstance(value, str) and (day := re.fullmatch(r"([0-9]{4}-[0-9]{2})-[0-9]{2}", value)):
            raise MonthError(f"{shown(value)} names a day.", f"Write the month: {day[1]}.")
        if isinstance(value, str) and (
            loose := re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})月?", value)
        ):
            raise MonthError(
                f"{shown(value)} is not written as a month.",
                f"Write {loose[1]}-{int(loose[2]):02d}.",
            )
        if isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2100:
            raise MonthError(f"{value} names a year.", f"Write a month such as {value}-01.")
        raise MonthError(f"{shown(value)} is not a month.")
    year, month = int(found[1]), int(found[2])
    if not 1 <= month <= 12:
        raise MonthError(f"There is no month {found[2]} in a year.", "Months are 01 to 12.")
    return Month(year, month)
