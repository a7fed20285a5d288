"""A front of two goals: no plan beats another, its ends are the goals' own best plans."""

from __future__ import annotations

from itertools import combinations

from fupin.allocation.curves import fit
from fupin.allocation.front import front
from fupin.allocation.search import Cell, Problem, solve
from hypothesis import given, settings
from hypothesis import strategies as st

GOALS = ("persons", "jobs")
GAIN = st.lists(st.floats(1.0, 100.0), min_size=4, max_size=4)


@given(GAIN, GAIN)
@settings(max_examples=8, deadline=None)
def test_no_plan_of_a_front_beats_another(persons: list[float], jobs: list[float]) -> None:
    cells = tuple(
        Cell(
            f"p{k}", "fiscal", 10**7, 0, 2 * 10**7,
            {
                goal: fit([0.0, 5e6, 1.5e7, 2e7], [-g, -g / 3, g / 4, g / 3], [0.0] * 4, 1e7)
                for goal, g in (("persons", persons[k]), ("jobs", jobs[k]))
            },
        )
        for k in range(4)
    )  # fmt: skip
    problem = Problem(cells, "persons", {"fiscal": 4 * 10**7}, unit=10_000)
    found = front(problem, GOALS, plans=6)
    assert found
    for one in found:
        assert sum(one.money.values()) == 4 * 10**7
    for a, b in combinations(found, 2):
        assert a.goals["persons"] >= b.goals["persons"]
        assert a.goals["jobs"] < b.goals["jobs"] or a.goals["persons"] > b.goals["persons"]
    best = solve(problem).change
    assert abs(found[0].goals["persons"] - best) <= 5e-3 * abs(best) + 1e-6  # pieces are straight
