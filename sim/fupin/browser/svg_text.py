"""Words in small charts: titles in lines that fit, labels of an axis without needless digits."""

from __future__ import annotations

from collections.abc import Sequence

from fupin.words.unbroken import pieces

WIDTH = 272.0
"""Of a chart, in units of its picture."""

_LETTER = 6.5
"""Width of a Latin letter of a title."""


def lines_of(title: str) -> list[str]:
    """A title in lines that fit; Chinese letters are twice as wide and part anywhere."""
    lines, room = [""], WIDTH - 4
    for piece in pieces(title):
        if lines[-1] and width_of(lines[-1] + piece.rstrip()) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece
    return lines


def width_of(text: str) -> float:
    return sum(_LETTER * (1.82 if letter > "\u2e80" else 1.0) for letter in text)


def shortest(texts: Sequence[str]) -> list[str]:
    """Labels of an axis without decimals that are 0 in all: 6, 4, 2 for 6.00, 4.00, 2.00."""
    found = list(texts)
    while all("." in text for text in found) and all(text[-1] in "0." for text in found):
        dot = all(text[-1] == "." for text in found)
        found = [text[:-1] for text in found]
        if dot:
            break
    return [text.removesuffix(".") for text in found]
