"""Spells, falling back and mobility beside brute force, hand-made tables and pandas."""

from __future__ import annotations

import math

import numpy as np
import pandas
import pytest
from fupin import measures
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

# Five people over four years (1: poor), a row a person: never; always; twice; leaves; falls back.
PANEL = np.array([[0, 0, 0, 0], [1, 1, 1, 1], [1, 0, 0, 1], [1, 1, 0, 0], [0, 1, 0, 1]], bool)
PERSONS = np.array([10, 2, 3, 4, 5])

panels = hnp.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 5)))


def by_year(panel: np.ndarray) -> list[np.ndarray]:
    return list(panel.T)


def runs_of(person: np.ndarray) -> list[tuple[int, int]]:
    """First year and length of each run of poor years, by walking."""
    found, year = [], 0
    while year < len(person):
        first = year
        while year < len(person) and person[year]:
            year += 1
        if year > first:
            found.append((first, year - first))
        year = max(year, first + 1)
    return found


def test_persons_by_years_poor() -> None:
    assert measures.persons_by_years_poor(by_year(PANEL), PERSONS) == [10, 0, 3 + 4 + 5, 0, 2]
    nobody = by_year(np.zeros((5, 3), bool))
    assert measures.persons_by_years_poor(nobody, PERSONS) == [24, 0, 0, 0]


def test_falling_back() -> None:
    # Exits with a year after: the third person (2nd year, not poor in the 3rd), the fourth (3rd
    # year, stays out), the fifth (3rd year, poor in the 4th).
    assert measures.fall_back_rate(by_year(PANEL), PERSONS) == pytest.approx(5 / (3 + 4 + 5))
    # Who falls back every other year falls back twice of two exits.
    often = np.array([[1, 0, 1, 0, 1], [1, 0, 0, 0, 0]], bool)
    assert measures.fall_back_rate(by_year(often), np.array([2, 3])) == pytest.approx(4 / 7)
    assert math.isnan(measures.fall_back_rate(by_year(PANEL[:, :2]), PERSONS))
    assert math.isnan(measures.fall_back_rate(by_year(PANEL[:2]), PERSONS[:2]))


def test_spells_of_the_hand_made_panel() -> None:
    found = measures.spells(by_year(PANEL), PERSONS)
    rows = {
        (first, length): persons
        for first, length, persons in zip(found.first, found.length, found.persons, strict=True)
        if persons
    }
    assert rows == {(0, 4): 2, (0, 1): 3, (3, 1): 3 + 5, (0, 2): 4, (1, 1): 5}
    assert found.mean_length == pytest.approx((4 * 2 + 3 + 8 + 2 * 4 + 5) / (2 + 3 + 8 + 4 + 5))


@settings(max_examples=60, deadline=None)
@given(panels, st.integers(0, 9))
def test_spells_are_those_that_walking_finds(panel: np.ndarray, salt: int) -> None:
    weights = (np.arange(len(panel)) * 7 + salt) % 11
    found = measures.spells(by_year(panel), weights)
    expected: dict[tuple[int, int], int] = {}
    for person, weight in zip(panel, weights, strict=True):
        for run in runs_of(person):
            expected[run] = expected.get(run, 0) + int(weight)
    seen = dict(zip(zip(found.first, found.length, strict=True), found.persons, strict=True))
    assert {k: v for k, v in seen.items() if v} == {k: v for k, v in expected.items() if v}
    # Every year in poverty belongs to one spell.
    years = sum(n * p for n, p in zip(found.length, found.persons, strict=True))
    assert years == int((panel * weights[:, None]).sum())
    last = panel.shape[1]
    for first, length, opened, going in zip(
        found.first, found.length, found.open_start, found.open_end, strict=True
    ):
        assert opened == (first == 0)
        assert going == (first + length == last)


@settings(max_examples=60, deadline=None)
@given(panels)
def test_years_poor_sum_to_everybody(panel: np.ndarray) -> None:
    weights = np.arange(1, len(panel) + 1)
    persons = measures.persons_by_years_poor(by_year(panel), weights)
    assert sum(persons) == weights.sum()
    assert sum(k * n for k, n in enumerate(persons)) == (panel * weights[:, None]).sum()


def test_line_groups_by_hand() -> None:
    """Half the line, the line, twice the line: who stands on a border is above it."""
    income = np.array([-3.0, 49.9, 50.0, 99.9, 100.0, 199.9, 200.0, 1e6])
    assert measures.line_groups(income, 100, (0.5, 1, 2)).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert measures.persons_under(income, 100, (0.5, 1, 2), np.ones(8)) == [2, 4, 6]


def fifths(before: np.ndarray, after: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Persons by fifth before and after."""
    groups = (measures.quantile_groups(income, people, 5) for income in (before, after))
    return measures.cross_counts(*groups, people, 5)


def test_mobility_of_people_who_stay_and_of_people_who_swap() -> None:
    income, people = np.arange(100, dtype=np.float64), np.ones(100)
    assert fifths(income, income, people).tolist() == (20 * np.eye(5)).tolist()
    assert fifths(income, -income, people).tolist() == (20 * np.fliplr(np.eye(5))).tolist()


def test_nobody_moves_from_a_group_without_people() -> None:
    """Two households cannot be in five groups: the first fifth and the third have nobody."""
    income, people = np.array([1.0, 2.0]), np.array([1, 1])
    found = fifths(income, income[::-1], people)
    assert found[1].tolist() == [0, 0, 0, 1, 0] and found[3].tolist() == [0, 1, 0, 0, 0]
    assert (found[[0, 2, 4]] == 0).all()


def test_mobility_agrees_with_pandas() -> None:
    """Quintiles by qcut and a cross table: an independent library on the same data."""
    rng = np.random.default_rng(1)
    before = rng.lognormal(8, 0.6, 1000)
    after = before * rng.lognormal(0, 0.4, 1000)
    ours = fifths(before, after, np.ones(1000))
    groups = [pandas.qcut(x, 5, labels=False) for x in (before, after)]
    assert (ours == pandas.crosstab(*groups).to_numpy()).all()


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.float64, 25, elements=st.floats(1, 5000, width=32)),
    hnp.arrays(np.float64, 25, elements=st.floats(1, 5000, width=32)),
)
def test_line_groups_are_poverty_at_each_multiple(before: np.ndarray, after: np.ndarray) -> None:
    weights = np.arange(1, 26)
    multiples = (0.5, 1.0, 1.25)
    start = measures.line_groups(before, 1196, multiples)
    end = measures.line_groups(after, 1196, multiples)
    cells = measures.cross_counts(start, end, weights, 4)
    assert cells.sum() == weights.sum()
    for k in range(3):
        under = measures.persons_under(after, 1196, multiples, weights)[k]
        assert cells[:, : k + 1].sum() == under == weights[after < 1196 * multiples[k]].sum()


def test_how_far_the_lifted_came() -> None:
    income = np.array([1195.9, 1196.0, 1255.0, 1256.0, 9000.0, 1200.0])
    poor_before = np.array([True, True, True, True, True, False])
    weights = np.array([1, 2, 4, 8, 16, 32])
    found = measures.lifted_past(poor_before, income, 1196, weights)
    assert found == (2 + 4 + 8 + 16, 2 + 4)  # 1.05 x 1196 = 1255.8
    # Who stands on a border is above it: of 100 with a margin of a quarter, 125 is far enough.
    on = measures.lifted_past(
        poor_before, np.array([99, 100, 124.9, 125, 126, 1]), 100, weights, 0.25
    )
    assert on == (2 + 4 + 8 + 16, 2 + 4)
