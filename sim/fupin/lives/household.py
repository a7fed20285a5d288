"""One household's life, month by month: what reached it, what hit it, where it ended.

A watcher looks at one row of the columns before and after each phase of each programme and of the
world: an ordinary run knows nothing of it and pays nothing for it. A life and its twin are replayed
from the same start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.month import live
from fupin.population.household_ids import household_id, row_of
from fupin.results.draws import Draw
from fupin.scenario.months import Month
from fupin.scenario.programme_catalogue import bit_index, record_of
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes
from fupin.state.households import DEATH, DISASTER, ILLNESS, reached_by
from fupin.world.acting import Acting
from fupin.world.start import live_history
from fupin.world.watching import Watcher
from fupin.world.world import World

_HITS = {
    ILLNESS: "illness strikes",
    DEATH: "a death in the household",
    DISASTER: "a disaster strikes",
}
_UNITS = {
    "relocation": "a person",
    "skills_training": "for a course",
    "practical_training": "for a course",
    "technology": "for a course",
    "minimum_living": "a person this month",
    "cash_transfer": "a person this month",
}
_LEAST_YUAN = 1.0
_LEAST_SHARE = 0.001
_LEAST_IN_VILLAGE = 0.0001

Snapshot = dict[str, float]


@dataclass(frozen=True)
class Event:
    """Something that happened to the household.

    Attributes:
        month: when.
        source: key of a programme, or luck, work, register, weather, works.
        text: in plain words, with amounts.
    """

    month: Month
    source: str
    text: str


@dataclass(frozen=True)
class MonthOfLife:
    """State at the end of a month; yuan.

    Attributes:
        month: which.
        income: earned in this month, per person.
        savings: liquid savings of the household, debt below 0.
        away: members working away.
        registered: on the register of the poor.
    """

    month: Month
    income: float
    savings: float
    away: int
    registered: bool


@dataclass
class Life:
    """A household in one world.

    Attributes:
        name: of the scenario.
        about: what it is at the start: label -> text.
        months: state at the end of each.
        events: in order.
        years: (year, income per person, poverty line) of each settled December, the year before the
            period first.
    """

    name: str
    about: dict[str, str]
    months: list[MonthOfLife] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    years: list[tuple[int, float, float]] = field(default_factory=list)


def two_lives(plan: Scenario, draw: Draw, seed: int, household: int) -> tuple[Life, Life]:
    """The household's life under the plan, and without programmes, from the same start.

    Raises:
        InputError: no such household.
    """
    start = live_history(plan, seed, draw)
    row = row_of(start.frame, household)
    start.keep()
    watches = Watch(row), Watch(row)
    live(plan, start, seed, (watches[0],))
    live(without_programmes(plan), start.again(), seed, (watches[1],))
    return watches[0].life, watches[1].life


class Watch(Watcher):
    """Records what happens to one household row.

    Attributes:
        life: what was recorded; there once the plan begins.
    """

    life: Life

    def __init__(self, row: int) -> None:
        self.row = row
        self._lost = 0  # per cent of home income that the weather takes
        self._reached: set[str] = set()
        self._prices: list[int] = []
        self._before: Snapshot = {}
        self._month_before: Snapshot = {}
        self._at_start: Snapshot = {}

    def begins(self, world: World) -> None:
        self.world, self.life = world, Life(world.plan.name, _about(world, self.row))
        income = float(world.households.income[self.row])
        year = world.clock.start.year - 1
        self.life.years.append((year, income, world.at_start.line))
        self._month_before = self._at_start = self._snapshot()

    def before(self, world: World, phase: str, programme: Acting | None) -> None:
        self._before = self._snapshot()

    def after(self, world: World, phase: str, programme: Acting | None) -> None:
        now = self._snapshot()
        if programme is not None:
            self._after_programme(programme, self._before, now)
        elif phase in _WORLD_PHASES:
            _WORLD_PHASES[phase](self, self._before, now)

    def reached(self, programme: Acting, rows: npt.NDArray[np.int64]) -> None:
        if self.row in rows:
            self._reached.add(programme.key)

    def booked(self, programme: Acting, county: Any, units: Any, each: int) -> None:
        self._prices.append(int(each))

    def after_month(self, world: World) -> None:
        before, after = self._month_before, self._snapshot()
        opened = 0.0 if self._month.month == 1 else before["earned"]
        if self._month.month == 12:
            income = float(world.households.income[self.row])
            self.life.years.append((self._month.year, income, world.line))
        income = (after["earned"] - opened) * after["base"] * world.level
        savings = after["savings"] * after["base"] * world.level * after["size"]
        away, listed = int(after["migrants"]), after["registered"] > 0
        self.life.months.append(MonthOfLife(self._month, income, savings, away, listed))
        self._month_before = after

    # -- watching ---------------------------------------------------------------------------------

    @property
    def _month(self) -> Month:
        return Month.of_index(self.world.clock.today)

    def _snapshot(self) -> Snapshot:
        h, row = self.world.households, self.row
        found = {name: float(getattr(h, name)[row]) for name in h._fields}
        found["savings"] = float(self.world.savings_of(np.array([row]))[0])
        for programme in self.world.programmes:
            for name, amount in programme.held_by(row).items():
                found[f"{name}/{programme.key}"] = amount
        return found | self._village()

    def _village(self) -> Snapshot:
        """What its village has of works: they reach it without a programme's choosing it."""
        works, village = self.world.works, int(self.world.villages.of_household[self.row])
        half = 0 if self.world.households.rank_half[self.row] else 1
        return {
            "village/yuan": float(works.spent[village]),
            "village/lasting": float(works.other[village, half]),
            "village/in_use": float(works.gains()[half][village]),
            "village/cadres": float(works.help[village]),
            "village/irrigation": float(self.world.irrigation[village]),
        }

    def _tell(self, source: str, text: str) -> None:
        self.life.events.append(Event(self._month, source, text))

    def _a_year(self, at: Snapshot) -> float:
        """Yuan of a year of the household's reference income."""
        return at["size"] * self.world.level * at["base"]

    # -- what a difference means --------------------------------------------------------------

    def _after_programme(self, programme: Acting, before: Snapshot, after: Snapshot) -> None:
        key, title = programme.key, record_of(programme.key).title
        parts: list[str] = []
        reached = key in self._reached
        self._reached.discard(key)
        prices, self._prices = sorted(set(self._prices)), []
        if (
            reached
            and len(prices) == 1
            and after.get(f"lent/{key}", 0) == before.get(f"lent/{key}", 0)
        ):
            parts.append(f"{prices[0]:,} yuan {_unit_of(programme)}")
        parts += self._of_credit(key, before, after)
        parts += self._of_goods(key, before, after)
        parts += self._of_village(before, after)
        if reached:
            self._tell(key, f"reached by {title}" + (f": {', '.join(parts)}" if parts else ""))
        elif parts:
            self._tell(key, f"{title}: {', '.join(parts)}")

    def _of_credit(self, key: str, before: Snapshot, after: Snapshot) -> list[str]:
        lent = after.get(f"lent/{key}", 0.0) - before.get(f"lent/{key}", 0.0)
        owed = after.get(f"owed/{key}", 0.0) - before.get(f"owed/{key}", 0.0)
        if lent > 0:
            return [f"borrows {owed:,.0f} yuan"]
        if lent < 0:
            return [f"the loan ends; {-owed:,.0f} yuan of it were still owed this month"]
        if owed < 0:
            return [f"repays {-owed:,.0f} yuan, owes {after[f'owed/{key}']:,.0f}"]
        return []

    def _of_goods(self, key: str, before: Snapshot, after: Snapshot) -> list[str]:
        year, parts = self._a_year(after), []
        project = after.get(f"project/{key}", 0.0) - before.get(f"project/{key}", 0.0)
        if project > 0:
            parts.append(f"a project worth {project * year:,.0f} yuan in use")
        elif project < 0:
            parts.append(f"a project that will cost it {-project * year:,.0f} yuan of its own")
        earned = (after["earned"] - before["earned"]) * year
        if abs(earned) >= _LEAST_YUAN:
            parts.append(f"income {earned:+,.0f} yuan")
        assets = (after["assets"] - before["assets"]) * self.world.rates.asset_ratio * year
        if abs(assets) >= _LEAST_YUAN:
            parts.append(f"productive assets {assets:+,.0f} yuan")
        savings = (after["savings"] - before["savings"]) * year
        if abs(savings) >= _LEAST_YUAN:
            parts.append(f"savings {savings:+,.0f} yuan")
        pay = (after["wages"] - before["wages"]) * year
        if abs(pay) >= _LEAST_YUAN:
            parts.append(f"pay of jobs {pay:+,.0f} yuan a year")
        gain = float(np.expm1(after["gain"] - before["gain"]))
        if abs(gain) >= _LEAST_SHARE:
            parts.append(f"lasting income at home {100 * gain:+.1f}%")
        away = int(after["migrants"] - before["migrants"])
        if away:
            parts.append(_movers(away, "for a job elsewhere"))
        return parts

    def _of_village(self, before: Snapshot, after: Snapshot) -> list[str]:
        """What a programme did in the household's village, whomever it chose there."""
        parts = []
        gone = {name: after[name] - before[name] for name in after if name.startswith("village/")}
        if gone["village/yuan"] >= _LEAST_YUAN:
            parts.append(f"works for {gone['village/yuan']:,.0f} yuan begin in its village")
        if abs(gone["village/cadres"]) >= _LEAST_SHARE:
            come = gone["village/cadres"] > 0
            parts.append(f"cadres {'come to' if come else 'leave'} its village")
        lasting = float(np.expm1(gone["village/lasting"]))
        if abs(lasting) >= _LEAST_IN_VILLAGE:
            parts.append(f"what its village has built adds {100 * lasting:+.2f}% to home income")
        if (land := gone["village/irrigation"]) >= _LEAST_SHARE:
            parts.append(f"{land:.1%} more of its village's land is safe from drought")
        return parts

    def _after_accounts(self, before: Snapshot, after: Snapshot) -> None:
        """December: what all works of the village have come to since the plan began."""
        since = float(np.expm1(after["village/in_use"] - self._at_start["village/in_use"]))
        if abs(since) >= _LEAST_SHARE:
            self._tell("works", f"works in its village: {100 * since:+.1f}% of home income since "
                       f"{self.world.clock.start}")  # fmt: skip

    def _after_shocks(self, before: Snapshot, after: Snapshot) -> None:
        world = self.world
        village = int(world.villages.of_household[self.row])
        if world.clock.month == 1:
            year = (after["flow"] + after["wages"]) * after["base"] * world.level
            self._tell("luck", f"the year opens: {year:,.0f} yuan a person at present conditions")
        lost = round(100 * float(world.home_loss[village]))
        if lost != self._lost:
            self._tell("weather", f"weather takes {lost}% of home income from now on")
            self._lost = lost

    def _after_month(self, before: Snapshot, after: Snapshot) -> None:
        if after["hit"] != before["hit"]:
            self._tell("luck", _HITS[int(after["hit"])])
        persons = int(after["size"] - before["size"])
        if persons > 0:
            self._tell("luck", "a child is born")
        elif persons < 0:
            self._tell("luck", "a member dies or leaves for good")
        away = int(after["migrants"] - before["migrants"])
        if away:
            self._tell("work", _movers(away, "to work elsewhere"))

    def _after_review(self, before: Snapshot, after: Snapshot) -> None:
        if after["registered"] == before["registered"]:
            return
        listed = after["registered"] > 0
        self._tell("register", "enters the register" if listed else "leaves the register")


