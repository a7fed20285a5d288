"""What a line may be broken between: in Chinese between letters, but never within an amount.

`2,400 万元` stays on one line wherever it is shown: in the terminal, on paper and in a browser.
"""

from __future__ import annotations

import re

from fupin.words.spacing import tight

_WIDE = r"\u2e80-\uffef"
_OPENING, _CLOSING = "（《“‘", "，。；：、？！）》”’%‰…"
_UNITS = "元|人年|人|户|个|次|组|年|月|日|对|村|县|笔|项|岁|倍|点"
_UNIT = rf"(?: ?[万亿] ?(?:{_UNITS})?| ?(?:{_UNITS}))"
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:[^\s“”{_WIDE}]+(?:(?<=[\d%]){_UNIT})?|[{_WIDE}])(?:\s*[{_CLOSING}]+)*\s*"
    rf"|(?:\S|\s+)(?:\s*[{_CLOSING}]+)*\s*"
)
_BREAK = re.compile(rf"(?<=[\d%]) (?=[万亿]|(?:{_UNITS}))")
_MARKUP = re.compile(r"(<(script|style|svg)\b.*?</\2>|<[^>]*>)", re.DOTALL)

NO_BREAK = "\u00a0"


def pieces(text: str) -> list[str]:
    """A text in what may not be parted: words, wide letters, amounts with their units; each with
    the marks and the space after it. They sum to the text."""
    return _PIECE.findall(text)


def unbroken(text: str) -> str:
    """A text in which a no-break space stands between a number and a Chinese unit, and no space
    between Chinese letters."""
    return _BREAK.sub(NO_BREAK, tight(text))


def unbroken_html(source: str) -> str:
    """The same of what a page of HTML shows; scripts, styles, drawings and tags stay."""
    parts = _MARKUP.split(source)
    # Every third part is text: the groups of the pattern stand between.
    return "".join(
        unbroken(part) if place % 3 == 0 else part
        for place, part in enumerate(parts)
        if place % 3 != 2 and part is not None
    )
