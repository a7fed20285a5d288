"""What plans and results look like in a notebook: a heading and plain tables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def titled(title: str, line: str) -> str:
    """A heading with a line under it."""
    return f"<p><strong>{escape(title)}</strong><br>{escape(line)}</p>"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; all columns but the first are set to the right."""

    def row(cells: Sequence[object], tag: str) -> str:
        sides = ["left", *["right"] * (len(cells) - 1)]
        return "".join(
            f'<{tag} style="text-align: {side}">{escape(str(cell))}</{tag}>'
            for side, cell in zip(sides, cells, strict=True)
        )

    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in rows)
    return f"<table><thead><tr>{row(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
