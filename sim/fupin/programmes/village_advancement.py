"""Entire Village Advancement: "In 2009, the government improved the work standards of '12
possessions' for Entire Village Advancement ... In the 30 poor villages of the two old
revolutionary base areas - Dongguang and Chicheng, central lottery public welfare funds of 42.5
million Yuan were arranged ..., averagely more than 1.4 million Yuan for each village."

Who decides: the province. The named lottery villages come first, then villages with a plan under
way get their second instalment, then new plans start: in villages of old revolutionary bases (the
official rule of 2008-2010), then in other listed villages, where a yuan serves most registered
poor as offices see it (with error). Need: villages whose plan is not paid in full. Mechanism:
money builds village works from the month in which it is paid, more under a good committee, less
where town is far, and with the square root of the dose; works raise the incomes of those who use
them, the better-off more (`works.py`). Losses: a share of every instalment. Fading: works wear
off once they are in full use.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.programmes.base import Ints, Programme
from fupin.programmes.displaced import draw_away
from fupin.programmes.rounding import RealVillages, real_villages
from fupin.programmes.village_queue import (
    VillageQueue,
    as_seen,
    count_people,
    money_by_county,
)
from fupin.scenario.programmes import VillageAdvancementSettings
from fupin.state import roster
from fupin.state.limits import Limit
from fupin.state.works import remote_factor


class VillageAdvancement(Programme[VillageAdvancementSettings]):
    """Two-year plans for the listed villages, and the lottery villages as a named part."""

    key = "village_advancement"
    without_taker = Limit.FINISHED

    _queue: VillageQueue

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"villages": 0, "villages_begun": 0, "villages_completed": 0}
        self.counts |= {"lottery_villages": 0}
        if self.world.plan.village_list is not None:
            self.counts |= {"new_list_villages": 0, "new_list_begun": 0}

    def open_fiscal_year(self) -> None:
        """The year's queue: villages that the budget can pay, in order, and each county's sum."""
        lottery, lottery_yuan = self._lottery_villages()
        in_lottery = np.bincount(lottery.rows, minlength=len(self.world.frame.villages))
        for other in self.world.programmes:  # an entry before this one has lined up its villages
            if isinstance(other, VillageAdvancement) and other.index < self.index:
                in_lottery += np.bincount(other._queue.villages, minlength=in_lottery.size)
        due = self._real(self._villages_due(in_lottery), in_lottery)
        real = lottery.then(due)
        yuan = np.concatenate(
            [np.full(lottery.rows.size, lottery_yuan), self._instalments(due.rows)]
        )
        by_county = self._by_county(lottery, lottery_yuan, due, yuan[lottery.rows.size :])
        budget = self.budget_to_queue if by_county is None else by_county
        self._queue = VillageQueue(self, real, yuan, budget)
        # Of the queue: those of the lottery, and yuan of plans at the year's beginning.
        self._lottery = self._queue.order < lottery.rows.size
        self._before = self.world.works.plan_money[self._queue.villages]
        cost = self.world.works.plan_cost[self._queue.villages]
        self._cost = np.where(self._before > 0, cost, self._plan_cost)
        # Where every village gets its last instalment the list is finished, else the year's part.
        self.met = Limit.FINISHED if self._pays_in_full(slice(None)).all() else Limit.NEED

    def _pays_in_full(self, positions: Ints | slice) -> np.ndarray:
        """Which of the queue's instalments are the last of their plan."""
        paid = self._before[positions] + self._queue.yuan[positions]
        return np.asarray(paid >= self._cost[positions] - 1.0)

    def _by_county(
        self, lottery: RealVillages, each: int, due: RealVillages, yuan: Ints
    ) -> Ints | None:
        """Money of each county where the plan has a rule; lottery money goes to its villages."""
        named = np.bincount(self.county_of(lottery.rows), minlength=self.serves.size)
        of_lottery = named * self.with_loss(each)
        rest = self.budget - int(of_lottery.sum())
        split_up = money_by_county(self, due.rows, yuan, rest)
        return None if split_up is None else of_lottery + split_up

    def _real(self, villages: Ints, served: Ints | None = None) -> RealVillages:
        """The real villages that sampled ones stand for, less the first so many of each."""
        year = self.world.clock.year
        return real_villages(self.world, f"{self.key}/place", villages, year, served)

    @property
    def _plan_cost(self) -> float:
        """Yuan of a plan that starts this year: the plan's cost of a unit, else the rule's."""
        given = self.settings.unit_cost
        rule = roster.plan_cost(self.world.values, self.world.clock.year)
        return rule if given is None else float(given)

    def _instalments(self, villages: Ints) -> Ints:
        """Yuan that each village is due this year."""
        works = self.world.works
        begun = works.plan_money[villages] > 0
        cost = np.where(begun, works.plan_cost[villages], self._plan_cost)
        left = np.where(begun, cost - works.plan_money[villages], cost)
        return np.rint(np.minimum(cost / roster.PLAN_YEARS, left)).astype(np.int64)

    def _villages_due(self, in_lottery: Ints) -> Ints:
        """Villages whose plan is not paid in full, in the order of the queue.

        Args:
            in_lottery: of the real villages that each stands for, those of the lottery, (V,).
        """
        world, villages = self.world, self.world.frame.villages
        batch = world.village_list.place
        # A plan under way is paid to its end, though a new list may be without its village.
        waits = ((batch >= 0) & ~world.works.plan_complete) | world.works.plan_open
        waits &= self.serves[np.asarray(villages.county)]
        waits &= in_lottery < np.asarray(world.villages.weight)
        due = np.flatnonzero(waits)
        begun = world.works.plan_money[due] > 0
        # Villages of old bases were left to the rule's years, and come first in these.
        first = np.asarray(villages.old_base)[due] == (
            world.clock.year >= roster.ruled_years(world.values)[0]
        )
        turn = np.where(begun, batch[due], -as_seen(self, due, self._value(due)))
        return due[np.lexsort((batch[due], turn, ~first & ~begun, ~begun))]

    def _value(self, villages: Ints) -> npt.NDArray[np.float64]:
        """Registered poor whom a yuan of a new plan serves; all plans cost the same."""
        far = remote_factor(self.world.frame, self.world.values)[villages]
        return self.world.registered_by_village[villages] / far

    def _lottery_villages(self) -> tuple[RealVillages, int]:
        """The named part: its villages, shared evenly by its counties, and yuan for each."""
        lottery, nobody = self.settings.lottery, self._real(np.zeros(0, np.int64))
        yuan = 0 if lottery is None else self.budget_of_part(lottery.budget)
        if lottery is None or yuan == 0:
            return nobody, 0
        frame = self.world.frame
        named = np.flatnonzero(np.isin(np.asarray(frame.counties.code), lottery.counties))
        batch = self.world.village_list.place
        real = nobody
        for k, row in enumerate(named):
            here = np.flatnonzero((np.asarray(frame.villages.county) == row) & (batch >= 0))
            finished = self.world.works.plan_complete[here]
            here = here[np.lexsort((batch[here], finished))]  # open plans before finished ones
            wanted = lottery.villages * (k + 1) // named.size - lottery.villages * k // named.size
            real = real.then(self._real(here).at(slice(wanted)))
        total = real.rows.size
        each = int(yuan / total * (1.0 - self.loss_rate)) if total else 0
        while each > 0 and self.with_loss(each) * total > yuan:  # losses are rounded to whole yuan
            each -= 1
        return (real, each) if each else (nobody, 0)

    def close_year(self) -> None:
        """How many villages of the plan's own list there are is counted too."""
        if self.world.plan.village_list is not None:
            new = self.world.village_list.new
            self.counts["new_list_villages"] = int(self.world.villages.weight[new].sum())
        super().close_year()

    def default_counties(self) -> np.ndarray:
        """All counties with listed villages, or plans under way from an earlier list."""
        world = self.world
        return self.counties_of(world.village_list.listed | world.works.plan_open)

    def release_and_allocate(self) -> None:
        """Counties get the instalments of their villages in the year's queue."""
        self._queue.release()

    def carry_out(self) -> None:
        """Pay the instalments that the county's cash covers, in the order of the queue."""
        if not self.at_work:
            return
        paid = self._queue.pay(self.places("advancement_places"))
        if paid.size == 0:
            return
        world, begins = self.world, self._before[paid] <= 0
        works = world.works
        rows, yuan = self._queue.lived(paid)
        works.plan_cost[rows[works.plan_money[rows] <= 0]] = self._plan_cost
        works.spend(rows, yuan.astype(np.float64), plan=True)
        draw_away(self, rows, yuan)
        paid_in_full = self._pays_in_full(paid)
        households, persons = count_people(self, self._queue.villages[paid])
        self.counts["villages"] += paid.size
        self.counts["villages_begun"] += int(begins.sum())
        self.counts["villages_completed"] += int(paid_in_full.sum())
        self.counts["lottery_villages"] += int(self._lottery[paid].sum())
        if world.plan.village_list is not None:
            anew = world.village_list.new[self._queue.villages[paid]]
            self.counts["new_list_begun"] += int((anew & begins).sum())
        self.counts["households"] += households
        self.counts["persons"] += persons
