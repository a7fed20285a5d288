"""Entire Village Advancement: "In 2009, the government improved the work standards of '12
possessions' for Entire Village Advancement ... In the 30 poor villages of the two old
revolutionary base areas - Dongguang and Chicheng, central lottery public welfare funds of 42.5
million Yuan were arranged ..., averagely more than 1.4 million Yuan for each village."

Who decides: the province, by the roster: villages with works under way get their second
instalment before new villages start; the named lottery villages come first. Mechanism: money
builds village works, more under a good committee and with the square root of the dose; works
raise the incomes of those who use them, the better-off more (`works.py`). Losses: a share of
every instalment. Fading: works wear off once they are in full use.
"""

from __future__ import annotations

import numpy as np

from fupin.programmes.base import Ints, Programme
from fupin.programmes.village_queue import first_within
from fupin.scenario.programmes import VillageAdvancementSettings
from fupin.state import roster


class VillageAdvancement(Programme[VillageAdvancementSettings]):
    """Two-year plans for the listed villages, and the lottery villages as a named part."""

    key = "village_advancement"

    def open_year(self) -> None:
        """The year's queue: villages that the budget can pay, in order, and each county's sum."""
        super().open_year()
        self.counts |= {"villages": 0, "villages_completed": 0, "lottery_villages": 0}
        lottery, lottery_yuan = self._lottery_villages()
        due = self._villages_due(lottery)
        instalment = round(self._plan_cost / roster.PLAN_YEARS)
        villages = np.concatenate([lottery, due])
        each = np.concatenate([np.full(lottery.size, lottery_yuan), np.full(due.size, instalment)])
        grants = self.world.villages.weight[villages] * each
        cost = grants + self._losses(villages, each)
        payable = np.cumsum(cost) <= self.budget
        county = self.county_of(villages)
        allotments = np.zeros(self.serves.size, np.int64)
        np.add.at(allotments, county[payable], cost[payable])
        if payable.size and not payable.all():  # the rest waits at the next of the roster
            allotments[county[np.argmin(payable)]] += self.budget - int(cost[payable].sum())
        self._allotments = allotments
        # Behind them wait those whom less loss on the way would let the same money reach.
        keep = np.flatnonzero(np.cumsum(grants) <= self.budget)
        order = keep[np.argsort(county[keep], kind="stable")]  # roster order within a county
        self._villages, self._each = villages[order], each[order]
        self._turn = order  # place in the queue, across counties
        self._is_lottery = order < lottery.size
        self._paid = np.zeros(order.size, bool)

    @property
    def _plan_cost(self) -> int:
        """Yuan of a village's whole plan: the plan's cost of a unit, else the reference dose."""
        return self.price("advancement_dose")

    def _losses(self, villages: Ints, each: Ints) -> Ints:
        amounts, index = np.unique(each, return_inverse=True)
        loss = np.array([self.with_loss(int(a)) - int(a) for a in amounts], np.int64)
        return self.world.villages.weight[villages] * loss[index]

    def _villages_due(self, lottery: Ints) -> Ints:
        """Villages of the roster whose plan is not paid in full: under way first."""
        villages = self.world.frame.villages
        batch = np.asarray(villages.batch, np.int64)
        spent = self.world.works.plan_money
        open_plan = (batch >= 0) & (spent < self._plan_cost - 1.0)
        due = np.flatnonzero(open_plan & self.serves[np.asarray(villages.county)])
        due = due[~np.isin(due, lottery)]
        return due[np.lexsort((batch[due], spent[due] <= 0))]

    def _lottery_villages(self) -> tuple[Ints, int]:
        """The named part: its villages, shared evenly by its counties, and yuan for each."""
        lottery = self.settings.lottery
        yuan = 0 if lottery is None else lottery.budget_in(self.world.clock.year)
        if lottery is None or yuan == 0:
            return np.zeros(0, np.int64), 0
        frame = self.world.frame
        named = np.flatnonzero(np.isin(np.asarray(frame.counties.code), lottery.counties))
        batch = np.asarray(frame.villages.batch, np.int64)
        chosen: list[Ints] = []
        for k, row in enumerate(named):
            here = np.flatnonzero((np.asarray(frame.villages.county) == row) & (batch >= 0))
            finished = self.world.works.plan_money[here] >= self._plan_cost - 1.0
            here = here[np.lexsort((batch[here], finished))]  # open plans before finished ones
            wanted = lottery.villages * (k + 1) // named.size - lottery.villages * k // named.size
            standing_for = np.cumsum(self.world.villages.weight[here])
            # A thin sample keeps at least one village, which then stands for the named ones.
            chosen.append(here[: max(1, int(np.searchsorted(standing_for, wanted, "right")))])
        villages = np.concatenate(chosen)
        total = int(self.world.villages.weight[villages].sum())
        each = int(yuan / total * (1.0 - self.loss_rate)) if total else 0
        while each > 0 and self.with_loss(each) * total > yuan:  # losses are rounded to whole yuan
            each -= 1
        return villages[: villages.size if each else 0], each

    def default_counties(self) -> np.ndarray:
        """All counties with listed villages."""
        return self.counties_with_listed_villages()

    def release_and_allocate(self) -> None:
        """Counties get the instalments of their villages in the year's queue."""
        self.release_this_month(self._allotments)

    def carry_out(self) -> None:
        """Pay the instalments that the county's cash covers, in roster order."""
        if not self.at_work or self._villages.size == 0:
            return
        county = self.county_of(self._villages)
        weight = self.world.villages.weight[self._villages]
        cost = weight * self._each + self._losses(self._villages, self._each)
        waiting = np.where(self._paid, 0, cost)
        running = np.cumsum(waiting)
        before = np.concatenate([[0], running])[np.searchsorted(county, county)]
        now = ~self._paid & (running - before <= self.cash[county])
        starting = np.flatnonzero(now)
        places = self.places("advancement_places")
        starting = first_within(starting, self._turn[starting], weight[starting], places)
        if starting.size == 0:
            return
        rows, each = self._villages[starting], self._each[starting]
        for amount in np.unique(each):
            part = rows[each == amount]
            self.book(self.county_of(part), self.world.villages.weight[part], int(amount))
        self.world.works.spend(rows, each.astype(np.float64), plan=True)
        self._paid[starting] = True
        self._count(rows, self._is_lottery[starting])

    def _count(self, rows: Ints, lottery: np.ndarray) -> None:
        world = self.world
        weight = world.villages.weight[rows]
        done = world.works.plan_money[rows] >= self._plan_cost - 1.0
        offsets = world.villages.offsets
        households = offsets[rows + 1] - offsets[rows]
        persons = np.array(
            [int(world.households.size[offsets[r] : offsets[r + 1]].sum()) for r in rows]
        )
        self.counts["villages"] += int(weight.sum())
        self.counts["villages_completed"] += int(weight[done].sum())
        self.counts["lottery_villages"] += int(weight[lottery].sum())
        self.counts["households"] += int((weight * households).sum())
        self.counts["persons"] += int((weight * persons).sum())
