"""Loans to households, whoever lends: one row a loan, instalments out of liquid savings.

A loan buys productive assets with a share and tops up savings with the rest. It is repaid in equal
monthly instalments, or in one sum at the end, with simple interest on the principal each month.
A household pays as far as its savings above the informal credit limit go. At the end of the term
it may also sell a part of its productive assets (the livestock that the loan bought). What it
cannot pay its group covers, as far as their savings go. What is still owed then is a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.kernels import columns
from sim.kernels.jit import kernel
from sim.kernels.words import f32

if TYPE_CHECKING:
    from sim.model import PovertyModel

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_COLUMNS = ("borrower", "group", "issued", "principal", "owed")


LEAST_ASSETS = f32(0.05)
"""Of the reference stock: a household never sells its last tools."""


class Terms(NamedTuple):
    """Conditions of all loans of a book."""

    months: int
    interest_year: float  # of the principal, simple
    lump_sum: bool  # principal in one sum at the end
    invested_share: float  # of the loan that buys productive assets
    sale_share: float = 0.0  # of the borrower's assets that go to pay what is owed at the end
    sale_price: float = 1.0  # what a forced sale brings, of their worth


class Collected(NamedTuple):
    """What a month brought, one entry a loan; yuan of one household, weights not applied."""

    borrower: Ints
    repaid: Ints  # principal
    interest: Ints
    defaulted: Ints  # principal written off
    fallen_due: Ints  # principal that fell due this month


class LoanBook:
    """Outstanding loans of one lender.

    Attributes:
        borrower: household row of each loan.
        group: number of its joint-liability group; loans of one group help each other.
        issued: month index.
        principal, owed: yuan lent, and of it not yet repaid.
    """

    def __init__(self, model: PovertyModel, terms: Terms) -> None:
        self.model = model
        self.terms = terms
        for name in _COLUMNS:
            setattr(self, name, np.zeros(0, np.int64))
        self._next_group = 0
        # Memory that nobody writes to is never taken: a byte for each household costs nothing.
        self._borrows = np.zeros(model.households.size.size, np.bool_)

    borrower: Ints
    group: Ints
    issued: Ints
    principal: Ints
    owed: Ints

    def issue(self, rows: Ints, yuan: Ints, group_size: int = 1) -> None:
        """Lend `yuan` to household rows; consecutive rows form groups of `group_size`."""
        numbers = np.arange(rows.size) // group_size
        self.carry(rows, yuan, np.full(rows.size, self.model.today), numbers)
        self.hand_out(rows, yuan)

    def carry(self, rows: Ints, yuan: Ints, issued: Ints, groups: Ints | None = None) -> None:
        """Enter loans and nothing else: what they bought is already part of the households.

        Args:
            rows: households.
            yuan: principal, all of it owed.
            issued: month index of each loan.
            groups: numbers from 0 of joint-liability groups; None is each for itself.
        """
        groups = np.arange(rows.size) if groups is None else groups
        new = (rows, self._next_group + groups, issued, yuan, yuan)
        self._next_group += int(groups.max(initial=-1)) + 1
        for name, values in zip(_COLUMNS, new, strict=True):
            joined = np.concatenate([getattr(self, name), np.asarray(values, np.int64)])
            setattr(self, name, joined)
        self._borrows[rows] = True

    def hand_out(self, rows: Ints, yuan: Ints) -> None:
        """Households get the money: a part buys assets, the rest is saved. Each row once."""
        years = (yuan / self.yuan_a_year(rows)).astype(np.float32)
        invested = f32(self.terms.invested_share) * years
        self.model.households.savings[rows] += years - invested
        buy_assets(self.model, rows, invested)

    def collect(self) -> Collected:
        """This month's payments; loans that are over leave the book."""
        terms = self.terms
        rows, age = self.borrower, self.model.today - self.issued
        ended = age >= terms.months
        scheduled = self._scheduled(self.model.today)
        due = scheduled - (
            self.principal - self.owed
        )  # this month's instalment and what is overdue
        fallen_due = scheduled - self._scheduled(self.model.today - 1)
        interest = np.rint(terms.interest_year / 12.0 * self.principal * (age > 0))
        paid = self._paid_with_help(due + interest, ended)
        # A millionth more: sums of fractions must not make a whole yuan overdue.
        principal = np.floor(np.maximum(paid - interest, 0.0) + 1e-6).astype(np.int64)
        repaid = np.minimum(principal, due)
        self.owed = self.owed - repaid
        defaulted = np.where(ended, self.owed, 0)
        interest_paid = np.floor(np.minimum(paid, interest)).astype(np.int64)
        collected = Collected(rows, repaid, interest_paid, defaulted, fallen_due)
        over = ended | (self.owed <= 0)
        self._borrows[rows[over]] = False
        for name in _COLUMNS:
            setattr(self, name, getattr(self, name)[~over])
        self._borrows[self.borrower] = True  # who had two loans may still have one
        return collected

    def arrears(self) -> Ints:
        """Yuan of principal of each loan that had fallen due by last month and is still owed."""
        return self._scheduled(self.model.today - 1) - (self.principal - self.owed)

    def _scheduled(self, month: int) -> Ints:
        """Yuan of principal that have fallen due on each loan by the end of a month."""
        age = month - self.issued
        if self.terms.lump_sum:
            return np.where(age >= self.terms.months, self.principal, 0)
        instalment = -(-self.principal // self.terms.months)
        return np.minimum(self.principal, instalment * np.maximum(age, 0))

    def _paid_with_help(self, wanted: Floats, ended: npt.NDArray[np.bool_]) -> Floats:
        """Yuan paid on each loan, own and the group's; savings fall by what each household pays."""
        h, rows = self.model.households, self.borrower
        a_year = self.yuan_a_year(rows)
        able = np.empty(rows.size, np.float64)
        _yuan_in_reach(h.savings, float(self.model.rates.credit_limit), a_year, rows, able)
        own = np.minimum(wanted, able)
        sold = self._sold(np.where(ended, wanted - own, 0.0), a_year)
        short, spare = wanted - own - sold, able - own
        group = self.group - (self.group.min() if self.group.size else 0)
        gap, room = np.bincount(group, weights=short), np.bincount(group, weights=spare)
        helped = np.minimum(gap, room)[group]
        gives = np.divide(spare * helped, room[group], out=np.zeros_like(own), where=spare > 0)
        takes = np.divide(short * helped, gap[group], out=np.zeros_like(own), where=short > 0)
        _pay(h.savings, rows, own + gives, a_year)
        return own + sold + takes

    def _sold(self, wanted: Floats, a_year: Floats) -> Floats:
        """Yuan from sales of assets towards what is wanted; a household has one loan of a book."""
        terms, model = self.terms, self.model
        seller = np.flatnonzero(wanted > 0.0)
        sold = np.zeros(wanted.size)
        if terms.sale_share == 0.0 or seller.size == 0:
            return sold
        rows = self.borrower[seller]
        owned = model.households.assets[rows].astype(np.float64) * model.rates.asset_ratio
        worth = owned * a_year[seller] * terms.sale_price
        sold[seller] = np.minimum(wanted[seller], terms.sale_share * worth)
        buy_assets(model, rows, (-owned * sold[seller] / worth).astype(np.float32))
        return sold

    def yuan_a_year(self, rows: Ints) -> Floats:
        """Yuan of one year of a household's reference income."""
        h = self.model.households
        out = np.empty(rows.size, np.float64)
        _yuan_a_year(h.size, h.base, self.model.level, rows, out)
        return out

    def borrows(self) -> npt.NDArray[np.bool_]:
        """Which households owe this lender, (N,), as the book stands now."""
        return self._borrows


@kernel
def _yuan_a_year(size, base, level, rows, out):  # type: ignore[no-untyped-def]
    for k in range(rows.size):
        out[k] = np.float64(size[rows[k]]) * level * np.float64(base[rows[k]])


@kernel
def _yuan_in_reach(savings, credit_limit, a_year, rows, out):  # type: ignore[no-untyped-def]
    for k in range(rows.size):
        out[k] = max((np.float64(savings[rows[k]]) + credit_limit) * a_year[k], 0.0)


@kernel
def _pay(savings, rows, yuan, a_year):  # type: ignore[no-untyped-def]
    for k in range(rows.size):  # a household may stand there twice
        savings[rows[k]] -= f32(yuan[k] / a_year[k])


def buy_assets(model: PovertyModel, rows: Ints, years: npt.NDArray[np.float32]) -> None:
    """Households get productive assets worth `years` of their reference income (or lose them).

    Income rises at once by what they yield; later `invest` runs down what exceeds the reference.
    Each household may stand in `rows` once.
    """
    h = model.households
    before = h.assets[rows]
    after = np.maximum(before + years / model.rates.asset_ratio, LEAST_ASSETS)
    h.assets[rows] = after
    h.flow[rows] *= columns.exp(model.rates.asset_elasticity * columns.log(after / before))
