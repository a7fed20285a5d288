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

from fupin.population.apportion import apportion
from fupin.programmes.asset_projects import AssetProjects
from fupin.programmes.base import Programme
from fupin.programmes.loans import Collected, LoanBook, Terms, charge_lending
from fupin.programmes.seats import paid_seats, seats_by_village
from fupin.programmes.selection import criteria
from fupin.scenario.lender_settings import MicrofinanceSettings
from fupin.state.register import Service
from fupin.world.world import World


class Microfinance(Programme[MicrofinanceSettings]):
    """Group loans of the project's offices."""

    key = "microfinance"
    service = Service.LOAN
    revolving = True

    def __init__(self, world: World, settings: MicrofinanceSettings, index: int) -> None:
        super().__init__(world, settings, index)
        terms = Terms(
            months=round(self.value("loan_term_months")),
            interest_year=self.value("loan_interest_year"),
            lump_sum=False,
            invested_share=self.value("loan_invested_share"),
        )
        self.bought = AssetProjects(self)
        self.loans = LoanBook(world, terms, self.bought)
        # Loans paid for when chance gave the sampled villages none. The next borrowers
        # stand for them too, so that all that is lent comes back or is written off.
        self._unlent = 0

    def default_counties(self) -> np.ndarray:
        """Five pilot counties: the key counties with most registered poor at the start."""
        counties = self.world.frame.counties
        registered = self.registered_by_county()
        key = np.flatnonzero(np.asarray(counties.key) > 0)
        order = key[np.lexsort((np.asarray(counties.code)[key], -registered[key]))]
        return np.isin(np.arange(len(counties.code)), order[:5])

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        names = ("loans", "yuan_lent", "yuan_due", "yuan_repaid", "defaults", "failures")
        self.counts |= dict.fromkeys(names, 0)
        self.counts["arrears_in_january"] = int(self.loans.stands_for @ self.loans.arrears())

    def open_fiscal_year(self) -> None:
        """The year's new principal is split by registered poor."""
        self._allotments = self.split_by_registered()

    def release_and_allocate(self) -> None:
        """New principal of the month."""
        self.release_this_month(self._allotments)

    def lend_and_collect(self) -> None:
        """Instalments first, so that repaid money can be lent again."""
        if self.loans.borrower.size:
            charge_lending(self, self.loans.out_by_county(), "microfinance_running_cost")
            self._enter_collected(self.loans.collect())
        if self.at_work:
            self._lend()

    def close_fiscal_year(self) -> None:
        """What was lent beyond the year's new principal had been repaid before."""
        ledger, year = self.world.ledger, self.months_of_fiscal_year
        lent = ledger.delivered[self.index, :, year].sum(axis=1)
        new = ledger.released[self.index, :, year].sum(axis=1)
        ledger.lend_again(self.index, slice(None), np.maximum(lent - new, 0))

    def fade(self) -> None:
        """What loans bought fails or begins to yield."""
        self.counts["failures"] += int(self.weight_of(self.bought.live()).sum())

    def _enter_collected(self, collected: Collected) -> None:
        """Enter a month's repayments and defaults."""
        weight = collected.stands_for
        county = self.county_of(self.village_of(collected.borrower))
        ledger = self.world.ledger
        ledger.collect(self.index, county, weight * collected.repaid, weight * collected.defaulted)
        ledger.receive(self.index, county, weight * collected.repaid)
        ledger.bear_default(self.index, county, weight * collected.defaulted)
        ledger.pay_interest(self.index, county, weight * collected.interest)
        self.counts["yuan_repaid"] += int(weight @ collected.repaid)
        self.counts["yuan_due"] += int(weight @ collected.fallen_due)
        self.counts["defaults"] += int(weight[collected.defaulted > 0].sum())

    def _lend(self) -> None:
        world = self.world
        size = self._loan_size()
        group = round(self.value("group_size"))
        # Whole groups only, so that neither cash nor places are split below the group's size.
        most = self.places("microfinance_places") // group
        offered = self.cut_to(most, self.cash // size // group)
        county = np.asarray(world.frame.villages.county)
        eligible = self.meeting_places & self.serves[county]
        villages, groups = seats_by_village(self, offered, eligible)
        who = criteria(
            registered_odds=self.log_odds("microfinance_registered_odds"),
            better_off_odds=self.log_odds("elite_capture_odds"),
            exclude=int(self.bit),
        )
        rows, taken = self.choose_in(villages, groups * group, who, world.clock.today)
        self.nobody_left(villages, groups, taken // group)
        keep = np.arange(rows.size) - np.repeat(np.cumsum(taken) - taken, taken)
        rows = rows[keep < np.repeat(taken - taken % group, taken)]
        paid = group * paid_seats(self, offered, villages, groups - taken // group)
        world.ledger.deliver(self.index, slice(None), paid * size, principal=True)
        self.counts["loans"] += int(paid.sum())
        self.counts["yuan_lent"] += int(paid.sum()) * size
        self._unlent += int(paid.sum())
        if rows.size == 0:
            return
        stands_for = apportion(self.weight_of(rows), self._unlent)
        self._unlent = 0
        self.loans.issue(rows, np.full(rows.size, size, np.int64), group, stands_for)
        self.mark_reached(rows)
        self.count_households(rows)

    def _loan_size(self) -> int:
        """Yuan of a first loan: the plan's loan size, or its cost of a unit, else the parameter."""
        given = self.settings.loan_size
        return self.price("loan_size") if given is None else round(float(given))
