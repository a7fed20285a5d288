"""Relocation: "In July 2009, the counties assigned the task of poverty alleviation by relocation
had completed the relocation of 1547 households, involving 5359 people, and five immigrant
communities were being constructed."

Who decides: the task counties (named by the plan, else the 11 of the frame) ask the households
nominated to their communities, the registered first; about half of those asked consent in a month.
Mechanism: a household keeps its id and row, `place` points to the community (-1 - its row). It
loses time, part of its land and the use of its old village's works, takes on debt for the house,
and gains access to work as it settles: its income dips and then climbs over two years to a gain in
proportion to the remoteness that it leaves behind. The debt is paid off over some years out of
liquid savings; nobody has to sell productive assets for it. Losses: a share of the grant. Fading:
none after the climb.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.programmes.base import Ints, Programme
from fupin.programmes.rounding import place_among
from fupin.programmes.targeting import pay_for_choosing, ranking
from fupin.scenario.programmes import RelocationSettings
from fupin.scenario.targeting import ON_CARDS, RANKED
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World

JULY = 7
"""The document counts those moved by then."""

_GOLDEN = 0.6180339887498949
"""Multiples of it fill the unit interval most evenly."""


class Relocation(Programme[RelocationSettings]):
    """Households move from remote villages to built communities."""

    key = "relocation"
    service = Service.VISIT
    without_taker = Limit.NEED

    def __init__(self, world: World, settings: RelocationSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self.moved: Ints = np.zeros(0, np.int64)  # household rows, in order of moving
        self.since: Ints = np.zeros(0, np.int64)  # month index of the move
        self.debt = np.zeros(0, np.float32)  # owed for the house, years of own reference income
        self.works_left = np.zeros(0, np.float32)  # log gain of village works that they forgo
        self._candidates, self._community, self._sampled = self._real_households(*self._queue())
        self._gone = np.zeros(self._candidates.size, np.bool_)
        self._leaving: Ints = np.zeros(0, np.int64)  # positions in the queue, this month

    def default_counties(self) -> np.ndarray:
        """The task counties: those with communities."""
        communities = self.world.frame.communities
        return np.isin(np.arange(len(self.world.frame.counties.code)), communities.county)

    def _queue(self) -> tuple[Ints, Ints]:
        """Nominated household rows and their community, in the frame's keyed order."""
        communities = self.world.frame.communities
        offsets = np.asarray(communities.offsets, np.int64)
        rows = np.asarray(communities.members, np.int64)
        community = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
        turn = np.arange(rows.size) - np.repeat(offsets[:-1], np.diff(offsets))
        order = np.lexsort((community, turn))  # communities fill side by side
        return rows[order], community[order]

    def _real_households(self, rows: Ints, community: Ints) -> tuple[Ints, Ints, np.ndarray]:
        """The queue of all real households that those of the queue stand for, each of its size.

        Those that one stands for are spread over the whole queue: a county's money of a month would
        else move households of one size, and small ones more often. Which of them is the household
        itself is spread, too, so that as many of the sample move as there is money for.

        Returns:
            household row and community of each, and whether it is that household itself.
        """
        weight = self.weight_of(rows)
        at = np.repeat(np.arange(rows.size), weight)
        place = np.arange(at.size) - (np.cumsum(weight) - weight)[at]
        if at.size == rows.size:
            return rows, community, np.ones(rows.size, np.bool_)
        start = self.world.chance.uniforms(f"{self.key}/place", np.zeros(1, np.int64))
        own = place_among(weight, (start + _GOLDEN * np.arange(rows.size)) % 1.0)
        turn = np.argsort((place + self.uniforms("turn", rows, month=0)[at]) / weight[at])
        return rows[at][turn], community[at][turn], (place == own[at])[turn]

    def open_year(self) -> None:
        """January: those moved by July are counted apart, as the document counts them."""
        super().open_year()
        self.counts |= {"households_by_july": 0, "persons_by_july": 0}

    def open_fiscal_year(self) -> None:
        """Task counties get money by the households nominated in them."""
        self._allotments = self.split_by(np.where(self.serves, self.need_by_county(), 0.0))

    def need_by_county(self) -> npt.NDArray[np.float64]:
        """Persons nominated to the communities of each county, (counties,)."""
        county = self.county_of(self.village_of(self._candidates))
        nominated = np.zeros(self.serves.size, np.float64)
        people = self.world.households.size[self._candidates]
        np.add.at(nominated, county, people.astype(np.float64))
        return nominated

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    def choose(self) -> None:
        """Counties ask the nominated, registered households first, while cash and places last."""
        rows = self._candidates
        waiting = self.serves[self.county_of(self.village_of(rows))]
        waiting &= ~self._gone
        self._leaving = np.zeros(0, np.int64)
        if not self.at_work:
            return
        if not waiting.any():
            self.limited(slice(None), Limit.NEED)
            return
        turn = np.flatnonzero(waiting)
        willing = self.uniforms("consent", rows[turn]) < self.value("relocation_consent")
        turn = turn[willing]
        turn = self._in_order(turn)
        county = self.county_of(self.village_of(rows))
        paid_for = self._affordable(rows[turn])
        # Nobody else is willing this month; where nobody waits at all the communities are full.
        nominated = np.bincount(county[waiting], minlength=self.serves.size) > 0
        dear = np.bincount(county[turn[~paid_for]], minlength=self.serves.size) > 0
        self.limited(nominated & ~dear, Limit.ELIGIBLE)
        self.limited(~nominated, Limit.NEED)
        turn = turn[paid_for]
        places = self.places("relocation_places")
        self.limited(county[turn[places:]], Limit.PLACES)
        self._leaving = turn[:places]

    def _in_order(self, turn: Ints) -> Ints:
        """Those asked, as positions in the queue, in the order in which they may go."""
        rows, h = self._candidates[turn], self.world.households
        if self.way in ON_CARDS:
            turn = turn[h.registered[rows] > 0]
        elif self.way == "listed_village":
            turn = turn[np.asarray(self.world.village_list.listed)[self.village_of(rows)]]
        rows = self._candidates[turn]
        if self.way in RANKED:
            of_year = ranking(self, self.way)
            pay_for_choosing(self, of_year)
            return turn[np.lexsort((turn, of_year.score[rows]))]
        if self.way == "all":
            return turn[np.lexsort((turn, self.uniforms("lot", rows, month=0)))]
        return turn[np.lexsort((turn, -h.registered[rows].astype(np.int8)))]

    @property
    def meeting_places(self) -> npt.NDArray[np.bool_]:
        """Villages with households nominated to a community, (V,)."""
        nominated = np.zeros(len(self.world.frame.villages), np.bool_)
        nominated[self.village_of(self._candidates)] = True
        return nominated

    def _affordable(self, rows: Ints) -> np.ndarray:
        """Which of the rows, in this order, the cash of their county pays for."""
        county = self.county_of(self.village_of(rows))
        people = self.world.households.size[rows].astype(np.int64)
        cost = people * self.with_loss(self.price("relocation_grant"))
        order = np.argsort(county, kind="stable")
        running = np.cumsum(cost[order])
        before = np.concatenate([[0], running])[np.searchsorted(county[order], county[order])]
        paid = np.zeros(rows.size, bool)
        paid[order] = running - before <= self.cash[county[order]]
        return paid

    def carry_out(self) -> None:
        """The month's households move."""
        if self._leaving.size == 0:
            return
        world, h = self.world, self.world.households
        self._gone[self._leaving] = True
        rows = self._candidates[self._leaving]
        people = h.size[rows].astype(np.int64)
        self.book(self.county_of(self.village_of(rows)), people, self.price("relocation_grant"))
        self.counts["households"] += rows.size
        self.counts["persons"] += int(people.sum())
        if world.clock.month <= JULY:
            self.counts["households_by_july"] += rows.size
            self.counts["persons_by_july"] += int(people.sum())
        own = self._leaving[self._sampled[self._leaving]]
        rows = self._candidates[own]
        world.moves.append((rows, self._community[own]))
        works = self._works_of_village(rows)  # they lose time and land, and leave these behind
        self.raise_income(rows, np.float32(self.value("relocation_dip")) - works)
        self.mark_reached(rows)
        self.moved = np.concatenate([self.moved, rows])
        self.since = np.concatenate([self.since, np.full(rows.size, world.clock.today, np.int64)])
        debt = np.full(rows.size, self.value("relocation_debt"), np.float32)
        self.debt = np.concatenate([self.debt, debt])  # for their part of the house
        self.works_left = np.concatenate([self.works_left, works])

    def _works_of_village(self, rows: Ints) -> npt.NDArray[np.float32]:
        """Log gain of households from what is in use in the village they come from."""
        better, poorer = self.world.works.gains()
        village = self.village_of(rows)
        return np.where(self.world.households.rank_half[rows] > 0, better[village], poorer[village])

    def fade(self) -> None:
        """Those who moved settle in, pay for their house and have no part in their old village."""
        if self.moved.size:
            self._settle_in()
            self._pay_debt()
            self._forgo_works()

    def _settle_in(self) -> None:
        """Each month of two years takes a household from the dip to the gain."""
        climb = round(self.value("relocation_climb_months"))
        age = self.world.clock.today - self.since
        climbing = (age > 0) & (age <= climb)
        rows = self.moved[climbing]
        if rows.size:
            left = np.asarray(self.world.frame.villages.remoteness)[self.village_of(rows)]
            reference = self.value("relocation_reference_remoteness")
            gain = self.value("relocation_gain") * left / reference
            self.raise_income(rows, (gain - self.value("relocation_dip")) / climb)

    def _pay_debt(self) -> None:
        """A month's part of the debt, as far as liquid savings above the credit limit go."""
        h = self.world.households
        months = 12.0 * self.value("relocation_debt_years")
        due = np.minimum(self.debt, np.float32(self.value("relocation_debt") / months))
        saved = self.world.savings_of(self.moved)
        able = np.maximum(saved + self.world.rates.credit_limit, np.float32(0.0))
        paid = np.minimum(due, able)
        h.reserve[self.moved] -= paid
        self.debt -= paid

    def _forgo_works(self) -> None:
        """What has come into use in the old village, or worn off there, does not concern them."""
        now = self._works_of_village(self.moved)
        self.raise_income(self.moved, self.works_left - now)
        self.works_left = now
