"""Integrated funds: "The central government invested 20 million Yuan in Mengcui and Qingquan County
and the provincial government invested 18 million Yuan to carry out pilot poverty alleviation
projects 'taking county as the unit and integrating capital, combing entire village advancement and
contiguous development' in Daming, Guangzong, Zanhuang, Fuping, Laiyuan and Chengde County."

Who decides: the centre and the province name the counties, which share each part evenly; a county
draws a first village among its listed ones, those with more registered poor sooner, and treats it
with its nearest neighbours, one after another, until the year's money ends; later years go on
around it. Mechanism: the grant builds village works as a village plan does (`works.py`), and more
of them where neighbours are treated too, since roads, pipes and collection points are shared:

    works of a yuan x (1 + neighbour_gain x min(neighbours within neighbour_radius,
                                                neighbours_counted))

Losses: a share of every grant. Fading: as all village works. The money of other departments that a
county pools is spent by its own streams and is not counted here again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.programmes.base import Ints, Programme
from fupin.programmes.displaced import draw_away
from fupin.programmes.rounding import RealVillages, real_villages
from fupin.programmes.shares import split
from fupin.programmes.village_queue import VillageQueue, by_lot, count_people
from fupin.scenario.programmes import IntegratedFundsSettings
from fupin.state.limits import Limit
from fupin.world.world import World

_KM_OF_LATITUDE = 111.2
_KM_OF_LONGITUDE = 86.4  # at 39 degrees north, the middle of the province


class IntegratedFunds(Programme[IntegratedFundsSettings]):
    """Clusters of neighbouring villages in pilot counties."""

    key = "integrated_funds"
    without_taker = Limit.NEED

    def __init__(self, world: World, settings: IntegratedFundsSettings, index: int) -> None:
        super().__init__(world, settings, index)
        villages = world.frame.villages
        self._east = np.asarray(villages.lon, np.float64) * _KM_OF_LONGITUDE
        self._north = np.asarray(villages.lat, np.float64) * _KM_OF_LATITUDE
        self.treated = np.zeros(len(villages), np.bool_)
        self._treated = np.zeros(len(villages), np.int64)  # of the real ones that each stands for
        self.centre = np.full(len(world.frame.counties.code), -1)  # first village of each county
        self._queues: list[VillageQueue] = []
        self._without_village: list[tuple[int, int]] = []  # county row, its yuan of the year
        self._paid: list[tuple[VillageQueue, Ints]] = []  # positions of this month

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"villages": 0, "counties": 0}

    def open_fiscal_year(self) -> None:
        """Each pilot county lines up its villages around the first one."""
        self._queues, self._without_village = [], []
        for county, yuan in self._county_budgets():
            real = self._contiguous(county)
            if real.rows.size:
                grants = np.full(real.rows.size, self._grant)
                self._queues.append(VillageQueue(self, real, grants, self._own(county, yuan)))
            else:
                self._without_village.append((county, yuan))
        # Works of a year are planned together: all that the money pays for count as neighbours.
        self._cluster = self._treated.copy()
        for queue in self._queues:
            np.add.at(self._cluster, queue.planned, 1)

    def why_unreleased(self, yuan: int) -> list[tuple[int, Limit, int]]:
        """Parts of counties that have no village on the list, or have treated all of them."""
        named = [
            (row, Limit.LIST if self.unlisted[row] else Limit.NEED, part)
            for row, part in self._without_village
        ]
        rest = yuan - sum(part for _, _, part in named)
        return named + (super().why_unreleased(rest) if rest else [])

    def _own(self, county: int, yuan: int) -> int | Ints:
        """A county's yuan for its queue; with the county's own months where the plan says them."""
        if self.county_money is None:
            return yuan
        return np.where(np.arange(self.serves.size) == county, np.int64(yuan), np.int64(0))

    @property
    def _grant(self) -> int:
        given = self.settings.unit_cost
        return round(self.own("village_grant") if given is None else float(given))

    def _county_budgets(self) -> list[tuple[int, int]]:
        """County rows and their yuan of the year: each part is shared evenly, if none is said."""
        if self.county_money is not None:
            said = self.county_money.budgets()
            return [(int(row), int(said[row])) for row in np.flatnonzero(said)]
        code = np.asarray(self.world.frame.counties.code)
        central = self.settings.central
        central_yuan = 0 if central is None else self.budget_of_part(central.budget)
        parts = [(np.isin(code, [] if central is None else central.counties), central_yuan)]
        rest, shares = self.budget - central_yuan, dict[int, int]()
        share = self.settings.share
        if share is None or (share.by == "equal" and not share.bounded):
            parts.append((self.serves, rest))
        else:  # of what the province gives; the centre's counties share evenly
            split_up = split(self, rest)
            shares = {int(row): int(split_up[row]) for row in np.flatnonzero(split_up)}
        for named, yuan in parts:
            rows = np.flatnonzero(named)
            for k, row in enumerate(rows):
                part = yuan * (k + 1) // rows.size - yuan * k // rows.size
                shares[int(row)] = shares.get(int(row), 0) + part
        return [(row, yuan) for row, yuan in sorted(shares.items()) if yuan > 0]

    def need_by_county(self) -> npt.NDArray[np.float64]:
        """Listed villages not treated yet, by county, (counties,)."""
        listed = self.world.village_list.listed
        left = np.where(listed, self.world.villages.weight - self._treated, 0)
        return np.asarray(self.world.sum_by_county(left), np.float64)

    def _contiguous(self, county: int) -> RealVillages:
        """Listed villages of a county not yet treated, the nearest to its first one first."""
        villages, weight = self.world.frame.villages, self.world.villages.weight
        listed = (np.asarray(villages.county) == county) & self.world.village_list.listed
        rows = np.flatnonzero(listed & (self._treated < weight))
        if rows.size and self.centre[county] < 0:
            # By lot among real villages: of many that one stands for the first is more often one.
            odds = (self.world.registered_by_village[rows] * weight[rows]).astype(np.float64)
            self.centre[county] = by_lot(self, rows, odds, 0)[0]
        centre = self.centre[county]
        rows = rows[np.lexsort((rows, self.distance(rows, centre)))]
        real = real_villages(self.world, f"{self.key}/place", rows, served=self._treated)
        # The first village is one. The others that it stands for lie anywhere in the county: they
        # come next as often as they are among the county's, else last.
        ours = np.flatnonzero(real.rows == centre)[0 if self._treated[centre] else 1 :]
        code = np.array([self.world.frame.counties.code[county]], np.int64)
        luck = float(
            self.world.chance.uniforms(f"{self.key}/next", code, 0, self.world.clock.year)[0]
        )
        if luck * (real.rows.size - 1) < ours.size:
            return real
        last = np.isin(np.arange(real.rows.size), ours)
        return real.at(np.argsort(last, kind="stable"))

    def distance(self, rows: Ints, to: Ints | int) -> npt.NDArray[np.float64]:
        """Kilometres between villages."""
        east, north = self._east[rows] - self._east[to], self._north[rows] - self._north[to]
        result: npt.NDArray[np.float64] = np.sqrt(east * east + north * north)
        return result

    def scale(self, rows: Ints) -> npt.NDArray[np.float64]:
        """Factor on the works of a yuan in villages, from the treated around each."""
        around = np.flatnonzero(self._cluster)
        near = self.distance(rows[:, None], around[None, :]) <= self.own("neighbour_radius")
        neighbours = near @ self._cluster[around] - 1  # itself is no neighbour
        counted = np.minimum(neighbours, self.own("neighbours_counted"))
        return 1.0 + self.own("neighbour_gain") * np.maximum(counted, 0.0)

    def release_and_allocate(self) -> None:
        """Counties get the grants of the villages whose turn it is."""
        for queue in self._queues:
            queue.release()

    def choose(self) -> None:
        """Counties pay the next villages of their cluster."""
        self._paid = []
        if not self.at_work:
            return
        places = self.own_places()
        for queue in self._queues:
            now = queue.pay(places)
            if now.size:
                places -= now.size
                self._paid.append((queue, now))

    def carry_out(self) -> None:
        """Works are built, the more the more neighbours build with them."""
        for queue, now in self._paid:
            rows, yuan = queue.lived(now)
            self.treated[rows] = True
            self.world.works.spend(rows, yuan * self.scale(rows))
            draw_away(self, rows, yuan)
            np.add.at(self._treated, queue.villages[now], 1)
            households, persons = count_people(self, queue.villages[now])
            self.counts["villages"] += now.size
            self.counts["households"] += households
            self.counts["persons"] += persons

    def close_year(self) -> None:
        """How many counties had a village treated."""
        self.counts["counties"] = int(np.unique(self.county_of(np.flatnonzero(self._treated))).size)
        super().close_year()
