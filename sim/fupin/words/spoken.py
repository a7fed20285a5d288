"""Texts of the terminal in the language that commands speak: tables, messages, help.

What programs read (`--json`, tables of results, exit codes) is the same in every language.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fupin.words.choice import language
from fupin.words.language import Language, catalogue
from fupin.words.singular import in_number

TERMINAL = Path(__file__).with_name("terminal.yaml")
"""What tables of the terminal say: English text, and the Chinese for it."""


def spoken() -> Language:
    """The language in which commands speak now."""
    return Language(language())


def said(english: str, **values: object) -> str:
    """A text of the terminal in the language that commands speak, with its blanks filled.

    Args:
        english: the text in English, with blanks in braces; it is said where the catalogue has no
            other.
        values: what stands in the blanks.
    """
    chinese = spoken().chinese
    text = translations().get(english, english) if chinese else english
    if not values:
        return text
    text = text.format(**values)
    return text if chinese else in_number(text)


@cache
def translations() -> dict[str, str]:
    """English text of the terminal -> Chinese."""
    return {entry["en"]: entry["zh"] for entry in catalogue(TERMINAL)["texts"]}
