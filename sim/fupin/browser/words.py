"""The page's two languages: words from words.yaml, and numbers as each writes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fupin.scenario.months import Month
from fupin.scenario.programmes import Programme
from fupin.words.language import Language
from fupin.words.numbers import MINUS

LANGUAGES = {"en": "English", "zh": "中文"}


@cache
def catalogue() -> dict[str, Any]:
    """words.yaml: `words` (key -> language -> text)."""
    file = Path(__file__).with_name("words.yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), loader)
    return content


@dataclass(frozen=True)
class Words:
    """One language.

    Attributes:
        code: a key of LANGUAGES.
    """

    code: str = "en"

    def __call__(self, key: str, **blanks: object) -> str:
        """The text of a key with its blanks filled. Raises KeyError for an unknown key."""
        text: str = catalogue()["words"][key][self.code]
        return text.format(**blanks) if blanks else text

    @property
    def chinese(self) -> bool:
        """Whether names are Chinese."""
        return self.code == "zh"

    def programme(self, programme: Programme) -> str:
        """Title of a programme, as reports have it."""
        return Language(self.code).name("programmes", programme.key, programme.title)

    def month(self, month: Month) -> str:
        """`March 2009`."""
        return f"{month.year} 年 {month.month} 月" if self.chinese else month.words

    def short_month(self, month: Month) -> str:
        """A month on an axis."""
        return f"{month.month} 月" if self.chinese else month.words[:3]

    def people(self, persons: float, signed: bool = False) -> str:
        """Persons or households, short where they are many: `4.06 M`, `406 万`."""
        size = abs(persons)
        if self.chinese:
            text = f"{size / 1e4:,.1f} 万" if size >= 1e5 else f"{size:,.0f}"
        else:
            text = f"{size / 1e6:,.2f} M" if size >= 1e6 else f"{size:,.0f}"
        return _with_sign(text, persons, signed)

    def number(self, value: float, decimals: int = 0, signed: bool = False) -> str:
        """A plain number."""
        return _with_sign(f"{abs(value):,.{decimals}f}", value, signed)

    def millions(self, yuan: float, signed: bool = False) -> str:
        """Yuan in millions, one decimal below a hundred."""
        size = abs(yuan) / 1e6
        return _with_sign(f"{size:,.{0 if size >= 99.95 else 1}f}", yuan, signed)


def _with_sign(text: str, value: float, signed: bool) -> str:
    if not any(digit in text for digit in "123456789"):
        return text
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed else text
