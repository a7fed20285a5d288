"""How figures are written: wide forms as plain ones, notes that are none, and unclear points."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_SHAPES = ("<wide>", "<narrow>")
"""Decompositions that change how a character looks and not what it says."""


def plain_forms(text: str) -> str:
    """Text with full-width and compatibility forms replaced by usual ones (NFKC), but for marks.

    What stands raised, lowered, in a circle or in brackets as one character (`¹`, `②`, `⑶`, `½`)
    stays as it is: beside a figure it points to a note, and NFKC would make 8501 of `850¹`.
    """
    if text.isascii():
        return text
    parts: list[str] = []
    plain = ""
    for character in text:
        if not character.isascii() and _is_mark(character):
            parts += [unicodedata.normalize("NFKC", plain), character]
            plain = ""
        else:
            plain += character
    return "".join([*parts, unicodedata.normalize("NFKC", plain)])


@cache
def _is_mark(character: str) -> bool:
    shape = unicodedata.decomposition(character).partition(" ")[0]
    return (
        shape.startswith("<")
        and shape not in _SHAPES
        and any(c.isdecimal() for c in unicodedata.normalize("NFKC", character))
    )


_GROUPED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def is_grouped(text: str) -> bool:
    """Whether digits such as `1.500` may have a point for thousands.

    True of a point with three digits behind it. Whole things and yuan have no thousandths, and
    much of the world writes 1.500 for 1500.
    """
    return _GROUPED.fullmatch(text) is not None


def unclear_point(text: str) -> tuple[str, str]:
    """What is unclear about such digits, and what to write instead."""
    whole, _, behind = text.partition(".")
    thousands = whole + behind
    return (
        f"The point in {text} may be one of decimals or of thousands.",
        f"Write `{thousands}`." if behind.strip("0") else f"Write `{whole}` or `{thousands}`.",
    )


class GroupedNumber(float):
    """A number of a file that is written like `1.000`: one, or a thousand.

    Where parts of one make sense (shares, factors) it is the number that it looks like. What counts
    whole things, or yuan, refuses it.
    """

    text: str

    def __new__(cls, text: str) -> GroupedNumber:
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return GroupedNumber, (self.text,)

    @property
    def unclear(self) -> str:
        """What is unclear about it, in words."""
        return unclear_point(self.text)[0]

    @property
    def instead(self) -> str:
        """What to write instead."""
        return unclear_point(self.text)[1]
