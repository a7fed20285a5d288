"""What decides on a landing leaves nothing out, and does not depend on luck."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import no_skips
import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]


def _skipped(reason: str) -> Any:
    return SimpleNamespace(
        skipped=True, outcome="skipped", longrepr=("f.py", 1, f"Skipped: {reason}")
    )


@pytest.mark.parametrize(
    "reason", ["chromium is not installed", "could not import 'openpyxl': No module", "needs uv"]
)
def test_a_tool_that_is_missing_fails_where_all_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    monkeypatch.setenv(no_skips.VARIABLE, "1")
    report = no_skips.failing_if_left_out(_skipped(reason))
    assert report.outcome == "failed" and reason in report.longrepr
    monkeypatch.delenv(no_skips.VARIABLE)
    assert no_skips.failing_if_left_out(_skipped(reason)).outcome == "skipped"


def test_what_the_machine_is_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(no_skips.VARIABLE, "1")
    for reason in no_skips.MAY_BE_LEFT_OUT:
        assert no_skips.failing_if_left_out(_skipped(reason)).outcome == "skipped"
    expected = _skipped("")
    expected.wasxfail = "known"
    assert no_skips.failing_if_left_out(expected).outcome == "skipped"


def test_every_reason_that_is_allowed_stands_in_some_test() -> None:
    texts = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (ROOT / "tests").rglob("test_*.py")
        if file.name != Path(__file__).name
    )
    texts += (ROOT / "tests" / "faults" / "conftest.py").read_text(encoding="utf-8")
    assert [reason for reason in no_skips.MAY_BE_LEFT_OUT if reason not in texts] == []


def test_the_landing_run_asks_for_all_tools_and_no_luck() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(rf"^export {no_skips.VARIABLE}=1$", script, re.M)
    assert re.search(r"^export HYPOTHESIS_PROFILE=ci$", script, re.M)
    profile = settings.get_profile("ci")
    assert profile.derandomize and profile.print_blob and profile.deadline is None
    assert not settings.get_profile("developers").derandomize


def test_this_session_has_the_profile_that_was_asked_for() -> None:
    named = os.environ.get("HYPOTHESIS_PROFILE", "developers")
    assert settings.default == settings.get_profile(named)
