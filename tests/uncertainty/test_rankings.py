"""Is another plan best here? How often that is said of equal plans, and of plans that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from equal_plans import OUTCOMES, equal_plans
from fupin.uncertainty.outcomes import sign_of
from fupin.uncertainty.rankings import FALSE_ALARMS, ranking, tell
from fupin.uncertainty.sensitivity import sensitivity
from fupin.uncertainty.worlds import Input, Worlds, read_worlds
from made_up_sweep import luck, write_sweep

ASKED = ["counting", "p.0", "p.1", "p.2"]
"""As many as a page asks about."""

WAYS = [(1, 0, 0, 0.5), (0, 1, 0, 0.5), (1, 1, 0.5, 0.5)]
"""How plans that are equal on average differ: by vector, by the luck all share, by everything."""


def page(worlds: Worlds, names: Sequence[str] = ASKED) -> list[dict[str, Any]]:
    """The rankings of a page, without the search for what to ask about."""
    found = [ranking(worlds, worlds.table[o], sign_of(o), list(names)) for o in OUTCOMES]
    tell(found)
    return found


def groups(rankings: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (group for one in rankings for by in one["by"] for group in by["groups"])


def share_of_alarms(sets: int, ways: tuple[float, ...], plans: int = 2) -> float:
    rng = np.random.default_rng(20091231)
    alarms = 0
    for _ in range(sets):
        worlds = equal_plans(rng, 10, 5, ways, plans=plans)  # type: ignore[arg-type]
        alarms += any(group["told"] for group in groups(page(worlds)))
    return alarms / sets


@pytest.mark.parametrize("ways", WAYS)
def test_equal_plans_are_seldom_told_apart(ways: tuple[float, ...]) -> None:
    """Ten vectors, five seeds, four assumptions, two outcomes; a third holds three vectors.

    The normal quantile beside each group alone told something on 98% of such pages or more.
    """
    assert share_of_alarms(150, ways) <= 0.10


@pytest.mark.slow
@pytest.mark.parametrize("plans", [2, 3])
@pytest.mark.parametrize("ways", WAYS)
def test_equal_plans_are_told_apart_on_one_page_in_ten_at_most(
    ways: tuple[float, ...], plans: int
) -> None:
    assert share_of_alarms(2000, ways, plans) <= 0.10


@pytest.mark.slow
@pytest.mark.parametrize("ways", WAYS)
def test_nor_where_the_same_runs_choose_what_is_asked(ways: tuple[float, ...]) -> None:
    """The whole page: what moves the difference of equal plans is asked about, too."""
    rng = np.random.default_rng(7)
    alarms, changes, sets = 0, 0, 2000
    for _ in range(sets):
        found = sensitivity(equal_plans(rng, 10, 5, ways), OUTCOMES)["rankings"]  # type: ignore[arg-type]
        alarms += any(group["told"] for group in groups(found))
        changes += any(by["changes"] for one in found for by in one["by"])
    assert changes / sets <= alarms / sets <= 0.10


@pytest.mark.parametrize(("vectors", "least"), [(60, 0.8), (10, 0.0)])
def test_a_plan_that_is_better_in_a_third_of_worlds_is_found(vectors: int, least: float) -> None:
    """By twice the spread between vectors, and nowhere else; worse by as much elsewhere."""
    rng = np.random.default_rng(3)
    found, elsewhere, sets = 0, 0, 25
    for _ in range(sets):
        worlds = equal_plans(
            rng, vectors, 5, (0.7, 0.2, 0.2, 0.5),
            better=lambda p: np.where(p > np.quantile(p, 2 / 3), 2.0, -2.0),
        )  # fmt: skip
        rankings = page(worlds)
        changes = {by["name"] for one in rankings for by in one["by"] if by["changes"]}
        found += "p.0" in changes
        elsewhere += bool(changes - {"p.0"})
    assert found / sets >= least
    assert elsewhere / sets <= 0.10


def test_the_family_is_the_page() -> None:
    """Beyond chance by itself, not among the groups of two outcomes."""

    def one(*chances: float | None) -> dict[str, Any]:
        return {
            "p": None,
            "lead": 0.0,
            "by": [{"groups": [{"p": p, "lead": -1.0} for p in chances]}],
        }

    alone = [one(0.6 * FALSE_ALARMS)]
    tell(alone)
    assert [g["told"] for g in groups(alone)] == [True] and alone[0]["by"][0]["changes"]
    both = [one(0.6 * FALSE_ALARMS), one(0.9, None)]
    tell(both)
    assert [g["told"] for g in groups(both)] == [False] * 3
    strong = [one(0.2 * FALSE_ALARMS, 0.4 * FALSE_ALARMS), one(0.9, None)]
    tell(strong)  # 0.6 of it, then 0.8, of three that are asked
    assert [g["told"] for g in groups(strong)] == [True, True, False, False]
    tell([strong[0]])  # again, of a smaller page
    assert [g["told"] for g in groups(strong)] == [True, True, False, False]


def test_one_vector_tells_nothing() -> None:
    worlds = equal_plans(np.random.default_rng(1), 1, 5, (1, 0, 0, 0.1))
    for group in groups(page(worlds, ["counting"])):
        assert (group["error"], group["p"], group["told"]) == (None, None, False)


def test_the_order_of_worlds_changes_no_digit() -> None:
    worlds = equal_plans(np.random.default_rng(2), 8, 3, (1, 0.3, 0.2, 0.5))
    again = np.random.default_rng(3).permutation(worlds.count)
    inputs = tuple(Input(i.name, i.kind, i.values[again], i.of_draw) for i in worlds.inputs)
    shuffled = replace(
        worlds, inputs=inputs, points=worlds.points[again], draws=worlds.draws[again],
        table={name: y[:, again] for name, y in worlds.table.items()},
    )  # fmt: skip
    for one, other in zip(groups(page(worlds)), groups(page(shuffled)), strict=True):
        if one["label"] == other["label"]:
            assert one["lead"] == pytest.approx(other["lead"], rel=1e-12)
            assert one["p"] == pytest.approx(other["p"], rel=1e-9)


def test_points_that_somebody_chose_are_no_sample(tmp_path: Path) -> None:
    """Twelve points of a grid in two draws are two draws, however often each of them is lived."""
    points = [
        {"plan": plan, "livelihood.persistence": persistence, "events.drought": drought}
        for plan in ("a", "b")
        for persistence in (0.5, 0.6, 0.7, 0.8)
        for drought in (0.0, 0.5, 1.0)
    ]
    told = 0
    for trial in range(20):

        def formula(
            point: dict[str, Any], draw: dict[str, float], seed: int, trial: int = trial
        ) -> dict[str, float | None]:
            place = draw["register.review_probability"]
            gap = luck("gap", trial, place) + 0.1 * luck(trial, place, *point.values(), seed)
            return {"lifted": gap * (point["plan"] == "b")}

        draws = [{"register.review_probability": p} for p in (0.3, 0.6)]
        folder = write_sweep(tmp_path / str(trial), points, formula, draws=draws)
        worlds = read_worlds(folder)
        found = ranking(worlds, worlds.table["lifted"], 1, ["events.drought"])
        told += any(group["told"] for group in groups([found]))
    assert told <= 4  # one in twenty; as 24 independent vectors nearly all of them
