"""What lenders to households share: terms, how much a household can carry, who may borrow.

A lender never lends more than a multiple of a household's yearly reference income, and not to a
household that already owes relatives and neighbours much, or owes this lender. Collateral is what
the productive assets are worth.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from fupin.kernels.jit import kernel
from fupin.kernels.words import f32
from fupin.population.apportion import apportion
from fupin.programmes.asset_projects import AssetProjects
from fupin.programmes.base import Ints, Programme
from fupin.programmes.loans import Collected, LoanBook, Terms, charge_lending
from fupin.programmes.seats import paid_seats, seats_by_village
from fupin.programmes.selection import Criteria
from fupin.scenario.lender_settings import (
    LoanGuaranteeSettings,
    MutualFundsSettings,
    SubsidisedLoansSettings,
)
from fupin.state.limits import Limit
from fupin.world.world import World

Flags = npt.NDArray[np.bool_]

LOAN_STEP = 100
"""Yuan. Loans are round sums."""

_VILLAGES_THAT_TELL = 8
"""Villages of a county that tell as much of it as what is known of all counties.

The share of households with collateral varies so many times as much between villages of a county,
by their registered poor, as between counties (variances; usual sample, six provinces).
"""


LenderSettings = MutualFundsSettings | LoanGuaranteeSettings | SubsidisedLoansSettings


class Lender[Settings: LenderSettings](Programme[Settings]):
    """A programme with a loan book of its own; parameters in its own file."""

    smallest_loan: ClassVar[int] = 500  # yuan; less is not worth the paper

    def __init__(self, world: World, settings: Settings, index: int) -> None:
        super().__init__(world, settings, index)
        self.bought = AssetProjects(self)
        self.loans = LoanBook(world, self.terms(), self.bought)

    def terms(self) -> Terms:
        """Conditions of the loans, from the lender's own parameters."""
        return Terms(
            months=round(self.own("term_months")),
            interest_year=self.own("interest_year"),
            lump_sum=True,
            invested_share=self.own("invested_share"),
            sale_share=self.own("sale_share"),
            sale_price=self.own("sale_price"),
        )

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        names = ("loans", "yuan_lent", "yuan_due", "yuan_repaid", "defaults", "yuan_defaulted")
        self.counts |= dict.fromkeys((*names, "registered_borrowers", "failures"), 0)

    def fade(self) -> None:
        """What loans bought fails or begins to yield."""
        self.counts["failures"] += int(self.weight_of(self.bought.live()).sum())

    @property
    def loan_size(self) -> int:
        """Yuan of a full loan: the plan's, else parameter `loan_size`."""
        given = self.settings.loan_size
        return round(self.own("loan_size")) if given is None else int(given)

    def loan_amounts(self, rows: Ints, size: int | None = None) -> Ints:
        """Yuan that each household can borrow; 0 where that is too little or it owes too much.

        Args:
            rows: households.
            size: yuan of a full loan; the plan's if not given.
        """
        h = self.world.households
        out = np.empty(rows.size, np.int64)
        _loan_amounts(
            h.size, h.base, self.world.savings_of(rows), self.loans.borrows(),
            self.world.level_of_money, self.own("income_multiple"),
            self.loan_size if size is None else size,
            f32(-self.own("most_debt")), self.smallest_loan, rows, out,
        )  # fmt: skip
        return out

    def collateral(self, rows: Ints) -> npt.NDArray[np.float64]:
        """What the productive assets of households are worth, yuan."""
        world = self.world
        owned = world.households.assets[rows].astype(np.float64) * world.rates.asset_ratio
        return owned * self.loans.yuan_a_year(rows)

    def enter_loans(self, rows: Ints, yuan: Ints) -> None:
        """Accounts and counts of new loans."""
        weight = self.weight_of(rows)
        lent = np.zeros(self.serves.size, np.int64)
        np.add.at(lent, self.county_of(self.village_of(rows)), weight * yuan)
        self.world.ledger.deliver(self.index, slice(None), self.payers(lent), principal=True)
        self.mark_reached(rows)
        self.counts["loans"] += int(weight.sum())
        self.counts["yuan_lent"] += int(weight @ yuan)
        self.counts["registered_borrowers"] += int(weight @ self.world.households.registered[rows])

    def payers(self, lent: Ints) -> Ints:
        """Which counties' cash pays for loans of so many yuan in each county, (counties,)."""
        return lent

    def count_collected(self, collected: Collected) -> None:
        """Counts of a month's repayments and defaults."""
        weight = collected.stands_for
        repaid, lost = int(weight @ collected.repaid), int(weight @ collected.defaulted)
        self.counts["yuan_repaid"] += repaid
        self.counts["yuan_due"] += repaid + lost
        self.counts["yuan_defaulted"] += lost
        self.counts["defaults"] += int(weight[collected.defaulted > 0].sum())


