"""Microfinance: "As of the end of December 2009, a total of 69.83 million Yuan had been issued in
five pilot counties to support 13,700 poor rural households, and 100% of the loans were repaid."

Who decides: the project's offices in the pilot counties (named by the plan, else the five key
counties with most registered poor) lend to groups of five households of a village that ask for a
loan; the better-off of the poor ask more (Cheng 2006). Mechanism: a loan buys productive assets;
it is repaid in monthly instalments with interest out of liquid savings. A household that cannot
pay is helped by its group, as far as their savings go; only what the group cannot cover is
overdue and stays due, and what is unpaid at a loan's end is a default that the lender bears.
Repayment is an outcome: instalments paid / instalments due. Fading: assets above the reference run
down at the speed of all assets. The principal is credit and never counts as spent.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import columns
from sim.programmes.base import Ints, Programme
from sim.programmes.selection import choose_households, criteria

_NONE = np.zeros(0, np.int64)


class Microfinance(Programme):
    """Group loans, one row a loan: borrower, group, yuan, month of the next instalment."""

    key = "microfinance"
    revolving = True

    def __init__(self, model, settings, index) -> None:  # type: ignore[no-untyped-def]
        super().__init__(model, settings, index)
        self.borrower: Ints = _NONE  # household row
        self.group: Ints = _NONE  # group number
        self.issued: Ints = _NONE  # month index
        self.principal: Ints = _NONE  # yuan lent
        self.owed: Ints = _NONE  # yuan of principal not yet repaid
        self._groups = 0

    def default_counties(self) -> np.ndarray:
        """Five pilot counties: the key counties with most registered poor at the start."""
        counties = self.model.frame.counties
        registered = self.model.registered_by_county
        key = np.flatnonzero(np.asarray(counties.key) > 0)
        order = key[np.lexsort((np.asarray(counties.code)[key], -registered[key]))]
        return np.isin(np.arange(len(counties.code)), order[:5])

    def open_year(self) -> None:
        """Counts from zero; the year's new principal is split by registered poor."""
        super().open_year()
        self.counts |= {"loans": 0, "yuan_lent": 0, "yuan_due": 0, "yuan_repaid": 0, "defaults": 0}
        due = self._scheduled(self.model.today - 1) - (self.principal - self.owed)
        self.counts["arrears_in_january"] = int((self.weight_of(self.borrower) * due).sum())
        self._allotments = self.split_by_registered()

    def release_and_allocate(self) -> None:
        """New principal of the month."""
        self.release_this_month(self._allotments)

    def lend_and_collect(self) -> None:
        """Instalments first, so that repaid money can be lent again."""
        if self.borrower.size:
            self._collect()
        if self.at_work:
            self._lend()

    def _lend(self) -> None:
        model = self.model
        size = self._loan_size()
        group = round(self.value("group_size"))
        seats = self.within_places(self.cash // size, "microfinance_places")
        # Whole groups only: seats in a village are rounded down to the group's size.
        eligible = (
            np.asarray(model.frame.villages.listed)
            & self.serves[np.asarray(model.frame.villages.county)]
        )
        villages, groups = self.seats_by_village(seats // group, eligible)
        quota = groups * group
        if quota.sum() == 0:
            return
        who = criteria(
            registered_odds=self.log_odds("microfinance_registered_odds"),
            better_off_odds=self.log_odds("elite_capture_odds"),
            only_registered=False,
            exclude=int(self.bit),
        )
        rows = np.zeros(int(quota.sum()), np.int64)
        total, taken = choose_households(
            model.households, model.villages.id, model.villages.offsets, villages, quota, who,
            model.today, self.stream("selection"), rows,
        )  # fmt: skip
        whole = np.concatenate(
            [np.arange(first, first + n - n % group)
             for first, n in zip(np.cumsum(taken) - taken, taken, strict=True)]
        ).astype(np.int64)  # fmt: skip
        rows = rows[:total][whole]
        if rows.size == 0:
            return
        weight = self.weight_of(rows)
        county = self.county_of(self.village_of(rows))
        model.ledger.deliver(self.index, county, weight * size, principal=True)
        numbers = self._groups + np.arange(rows.size) // group
        self._groups += rows.size // group
        self.borrower = np.concatenate([self.borrower, rows])
        self.group = np.concatenate([self.group, numbers])
        self.issued = np.concatenate([self.issued, np.full(rows.size, model.today)])
        lent = np.full(rows.size, size, np.int64)
        self.principal = np.concatenate([self.principal, lent])
        self.owed = np.concatenate([self.owed, lent])
        self._invest(rows, lent)
        self.mark_reached(rows)
        self.count_households(rows)
        self.counts["loans"] += int(weight.sum())
        self.counts["yuan_lent"] += int((weight * lent).sum())

    def _loan_size(self) -> int:
        """Yuan of a first loan: the plan's loan size, or its cost of a unit, else the parameter."""
        given = self.settings.loan_size
        return self.price("loan_size") if given is None else round(float(given))

    def _invest(self, rows: Ints, yuan: Ints) -> None:
        """The loan buys assets; income rises by what they yield from now on."""
        model, h = self.model, self.model.households
        share = np.float32(self.value("loan_invested_share"))
        years = self.yuan_to_years(rows, yuan)
        before = h.assets[rows]
        after = before + share * years / model.rates.asset_ratio
        h.savings[rows] += (1 - share) * years
        h.assets[rows] = after
        h.flow[rows] *= columns.exp(model.rates.asset_elasticity * columns.log(after / before))

    def _collect(self) -> None:
        """Monthly instalments of principal and interest, helped by the group; defaults."""
        model, h = self.model, self.model.households
        age = model.today - self.issued
        scheduled = self._scheduled(model.today)
        due = scheduled - (
            self.principal - self.owed
        )  # this month's instalment and what is overdue
        fallen_due = scheduled - self._scheduled(model.today - 1)
        interest = self.value("loan_interest_year") / 12.0 * self.principal * (age > 0)
        rows = self.borrower
        yuan_a_year = self._yuan_a_year(rows)
        floor = -float(model.rates.credit_limit)
        able = np.maximum((h.savings[rows] - floor) * yuan_a_year, 0.0)
        wanted = due + interest
        paid = np.minimum(wanted, able)
        # What a member cannot pay the others of the group cover, in proportion to what they have.
        short = wanted - paid
        spare = able - paid
        groups = self.group - self.group.min()
        gap = np.bincount(groups, weights=short)
        room = np.bincount(groups, weights=spare)
        helped = np.minimum(gap, room)
        with np.errstate(invalid="ignore", divide="ignore"):
            give = np.where(room[groups] > 0, spare * helped[groups] / room[groups], 0.0)
            take = np.where(gap[groups] > 0, short * helped[groups] / gap[groups], 0.0)
        h.savings[rows] -= ((paid + give) / yuan_a_year).astype(np.float32)
        # A millionth more: sums of fractions must not make a whole yuan overdue.
        principal = np.floor(np.maximum(paid + take - interest, 0.0) + 1e-6).astype(np.int64)
        ended = age >= round(self.value("loan_term_months"))
        self._enter(rows, np.minimum(principal, due), fallen_due, ended)

    def _scheduled(self, month: int) -> Ints:
        """Yuan of principal that have fallen due on each loan by the end of a month."""
        term = round(self.value("loan_term_months"))
        instalment = -(-self.principal // term)
        return np.minimum(self.principal, instalment * np.maximum(month - self.issued, 0))

    def _enter(self, rows: Ints, repaid: Ints, fallen_due: Ints, ended: np.ndarray) -> None:
        weight = self.weight_of(rows)
        county = self.county_of(self.village_of(rows))
        self.model.ledger.receive(self.index, county, weight * repaid)
        self.owed -= repaid
        self.counts["yuan_repaid"] += int((weight * repaid).sum())
        lost = np.where(ended, self.owed, 0)
        self.counts["yuan_due"] += int((weight * fallen_due).sum())
        self.model.ledger.bear_default(self.index, county, weight * lost)
        self.counts["defaults"] += int(weight[lost > 0].sum())
        over = ended | (self.owed <= 0)
        for name in ("borrower", "group", "issued", "principal", "owed"):
            setattr(self, name, getattr(self, name)[~over])

    def _yuan_a_year(self, rows: Ints) -> np.ndarray:
        """Yuan of one year of the household's reference income."""
        h = self.model.households
        people = h.size[rows].astype(np.float64)
        return people * self.model.level * h.base[rows].astype(np.float64)
