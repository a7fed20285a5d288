"""The language in which commands speak: tables, messages and help of the terminal.

It is that of the option `--lang`, else that of the environment, else English. What programs read
(`--json`, tables of results, exit codes) is the same in every language.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from fupin.words.language import LANGUAGES, Language, catalogue

VARIABLES = ("FUPIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the environment that name a language; the first that says something decides."""

TERMINAL = Path(__file__).with_name("terminal.yaml")
"""What tables and messages of the terminal say: English text, and the Chinese for it."""

_chosen: list[str] = []


def of_environment(environment: Mapping[str, str] = os.environ) -> str:
    """The code of the language that the environment names; en for all but Chinese.

    Args:
        environment: variables, such as `LANG=zh_CN.UTF-8`.
    """
    said = next((value for name in VARIABLES if (value := environment.get(name, ""))), "")
    return "zh" if said.casefold().startswith("zh") else "en"


def speak(code: str | None) -> None:
    """Let commands speak the language of a code of LANGUAGES, or again that of the environment."""
    _chosen[:] = [] if code is None else [Language.of(code).code]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language for a while."""
    before = list(_chosen)
    speak(code)
    try:
        yield
    finally:
        _chosen[:] = before


def spoken() -> Language:
    """The language in which commands speak now."""
    return Language(_chosen[0] if _chosen else of_environment())


def said(english: str, **values: object) -> str:
    """A text of the terminal in the language that commands speak, with its blanks filled.

    Args:
        english: the text in English, with blanks in braces; it is said where the catalogue has no
            other.
        values: what stands in the blanks.
    """
    text = translations().get(english, english) if spoken().chinese else english
    return text.format(**values) if values else text


@cache
def translations() -> dict[str, str]:
    """English text of the terminal -> Chinese."""
    return {entry["en"]: entry["zh"] for entry in catalogue(TERMINAL)["texts"]}


__all__ = ["LANGUAGES", "of_environment", "said", "speak", "speaking", "spoken", "translations"]