_WORLD_PHASES: dict[str, Callable[[Watch, Snapshot, Snapshot], None]] = {
    "meet_shocks_and_seasons": Watch._after_shocks,
    "migrate_earn_and_consume": Watch._after_month,
    "settle_accounts": Watch._after_accounts,
    "review_register": Watch._after_review,
}
"""What is told of a phase of the world itself."""


def _unit_of(programme: Acting) -> str:
    """What a programme pays its price for."""
    given = getattr(programme, "settings", None)
    if getattr(given, "per", None) == "household":
        return "a household this month"
    return _UNITS.get(programme.key, "a household")


def _movers(away: int, why: str) -> str:
    people = "one" if abs(away) == 1 else str(abs(away))
    if away > 0:
        return f"{people} leaves {why}" if abs(away) == 1 else f"{people} leave {why}"
    return f"{people} comes home" if abs(away) == 1 else f"{people} come home"


def _about(world: World, row: int) -> dict[str, str]:
    h, frame = world.households, world.frame
    village = int(world.villages.of_household[row])
    county = int(frame.villages.county[village])
    counties = frame.counties
    listed = "a listed village" if world.village_list.listed[village] else "a village not listed"
    half = "better-off" if h.rank_half[row] else "poorer"
    persons = f"{int(h.size[row])} persons"
    return {
        "household": str(household_id(frame, row)),
        "village": f"{listed} of {counties.name_en[county]}, {counties.prefecture_en[county]}",
        "people": f"{persons}: {int(h.labour[row])} able to work ({int(h.migrants[row])} away), "
        f"{int(h.children[row])} children, {int(h.elderly[row])} elderly",
        "schooling": f"{h.schooling[row] / 10:.1f} years, mean of adults",
        "standing": f"in the {half} half of its village"
        + (", without labour power" if h.frail[row] else ""),
        "register": "on the register" if h.registered[row] else "not on the register",
    }


def examples(plan: Scenario, draw: Draw, seed: int) -> list[tuple[int, str]]:
    """Households worth looking at: (id, why). The first, by id, of each kind.

    Of every programme one that it reached, then one that is out of poverty because of the plan, one
    that is poor because of it, and one that is poor in both worlds.
    """
    start = live_history(plan, seed, draw)
    start.keep()
    here = live(plan, start, seed)
    h, line = here.households, here.last_december.line
    income, reached = h.income.copy(), h.reached.copy()
    twin = live(without_programmes(plan), start.again(), seed)
    poor = income < np.float64(line)
    bare_poor = twin.households.income < np.float64(twin.last_december.line)
    keys = plan.programmes.keys
    kinds = [
        (f"reached by {p.title}", reached_by(reached, bit_index(p.key, keys)))
        for p in plan.programmes.all()
    ]
    kinds += [
        ("out of poverty because of the plan", bare_poor & ~poor),
        ("poor because of the plan", poor & ~bare_poor),
        ("poor in both worlds and reached", poor & bare_poor & (reached != 0)),
    ]
    found = []
    for why, rows in kinds:
        first = np.flatnonzero(rows)[:1]
        found += [(household_id(start.frame, int(row)), why) for row in first]
    return found
