"""Subsidised bank loans: "In 2009, a total of ... 1.27 billion Yuan of bank loans" were invested;
with microfinance and guaranteed loans these are the document's bank credit.

Who decides: the bank. Most of the money goes to enterprises and infrastructure of the counties; it
is delivered, subsidised and repaid here, and reaches no household of the model. Households get the
rest, rationed by collateral: productive assets must be worth the bank's share of a full loan, and
the better-off come first. The fiscal side pays a part of the interest as long as a loan is out
(noted as interest subsidy, a cost; the principal never is). Losses: a borrower who cannot pay loses
assets to the bank, and the bank bears what is still owed. Fading: assets above the reference run
down like all assets.
"""

from __future__ import annotations

import numpy as np

from fupin.programmes.base import Ints
from fupin.programmes.credit import BankLender, Flags
from fupin.programmes.loans import charge_lending
from fupin.programmes.selection import Criteria, criteria
from fupin.scenario.lender_settings import SubsidisedLoansSettings
from fupin.state.register import Service
from fupin.world.world import World


class SubsidisedLoans(BankLender[SubsidisedLoansSettings]):
    """Formal credit for those with collateral."""

    key = "subsidised_loans"
    service = Service.LOAN

    def __init__(self, world: World, settings: SubsidisedLoansSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self._enterprises: list[tuple[int, Ints]] = []  # month index, yuan by county

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"yuan_lent_to_enterprises": 0, "yuan_of_interest_subsidy": 0}

    def open_fiscal_year(self) -> None:
        """The year's loan money, by registered poor of the counties."""
        self._allotments = self.split_by_registered()

    def release_and_allocate(self) -> None:
        """The bank's money for the month; the enterprises' part is lent at once."""
        before = self.cash
        self.release_this_month(self._allotments)
        given = self.settings.enterprise_share
        share = self.own("enterprise_share") if given is None else float(given)
        yuan = np.floor((self.cash - before) * share).astype(np.int64)
        if yuan.any():
            self.world.ledger.deliver(self.index, slice(None), yuan, principal=True)
            self.counts["yuan_lent_to_enterprises"] += int(yuan.sum())
            self._enterprises.append((self.world.clock.today, yuan))

    def lend_and_collect(self) -> None:
        """Subsidy on what is out, repayments, new loans."""
        self._subsidise_interest()
        self._collect_from_enterprises()
        super().lend_and_collect()

    def _subsidise_interest(self) -> None:
        """A month's part of the subsidised interest on loans out since an earlier month."""
        rows, today = self.loans.borrower, self.world.clock.today
        older = self.loans.issued < today
        yuan = np.zeros(self.serves.size, np.int64)
        each = np.rint(self.own("household_subsidy") / 12.0 * self.loans.principal * older)
        np.add.at(
            yuan,
            self.county_of(self.village_of(rows)),
            self.weight_of(rows) * each.astype(np.int64),
        )
        rate = self.own("enterprise_subsidy") / 12.0
        for _, lent in self._enterprises_before(today):
            yuan += np.rint(rate * lent).astype(np.int64)
        self.world.ledger.subsidise_interest(self.index, slice(None), yuan)
        self.counts["yuan_of_interest_subsidy"] += int(yuan.sum())

    def _enterprises_before(self, today: int) -> list[tuple[int, Ints]]:
        """Loans of enterprises that are out since an earlier month."""
        return [loan for loan in self._enterprises if loan[0] < today]

    def _collect_from_enterprises(self) -> None:
        """Interest each month, all else at the end of the term: no defaults are modelled."""
        rate = self.own("enterprise_interest") / 12.0
        for _, lent in self._enterprises_before(self.world.clock.today):
            charge_lending(self, lent, "bank_running_cost")
            interest = np.rint(rate * lent).astype(np.int64)
            self.world.ledger.pay_interest(self.index, slice(None), interest)
        term, ledger = self.loans.terms.months, self.world.ledger
        while self._enterprises and self.world.clock.today - self._enterprises[0][0] >= term:
            _, yuan = self._enterprises.pop(0)
            ledger.collect(self.index, slice(None), yuan, np.zeros_like(yuan))
            ledger.receive(self.index, slice(None), yuan)
            self.give_back(np.arange(yuan.size), yuan)

    def room(self) -> Ints:
        """Loans that the bank's staff can handle in a month, by the counties' cash."""
        return self.cut_to(self.own_places(), self.affordable_loans())

    def fit(self, rows: Ints) -> Flags:
        """Households whose assets are collateral enough for a full loan."""
        return self.collateral(rows) >= self.own("collateral_ratio") * self.loan_size

    def preference(self) -> Criteria:
        """The bank wants the better-off; whether a household is registered is nothing to it."""
        return criteria(better_off_odds=self.own_log_odds("better_off_odds"))
