"""The exhaustive benchmark of the search: its plans, and what it counts."""

from __future__ import annotations

from fupin.allocation.money import money_of

from benchmarks.allocate import KEYS, START, STEPS, TOTAL, Repetition, base, divisions, table


def test_all_84_plans_divide_the_same_money_and_the_start_is_one_of_them() -> None:
    plans = divisions()
    assert len(plans) == 84 and all(sum(plan.values()) == TOTAL for plan in plans)
    start = {key: s * TOTAL // STEPS for key, s in zip(KEYS, START, strict=True)}
    assert start in plans and money_of(base(0.01)) == start


def test_regret_is_part_of_the_best_gain() -> None:
    found = [Repetition(1000.0, 995.0, 900.0), Repetition(1000.0, 1010.0, 950.0)]
    assert [round(one.regret, 3) for one in found] == [0.005, -0.01]
    assert "in 100% (wanted: 95%)" in table(found)
    assert "winner's curse: mean +78" in table(found)
