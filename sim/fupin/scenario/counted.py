"""What plans and tables count besides money, and the words for it."""

from __future__ import annotations

import re
import unicodedata

COUNTED = {
    "persons": ("person", "people", "farmers", "farmer", "trainees", "人", "人次", "人数"),
    "households": ("household", "户", "家庭", "户数"),
    "villages": ("village", "村", "个村", "村数"),
    "loans": ("loan", "笔", "笔数"),
    "projects": ("project", "个项目", "项目"),
    "jobs": ("job", "个岗位", "岗位"),
}
"""Unit of a target -> other words for it."""

COUNTED_IN = {word: unit for unit, words in COUNTED.items() for word in (unit, *words)}
"""Word -> unit."""

SCALES = {"万": 10**4, "千": 10**3, "thousand": 10**3, "million": 10**6}

_UNIT = re.compile(r"(万|千|thousand|million)?\s*([^\d\s].*)")


def count_unit(text: str) -> tuple[str, int] | None:
    """What a heading or a line says is counted, and how many one is: 万人 are 10,000 persons.

    None where the text is no unit of a target.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in COUNTED_IN:
        return COUNTED_IN[plain], 1
    found = _UNIT.fullmatch(plain)
    if found is None or found[1] is None or found[2] not in COUNTED_IN:
        return None
    return COUNTED_IN[found[2]], SCALES[found[1]]
