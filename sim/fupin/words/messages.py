"""Messages about what was written wrongly, in the reader's language.

Messages are made where a mistake is found, in English. They are translated here, where they are
shown: a message that matches none is shown as it is, and what is to be typed is never changed.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from fupin.errors import InputError
from fupin.words.choice import language
from fupin.words.language import catalogue

MESSAGES = Path(__file__).with_name("messages.yaml")
"""Messages and advice: English with blanks, and the Chinese for it."""


def in_language(error: InputError) -> InputError:
    """The error as it is shown to a reader of the language that commands speak."""
    if language() != "zh":
        return error
    instead = None if error.instead is None else translated(error.instead)
    return replace(error, message=translated(error.message), instead=instead)


def translated(text: str) -> str:
    """A message in Chinese; as it is where the catalogue has no such message."""
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(text):
            return chinese.format(**found.groupdict())
    return text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return patterns_of(catalogue(MESSAGES)["messages"])


def patterns_of(
    entries: Iterable[Mapping[str, str]], blanks: Mapping[str, str] | None = None
) -> list[tuple[re.Pattern[str], str]]:
    """Texts as patterns with their Chinese, those with the most text of their own first.

    Args:
        entries: English and Chinese.
        blanks: name of a blank -> what alone it matches; others match anything.
    """
    order = sorted(entries, key=lambda entry: -_text_of(entry["en"]))
    return [(_pattern(entry["en"], blanks or {}), entry["zh"]) for entry in order]


def _text_of(template: str) -> int:
    return sum(len(text) for text, *_ in string.Formatter().parse(template))


def _pattern(template: str, blanks: Mapping[str, str]) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for text, name, *_ in string.Formatter().parse(template):
        parts.append(re.escape(text))
        if name:
            parts.append(
                f"(?P={name})" if name in seen else f"(?P<{name}>{blanks.get(name, '.+?')})"
            )
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)
