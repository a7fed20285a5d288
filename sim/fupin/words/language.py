"""The two languages of people: words from a catalogue, months and numbers as each writes them.

Reports and the page in the browser have a catalogue each, since a page has room for other words;
names of programmes stand in the reports' one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fupin.errors import COMMAND_LINE, InputError, Wording
from fupin.words import numbers
from fupin.words.singular import in_number
from fupin.words.spacing import tight

if TYPE_CHECKING:
    from fupin.scenario.months import Month
    from fupin.scenario.programme_catalogue import Programme

LANGUAGES = {"en": "English", "zh": "中文"}
CATALOGUE = Path(__file__).with_name("catalogue.yaml")
"""Words of reports, and Chinese names of what has an English one elsewhere."""
MORE_OF_REPORTS = ("report.yaml", "village_list.yaml")
"""Files beside CATALOGUE whose `words` belong to it too."""
PAGE = Path(__file__).with_name("page.yaml")
"""Words of the page."""
MOST_DIGITS = 4
"""Significant digits of a mean difference, however narrow its interval."""

_MYRIADS = ((1e8, 1e8, " 亿"), (1e4, 1e4, " 万"))
"""From which size on, divisor, suffix: 9,999 stays, 10,000 is 1 万."""


@cache
def catalogue(file: Path = CATALOGUE) -> Mapping[str, Any]:
    """A whole catalogue: `words` (key -> language -> text), that of reports `names_zh` too."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), loader)
    if file == CATALOGUE:
        for name in MORE_OF_REPORTS:
            more = yaml.load(file.with_name(name).read_text(encoding="utf-8"), loader)["words"]
            if twice := set(more) & set(content["words"]):
                raise ValueError(f"{name} has words that {file.name} has: {sorted(twice)}")
            content["words"] |= more
    return content


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes:
        code: a key of LANGUAGES.
        file: the catalogue of its words.
    """

    code: str = "en"
    file: Path = CATALOGUE

    @classmethod
    def of(cls, code: str, say: Wording = COMMAND_LINE) -> Language:
        """The language of a code. Raises InputError for one that the catalogue does not have."""
        if code not in LANGUAGES:
            known = " and ".join(f"{key} ({name})" for key, name in LANGUAGES.items())
            raise InputError(
                f"There is no report in the language {code}.", f"{say('lang')} has {known}."
            )
        return cls(code)

    @classmethod
    def of_page(cls, code: str) -> Language:
        """The language of a code with the words of the page."""
        return cls(code, PAGE)

    @property
    def chinese(self) -> bool:
        """Whether names are Chinese."""
        return self.code == "zh"

    # -- words ---------------------------------------------------------------------------------

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its blanks filled. Raises KeyError for an unknown key."""
        text: str = catalogue(self.file)["words"][key][self.code]
        if values:
            text = text.format(**values)
        if self.chinese:
            return tight(text)
        return in_number(text) if values else text

    def name(self, kind: str, key: str, english: str) -> str:
        """A name whose English stands elsewhere (a programme, a figure of the document)."""
        if not self.chinese:
            return english
        names = catalogue()["names_zh"][kind]
        first, _, name = key.partition("/")
        if name and key not in names:  # what a plan adds has the name that it gives
            return f"{names[first]}：{name}" if first in names else english
        found: str = names[key]
        return found

    def programme(self, programme: Programme) -> str:
        """Title of a programme."""
        return self.name("programmes", programme.key, programme.title)

    def month(self, month: Month) -> str:
        """`March 2009`."""
        return f"{month.year} 年 {month.month} 月" if self.chinese else month.words

    def short_month(self, month: Month) -> str:
        """A month on an axis."""
        return f"{month.month} 月" if self.chinese else month.words[:3]

    def join(self, texts: list[str]) -> str:
        """An enumeration."""
        return ("、" if self.chinese else ", ").join(texts)

    def also(self, *texts: str) -> str:
        """Texts one after the other, such as a quantity and its unit."""
        return ("，" if self.chinese else ", ").join(texts)

    @property
    def colon(self) -> str:
        """Between a name and what is said of it."""
        return "：" if self.chinese else ": "

    def sentences(self, *texts: str) -> str:
        """Texts one after the other, with a full stop between them."""
        return ("。" if self.chinese else ". ").join(texts)

    def series_size(self, series: str) -> float:
        """What a monthly series is divided by, as its unit in the catalogue says."""
        return float(catalogue()["sizes"][f"series.{series}"][self.code])

    # -- numbers -------------------------------------------------------------------------------

    def magnitude(self, value: float) -> tuple[float, str]:
        """Divisor and suffix that make a large number short; 9,999.6 is printed as 1 万."""
        if not self.chinese:
            return numbers.magnitude(value)
        found = ((size, suffix) for least, size, suffix in _MYRIADS if round(abs(value)) >= least)
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
        if scale is None and self.chinese:  # 0.3 万（−1.7 万至 2.4 万）, as the larger end needs it
            ends = [value for value in (mean, statistics["low"], statistics["high"]) if value]
            scale = self.magnitude(max(map(abs, ends), default=0.0) * factor)
        scale = scale or self.magnitude(mean * factor)
        text, interval = numbers.estimate(statistics, factor, scale, most_digits)
        return text, self.between(interval, scale[1])

    def between(self, interval: str, suffix: str = "") -> str:
        """An interval with this language's word between its ends.

        Args:
            interval: two ends, without what makes them short.
            suffix: what makes them short. Chinese says it with each end, `1.3 万至 4.5 万`, where
                English leaves it to the mean, `2.9 M (1.3–4.5)`.
        """
        if not self.chinese:
            return interval
        ends = interval.split(" to " if " to " in interval else numbers.DASH)
        if len(ends) != 2:
            return interval
        return f"{ends[0]}{suffix}至 {ends[1]}{suffix}" if suffix else f"{ends[0]} 至 {ends[1]}"

    def signed(
        self,
        statistics: Mapping[str, Any],
        factor: float = 1.0,
        scale: tuple[float, str] | None = None,
    ) -> tuple[str, str]:
        """Mean with its sign and 90% interval."""
        text, interval = self.estimate(statistics, factor, scale, MOST_DIGITS)
        negative = text.startswith(numbers.MINUS)
        return text if negative else _with_sign(text, 1.0, signed=True), interval

    def with_interval(self, texts: tuple[str, str]) -> str:
        """Both in one text."""
        value, interval = texts
        if not interval:
            return value
        return f"{value}（{interval}）" if self.chinese else f"{value} ({interval})"

    def people(self, persons: float, signed: bool = False) -> str:
        """Persons or households, short where they are many: `4.06 M`, `406 万`."""
        size = abs(persons)
        if self.chinese:
            text = _myriads(size)
        else:
            text = f"{size / 1e6:,.2f} M" if size >= 1e6 else f"{size:,.0f}"
        return _with_sign(text, persons, signed)

    def number(self, value: float, decimals: int = 0, signed: bool = False) -> str:
        """A plain number."""
        return _with_sign(f"{abs(value):,.{decimals}f}", value, signed)

    @property
    def money(self) -> tuple[float, str]:
        """What tables of money are in: yuan are divided by the first; the second names it.

        Offices of Hebei write 万元, and never 百万元.
        """
        return (1e4, "万元") if self.chinese else (1e6, "million yuan")

    def money_estimate(
        self, statistics: Mapping[str, Any], signed: bool = False, most_digits: int = MOST_DIGITS
    ) -> tuple[str, str]:
        """Mean of yuan and its 90% interval in the unit of `money`, which a heading names."""
        factor, scale = 1 / self.money[0], (1.0, "")
        if signed:
            return self.signed(statistics, factor, scale)
        return self.estimate(statistics, factor, scale, most_digits)

    def millions(self, yuan: float, signed: bool = False) -> str:
        """Yuan in the unit of `money`, one decimal below a hundred."""
        size = abs(yuan) / self.money[0]
        return _with_sign(f"{size:,.{0 if size >= 99.95 else 1}f}", yuan, signed)

    def yuan(self, yuan: float, signed: bool = False) -> str:
        """An amount in a sentence: `743 million yuan`, `7.43 亿元`, `500 yuan`, `500 元`."""
        size = abs(yuan)
        if not self.chinese:
            return f"{_with_sign(_millions_or_all(size), yuan, signed)} yuan"
        return f"{_with_sign(_myriads(size), yuan, signed)}{'' if size >= 9999.5 else ' '}元"

    def percent(self, share: float | None, places: int = 0) -> str:
        """A share in percent; a dot where unknown."""
        return numbers.NOTHING if share is None else f"{numbers.rounded(100 * share, places)}%"


def _myriads(size: float) -> str:
    """A size in 亿 or 万 from ten thousand on, in four significant digits."""
    if size < 9999.5:
        return f"{size:,.0f}"
    least, suffix = (1e8, " 亿") if size >= 99_999_500 else (1e4, " 万")
    return numbers.exact(float(f"{size:.4g}") / least, (1.0, "")) + suffix


def _millions_or_all(size: float) -> str:
    """A size in millions or billions from a million on, in four significant digits."""
    if size < 999_999.5:
        return f"{size:,.0f}"
    least, word = (1e9, " billion") if size >= 999_950_000 else (1e6, " million")
    return numbers.exact(float(f"{size:.4g}") / least, (1.0, "")) + word


def _with_sign(text: str, value: float, signed: bool) -> str:
    """A text of digits with the sign of `value`, the plus if `signed`; a nought has none."""
    if not any(digit in text for digit in "123456789"):
        return text
    if value < 0:
        return numbers.MINUS + text
    return f"+{text}" if signed else text


def told(statistics: Mapping[str, Any]) -> bool:
    """True where the interval of a difference excludes 0."""
    low, high = statistics["low"], statistics["high"]
    return low is not None and high is not None and not low <= 0 <= high
