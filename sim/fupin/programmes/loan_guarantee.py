"""Loan guarantee: "Based on the pilot program of poverty alleviation loan guarantee in Daming and
Wuyi County, the government explored ... 'Volunteer Organization for Credit Guarantees for Poverty
Alleviation' and 'Association of the People of Integrity and Self-discipline in Poor Villages' in
Julu County. Through the 'dual insurance' - farmers' mutual guarantee and cadres' guarantee, they
help rural households to apply for loans ... In Julu County, more than 800 public officers have
joined the Volunteer Organization and more than 5,000 people have participated in the 'Association
...'. In 2009, the practice of Julu County was widely promoted in the impoverished areas."

Who decides: the bank lends, as far as officers stand surety; the village's association puts
forward households. Eligible are those whose assets are too few for a bank loan of that size: the
guarantee lifts their rationing. Capacity: officers of a county x guarantees each, less the loans
still out. Losses: on default first the farmers of the group pay, as far as their savings go, then
the guaranteeing officer; the bank gets all of its money back, and what officers pay counts as
spent. Fading: assets above the reference run down like all assets.

The three counties of the document act; `rollout` adds all key counties, each with as many officers.
"""

from __future__ import annotations

import numpy as np

from fupin.population.apportion import apportion
from fupin.programmes.base import Ints
from fupin.programmes.credit import BankLender, Flags
from fupin.programmes.loans import Collected
from fupin.programmes.selection import Criteria, criteria
from fupin.scenario.lender_settings import LoanGuaranteeSettings
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World

DAMING, JULU, WUYI = 130425, 130529, 131122
"""County codes of the document's three pilots."""


class LoanGuarantee(BankLender[LoanGuaranteeSettings]):
    """Bank loans that officers and neighbours stand surety for."""

    key = "loan_guarantee"
    service = Service.LOAN
    group = 3

    def __init__(self, world: World, settings: LoanGuaranteeSettings, index: int) -> None:
        super().__init__(world, settings, index)
        # Real loans that officers of each county stand surety for; where villages stand for several
        # those of the sampled households may be more or less by a part of a weighted loan.
        self.guaranteed: Ints = np.zeros(self.serves.size, np.int64)

    def default_counties(self) -> np.ndarray:
        """The three pilots, or all key counties under `rollout`."""
        counties = self.world.frame.counties
        if self.settings.rollout:
            return np.asarray(counties.key) > 0
        return np.isin(np.asarray(counties.code), (DAMING, JULU, WUYI))

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts["yuan_guarantors_paid"] = 0

    def open_fiscal_year(self) -> None:
        """The year's loan money, by registered poor of the counties."""
        self._allotments = self.split_by_registered()

    def release_and_allocate(self) -> None:
        """The bank's money for the month."""
        self.release_this_month(self._allotments)

    def begun(self, loans: Ints) -> None:
        """Officers stand surety for new loans."""
        self.guaranteed = self.guaranteed + loans

    def room(self) -> Ints:
        """Guarantees that the officers of each county can still give, within the month's places."""
        capacity = round(self.own("officers") * self.own("guarantees_each"))
        free = np.where(self.serves, np.maximum(capacity - self.guaranteed, 0), 0)
        given = self.settings.places_per_month
        if given is None:
            each = round(self.own("places"))
            self.offers(each * int((free > 0).sum()))
            room = np.minimum(free, each)
        else:
            places = self.offers(int(given))
            room = free if free.sum() <= places else apportion(free, places, upper=free)
        self._all_given = room == free
        return room

    def full(self, counties: Flags) -> None:
        """Places bind, or the officers where they have given every guarantee that they may."""
        self.limited(counties, Limit.PLACES)
        self.limited(counties & self._all_given, Limit.OFFICERS)

    def fit(self, rows: Ints) -> Flags:
        """Households without the collateral that the bank asks for a loan of this size."""
        ratio = float(self.world.values["subsidised_loans.collateral_ratio"])
        return self.collateral(rows) < ratio * self.loan_size

    def preference(self) -> Criteria:
        """The association prefers the poor whom it trusts, and its committee its own."""
        return criteria(
            registered_odds=self.own_log_odds("registered_odds"),
            better_off_odds=self.log_odds("elite_capture_odds"),
        )

    def collect(self) -> Collected:
        """Guarantors make good what is not repaid: the bank gets it all."""
        out = self._loans_out()
        collected = super().collect()
        self.guaranteed = np.maximum(self.guaranteed - (out - self._loans_out()), 0)
        weight = self.weight_of(collected.borrower)
        county = self.county_of(self.village_of(collected.borrower))
        paid = weight * collected.defaulted
        self.world.ledger.receive(self.index, county, paid)
        self.give_back(county, paid)
        self.counts["yuan_guarantors_paid"] += int(paid.sum())
        return collected

    def _loans_out(self) -> Ints:
        """Loans in the book, by county, weights applied, (counties,)."""
        out = np.zeros(self.serves.size, np.int64)
        rows = self.loans.borrower
        np.add.at(out, self.county_of(self.village_of(rows)), self.weight_of(rows))
        return out
