"""Does the search find the best plan? Every plan of a small problem is lived, and compared.

    uv run python -m benchmarks.allocate                       50 repetitions, minutes to hours
    uv run python -m benchmarks.allocate --repetitions 2       fewer; --sample 0.01 for trying

Four programmes share a budget in steps of a sixth: 84 plans. Each repetition has a seed of its own
and lives all of them; the search sees the same seed and finds a plan of its own. Its regret is what
the best of the 84 has more; it should be at most MOST of what the best has beside the start, in
SHARE of the repetitions. Beside it stands the winner's curse: what the plan seems to gain on the
seed that chose it, less what it gains on the next.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from fupin import paths
from fupin.allocation.lives import Engine, Lives, engine
from fupin.allocation.measured import Lever, measure
from fupin.allocation.propose import propose
from fupin.allocation.search import Problem
from fupin.results.draws import parse_draws
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes

KEYS = ("village_advancement", "rural_works", "household_projects", "practical_training")
STEPS = 6
TOTAL = 360_000_000
START = (2, 1, 2, 1)
"""Sixths of the start."""
GOAL = "person_years_out"
MOST, SHARE = 0.01, 0.95
UNIT = 10_000


@dataclass(frozen=True)
class Repetition:
    """One seed.

    Attributes:
        best: gain of the best of all plans beside the start.
        found: gain of the plan that the search found, on the same seed.
        fresh: the same on the next seed.
    """

    best: float
    found: float
    fresh: float

    @property
    def regret(self) -> float:
        """Part of the best gain that is missed; below 0 where the search found a better plan."""
        return (self.best - self.found) / max(self.best, 1e-9)


def divisions() -> list[dict[str, int]]:
    """All plans in sixths."""
    found = []
    for cut in product(range(STEPS + 1), repeat=len(KEYS) - 1):
        if sum(cut) <= STEPS:
            shares = (*cut, STEPS - sum(cut))
            pairs = zip(KEYS, shares, strict=True)
            found.append({key: share * TOTAL // STEPS for key, share in pairs})
    return found


def base(sample: float | str) -> Scenario:
    """The document with the four programmes alone."""
    plan = without_programmes(load_scenario("fupin:2009-document"))
    mapping = plan.model_dump(mode="json", exclude_none=True)
    mapping["population"]["sample"] = sample
    for key, sixths in zip(KEYS, START, strict=True):
        mapping["programmes"][key] = {"budget": sixths * TOTAL // STEPS}
    return Scenario.model_validate(mapping)


def repetition(plan: Scenario, seed: int, live: Engine) -> Repetition:
    """Search and live everything with a seed."""
    draws = parse_draws("central")
    lives = Lives(plan, draws, [seed], [GOAL], live)
    start = {key: s * TOTAL // STEPS for key, s in zip(KEYS, START, strict=True)}
    levers = [Lever(key, "fiscal", yuan, 0, TOTAL) for key, yuan in start.items()]
    singles = measure(levers, [GOAL], lives)
    (nobody,) = lives.worlds([without_programmes(plan)])
    level = float((singles.at_start[GOAL] - nobody.grid(f"goal/{GOAL}")).mean())
    template = Problem((), GOAL, {"fiscal": TOTAL}, unit=UNIT)
    money = propose(singles, template, lives, level).money
    worlds = lives.levels([start, money, *divisions()])
    gains = [float((one[GOAL] - worlds[0][GOAL]).mean()) for one in worlds[1:]]
    other = Lives(plan, draws, [seed + 1000], [GOAL], live)
    here, there = other.levels([start, money])
    return Repetition(max(gains[1:]), gains[0], float((there[GOAL] - here[GOAL]).mean()))


def repeated(count: int, sample: float | str, workers: int | None) -> list[Repetition]:
    """Some repetitions, with seeds 1, 2, ...; those that were lived before are read."""
    store: Path = paths.cache() / "allocations" / f"benchmark-{sample}"
    plan = base(sample)
    with engine(store, workers) as live:
        return [repetition(plan, seed, live) for seed in range(1, count + 1)]


def table(found: Sequence[Repetition]) -> str:
    """What was measured, for people."""
    regrets = np.array([one.regret for one in found])
    curse = np.array([one.found - one.fresh for one in found])
    good = float((regrets <= MOST).mean())
    lines = [
        f"{len(found)} repetitions of 84 plans, {TOTAL / 1e6:.0f} million yuan among four",
        f"regret at most {MOST:.0%} of the best gain: in {good:.0%} (wanted: {SHARE:.0%})",
        f"regret: mean {regrets.mean():+.1%}, largest {regrets.max():+.1%}",
        f"best gain: mean {np.mean([one.best for one in found]):,.0f} person-years",
    ]
    if len(found) > 1:
        error = curse.std(ddof=1)
        lines.append(f"winner's curse: mean {curse.mean():+,.0f}, one standard error {error:,.0f}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.allocate")
    parser.add_argument("--repetitions", type=int, default=50)
    parser.add_argument("--sample", default="default", help="default, full or a share")
    parser.add_argument("--workers", type=int)
    chosen = parser.parse_args(arguments)
    sample = chosen.sample if chosen.sample in ("default", "full") else float(chosen.sample)
    print(table(repeated(chosen.repetitions, sample, chosen.workers)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
