"""The livelihood rules of `fupin.livelihood`, one Mesa object a household.

What it does: everything that happens to a household without policy, rule by rule as in
`sim/fupin/livelihood/year.py` and `month.py`: January's shocks, income and consumption plans; each
month migration with peers, crashes of three kinds, births and losses, weather, village works,
income, consumption, saving; in December income in yuan and investment. It is written as a Mesa
model is:
`Household` and `Village` agents, `do` on their agent sets, plain Python numbers, chance from
`self.random`. It starts from the same households as the column version, and
`tests/benchmarks/test_mesa_objects.py` compares the two a year later.

What it does not: programmes, perceived incomes, the register, measures and history are left out,
and weather and the progress of village works are handed to the villages instead of computed. So a
month here does less than a month of ours. Its chance is not keyed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
import numpy.typing as npt
from fupin.livelihood import events, month, weather
from fupin.livelihood.rates import Rates
from fupin.scenario.schema import Scenario
from fupin.state import works
from fupin.state.households import DEATH, DISASTER, ILLNESS, NO_HIT
from fupin.world.start import Start

COPIED = (
    "size", "labour", "elderly", "children", "schooling", "migrants", "frail", "rank_half", "third",
    "endowment", "persistent", "gain", "assets", "reserve",
)  # fmt: skip
"""Columns whose values the objects start with."""


@dataclass(frozen=True)
class VillageYear:
    """What a village hands to its households in each of twelve months.

    Attributes:
        gains: log gain of finished works in January, better-off and poorer half.
        factors: income factor of works since January, by month, better-off and poorer half.
        loss: share of home income lost to weather, by month.
    """

    gains: tuple[float, float]
    factors: tuple[tuple[float, float], ...]
    loss: tuple[float, ...]


class Village(mesa.Agent):
    """A village: its migrants draw others after them."""

    model: ObjectModel

    def __init__(
        self, model: ObjectModel, pull: float, usual: int, risk: float, year: VillageYear
    ) -> None:
        super().__init__(model)
        self.pull, self.usual_migrants, self.crash_factor = pull, usual, risk
        self.year = year
        self.households: list[Household] = []
        self.leave = 0.0

    def take_stock(self) -> None:
        """The snapshot of the month: how strongly peers draw, what weather and works do."""
        rates = self.model.rates
        away = sum(household.migrants for household in self.households)
        peers = ((away + 1) / (self.usual_migrants + 1)) ** rates.peer_effect
        self.leave = self.model.hazards.migrant_return * self.pull * peers
        self.crash = self.model.hazards.crash * self.crash_factor
        self.better, self.poorer = self.year.factors[self.model.month - 1]
        self.farm_loss = self.year.loss[self.model.month - 1]


class Household(mesa.Agent):
    """A household; attributes as the columns of `fupin.state.households`."""

    model: ObjectModel
    size: int
    labour: int
    elderly: int
    children: int
    schooling: int
    migrants: int
    frail: int
    rank_half: int
    third: int
    endowment: float
    persistent: float
    gain: float
    assets: float
    reserve: float  # savings but for the year's income and consumption

    def __init__(self, model: ObjectModel, village: Village, **columns: float) -> None:
        super().__init__(model)
        self.village = village
        village.households.append(self)
        for name, value in columns.items():
            setattr(self, name, value)
        rates = model.rates
        self.uninsured = (rates.pass_poor, rates.pass_middle, rates.pass_rich)[self.third]
        self.buffer = (rates.buffer_poor, rates.buffer_middle, rates.buffer_rich)[self.third]
        years = self.schooling / 10
        self.keen = max(1 + rates.schooling_migration * (years - 8.5), 0.1)

    def open_year(self) -> None:
        """January: shocks of the year, income and consumption planned."""
        rates, normal = self.model.rates, self.random.gauss
        self.persistent = (
            rates.persistence * self.persistent + rates.persistent_innovation * normal()
        )
        x = (
            self.persistent
            + rates.transitory_sd * normal()
            + self.gain
            + rates.asset_elasticity * log(self.assets)
            + self.village.year.gains[0 if self.rank_half else 1]
        )
        self.base = exp(self.model.spread * self.endowment)
        self.flow = exp(x) * self.left_at_home()
        self.wages = self.migrants * self.pay_of_one()
        by_jobs = self.uninsured * (self.flow + self.wages - exp(x))
        to_buffer = rates.buffer_adjustment * (self.reserve - self.buffer)
        self.plan = exp(self.uninsured * x) + by_jobs + to_buffer
        self.earned, self.hit = 0.0, NO_HIT

    def left_at_home(self) -> float:
        """What the home earns without those who are away, to what all would earn there."""
        result: float = 1 - self.model.rates.home_forgone * self.migrants / max(self.labour, 1)
        return result

    def pay_of_one(self) -> float:
        """What a migrant sends home in a year, years of the reference income."""
        return self.model.pay / (self.size * self.base)

    def live_month(self) -> None:
        """Income, and what chance does."""
        model, village, chance = self.model, self.village, self.random.random
        p = model.hazards
        u = chance()
        leaves = u > 1 - village.leave * (self.labour - self.migrants) * self.keen
        returns = u < p.migrant_return * self.migrants
        struck = chance() < village.crash and self.hit == NO_HIT
        u = chance()
        born, lost = u < p.birth * self.size, u > 1 - p.loss * self.size
        self.earned += self.income_of_month()
        if struck:
            self.crash()
        if leaves and self.migrants < self.labour:
            self.move(1)
        elif returns and self.migrants > 0:
            self.move(-1)
        if born and self.size < 12 and not self.frail:
            self.size += 1
            if self.children > 0:  # an elder child comes of age
                self.labour += 1
            else:
                self.children = 1
        elif lost and self.size > 1:
            self.lose_person()

    def income_of_month(self) -> float:
        """Weather takes a share of what is earned at home, and nothing of pay."""
        village = self.village
        factor = village.better if self.rank_half else village.poorer
        at_home = self.flow * factor * (1 - village.farm_loss)
        return self.model.season * (at_home + self.wages)

    def crash(self) -> None:
        """Illness, death or disaster takes a part of a year's income, and of assets."""
        rates = self.model.rates
        size = rates.crash_mean + rates.crash_sd * self.random.gauss()
        cost = (1 - min(exp(size), 1.0)) * self.flow
        self.earned -= cost
        self.reserve += self.uninsured * cost
        u = self.random.random()
        if u < rates.illness_share:
            self.hit = ILLNESS
            self.assets *= 1 - rates.illness_asset_loss
        elif u < rates.illness_share + rates.death_share:
            self.hit = DEATH
        else:
            self.hit = DISASTER
            self.assets *= 1 - rates.disaster_asset_loss

    def move(self, persons: int) -> None:
        """A worker leaves (1) or comes home (-1), in the middle of the month on average."""
        before, old = self.income_of_month(), self.flow + self.wages
        self.flow /= self.left_at_home()
        self.migrants += persons
        self.flow *= self.left_at_home()
        self.wages += persons * self.pay_of_one()
        late = 0.5 * self.model.season * (self.flow + self.wages - old)
        self.earned += self.income_of_month() - before - late

    def lose_person(self) -> None:
        """Somebody dies or leaves the register of residents."""
        u, model = self.random.random(), self.model
        if self.frail:
            if u < model.hazards.net_share and self.size > 1:
                if self.elderly > 0:
                    self.elderly -= 1
                elif self.children > 0:
                    self.children -= 1
                elif self.labour > self.migrants:
                    self.labour -= 1
                self.size -= 1
        elif u < model.workers_lost and self.labour > max(self.migrants, 1):
            self.labour -= 1
            self.size -= 1
        elif self.children > 0:
            self.children -= 1
            self.size -= 1
        elif self.elderly > 0 and self.size > 1:
            self.elderly -= 1
            self.size -= 1
        elif self.labour > max(self.migrants, 1):
            self.labour -= 1
            self.size -= 1

    def settle(self) -> None:
        """December: income of the year in yuan, net investment from savings."""
        rates = self.model.rates
        self.income = self.model.level * self.base * max(self.earned, 0.02)
        self.reserve += self.earned - self.plan
        own = min(self.assets, 1)
        wanted = rates.asset_adjustment * (1 - own) - rates.asset_wear * (self.assets - own)
        wanted *= rates.asset_ratio
        spent = min(wanted, self.reserve + rates.credit_limit)
        spent = max(spent, (0.05 - self.assets) * rates.asset_ratio)
        self.assets = min(self.assets + spent / rates.asset_ratio, 20.0)
        self.reserve = max(self.reserve - spent, -rates.credit_limit)


