"""Which language commands speak: that of `--lang`, else that of the environment, else English.

This module imports nothing of fupin, so that `fupin --help` stays quick.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

VARIABLES = ("FUPIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the environment that name a language; the first that says something decides."""

OPTION = "--lang"

_chosen: list[str] = []


def of_environment(environment: Mapping[str, str] = os.environ) -> str:
    """The code of the language that the environment names; en for all but Chinese.

    Args:
        environment: variables, such as `LANG=zh_CN.UTF-8`.
    """
    said = next((value for name in VARIABLES if (value := environment.get(name, ""))), "")
    return "zh" if said.casefold().startswith("zh") else "en"


def of_words(words: Sequence[str]) -> str | None:
    """What a command line says after `--lang`; None where it says nothing.

    Args:
        words: what was typed behind `fupin`.
    """
    for word, following in zip(words, [*words[1:], ""], strict=False):
        name, is_given, value = word.partition("=")
        if name == OPTION:
            return (value if is_given else following) or None
    return None


def speak(code: str | None) -> None:
    """Let commands speak a language (en or zh), or again that of the environment (None)."""
    _chosen[:] = [] if code is None else [code]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language for a while."""
    before = list(_chosen)
    speak(code)
    try:
        yield
    finally:
        _chosen[:] = before


def language() -> str:
    """The code of the language that commands speak now."""
    return _chosen[0] if _chosen else of_environment()
