"""Rural works: the funds of 2009 "solved the drinking water problem of 410,000 people and 300,000
livestock, newly build basic farmland of 40,000 ha and built highroads of 2419 kilometers"; "More
than 80% of the water, electricity, road, telecommunication and other infrastructure projects and
public welfare projects promised by relevant departments have been completed."

Who decides: the province splits the money among water, basic farmland and roads; each part goes to
counties by what it would cost to give their listed villages what they lack; a county begins where a
yuan serves most registered poor, as its offices see it (with error), and finishes one village
before the next. Need: people without safe water, dry land that can be treated, kilometres that are
not built; a unit costs more where town is far; where nothing is left to do money stays unspent.
Departments of water, land and transport add their own money, outside the poverty funds, to each
yuan, and keep a part of what they promise. Works rest in winter and are of use when they are
finished. Mechanism: safe water saves hours of carrying and illness; basic farmland yields more and
suffers less from drought; a road brings jobs and prices nearer to households with labour, more
where the village is remote. Farmland and roads are used more by the better-off. Losses: a share of
the money. Fading: none within the years of a plan.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.livelihood.farm import HomeIncome, mean_by_half, members
from fupin.population.apportion import apportion
from fupin.programmes.base import Ints, Programme
from fupin.programmes.displaced import draw_away
from fupin.programmes.rounding import from_purses, real_villages
from fupin.programmes.shares import split_part
from fupin.programmes.standing import expected_by_county
from fupin.programmes.village_queue import as_seen, before_in_pool
from fupin.programmes.works_under_way import WorksUnderWay, after_a_month
from fupin.scenario.programmes import RuralWorksSettings
from fupin.state.limits import Limit
from fupin.state.register import count_units
from fupin.state.works import remote_factor
from fupin.world.world import World

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

WATER, FARMLAND, ROADS = range(3)
KINDS = ("water", "farmland", "roads")
LEFT = ("persons_without_water", "hectares_untreated", "road_km_unbuilt")
"""Counts of what listed villages of the counties served lack at the year's end."""
UNDER_WAY = ("persons_under_way", "hectares_under_way", "road_km_under_way")
"""Counts of what is paid and not finished at the year's end."""
PARTS = ("part_water", "part_farmland", "part_roads")
COSTS = ("water_cost", "farmland_cost", "road_cost")
MONTHS = ("months_water", "months_farmland", "months_roads")
WINTER = (12, 1, 2)
"""Months of frozen ground: works rest."""


