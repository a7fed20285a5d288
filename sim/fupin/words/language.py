"""The two languages of a report: words from catalogue.yaml, and numbers as each writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fupin.errors import COMMAND_LINE, InputError, Wording
from fupin.words import numbers

LANGUAGES = {"en": "English", "zh": "中文"}
CATALOGUE = Path(__file__).with_name("catalogue.yaml")
MOST_DIGITS = 4
"""Significant digits of a mean difference, however narrow its interval."""

_MYRIADS = ((1e8, 1e8, " 亿"), (1e5, 1e4, " 万"))
"""From which size on, divisor, suffix: 99,999 stays, 100,000 is 10 万."""


@cache
def catalogue() -> Mapping[str, Any]:
    """The whole catalogue: `words` (key -> language -> text) and `names_zh`."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: Mapping[str, Any] = yaml.load(CATALOGUE.read_text(encoding="utf-8"), loader)
    return content


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes:
        code: a key of LANGUAGES.
    """

    code: str

    @classmethod
    def of(cls, code: str, say: Wording = COMMAND_LINE) -> Language:
        """The language of a code. Raises InputError for one that the catalogue does not have."""
        if code not in LANGUAGES:
            known = " and ".join(f"{key} ({name})" for key, name in LANGUAGES.items())
            raise InputError(
                f"There is no report in the language {code}.", f"{say('lang')} has {known}."
            )
        return cls(code)

    @property
    def chinese(self) -> bool:
        """Whether names are Chinese."""
        return self.code == "zh"

    # -- words ---------------------------------------------------------------------------------

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its blanks filled. Raises KeyError for an unknown key."""
        text: str = catalogue()["words"][key][self.code]
        return text.format(**values) if values else text

    def name(self, kind: str, key: str, english: str) -> str:
        """A name whose English stands elsewhere (a programme, a figure of the document)."""
        if not self.chinese:
            return english
        found: str = catalogue()["names_zh"][kind][key]
        return found

    def join(self, texts: list[str]) -> str:
        """An enumeration."""
        return ("、" if self.chinese else ", ").join(texts)

    def also(self, *texts: str) -> str:
        """Texts one after the other, such as a quantity and its unit."""
        return ("，" if self.chinese else ", ").join(texts)

    def series_size(self, series: str) -> float:
        """What a monthly series is divided by, as its unit in the catalogue says."""
        return float(catalogue()["sizes"][f"series.{series}"][self.code])

    # -- numbers -------------------------------------------------------------------------------

    def magnitude(self, value: float) -> tuple[float, str]:
        """Divisor and suffix that make a large number short."""
        if not self.chinese:
            return numbers.magnitude(value)
        found = ((size, suffix) for least, size, suffix in _MYRIADS if abs(value) >= least)
        return next(found, (1.0, ""))

    def estimate(
        self,
        statistics: Mapping[str, Any],
        factor: float = 1.0,
        scale: tuple[float, str] | None = None,
        most_digits: int = numbers.MOST_DIGITS,
    ) -> tuple[str, str]:
        """Mean and 90% interval as text; a dot and nothing where unknown."""
        mean = statistics["mean"]
        if mean is None:
            return numbers.NOTHING, ""
        scale = scale or self.magnitude(mean * factor)
        text, interval = numbers.estimate(statistics, factor, scale, most_digits)
        return text, self.between(interval)

    def between(self, interval: str) -> str:
        """An interval with this language's word between its ends."""
        return interval.replace(" to ", " 至 ") if self.chinese else interval

    def signed(self, statistics: Mapping[str, Any], factor: float = 1.0) -> tuple[str, str]:
        """Mean with its sign and 90% interval."""
        text, interval = self.estimate(statistics, factor, most_digits=MOST_DIGITS)
        if any(digit in text for digit in "123456789") and not text.startswith(numbers.MINUS):
            text = f"+{text}"
        return text, interval

    def with_interval(self, texts: tuple[str, str]) -> str:
        """Both in one text."""
        value, interval = texts
        if not interval:
            return value
        return f"{value}（{interval}）" if self.chinese else f"{value} ({interval})"

    def percent(self, share: float | None, places: int = 0) -> str:
        """A share in percent; a dot where unknown."""
        return numbers.NOTHING if share is None else f"{numbers.rounded(100 * share, places)}%"


def told(statistics: Mapping[str, Any]) -> bool:
    """True where the interval of a difference excludes 0."""
    low, high = statistics["low"], statistics["high"]
    return low is not None and high is not None and not low <= 0 <= high
