"""A guard against a model that has become slower: months measured in memory copies.

    uv run python -m benchmarks.guard             compares with what is recorded
    uv run python -m benchmarks.guard --record    records what is measured now

What is recorded, in `guard.json`, is how many float32 values the machine copies through main memory
in the time that it takes to live one household-month: the month kernel alone, and whole months with
all programmes on. Both sides are measured in turns in one process, as processor time, and the
lowest of the turns counts, so that other work on the machine hardly shows. A month passes up to
`TOLERANCE` times what is recorded. Record anew, on a quiet machine, whenever the model has become
faster, else the guard lets it become as slow as it was; and say so in the commit.

No test measures time: what is beside it on the machine would decide. What the tests hold is
`python_steps`, a count: the calls and turns of loops that Python itself makes in a month must not
grow with the households, which compiled kernels and whole columns alone may visit one by one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import timing

RECORDED = Path(__file__).with_name("guard.json")
TOLERANCE = 1.8
"""How much slower than recorded passes: machines differ in how fast they copy and calculate."""
SAMPLE = 0.05
WORDS = 1 << 24


@dataclass(frozen=True)
class Cost:
    """Memory copies (of one float32) that one household-month costs, lowest of the turns."""

    kernel: float
    months: float

    def as_data(self) -> dict[str, float]:
        """As `guard.json` holds it."""
        return {"month kernel": round(self.kernel, 2), "whole months": round(self.months, 2)}


def measure(sample: str | float = SAMPLE, turns: int = 3) -> Cost:
    """Live 2009 from one start several times, the kernel and memory copies between its months.

    Args:
        sample: of the population; a hundred thousand households at least, or what a month costs
            without households shows.
        turns: how often the year is lived; each calendar month counts by its quickest turn.
    """
    from fupin.model import PovertyModel
    from fupin.month import migrate_earn_and_consume
    from fupin.scenario.load import load_scenario
    from fupin.world.start import live_history

    plan = load_scenario("fupin:2009-document")
    start = live_history(plan, 1, sample=sample)
    memory = timing.MemoryCopy(WORDS)
    copy, kernel, months = [], [], [[float("inf")] for _ in range(12)]
    for _ in range(turns):
        model = PovertyModel(plan, rng=1, start=start.copy())
        for month in range(12):
            copy.append(memory.ns())
            months[month].append(timing.processor_seconds(model.step))
        for _ in range(5):
            model.world.clock.today += 1  # other luck each time: the same events would run dry
            kernels = partial(migrate_earn_and_consume, model.world)
            kernel.append(timing.processor_seconds(kernels))
            copy.append(memory.ns())
    households = model.households.size.size
    word = min(copy) * 1e-9
    return Cost(
        kernel=min(kernel) / households / word,
        months=sum(min(each) for each in months) / (12 * households) / word,
    )


def python_steps(work: Callable[[], object]) -> int:
    """How many calls and turns of loops Python makes in some work of one thread.

    Compiled code is one call, whatever it does. Loops inside NumPy are not seen either.
    """
    watch, tool = sys.monitoring, sys.monitoring.OPTIMIZER_ID
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1

    kinds = (watch.events.PY_START, watch.events.JUMP, watch.events.CALL)
    watch.use_tool_id(tool, "steps")
    try:
        for kind in kinds:
            watch.register_callback(tool, kind, step)
        watch.set_events(tool, kinds[0] | kinds[1] | kinds[2])
        work()
    finally:
        watch.set_events(tool, watch.events.NO_EVENTS)
        watch.free_tool_id(tool)
    return steps


def recorded() -> dict[str, float]:
    """What `guard.json` holds."""
    found: dict[str, float] = json.loads(RECORDED.read_text("utf-8"))
    return found


def slower(measured: dict[str, float], known: dict[str, float]) -> list[str]:
    """A sentence for everything that costs more than `TOLERANCE` times what is recorded."""
    return [
        f"{name}: {cost:.2f} memory copies a household-month, {cost / known[name]:.2f} times the "
        f"recorded {known[name]:.2f}; up to {TOLERANCE} passes"
        for name, cost in measured.items()
        if cost > TOLERANCE * known[name]
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, compare or record; 1 if something has become slower."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guard")
    parser.add_argument("--record", action="store_true", help="write guard.json")
    chosen = parser.parse_args(arguments)
    timing.pin_to_one_core()
    measured = measure(turns=7 if chosen.record else 3).as_data()
    known = recorded()
    print(f"{'memory copies a household-month':34}{'now':>8}{'recorded':>10}")
    for name, cost in measured.items():
        print(f"{name:34}{cost:8.2f}{known[name]:10.2f}")
    if chosen.record:
        RECORDED.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
        return 0
    complaints = slower(measured, known)
    print("\n".join(complaints), file=sys.stderr, end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
