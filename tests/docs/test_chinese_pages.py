"""Chinese pages say what the English ones say: the same commands, plans, numbers, and our terms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chinese_terms import REFUSED
from documented import ROOT, blocks, commands
from fupin.cli import COMMANDS

PAIRS = [
    (ROOT / "README.md", ROOT / "README.zh.md"),
    (ROOT / "docs" / "tutorial.md", ROOT / "docs" / "tutorial.zh.md"),
]
CHINESE = [chinese for _, chinese in PAIRS] + [ROOT / "docs" / "glossary.zh.md"]
_LANG = re.compile(r" --lang zh$")


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=["README", "tutorial"])
def test_commands_and_plans_are_those_of_the_english_page(english: Path, chinese: Path) -> None:
    ours = {_LANG.sub("", command) for command in commands(english)}
    theirs = {_LANG.sub("", command) for command in commands(chinese)}
    known = {"uv run fupin view scenarios/2009-document.yaml"}
    assert theirs - ours <= known, theirs - ours - known
    assert blocks(chinese, "yaml") == blocks(english, "yaml")[: len(blocks(chinese, "yaml"))]
    assert blocks(chinese, "yaml")


def test_every_command_stands_in_the_chinese_readme() -> None:
    text = (ROOT / "README.zh.md").read_text("utf-8")
    assert [name for name in COMMANDS if not re.search(rf"fupin {name}\b|`{name}`", text)] == []


def counts(text: str) -> set[str]:
    """Whole numbers of a thousand and more, as they are written with commas."""
    return set(re.findall(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)", text))


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=["README", "tutorial"])
def test_people_are_counted_as_on_the_english_page(english: Path, chinese: Path) -> None:
    ours, theirs = (counts(page.read_text("utf-8")) for page in (english, chinese))
    amounts = {"1,500", "3,054", "6,000", "9,000"}  # of the tutorial's budgets, in 万元
    assert theirs - amounts <= ours, theirs - amounts - ours
    assert len(theirs) > 5


def test_the_table_of_the_sweep_is_the_english_one() -> None:
    rows = []
    for page, wan in zip(PAIRS[1], (100, 1), strict=True):
        found = re.findall(
            r"^\| ([\d.,]+) \| ([\d, |]+) \|$", page.read_text("utf-8"), re.MULTILINE
        )
        rows.append([(float(budget.replace(",", "")) * wan, cells) for budget, cells in found])
    assert rows[0] == rows[1] and len(rows[0]) == 4


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: page.name)
def test_pages_keep_to_the_terms_of_the_offices(page: Path) -> None:
    text = page.read_text("utf-8")
    assert [term for term in REFUSED if term in text] == []
