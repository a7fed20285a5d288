"""Paired assistance: "The provincial government arranged four forces - the affiliated department,
colleges, large enterprises and economically strong counties to support the 52 key counties ...
makes arrangements for the poverty alleviation of 500 poor villages and the city and county
governments arrange the poverty alleviation work for other poor villages ... The helping units send
12,000 cadres ... raised a total of 237 million Yuan ..., including 59 million Yuan raised by
themselves, 162 million Yuan from other sources and 16.19 million Yuan of goods and materials, to
support the construction of 901 projects, involving 47,000 poor households. ... The central
government's units invested a total of 116 million Yuan directly or indirectly to help
poverty-stricken areas build a number of county-level projects ... more than 30 million Yuan of
anti-poverty funds was used in entire village advancement and provided assistance to 48 poor
villages."

Who decides: every listed village has a helping unit, of the province (500 villages, by lot) or of
its city or county; in a year a unit with a project in hand is drawn by lot, those of the province
sooner, and brings what it could raise. Mechanism: part of a project builds village works, the rest
is assets in kind for households, which its committee and the resident cadres choose. Cadres: a team
raises what money of any programme builds in its village while it is there, and knows better who is
poor. Central units: village works in named villages; the rest are projects of whole counties, which
raise incomes of all villages there by little and at once. Goods and materials are part of a
project's money. Losses: a share of every yuan. Fading: works and assets as all works and assets;
cadres' help ends when they leave.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.population.apportion import apportion
from fupin.programmes.asset_projects import AssetProjects
from fupin.programmes.base import Ints, Programme
from fupin.programmes.displaced import draw_away
from fupin.programmes.rounding import RealVillages, real_villages
from fupin.programmes.selection import criteria
from fupin.programmes.village_queue import (
    VillageQueue,
    by_lot,
    count_people,
    money_by_county,
)
from fupin.randomness import month_index
from fupin.scenario.programmes import PairedAssistanceSettings
from fupin.state import works
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World


class PairedAssistance(Programme[PairedAssistanceSettings]):
    """Helping units with their projects and cadres, and units of the central government."""

    key = "paired_assistance"
    service = Service.VISIT
    without_taker = Limit.NEED

    def __init__(self, world: World, settings: PairedAssistanceSettings, index: int) -> None:
        super().__init__(world, settings, index)
        self.read_parameters()
        self.assets = AssetProjects(self)
        self._pair()
        self._paid: tuple[Ints, Ints] = (self._villages[:0], self._villages[:0])

    def _pair(self) -> None:
        """Units and cadres are paired with the villages of the list."""
        world, settings, villages = self.world, self.settings, self.world.frame.villages
        rows = np.flatnonzero(self.listed_here)
        self._villages = by_lot(self, rows, np.ones(rows.size), 0)
        real = real_villages(world, f"{self.key}/place", self._villages)
        of_province = self._first(real, self._or(settings.province_villages, "province_villages"))
        self.of_province = np.isin(np.arange(len(villages)), of_province)
        teams = self._or(settings.cadres, "cadres") // round(self.own("cadre_team"))
        self.has_cadres = np.isin(np.arange(len(villages)), self._first(real, teams))

    def list_changed(self) -> None:
        """Units are paired anew: each has its lot still, among other villages."""
        super().list_changed()
        self._pair()

    def read_parameters(self) -> None:
        """How well villages are led, too."""
        super().read_parameters()
        self._quality = works.governance_quality(self.world.frame, self.values)

    @property
    def meeting_places(self) -> npt.NDArray[np.bool_]:
        """Listed villages alone have a unit, however these choose, (V,)."""
        return self.world.village_list.listed

    def _or(self, given: int | None, name: str) -> int:
        return round(self.own(name)) if given is None else int(given)

    @staticmethod
    def _first(real: RealVillages, number: int) -> Ints:
        """Sampled villages that are among so many first real ones."""
        first = real.at(slice(number))
        return first.rows[first.sampled]

    # -- money of the year --------------------------------------------------------------------

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"projects": 0, "registered_households": 0, "failures": 0}
        self.counts |= {"central_villages": 0, "central_village_households": 0}
        self.counts |= {"central_village_persons": 0, "county_project_yuan": 0}

    def open_fiscal_year(self) -> None:
        """The year's projects and villages of central units; what counties get for them."""
        central = self.settings.central_units
        central_yuan = 0 if central is None else self.budget_of_part(central.budget)
        village_yuan = 0 if central is None else self.budget_of_part(central.village_budget)
        self._central = self._central_queue(village_yuan)
        self._projects = self._project_queue(self.budget_to_queue - central_yuan)
        poor = np.where(self.serves, self.registered_by_county(), 0).astype(np.float64)
        self._county_yuan = np.zeros(poor.size, np.int64)
        if central_yuan > village_yuan and poor.sum() > 0:
            self._county_yuan = apportion(poor, central_yuan - village_yuan)

    def _central_queue(self, yuan: int) -> VillageQueue:
        """Villages of central units, the same each year: shared evenly."""
        rows = self._villages
        odds = np.asarray(self.world.registered_by_village[rows], np.float64)
        rows = by_lot(self, rows, odds, 1)
        units = self.settings.central_units
        wanted = 0 if units is None or yuan == 0 else units.villages
        real = real_villages(self.world, f"{self.key}/central", rows).at(slice(wanted))
        total = real.rows.size
        each = int(yuan * (1.0 - self.loss_rate) / total) if total else 0
        return VillageQueue(self, real, np.full(total, each, np.int64), yuan)

    def _project_queue(self, yuan: int | Ints) -> VillageQueue:
        """Villages whose unit has a project this year, in the order of the lot."""
        month = month_index(self.world.clock.year, 1)
        rows = self._villages
        odds = np.where(self.of_province[rows], self.own("province_unit_odds"), 1.0)
        rows = by_lot(self, rows, odds, month)
        real = real_villages(self.world, f"{self.key}/project", rows, month)
        spread = self.own("unit_size_sd")
        ids = self.world.villages.id[real.rows]
        z = self.world.chance.normals(f"{self.key}/unit-size", ids, real.number, 0)
        given = self.settings.unit_cost
        cost = self.own("project_cost") if given is None else float(given)
        size = columns.exp(spread * z - spread * spread / 2.0).astype(np.float64)
        grants = np.rint(cost * size).astype(np.int64)
        if (
            isinstance(yuan, int)
            and (by_county := money_by_county(self, real.rows, grants, yuan)) is not None
        ):
            yuan = by_county
        return VillageQueue(self, real, grants, yuan)

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._county_yuan)
        self._central.release()
        self._projects.release()

    # -- the month ----------------------------------------------------------------------------

    def choose(self) -> None:
        """Units pay the next projects; committees and cadres choose households for them."""
        self._paid = (self._villages[:0], self._villages[:0])
        self._station_cadres()
        if not self.at_work:
            return
        self._county_projects()
        self._pay_central()
        now = self._projects.pay(self.own_places())
        self.counts["projects"] += now.size
        self._begin_projects(*self._projects.lived(now))

    def _station_cadres(self) -> None:
        """Cadres help their committees in the months of activity."""
        quality = 1.0 + (self.own("cadre_quality") if self.at_work else 0.0)
        self.world.works.help = np.where(self.has_cadres, quality, 1.0)
        if self.at_work:
            self._take_working_time()

    def _take_working_time(self) -> None:
        """The units go on paying their cadres, who do nothing else in that time."""
        world = self.world
        cadres = self.has_cadres * world.villages.weight * round(self.own("cadre_team"))
        month = world.values["costs.public_wage"] * world.values["costs.cadre_time"] / 12.0
        yuan = np.rint(month * world.sum_by_county(cadres)).astype(np.int64)
        world.ledger.add_of_others(self.index, slice(None), yuan)

    def _county_projects(self) -> None:
        """This month's part of the county-level projects of central units."""
        part = self.schedule.part_of_month(self._county_yuan)
        if not part.any():
            return
        lost = np.rint(part * self.loss_rate).astype(np.int64)
        built = part - lost
        self.world.ledger.deliver(self.index, slice(None), built)
        self.world.ledger.lose(self.index, slice(None), lost)
        self.counts["county_project_yuan"] += int(built.sum())
        villages = np.asarray(self.world.frame.counties.villages, np.float64)
        dose = built / np.maximum(villages, 1.0) / self.value("advancement_dose")
        county = np.asarray(self.world.frame.villages.county)
        index = (self.own("county_project_reach") * dose)[county]
        better, poorer = works.log_gains(index, self.world.values)
        self.world.works.other += np.stack([better, poorer], axis=1)

    def _pay_central(self) -> None:
        """Central units pay the works of their villages."""
        now = self._central.pay(10**9)
        if now.size == 0:
            return
        rows, yuan = self._central.lived(now)
        self.world.works.spend(rows, yuan.astype(np.float64))
        draw_away(self, rows, yuan)
        households, persons = count_people(self, self._central.villages[now])
        self.counts["central_villages"] += now.size
        self.counts["central_village_households"] += households
        self.counts["central_village_persons"] += persons

    def _begin_projects(self, villages: Ints, yuan: Ints) -> None:
        """Households get assets in kind, the village what is left for its works."""
        grant = round(self.own("household_grant"))
        quota = (yuan * (1.0 - self.own("works_share"))).astype(np.int64) // grant
        taken = np.zeros(villages.size, np.int64)
        for cadres in (True, False):
            here = np.flatnonzero(self.has_cadres[villages] == cadres)
            rows, taken[here] = self._choose_households(villages[here], quota[here], cadres)
            self._give(rows, grant)
        self._paid = (villages, yuan - taken * grant)

    def _choose_households(self, villages: Ints, quota: Ints, cadres: bool) -> tuple[Ints, Ints]:
        known = float(columns.log_of(self.own("cadre_recognition"))) if cadres else 0.0
        who = criteria(
            registered_odds=self.own_log_odds("registered_odds") + known,
            better_off_odds=self.log_odds("elite_capture_odds"),
            exclude=int(self.bit),
        )
        return self.choose_in(villages, quota, who, month_index(self.world.clock.year, 1))

    def _give(self, rows: Ints, grant: int) -> None:
        if rows.size == 0:
            return
        self.assets.begin(rows, grant * self._quality[self.village_of(rows)])
        self.mark_reached(rows)
        self.count_households(rows)
        poor = self.world.households.registered[rows] > 0
        self.counts["registered_households"] += int(self.weight_of(rows)[poor].sum())

    def carry_out(self) -> None:
        """Projects build their part of village works."""
        villages, yuan = self._paid
        if villages.size:
            self.world.works.spend(villages, yuan.astype(np.float64))
            draw_away(self, villages, yuan)

    def fade(self) -> None:
        """Assets in kind fail or begin to yield."""
        self.counts["failures"] += int(self.weight_of(self.assets.live()).sum())
