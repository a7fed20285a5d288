"""A plan dominates only where the interval says so too, and never one that spends less."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from fupin.comparison.content import BETTER, _dominance


def contest(plan: dict[str, Any], base: dict[str, Any]) -> Any:
    """Two contenders by what they do; all else is the same under both."""
    zero = np.zeros((3, 2))
    worlds = {"plan": plan, "base": base}
    return SimpleNamespace(
        contenders=["plan", "base"],
        of=lambda world, outcome: np.asarray(worlds[world].get(outcome, zero), float),
    )


MORE = [[1000.0, 1010.0], [2000.0, 2010.0], [3000.0, 3010.0]]
SCATTERED = [[10.0, 20.0], [30.0, 40.0], [90_000.0, 90_010.0]]
"""All pairs are above 0, and three draws that differ so do not know the mean."""


def winner(plan: dict[str, Any], base: dict[str, Any] | None = None) -> str | None:
    (found,) = _dominance(contest(plan, base or {}))
    return found["dominates"]


def test_pairs_of_one_draw_are_one_piece_of_evidence() -> None:
    assert BETTER["lifted"] == 1 and BETTER["spent"] == -1
    assert winner({"lifted": MORE}) == "plan"
    assert winner({"lifted": SCATTERED}) is None


def test_a_dearer_plan_never_dominates_a_cheaper_one() -> None:
    dearer = np.array([[1.0, -1.0], [9.0, 2.0], [-3.0, 4.0]])
    assert winner({"lifted": MORE, "spent": dearer}) is None
    assert winner({"lifted": MORE, "spent": -dearer}) == "plan"
