"""What is measured, each as a function that runs in a process of its own and returns figures.

    uv run python -m benchmarks.jobs '{"job": "months", "started": 0, "options": {"sample": 0.05}}'

`benchmarks.runner` starts these processes. Each is bound to one core before anything is imported
and warmed up where its docstring says so; times are wall time in seconds, sizes bytes. A figure's
name says what it is; `benchmarks.table` says it in words. What is compared with something else of
the same turn (months, peers, growth, memory copy) is processor time, see `timing`.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from benchmarks import timing

if TYPE_CHECKING:
    from fupin.scenario.schema import Scenario
    from fupin.world.start import Start

Figures = dict[str, float]

TINY = 0.002
"""Sample of the run that loads all compiled code."""


def _plan(name: str, sample: str | float, months: int | None = None) -> Scenario:
    from pathlib import Path

    from fupin import paths
    from fupin.scenario.load import load_scenario
    from fupin.scenario.months import Month

    folder = Path(__file__).parent if name == "many-years" else paths.scenarios()
    plan = load_scenario(folder / f"{name}.yaml")
    population = plan.population.model_copy(update={"sample": sample})
    period = plan.period
    if months is not None:
        period = period.model_copy(update={"end": Month.of_index(period.start.index + months - 1)})
    return plan.model_copy(update={"population": population, "period": period})


def _warm_up() -> None:
    # Loads compiled code and touches what is made once in a process.
    from fupin.lives.one_run import simulate
    from fupin.results.draws import CENTRAL

    simulate(_plan("2009-document", TINY), CENTRAL, 1, twins=False)


def _start(plan: Scenario) -> Start:
    from fupin.world.start import live_history

    return live_history(plan, 1)


class _Model(Protocol):
    def step(self) -> None:
        """One month."""


def _live(model: _Model, run_months: int) -> None:
    for _ in range(run_months):
        model.step()


def prepare(scenario: str, sample: str | float) -> Figures:
    """Put the frame and the levels of a scenario and sample into the cache."""
    from fupin.world.start import settle_people

    start = settle_people(_plan(scenario, sample), 1)
    return {"households": start.core.households.size.size}


def months(sample: str | float, kernel_rounds: int = 7) -> Figures:
    """Twelve months of 2009 with all programmes on, and the month kernel alone; after a warm-up."""
    from fupin.model import PovertyModel
    from fupin.month import migrate_earn_and_consume

    from benchmarks import traffic

    _warm_up()
    plan = _plan("2009-document", sample)
    clock = time.perf_counter()
    start = _start(plan)
    history = time.perf_counter() - clock
    clock = time.perf_counter()
    model = PovertyModel(plan, rng=1, start=start)
    built = time.perf_counter() - clock
    memory = timing.MemoryCopy()
    memory.ns()
    copy = [memory.ns(3)]
    steps = [timing.processor_seconds(model.step) for _ in range(12)]
    year = sum(steps)
    h = model.households
    households = h.size.size
    each = []
    for _ in range(kernel_rounds):
        model.world.clock.today += 1  # other luck each time: the same events would run dry
        copy.append(memory.ns())
        each.append(timing.processor_seconds(lambda: migrate_earn_and_consume(model.world)))
    return {
        "households": households,
        "state": history,
        "model": built,
        "year": year,
        "month_ns": year / (12 * households) * 1e9,
        "ordinary_ns": statistics.median(steps[1:11]) / households * 1e9,
        "kernel_ns": min(each) / households * 1e9,
        "copy_ns": min(copy),
        "moved": traffic.bytes_of_a_month(h),
        "bytes_per_household": sum(column.itemsize for column in h),
        "peak": timing.peak_memory(),
    }


def whole(
    scenario: str,
    sample: str | float,
    twins: bool = False,
    run_months: int | None = None,
    again: bool = False,
) -> Figures:
    """A whole run, state and report included, after start-up and a warm-up; frame cached.

    Args:
        scenario, sample, twins: what is run.
        run_months: months of its period, all if absent.
        again: a second run in the same process is measured too, after what worker processes do
            between runs.
    """
    from fupin.lives.one_run import simulate
    from fupin.results.draws import CENTRAL

    _warm_up()
    plan = _plan(scenario, sample, run_months)
    before = os.times()
    run = timing.seconds(lambda: simulate(plan, CENTRAL, 1, twins))
    after = os.times()
    system = after.system - before.system
    cpu = after.user - before.user + system
    found = {"run": run, "cpu": cpu, "system": system, "peak": timing.peak_memory()}
    if again:
        gc.collect()  # Mesa's models hold cycles, and with them a population
        found["again"] = timing.seconds(lambda: simulate(plan, CENTRAL, 1, twins))
    return found


def grown(scenario: str, sample: str | float, run_months: int, run_in: int = 0) -> Figures:
    """Months of a run alone, and its state, for how cost grows; after a warm-up.

    Args:
        scenario, sample: what is run.
        run_months: how many months are measured.
        run_in: months lived before these.
    """
    from fupin.model import PovertyModel

    _warm_up()
    plan = _plan(scenario, sample, run_in + run_months)
    clock = time.perf_counter()
    start = _start(plan)
    state = time.perf_counter() - clock
    model = PovertyModel(plan, rng=1, start=start)
    _live(model, run_in)
    lived = timing.processor_seconds(lambda: _live(model, run_months))
    return {"months": lived, "state": state, "households": model.households.size.size}


def ready(started: float, sample: str | float) -> Figures:
    """From the start of a process until the scenario is read and its frame is mapped.

    Mesa's face (`fupin.model`) is not loaded: no run needs it.
    """
    import fupin.lives.one_run  # noqa: F401
    from fupin.parameters.book import load_book
    from fupin.population.frame import load_frame

    plan = _plan("2009-document", sample)
    load_book()
    load_frame(plan.population.sample, plan.population.seed)
    mapped = time.monotonic() - started
    _warm_up()
    return {"mapped": mapped, "loaded": time.monotonic() - started}


def frame_build(sample: str | float) -> Figures:
    """The frame made from the county table, not stored; compiled code on disk."""
    from fupin.population.frame import DEFAULT_SEED, build_frame
    from fupin.population.sample import parse_sample

    return {"build": timing.seconds(lambda: build_frame(parse_sample(sample), DEFAULT_SEED))}


def frame_load(sample: str | float) -> Figures:
    """A cached frame mapped."""
    from fupin.population.frame import load_frame

    return {"load": timing.seconds(lambda: load_frame(sample))}


def first_run() -> Figures:
    """A tiny run; in an empty cache it compiles everything."""
    import fupin.lives.one_run
    import fupin.model  # noqa: F401

    return {"first": timing.seconds(_warm_up)}


def objects(households: int) -> Figures:
    """Twelve months of the livelihood rules with one Mesa object a household."""
    from benchmarks.peers.mesa_objects import ObjectModel, spread_villages

    plan = _plan("2009-document", 0.01)
    start = _start(plan)
    rows = spread_villages(start.core.villages.offsets, households)
    before = timing.peak_memory()
    clock = time.perf_counter()
    model = ObjectModel(start, plan, rows)
    built = time.perf_counter() - clock
    number = model.column("size").size
    year = timing.processor_seconds(lambda: _live(model, 12))
    grown_by = timing.peak_memory() - before
    return {
        "households": number,
        "build": built,
        "month_ns": year / (12 * number) * 1e9,
        "bytes_per_household": grown_by / number,
    }


def starsim(households: int) -> Figures:
    """Twelve months of the small poverty model in starsim, after a small one."""
    from benchmarks.peers import starsim_poverty
    from benchmarks.peers.small_life import SmallLife

    starsim_poverty.build(1_000, 12, SmallLife()).run()
    clock = time.perf_counter()
    sim = starsim_poverty.build(households, 12, SmallLife())
    built = time.perf_counter() - clock
    year = timing.processor_seconds(sim.run)
    month_ns = year / (12 * households) * 1e9
    return {"households": households, "build": built, "month_ns": month_ns}


def laser(households: int) -> Figures:
    """Twelve months of the small poverty model on LASER's columns, after a small one."""
    from benchmarks.peers import laser_poverty
    from benchmarks.peers.small_life import SmallLife

    _live(laser_poverty.Model(1_000, SmallLife()), 12)
    clock = time.perf_counter()
    model = laser_poverty.Model(households, SmallLife())
    built = time.perf_counter() - clock
    year = timing.processor_seconds(lambda: _live(model, 12))
    month_ns = year / (12 * households) * 1e9
    return {"households": households, "build": built, "month_ns": month_ns}


JOBS: dict[str, Callable[..., Figures]] = {
    job.__name__: job
    for job in (
        prepare, months, whole, grown, ready, frame_build, frame_load, first_run, objects, starsim,
        laser,
    )
}  # fmt: skip


def main() -> None:
    """Run the job that the argument names; figures go to standard output as JSON."""
    asked: dict[str, Any] = json.loads(sys.argv[1])
    timing.pin_to_one_core()
    if asked["job"] != "help":
        from fupin.processes import keep_freed_memory

        keep_freed_memory()  # as commands and workers do
    if asked["job"] == "ready":
        asked["options"]["started"] = asked["started"]
    figures = JOBS[asked["job"]](**asked["options"])
    print(json.dumps(figures), flush=True)
    os._exit(0)  # what follows would only free memory


if __name__ == "__main__":
    main()
