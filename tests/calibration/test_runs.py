"""Runs of a calibration: recorded, never done twice, the same on any number of processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_calibration import SPACE, failing_at_times, linear

from sim.calibration.runs import journal_file, run_many
from sim.errors import InputError
from sim.experiments.draws import Draw

TASKS = [
    (Draw(f"toy:{i}", vector), i + 1)
    for i, vector in enumerate(SPACE.values(SPACE.prior_design(12, seed=1)))
]


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    journal = journal_file(tmp_path, "toy", "linear")
    first, none = run_many(linear, None, TASKS[:5], 1, journal)
    assert none == []
    calls: list[int] = []

    def counted(scenario: object, draw: Draw, seed: int) -> dict[str, float]:
        calls.append(seed)
        return linear(scenario, draw, seed)

    again, _ = run_many(counted, None, TASKS, 1, journal)
    assert calls == [6, 7, 8, 9, 10, 11, 12]
    assert again[:5] == first
    assert again == run_many(linear, None, TASKS, 1)[0]


def test_a_torn_line_costs_one_run(tmp_path: Path) -> None:
    journal = journal_file(tmp_path, "toy")
    whole, _ = run_many(linear, None, TASKS, 1, journal)
    text = journal.read_bytes()
    journal.write_bytes(text[: len(text) - 20])
    again, _ = run_many(linear, None, TASKS, 1, journal)
    assert again == whole
    once_more, _ = run_many(failing_at_times, None, TASKS, 1, journal)
    assert once_more == whole  # all were recorded, the torn one too


def test_failures_are_a_list_and_are_tried_again(tmp_path: Path) -> None:
    journal = journal_file(tmp_path, "toy")
    found, failures = run_many(failing_at_times, None, TASKS, 1, journal)
    assert [i for i, one in enumerate(found) if one is None] == [9]
    assert [(one.draw, one.seed) for one in failures] == [("toy:9", 10)]
    assert "ZeroDivisionError: nobody is poor" in failures[0].reason
    assert None not in run_many(linear, None, TASKS, 1, journal)[0]


def test_two_processes_give_what_one_gives() -> None:
    seen: list[tuple[int, int]] = []
    two, failures = run_many(
        failing_at_times, None, TASKS, 2, on_progress=lambda done, total: seen.append((done, total))
    )
    assert two == run_many(failing_at_times, None, TASKS, 1)[0]
    assert len(failures) == 1
    assert seen[0] == (0, 12) and seen[-1] == (12, 12)


def test_a_mistake_of_the_user_stops_all() -> None:
    def mistaken(scenario: object, draw: Draw, seed: int) -> dict[str, float]:
        raise InputError("There is no county Atlantis.")

    with pytest.raises(InputError, match="Atlantis"):
        run_many(mistaken, None, TASKS, 1)


def test_another_plan_has_another_journal(tmp_path: Path) -> None:
    assert journal_file(tmp_path, "a", "b") != journal_file(tmp_path, "ab", "")
