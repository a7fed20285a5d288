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
from fupin.programmes.rounding import affordable, place_among, real_villages
from fupin.programmes.targeting import rank_all
from fupin.programmes.transfers import pay, rank_by_need
from fupin.randomness import month_index
from fupin.scenario.programmes import MinimumLivingSettings
from fupin.scenario.targeting import RANKED
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
        self._filed = np.zeros(world.villages.id.size, np.int64)  # real ones that each stands for
        self.ranking: Ints = _NOBODY  # household rows, neediest (as seen) first
        self._weight: Ints = _NOBODY  # real households that each of the ranking stands for
        self._before: Ints = _NOBODY  # real households before these
        self._own: Ints = _NOBODY  # which of them it is itself
        self.listed = 0  # how many real ones of the ranking are on the list of the year
        self._paid: Ints = _NOBODY  # real ones of each of the ranking, paid this year

    def default_counties(self) -> np.ndarray:
        """The pilot county, Wuqiang."""
        result: npt.NDArray[np.bool_] = np.asarray(self.world.frame.counties.code) == _WUQIANG
        return result

    @property
    def needs_list(self) -> bool:
        """Its lists are of all villages of a county, unless the plan wants listed ones alone."""
        return self.way == "listed_village"

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"person_months": 0, "villages_filed": 0, "recipients_poor": 0}

    def open_fiscal_year(self) -> None:
        """Money by registered poor; a new ranking is drawn up."""
        self._allotments = self.split_by_registered()
        self._for_cards = np.zeros(self.serves.size, np.int64)
        self.ranking = self._weight = self._before = self._own = self._paid = _NOBODY
        self.listed = 0

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
            self._weight = self.weight_of(self.ranking)
            self._before = np.cumsum(self._weight) - self._weight
            january = month_index(self.world.clock.year, 1)
            self._own = place_among(self._weight, self.uniforms("place", self.ranking, 0, january))
            self._paid = np.zeros(self.ranking.size, np.int64)
        places = self.own_places("listed_per_month")
        self.listed = min(self.listed + places, int(self._weight.sum()))

    def _rank(self) -> Ints:
        """Households of the counties, by income as the village sees it, with much chance."""
        villages, way = self.world.frame.villages, self.way
        eligible = self.serves[np.asarray(villages.county)]
        if way == "listed_village":
            eligible = eligible & self.world.village_list.listed
        here = np.flatnonzero(eligible)
        if way in RANKED or way == "all":
            return rank_all(self, here)
        rows = rank_by_need(self, here, self.own_log_odds("need_odds"))
        return rows[self.world.households.registered[rows] > 0] if way == "registered" else rows

    def carry_out(self) -> None:
        """Cards first, as far as their part goes; then the month's transfers."""
        if self.at_work:
            self._file_cards()
            self._pay()

    def _file_cards(self) -> None:
        world, price = self.world, round(self.own("card_cost"))
        county = np.asarray(world.frame.villages.county, np.int64)
        waiting = np.flatnonzero((self._filed < world.villages.weight) & self.serves[county])
        order = np.lexsort((waiting, -world.registered_by_village[waiting], county[waiting]))
        real = real_villages(world, f"{self.key}/filed", waiting[order], served=self._filed)
        cost = np.full(real.rows.size, self.with_loss(price))
        purse = np.minimum(self._for_cards, self.cash)
        now = real.at(affordable(county[real.rows], cost, np.ones_like(cost), purse) > 0)
        if now.rows.size:
            self.book(county[now.rows], np.ones_like(now.rows), price)
            np.subtract.at(self._for_cards, county[now.rows], self.with_loss(price))
            np.add.at(self._filed, now.rows, 1)
            self.filed[now.rows[now.sampled]] = True
            self.counts["villages_filed"] += now.rows.size
        left = self._filed < world.villages.weight
        done = np.bincount(county[left], minlength=self.serves.size) == 0
        self._for_cards[done] = 0  # what is left goes to transfers

    def _pay(self) -> None:
        world, h = self.world, self.world.households
        each = self._monthly()
        rows = self.ranking[: np.searchsorted(self._before, self.listed)]
        on_list = np.minimum(self.listed - self._before[: rows.size], self._weight[: rows.size])
        people = h.size[rows].astype(np.int64)
        county = self.county_of(self.village_of(rows))
        order = np.argsort(county, kind="stable")  # the ranking within each county
        purse = np.maximum(self.cash - self._for_cards, 0)
        cost = people[order] * self.with_loss(each)
        got = np.zeros_like(on_list)
        got[order] = affordable(county[order], cost, on_list[order], purse)
        everybody = np.bincount(county[got < on_list], minlength=purse.size) == 0
        waits = self.listed < self._weight.sum()
        self.limited(everybody, Limit.PLACES if waits else Limit.ELIGIBLE)
        paid = np.flatnonzero(got)
        if paid.size == 0:
            return
        self.book(county[paid], got[paid] * people[paid], each)
        self.counts["person_months"] += int(got @ people)
        fresh = np.maximum(got - self._paid[: rows.size], 0)
        self._paid[: rows.size] += fresh
        self.counts["households"] += int(fresh.sum())
        self.counts["persons"] += int(fresh @ people)
        # Last year's income, the line of this year.
        self.counts["recipients_poor"] += int(fresh @ (h.income[rows] < world.line))
        rows = np.sort(rows[self._own[: rows.size] < got])
        pay(world, rows, each)
        self.mark_reached(rows)

    def _monthly(self) -> int:
        given = self.settings.unit_cost
        return round(self.own("transfer") if given is None else float(given))

    def recognise(self, seen: npt.NDArray[np.float32]) -> None:
        """Villages with cards see incomes with a smaller error."""
        world = self.world
        if not (self.at_work and world.switched_on("recognition") and self.filed.any()):
            return
        left = f32(1.0 - self.own("error_cut"))
        rows = np.flatnonzero(np.repeat(self.filed, np.diff(world.villages.offsets)))
        true = columns.log(world.households.income[rows])
        seen[rows] = true + left * (seen[rows] - true)


_WUQIANG = 131123
