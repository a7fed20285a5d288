"""Small pieces of plain-language errors: quoting what was found, guessing what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST = 60
_MOST_LISTED = 30
"""Names of which a message lists all: counties and parameters are too many to be read."""


def printable(text: str, longest: int = _LONGEST) -> str:
    """Text for an error: on one line, printable, cut where it is too long."""
    clean = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: longest + 1]
    )
    return clean if len(clean) <= longest else clean[: longest - 3] + "..."


def shown(value: object, longest: int = _LONGEST) -> str:
    """A value as it can be printed in an error."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, str):
        return f"'{printable(value, longest)}'"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e17:
        return f"{value:.0f}"
    return printable(str(value), longest)


def did_you_mean(word: str, known: Iterable[str], most: int = 1) -> str | None:
    """`Did you mean X?` for the nearest known words, or None where none is near.

    Args:
        word: what was written.
        known: what can be written.
        most: how many guesses to offer.
    """
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower()[:100], by_lower, n=most, cutoff=0.6)
    return f"Did you mean {one_of(by_lower[guess] for guess in near)}?" if near else None


def one_of(words: Iterable[str]) -> str:
    """`a, b or c`."""
    names = list(words)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def guess_or_list(word: str, known: Iterable[str]) -> str:
    """`Did you mean X?`, else the list of what could be written; of a long one the nearest."""
    names = list(known)
    guess = did_you_mean(word, names)
    if guess is not None or len(names) <= _MOST_LISTED:
        return guess or f"Known: {one_of(names)}."
    near = difflib.get_close_matches(word[:100], names, n=5, cutoff=0.0)
    return f"Of {len(names)} that are known the nearest are {one_of(near)}."
