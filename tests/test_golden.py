"""Results stay as they are to the byte, until a commit of its own records them anew."""

from __future__ import annotations

import json
import math

import pytest

from tests.golden.record import GOLDEN, MOST, Golden, leaves, moves, report, summary_of


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
def test_the_same_bytes_as_recorded(golden: Golden) -> None:
    recorded, now = golden.file.read_text("utf-8"), summary_of(golden)
    sd = json.loads(golden.spread_file.read_text("utf-8"))
    assert now == recorded, report(golden.name, moves(recorded, now, sd))


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
def test_every_outcome_has_a_spread_to_measure_moves_by(golden: Golden) -> None:
    summary = json.loads(golden.file.read_text("utf-8"))
    sd = json.loads(golden.spread_file.read_text("utf-8"))
    assert summary["seeds"] == list(golden.seeds)
    outcomes = {name for name, _ in leaves(summary, "mean") if name.startswith("outcomes.")}
    assert len(outcomes) > 20
    assert outcomes <= set(sd)
    assert all(sd[name] > 0 for name in ("outcomes.lifted", "outcomes.gini", "outcomes.placed"))


def test_a_move_is_measured_in_standard_deviations() -> None:
    def summary(**means: float | None) -> str:
        return json.dumps({"outcomes": {k: {"mean": v} for k, v in means.items()}, "by_year": {}})

    sd = {"outcomes.a": 2.0, "outcomes.fixed": 0.0}
    moved = moves(summary(a=1.0, b=None, fixed=5.0), summary(a=1.1, b=None, fixed=5.0), sd)
    assert moved == {"outcomes.a": pytest.approx(0.05), "outcomes.fixed": 0.0}
    assert max(moved.values()) < MOST
    assert "1 of 2 numbers moved, the furthest by 0.05" in report("x", moved)
    moved = moves(summary(a=1.0, fixed=5.0, gone=1.0), summary(a=1.0, fixed=6.0, come=1.0), sd)
    assert [name for name, move in moved.items() if move == math.inf] == [
        f"outcomes.{name}" for name in ("fixed", "gone", "come")
    ]
