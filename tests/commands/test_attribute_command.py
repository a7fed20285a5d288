"""`fupin attribute` as it is typed: bad input is one message; a small one; its households."""

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
  household_projects: {budget: 300 million}
  cash_transfer: {budget: 100 million}
"""
SMALL = ["--sample", "0.005", "--workers", "1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tiny.yaml", "--outcome", "persons"], "--outcome"),
        (["tiny.yaml", "--outcome", "repayment_rate"], "repayment_rate"),
        (["tiny.yaml", "--draws", "lots"], "--draws"),
        (["tiny.yaml", "--seeds", "0"], "--seeds"),
        (["tiny.yaml", "--horizon", "2031"], "--horizon"),
        (["fupin:2009-no-programmes"], "nothing to attribute"),
        (["nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(
    fupin: Fupin, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "tiny.yaml").write_text(PLAN, encoding="utf-8")
    code, out, err = fupin("attribute", *words, "--out", "found")
    assert code == 2 and out == ""
    assert said in err and err.count("\n") == 1, err
    assert not (tmp_path / "found").exists()


def test_a_small_one_is_told_explained_and_exported(fupin: Fupin, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(PLAN, encoding="utf-8")
    code, out, _ = fupin("attribute", "tiny.yaml", "--out", "found", *SMALL)
    assert code == 0
    assert "person-years out of poverty" in out and "in class" in out and "Report:" in out
    assert max(map(len, out.splitlines())) <= 80
    found = json.loads((tmp_path / "found" / "attribution.json").read_text("utf-8"))
    shares = [row["mean"] for row in found["programmes"].values()]
    assert sum(shares) == found["whole"]["mean"] and found["coalitions"] == 4
    assert (tmp_path / "found" / "report.html").is_file()

    code, out, _ = fupin("explain", "found")
    assert code == 0 and "out of poverty: " in out
    household = out.split()[0]
    code, out, _ = fupin("explain", "found", household)
    assert code == 0 and "because of the plan: " in out.replace("\n", " ")
    code, out, _ = fupin("explain", "found", household, "--json")
    (first, *_) = json.loads(out)["because"]
    assert sum(first["programmes"].values()) == pytest.approx(1.0, abs=0.02)

    code, _, _ = fupin("export", "found", "--csv", "tables")
    assert code == 0 and (tmp_path / "tables" / "shares.csv").is_file()
    assert fupin("verify", "found")[0] == 0
    assert fupin("report", "found", "--lang", "zh")[0] == 0
