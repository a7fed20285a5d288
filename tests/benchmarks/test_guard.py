"""What a month costs: Python does nothing for single households, and the measure of time works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fupin.model import PovertyModel
from fupin.scenario.load import load_scenario
from fupin.world.start import live_history

from benchmarks import guard


@pytest.fixture(scope="module")
def months() -> dict[float, PovertyModel]:
    """The document's year about to begin, in two samples, after a month that compiles."""
    plan = load_scenario("fupin:2009-document")
    models = {}
    for sample in (0.005, 0.02):
        models[sample] = PovertyModel(plan, rng=1, start=live_history(plan, 1, sample=sample))
        models[sample].step()
    return models


def test_python_visits_no_household_one_by_one(months: dict[float, PovertyModel]) -> None:
    few, many = months.values()
    assert many.households.size.size > 3.5 * few.households.size.size
    for _ in range(3):
        assert guard.python_steps(many.step) < 1.35 * guard.python_steps(few.step)


def test_a_loop_over_households_is_seen(months: dict[float, PovertyModel]) -> None:
    households = next(iter(months.values())).households

    def poor() -> list[int]:
        return [row for row in range(households.size.size) if households.size[row] > 3]

    assert guard.python_steps(poor) > households.size.size
    assert guard.python_steps(lambda: (households.size > 3).nonzero()) < 20


def test_what_has_become_slower_is_named() -> None:
    known = {"month kernel": 10.0, "whole months": 50.0}
    assert guard.slower({"month kernel": 17.9, "whole months": 89.0}, known) == []
    (complaint,) = guard.slower({"month kernel": 18.5, "whole months": 89.0}, known)
    assert complaint.startswith("month kernel: 18.50 memory copies a household-month, 1.85 times")


def test_recording_writes_what_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "guard.json"
    file.write_text('{"month kernel": 1.0, "whole months": 2.0}')
    monkeypatch.setattr(guard, "RECORDED", file)
    monkeypatch.setattr(guard, "measure", lambda turns: guard.Cost(kernel=3.456, months=7.0))
    monkeypatch.setattr(guard.timing, "pin_to_one_core", lambda: None)
    assert guard.main([]) == 1
    assert "3.46 times the recorded 1.00" in capsys.readouterr().err
    assert guard.main(["--record"]) == 0
    assert json.loads(file.read_text()) == {"month kernel": 3.46, "whole months": 7.0}
    assert guard.main([]) == 0
