"""Does the search find the best plan? Every plan of a small problem is lived, and compared.

    uv run python -m benchmarks.allocate                       50 repetitions, minutes to hours
    uv run python -m benchmarks.allocate --repetitions 2       fewer; --sample 0.005 for trying
    uv run python -m benchmarks.allocate --problem close       programmes that do about as much

Four programmes share a budget in steps of a sixth: 84 plans. Each repetition has a seed of its own
and lives all of them; the search sees the same seed and finds a plan of its own. Its regret is what
the best of the 84 has more; it should be at most MOST of what the best has beside the start, in
SHARE of the repetitions. Beside it stands the winner's curse: what the plan seems to gain on the
seed that chose it, less what it gains on the next. On that next seed the best of the 84 is lived,
too: where plans are close, it was best by luck, and the luck of another seed is not its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from fupin import paths
from fupin.allocation.lives import Engine, Lives, engine
from fupin.allocation.measured import Lever, measure
from fupin.allocation.propose import propose
from fupin.allocation.search import Problem
from fupin.results.draws import parse_draws
from fupin.scenario.load import load_scenario
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes

STEPS = 6
GOAL = "person_years_out"
MOST, SHARE = 0.01, 0.95
UNIT = 10_000


@dataclass(frozen=True)
class Among:
    """Four programmes and their money.

    Attributes:
        keys: the programmes.
        total: yuan.
        start: sixths of it that each has before the search.
    """

    keys: tuple[str, str, str, str]
    total: int
    start: tuple[int, int, int, int]


PROBLEMS = {
    # One programme does much more than the others: the best plan gives it everything.
    "works": Among(
        ("village_advancement", "rural_works", "household_projects", "practical_training"),
        360_000_000,
        (2, 1, 2, 1),
    ),
    # The best plan divides the money: the places of courses fill, and projects find less need.
    "close": Among(
        ("household_projects", "skills_training", "practical_training", "relocation"),
        180_000_000,
        (1, 1, 2, 2),
    ),
}


@dataclass(frozen=True)
class Repetition:
    """One seed.

    Attributes:
        best: gain of the best of all plans beside the start.
        found: gain of the plan that the search found, on the same seed.
        fresh: the same on the next seed.
        best_fresh: gain of the best of all plans on the next seed.
    """

    best: float
    found: float
    fresh: float
    best_fresh: float

    @property
    def regret(self) -> float:
        """Part of the best gain that is missed; below 0 where the search found a better plan."""
        return (self.best - self.found) / max(self.best, 1e-9)


def divisions(among: Among) -> list[dict[str, int]]:
    """All plans in sixths."""
    return [
        yuan_of(among, (*cut, STEPS - sum(cut)))
        for cut in product(range(STEPS + 1), repeat=len(among.keys) - 1)
        if sum(cut) <= STEPS
    ]


def yuan_of(among: Among, sixths: Sequence[int]) -> dict[str, int]:
    """Yuan of each programme."""
    return {key: n * among.total // STEPS for key, n in zip(among.keys, sixths, strict=True)}


def base(among: Among, sample: float | str) -> Scenario:
    """The document with the four programmes alone."""
    plan = without_programmes(load_scenario("fupin:2009-document"))
    mapping = plan.model_dump(mode="json", exclude_none=True)
    mapping["population"]["sample"] = sample
    for key, yuan in yuan_of(among, among.start).items():
        mapping["programmes"][key] = {"budget": yuan}
    return Scenario.model_validate(mapping)


def repetition(among: Among, plan: Scenario, seed: int, live: Engine) -> Repetition:
    """Search and live everything with a seed."""
    draws = parse_draws("central")
    lives = Lives(plan, draws, [seed], [GOAL], live)
    start, plans = yuan_of(among, among.start), divisions(among)
    levers = [Lever(key, "fiscal", yuan, 0, among.total) for key, yuan in start.items()]
    singles = measure(levers, [GOAL], lives)
    (nobody,) = lives.worlds([without_programmes(plan)])
    level = float((singles.at_start[GOAL] - nobody.grid(f"goal/{GOAL}")).mean())
    template = Problem((), GOAL, {"fiscal": among.total}, unit=UNIT)
    money = propose(singles, template, lives, level).money
    gains = _gains(lives, start, [money, *plans])
    best = int(np.argmax(gains[1:]))
    other = Lives(plan, draws, [seed + 1000], [GOAL], live)
    fresh, best_fresh = _gains(other, start, [money, plans[best]])
    return Repetition(gains[1 + best], gains[0], fresh, best_fresh)


def _gains(lives: Lives, start: dict[str, int], plans: Sequence[dict[str, int]]) -> list[float]:
    here, *worlds = lives.levels([start, *plans])
    return [float((one[GOAL] - here[GOAL]).mean()) for one in worlds]


def repeated(
    count: int, sample: float | str, workers: int | None, among: Among = PROBLEMS["works"]
) -> list[Repetition]:
    """Some repetitions, with seeds 1, 2, ...; those that were lived before are read."""
    store: Path = paths.cache() / "allocations" / f"benchmark-{sample}"
    plan = base(among, sample)
    with engine(store, workers) as live:
        return [repetition(among, plan, seed, live) for seed in range(1, count + 1)]


def table(found: Sequence[Repetition], among: Among = PROBLEMS["works"]) -> str:
    """What was measured, for people."""
    regrets = np.array([one.regret for one in found])
    curse = np.array([one.found - one.fresh for one in found])
    good = float((regrets <= MOST).mean())
    lines = [
        f"{len(found)} repetitions of 84 plans, {among.total / 1e6:.0f} million yuan among four",
        f"regret at most {MOST:.0%} of the best gain: in {good:.0%} (wanted: {SHARE:.0%})",
        f"regret: mean {regrets.mean():+.1%}, largest {regrets.max():+.1%}",
        f"best gain: mean {np.mean([one.best for one in found]):,.0f} person-years",
    ]
    if len(found) > 1:
        lines.append(f"winner's curse: {_mean_of(curse)}")
        lead = np.array([one.fresh - one.best_fresh for one in found])
        lines.append(f"what was found less the best of all, next seed: {_mean_of(lead)}")
    return "\n".join(lines)


def _mean_of(values: npt.NDArray[np.float64]) -> str:
    each, error = values.std(ddof=1), values.std(ddof=1) / len(values) ** 0.5
    return f"mean {values.mean():+,.0f} (its error {error:,.0f}; of one {each:,.0f})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.allocate")
    parser.add_argument("--repetitions", type=int, default=50)
    parser.add_argument("--sample", default="default", help="default, full or a share")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--problem", choices=list(PROBLEMS), default="works")
    chosen = parser.parse_args(arguments)
    sample = chosen.sample if chosen.sample in ("default", "full") else float(chosen.sample)
    among = PROBLEMS[chosen.problem]
    print(table(repeated(chosen.repetitions, sample, chosen.workers, among), among))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