class ObjectModel(mesa.Model):
    """Households of some villages from a January on; a step is a month.

    Args:
        start: the world at the end of the year before; read, not changed.
        plan: gives seasons, weather and the first year. Its programmes do not act here.
        villages: rows of the villages that take part.
        rng: Mesa's seed.
        rates: other parameters than the start's own.
    """

    def __init__(
        self,
        start: Start,
        plan: Scenario,
        villages: npt.NDArray[np.int64],
        rng: int = 1,
        rates: Rates | None = None,
    ) -> None:
        super().__init__(rng=rng)
        year = plan.period.start.year
        numbers = rates or start.core.rates
        self.rates = _plain(numbers)
        self.hazards = _plain(month.hazards(numbers, 1, plan.household_shocks))
        self.workers_lost = float(events.WORKERS_LOST)
        self.seasons = [start.values[f"livelihood.season_{m:02d}"] for m in range(1, 13)]
        self.spread, self.level = float(start.core.spread(year)), start.levels[year]
        self.pay = start.core.remitted(year) / self.level
        self.month = 1
        years = village_years(start, plan, villages)
        v, h = start.core.villages, start.core.households
        for row, of_year in zip(villages, years, strict=True):
            village = Village(
                self, float(v.pull[row]), int(v.migrants_frame[row]), float(v.crash_factor[row]),
                of_year,
            )  # fmt: skip
            here = slice(v.offsets[row], v.offsets[row + 1])
            for values in zip(*(getattr(h, name)[here].tolist() for name in COPIED), strict=True):
                Household(self, village, **dict(zip(COPIED, values, strict=True)))

    @property
    def season(self) -> float:
        """Share of a year's income that falls in this month."""
        return self.seasons[self.month - 1]

    def step(self) -> None:
        """One month."""
        households = self.agents_by_type[Household]
        if self.month == 1:
            households.do("open_year")
        self.agents_by_type[Village].do("take_stock")
        households.do("live_month")
        if self.month == 12:
            households.do("settle")
        self.month = self.month % 12 + 1

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """An attribute of all households, in the order of the villages."""
        return np.array(self.agents_by_type[Household].get(name), np.float64)


