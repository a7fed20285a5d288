"""What the plan's calendar of a programme means today: at work or not, and this month's money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from fupin.scenario.money_calendar import MoneyCalendar
from fupin.world.clock import Clock

Ints = npt.NDArray[np.int64]

_MOST = 1 << 62  # what surely fits into an int64


@dataclass(frozen=True)
class Schedule:
    """A programme's months and money beside the clock.

    Attributes:
        calendar: of the plan.
        clock: of the world.
    """

    calendar: MoneyCalendar
    clock: Clock

    @property
    def months(self) -> tuple[int, ...]:
        """Indexes of this fiscal year's months in which the plan has the programme at work."""
        return self.calendar.months_in(self.calendar.year_of(self.clock.index))

    @property
    def at_work(self) -> bool:
        """True where the programme is active this month; never after the plan's period."""
        return self.clock.index in self.months

    @property
    def place(self) -> int:
        """Which of `months` this month is, from 0; only where it is `at_work`."""
        return self.months.index(self.clock.index)

    @property
    def budget(self) -> int:
        """Yuan of this fiscal year; none after the plan's period."""
        return self.calendar.in_fiscal_year(self.calendar.year_of(self.clock.index))

    def shares_given(self) -> tuple[Fraction, ...]:
        """Part of the fiscal year's money given to the end of each of `months`, 0 to 1."""
        return tuple(self.calendar.share_given(month) for month in self.months)

    def part_of_month(self, yearly: Ints) -> Ints:
        """What this month brings of amounts for the fiscal year, whole yuan, of their shape.

        Only where it is `at_work`; the months of the year bring the whole.
        """
        shares, now = self.shares_given(), self.place
        return times(yearly, shares[now]) - times(yearly, shares[now - 1] if now else Fraction(0))


@dataclass(frozen=True)
class CountySchedules:
    """The money of a programme that the plan says county by county, beside the clock.

    Attributes:
        schedule: of the whole programme.
        calendars: county row -> its months and money.
        counties: how many counties there are.
    """

    schedule: Schedule
    calendars: Mapping[int, MoneyCalendar]
    counties: int

    def budgets(self) -> Ints:
        """Yuan of this fiscal year, (counties,)."""
        found = np.zeros(self.counties, np.int64)
        year = self.schedule.calendar.year_of(self.schedule.clock.index)
        for row, calendar in self.calendars.items():
            found[row] = calendar.in_fiscal_year(year)
        return found

    def shares_given(self, row: int) -> tuple[Fraction, ...]:
        """Part of a county's money of the fiscal year given to the end of each month, 0 to 1."""
        calendar = self.calendars[row]
        return tuple(calendar.share_given(month) for month in self.schedule.months)

    def part_of_month(self, yearly: Ints) -> Ints:
        """What this month brings of counties' amounts for the fiscal year, (counties,).

        Each county's money comes when its own amounts say; its months bring the whole.
        """
        now, found = self.schedule.place, np.zeros(self.counties, np.int64)
        for row in self.calendars:
            shares = self.shares_given(row)
            before = shares[now - 1] if now else Fraction(0)
            own = yearly[row : row + 1]
            found[row] = (times(own, shares[now]) - times(own, before))[0]
        return found


def times(yuan: Ints, share: Fraction) -> Ints:
    """Whole yuan of a share (0 to 1) of amounts, rounded down; exact, of their shape."""
    n, d = share.numerator, share.denominator
    if n * int(yuan.max(initial=0)) < _MOST:
        return yuan * n // d
    exact = yuan.astype(object) * n // d  # whole numbers of any size
    return exact.astype(np.int64)
