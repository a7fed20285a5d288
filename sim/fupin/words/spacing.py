"""Spaces of Chinese texts that are put together of parts: none between two Chinese letters.

Latin words and numbers keep their space: `2009 年 1 月起`, and never `2009 年 1 月 起`.
"""

from __future__ import annotations

import re

_LETTER = "\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff"
_MARK = "、。〈-】（），：；？！／＝＋"
"""Marks that are as wide as a letter and bring their own room."""

_NEEDLESS = re.compile(
    rf"(?<=[{_LETTER}{_MARK}]) (?=[{_LETTER}{_MARK}])"
    rf"|(?<=[{_MARK}]) (?=\S)|(?<=\S) (?=[{_MARK}])"
)


def tight(text: str) -> str:
    """A text without single spaces between Chinese letters, and beside marks that are wide.

    >>> tight("自 2009 年 6 月 起，20.02 万 人。 其余（细胞工程） 134")
    '自 2009 年 6 月起，20.02 万人。其余（细胞工程）134'
    """
    return _NEEDLESS.sub("", text)
