"""Limits on outcomes are measured as results have them, and kept where a division is lived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from fupin.allocation.bounds import Bound, bounds_of, measured
from fupin.allocation.keeping import keep
from fupin.allocation.measured import Levels, Lever, measure
from fupin.allocation.propose import propose
from fupin.allocation.search import Condition, Problem
from fupin.allocation.worlds import live_world
from fupin.errors import InputError
from fupin.lives.one_run import simulate
from fupin.results.draws import CENTRAL
from fupin.results.outcome import OUTCOMES
from fupin.scenario.allocate import Allocate
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.outcome_bounds import PROGRAMME_UNITS
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes

PLAN = Scenario.model_validate(
    {
        "name": "p",
        "population": {"sample": 0.005},
        "horizon": 2010,
        "programmes": {
            "skills_training": {"budget": 300_000_000},
            "microfinance": {"budget": 100_000_000},
        },
    }
)


class Lived:
    """Numbers of one world."""

    def __init__(self, plan: Scenario) -> None:
        task = {"plan": scenario_mapping(plan), "draw": CENTRAL.record(), "seed": 1, "frame": ""}
        self.numbers = live_world(task, CENTRAL, 1)

    def grid(self, name: str) -> np.ndarray:
        return np.array([[self.numbers.get(name) or 0.0]])

    def names(self, begin: str) -> list[str]:
        return sorted(name for name in self.numbers if name.startswith(begin))


def test_a_limit_is_on_what_a_result_says() -> None:
    """Value and measure of every outcome, from twins, against a run of the same plan."""
    here, nobody, run = Lived(PLAN), Lived(without_programmes(PLAN)), simulate(PLAN, CENTRAL, 1)
    names = {name: run.outcomes[name] for name in OUTCOMES}
    for key in ("skills_training", "microfinance"):
        names |= {f"{key}.{own}": run.programmes[key][own] for own in PROGRAMME_UNITS}
    for name, expected in names.items():
        for limit in ("at_least", "at_most"):
            bound = Bound(name, limit, 1.0 if expected is None else 0.9 * expected)
            value = bound.value(here, nobody, 2009)
            if expected is not None:
                assert value[0, 0] == pytest.approx(expected, rel=1e-9, abs=1e-3), name
            least = bound.condition(here, nobody, 2009).least
            kept = bool(bound.kept(np.nan_to_num(value)).all())
            gap = abs(bound.asked - float(np.nan_to_num(value)[0, 0]))
            if gap > 1e-6 * max(abs(bound.asked), 1.0):
                assert (least <= 0) == kept, (name, limit)
            assert np.isfinite(measured(bound.measure, here, 2009)).all()


class Planted:
    """Two programmes: money of `a` brings the goal, money of `b` trains people.

    Training has a step that a concave curve between doses does not see: the simulation trains
    fewer than the curve promises.
    """

    def __init__(self, steep: float = 1.0) -> None:
        self.goals = ("person_years_out", "at_least trained")
        self.steep, self.asked = steep, 0

    def levels(self, plans: Sequence[Mapping[str, int]]) -> list[Levels]:
        self.asked += len(plans)
        found: list[Levels] = []
        for plan in plans:
            a, b = plan["a"] / 1e6, plan["b"] / 1e6
            crowd = min(1.0, a / 150.0) * 0.25  # where `a` has much, fewer are trained
            values = (1000.0 * a**0.5, 100.0 * b * (1.0 - crowd) * self.steep)
            found.append({g: np.array([[v, v]]) for g, v in zip(self.goals, values, strict=True)})
        return found


def template(planted: Planted, asked: float) -> Problem:
    bound = Bound("trained", "at_least", asked)
    (now,) = planted.levels([{"a": 100_000_000, "b": 100_000_000}])
    least = asked - float(now["at_least trained"].mean())
    condition = Condition(bound.measure, least, asked, bound, 0.005 * asked)
    return Problem((), "person_years_out", {"fiscal": 200_000_000}, (), (condition,), 10_000)


@pytest.mark.parametrize("asked", [5_000.0, 9_000.0, 12_000.0])
def test_what_curves_promise_too_much_is_asked_for_again_until_it_is_lived(asked: float) -> None:
    planted = Planted()
    levers = [Lever(key, "fiscal", 100_000_000, 0, 200_000_000) for key in "ab"]
    singles = measure(levers, planted.goals, planted)
    problem = template(planted, asked)
    found = keep(singles, problem, planted, lambda held: propose(singles, held, planted, 1e4))  # type: ignore[arg-type]
    (lived,) = planted.levels([found.money])
    assert float(lived["at_least trained"].mean()) >= asked * 0.995 - 1e-6
    assert sum(found.money.values()) == 200_000_000


def test_what_no_lived_division_keeps_is_one_message_with_what_was_reached() -> None:
    """By its curve `b` could train 20,000; where `a` keeps its least it trains fewer."""
    planted = Planted()
    levers = [
        Lever("a", "fiscal", 100_000_000, 90_000_000, 200_000_000),
        Lever("b", "fiscal", 100_000_000, 0, 110_000_000),
    ]
    singles = measure(levers, planted.goals, planted)
    (now,) = planted.levels([singles.start])
    most = float(now["at_least trained"].mean()) * 1.1
    problem = template(planted, most * 1.015)
    with pytest.raises(InputError, match="trained at least") as error:
        from fupin.allocation.feasible import require_feasible
        from fupin.allocation.propose import problem_of

        require_feasible(problem_of(singles, problem))
        keep(singles, problem, planted, lambda held: propose(singles, held, planted, 1e4))  # type: ignore[arg-type]
    assert "can be reached" in str(error.value) and error.value.instead


def test_a_question_names_its_limits_in_order() -> None:
    asked = Allocate.model_validate({"at_most": {"gini": 0.4}, "at_least": {"trained": "8000 人"}})
    assert [(b.outcome, b.limit, b.asked) for b in bounds_of(asked)] == [
        ("trained", "at_least", 8000.0), ("gini", "at_most", 0.4),
    ]  # fmt: skip
