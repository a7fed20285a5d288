"""What the page lives: a start that tabs share, and the models that step from it."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.browser.exits import exits_by_source
from fupin.browser.measures import Values
from fupin.browser.record import Record, Whom, fifths_of, whom
from fupin.model import PovertyModel
from fupin.results.draws import central_draw
from fupin.scenario.months import Month
from fupin.scenario.schema import Scenario
from fupin.state.ledger import given
from fupin.world.start import Start, live_history

MILLION = 1_000_000

KEPT_WORLDS = 2
"""Starts that are kept for the next tab or the next change; one of the usual sample has 230 MB."""


@dataclass(frozen=True, eq=False)  # compared by identity: it holds a population
class SharedStart:
    """A start that is lived once and copied for every model; nobody changes it.

    Attributes:
        seed: run seed.
        start: the world at the end of the year before a plan's first month.
    """

    seed: int
    start: Start

    @classmethod
    def of(cls, plan: Scenario, seed: int = 1) -> SharedStart:
        """Live the history of a plan, at the draw that `fupin run --draws central` takes."""
        return cls(seed, live_history(plan, seed, central_draw()))


class SharedStarts:
    """Starts by what they depend on, the last few kept; tabs that want the same one share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, SharedStart] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, plan: Scenario, seed: int) -> SharedStart:
        """The world of a plan and a seed, lived where it is not kept."""
        key = (
            seed, plan.period.start.year, plan.lived.end.year,
            plan.population.sample, plan.population.seed,
            plan.assets, plan.by_task, tuple(sorted(plan.history.parameters.items())),
        )  # fmt: skip
        with self._lock:  # who wants the same start waits instead of living it twice
            if key not in self._kept:
                while len(self._kept) >= KEPT_WORLDS:
                    self._kept.popitem(last=False)
                self._kept[key] = SharedStart.of(plan, seed)
            self._kept.move_to_end(key)
            return self._kept[key]


class PageModel(PovertyModel):
    """The model as the page lives it, with its twin where there is one, and what is kept of both.

    Args:
        plan: what is lived.
        world: where it begins; must be the plan's own.
        beside: another plan of the same period that is lived along, or None.

    Attributes:
        record, record_beside: what is kept of each month, here and in the twin.
        exits, exits_beside: year -> who left the register in its December, here and in the twin.
        whom: year -> both worlds by fifths of people; empty without a twin.
        bounds: of the map's colours, which widen as a run goes on and never narrow.
    """

    def __init__(self, plan: Scenario, world: SharedStart, beside: Scenario | None = None) -> None:
        gc.collect()  # Mesa's models hold cycles, and with them a population
        super().__init__(plan, rng=world.seed, start=world.start.copy())
        self.retired = False
        self.exits: dict[int, dict[str, int]] = {}
        self.exits_beside: dict[int, dict[str, int]] = {}
        self.whom: dict[int, Whom] = {}
        self.bounds: dict[tuple[str, bool], npt.NDArray[np.floating]] = {}
        self.twin: PovertyModel | None = None
        self.record, self.record_beside = Record(), Record()
        self.record.note(self)
        self._fifth: npt.NDArray[np.int8] | None = None
        if beside is not None:
            self.twin = PovertyModel(beside, rng=world.seed, start=world.start.copy())
            self.record_beside.note(self.twin)

    def step(self) -> None:
        """One month of both; none after the end, which Mesa's render interval may reach past."""
        twin = self.twin
        if self.retired:
            self.running = False
        if not self.running:
            return
        if twin is not None and self._fifth is None:
            self._fifth = fifths_of(self)
        super().step()
        if twin is not None:
            twin.step()
        year, month = divmod(self.today, 12)
        if month == 11:
            self.exits[year] = exits_by_source(self, year)
            if twin is not None:
                self.exits_beside[year] = exits_by_source(twin, year)
                assert self._fifth is not None
                self.whom[year] = whom(self, twin, self._fifth)
        if twin is not None:
            self.record_beside.note(twin)
        self.record.note(self)

    def retire(self) -> None:
        """Another model is shown instead: whoever still plays this one stops at its next step."""
        self.retired = True

    def numbers(self, at: int, key: str) -> Values:
        """A measure after so many months."""
        return self.record.months[at][key]

    def numbers_beside(self, at: int, key: str) -> Values | None:
        """The same of the twin, where there is one."""
        return None if self.twin is None else self.record_beside.months[at][key]


def month_at(model: PovertyModel, at: int) -> Month:
    """The month after `at` months; 0 is the month before the start."""
    return Month.of_index(model.plan.period.start.index - 1 + at)


def year_at(model: PovertyModel, at: int) -> int:
    """The last year that was settled after `at` months; the year before the plan at its start."""
    year, month = divmod(model.plan.period.start.index - 1 + at, 12)
    return int(year if month == 11 else year - 1)


def series(model: PovertyModel, name: str) -> npt.NDArray[np.float64]:
    """A monthly reporter, from the month before the start to the last lived."""
    return np.array(model.datacollector.model_vars[name], np.float64)


def december_series(model: PovertyModel, name: str) -> npt.NDArray[np.float64]:
    """A yearly measure as a step function over the months, held from December to December."""
    first = model.plan.period.start.index - 1
    months = range(first, model.today + 1)
    found, value = [], float(getattr(model.at_start, name))
    for month in months:
        year, number = divmod(month, 12)
        if number == 11 and year in model.measured:
            value = float(getattr(model.measured[year], name))
        found.append(value)
    return np.array(found)


def delivered_by_class(model: PovertyModel) -> dict[str, npt.NDArray[np.float64]]:
    """Yuan given since the start by money class (`fupin.state.ledger.given`), (months + 1,)."""
    months = slice(0, model.ledger.month)
    delivered = model.ledger.delivered[:, :, months].sum(axis=1)
    principal = model.ledger.principal[:, :, months].sum(axis=1)
    programmes = model.plan.programmes.all()
    yuan = given(delivered, principal, [[programme.gift] for programme in programmes])
    sums: dict[str, npt.NDArray[np.float64]] = {}
    for index, programme in enumerate(programmes):
        total = np.concatenate([[0.0], np.cumsum(yuan[index], dtype=np.float64)])
        sums[programme.money] = sums.get(programme.money, 0.0) + total
    return sums
