"""Numbers of a report say the same in both languages, whatever unit stands over them.

Tables of money are in million yuan in English and in 万元 in Chinese, and series of persons in
million persons and in 万人: a heading that is changed in one language alone would be wrong by a
factor of a hundred without anything else to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import pytest
from fupin.report.html.page import page_of
from fupin.report.html.parts import Chart, Page, Table
from fupin.words.language import Language

SIZES = {"": 1.0, "M": 1e6, "bn": 1e9, "万": 1e4, "亿": 1e8}
MILLION, WAN = re.compile("million yuan"), re.compile("(?<!每 1 )万元")
MILLION_PERSONS, WAN_PERSONS = "million persons", re.compile(r"(?:万 |(?<![\d\u00a0 ]))万人")
_NUMBER = re.compile(r"([+−]?[\d,]+(?:\.\d+)?)( (?:M|bn|万|亿))?(?![\d%])")


def number(text: str) -> float | None:
    """The number with which a cell begins, in full; None where it begins with none."""
    found = _NUMBER.match(text)
    if found is None:
        return None
    digits, suffix = found.groups()
    return float(digits.replace(",", "").replace("−", "-")) * SIZES[(suffix or "").strip()]


def _own_size(text: str) -> bool:
    """True where a cell says of itself that it counts thousands or more: "3.7 M", "370 万"."""
    found = _NUMBER.match(text)
    return found is not None and bool(found.group(2))


def tables(page: Page) -> Iterator[Table]:
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Chart) and block.numbers is not None:
                caption = f"{block.numbers.caption} {block.unit}"
                yield replace(block.numbers, caption=caption)


def pairs(english: Table, chinese: Table) -> Iterator[tuple[str, str, float, float]]:
    """Cells that are numbers, with what stands over them, in full by what that says."""
    group = ["", ""]
    own = any(_own_size(cell) for table in (english, chinese) for row in table.rows
              for cell in row.cells)  # fmt: skip
    for ours, theirs in zip_longest(english.rows, chinese.rows):
        if ours.heading:
            group = [ours.cells[0], theirs.cells[0]]
            continue
        for i, (a, b) in enumerate(zip_longest(ours.cells, theirs.cells)):
            over = [
                f"{table.caption} / {table.head[i]} / {heading}"
                for table, heading in zip((english, chinese), group, strict=True)
            ]
            values = number(a), number(b)
            ends = any(word in english.head[i] for word in ("interval", "range of", "further pair"))
            # English leaves what makes an interval short to the mean beside it.
            if i and not ends and values[0] is not None and values[1] is not None:
                in_table = [bool(MILLION.search(over[0])), bool(WAN.search(over[1]))]
                counts = "households" in english.head[i] or "persons" in english.head[i]
                per = "yuan a" in english.head[i]
                money = all(in_table) and not counts and not per
                assert in_table[0] == in_table[1], over
                persons = MILLION_PERSONS in over[0] and not own
                of_wan = bool(WAN_PERSONS.search(over[1]))  # as a unit, and not after a number
                assert (MILLION_PERSONS in over[0]) == of_wan, over
                factors = (1e6, 1e4) if money or persons else (1.0, 1.0)
                yield (
                    f"{over}: {a} {b}",
                    "money" if money else "persons" if persons else "",
                    values[0] * factors[0],
                    (values[1] * factors[1]),
                )


@pytest.mark.parametrize("which", ["run", "comparison"])
def test_both_languages_say_the_same_numbers(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(f"{which}_folder")
    english, chinese = (
        list(tables(page_of(folder, Language(code), boundaries=False))) for code in ("en", "zh")
    )
    assert len(english) == len(chinese) > 3
    of_money = 0
    for ours, theirs in zip(english, chinese, strict=True):
        if ours.caption == "What a planner asks first":  # sentences, not numbers
            continue
        if "month" in ours.head or "月份" in theirs.head:  # sizes of series: catalogue, `sizes`
            continue
        for what, kind, first, second in pairs(ours, theirs):
            of_money += kind == "money"
            rounding = {"money": 60_000, "persons": 6_000}.get(kind, 0.6)
            assert second == pytest.approx(first, rel=0.02, abs=rounding), what
    assert of_money > 20