class BankLender[Settings: LenderSettings](Lender[Settings], ABC):
    """A bank lends the year's money in villages of the counties served; what returns is its own.

    Subclasses say who is fit to borrow, how the committee prefers, and how many seats there are.
    """

    asked_for_each_seat: ClassVar[int] = 4  # applicants whom the bank looks at for each loan
    group: ClassVar[int] = 1  # households that stand in for each other

    def __init__(self, world: World, settings: Settings, index: int) -> None:
        super().__init__(world, settings, index)
        self._advanced = np.zeros(self.serves.size, np.int64)  # yuan to other counties
        self._offered = np.zeros(self.serves.size, np.int64)  # seats of this month

    @abstractmethod
    def fit(self, rows: Ints) -> Flags:
        """Who may borrow, over household rows."""

    @abstractmethod
    def preference(self) -> Criteria:
        """Odds of those who apply."""

    @abstractmethod
    def room(self) -> Ints:
        """Loans that capacity lets the bank begin this month in each county, (counties,)."""

    def close_fiscal_year(self) -> None:
        """What is unspent returns, so no county owes another."""
        self._advanced[:] = 0

    def affordable_loans(self) -> Ints:
        """Loans that each county's own cash pays, of the year's mean size so far, (counties,)."""
        loans, yuan = self.counts["loans"], self.counts["yuan_lent"]
        own = np.maximum(self.cash + self._advanced, 0)
        result: Ints = own * loans // yuan if yuan else own // self.loan_size
        return result

    def lend_and_collect(self) -> None:
        """What borrowers pay back leaves for the bank; then new loans from the month's cash."""
        if self.loans.borrower.size:
            charge_lending(self, self.loans.out_by_county(), "bank_running_cost")
            self.collect()
        if self.at_work:
            self.lend()

    def collect(self) -> Collected:
        """Repayments and defaults of the month."""
        collected = self.loans.collect()
        self.count_collected(collected)
        weight = collected.stands_for
        county = self.county_of(self.village_of(collected.borrower))
        ledger = self.world.ledger
        ledger.collect(self.index, county, weight * collected.repaid, weight * collected.defaulted)
        ledger.receive(self.index, county, weight * collected.repaid)
        self.give_back(county, weight * collected.repaid)
        ledger.bear_default(self.index, county, weight * collected.defaulted)
        ledger.pay_interest(self.index, county, weight * collected.interest)
        return collected

    def give_back(self, county: Ints, yuan: Ints) -> None:
        """What was repaid is the bank's own, and leaves the county at once."""
        self.world.ledger.give_back(self.index, county, yuan)
        self.world.limits.take_home(self.index, county, yuan)

    def lend(self) -> None:
        """New loans: villages get seats, villagers apply, the bank takes who is fit."""
        world = self.world
        cash = self.cash
        paid_for, room = self.affordable_loans(), self.room()
        seats = self._offered = np.minimum(paid_for, room)
        self.full((room == 0) & (paid_for > 0))
        county = np.asarray(world.frame.villages.county)
        eligible = self.meeting_places & self.serves[county]
        villages, quota = seats_by_village(self, seats, eligible)
        if villages.size == 0:
            return
        asked = quota * self.asked_for_each_seat
        rows, taken = self.choose_in(villages, asked, self.preference(), world.clock.today)
        village = np.repeat(np.arange(villages.size), taken)
        yuan = self.loan_amounts(rows)
        fit = (yuan > 0) & self.fit(rows)
        rows, yuan, village = rows[fit], yuan[fit], village[fit]
        self.nobody_left(villages, quota, np.bincount(village, minlength=villages.size))
        # A place is a file that the bank looks at: where it looks at few, more places lend more.
        self.full(room < paid_for)
        self.limited(self.unlisted, Limit.LIST)
        place = _place_within(village)  # best applicant first
        seated = place < quota[village]
        rows, yuan, village, place = rows[seated], yuan[seated], village[seated], place[seated]
        paid = self._affordable(rows, yuan, villages[village], cash)
        rows, yuan, village, place = rows[paid], yuan[paid], village[paid], place[paid]
        found = np.bincount(village, minlength=villages.size)
        self.begun(paid_seats(self, seats, villages, quota - found))
        if rows.size == 0:
            return
        self.enter_loans(rows, yuan)
        self.count_households(rows)
        _, groups = np.unique(village * (1 << 20) + place // self.group, return_inverse=True)
        self.loans.carry(rows, yuan, np.full(rows.size, world.clock.today), groups)
        self.loans.hand_out(rows, yuan)

    def full(self, counties: Flags) -> None:
        """Capacity binds in some counties, (counties,)."""
        self.limited(counties, Limit.PLACES)

    def begun(self, loans: Ints) -> None:
        """Told how many real loans each county begins, (counties,)."""

    def _affordable(self, rows: Ints, yuan: Ints, village: Ints, cash: Ints) -> Flags:
        """Loans that the cash of each pool of counties pays, villages in a keyed order."""
        pool, cost = self.pools[self.county_of(village)], self.weight_of(rows) * yuan
        held = self.in_pools(np.where(self.serves, cash, 0))
        turn = self._turn_of(village)
        order = np.lexsort((np.arange(rows.size), village, turn, pool))
        running = np.cumsum(cost[order])
        first = np.searchsorted(pool[order], pool[order])
        spent = running - np.concatenate([[0], running])[first]
        paid = np.zeros(rows.size, np.bool_)
        paid[order] = spent <= held[pool[order]]
        return paid

    def payers(self, lent: Ints) -> Ints:
        """Counties whose cash pays: each its own charge, as far as it has cash; others advance it.

        What a county has advanced (`_advanced`, yuan) it may lend later, and who had an advance
        does not lend again before it has as much. Cash itself follows as near as it can.
        """
        cash = np.where(self.serves, self.cash, 0)
        own = cash + self._advanced - self._charges(lent)
        left = self.in_pools(cash - lent)
        # A yuan for everybody, so that somebody can hold what is left.
        kept = apportion(np.maximum(own, 0) + (cash > 0), left, self.pools, upper=cash)
        self._advanced = own - kept
        return cash - kept

    def _charges(self, lent: Ints) -> Ints:
        """Yuan of loans that count as each county's, (counties,).

        Where a sample has few villages of a county these say little of how many of its people are
        fit to borrow: the fewer, the more its loans count as all such counties' together, and these
        are charged by the seats that they offered.
        """
        few = self.pools == lent.size
        total = int(lent[few].sum())
        if total == 0:
            return lent
        villages = self.world.village_list.listed
        number = np.bincount(self.county_of(np.flatnonzero(villages)), minlength=lent.size)
        trust = (number / (number + _VILLAGES_THAT_TELL))[few]
        common = (self._offered[few] + 1.0) * (1.0 - trust)
        charge = trust * lent[few]
        charges = lent.copy()
        charges[few] = apportion(charge + (total - charge.sum()) * common / common.sum(), total)
        return charges

    def _turn_of(self, village: Ints) -> npt.NDArray[np.float32]:
        world = self.world
        return world.chance.uniforms(
            f"{self.key}/desk", world.villages.id[village], 0, world.clock.today
        )


def _place_within(group: Ints) -> Ints:
    """Place of each entry within its run of equal group numbers, from 0."""
    return np.arange(group.size) - np.searchsorted(group, group)


@kernel
def _loan_amounts(  # type: ignore[no-untyped-def]
    size, base, savings, borrows, level, multiple, full, least_savings, smallest, rows, out
):  # fmt: skip
    for k in range(rows.size):
        i = rows[k]
        a_year = np.float64(size[i]) * level * np.float64(base[i])
        most = min(multiple * a_year, np.float64(full))
        steps = np.int64(np.floor(most / LOAN_STEP))
        steps -= np.int64(np.float64(steps * LOAN_STEP) > most)  # a quotient may be rounded up
        yuan = steps * LOAN_STEP
        sound = savings[k] >= least_savings and not borrows[i]
        out[k] = yuan if sound and yuan >= smallest else 0
