"""Rank correlations: against scipy, and how often chance alone looks like a driver."""

from __future__ import annotations

import numpy as np
import pytest
from fupin.parameters.book import load_book
from fupin.report.html.drivers import FEWEST, found
from scipy.stats import spearmanr

NAMES = [name for name in load_book() if not load_book()[name].dated][:40]


def draws_of(values: np.ndarray) -> list[dict[str, object]]:
    return [
        {"label": f"d{i}", "overrides": dict(zip(NAMES, row, strict=False))}
        for i, row in enumerate(values.tolist())
    ]


def test_as_scipy_with_ties_too() -> None:
    rng = np.random.default_rng(1)
    values = rng.integers(0, 6, (20, 7)).astype(float)
    outcome = rng.integers(0, 9, 20).astype(float)
    (one,) = found(draws_of(values), {"y": outcome.tolist()})
    expected = {
        name: spearmanr(values[:, i], outcome).statistic for i, name in enumerate(NAMES[:7])
    }
    assert {d.parameter: d.strength for d in one.found} == pytest.approx(expected)
    sizes = [abs(d.strength) for d in one.found]
    assert sizes == sorted(sizes, reverse=True)


def test_a_driver_is_found_and_graded() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(30, 20))
    outcome = np.exp(values[:, 3]) + 0.01 * rng.normal(size=30)
    (one,) = found(draws_of(values), {"y": outcome.tolist()})
    assert one.found[0].parameter == NAMES[3] and one.found[0].strength > 0.95
    assert one.found[0].grade == load_book()[NAMES[3]].grade
    assert one.found[0].strength > one.by_chance > abs(one.found[2].strength) - 0.2


def test_chance_alone_passes_the_bound_in_one_of_ten_cases() -> None:
    rng = np.random.default_rng(3)
    passed = 0
    for _ in range(200):
        values = rng.normal(size=(12, 40))
        (one,) = found(draws_of(values), {"y": rng.normal(size=12).tolist()})
        passed += abs(one.found[0].strength) > one.by_chance
    assert 0.02 < passed / 200 < 0.19  # 20 of 200, give or take four standard errors


def test_nothing_to_say() -> None:
    values = np.random.default_rng(4).normal(size=(FEWEST, 3))
    few = draws_of(values[: FEWEST - 1])
    assert found(few, {"y": list(range(FEWEST - 1))}) == []
    assert found([{"label": "central", "overrides": {}}], {"y": [1.0]}) == []
    same = draws_of(np.ones((FEWEST, 3)))
    assert found(same, {"y": list(range(FEWEST))}) == []
    enough = draws_of(values)
    assert found(enough, {"y": [1.0] * FEWEST, "z": [float("nan")] * FEWEST}) == []


def test_a_parameter_that_is_gone_has_no_grade() -> None:
    values = np.random.default_rng(5).normal(size=(FEWEST, 1)).tolist()
    draws = [{"label": str(i), "overrides": {"gone.away": row[0]}} for i, row in enumerate(values)]
    (one,) = found(draws, {"y": list(range(FEWEST))})
    assert one.found[0].grade == ""
