"""Convergence with the minimum living allowance: "Wuqiang County conducted effective convergence
between 'two systems', established the poor recognition mechanism and dynamic monitoring mechanism,
identified the poor in accordance with identification method, improved the card filing and
implemented effective follow-up measures and dynamic monitoring for targeted support."

Who decides: the county's civil affairs office. Two things are paid. Card filing: village by
village, most registered poor first; where cards are filed, the December review sees incomes with a
smaller error and a smaller lasting misjudgement. Transfers: households are ranked by what their
village says they have, with a chance that is large beside it, and with the better-off favoured, so
that many recipients are not poor and most of the poor get nothing (Golan, Sicular & Umapathi
2017); the first of the list get a monthly sum a head as far as cash goes. They are followed up:
being served may bring a re-assessment. The list is drawn up anew each year. Losses: a
share of all money. Fading: a transfer helps in the months in which it is paid, in part through
consumption, and cards serve as long as the programme works. Under `recognition: off` cards change
nothing, so that what remains is income. The ordinary allowance is part of livelihoods and goes on
without this.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.programmes.base import Ints, Programme
from fupin.programmes.transfers import pay, rank_by_need, within_purses
from fupin.scenario.programmes import MinimumLivingSettings
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World

_NOBODY = np.zeros(0, np.int64)


class MinimumLiving(Programme[MinimumLivingSettings]):
    """Cards and transfers of the counties that link register and allowance."""

    key = "minimum_living"
    service = Service.VISIT

    def __init__(self, world: World, settings: MinimumLivingSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self.filed = np.zeros(world.villages.id.size, bool)  # villages with cards
        self.ranking: Ints = _NOBODY  # household rows, neediest (as seen) first
        self.listed = 0  # how many of the ranking are on the list of the year
        self._paid: npt.NDArray[np.bool_] = np.zeros(0, bool)  # of the ranking, this year

    def default_counties(self) -> np.ndarray:
        """The pilot county, Wuqiang."""
        return np.asarray(self.world.frame.counties.code) == _WUQIANG

    def open_year(self) -> None:
        """Counts from zero; money by registered poor; a new ranking is drawn up."""
        super().open_year()
        self.counts |= {"person_months": 0, "villages_filed": 0, "recipients_poor": 0}
        self._allotments = self.split_by_registered()
        self._for_cards = np.zeros(self.serves.size, np.int64)
        self.ranking, self.listed, self._paid = _NOBODY, 0, np.zeros(0, bool)

    def release_and_allocate(self) -> None:
        """Money of the month; a part of it is for cards while villages wait for them."""
        before = self.cash
        self.release_this_month(self._allotments)
        self._for_cards += np.floor((self.cash - before) * self.own("card_share")).astype(np.int64)

    def choose(self) -> None:
        """The year's ranking in the first month of activity, then as many as offices can list."""
        if not self.at_work:
            return
        if self.ranking.size == 0:
            self.ranking = self._rank()
            self._paid = np.zeros(self.ranking.size, bool)
        given = self.settings.places_per_month
        places = round(self.own("listed_per_month")) if given is None else int(given)
        waiting = self.weight_of(self.ranking[self.listed : self.listed + places])
        self.listed += int(np.searchsorted(np.cumsum(waiting), places, "right"))

    def _rank(self) -> Ints:
        """Households of the counties, by income as the village sees it, with much chance."""
        here = np.flatnonzero(self.serves[np.asarray(self.world.frame.villages.county)])
        return rank_by_need(self, here, self.own_log_odds("need_odds"))

    def carry_out(self) -> None:
        """Cards first, as far as their part goes; then the month's transfers."""
        if self.at_work:
            self._file_cards()
            self._pay()

    def _file_cards(self) -> None:
        world, price = self.world, round(self.own("card_cost"))
        county = np.asarray(world.frame.villages.county, np.int64)
        waiting = np.flatnonzero(~self.filed & self.serves[county])
        order = np.lexsort((waiting, -world.registered_by_village[waiting], county[waiting]))
        waiting = waiting[order]
        weight = world.villages.weight[waiting]
        purse = np.minimum(self._for_cards, self.cash)
        now = waiting[within_purses(county[waiting], weight * self.with_loss(price), purse)]
        if now.size:
            weight = world.villages.weight[now]
            self.book(county[now], weight, price)
            np.subtract.at(self._for_cards, county[now], weight * self.with_loss(price))
            self.filed[now] = True
            self.counts["villages_filed"] += int(weight.sum())
        done = np.bincount(county[~self.filed], minlength=self.serves.size) == 0
        self._for_cards[done] = 0  # what is left goes to transfers

    def _pay(self) -> None:
        world, h = self.world, self.world.households
        each = self._monthly()
        rows = self.ranking[: self.listed]
        people = self.weight_of(rows) * h.size[rows].astype(np.int64)
        county = self.county_of(self.village_of(rows))
        order = np.argsort(county, kind="stable")  # the ranking within each county
        purse = np.maximum(self.cash - self._for_cards, 0)
        cost = people[order] * self.with_loss(each)
        within = within_purses(county[order], cost, purse)
        everybody = np.bincount(county[order[~within]], minlength=purse.size) == 0
        waits = self.listed < self.ranking.size
        self.limited(everybody, Limit.PLACES if waits else Limit.ELIGIBLE)
        got = np.sort(order[within])
        rows = rows[got]
        if rows.size == 0:
            return
        self.book(county[got], people[got], each)
        pay(world, rows, each)
        self.mark_reached(rows)
        self.counts["person_months"] += int(people[got].sum())
        fresh = rows[~self._paid[got]]
        self._paid[got] = True
        self.count_households(fresh)
        poor = fresh[h.income[fresh] < world.line]  # last year's income, the line of this year
        self.counts["recipients_poor"] += int(self.weight_of(poor).sum())

    def _monthly(self) -> int:
        given = self.settings.unit_cost
        return round(self.own("transfer") if given is None else float(given))

    def recognise(self, seen: npt.NDArray[np.float32]) -> None:
        """Villages with cards see incomes with a smaller error."""
        world = self.world
        if not (self.at_work and world.plan.recognition and self.filed.any()):
            return
        left = f32(1.0 - self.own("error_cut"))
        rows = np.flatnonzero(np.repeat(self.filed, np.diff(world.villages.offsets)))
        true = columns.log(world.households.income[rows])
        seen[rows] = true + left * (seen[rows] - true)


_WUQIANG = 131123