class RuralWorks(Programme[RuralWorksSettings]):
    """Safe water, basic farmland and village roads."""

    key = "rural_works"
    without_taker = Limit.NEED

    def __init__(self, world: World, settings: RuralWorksSettings, index: int) -> None:
        super().__init__(world, settings, index)
        frame, villages = world.frame, world.frame.villages
        # This run's own copy: twins share the villages of their past.
        world.villages = replace(world.villages, crash_factor=world.villages.crash_factor.copy())
        offsets = np.asarray(frame.households.offsets, np.int64)
        land = np.empty(len(villages), np.int64)
        count_units(offsets, frame.households.land, land)
        self.land = land / 150.0  # hectares of a village; a household's are mu x 10
        # What a whole village without the service would take: persons, hectares, kilometres.
        people = np.asarray(villages.people, np.float64)
        km = np.full(len(villages), self.own("road_length"))
        self._whole = np.stack([people, self.land * self.own("farmland_share"), km])
        self.read_parameters()
        self._real = real_villages(world, f"{self.key}/place", np.flatnonzero(self.listed_here))
        self._rows = self._real.rows  # of the sampled village that stands for each
        columns = (villages.water, villages.irrigation, villages.road)
        self._at_start = 1.0 - np.stack([np.asarray(c, np.float64) for c in columns])
        self._lacking = self._at_start[:, self._rows]
        self._under_way: list[WorksUnderWay] = []
        self._committed = np.zeros_like(self._lacking)  # share of the village in paid works
        self._begun = np.zeros_like(self._lacking, np.bool_)
        self._purse = np.zeros((3, self.serves.size), np.int64)

    def list_changed(self) -> None:
        """Others have works, from the next fiscal year on; those that are begun are finished."""
        super().list_changed()
        more = np.setdiff1d(np.flatnonzero(self.listed_here), self._rows)
        real = real_villages(self.world, f"{self.key}/place", more)
        self._real, none = self._real.then(real), np.zeros((3, real.rows.size))
        self._rows = self._real.rows
        self._lacking = np.append(self._lacking, self._at_start[:, real.rows], axis=1)
        self._committed = np.append(self._committed, none, axis=1)
        self._begun = np.append(self._begun, none > 0, axis=1)

    def read_parameters(self) -> None:
        """What homes earn, and what a unit costs where town is far, too."""
        super().read_parameters()
        self._home = HomeIncome.of(self.world.frame, self.values)
        self._far = remote_factor(self.world.frame, self.values)

    @property
    def lacking(self) -> Floats:
        """Share of each village without each service, (3, V): the mean of all it stands for."""
        out = self._at_start.copy()
        number = np.bincount(self._rows, minlength=out.shape[1])
        for kind in range(3):
            total = np.bincount(self._rows, self._lacking[kind], out.shape[1])
            out[kind, number > 0] = (total / np.maximum(number, 1))[number > 0]
        return out

    def default_counties(self) -> np.ndarray:
        """All counties with listed villages."""
        return self.counties_with_listed_villages()

    # -- money --------------------------------------------------------------------------------

    def shares(self) -> Floats:
        """Parts of the money for water, farmland and roads: the plan's, else parameters."""
        if (parts := self.settings.parts) is not None:
            return np.array([parts.water, parts.farmland, parts.roads])
        return np.array([self.own(name) for name in PARTS])

    def cost(self, kind: int) -> float:
        """Yuan of a unit, all givers together, in a village of mean remoteness."""
        given = self.settings.unit_cost if kind == WATER else None
        return self.own(COSTS[kind]) if given is None else float(given)

    def match(self) -> float:
        """Yuan of departments that come with each yuan of the poverty funds."""
        given = self.settings.department_match
        promised = self.own("department_match") if given is None else float(given)
        return promised * self.own("promises_kept")

    def units_a_yuan(self, kind: int, rows: Ints) -> Floats:
        """Persons, hectares or kilometres that a delivered yuan of the poverty funds builds.

        Of village rows, (rows,).
        """
        return (1.0 + self.match()) / np.maximum(self.cost(kind) * self._far[rows], 1.0)

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"livestock": 0, "hectares": 0, "road_km": 0, "department_yuan": 0}
        self.counts |= {f"{kind}_villages": 0 for kind in KINDS}
        self._done, self._households_done = np.zeros(3), 0.0
        self._count_left()

    def open_fiscal_year(self) -> None:
        """Counties' parts by need; the villages' turns by what a yuan does."""
        self._purse[:] = 0
        self.kept_by_caps = 0
        if self.county_money is None:
            parts = apportion(self.shares(), self.budget) if self.budget else np.zeros(3, np.int64)
            self._allotments = [self._by_need(kind, int(parts[kind])) for kind in range(3)]
        else:
            self._allotments = list(self._of_counties(self.county_money.budgets()).T)
        self._turn = [self._best_first(kind) for kind in range(3)]
        self._begun = np.zeros_like(self._lacking, np.bool_)

    def close_year(self) -> None:
        """What is left to do is counted too, and what is paid and not finished."""
        self._count_left()
        for kind, name in enumerate(UNDER_WAY):
            units = [works.units.sum() for works in self._under_way if works.kind == kind]
            self.counts[name] = round(float(sum(units)))
        self.counts["yuan_under_way"] = sum(works.yuan for works in self._under_way)
        super().close_year()

    def _count_left(self) -> None:
        left = (self._lacking * self._whole[:, self._rows])[:, self.listed_here[self._rows]]
        for kind, name in enumerate(LEFT):
            self.counts[name] = round(float(left[kind].sum()))

    def _need(self, kind: int) -> Floats:
        """Units that each eligible village lacks and that nobody has paid for."""
        left = np.maximum(self._lacking[kind] - self._committed[kind], 0.0)
        result: Floats = left * self._whole[kind, self._rows] * self.listed_here[self._rows]
        return result

    def _by_need(self, kind: int, yuan: int) -> Ints:
        need = np.zeros(self.serves.size)
        cost = self._need(kind) * self._far[self._rows]
        np.add.at(need, self.county_of(self._rows), cost)
        if yuan == 0 or need.sum() <= 0:
            return np.zeros(need.size, np.int64)
        if self.settings.share is not None:
            return split_part(self, yuan, need)
        return apportion(need, yuan)

    def _of_counties(self, yuan: Ints) -> Ints:
        """Money of each county split among the kinds of works, (counties, 3)."""
        found = np.zeros((yuan.size, 3), np.int64)
        for row in np.flatnonzero(yuan):
            found[row] = apportion(self.shares(), int(yuan[row]))
        return found

    def value_of_a_yuan(self, kind: int) -> Floats:
        """Registered poor whom a yuan of works serves in each village, up to a factor, (n,).

        Whoever lacks a service gets it with the same chance, registered or not.
        """
        rows = self._rows
        registered = self.world.registered_by_village[rows].astype(np.float64)
        if kind == ROADS:
            return registered * self._nearer(rows) / self._far[rows]
        whole = self._whole[WATER, rows] if kind == WATER else self.land[rows]
        return registered / np.maximum(whole, 1.0) / self._far[rows]

    def _best_first(self, kind: int) -> tuple[Ints, Ints]:
        """The year's turns: where a yuan does most, as offices see it, first.

        Counties that choose together look at how far a village is above what is expected of its
        county, so that each has its part.

        Returns:
            villages by pool of counties and turn; positions in these by turn of the province.
        """
        rows, ids = self._rows, self.world.villages.id[self._rows]
        value, county = self.value_of_a_yuan(kind), self.county_of(rows)
        seen = as_seen(self, rows, value, kind, self._real.number)
        pool = self.pools[county]
        above = seen.copy()
        together = pool == self.serves.size
        if together.any():
            above[together] -= self._expected(value)[county[together]]
        turn = np.lexsort((self._real.number, ids, -above, pool))
        last = -seen[turn]
        return turn, np.lexsort((self._real.number[turn], ids[turn], last))

    def _expected(self, value: Floats) -> Floats:
        """Expected log value of a yuan in the villages of each county, (counties,)."""
        rows, first = np.unique(self._rows, return_index=True)
        some, known = value[first] > 0, value[first].astype(np.float32)
        log_value = columns.log(known[some]).astype(np.float64)
        return expected_by_county(self.world, rows[some], log_value)

    def release_and_allocate(self) -> None:
        """Counties get their part of the month, one purse for each kind of works."""
        for kind, allotments in enumerate(self._allotments):
            before = self.cash
            self.release_this_month(allotments)
            self._purse[kind] += self.cash - before

    # -- works --------------------------------------------------------------------------------

    def carry_out(self) -> None:
        """Works go on outside winter and are finished; the month's money begins others."""
        if self.world.clock.month not in WINTER:
            self._under_way, done = after_a_month(self._under_way)
            for finished in done:
                self._finish(finished.kind, finished.which, finished.units)
        if self.at_work:
            places = self.own_places()
            binding = [self._begin(kind, places) for kind in range(3)]
            # One limit a county: that of the kind of works with most money left.
            most = np.argmax(self._purse, axis=0)
            for kind, limits in enumerate(binding):
                for limit, counties in limits:
                    self.limited((most == kind) & counties, limit)

    def _begin(self, kind: int, places: int) -> list[tuple[Limit, Flags]]:
        """Pay works of a kind as far as purses and places for new villages go.

        Returns:
            limits with the counties (counties,) in which they bind; a later one takes precedence.
        """
        turn, lot = self._turn[kind]
        rows = self._rows[turn]
        pool = self.pools[self.county_of(rows)]
        purse = self.in_pools(self._purse[kind])
        lost, a_yuan = self.loss_rate, self.units_a_yuan(kind, rows)
        need = self._need(kind)[turn]
        needed = wanted = np.ceil(need / a_yuan / (1.0 - lost)).astype(np.int64)
        # Offices can look after so many new villages a month; those under way go on.
        new = ~self._begun[kind, turn] & (wanted > 0)
        near, fits = new & (before_in_pool(wanted, pool) < purse[pool]), np.zeros_like(new)
        fits[lot] = np.cumsum(near[lot]) <= places
        wanted = np.where(new & ~(near & fits), 0, wanted)
        room = purse[pool] - before_in_pool(wanted, pool)
        gross = np.minimum(wanted, np.maximum(room, 0))
        met = ~self._counties(pool[needed > gross])
        crowded = self._counties(pool[near & ~fits])
        paid = np.flatnonzero(gross)
        turn, rows, pool, gross = turn[paid], rows[paid], pool[paid], gross[paid]
        loss = np.rint(gross * lost).astype(np.int64)
        self._pay(kind, pool, gross, loss)
        self._displace(rows, gross - loss)
        units = np.minimum((gross - loss) * a_yuan[paid], need[paid])
        self._committed[kind, turn] += units / np.maximum(self._whole[kind, rows], 1e-9)
        self.counts[f"{KINDS[kind]}_villages"] += int((~self._begun[kind, turn]).sum())
        self._begun[kind, turn] = True
        if turn.size:
            months, yuan = round(self.own(MONTHS[kind])), int((gross - loss).sum())
            self._under_way.append(WorksUnderWay(kind, turn, units, yuan, months))
        return [(Limit.PLACES, crowded), (Limit.NEED, met)]

    def _pay(self, kind: int, pool: Ints, gross: Ints, loss: Ints) -> None:
        """Counties of each pool pay in proportion to their purses."""
        yuan, lost = np.zeros((2, self.serves.size + 1), np.int64)
        np.add.at(yuan, pool, gross)
        np.add.at(lost, pool, loss)
        pay = from_purses(self.pools, self._purse[kind], yuan)
        lose = from_purses(self.pools, pay, lost)
        self._purse[kind] -= pay
        self.world.ledger.deliver(self.index, slice(None), pay - lose)
        self.world.ledger.lose(self.index, slice(None), lose)
        built = pay - lose
        of_departments = int(self.match() * built.sum())
        self.counts["department_yuan"] += of_departments
        if of_departments:
            of_each = apportion(built, of_departments)
            self.world.ledger.add_of_others(self.index, slice(None), of_each)

    def _displace(self, rows: Ints, yuan: Ints) -> None:
        """What other money does; a sampled village has the mean of what it stands for."""
        rows, at = np.unique(rows, return_inverse=True)
        paid = np.bincount(at, weights=yuan, minlength=rows.size)
        draw_away(self, rows, paid / self.world.villages.weight[rows], self.match())

    def _counties(self, pools: Ints) -> Flags:
        """Flags of the counties of some pools, (counties,)."""
        return (np.bincount(pools, minlength=self.serves.size + 1) > 0)[self.pools]

    def _finish(self, kind: int, which: Ints, units: Floats) -> None:
        """Works of some villages come into use.

        The sampled village that stands for several has the mean of what these got: their works add
        up, so that no lot is needed.
        """
        world, rows = self.world, self._rows[which]
        share = units / np.maximum(self._whole[kind, rows], 1e-9)
        self._lacking[kind, which] = np.maximum(self._lacking[kind, which] - share, 0.0)
        self._committed[kind, which] = np.maximum(self._committed[kind, which] - share, 0.0)
        self._count(kind, rows, units, share)
        rows, at = np.unique(rows, return_inverse=True)
        weight = world.villages.weight[rows]
        gained = np.bincount(at, weights=share, minlength=rows.size) / weight
        world.works.other[rows] += self.log_gains(kind, rows, gained)
        if kind == WATER:
            saves = world.values["livelihood.water_saves_illness"]
            world.villages.crash_factor[rows] -= (saves * gained).astype(np.float32)
        elif kind == FARMLAND:
            # Expressed as the irrigated share that would spare as much of the drought loss.
            saves = max(world.values["livelihood.irrigation_saves"], 1e-6)
            treated = np.bincount(at, weights=units, minlength=rows.size) / weight
            spared = self.own("farmland_saves_drought") / saves * self._treated(rows, treated)
            world.irrigation[rows] = np.minimum(world.irrigation[rows] + spared, 1.0)

    def _treated(self, rows: Ints, hectares: Floats) -> Floats:
        """Share of the village's land."""
        return np.minimum(hectares / np.maximum(self.land[rows], 1e-9), 1.0)

    def log_gains(self, kind: int, rows: Ints, gained: Floats) -> Floats:
        """Log income that works add, mean of the better-off and of the poorer half, (rows, 2).

        Args:
            kind: WATER, FARMLAND or ROADS.
            rows: village rows.
            gained: share of a village without the service that gets it, (rows,).
        """
        h = self.world.households
        homes, at = members(self.world.villages.offsets, rows)
        use = self.own("better_off_use")
        halves = np.array([use, 2.0 - use])
        if kind == WATER:  # the hours that nobody carries water, worth what labour yields at home
            hours = self.own("water_hours") * self.own("hours_elasticity")
            value = self._home.at_home(h, homes)
            return mean_by_half(h, homes, at, rows.size, value) * (hours * gained)[:, None]
        if kind == FARMLAND:
            treated = self._treated(rows, gained * self._whole[kind, rows])
            value = self._home.on_land(h, homes, rows[at])
            more = self.own("yield_gain") * treated
            on_land: Floats = mean_by_half(h, homes, at, rows.size, value) * more[:, None] * halves
            return on_land
        value = (h.labour[homes] > 0).astype(np.float64)
        more = self.own("road_gain") * gained * self._nearer(rows)
        result: Floats = mean_by_half(h, homes, at, rows.size, value) * more[:, None] * halves
        return result

    def _nearer(self, rows: Ints) -> Floats:
        """Factor on what a road is worth in villages: more where town is far."""
        remote = np.asarray(self.world.frame.villages.remoteness, np.float64)[rows]
        return 1.0 + self.own("road_remoteness") * (remote - self.own("mean_remoteness"))

    def _count(self, kind: int, rows: Ints, units: Floats, gained: Floats) -> None:
        self._done[kind] += float(units.sum())
        if kind == WATER:
            self._households_done += float(np.diff(self.world.villages.offsets)[rows] @ gained)
        self.counts["persons"] = round(self._done[WATER])
        self.counts["households"] = round(self._households_done)
        self.counts["livestock"] = round(self._done[WATER] * self.own("livestock"))
        self.counts["hectares"] = round(self._done[FARMLAND])
        self.counts["road_km"] = round(self._done[ROADS])
