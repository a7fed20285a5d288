"""Prose for planners can be read by somebody for whom English is a second language.

Sentences have at most 25 words, and no riddle has to be decoded. The words of the glossary are
those that pages use. Checked are the pages named here, help of all commands, and the catalogues.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from documented import ROOT
from fupin import paths
from fupin.cli import COMMANDS, cli
from prose import LONGEST, faults, faults_of, sentences, words

FOR_PLANNERS = [
    ROOT / "README.md",
    ROOT / "results" / "README.md",
    *(
        ROOT / "docs" / f"{name}.md"
        for name in (
            "README", "tutorial", "glossary", "commands", "compare", "report", "calendars",
            "switches", "unspent", "sweeps", "python", "effects-head", "limits",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("page", FOR_PLANNERS, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_for_planners_can_be_read(page: Path) -> None:
    found = faults_of(page.read_text("utf-8"))
    assert not found, "\n".join(f"{page.relative_to(ROOT)}:{fault}" for fault in found)


def test_help_can_be_read() -> None:
    found = []
    for name, (module, line) in {"": ("fupin.cli", cli.help or ""), **COMMANDS}.items():
        command = importlib.import_module(module).command if name else cli
        options = [o.help or "" for o in command.params if isinstance(o, click.Option)]
        for text in (line, " ".join((command.help or "").split()), *options):
            found += [f"fupin {name}: {fault}" for fault in faults(text)]
    assert not found, "\n".join(found)


STILL = {"panel.recognition"}
"""Entries of the page's catalogue."""


def english() -> Iterator[tuple[str, str]]:
    for file in sorted((paths.PACKAGE / "words").glob("*.yaml")):
        content = yaml.safe_load(file.read_text("utf-8"))
        for key, entry in content.get("words", {}).items():
            yield f"{file.stem}: {key}", entry["en"]
        for entry in content.get("texts", content.get("messages", [])):
            yield file.stem, entry["en"]


def test_texts_of_reports_page_and_terminal_can_be_read() -> None:
    found = [
        f"{key}: {fault}"
        for key, text in english()
        if key.rpartition(" ")[2] not in STILL
        for fault in faults(text)
    ]
    assert not found, "\n".join(found)


def test_words_of_the_glossary_are_those_that_pages_use() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    terms = re.findall(r"^\| \*\*([^*]+)\*\* \|", page, re.MULTILINE)
    assert len(terms) == 12
    text = "\n".join(
        (ROOT / name).read_text("utf-8").casefold()
        for name in ("README.md", "docs/tutorial.md", "docs/compare.md")
    )
    assert [term for term in terms if term.casefold().rstrip("s") not in text] == []
    other = (ROOT / "docs" / "glossary.zh.md").read_text("utf-8")
    assert re.findall(r"^\| \*\*[^*]+\*\*（([^）]+)） \|", other, re.MULTILINE) == terms


def test_the_check_finds_what_it_is_for() -> None:
    long = " ".join(["word"] * (LONGEST + 1)) + "."
    for text in (
        long,
        "The interval holds 0.",
        "Counties that are not told from no change are grey.",
        "The plan is lived beside itself.",
        "Three plans beside the base.",
        f"- an item\n- {long}",
        f"A short one. {long} Another.",
    ):
        assert faults_of(text), text
    for text in (
        f"```\n{long}\n```",
        f"| {long} |\n| --- |",
        f"# {long}",
        "One. " * 60,
        f"`{long}` is code.",
        "The runs cannot tell the change from zero.",
    ):
        assert not faults_of(text), text
    assert sentences("He paid 1.5 yuan. She paid 2.") == ["He paid 1.5 yuan.", "She paid 2."]
    assert words("A 90% interval (51–77) − of 2,000 persons.") == 7
