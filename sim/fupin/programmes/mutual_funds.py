"""Village mutual funds: "In 2009, 375 poor villages joined the pilot areas of mutual funds and
15,500 rural households joined the funds, including 13,400 poor households, and the mutual funds
amounted to 60 million Yuan. At present, the pilot projects of mutual funds have been launched in
727 poor villages, a total of 40,000 households have participated ..., including 33,800 poor
households, and the mutual funds amounts to 132 million Yuan."

Who decides: the province picks listed villages whose advancement plan has begun, in a keyed order,
and gives each a seed of fiscal money; the village's founding meeting takes members, the poor
first, whose deposit the seed bears; the fund's committee lends to members who ask.
Mechanism: a revolving balance for each village,

    cash + outstanding loans = equity = seed + deposits + interest kept - defaults

and no loan beyond the cash: one villager's loan is another's wait. A loan runs a year and is paid
in one sum (savings, then sale of assets). Losses: a share of every seed on its way; a default
reduces the fund and is nobody else's. The seed counts as spent once, when it is given, so defaults
of a fund are no further cost. Fading: assets above the reference run down like all assets.

Funds of earlier years are a stock of the population: they lend in every plan, also where the
programme is off, and money put in is counted for new funds alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.parameters.province import province
from fupin.population.apportion import apportion
from fupin.programmes.base import Ints
from fupin.programmes.credit import Flags, Lender
from fupin.programmes.rounding import real_villages
from fupin.programmes.selection import Criteria, criteria
from fupin.programmes.village_queue import VillageQueue, by_lot, queue_money
from fupin.randomness import Chance
from fupin.scenario.lender_settings import MutualFundsSettings
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World

_STOCK_YEARS = (province().mutual_funds_since - 1, province().year_before, province().document_year)
"""Ends of years with known stocks: none (the pilot begins after it), old funds, all funds."""


def stock_at_end(values: Mapping[str, float], year: int) -> tuple[int, int, int]:
    """Villages, member households and yuan of all funds at the end of a year."""

    def at_end(old: str, everything: str) -> int:
        known = [0.0, values[f"mutual_funds.{old}"], values[f"mutual_funds.{everything}"]]
        return round(float(np.interp(year, _STOCK_YEARS, known)))

    return (
        at_end("old_villages", "all_villages"),
        at_end("old_members", "all_members"),
        at_end("old_money", "all_money"),
    )


class MutualFunds(Lender[MutualFundsSettings]):
    """Funds by village.

    Attributes:
        has_fund: villages with a fund, (V,).
        fund_cash: yuan that a fund can lend, of one real village, (V,).
        equity: yuan that a fund owns, cash and loans, of one real village, (V,).
        members: household rows, sorted.
    """

    key = "mutual_funds"
    service = Service.LOAN
    without_taker = Limit.NEED
    revolving = True

    def __init__(self, world: World, settings: MutualFundsSettings, index: int) -> None:
        super().__init__(world, settings, index)
        villages = world.villages.id.size
        self.has_fund = np.zeros(villages, np.bool_)
        self.fund_cash = np.zeros(villages, np.int64)
        self.equity = np.zeros(villages, np.int64)
        self.members = np.zeros(0, np.int64)
        # Yuan of the funds that were never lent, by county: new money counts as lent first.
        self._never_lent = np.zeros(self.serves.size, np.int64)
        # Who had a fund, and how much of it was lent, is no matter of the plan's parameters.
        self.values, ours = world.past, (self.values, self.loans.terms)
        self.loans.terms = self.terms()
        self._of_the_plan = False  # funds of earlier years chose as they did
        self._set_up_old_funds()
        self._of_the_plan = True
        self.values, self.loans.terms = ours

    # -- the stock at the start ---------------------------------------------------------------

    @classmethod
    def has_stock(cls, world: Any) -> bool:
        """True from 2007 on: the pilot of 2006 has left funds."""
        return stock_at_end(world.past, world.clock.start.year - 1)[0] > 0

    def _set_up_old_funds(self) -> None:
        """Funds of the years before the start: villages, members, money, loans under way."""
        villages, members, yuan = stock_at_end(self.values, self.world.clock.start.year - 1)
        if villages == 0:
            return
        eligible = self._ready_villages(np.asarray(self.world.frame.counties.key) > 0)
        # The population's seed, not the run's: who has a fund is part of the province.
        ids = self.world.villages.id[eligible]
        lots = Chance(self.world.frame.seed)
        rows = eligible[np.lexsort((ids, lots.uniforms(f"{self.key}/old", ids)))]
        real = real_villages(self.world, f"{self.key}/old-place", rows, chance=lots)
        first = real.at(slice(villages))
        rows = np.sort(first.rows[first.sampled])
        if rows.size == 0:
            return
        weight = self.world.villages.weight
        self._admit(rows, apportion(np.ones(rows.size), members * rows.size // villages))
        self.has_fund[rows] = True
        self.equity[rows] = self.fund_cash[rows] = yuan // villages
        # Not the plan's loan size: these loans were made before it.
        asking, amount = self._wishes(self.members, round(self.own("loan_size")))
        lendable = (self.own("lent_at_start") * self.equity).astype(np.int64)
        granted = self._within(asking, amount, lendable)
        asking, amount = asking[granted], amount[granted]
        age = (self.uniforms("loan-age", asking) * self.loans.terms.months).astype(np.int64)
        self.loans.carry(asking, amount, self.world.clock.today - age)
        np.subtract.at(self.fund_cash, self.village_of(asking), amount)
        cash = weight[rows] * self.fund_cash[rows]
        self.world.ledger.open_with(self.index, self.county_of(rows), cash)
        np.add.at(self._never_lent, self.county_of(rows), cash)
        self.world.ledger.lent_before(self.index, int(self.weight_of(asking) @ amount))

    @property
    def way(self) -> str | None:
        """How new funds take their members; those of earlier years are part of the province."""
        return super().way if self._of_the_plan else None

    @property
    def meeting_places(self) -> Flags:
        """Listed villages alone get a fund, however it takes members, (V,)."""
        return self.world.village_list.listed

    def _ready_villages(self, counties: Flags) -> Ints:
        """Listed villages without a fund whose advancement plan has begun."""
        villages = self.world.frame.villages
        listed = self.world.village_list.listed
        begun = (self.world.works.plan_money > 0) & listed & ~self.has_fund
        return np.flatnonzero(begun & counties[np.asarray(villages.county)])

    # -- new funds ----------------------------------------------------------------------------

    @property
    def cash(self) -> Ints:
        """Yuan on hand in each county's office, (counties,): all but what the funds own."""
        held = self.world.villages.weight * self.fund_cash
        result: Ints = super().cash - self.world.sum_by_county(held)
        return result

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"villages": 0, "registered_members": 0, "yuan_deposited": 0}

    def open_fiscal_year(self) -> None:
        """The year's queue: villages in keyed order, as far as the budget pays seeds."""
        given = self.settings.unit_cost
        seed = round(self.own("seed")) if given is None else int(given)
        ready = self._ready_villages(self.serves)
        rows = by_lot(self, ready, np.ones(ready.size), self.world.clock.year)
        real = real_villages(self.world, f"{self.key}/place", rows, self.world.clock.year)
        seeds = np.full(real.rows.size, seed)
        budget = queue_money(self, real.rows, seeds)
        self._queue = VillageQueue(self, real, seeds, budget)

    def release_and_allocate(self) -> None:
        """Counties get the seeds of their villages in the queue."""
        self._queue.release()

    def carry_out(self) -> None:
        """Found funds: seeds reach the villages, members join and pay their deposit."""
        if not self.at_work:
            return
        paid = self._queue.pay(self.own_places())
        if paid.size == 0:
            return
        self.counts["villages"] += paid.size
        rows, seed = self._queue.lived(paid)
        weight, county = self.world.villages.weight[rows], self.county_of(rows)
        self._put_in(county, weight * seed)
        self.has_fund[rows] = True
        self.equity[rows] += seed
        self.fund_cash[rows] += seed
        joined = self._admit(rows, np.full(rows.size, round(self.own("founding_members"))))
        self._take_deposits(joined)
        self.count_households(joined)
        registered = self.world.households.registered[joined]
        self.counts["registered_members"] += int(self.weight_of(joined) @ registered)

    def _admit(self, rows: Ints, quota: Ints) -> Ints:
        """Members of the villages `rows`, at most `quota` each; who cannot pay does not join."""
        asked = 2 * quota  # the committee goes on down its list where somebody cannot pay
        found, taken = self.choose_in(rows, asked, self._preference(), self.world.clock.today)
        village = np.repeat(np.arange(rows.size), taken)
        able = self._deposit(found) <= self._savings(found)
        found, village = found[able], village[able]
        place = np.arange(found.size) - np.searchsorted(village, village)
        joined = found[place < quota[village]]
        new = np.sort(joined)
        self.members = np.insert(self.members, np.searchsorted(self.members, new), new)
        return joined

    def _preference(self) -> Criteria:
        return criteria(
            registered_odds=self.own_log_odds("registered_odds"),
            better_off_odds=self.log_odds("elite_capture_odds"),
            exclude=int(self.bit),
        )

    def _deposit(self, rows: Ints) -> Ints:
        """Yuan that each household pays in to join; the seed bears that of the poor."""
        poor = self.world.households.registered[rows] > 0
        full = round(self.own("deposit"))
        return np.where(poor, round(full * self.own("deposit_of_poor")), full)

    def _savings(self, rows: Ints) -> npt.NDArray[np.float64]:
        saved = self.world.savings_of(rows).astype(np.float64)
        return np.maximum(saved, 0.0) * self.loans.yuan_a_year(rows)

    def _take_deposits(self, rows: Ints) -> None:
        yuan, village, weight = self._deposit(rows), self.village_of(rows), self.weight_of(rows)
        self.world.households.reserve[rows] -= self.yuan_to_years(rows, yuan)
        np.add.at(self.fund_cash, village, yuan)
        np.add.at(self.equity, village, yuan)
        self._put_in(self.county_of(village), weight * yuan)
        self.counts["yuan_deposited"] += int(weight @ yuan)
        self.mark_reached(rows)

    def _put_in(self, county: Ints, yuan: Ints) -> None:
        """Money that the funds of counties had not before: seeds, deposits, interest."""
        self.world.ledger.receive(self.index, county, yuan)
        np.add.at(self._never_lent, county, yuan)

    # -- lending ------------------------------------------------------------------------------

    def lend_and_collect(self) -> None:
        """Loans that end bring money back, which others borrow in the same month."""
        if self.loans.borrower.size:
            self._collect()
        if self.members.size:
            self._lend()

    def _collect(self) -> None:
        collected = self.loans.collect()
        village = self.village_of(collected.borrower)
        kept = np.floor(collected.interest * self.own("interest_kept")).astype(np.int64)
        np.add.at(self.fund_cash, village, collected.repaid + kept)
        np.add.at(self.equity, village, kept - collected.defaulted)
        weight, county = self.world.villages.weight[village], self.county_of(village)
        ledger = self.world.ledger
        ledger.collect(self.index, county, weight * collected.repaid, weight * collected.defaulted)
        ledger.receive(self.index, county, weight * collected.repaid)
        self._put_in(county, weight * kept)
        self.count_collected(collected)

    def _lend(self) -> None:
        asks = self.uniforms("wish", self.members) < np.float32(self.own("wish_to_borrow"))
        rows, yuan = self._wishes(self.members[asks])
        granted = self._within(rows, yuan, self.fund_cash)
        rows, yuan = rows[granted], yuan[granted]
        if rows.size == 0:
            return
        np.subtract.at(self.fund_cash, self.village_of(rows), yuan)
        self.enter_loans(rows, yuan)
        self.loans.carry(rows, yuan, np.full(rows.size, self.world.clock.today))
        self.loans.hand_out(rows, yuan)

    def _wishes(self, rows: Ints, size: int | None = None) -> tuple[Ints, Ints]:
        """Members who ask and could carry a loan, in the committee's order, and their loans."""
        yuan = self.loan_amounts(rows, size)
        rows, yuan = rows[yuan > 0], yuan[yuan > 0]
        h = self.world.households
        gumbel = -columns.log(-columns.log(self.uniforms("rank", rows)))
        score = gumbel + np.float32(self.own_log_odds("registered_odds")) * h.registered[rows]
        score += np.float32(self.log_odds("elite_capture_odds")) * h.rank_half[rows]
        order = np.lexsort((rows, -score, self.village_of(rows)))
        return rows[order], yuan[order]

    def _within(self, rows: Ints, yuan: Ints, lendable: Ints) -> Flags:
        """Loans that the village's lendable cash pays, in the order given (sorted by village)."""
        village = self.village_of(rows)
        running = np.cumsum(yuan)
        before = np.concatenate([[0], running])[np.searchsorted(village, village)]
        result: Flags = running - before <= lendable[village]
        return result

    def outstanding(self) -> Ints:
        """Yuan out on loan from each village's fund, of one real village, (V,)."""
        out = np.zeros(self.equity.size, np.int64)
        np.add.at(out, self.village_of(self.loans.borrower), self.loans.owed)
        return out

    def close_fiscal_year(self) -> None:
        """What the offices did not give to villages returns; the funds' own money stays.

        What the funds lent beyond all money that was put in had been repaid before.
        """
        lent = self.world.ledger.principal[self.index, :, self.months_of_fiscal_year].sum(axis=1)
        self.world.ledger.lend_again(
            self.index, slice(None), np.maximum(lent - self._never_lent, 0)
        )
        self._never_lent = np.maximum(self._never_lent - lent, 0)
        self.world.ledger.give_back(self.index, slice(None), self.cash)
