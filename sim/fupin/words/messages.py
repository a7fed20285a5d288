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

from fupin.errors import InputError, sentences
from fupin.words.choice import language
from fupin.words.language import catalogue

MESSAGES = tuple(sorted(Path(__file__).parent.glob("messages*.yaml")))
"""Messages and advice: English with blanks, and the Chinese for it."""

_BLANKS = {
    "typed": r"`[^`]+`|'[^']*'|--[a-z-]+(?: [^\s`]+)?|[^\s`]+(?: to [^\s`]+)?",
    "plain": r"[^`]+",
    "listed": r"(?:'[^']*'|[^\s`,]+)(?:, [^\s`,]+)*",
}
"""Blanks that match what is typed alone, so that advice in whole sentences is left to others."""

_LEADS = (
    (re.compile(r"([A-Z]{1,3}[0-9]+) of sheet ('[^']*'): "), r"工作表 \2 的 \1："),
    (re.compile(r"Point ([0-9,]+) \((.*?)\): "), r"第 \1 个点（\2）："),
    (re.compile(r"([^\s:：'“]+): "), r"\1："),
    (re.compile(r"([^\s:：'“]+ \([^\s:：'“)]+\)): "), r"\1："),
    (re.compile(r"('[^']*'): "), r"\1："),
)
"""What may stand before a message, a cell, a point of a sweep or a path of keys, and in Chinese."""


def in_language(error: InputError) -> InputError:
    """The error as it is shown to a reader of the language that commands speak."""
    if language() != "zh":
        return error
    instead = None if error.instead is None else translated(error.instead)
    return replace(error, message=translated(error.message), instead=instead)


def told(*texts: str) -> str:
    """Messages one after the other, in the language that commands speak."""
    return sentences(*(translated(text) if language() == "zh" else text for text in texts))


def translated(text: str) -> str:
    """A message in Chinese; as it is where the catalogue has no such message."""
    return _found(text) or text


def _found(text: str) -> str | None:
    for lead, chinese in _LEADS:
        if (at := lead.match(text)) and (rest := _found(text[at.end() :])) is not None:
            return at.expand(chinese) + rest
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(text):
            return chinese.format(**found.groupdict())
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return patterns_of(
        (entry for file in MESSAGES for entry in catalogue(file)["messages"]), _BLANKS
    )


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
