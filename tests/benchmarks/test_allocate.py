"""The exhaustive benchmark of the search: its plans, and what it counts."""

from __future__ import annotations

import pytest
from fupin.allocation.money import money_of

from benchmarks.allocate import PROBLEMS, Among, Repetition, base, divisions, table, yuan_of


@pytest.mark.parametrize("among", PROBLEMS.values(), ids=list(PROBLEMS))
def test_all_84_plans_divide_the_same_money_and_the_start_is_one_of_them(among: Among) -> None:
    plans = divisions(among)
    assert len(plans) == 84 and all(sum(plan.values()) == among.total for plan in plans)
    start = yuan_of(among, among.start)
    assert start in plans and money_of(base(among, 0.01)) == start


def test_regret_is_part_of_the_best_gain() -> None:
    found = [Repetition(1000.0, 995.0, 900.0, 880.0), Repetition(1000.0, 1010.0, 950.0, 960.0)]
    assert [round(one.regret, 3) for one in found] == [0.005, -0.01]
    said = table(found)
    assert "in 100% (wanted: 95%)" in said
    assert "winner's curse: mean +78" in said
    assert "less the best of all, next seed: mean +5" in said
