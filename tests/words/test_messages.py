"""Messages in Chinese: found by their English, which the code still has; advice stays typable."""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fupin import cli, paths
from fupin.errors import InputError
from fupin.words import choice
from fupin.words.language import catalogue
from fupin.words.messages import MESSAGES, in_language, translated

ENTRIES = [entry for file in MESSAGES for entry in catalogue(file)["messages"]]


def skeleton(template: str) -> str:
    """A message with its blanks alike."""
    parts = string.Formatter().parse(template)
    return "".join(text + ("{}" if name is not None else "") for text, name, *_ in parts)


def text_of(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None


@pytest.fixture(scope="module")
def written() -> set[str]:
    """Every text of the code, with blanks."""

    def texts() -> Iterator[str]:
        for file in paths.PACKAGE.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.expr) and (text := text_of(node)) is not None:
                    yield text

    return set(texts())


def test_messages_are_those_of_the_code_and_have_their_blanks(written: set[str]) -> None:
    for entry in ENTRIES:
        assert skeleton(entry["en"]) in written, f"the code says this no more: {entry['en']}"
        blanks = [
            {name for _, name, *_ in string.Formatter().parse(entry[code]) if name}
            for code in ("en", "zh")
        ]
        assert blanks[0] >= blanks[1], entry
        code = [set(re.findall(r"`[^`]*`|--\w[\w-]*", entry[code])) for code in ("en", "zh")]
        assert code[0] == code[1], f"what is to be typed is the same: {entry['en']}"


def test_messages_are_found_with_what_they_quote() -> None:
    for entry in ENTRIES:
        names = {name for _, name, *_ in string.Formatter().parse(entry["en"]) if name}
        values = {name: f"'quoted {name}'" for name in names}
        assert translated(entry["en"].format(**values)) == entry["zh"].format(**values)


def test_what_has_no_entry_stays_and_places_stand_first() -> None:
    error = InputError("Nobody ever said this.", "Write on or off.", "a.yaml", 3, 5)
    assert str(in_language(error)) == str(error)
    with choice.speaking("zh"):
        assert str(in_language(error)) == "a.yaml:3:5: Nobody ever said this. 请写 on 或 off。"


def test_a_mistake_is_told_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("extends: fupin:2009-document\nrecognition: perhaps\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["fupin", "check", str(file), "--lang", "zh"])
    try:
        with pytest.raises(SystemExit) as done:
            cli.main()
    finally:
        choice.speak(None)
    said = capsys.readouterr().err
    assert done.value.code == 2 and "plan.yaml:2:" in said
    assert "不是开关" in said and "请写 on 或 off。" in said
