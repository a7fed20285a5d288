"""Full-width punctuation that stands where YAML needs the plain one: `name：` for `name:`."""

from __future__ import annotations

import re
from pathlib import Path

from fupin.errors import InputError

_PLAIN = {"：": ": ", "，": ", ", "｛": "{", "｝": "}", "［": "[", "］": "]", "＃": "#"}
_NAMES = {"：": "colon", "，": "comma", "｛": "bracket", "｝": "bracket", "［": "bracket",
          "］": "bracket", "＃": "number sign"}  # fmt: skip
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|(?:^|\s)#.*$")
_MARK = re.compile("[" + "".join(_PLAIN) + "]")


def full_width_mark(text: str, path: Path, line: int | None = None) -> InputError | None:
    """An error that points to the first such mark outside of quotes; None where there is none.

    Args:
        text: of the file.
        path: of the file.
        line: where reading failed, counted from 1: marks up to there come first.
    """
    found: list[tuple[int, int, str]] = []
    for number, content in enumerate(text.splitlines(), 1):
        bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), content)
        found += [(number, at.start() + 1, at[0]) for at in _MARK.finditer(bare)]
    before = [one for one in found if line is None or one[0] <= line]
    if not found:
        return None
    number, column, mark = (before or found)[0]
    return InputError(
        f"{mark} is a full-width {_NAMES[mark]}, which YAML takes for text.",
        f"Write `{_PLAIN[mark]}`.", path, number, column,
    )  # fmt: skip