def _plain(numbers: Any) -> SimpleNamespace:
    # Python's own numbers: arithmetic with numpy scalars would be several times slower.
    return SimpleNamespace(**{name: float(value) for name, value in numbers._asdict().items()})


def spread_villages(offsets: npt.NDArray[np.int64], households: int) -> npt.NDArray[np.int64]:
    """Rows of evenly spaced villages with about so many households in all.

    Raises:
        ValueError: there are not so many households.
    """
    sizes = np.diff(offsets)
    if sizes.sum() < households:
        raise ValueError(f"{sizes.sum()} households are fewer than {households}")
    number = max(1, min(sizes.size, round(households / sizes.mean())))
    return np.unique(np.linspace(0, sizes.size - 1, number).round().astype(np.int64))


def village_years(
    start: Start, plan: Scenario, villages: Sequence[int] | npt.NDArray[np.int64]
) -> list[VillageYear]:
    """Weather and works of a plan's first year without programmes, village by village."""
    year = plan.period.start.year
    loss_of_county = weather.county_loss(
        start.frame, start.core.loss, plan.weather, year, start.core.seed
    )
    loss = weather.village_home_loss(start.frame, start.values, loss_of_county)
    built = works.VillageWorks(start.frame, start.values, year - 1)
    gains = built.open_year()
    factors = []
    for _ in range(12):
        built.build_up()
        factors.append(built.factors())
    return [
        VillageYear(
            gains=(float(gains[0][row]), float(gains[1][row])),
            factors=tuple((float(better[row]), float(poorer[row])) for better, poorer in factors),
            loss=(float(loss[row]),) * 12,
        )
        for row in villages
    ]
