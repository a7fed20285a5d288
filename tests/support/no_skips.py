"""Where everything must be installed (FUPIN_ALL_TOOLS), a test that is left out is one that fails.

A browser, a font or a package that could not be installed would else turn the tests that need it
off without a word, and a change would land untried.
"""

from __future__ import annotations

import os
from typing import Any

VARIABLE = "FUPIN_ALL_TOOLS"

MAY_BE_LEFT_OUT = (
    "the superuser may write anywhere",
    "root reads everything",
    "no permission to mount a small disk",
    "needs POSIX signals",
    "signals of Unix",
    "signals and mounts of Linux",
    "links, pipes and modes of Linux",
    "reads /proc",
    "looks at processes in /proc",
    "limits the memory of a process",
    "nothing is compiled",
    "needs compiled kernels that are kept",
    "no posterior is committed yet",
    "starsim or laser-core is not installed (uv run --extra bench)",
)
"""Reasons that say what the machine is, or what nobody promised to install."""


def everything_is_installed() -> bool:
    """Whether this session must leave nothing out for want of a tool."""
    return bool(os.environ.get(VARIABLE))


def failing_if_left_out(report: Any) -> Any:
    """The report of a test or a module; failed where it was left out for want of a tool.

    Args:
        report: of pytest, of a test's phase or of a module's collection.
    """
    if not everything_is_installed() or not report.skipped or hasattr(report, "wasxfail"):
        return report
    told = report.longrepr
    reason = str(told[2] if isinstance(told, tuple) else told).removeprefix("Skipped: ")
    if reason not in MAY_BE_LEFT_OUT:
        report.outcome = "failed"
        report.longrepr = f"left out, where {VARIABLE} is set: {reason}"
    return report
