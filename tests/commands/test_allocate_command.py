"""`fupin allocate` as it is typed: bad input is one message, nothing is written; a small search."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Fupin = Callable[..., tuple[int, str, str]]

PLAN = """\
extends: fupin:2009-no-programmes
title: A tiny plan
horizon: 2009
programmes:
  relocation: {budget: 200 million}
  cash_transfer: {budget: 200 million}
allocate: {most_change: 50%, unit: 1 million}
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--goal", "persons"], "--goal"),
        (["--envelope", "lots"], "--envelope"),
        (["--most-change", "-3"], "--most-change"),
        (["--protect", "skills"], "--protect"),
        (["--least", "rural_works"], "--least rural_works"),
        (["--least", "cash_transfer=9 billion"], "exclude one another"),
        (["--protect", "relocation", "--protect", "cash_transfer"], "may change"),
        (["--envelope", "5 billion"], "largest amounts of fiscal money"),
        (["--at-most", "resource_cost=much"], "--at-most"),
        (["--target", "0"], "--target"),
        (["--check-seeds", "1"], "Seed 1"),
        (["--check-draws", "none"], "--check-draws"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(
    fupin: Fupin, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "tiny.yaml").write_text(PLAN, encoding="utf-8")
    code, out, err = fupin("allocate", "tiny.yaml", "--out", "found", *words)
    assert code == 2 and out == ""
    assert said in err and err.count("\n") == 1, err
    assert not (tmp_path / "found").exists()


def test_a_small_search(fupin: Fupin, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(PLAN, encoding="utf-8")
    small = ["--sample", "0.005", "--seeds", "2", "--draws", "prior:2", "--workers", "1",
             "--check-draws", "2"]  # fmt: skip
    code, out, _ = fupin("allocate", "tiny.yaml", "--out", "found", "--full", *small)
    assert code == 0
    assert "million yuan" in out and "right in" in out and "How sure it is" in out
    code, out, _ = fupin("allocate", "tiny.yaml", "--out", "short", *small)
    assert code == 0
    _, _, verdict = out.partition("Result: short\n")
    assert "person-years out of poverty" in " ".join(verdict.split()) and "right in" not in out
    assert len(verdict.strip().splitlines()) <= 10
    found = json.loads((tmp_path / "found" / "allocation.json").read_text("utf-8"))
    assert found["proposed"]["cash_transfer"] <= 300_000_000
    assert sum(found["proposed"].values()) == 400_000_000
    assert found["check_draws"] == ["prior:3", "prior:4"]
    if found["better"]:
        code, _, _ = fupin("check", "found/plan.yaml")
        assert code == 0
