"""English that is put together from parts, said in Chinese: by the parts that it is made of.

Digests of plans, differences and findings are composed in English where they are found. Here a text
is taken apart again: a phrase of the book is matched, and what stands in its blanks is translated
in turn. What no phrase fits stays as it is; what is to be typed is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.words import messages
from fupin.words.language import catalogue
from fupin.words.singular import in_number
from fupin.words.spoken import spoken, translations

PHRASES = Path(__file__).with_name("phrases.yaml")
"""Phrases: English with blanks in braces, and the Chinese for it."""

_WORD = re.compile(r"[A-Za-z]{2,}")
_NAMED = re.compile(r"[A-Z][A-Za-z'’ ()]*? ([\u4e00-\u9fff]{2,}(?:（[^）]*）)?)")
"""A county by both names; Chinese keeps the second."""
_GROUP = re.compile(r"the [a-z][a-z ]* ([\u4e00-\u9fff]+) \((\d+)\)")
_ENDS = re.compile(r"(−?\d[\d,.]*)(?: to |–)(−?\d[\d,.]*)")
"""An interval as `fupin.words.numbers.estimate` writes it."""
_YUAN = re.compile(r"([−+-]?\d[\d,]*(?:\.\d+)?) (?:(million|billion) )?yuan")
_MONTH = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)"
    r" (\d{4})\b"
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_SIZES = {"million": 10**6, "billion": 10**9}
_SEPARATORS = ((". ", "。"), ("; ", "；"), (": ", "："), (", ", "，"), (" and ", "和"))
_SHORT = 7
"""Letters of its own; a phrase with fewer fits much that it does not mean."""
_OUTER = re.compile(r"^([\s,;:.(“]*)(.*?)([\s,;:.)”]*)$", re.DOTALL)
_MARKS = {
    ", ": "，", "; ": "；", ": ": "：", ". ": "。", " (": "（", "(": "（", ")": "）", ".": "。",
    ",": "，", ";": "；", ":": "：", "),": "），", ").": "）。", ");": "）；",
}  # fmt: skip


def phrase(english: str) -> str:
    """A text in the language that commands speak."""
    return chinese(english) if spoken().chinese else in_number(english)


def lines(text: str) -> str:
    """Each line of a text in the language that commands speak, its indentation kept."""
    if not spoken().chinese:
        return in_number(text)
    return "\n".join(columns(line) for line in text.split("\n"))


def columns(line: str) -> str:
    """A line in Chinese: its columns, parted by two blanks or more, stay as wide as they were."""
    cells = re.split(r"(\s{2,})", line)
    found = ""
    for place, cell in enumerate(cells):
        if not cell.strip():
            found += cell
            continue
        said = chinese(cell)
        room = " " * max(len(cell) - _width(said), 0) if place < len(cells) - 1 else ""
        found += f"{room}{said}" if cell[0].isdigit() else f"{said}{room}"
    return found


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


@lru_cache(maxsize=4096)
def chinese(english: str) -> str:
    """A text in Chinese; parts that no phrase fits stay."""
    numbers = _ENDS.sub(r"\1 至 \2", english)
    if not _WORD.search(numbers):
        return numbers
    found = _exact().get(english.strip())
    if found is not None:
        return english.replace(english.strip(), found)
    if "`" not in english and (text := _named(english)) is not None:
        return text
    if _in_brackets(english.strip()):
        return f"（{chinese(english.strip()[1:-1])}）"
    found = _matched(english, _templates(long=True)) or _of_programme(english)
    found = found or _matched(english, _templates(long=False))
    if found is not None:
        return found
    if (outer := _OUTER.match(english)) and (outer[1] or outer[3]) and outer[2]:
        inner = chinese(outer[2])
        if inner != outer[2]:
            before, after = (_MARKS.get(outer[n], outer[n]) for n in (1, 3))
            return f"{before}{inner}{after}"
    for separator, mark in _SEPARATORS:
        parts = _split(english, separator)
        if len(parts) > 1:
            said = [chinese(part) for part in parts]
            if said != parts:
                return mark.join(said)
    return amounts(english)


def _matched(english: str, templates: list[tuple[re.Pattern[str], str]]) -> str | None:
    for pattern, template in templates:
        if match := pattern.fullmatch(english.strip()):
            blanks = {name: chinese(value) for name, value in match.groupdict().items()}
            return template.format(**blanks)
    return None


def _of_programme(english: str) -> str | None:
    """What begins with a programme, whose title may hold words that a phrase looks for."""
    before, mark, rest = english.strip().partition(": ")
    if mark and before in _programmes():
        return f"{_programmes()[before]}：{chinese(rest)}"
    before, _, number = english.strip().rpartition(" ")
    if before in _programmes() and number[-1:] in "0123456789%":
        return f"{_programmes()[before]} {number}"
    return None


def _in_brackets(text: str) -> bool:
    return text[:1] == "(" and text[-1:] == ")" and "(" not in text[1:-1]


def _exact_yuan(yuan: Decimal) -> str:
    """Money with every digit that it has: 22,446 万元, 500 元."""
    if yuan < 10_000:
        return f"{yuan:,f} 元"
    return f"{(yuan / 10_000).normalize():,f} 万元"


def _named(english: str) -> str | None:
    """Counties by both names, parted by commas; None for anything else."""
    parts = english.strip().split(", ")
    named = [_NAMED.fullmatch(part) for part in parts]
    return "、".join(one[1] for one in named if one) if all(named) else None


def _split(text: str, separator: str) -> list[str]:
    """A text at a separator, but not within brackets or back-ticks."""
    parts, depth, start, at, quoted = [], 0, 0, 0, False
    while at < len(text):
        letter = text[at]
        quoted ^= letter == "`"
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and not quoted and text.startswith(separator, at):
            parts.append(text[start:at])
            at += len(separator)
            start = at
            continue
        at += 1
    return [*parts, text[start:]]


def amounts(text: str) -> str:
    """Money and months within a text."""

    def yuan(found: re.Match[str]) -> str:
        sign = found[1][0] if found[1][0] in "+-−" else ""
        value = Decimal(found[1].lstrip("+-−").replace(",", "")) * _SIZES.get(found[2] or "", 1)
        return sign + _exact_yuan(value)

    def month(found: re.Match[str]) -> str:
        return f"{found[2]} 年 {_MONTHS.index(found[1]) + 1} 月"

    changed: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]
    changed = [
        (_GROUP, lambda found: f"{found[1]}（{found[2]} 个）"),
        (_YUAN, yuan),
        (_MONTH, month),
        (_NAMED, lambda found: str(found[1])),
    ]
    for pattern, by in changed:
        text = pattern.sub(by, text)
    return text


@cache
def _exact() -> dict[str, str]:
    found = {key: value for key, value in translations().items() if "{" not in key}
    found |= _places()
    found |= _programmes()
    found |= {one["en"]: one["zh"] for one in _book() if "{" not in one["en"]}
    return found


@cache
def _programmes() -> dict[str, str]:
    names, found = catalogue()["names_zh"]["programmes"], {}
    for programme in PROGRAMMES:
        title = programme.title
        for english in (title, title[0].lower() + title[1:], programme.key.replace("_", " ")):
            found[english] = names[programme.key]
    return found


def _places() -> dict[str, str]:
    """Prefectures, and counties whose English name no other has."""
    records = list(county_index().records.values())
    names = [record.name_en for record in records]
    found = {r.name_en: r.name_zh for r in records if names.count(r.name_en) == 1}
    return found | {r.prefecture_en: r.prefecture_zh for r in records if r.prefecture_en}


def _book() -> list[dict[str, str]]:
    book: list[dict[str, str]] = list(catalogue(PHRASES)["phrases"])
    remarks = (of for key, of in catalogue()["words"].items() if key.startswith("remark."))
    book += [dict(of) for of in remarks]
    book += [{"en": key, "zh": value} for key, value in translations().items() if "{" in key]
    return book


@cache
def _templates(long: bool) -> list[tuple[re.Pattern[str], str]]:
    """Phrases with blanks, those with the most text of their own first; short ones apart."""
    blanks = {"n": r"[−+-]?\d[\d,.]*%?"}
    with_blanks = [one for one in _book() if "{" in one["en"]]
    chosen = [one for one in with_blanks if (_own(one["en"]) >= _SHORT) == long]
    return messages.patterns_of(chosen, blanks)


def _own(template: str) -> int:
    return len(re.sub(r"{\w+}", "", template))
