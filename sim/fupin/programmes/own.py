"""Programmes of a plan's own, by kind: the mechanisms of others with the effect that the plan says.

`transfer` and `subsidy` are cash, `loan` is microfinance, `course` is practical training, with the
costs and effects of the plan and everything else (losses, groups, classes, odds of committees) as
there. `asset` and `works` stand here. Money is fiscal, of a loan credit. Who decides: counties get
money by registered poor (works: villages in a queue by lot, those with more registered poor sooner)
or by the plan's rule; who is chosen by committees of listed villages or by the plan's way. Need: an
asset for households not reached by it; works for villages that have none yet.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.programmes.asset_projects import AssetProjects
from fupin.programmes.base import Ints, Programme
from fupin.programmes.cash_transfer import CashTransfer
from fupin.programmes.displaced import draw_away
from fupin.programmes.microfinance import Microfinance
from fupin.programmes.practical_training import PracticalTraining
from fupin.programmes.rounding import real_villages
from fupin.programmes.seats import paid_seats, seats_by_village
from fupin.programmes.selection import criteria
from fupin.programmes.village_queue import VillageQueue, by_lot, count_people, queue_money
from fupin.randomness import month_index
from fupin.scenario.lender_settings import MicrofinanceSettings
from fupin.scenario.own import Effect, OwnProgramme
from fupin.scenario.programmes import CashTransferSettings, PracticalTrainingSettings
from fupin.scenario.targeting import CASH_WORDS
from fupin.state.limits import Limit
from fupin.state.register import Service
from fupin.world.world import World

_NO_LIMIT = 10**9  # places where the plan says none


def build(world: World, settings: OwnProgramme, index: int) -> Programme[Any]:
    """The programme of a plan's own with some settings; its key is that of its account."""
    if settings.kind in ("transfer", "subsidy"):
        mechanism = Subsidy if _by_land(settings) else CashTransfer
        return mechanism(world, _as_cash(settings), index)
    if settings.kind == "loan":
        return OwnLoan(world, settings, index)
    if settings.kind == "course":
        return OwnCourse(world, settings, index)
    return (OwnAsset if settings.kind == "asset" else OwnWorks)(world, settings, index)


def _as_cash(settings: OwnProgramme) -> CashTransferSettings:
    """A transfer or a subsidy in the words of cash."""
    subsidy = settings.kind == "subsidy"
    who = settings.who or ("all" if subsidy else None)
    a_person = settings.per == "person" or (settings.per is None and not subsidy)
    said = {
        "who": CASH_WORDS.get(who or "", who),
        "per": "person" if a_person else "household",
        "months": 1 if subsidy else settings.months,
    }
    return _as(CashTransferSettings, settings).model_copy(update=said)


def _by_land(settings: OwnProgramme) -> bool:
    return settings.kind == "subsidy" and settings.per in (None, "mu")


def _as[T: Any](model: type[T], settings: OwnProgramme) -> T:
    """What all programmes have of some settings, as the settings of another."""
    names = ("budget", "from_month", "to_month", "counties", "prefectures", "excluded", "share",
             "unit_cost", "places_per_month")  # fmt: skip
    plain: T = model.model_construct(**{name: getattr(settings, name) for name in names})
    return plain


class Subsidy(CashTransfer):
    """Cash for each mu of land that a household farms, once a year."""

    def _units_of(self, rows: Ints) -> Ints:
        land = np.asarray(self.world.frame.households.land)[rows].astype(np.int64) // 10
        return self.weight_of(rows) * land

    def _ranked(self) -> Ints:
        rows = super()._ranked()
        return rows[self._units_of(rows) > 0]


class OwnLoan(Microfinance):
    """Group loans on the plan's terms."""

    def __init__(self, world: World, settings: OwnProgramme, index: int) -> None:
        terms = {"loan_interest_year": settings.interest, "loan_term_months": settings.months}
        self._terms = {name: float(v) for name, v in terms.items() if v is not None}
        micro = _as(MicrofinanceSettings, settings)
        super().__init__(world, micro.model_copy(update={"who": settings.who}), index)

    def value(self, name: str) -> float:
        """The plan's interest and months, else as of microfinance."""
        return self._terms[name] if name in self._terms else super().value(name)

    def default_counties(self) -> np.ndarray:
        """The key counties; the project's pilots are another's."""
        return Programme.default_counties(self)


class OwnCourse(PracticalTraining):
    """Courses whose effect the plan says."""

    def __init__(self, world: World, settings: OwnProgramme, index: int) -> None:
        assert settings.effect is not None
        self._said = {"skill_gain": settings.effect.value, "forgotten": settings.effect.fades}
        course = _as(PracticalTrainingSettings, settings)
        super().__init__(world, course.model_copy(update={"who": settings.who}), index)

    def own(self, name: str) -> float:
        """The plan's effect, else as of practical training."""
        return self._said[name] if name in self._said else super().own(name)


