"""Every message about what a user wrote, and every advice, is there in Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from fupin import paths
from fupin.words.messages import translated

RAISE = {
    "InputError", "fault", "error", "PlaceError", "SpanError", "AmountError", "OutsideError",
    "MonthError", "UnclearScalarError",
}  # fmt: skip
"""What messages and advice are given to, among the first three arguments or by name."""
ARGUMENTS = ("message", "instead")
HERE = "X7"
"""Stands in a blank of a message that is made while the program runs."""

UNSPOKEN = {
    "extends: X7": "a message of another file; both parts are found on their own",
    "extends: X7: X7": "the same",
}
"""Message with blanks as `X7` -> why it stays English."""


def _texts(node: ast.expr) -> Iterator[str]:
    """What an expression may say, where that stands in it."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(p.value if isinstance(p, ast.Constant) else HERE for p in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one)
            yield from _texts(other)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (a + b for a in _texts(left) or [HERE] for b in _texts(right) or [HERE])


def _said() -> Iterator[tuple[str, str]]:
    """Place and text of every message that is written in the sources."""
    root = paths.PACKAGE
    for file in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name not in RAISE:
                continue
            given = [*node.args[:3], *(k.value for k in node.keywords if k.arg in ARGUMENTS)]
            for argument in given:
                for text in _texts(argument):
                    if " " in text and any(letter.isalpha() for letter in text.replace(HERE, "")):
                        yield f"{file.relative_to(root).as_posix()}:{argument.lineno}", text


SAID = list(_said())


def test_messages_are_found_in_the_sources() -> None:
    assert len(SAID) > 700


@pytest.mark.parametrize("room", sorted({place.split("/")[0].split(":")[0] for place, _ in SAID}))
def test_messages_are_said_in_chinese(room: str) -> None:
    english = [
        f"{place}: {text}"
        for place, text in SAID
        if place.split("/")[0].split(":")[0] == room
        and text not in UNSPOKEN
        and translated(text) == text
    ]
    assert english == []


def test_every_exception_is_needed() -> None:
    texts = {text for _, text in SAID}
    assert [text for text in UNSPOKEN if text not in texts or translated(text) != text] == []
