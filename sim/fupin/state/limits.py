"""Why money stays unspent: for every programme, county and month the limit that bound.

A programme delivers min(cash, places, need, eligible). Where money is left in a county at a
month's end, the smallest of these is the limit that bound: programmes say it while they act, the
last one said in a month counts. At the fiscal year's end what is left returns; it is unspent for
the limit of the last month in which the programme was at work there. Money that never reached a
county is unspent for a limit of its own. Principal that borrowers pay back and a bank takes home is
no budget, and so not unspent. So, for each programme, yuan unspent by limit sum to what is unspent
in its accounts (`fupin.results.money`), exactly.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from fupin.state.ledger import Counties, Ledger

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]


class Limit(IntEnum):
    """What bound; the name in lower case stands in tables."""

    NONE = 0  # no money was left
    CASH = 1  # what is left pays for no further whole unit
    PLACES = 2  # offices, classes or banks could begin no more in the month
    NEED = 3  # nothing is left to do: all villages served, all works built
    ELIGIBLE = 4  # nobody who may have it, or wants it, is left
    MONTH = 5  # not a month of the programme's activity
    LIST = 6  # no village on the list in the counties served
    CLAIM = 7  # an enterprise realised less than it claimed
    OFFICERS = 8  # officers stand surety for as many loans as they may
    FINISHED = 9  # the list is finished: the plan of every listed village is paid in full
    CAPS = 10  # the most that a county may get, by the plan's rule, is less than its part


NO_COUNTY = -1
"""Stands for a county in rows of money that never reached one."""

NO_COUNT = -1
"""Stands for a number of places where a programme counts none."""


class Limits:
    """The limits of a plan, in programmes, counties and months of a ledger.

    Args:
        programmes: number of programmes.
        counties: number of counties.
        months: number of months of the period.

    Attributes:
        bound: codes of `Limit`, (programmes, counties, months); NONE where no money was left.
        unreleased: yuan of budgets that had reached no county when their fiscal year ended,
            (programmes, months), in the month in which it ended.
        taken_home: yuan that came back from borrowers and left for their bank, (programmes,
            months); they returned, and are not unspent.
        places: units of which a programme could begin so many in the month, (programmes, months);
            -1 where it does not count any.
        at_work: whether a programme was active, (programmes, months).
    """

    def __init__(self, programmes: int, counties: int, months: int) -> None:
        shape = (programmes, counties)
        self.bound: Codes = np.zeros((*shape, months), np.int8)
        self.unreleased: Ints = np.zeros((programmes, months), np.int64)
        self.taken_home: Ints = np.zeros((programmes, months), np.int64)
        self.places: Ints = np.full((programmes, months), NO_COUNT)
        self.at_work = np.zeros((programmes, months), np.bool_)
        self._said: Codes = np.zeros(shape, np.int8)  # this month
        self._why: Codes = np.zeros(shape, np.int8)  # of the last month at work, this year
        self._taken_home: Ints = np.zeros(shape, np.int64)  # this month
        self._unreleased: list[tuple[int, int, Limit, int]] = []  # this month
        # Columns of rows: programme, county, month, limit, yuan left, yuan unspent.
        self._rows: list[Ints] = []

    # -- what programmes say ------------------------------------------------------------------

    def say(self, programme: int, counties: Counties, limit: Limit) -> None:
        """This limit binds in some counties this month; it takes the place of one said before."""
        self._said[programme, counties] = limit

    def take_home(self, programme: int, county: Ints, yuan: Ints) -> None:
        """Of what returns this month, `yuan` by county row are repaid loans of a bank."""
        np.add.at(self._taken_home[programme], county, yuan)

    def never_released(
        self, programme: int, yuan: int, limit: Limit, county: int = NO_COUNTY
    ) -> None:
        """Yuan of the fiscal year's budget that reached no county, or not the one meant."""
        self._unreleased.append((programme, county, limit, yuan))

    # -- the end of a month -------------------------------------------------------------------

    def close_month(self, ledger: Ledger, in_hand: Ints, at_work: npt.NDArray[np.bool_]) -> None:
        """Record the month that is still open in the ledger, after anything was returned.

        Args:
            ledger: the accounts.
            in_hand: cash of the offices, (programmes, counties).
            at_work: whether each programme is active this month, (programmes,).
        """
        month = ledger.month
        returned = ledger.returned[:, :, month] - self._taken_home
        left = in_hand + returned
        idle = np.where(at_work, Limit.CASH, Limit.MONTH).astype(np.int8)[:, None]
        code = np.where(self._said > 0, self._said, idle)
        code = np.where(left > 0, code, np.int8(Limit.NONE))
        self.bound[:, :, month] = code
        # After its months of activity a programme's money is idle for what bound it before.
        keeps = ~at_work[:, None] & (self._why > 0)
        self._why = np.where((left > 0) & keeps, self._why, code)
        self._add(month, code, left, np.where(self._why == code, returned, 0))
        self._add(month, self._why, np.zeros_like(left), np.where(self._why != code, returned, 0))
        for programme, county, limit, yuan_unspent in self._unreleased:
            self.unreleased[programme, month] += yuan_unspent
            row = (programme, county, month, limit, 0, yuan_unspent)
            self._rows.append(np.array(row, np.int64)[:, None])
        self.taken_home[:, month] = self._taken_home.sum(axis=1)
        self.at_work[:, month] = at_work
        self._said[:] = Limit.NONE
        self._why[in_hand <= 0] = Limit.NONE
        self._taken_home[:] = 0
        self._unreleased = []

    def _add(self, month: int, code: Codes, left: Ints, unspent: Ints) -> None:
        programme, county = np.nonzero((left > 0) | (unspent > 0))
        columns = (programme, county, np.full(programme.size, month), *(
            column[programme, county].astype(np.int64) for column in (code, left, unspent)
        ))  # fmt: skip
        self._rows.append(np.stack(columns))

    @property
    def unspent_at_all(self) -> bool:
        """True where any money has become unspent so far."""
        return any(rows[-1].any() for rows in self._rows)

    # -- questions ----------------------------------------------------------------------------

    def table(self) -> dict[str, Ints]:
        """Rows where money was left or became unspent, by programme, county, month and limit.

        Columns: indexes `programme`, `county` (NO_COUNTY where it never reached one) and `month`;
        `limit`; `left`, yuan in hand at the month's end before anything returned; `unspent`, yuan
        that became unspent in the month.
        """
        names = ("programme", "county", "month", "limit", "left", "unspent")
        rows = np.concatenate([np.zeros((len(names), 0), np.int64), *self._rows], axis=1)
        return dict(zip(names, rows[:, np.lexsort(rows[3::-1])], strict=True))

    def by_programme(self) -> dict[str, Ints]:
        """Rows by programme, month and limit, over all counties.

        Every month of activity has a row, of NONE where no money was left anywhere. Columns:
        indexes `programme` and `month`; `limit`; `counties` in which it bound; `left`, yuan in
        hand there at the month's end; `places` of the month, NO_COUNT where none are counted.
        """
        rows, kinds = self.table(), len(Limit)
        lived = self.at_work.shape[1]
        key = (rows["programme"] * lived + rows["month"]) * kinds + rows["limit"]
        held = rows["left"] > 0
        counties, left = np.zeros((2, self.at_work.size * kinds), np.int64)
        np.add.at(counties, key[held], 1)
        np.add.at(left, key[held], rows["left"][held])
        idle = np.zeros((self.at_work.size, kinds), np.bool_)
        idle[:, Limit.NONE] = self.at_work.ravel()
        idle &= (counties.reshape(idle.shape) == 0).all(axis=1)[:, None]
        found = np.flatnonzero((counties > 0) | idle.ravel())
        cell = found // kinds
        return {
            "programme": cell // lived,
            "month": cell % lived,
            "limit": found % kinds,
            "counties": counties[found],
            "left": left[found],
            "places": self.places.ravel()[cell],
        }

    def unspent(self, programme: int) -> dict[Limit, int]:
        """Yuan of a programme that stayed unspent, by limit; limits without any are left out."""
        rows = self.table()
        here = rows["programme"] == programme
        yuan = np.bincount(rows["limit"][here], weights=rows["unspent"][here], minlength=len(Limit))
        return {limit: round(yuan[limit]) for limit in Limit if yuan[limit]}
