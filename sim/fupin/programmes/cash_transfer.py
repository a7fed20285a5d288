"""Cash transfers, which are not of the document: the yardstick of every comparison (what would the
same money do as cash?), and a planner's lever.

Who decides: once a year, in its first month of activity, a list is drawn up of as many households
as the year's money reaches. `who` says from whom. `listed_villages`: villages get seats by their
registered poor, and committees choose as for household projects, with the same targeting error and
elite capture. `registered`: the same in all villages, of those on the register alone. `poorest`: an
office ranks all by income as their village sees it, as the pilot of the minimum living allowance
does. `all`: by lot. `perfect`: those of them whose true income at present conditions is lowest,
which no office knows: a bound, and not a plan.

Mechanism: a household is paid a sum for each of its persons in each of `months` months, in the
order of the list, as far as its county's cash goes; in the last month it gets all that is
outstanding. It is income of that month, added in yuan; what
consumption cannot insure is consumed at once. Without a plan's `unit_cost` a person gets the year's
poverty line in all. Losses: a share of all money, and what delivery costs. Fading: cash helps in
the months in which it is paid; what is saved of it stays savings. Need: money ends where everybody
of the list is paid. The register sees cash as it sees all income; being paid hardly ever brings a
re-assessment, since money comes to an account and nobody to the door.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.livelihood.farm import members
from fupin.programmes.base import Ints, Programme
from fupin.programmes.selection import Criteria, criteria
from fupin.programmes.shares import split
from fupin.programmes.targeting import rank_all
from fupin.programmes.transfers import pay, rank_by_need, within_purses
from fupin.randomness import month_index
from fupin.scenario.programmes import CashTransferSettings
from fupin.scenario.targeting import RANKED
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World

_NOBODY = np.zeros(0, np.int64)
_USUAL_SIZE = 3.5  # persons of a household, for a first guess at how many the money reaches


class CashTransfer(Programme[CashTransferSettings]):
    """Yuan to the households of a yearly list.

    Attributes:
        complete: True where the list has everybody who may have it.
        listed: household rows of the year's list, in order, (L,).
        units: persons (or households) that each is paid for, of all that it stands for, (L,).
        paid: payments that each has had this year, (L,).
        payments: payments to a household in the year.
        each: yuan a month for a person (or household).
    """

    key = "cash_transfer"
    service = Service.CASH

    def __init__(self, world: World, settings: CashTransferSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self.listed = self.units = self.paid = _NOBODY
        self.payments = self.each = 0
        self.complete = False
        self._all_listed = np.zeros(world.counties, np.bool_)
        self._money: Ints | None = None

    @property
    def needs_list(self) -> bool:
        """Only where committees of listed villages choose."""
        return (self.settings.who or "listed_villages") in ("listed_villages", "listed_village")

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"person_months": 0, "recipients_poor": 0, "yuan_paid": 0}
        self.counts["yuan_of_delivery"] = 0

    def open_fiscal_year(self) -> None:
        """The year's list is not drawn up yet."""
        self.listed = self.units = self.paid = _NOBODY
        self._allotments: Ints | None = None

    # -- money --------------------------------------------------------------------------------

    def _set_terms(self) -> None:
        """How often households are paid this year, and how much."""
        active = len(self.schedule.months)
        self.payments = min(self.settings.months or active, active)
        # The line is yuan of the year, and the money is yuan of 2009.
        real = self.world.level_of_money / self.world.level
        year = self.own("share_of_line") * self.world.line * real
        given = self.settings.unit_cost
        self.each = math.ceil(year / self.payments) if given is None else int(given)

    @property
    def delivery(self) -> int:
        """Yuan that bringing one such sum costs."""
        return round(self.each * self.own("delivery_cost"))

    @property
    def taken(self) -> int:
        """What one such sum takes from the budget, delivery and losses included."""
        return self.with_loss(self.each) + self.with_loss(self.delivery)

    def release_and_allocate(self) -> None:
        """The list in the first month of activity; counties get the money of those on it."""
        if not self.at_work:
            return
        if self._allotments is None:
            self._draw_up_list()
        assert self._allotments is not None
        self.release_this_month(self._allotments)

    def _draw_up_list(self) -> None:
        """As many households as the money reaches; what is left is less than the next one needs."""
        self._set_terms()
        # Yuan of each county where the plan says how they share the money.
        self._money = None if self.settings.share is None else split(self, self.budget)
        rows = self._ranked()
        units = self._units_of(rows)
        if self._money is not None:
            self._list_in_counties(rows, units, self._money)
            return
        if self.county_money is not None:
            self._list_in_counties(rows, units, self.county_money.budgets())
            return
        # Sums beyond the budget would not fit into whole numbers; nobody is interested in them.
        reach = np.cumsum(units.astype(np.float64) * self.taken * self.payments)
        number = int(np.searchsorted(reach, self.budget, "right"))
        self.listed, self.units = rows[:number], units[:number]
        self.complete = number == rows.size
        self._all_listed = np.full(self.serves.size, self.complete)
        self.paid = np.zeros(number, np.int64)
        self._allotments = np.zeros(self.serves.size, np.int64)
        if rows.size == 0:
            return
        county = self.county_of(self.village_of(rows[: number + 1]))
        np.add.at(self._allotments, county[:number], self.units * self.taken * self.payments)
        self._allotments[county[-1]] += self.budget - int(self._allotments.sum())

    def _list_in_counties(self, rows: Ints, units: Ints, money: Ints) -> None:
        """Of those ranked, as many in each county as its money reaches."""
        county = self.county_of(self.village_of(rows))
        cost = units * self.taken * self.payments
        order = np.argsort(county, kind="stable")
        listed = np.zeros(rows.size, np.bool_)
        listed[order] = within_purses(county[order], cost[order], money)
        # Only until the first whom the money does not reach: nobody is passed over.
        short = np.bincount(county[~listed], minlength=money.size) > 0
        self.listed, self.units = rows[listed], units[listed]
        self._all_listed = ~short
        self.complete = bool(self._all_listed.all())
        self.paid = np.zeros(self.listed.size, np.int64)
        self._allotments = money

    def _units_of(self, rows: Ints) -> Ints:
        weight = self.weight_of(rows)
        if self.settings.per == "household":
            return weight
        return weight * self.world.households.size[rows].astype(np.int64)

    # -- the list -----------------------------------------------------------------------------

    def _ranked(self) -> Ints:
        """Household rows in the order of the list, more than the money reaches if there are."""
        who = self.settings.who or "listed_villages"
        villages = self.world.frame.villages
        if who in RANKED and not self.settings.perfect:
            here = np.flatnonzero(self.serves[np.asarray(villages.county)])
            # A meeting knows its own village alone, a card and a test are read for all villages.
            if who == "community":
                return self._chosen_by_committees(here, who)
            return rank_all(self, here)
        eligible = self.serves[np.asarray(villages.county)]
        if who == "listed_villages":
            eligible = eligible & self.world.village_list.listed
        here = np.flatnonzero(eligible)
        if self.settings.perfect:
            return self._truly_poorest(here, only_registered=who == "registered")
        if who == "poorest":
            odds = float(columns.log_of(self.world.values["minimum_living.need_odds"]))
            return rank_by_need(self, here, self.world.openness.log_odds("need_odds", odds))
        return self._chosen_by_committees(here, who)

    def _truly_poorest(self, villages: Ints, only_registered: bool) -> Ints:
        h = self.world.households
        rows, _ = members(self.world.villages.offsets, villages)
        if only_registered:
            rows = rows[h.registered[rows] > 0]
        return rows[np.lexsort((rows, h.base[rows] * (h.flow[rows] + h.wages[rows])))]

    def _chosen_by_committees(self, villages: Ints, who: str) -> Ints:
        """Villages get seats in proportion to their registered poor (or people), and fill them.

        A village with a share s of the seats, keyed luck u and weight w sends its k-th household
        when the money grows by the factor (k - u) w / s: seats are whole, more money adds
        households and takes none away, and each village sends what it should in expectation,
        whatever it stands for.
        """
        world, v = self.world, self.world.villages
        people = self.people_by_village[villages]
        villages, people = villages[people > 0], people[people > 0]
        if villages.size == 0:
            return _NOBODY
        weight = v.weight[villages]
        year = month_index(world.clock.year, 1)
        luck = world.chance.uniforms(f"{self.key}/seat", v.id[villages], 0, year).astype(np.float64)
        most = np.diff(v.offsets)[villages]
        share = self._shares_of(villages, people * weight) / weight
        households = 1.2 * self.budget / (self.taken * self.payments * _USUAL_SIZE) + 1.0
        while True:
            quota = np.minimum(np.floor(np.minimum(households * share, most) + luck), most)
            rows, taken = self.choose_in(
                villages, quota.astype(np.int64), self._criteria(who), year
            )
            if self._enough(villages, rows, quota < most):
                break
            households *= 2.0
        at = np.repeat(np.arange(villages.size), taken)
        place = np.arange(rows.size) - np.repeat(np.cumsum(taken) - taken, taken)
        turn = (place + 1.0 - luck[at]) / share[at]
        return rows[np.lexsort((rows, turn))]

    def _shares_of(self, villages: Ints, people: Ints) -> npt.NDArray[np.float64]:
        """Part of the money for each village: by its people, within what its county gets."""
        if self._money is None:
            return people / float(people.sum())
        county = self.county_of(villages)
        of_county = np.bincount(county, people, self._money.size)
        money = np.where(of_county > 0, self._money, 0) / max(float(self._money.sum()), 1.0)
        return np.asarray(people / of_county[county] * money[county], np.float64)

    def _enough(self, villages: Ints, rows: Ints, more_to_come: npt.NDArray[np.bool_]) -> bool:
        """Whether rows cost all the money there is, or villages have nobody else to send."""
        if not more_to_come.any():
            return True
        cost = self._units_of(rows).astype(np.float64) * self.taken * self.payments
        money = self._money if self.county_money is None else self.county_money.budgets()
        if money is None:
            return float(cost.sum()) >= self.budget
        got = np.bincount(self.county_of(self.village_of(rows)), cost, money.size)
        waiting = np.bincount(self.county_of(villages[more_to_come]), minlength=money.size) > 0
        return not bool((waiting & (got < money)).any())

    def _criteria(self, who: str) -> Criteria:
        if who == "all":
            return criteria(needs_labour=False)
        odds = float(columns.log_of(self.world.values["household_projects.registered_odds"]))
        return criteria(
            registered_odds=self.world.openness.log_odds("registered_odds", odds),
            better_off_odds=self.log_odds("elite_capture_odds"),
            only_registered=who == "registered",
            needs_labour=False,
        )

    # -- payments -----------------------------------------------------------------------------

    def carry_out(self) -> None:
        """The month's payments: those who are paid already first, then new ones of the list."""
        if not self.at_work or self.listed.size == 0:
            return
        going_on = np.flatnonzero((self.paid > 0) & (self.paid < self.payments))
        waiting = np.flatnonzero(self.paid == 0)
        begun = np.cumsum(self.weight_of(self.listed[waiting])) <= self._places
        due = np.concatenate([going_on, waiting[begun]])
        of_list = self.county_of(self.village_of(self.listed))
        county = of_list[due]
        order = np.argsort(county, kind="stable")  # the list within each county
        last = self.schedule.place == len(self.schedule.months) - 1
        times = self.payments - self.paid[due] if last else np.ones(due.size, np.int64)
        cost = self.units[due] * self.taken * times
        within = within_purses(county[order], cost[order], self.cash)
        if self._all_listed.any():
            short = np.bincount(county[order[~within]], minlength=self.serves.size) > 0
            self.limited(self._all_listed & ~short, Limit.ELIGIBLE)
        self.limited(of_list[waiting[~begun]], Limit.PLACES)
        got = np.sort(order[within])
        if got.size:
            self._pay(due[got], times[got])

    @property
    def _places(self) -> int:
        return self.own_places()

    def _pay(self, now: Ints, times: Ints) -> None:
        """Positions of the list are paid some times: cash, its delivery, what is lost of both."""
        h, rows, units = self.world.households, self.listed[now], self.units[now] * times
        county = self.county_of(self.village_of(rows))
        self.book(county, units, self.each)
        ledger, delivery = self.world.ledger, self.delivery
        ledger.deliver(self.index, county, units * delivery)
        ledger.lose(self.index, county, units * (self.with_loss(delivery) - delivery))
        # A household is paid for the persons whom the list has; births and deaths come later.
        yuan = units // self.weight_of(rows) * self.each
        pay(self.world, rows, yuan / np.maximum(h.size[rows], 1))
        self.mark_reached(rows)
        persons = self.weight_of(rows) * h.size[rows]
        self.counts["person_months"] += int(persons @ times)
        self.counts["yuan_paid"] += int(units.sum()) * self.each
        self.counts["yuan_of_delivery"] += int(units.sum()) * delivery
        fresh = rows[self.paid[now] == 0]
        self.paid[now] += times
        self.count_households(fresh)
        poor = fresh[h.income[fresh] < self.world.line]  # last year's income, the line of this year
        self.counts["recipients_poor"] += int(self.weight_of(poor).sum())
