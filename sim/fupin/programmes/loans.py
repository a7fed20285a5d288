"""Loans to households, whoever lends: one row a loan, instalments out of liquid savings.

A loan buys productive assets with a share and tops up savings with the rest. What it buys is the
same good as assets that are given: it yields after a lag, may fail, and brings one household more
than another (`asset_projects.py`). It is repaid in equal monthly instalments, or in one sum at the
end, with simple interest on the principal each month. Interest is a cost of the year and lowers
income; an instalment takes cash and no income. A household pays as far as its savings above the
informal credit limit go. At the end of the term it may also sell a part of its productive assets
(the livestock that the loan bought). What it cannot pay its group covers, as far as their savings
go. What is still owed then is a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.kernels.jit import kernel
from fupin.kernels.words import f32
from fupin.programmes.asset_projects import AssetProjects, buy_assets
from fupin.world.world import World

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_COLUMNS = ("borrower", "stands_for", "group", "issued", "principal", "owed")


class Terms(NamedTuple):
    """Conditions of all loans of a book."""

    months: int
    interest_year: float  # of the principal, simple
    lump_sum: bool  # principal in one sum at the end
    invested_share: float  # of the loan that buys productive assets
    sale_share: float = 0.0  # of the borrower's assets that go to pay what is owed at the end
    sale_price: float = 1.0  # what a forced sale brings, of their worth


class Collected(NamedTuple):
    """What a month brought, one entry a loan; yuan of one loan, weights not applied."""

    borrower: Ints
    stands_for: Ints  # loans
    repaid: Ints  # principal
    interest: Ints
    defaulted: Ints  # principal written off
    fallen_due: Ints  # principal that fell due this month


class LoanBook:
    """Outstanding loans of one lender.

    Args:
        world: where it lends.
        terms: conditions of all its loans.
        bought: projects of the lender, where assets go that its loans buy.

    Attributes:
        borrower: household row of each loan.
        stands_for: loans of the province that each stands for.
        group: number of its joint-liability group; loans of one group help each other.
        issued: month index.
        principal, owed: yuan lent, and of it not yet repaid.
    """

    def __init__(self, world: World, terms: Terms, bought: AssetProjects) -> None:
        self.world, self._bought = world, bought
        self.terms = terms
        for name in _COLUMNS:
            setattr(self, name, np.zeros(0, np.int64))
        self._next_group = 0
        # Memory that nobody writes to is never taken: a byte for each household costs nothing.
        self._borrows = np.zeros(world.households.size.size, np.bool_)

    borrower: Ints
    stands_for: Ints
    group: Ints
    issued: Ints
    principal: Ints
    owed: Ints

    def issue(
        self, rows: Ints, yuan: Ints, group_size: int = 1, stands_for: Ints | None = None
    ) -> None:
        """Lend `yuan` to household rows; consecutive rows form groups of `group_size`.

        Args:
            stands_for: loans that each is in the accounts; as many as households if not given.
        """
        numbers = np.arange(rows.size) // group_size
        self.carry(rows, yuan, np.full(rows.size, self.world.clock.today), numbers, stands_for)
        self.hand_out(rows, yuan)

    def carry(
        self,
        rows: Ints,
        yuan: Ints,
        issued: Ints,
        groups: Ints | None = None,
        stands_for: Ints | None = None,
    ) -> None:
        """Enter loans and nothing else: what they bought is already part of the households.

        Args:
            rows: households.
            yuan: principal, all of it owed.
            issued: month index of each loan.
            groups: numbers from 0 of joint-liability groups; None is each for itself.
            stands_for: loans that each is in the accounts; as many as households if not given.
        """
        groups = np.arange(rows.size) if groups is None else groups
        if stands_for is None:
            stands_for = self.world.villages.weight[self.world.villages.of_household[rows]]
        new = (rows, stands_for, self._next_group + groups, issued, yuan, yuan)
        self._next_group += int(groups.max(initial=-1)) + 1
        for name, values in zip(_COLUMNS, new, strict=True):
            joined = np.concatenate([getattr(self, name), np.asarray(values, np.int64)])
            setattr(self, name, joined)
        self._borrows[rows] = True

    def hand_out(self, rows: Ints, yuan: Ints) -> None:
        """Households get the money: a part buys assets, the rest is saved. Each row once."""
        share = self.terms.invested_share
        saved = (1.0 - share) * yuan / self.yuan_a_year(rows)
        self.world.households.reserve[rows] += saved.astype(np.float32)
        self._bought.begin(rows, share * yuan)

    def collect(self) -> Collected:
        """This month's payments; loans that are over leave the book."""
        terms, h, rows = self.terms, self.world.households, self.borrower
        age = self.world.clock.today - self.issued
        ended = age >= terms.months
        scheduled = self._scheduled(self.world.clock.today)
        fallen_due = scheduled - self._scheduled(self.world.clock.today - 1)
        a_year = self.yuan_a_year(rows)
        due, interest, able, own = (np.empty(rows.size, kind) for kind in (np.int64, *3 * [float]))
        _pay_own(
            scheduled, self.principal, self.owed, age, terms.interest_year / 12.0,
            self.world.savings_of(rows), float(self.world.rates.credit_limit), a_year,
            due, interest, able, own,
        )  # fmt: skip
        sold = self._sold(np.where(ended, due + interest - own, 0.0), a_year)
        first = self.group.min() if rows.size else 0
        groups = int(self.group.max() - first) + 1 if rows.size else 0
        repaid, interest_paid = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64)
        _help_and_settle(
            due, interest, able, own, sold, self.group - first, np.zeros(groups),
            np.zeros(groups), h.reserve, h.earned, a_year, rows, repaid, interest_paid,
        )  # fmt: skip
        self.owed = self.owed - repaid
        defaulted = np.where(ended, self.owed, 0)
        collected = Collected(rows, self.stands_for, repaid, interest_paid, defaulted, fallen_due)
        over = ended | (self.owed <= 0)
        self._borrows[rows[over]] = False
        for name in _COLUMNS:
            setattr(self, name, getattr(self, name)[~over])
        self._borrows[self.borrower] = True  # who had two loans may still have one
        return collected

    def arrears(self) -> Ints:
        """Yuan of principal of each loan that had fallen due by last month and is still owed."""
        return self._scheduled(self.world.clock.today - 1) - (self.principal - self.owed)

    def _scheduled(self, month: int) -> Ints:
        """Yuan of principal that have fallen due on each loan by the end of a month."""
        age = month - self.issued
        if self.terms.lump_sum:
            return np.where(age >= self.terms.months, self.principal, 0)
        instalment = -(-self.principal // self.terms.months)
        return np.minimum(self.principal, instalment * np.maximum(age, 0))

    def _sold(self, wanted: Floats, a_year: Floats) -> Floats:
        """Yuan from sales of assets towards what is wanted; a household has one loan of a book."""
        terms, world = self.terms, self.world
        seller = np.flatnonzero(wanted > 0.0)
        sold = np.zeros(wanted.size)
        if terms.sale_share == 0.0 or seller.size == 0:
            return sold
        rows = self.borrower[seller]
        owned = world.households.assets[rows].astype(np.float64) * world.rates.asset_ratio
        worth = owned * a_year[seller] * terms.sale_price
        sold[seller] = np.minimum(wanted[seller], terms.sale_share * worth)
        buy_assets(world, rows, (-owned * sold[seller] / worth).astype(np.float32))
        return sold

    def yuan_a_year(self, rows: Ints) -> Floats:
        """Yuan of one year of a household's reference income."""
        h = self.world.households
        out = np.empty(rows.size, np.float64)
        _yuan_a_year(h.size, h.base, self.world.level_of_money, rows, out)
        return out

    def out_by_county(self) -> Ints:
        """Yuan owed on loans out since an earlier month, weights applied, (counties,)."""
        world = self.world
        village = world.villages.of_household[self.borrower]
        yuan = self.owed * (self.issued < world.clock.today) * self.stands_for
        total = np.zeros(world.counties, np.int64)
        np.add.at(total, np.asarray(world.frame.villages.county)[village], yuan)
        return total

    def held_by(self, row: int) -> dict[str, float]:
        """Loans of a household row: yuan of principal owed, and how many."""
        ours = self.borrower == row
        return {"owed": float(self.owed[ours].sum()), "lent": float(ours.sum())}

    def borrows(self) -> npt.NDArray[np.bool_]:
        """Which households owe this lender, (N,), as the book stands now."""
        return self._borrows


def charge_lending(lender: Programme[Any], lent: Ints, running_cost: str) -> None:
    """Enter what a month of money out on loan costs, whoever its lender is.

    Interest runs from the month after a loan, and so does this.

    Args:
        lender: whose account it is.
        lent: yuan out since an earlier month, by county, (counties,).
        running_cost: parameter `costs.<name>`, the lender's own cost.
    """
    values = lender.world.values
    capital, running = (
        np.rint(values[f"costs.{name}"] / 12.0 * lent).astype(np.int64)
        for name in ("opportunity_rate", running_cost)
    )
    lender.world.ledger.charge_lending(lender.index, slice(None), capital, running)


@kernel
def _yuan_a_year(size, base, level, rows, out):  # type: ignore[no-untyped-def]
    for k in range(rows.size):
        out[k] = np.float64(size[rows[k]]) * level * np.float64(base[rows[k]])


@kernel
def _pay_own(  # type: ignore[no-untyped-def]
    scheduled, principal, owed, age, rate, savings, credit_limit, a_year,
    due, interest, able, own,
):  # fmt: skip
    # What is due, yuan in reach above the credit limit, and what each pays of its own.
    for k in range(due.size):
        due[k] = scheduled[k] - (principal[k] - owed[k])  # the instalment and what is overdue
        interest[k] = np.rint(rate * principal[k]) if age[k] > 0 else 0.0
        able[k] = max((np.float64(savings[k]) + credit_limit) * a_year[k], 0.0)
        own[k] = min(due[k] + interest[k], able[k])


@kernel
def _help_and_settle(  # type: ignore[no-untyped-def]
    due, interest, able, own, sold, group, gap, room, reserve, earned, a_year, rows,
    repaid, interest_paid,
):  # fmt: skip
    # A group covers what its members lack as far as the others can: `gap` and `room` are sums.
    for k in range(rows.size):
        gap[group[k]] += due[k] + interest[k] - own[k] - sold[k]
        room[group[k]] += able[k] - own[k]
    for k in range(rows.size):
        short, spare = due[k] + interest[k] - own[k] - sold[k], able[k] - own[k]
        helped = min(gap[group[k]], room[group[k]])
        gives = spare * helped / room[group[k]] if spare > 0.0 else 0.0
        takes = short * helped / gap[group[k]] if short > 0.0 else 0.0
        # Interest that the borrower bears is a cost of the year, whether it comes out of savings
        # or of a sale; principal, and what is given to neighbours, are cash. A row may stand twice.
        cost = min(own[k] + sold[k], interest[k])
        earned[rows[k]] -= f32(cost / a_year[k])
        reserve[rows[k]] -= f32((own[k] + gives - cost) / a_year[k])
        paid = own[k] + sold[k] + takes
        # A millionth more: sums of fractions must not make a whole yuan overdue.
        principal = np.int64(np.floor(max(paid - interest[k], 0.0) + 1e-6))
        repaid[k] = min(principal, due[k])
        interest_paid[k] = np.int64(np.floor(min(paid, interest[k])))
