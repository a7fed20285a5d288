"""Lives many plans as twins, by the engine, into a store: what was lived once is read.

A search that was stopped goes on where it was, and ends with the same bytes. Worlds are handed out
draw by draw and seed by seed, so that a process lives the history of a draw once for all plans.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fupin.allocation.bounds import measured
from fupin.allocation.measured import Grid, Levels
from fupin.allocation.money import with_money
from fupin.engine.many import Missing, job_of, working
from fupin.engine.run_ids import Point, RunIndex, frame_fingerprint, index_runs
from fupin.engine.session import Notify, OnProgress
from fupin.engine.workers import Workers, workers_of
from fupin.errors import COMMAND_LINE, Wording
from fupin.results.draws import CENTRAL, Draw
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.names import NAMES
from fupin.scenario.programme_catalogue import PROGRAMME_KEYS
from fupin.scenario.schema import Scenario
from fupin.store.runs import RunStore

WORLD = "fupin.allocation.worlds:live_world"

MANY = 10_000
"""Worlds that a search may ask for: no fewer processes are started because the first are few."""

WITH_STOCK = ("mutual_funds",)
"""Programmes that act without money of the plan, by what earlier years left them."""

_NAMES = (*NAMES, "allocate")


@dataclass(frozen=True)
class World:
    """A plan in every pair of draw and seed.

    Attributes:
        runs: draw by draw, the numbers of `fupin.allocation.worlds` in each pair.
        shape: (draws, seeds).
    """

    runs: tuple[Mapping[str, float | None], ...]
    shape: tuple[int, int]

    def grid(self, name: str) -> Grid:
        """A number in every pair; what is not there is 0."""
        return np.array([run.get(name) or 0.0 for run in self.runs], np.float64).reshape(self.shape)

    def mean(self, name: str) -> float:
        """Its mean."""
        return float(self.grid(name).mean())

    def names(self, begin: str) -> list[str]:
        """Names of numbers that begin so, sorted."""
        return sorted({name for run in self.runs for name in run if name.startswith(begin)})


@dataclass
class Engine:
    """A store that is open, and processes that live worlds.

    Attributes:
        store: where worlds are kept.
        workers: who lives them.
        progress: gives, for each batch of worlds, what is called with how far it is.
        notify: takes lines on what is unusual.
        lived: how many worlds this session has lived, and how many it has read.
    """

    store: RunStore
    workers: Workers
    progress: Callable[[], AbstractContextManager[OnProgress | None]] = nullcontext
    notify: Notify | None = None
    lived: int = 0
    read: int = 0
    _known: dict[str, Mapping[str, float | None]] = field(default_factory=dict)

    def live(self, tasks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, float | None]]:
        """Numbers of some worlds, in order.

        Raises:
            InputError, RunFailed, WorkersDie: as of `fupin.engine.session.execute`.
        """
        index = index_runs([Point(task) for task in tasks], [CENTRAL], [1], job_of(WORLD))
        self.execute(index)
        runs = [index.run_at(n) for n in range(len(index))]
        for run in runs:
            if run not in self._known:
                numbers = self.store.record(run).numbers
                # What is counted by group is for attributions, and would fill the memory here.
                self._known[run] = {n: v for n, v in numbers.items() if not n.startswith("by/")}
        return [self._known[run] for run in runs]

    def execute(self, index: RunIndex) -> None:
        """Live those runs of an index that the store lacks; errors as of `live`."""
        missing = Missing(index, self.store, retry_failed=True)
        self.lived += missing.count
        self.read += missing.recorded
        if missing.count:
            with self.progress() as on_progress:
                missing.execute(
                    self.workers, on_progress=on_progress, notify=self.notify, stop_at_failure=True
                )


@contextlib.contextmanager
def engine(
    folder: Path,
    workers: int | None = None,
    scheduler: str | None = None,
    *,
    progress: Callable[[], AbstractContextManager[OnProgress | None]] = nullcontext,
    notify: Notify | None = None,
    say: Wording = COMMAND_LINE,
) -> Iterator[Engine]:
    """An engine for as long as the block lasts.

    Args:
        folder: of the store.
        workers, scheduler: as of `fupin.engine.workers.workers_of`.

    Raises:
        InputError: another process uses the folder, or nobody can work.
    """
    with ExitStack() as stack:
        who = stack.enter_context(
            working(workers_of(workers, scheduler, MANY, say=say, main=False))
        )
        store = stack.enter_context(RunStore(folder))
        yield Engine(store, who, progress, notify)


class Lives:
    """Lives divisions of a plan's money with some draws and seeds; an `Oracle`.

    Args:
        base: the plan.
        draws, seeds: every draw with every seed.
        goals: whose levels are asked for.
        engine: does it.
    """

    def __init__(
        self,
        base: Scenario,
        draws: Sequence[Draw],
        seeds: Sequence[int],
        goals: Sequence[str],
        engine: Engine,
    ) -> None:
        self.base, self.goals, self.engine = base, tuple(goals), engine
        self.draws, self.seeds = tuple(draws), tuple(seeds)
        people = base.population
        self._frame = frame_fingerprint(people.sample, people.seed)

    @property
    def shape(self) -> tuple[int, int]:
        """Of grids: draws, seeds."""
        return len(self.draws), len(self.seeds)

    def levels(self, plans: Sequence[Mapping[str, int]]) -> list[Levels]:
        """As of `Oracle`."""
        worlds = self.divisions(plans)
        begin = self.base.period.start.year
        return [{goal: measured(goal, one, begin) for goal in self.goals} for one in worlds]

    def divisions(self, plans: Sequence[Mapping[str, int]]) -> list[World]:
        """The plan with other money, a world each."""
        return self.worlds([with_money(self.base, money) for money in plans])

    def worlds(self, plans: Sequence[Scenario]) -> list[World]:
        """Any plans with the same past, a world each."""
        pairs = self.shape[0] * self.shape[1]
        return self.worlds_by_pair([[plan] * pairs for plan in plans])

    def worlds_by_pair(self, plans: Sequence[Sequence[Scenario]]) -> list[World]:
        """The same, where a plan is another one in each pair, draw by draw."""
        found = self.engine.live(self.tasks(plans))
        n = len(plans)
        return [World(tuple(found[k::n]), self.shape) for k in range(n)]

    def tasks(self, plans: Sequence[Sequence[Scenario]]) -> list[dict[str, Any]]:
        """What the engine is asked: pair by pair, in each one plan after the other."""
        records = [(draw.record(), seed) for draw in self.draws for seed in self.seeds]
        said: dict[int, dict[str, Any]] = {}
        tasks = []
        for pair, (record, seed) in enumerate(records):
            for plan in plans:
                one = plan[pair]
                if id(one) not in said:
                    said[id(one)] = self._said(one)
                tasks.append(
                    {
                        "plan": said[id(one)],
                        "draw": {**record, "label": ""},  # all else of a draw decides numbers
                        "seed": seed,
                        "frame": self._frame,
                    }
                )
        return tasks

    def _said(self, plan: Scenario) -> dict[str, Any]:
        """A plan as plain data that says its horizon and no name."""
        mapping = scenario_mapping(plan.model_copy(update={"horizon": plan.lived.end.year}))
        for name in _NAMES:
            mapping.pop(name, None)
        # Without money a programme is off, wherever it would work: one world, whoever asks for it.
        off = [key for key in PROGRAMME_KEYS if not plan.programmes.of(key).active]
        mapping["programmes"] |= {key: "off" for key in off if key not in WITH_STOCK}
        return {"name": "world", **mapping}
