"""The model has not become slower, in units of this machine's memory copy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import guard


def test_months_cost_no_more_than_recorded() -> None:
    for _ in range(3):  # other work on the machine takes its caches away for a while
        slower = guard.slower(guard.measure().as_data(), guard.recorded())
        if not slower:
            return
    assert slower == []


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
