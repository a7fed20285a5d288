"""Lines of text for a terminal, where Chinese characters are two columns wide, without spaces."""

from __future__ import annotations

import textwrap

from fupin.words.unbroken import pieces


def wrapped(text: str, width: int, later: str = "") -> list[str]:
    """Text in lines of at most `width` columns.

    Args:
        text: one paragraph.
        width: columns of the terminal.
        later: what stands before the second and later lines.

    Returns:
        lines; those of a text without wide characters are those of `textwrap`.
    """
    from rich.cells import cell_len

    if cell_len(text) == len(text):
        return textwrap.wrap(text, width, subsequent_indent=later)
    lines, line = [], text[: len(text) - len(text.lstrip())]
    for piece in pieces(text.lstrip()):
        if line.strip() and cell_len(line) + cell_len(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = later
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def filled(text: str, width: int, first: str = "", later: str = "") -> str:
    """The same as one text, with what stands before its lines; long words are not broken."""
    from rich.cells import cell_len

    if cell_len(text) == len(text):
        return textwrap.fill(
            text, width, initial_indent=first, subsequent_indent=later, break_long_words=False
        )
    return "\n".join(wrapped(first + text, width, later))
