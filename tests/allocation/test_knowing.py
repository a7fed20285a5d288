"""What knowing an assumption gains, in planted problems in which it is known."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.allocation.curves import Curve
from fupin.allocation.knowing import worth_of_knowing
from fupin.allocation.search import Cell, Problem
from fupin.results.draws import Draw

GOAL = "person_years_out"
MONEY = 10**7


def straight(slope: float) -> Curve:
    """`slope` for each ten million more or less than the start."""
    x = np.array([0.0, 1.0, 2.0]) * MONEY
    y = slope * (x / MONEY - 1)
    return Curve(x, y, np.zeros(3), y)


def problem(slopes: list[float]) -> Problem:
    cells = tuple(
        Cell(f"p{k}", "fiscal", MONEY, 0, 2 * MONEY, {GOAL: straight(slope)})
        for k, slope in enumerate(slopes)
    )
    return Problem(cells, GOAL, {"fiscal": MONEY * len(slopes)}, unit=1000)


def planted(
    n: int, weights: dict[str, float], seed: int, noise: float = 0.0
) -> tuple[list[Problem], list[Draw]]:
    """Two programmes: one gains 1,000 and what assumptions add, the other 1,000 always.

    Assumptions are uniform over -1 to 1. Whoever knows one of weight w alone moves ten million to
    the better: w E|u| = w / 2 is gained; without knowing nothing is.
    """
    chance = np.random.default_rng(seed)
    problems, draws = [], []
    for k in range(n):
        values = {name: float(chance.uniform(-1, 1)) for name in weights}
        gain = 1000.0 + sum(weights[name] * v for name, v in values.items())
        problems.append(problem([gain + noise * chance.normal(), 1000.0]))
        draws.append(Draw(f"prior:{k}", values))
    return problems, draws


@pytest.mark.parametrize(("n", "within"), [(20, 0.25), (100, 0.12)])
@pytest.mark.parametrize("seed", [1])
def test_one_assumption_that_decides_is_worth_what_theory_says(
    n: int, within: float, seed: int
) -> None:
    problems, draws = planted(n, {"decides": 400.0, "idle": 0.0, "too": 0.0}, seed)
    found = worth_of_knowing(problems, draws)
    assert [name for name, _ in found] == ["decides"]
    # Of these draws: the better of two for each, less the better of two for all.
    u = np.array([float(d.overrides["decides"]) for d in draws])
    true = 400.0 * (np.abs(u).mean() - abs(u.mean()))
    assert found[0][1] == pytest.approx(true, rel=within)


def test_of_two_the_one_that_matters_more_is_worth_more() -> None:
    """Whoever knows u of weight 400 alone gains E|400 u| = 200; v of 200 alone gains 100."""
    problems, draws = planted(150, {"more": 400.0, "less": 200.0, "idle": 0.0}, 5)
    found = dict(worth_of_knowing(problems, draws))
    assert list(found) == ["more", "less"]
    assert found["more"] == pytest.approx(200.0, rel=0.25)
    assert 20.0 < found["less"] < 120.0


def test_luck_is_not_knowledge() -> None:
    """Of twenty assumptions that do nothing, hardly any is named, though the draws differ much."""
    problems, draws = planted(20, {f"idle{k}": 0.0 for k in range(20)}, 1, noise=400.0)
    assert len(worth_of_knowing(problems, draws)) <= 1


def test_what_changes_no_division_is_worth_nothing() -> None:
    """An assumption that moves both programmes alike by thousands decides nothing."""
    chance = np.random.default_rng(3)
    values = chance.uniform(-1, 1, 60)
    problems = [problem([2000 + 900 * v, 1000 + 900 * v]) for v in values.tolist()]
    draws = [Draw(f"prior:{k}", {"both": v}) for k, v in enumerate(values.tolist())]
    assert worth_of_knowing(problems, draws) == ()


def test_few_draws_know_nothing() -> None:
    assert worth_of_knowing(*planted(19, {"decides": 400.0}, 1)) == ()
