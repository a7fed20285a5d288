"""What would convince a sceptic: planted worlds with noise, limits and levers that get in each
other's way; the best plan is known by living all of them; the search must come near it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from fupin.allocation.measured import Levels, Lever, measure
from fupin.allocation.propose import Proposal, propose
from fupin.allocation.search import Problem

F64 = npt.NDArray[np.float64]
GOAL = "person_years_out"
TOTAL = 600
UNIT = 10**6
START = {f"p{k}": sixths * TOTAL // 6 * UNIT for k, sixths in enumerate((2, 2, 1, 1))}


class World:
    """Four programmes whose money saturates, two of which lift some of the same people.

    A pair of draw and seed changes what every programme does by a factor of its own, and each
    plan's number by luck that grows with the money that moves. Twins share the factor.
    """

    def __init__(self, seed: int, noise: float, pair: float, seeds: tuple[int, ...]) -> None:
        chance = np.random.default_rng(seed)
        self.gain = chance.uniform(20.0, 120.0, 4) * 1000
        self.reach = chance.uniform(60.0, 400.0, 4) * UNIT
        self.pair = pair * chance.uniform(0.5, 1.5)
        self.noise, self.seeds, self.seed, self.asked = noise, seeds, seed, 0

    def truth(self, money: Mapping[str, int]) -> float:
        x = np.array([money[f"p{k}"] for k in range(4)], np.float64)
        alone = self.gain * (1 - np.exp(-x / self.reach))
        together = self.pair * alone[0] * alone[1] / max(self.gain[0], self.gain[1])
        return float(alone.sum() - together)

    def levels(self, plans: Sequence[Mapping[str, int]]) -> list[Levels]:
        self.asked += len(plans)
        found: list[Levels] = []
        for plan in plans:
            grid = []
            for s in self.seeds:
                key = [self.seed, s, *plan.values()]
                luck = np.random.default_rng(key).normal(0.0, self.noise * 1000)
                grid.append(5e5 + self.truth(plan) + luck)
            found.append({GOAL: np.array([grid])})
        return found


def levers() -> list[Lever]:
    return [Lever(key, "fiscal", start, 0, TOTAL * UNIT) for key, start in START.items()]


def searched(world: World) -> Proposal:
    singles = measure(levers(), [GOAL], world)
    template = Problem((), GOAL, {"fiscal": TOTAL * UNIT}, unit=10_000)
    level = world.truth(singles.start)
    return propose(singles, template, world, level)


def best_of_all(world: World, steps: int = 6) -> tuple[float, float]:
    """Value of the best of all divisions in sixths, and of the start."""
    values = []
    for cut in product(range(steps + 1), repeat=3):
        if sum(cut) <= steps:
            shares = (*cut, steps - sum(cut))
            money = {f"p{k}": share * TOTAL * UNIT // steps for k, share in enumerate(shares)}
            values.append(world.truth(money))
    assert len(values) == 84
    return max(values), world.truth(START)


@pytest.mark.parametrize("pair", [0.0, 0.5])
def test_regret_is_at_most_a_hundredth_of_the_gap_in_95_of_100_repetitions(pair: float) -> None:
    """Against the best of all 84 plans; luck moves every number by a hundredth of the gap."""
    good = 0
    repetitions = 50
    for seed in range(repetitions):
        world = World(seed, 0.0, pair, (1, 2))
        best, start = best_of_all(world)
        world.noise = 0.01 * (best - start) / 1000
        found = searched(world)
        good += best - world.truth(found.money) <= 0.01 * (best - start)
    assert good >= 0.95 * repetitions


def test_model_and_simulation_agree_in_the_end_though_levers_touch() -> None:
    """Where the first answer is off, pairs are lived and the search goes on until they agree."""
    corrected = 0
    for seed in range(12):
        world = World(seed, 0.0, 0.9, (1,))
        found = searched(world)
        corrected += len(found.rounds) > 1
        assert found.agrees, seed
        if found.pairs:
            assert world.truth(found.money) >= found.rounds[0].lived - 1e-6
    assert corrected >= 3


def test_the_winner_is_not_cursed_beyond_its_error() -> None:
    """Value by the seeds that chose the plan, less that by others: within one standard error."""
    differences = []
    for seed in range(40):
        world = World(seed, 3.0, 0.1, (1, 2, 3))
        found = searched(world)
        if not found.rounds:
            continue
        chosen = found.rounds[found.best].lived
        fresh = World(seed, 3.0, 0.1, (7, 8, 9))
        here, there = (fresh.levels([m])[0][GOAL].mean() for m in (found.money, START))
        differences.append(chosen - float(here - there))
    d = np.array(differences)
    assert abs(d.mean()) <= 0.5 * d.std(ddof=1)


def test_the_same_question_has_the_same_answer() -> None:
    one, other = (searched(World(5, 0.5, 0.3, (1, 2))) for _ in range(2))
    assert one.money == other.money
    assert sum(one.money.values()) == TOTAL * UNIT
