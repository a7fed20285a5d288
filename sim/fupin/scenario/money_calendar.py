"""When a programme acts and how much money each month brings: the one place where that is decided.

Amounts are for the time that they are written for, and no yuan is given twice:

* an amount with a year, a quarter or a month is for its months. What of them lies outside the
  period is not given (`outside`). The rest is given evenly in those months in which the programme
  acts; where it acts in none of them nothing is given (`idle`).
* one plain amount is yuan a fiscal year. A programme that acts within one year alone has all that
  the period has of it, in however few months; one that acts in several has a twelfth for each
  month.

Everything is whole yuan, and the months of an amount sum to what is given of it. In a fiscal year
without money a programme does not act, and not before the first money of the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from fupin.scenario.county_money import Amounts, CountyMoney
from fupin.scenario.months import Month
from fupin.scenario.spans import Key, Span, fiscal_year, fiscal_year_of, span_of

if TYPE_CHECKING:
    from fupin.scenario.schema import Period


class Piece(NamedTuple):
    """Money that is given evenly over some months of one fiscal year.

    Attributes:
        months: their indexes, ascending.
        yuan: of all of them.
    """

    months: tuple[int, ...]
    yuan: int

    def until(self, month: int) -> int:
        """Yuan given to the end of a month."""
        passed = sum(each <= month for each in self.months)
        return self.yuan * passed // len(self.months)


@dataclass(frozen=True)
class MoneyCalendar:
    """The months of a programme and their money.

    Attributes:
        starts: month (1 to 12) in which fiscal years begin.
        months: indexes of the months in which it acts, ascending: those of the period from `from`
            to `to`, from the first money of each fiscal year on.
        pieces: money, in order of time; none reaches over the end of a fiscal year.
        outside: time that an amount is written for -> yuan of it that lie outside the period.
        idle: the same of amounts in whose months the programme never acts.
    """

    starts: int
    months: tuple[int, ...]
    pieces: tuple[Piece, ...]
    outside: Mapping[Key, int]
    idle: Mapping[Key, int]

    @cached_property
    def by_month(self) -> dict[int, int]:
        """Yuan of each month that has any, by its index."""
        found: dict[int, int] = {}
        for piece in self.pieces:
            given = 0
            for month in piece.months:
                until = piece.until(month)
                found[month] = found.get(month, 0) + until - given
                given = until
        return {month: found[month] for month in sorted(found) if found[month]}

    @property
    def total(self) -> int:
        """Yuan of all months."""
        return sum(piece.yuan for piece in self.pieces)

    def in_year(self, year: int) -> int:
        """Yuan of the months of a calendar year."""
        return sum(yuan for month, yuan in self.by_month.items() if month // 12 == year)

    def year_of(self, month: int) -> int:
        """The fiscal year of a month, by the calendar year in which it begins."""
        return fiscal_year_of(month, self.starts)

    def in_fiscal_year(self, year: int) -> int:
        """Yuan of a fiscal year."""
        return sum(p.yuan for p in self.pieces if self.year_of(p.months[0]) == year)

    @cached_property
    def _known(self) -> dict[tuple[str, int], Any]:
        # Answers given before: programmes ask the same of a month several hundred times.
        return {}

    def months_in(self, year: int) -> tuple[int, ...]:
        """Indexes of the months of a fiscal year in which the programme acts."""
        if ("months", year) not in self._known:
            span = fiscal_year(year, self.starts)
            self._known["months", year] = tuple(
                month for month in self.months if span.first <= month < span.after
            )
        months: tuple[int, ...] = self._known["months", year]
        return months

    def share_given(self, month: int) -> Fraction:
        """Part of the money of its fiscal year that is given to the end of a month, 0 to 1."""
        if ("share", month) not in self._known:
            self._known["share", month] = self._share_given(month)
        share: Fraction = self._known["share", month]
        return share

    def _share_given(self, month: int) -> Fraction:
        pieces = [p for p in self.pieces if self.year_of(p.months[0]) == self.year_of(month)]
        total = sum(piece.yuan for piece in pieces)
        if not total:
            return Fraction(0)
        given = [
            Fraction(p.yuan * sum(each <= month for each in p.months), len(p.months))
            for p in pieces
        ]
        return sum(given, Fraction(0)) / total


def calendar_of(
    budget: Amounts | CountyMoney,
    begins: Month | None,
    ends: Month | None,
    period: Period,
    starts: int,
) -> MoneyCalendar:
    """The months and the money of a programme.

    Args:
        budget: as it is written; of money by county the sum of the counties' calendars.
        begins, ends: its `from` and `to`.
        period: the months in which programmes have money.
        starts: month (1 to 12) in which fiscal years begin.
    """
    if isinstance(budget, CountyMoney):
        return _together(
            [calendar_of(yuan, begins, ends, period, starts) for yuan in budget.counties.values()],
            starts,
        )
    whole = Span(period.start.index, period.end.index + 1 - period.start.index)
    first = max(whole.first, whole.first if begins is None else begins.index)
    after = min(whole.after, whole.after if ends is None else ends.index + 1)
    acting = Span(first, max(after - first, 0))
    years = range(fiscal_year_of(whole.first, starts), fiscal_year_of(whole.after - 1, starts) + 1)
    plain = isinstance(budget, int)
    written: dict[Key, int] = dict.fromkeys(years, budget) if isinstance(budget, int) else budget
    several = acting.months > 0 and (
        fiscal_year_of(acting.first, starts) != fiscal_year_of(acting.after - 1, starts)
    )
    pieces: list[Piece] = []
    outside: dict[Key, int] = {}
    idle: dict[Key, int] = {}
    for key, yuan in written.items():
        span = span_of(key, starts)
        held = span.common(acting if plain and several else whole)
        given = _of_months(yuan, span, held)
        if given < yuan and not plain:
            outside[key] = yuan - given
        active = span.common(acting)
        if active.months:
            pieces += _by_fiscal_year(active, given, starts)
        elif given and not plain:
            idle[key] = given
    pieces.sort()
    return MoneyCalendar(starts, _at_work(acting, pieces, starts), tuple(pieces), outside, idle)


def _together(calendars: Iterable[MoneyCalendar], starts: int) -> MoneyCalendar:
    """The calendar of several counties: each piece and each lost amount is summed exactly."""
    months: set[int] = set()
    pieces: dict[tuple[int, ...], int] = {}
    outside: dict[Key, int] = {}
    idle: dict[Key, int] = {}
    for calendar in calendars:
        months |= set(calendar.months)
        for piece in calendar.pieces:
            pieces[piece.months] = pieces.get(piece.months, 0) + piece.yuan
        for sums, own in ((outside, calendar.outside), (idle, calendar.idle)):
            for key, yuan in own.items():
                sums[key] = sums.get(key, 0) + yuan
    summed = sorted(Piece(each, yuan) for each, yuan in pieces.items())
    return MoneyCalendar(starts, tuple(sorted(months)), tuple(summed), outside, idle)


def _of_months(yuan: int, span: Span, held: Span) -> int:
    """Of an amount for the months of `span`, what those of `held`, which lie in it, bring."""
    if not held.months:
        return 0
    before = held.first - span.first
    return yuan * (before + held.months) // span.months - yuan * before // span.months


def _by_fiscal_year(active: Span, yuan: int, starts: int) -> Iterable[Piece]:
    """Money of some months, cut where a fiscal year ends."""
    months = range(active.first, active.after)
    for year in dict.fromkeys(fiscal_year_of(month, starts) for month in months):
        here = active.common(fiscal_year(year, starts))
        part = _of_months(yuan, active, here)
        if part:
            yield Piece(tuple(range(here.first, here.after)), part)


def _at_work(acting: Span, pieces: Iterable[Piece], starts: int) -> tuple[int, ...]:
    """Months in which the programme acts: from the first money of each fiscal year to its end."""
    begins: dict[int, int] = {}
    for piece in pieces:  # in order of time
        begins.setdefault(fiscal_year_of(piece.months[0], starts), piece.months[0])
    months = range(acting.first, acting.after)
    return tuple(m for m in months if m >= begins.get(fiscal_year_of(m, starts), m + 1))
