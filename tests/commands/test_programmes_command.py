"""`fupin programmes`, as a user calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fupin import paths
from fupin.parameters.book import load_book
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS, PROGRAMMES

Fupin = Callable[..., tuple[int, str, str]]


@pytest.fixture
def programmes(fupin: Fupin) -> Fupin:
    """Runs `fupin programmes`."""
    return partial(fupin, "programmes")


def rows_of(programmes: Fupin, *words: str) -> list[dict[str, Any]]:
    code, out, _ = programmes("--json", *words)
    assert code == 0
    return list(json.loads(out))


def test_all_once_and_in_order(programmes: Fupin) -> None:
    rows = rows_of(programmes)
    assert [row["key"] for row in rows] == list(PROGRAMME_KEYS)
    assert [(row["title"], row["paragraph"], row["money"]) for row in rows] == [
        (one.title, one.paragraph, one.money) for one in PROGRAMMES
    ]


def test_every_effect_is_a_parameter_that_a_mechanism_reads(programmes: Fupin) -> None:
    book = load_book()
    folders = (paths.PACKAGE / "programmes", paths.PACKAGE / "state")
    code = "\n".join(f.read_text("utf-8") for folder in folders for f in folder.glob("*.py"))
    for row in rows_of(programmes):
        assert row["effect"] in book, row["key"]
        file, _, name = row["effect"].partition(".")
        assert file in (row["key"], "programmes")
        assert f'{name}"' in code, f"no mechanism reads {row['effect']}"
        assert row["grade"] == book[row["effect"]].grade


def test_budgets_are_the_plans(programmes: Fupin, tmp_path: Path) -> None:
    document = load_scenario("fupin:2009-document").programmes
    for row in rows_of(programmes):
        assert row["budget"] == {"2009": document.of(row["key"]).budget_in(2009)}
    assert (
        sum(r["budget"]["2009"] for r in rows_of(programmes) if r["money"] == "fiscal")
        == 743_000_000
    )
    Path("mine.yaml").write_text(
        "period: {start: 2009-01, end: 2010-12}\n"
        "programmes: {skills_training: {budget: {2009: 1 million, 2010: 2 million}}}\n"
    )
    budgets = {row["key"]: row["budget"] for row in rows_of(programmes, "mine.yaml")}
    assert budgets["skills_training"] == {"2009": 1_000_000, "2010": 2_000_000}
    assert budgets["relocation"] == {"2009": 0, "2010": 0}
    code, out, _ = programmes("mine.yaml")
    assert code == 0 and "3 million yuan in 2009-2010, fiscal" in out and " off" in out


def test_the_table_fits_an_ordinary_terminal(programmes: Fupin) -> None:
    code, out, err = programmes()
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out
    words = " ".join(out.split())
    for programme in PROGRAMMES:
        assert words.count(f" key {programme.key} ") == 1
        assert f" {programme.title} " in words
        assert programme.mechanism in words
    assert "224.46 million yuan, fiscal" in out


@pytest.mark.parametrize("words", [["nowhere.yaml"], ["wrong.yaml"], ["--speed", "9"]])
def test_bad_input_is_exit_2(programmes: Fupin, words: list[str]) -> None:
    Path("wrong.yaml").write_text("nmae: x\n")
    code, out, err = programmes(*words)
    assert (code, out) == (2, "")
    assert words[0] in err and "Traceback" not in err
