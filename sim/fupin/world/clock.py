"""Which month it is: the calendar of a plan that is being lived."""

from __future__ import annotations

from dataclasses import dataclass, field

from fupin.randomness import month_index
from fupin.scenario.months import Month


@dataclass
class Clock:
    """The calendar of a plan; it turns at the end of every month.

    Attributes:
        start, end: first and last month of the plan.
        fiscal_start: month, counted from 1, in which fiscal years begin.
        year, month: the month that is lived now, or that comes next, month counted from 1.
        today: index of the month that is lived now, or was lived last (`randomness.month_index`);
            before the first month the December before the first year.
    """

    start: Month
    end: Month
    fiscal_start: int = 1
    year: int = field(init=False)
    month: int = field(init=False)
    today: int = field(init=False)

    def __post_init__(self) -> None:
        self.year, self.month = self.start.year, self.start.month
        self.today = month_index(self.start.year - 1, 12)

    @property
    def running(self) -> bool:
        """True while months of the plan lie ahead."""
        return Month(self.year, self.month) <= self.end

    @property
    def index(self) -> int:
        """Index of the month that is lived now, or that comes next."""
        return month_index(self.year, self.month)

    @property
    def closes_accounts(self) -> bool:
        """True in December, and in the last month of the plan."""
        return self.month == 12 or Month(self.year, self.month) == self.end

    @property
    def opens_fiscal_year(self) -> bool:
        """True in the first month of a fiscal year, and of the plan."""
        return self.month == self.fiscal_start or Month(self.year, self.month) == self.start

    @property
    def closes_fiscal_year(self) -> bool:
        """True in the last month of a fiscal year, and of the plan."""
        last = self.month % 12 + 1 == self.fiscal_start
        return last or Month(self.year, self.month) == self.end

    def begin_month(self) -> None:
        """The month that came next is lived now."""
        self.today = month_index(self.year, self.month)

    def turn(self) -> None:
        """The month is over."""
        self.month += 1
        if self.month == 13:
            self.year, self.month = self.year + 1, 1

    def __str__(self) -> str:
        """The month that was lived last, as YYYY-MM."""
        return f"{self.today // 12:04d}-{self.today % 12 + 1:02d}"
