"""Runs of a calibration: recorded, never done twice, the same on any number of processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from fupin.calibration.runs import Measure, run_many, runs_folder
from fupin.engine import many as batch
from fupin.engine.run_ids import Point
from fupin.errors import InputError
from fupin.results.draws import Draw
from toy_calibration import SPACE, failing_at_times, linear

TASKS = [
    (Draw(f"toy:{i}", vector), i + 1)
    for i, vector in enumerate(SPACE.values(SPACE.prior_design(12, seed=1)))
]


def _in_place_of(function: Measure, other: Measure) -> Measure:
    """A function that goes by another's name, as an edited one would."""
    other.__module__, other.__qualname__ = function.__module__, function.__qualname__
    return other


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    first, none = run_many(linear, None, TASKS[:5], 1, tmp_path)
    assert none == []
    calls: list[int] = []

    def counted(scenario: object, draw: Draw, seed: int) -> dict[str, float]:
        calls.append(seed)
        return linear(scenario, draw, seed)

    again, _ = run_many(_in_place_of(linear, counted), None, TASKS, 1, tmp_path)
    assert calls == [6, 7, 8, 9, 10, 11, 12]
    assert again[:5] == first
    assert again == run_many(linear, None, TASKS, 1)[0]


def test_a_run_is_named_as_in_any_batch_of_the_same_content(tmp_path: Path) -> None:
    pairs, _ = run_many(linear, None, TASKS[:3], 1, tmp_path)
    draws, seeds = [draw for draw, _ in TASKS[:3]], [seed for _, seed in TASKS[:3]]
    crossed = batch.run_many([Point(None)], seeds, draws, function=linear, folder=tmp_path)
    assert crossed.table.num_rows == 9  # of which three were there
    rows = crossed.table.to_pylist()
    for i, found in enumerate(pairs):
        assert found is not None
        assert {name: rows[4 * i][name] for name in found} == found


def test_failures_are_a_list_and_are_tried_again(tmp_path: Path) -> None:
    found, failures = run_many(failing_at_times, None, TASKS, 1, tmp_path)
    assert [i for i, one in enumerate(found) if one is None] == [9]
    assert [(one.draw, one.seed) for one in failures] == [("toy:9", 10)]
    assert "ZeroDivisionError: nobody is poor" in failures[0].reason

    def mended(scenario: object, draw: Draw, seed: int) -> dict[str, float]:
        return linear(scenario, draw, seed)

    mended = _in_place_of(failing_at_times, mended)
    assert None not in run_many(mended, None, TASKS, 1, tmp_path)[0]


def test_two_processes_give_what_one_gives() -> None:
    seen: list[tuple[int, int]] = []
    two, failures = run_many(
        failing_at_times, None, TASKS, 2,
        on_progress=lambda at: seen.append((at.done + at.failed, at.total)),
    )  # fmt: skip
    assert two == run_many(failing_at_times, None, TASKS, 1)[0]
    assert len(failures) == 1
    assert seen[0] == (0, 12) and seen[-1] == (12, 12)


def test_a_mistake_of_the_user_stops_all() -> None:
    def mistaken(scenario: object, draw: Draw, seed: int) -> dict[str, float]:
        raise InputError("There is no county Atlantis.")

    with pytest.raises(InputError, match="Atlantis"):
        run_many(_in_place_of(linear, mistaken), None, TASKS, 1)


def test_another_plan_has_another_folder(tmp_path: Path) -> None:
    assert runs_folder(tmp_path, "a", "b") != runs_folder(tmp_path, "ab", "")
