"""Loans to households, whoever lends: one row a loan, instalments out of liquid savings.

A loan buys productive assets with a share and tops up savings with the rest. It is repaid in equal
monthly instalments, or in one sum at the end, with simple interest on the principal each month.
A household pays as far as its savings above the informal credit limit go. What it cannot pay its
group covers, as far as their savings go. What is still owed at the end of the term is a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.kernels import columns
from sim.kernels.words import f32

if TYPE_CHECKING:
    from sim.model import PovertyModel

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_COLUMNS = ("borrower", "group", "issued", "principal", "owed")


class Terms(NamedTuple):
    """Conditions of all loans of a book."""

    months: int
    interest_year: float  # of the principal, simple
    lump_sum: bool  # principal in one sum at the end
    invested_share: float  # of the loan that buys productive assets


class Collected(NamedTuple):
    """What a month brought, one entry a loan; yuan of one household, weights not applied."""

    borrower: Ints
    repaid: Ints  # principal
    interest: Ints
    defaulted: Ints  # principal written off


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

    borrower: Ints
    group: Ints
    issued: Ints
    principal: Ints
    owed: Ints

    def issue(self, rows: Ints, yuan: Ints, group_size: int = 1) -> None:
        """Lend `yuan` to household rows; consecutive rows form groups of `group_size`."""
        numbers = self._next_group + np.arange(rows.size) // group_size
        self._next_group += -(-rows.size // group_size)
        new = (rows, numbers, np.full(rows.size, self.model.today), yuan, yuan)
        for name, values in zip(_COLUMNS, new, strict=True):
            joined = np.concatenate([getattr(self, name), np.asarray(values, np.int64)])
            setattr(self, name, joined)
        years = (yuan / self.yuan_a_year(rows)).astype(np.float32)
        invested = f32(self.terms.invested_share) * years
        self.model.households.savings[rows] += years - invested
        buy_assets(self.model, rows, invested)

    def collect(self) -> Collected:
        """This month's payments; loans that are over leave the book."""
        terms = self.terms
        rows, age = self.borrower, self.model.today - self.issued
        ended = age >= terms.months
        instalment = 0 if terms.lump_sum else -(-self.principal // terms.months)
        due = np.where(ended, self.owed, np.minimum(self.owed, instalment)) * (age > 0)
        interest = np.rint(terms.interest_year / 12.0 * self.principal * (age > 0))
        paid = self._paid_with_help(due + interest)
        repaid = np.minimum(np.floor(np.maximum(paid - interest, 0.0)), due).astype(np.int64)
        self.owed = self.owed - repaid
        defaulted = np.where(ended, self.owed, 0)
        collected = Collected(
            rows, repaid, np.floor(np.minimum(paid, interest)).astype(np.int64), defaulted
        )
        over = ended | (self.owed <= 0)
        for name in _COLUMNS:
            setattr(self, name, getattr(self, name)[~over])
        return collected

    def _paid_with_help(self, wanted: Floats) -> Floats:
        """Yuan paid on each loan, own and the group's; savings fall by what each household pays."""
        h, rows = self.model.households, self.borrower
        a_year = self.yuan_a_year(rows)
        floor = -float(self.model.rates.credit_limit)
        able = np.maximum((h.savings[rows].astype(np.float64) - floor) * a_year, 0.0)
        own = np.minimum(wanted, able)
        short, spare = wanted - own, able - own
        group = self.group - (self.group.min() if self.group.size else 0)
        gap, room = np.bincount(group, weights=short), np.bincount(group, weights=spare)
        helped = np.minimum(gap, room)[group]
        gives = np.divide(spare * helped, room[group], out=np.zeros_like(own), where=spare > 0)
        takes = np.divide(short * helped, gap[group], out=np.zeros_like(own), where=short > 0)
        np.subtract.at(h.savings, rows, ((own + gives) / a_year).astype(np.float32))
        return own + takes

    def yuan_a_year(self, rows: Ints) -> Floats:
        """Yuan of one year of a household's reference income."""
        h = self.model.households
        people = h.size[rows].astype(np.float64)
        return people * self.model.level * h.base[rows].astype(np.float64)


def buy_assets(model: PovertyModel, rows: Ints, years: npt.NDArray[np.float32]) -> None:
    """Households get productive assets worth `years` of their reference income.

    Income rises at once by what they yield; later `invest` runs down what exceeds the reference.
    Each household may stand in `rows` once.
    """
    h = model.households
    before = h.assets[rows]
    after = before + years / model.rates.asset_ratio
    h.assets[rows] = after
    h.flow[rows] *= columns.exp(model.rates.asset_elasticity * columns.log(after / before))
