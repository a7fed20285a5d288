"""A console that says in the reader's language what is composed in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from fupin.report.terminal.unbroken_text import UnbrokenText
from fupin.words.phrases import chinese, columns
from fupin.words.spoken import spoken

_MARKUP = re.compile(r"(\[/?[a-z ]*\])")


class SpokenConsole(Console):
    """Translates texts, and heads and cells of tables, where commands speak Chinese."""

    def print(self, *objects: Any, **options: Any) -> None:
        """As of `Console.print`."""
        if spoken().chinese:
            objects = tuple(_said(one) for one in objects)
        super().print(*objects, **options)


def _said(one: Any) -> Any:
    if isinstance(one, str):
        return text_of(one)
    if isinstance(one, Table):
        for column in one.columns:
            column.header = _said(column.header)
            column._cells = [_cell(cell) for cell in column._cells]
        if isinstance(one.title, str):
            one.title = text_of(one.title)
    return one


def _cell(one: Any) -> Any:
    """A cell that breaks no amount."""
    said = _said(one)
    if not isinstance(said, str):
        return said
    found = Text.from_markup(said)
    return UnbrokenText(found.plain, spans=found.spans)


def text_of(text: str) -> str:
    """Each line of a text with markup, in Chinese."""
    lines = []
    for line in text.split("\n"):
        whole = columns(line) if not _MARKUP.search(line) else ""
        parts = [whole] if whole else [
            part if _MARKUP.fullmatch(part) else chinese(part) for part in _MARKUP.split(line)
        ]  # fmt: skip
        lines.append("".join(parts))
    return "\n".join(lines)


def spoken_blocks(
    width: int, head: list[str], groups: Sequence[tuple[str, list[list[str]]]]
) -> Group:
    """Blocks of a table in the reader's language: their widths are those of what is shown."""
    from fupin.report.terminal.comparison_tables import blocks

    if spoken().chinese:
        head = [text_of(cell) for cell in head]
        groups = [
            (text_of(title), [[text_of(cell) for cell in row] for row in rows])
            for title, rows in groups
        ]
    return blocks(width, head, groups)