class OwnAsset(Programme[OwnProgramme]):
    """Assets in kind whose worth, lag and risk the plan says."""

    key = "asset"
    service = Service.VISIT

    def __init__(self, world: World, settings: OwnProgramme, index: int) -> None:
        super().__init__(world, settings, index)
        assert settings.effect is not None and settings.unit_cost is not None
        self._effect: Effect = settings.effect
        self._each = int(settings.unit_cost)
        self.assets = AssetProjects(self)

    def open_year(self) -> None:
        """Counts from zero."""
        super().open_year()
        self.counts |= {"registered_households": 0, "failures": 0}

    def open_fiscal_year(self) -> None:
        """The year's money by registered poor."""
        self._allotments = self.split_by_registered()

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    def choose(self) -> None:
        """Villages fill the seats that cash and places pay; assets come at once."""
        if not self.at_work:
            return
        given = self.settings.places_per_month
        places = _NO_LIMIT if given is None else self.offers(int(given))
        seats = self.cut_to(places, self.cash // self.with_loss(self._each))
        villages, quota = seats_by_village(self, seats, self.meeting_places)
        odds = float(columns.log_of(self.world.values["household_projects.registered_odds"]))
        who = criteria(
            registered_odds=self.world.openness.log_odds("registered_odds", odds),
            better_off_odds=self.log_odds("elite_capture_odds"),
            exclude=int(self.bit),
        )
        january = month_index(self.world.clock.year, 1)
        rows, taken = self.choose_in(villages, quota, who, january)
        self.nobody_left(villages, quota, taken)
        paid = paid_seats(self, seats, villages, quota - taken)
        self.book(np.arange(paid.size), paid, self._each)
        self.counts["households"] += int(paid.sum())
        if rows.size == 0:
            return
        effect = self._effect
        self.assets.begin(rows, self._each * effect.value, float(effect.after), effect.risk)
        self.mark_reached(rows)
        weight = self.weight_of(rows)
        self.counts["persons"] += int(weight @ self.world.households.size[rows])
        registered = self.world.households.registered[rows] > 0
        self.counts["registered_households"] += int(weight[registered].sum())

    def fade(self) -> None:
        """Assets fail or begin to yield."""
        self.counts["failures"] += int(self.weight_of(self.assets.live()).sum())


class OwnWorks(Programme[OwnProgramme]):
    """Works of villages whose gain the plan says: a village once."""

    key = "works"
    without_taker = Limit.NEED

    def __init__(self, world: World, settings: OwnProgramme, index: int) -> None:
        super().__init__(world, settings, index)
        assert settings.effect is not None and settings.unit_cost is not None
        self._effect: Effect = settings.effect
        self._each = int(settings.unit_cost)
        self._served = np.zeros(len(world.frame.villages), np.int64)  # real ones of each
        self._coming: dict[int, list[Ints]] = {}  # month index -> rows whose works are finished
        self._gain: npt.NDArray[np.float64] = np.zeros(len(world.frame.villages))

    def open_year(self) -> None:
        """Counts from zero; a part of what works bring is gone."""
        super().open_year()
        self.counts |= {"villages": 0}
        if self._effect.fades and self._gain.any():
            gone = self._gain * self._effect.fades
            self.world.works.other -= gone[:, None]
            self._gain = self._gain - gone

    def open_fiscal_year(self) -> None:
        """The year's queue: villages without these works, by lot and registered poor."""
        world = self.world
        january = month_index(world.clock.year, 1)
        county = np.asarray(world.frame.villages.county)
        people = self.people_by_village
        waits = self.meeting_places & self.serves[county] & (self._served < world.villages.weight)
        rows = np.flatnonzero(waits & (people > 0))
        rows = by_lot(self, rows, people[rows].astype(np.float64), january)
        real = real_villages(world, f"{self.key}/place", rows, served=self._served)
        grants = np.full(real.rows.size, self._each, np.int64)
        self._queue = VillageQueue(self, real, grants, queue_money(self, real.rows, grants))

    def release_and_allocate(self) -> None:
        """Counties get the grants of the villages whose turn it is."""
        self._queue.release()

    def carry_out(self) -> None:
        """Works that are finished come into use; the next are paid."""
        for rows in self._coming.pop(self.world.clock.today, []):
            self._use(rows)
        if not self.at_work:
            return
        given = self.settings.places_per_month
        now = self._queue.pay(_NO_LIMIT if given is None else self.offers(int(given)))
        if now.size == 0:
            return
        np.add.at(self._served, self._queue.villages[now], 1)
        rows, yuan = self._queue.lived(now)
        draw_away(self, rows, yuan)
        if self._effect.after:
            ready = self.world.clock.today + self._effect.after
            self._coming.setdefault(ready, []).append(rows)
        else:
            self._use(rows)
        households, persons = count_people(self, self._queue.villages[now])
        self.counts["villages"] += now.size
        self.counts["households"] += households
        self.counts["persons"] += persons

    def _use(self, rows: Ints) -> None:
        self.world.works.other[rows] += self._effect.value
        self._gain[rows] += self._effect.value
