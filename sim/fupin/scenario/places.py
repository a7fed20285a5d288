"""From the names of counties and prefectures to county codes.

A name may be English or Chinese, with or without "County", in any case, or a six-digit code of
GB/T 2260. A name that fits several counties is never guessed: two counties are both "Weixian".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fupin.parameters.province import province
from fupin.yaml.words import did_you_mean, shown

GROUPS = ("all", "key", "national key", "provincial key")
"""Words that stand for groups of counties."""


@dataclass(frozen=True)
class CountyRecord:
    """What is needed of a county to find it by name."""

    code: int
    name_en: str
    name_zh: str
    prefecture_en: str
    prefecture_zh: str
    key_status: str  # "national", "provincial" or "none"


@dataclass(frozen=True)
class Poorest:
    """The poorest counties of those that a programme would serve, as an office sees them.

    Which they are differs between draws: nobody knows the incomes of counties. They are chosen when
    the plan begins.

    Attributes:
        number: how many; all where there are fewer.
        by: "registered", the share of people on the register, or "income", what households report.
    """

    number: int
    by: str = "registered"

    @property
    def words(self) -> str:
        """For people."""
        rule = {"registered": "registered poor", "income": "reported income"}[self.by]
        return f"the {self.number} poorest counties by {rule}, chosen in each draw at the start"


POOREST_BY = ("registered", "income")
"""What an office can rank counties by."""


class PlaceError(ValueError):
    """No place, or several, go by this name; `.instead` says what to write."""

    def __init__(self, message: str, instead: str | None = None) -> None:
        super().__init__(message)
        self.instead = instead


def _squeezed(name: str) -> str:
    """Lower case, full-width forms folded, without brackets, spaces, hyphens, apostrophes."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = re.sub(r"\(.*?\)", "", folded)  # "Fengning (Manchu)"
    return re.sub(r"[\s\-_.'’‘`´]", "", folded)


_KINDS_ZH = re.compile(r"(满族蒙古族自治县|满族自治县|回族自治县|自治县|矿区|县|区|市)$")
_KIND_OF_ZH = {"县": "county", "区": "district", "市": "city"}


def _aliases(county: CountyRecord) -> set[str]:
    """All squeezed names that may mean this county."""
    whole = _squeezed(county.name_en)
    kind = _KIND_OF_ZH.get(county.name_zh[-1:], "county")
    bare = whole.removesuffix(kind)
    names = {whole, bare, bare + kind, _squeezed(county.name_zh)}
    if len(county.name_zh) == 2 and bare.endswith("xian"):
        names.add(bare.removesuffix("xian") + "county")  # 魏县 is Weixian or Wei County
    short = _KINDS_ZH.sub("", county.name_zh)
    if len(short) >= 2:
        names.add(_squeezed(short))
    return names


class CountyIndex:
    """Finds counties and prefectures by what a planner calls them."""

    def __init__(self, counties: Iterable[CountyRecord]) -> None:
        self.records = {county.code: county for county in sorted(counties, key=lambda c: c.code)}
        self.prefectures: tuple[str, ...] = tuple(
            dict.fromkeys(county.prefecture_en for county in self.records.values())
        )
        self._by_alias: dict[str, list[int]] = {}
        self._prefecture: dict[str, str] = {}
        for code, county in self.records.items():
            for alias in _aliases(county):
                self._by_alias.setdefault(alias, []).append(code)
            name = county.prefecture_en
            chinese = county.prefecture_zh.removesuffix("市")
            code_of_prefecture = str(code // 100 * 100)
            for alias in (
                name,
                f"{name} city",
                f"{name} prefecture",
                chinese,
                f"{chinese}市",
                f"{chinese}地区",
                code_of_prefecture,
            ):
                self._prefecture[_squeezed(alias)] = name

    def title(self, code: int) -> str:
        """`Daming 大名县 (130425, Handan)`."""
        county = self.records[code]
        name = county.name_en
        return f"{name} {county.name_zh} ({code}, {county.prefecture_en})"

    def prefecture(self, name: object) -> str:
        """The English name of a prefecture.

        Raises:
            PlaceError: there is none of that name.
        """
        if isinstance(name, int) and not isinstance(name, bool):
            name = str(name)
        if not isinstance(name, str):
            raise PlaceError(f"{shown(name)} is not the name of a prefecture.", "Write its name.")
        found = self._prefecture.get(_squeezed(name))
        if found is None:
            raise PlaceError(
                f"There is no prefecture {shown(name)} in {province().name}.",
                did_you_mean(name, self.prefectures) or f"They are {', '.join(self.prefectures)}.",
            )
        return found

    def counties(self, name: object) -> tuple[int, ...]:
        """The codes that a name, a code or a group word stands for.

        Raises:
            PlaceError: nothing or several counties go by that name.
        """
        if isinstance(name, (int, float)) and not isinstance(name, bool):
            name = str(name)
        if not isinstance(name, str):
            raise PlaceError(f"{shown(name)} is not the name of a county.", "Write its name.")
        words = " ".join(re.sub(r"[-_]", " ", name.casefold()).split())
        if words in GROUPS:
            return self._group(words)
        squeezed = _squeezed(name)
        if squeezed.isascii() and squeezed.isdigit():
            return self._by_code(name, squeezed)
        parts = [part for part in re.split(r"[,/，、]", name) if part.strip()]
        if len(parts) == 2:
            return (self._in_prefecture(name, parts[0], parts[1]),)
        return (self._by_name(name, squeezed),)

    def _group(self, words: str) -> tuple[int, ...]:
        status = {
            "key": ("national", "provincial"),
            "national key": ("national",),
            "provincial key": ("provincial",),
        }.get(words)
        return tuple(
            code
            for code, county in self.records.items()
            if status is None or county.key_status in status
        )

    def _by_code(self, name: str, digits: str) -> tuple[int, ...]:
        code = int(digits) if len(digits) <= 9 else -1
        if code in self.records:
            return (code,)
        if digits in self._prefecture:
            prefecture = self._prefecture[digits]
            raise PlaceError(
                f"{shown(name)} is the prefecture {prefecture}, not a county.",
                f"Write `prefectures: [{prefecture}]`.",
            )
        raise PlaceError(
            f"No county of {province().name} has the code {shown(name)}.",
            f"Codes are six digits of {province().codes}, such as {next(iter(self.records))}.",
        )

    def _by_name(self, name: str, squeezed: str) -> int:
        codes = self._by_alias.get(squeezed, [])
        prefecture = self._prefecture.get(squeezed)
        if prefecture is not None:
            county = f", or '{self.records[codes[0]].name_zh}' for the county" if codes else ""
            raise PlaceError(
                f"{shown(name)} is a prefecture"
                + (" and also a county." if codes else ", not a county."),
                f"Write `prefectures: [{prefecture}]`{county}.",
            )
        return self._only(name, codes)

    def _in_prefecture(self, name: str, first: str, second: str) -> int:
        matches: list[int] = []
        prefectures: set[str] = set()
        for county, prefecture in ((first, second), (second, first)):
            known = self._prefecture.get(_squeezed(prefecture))
            if known is not None:
                prefectures.add(known)
                candidates = self._by_alias.get(_squeezed(county), [])
                matches += [c for c in candidates if self.records[c].prefecture_en == known]
        if not prefectures:
            raise PlaceError(
                f"Neither part of {shown(name)} is a prefecture of {province().name}.",
                did_you_mean(second.strip(), self.prefectures)
                or did_you_mean(first.strip(), self.prefectures)
                or f"Write one county per list entry, or {self._example()}.",
            )
        if not matches:
            place = next(iter(prefectures))
            is_place = self._prefecture.get(_squeezed(first)) == place
            elsewhere = self._by_alias.get(_squeezed(second if is_place else first), [])
            raise PlaceError(
                f"There is no county {shown(name)} in {place}.",
                f"There is {self.title(elsewhere[0])}."
                if elsewhere
                else self._near(second if is_place else first),
            )
        return self._only(name, sorted(set(matches)))

    def _example(self) -> str:
        first = next(iter(self.records.values()))
        return f"{first.prefecture_en}/{first.name_en}"

    def _only(self, name: str, codes: list[int]) -> int:
        if not codes:
            raise PlaceError(
                f"There is no county {shown(name)} in {province().name}.", self._near(name)
            )
        if len(codes) > 1:
            several = "; ".join(self.title(code) for code in codes)
            raise PlaceError(
                f"{shown(name)} names {len(codes)} counties: {several}.",
                f"Write a code such as {codes[0]}, or "
                f"{self.records[codes[0]].prefecture_en}/{name.strip()}.",
            )
        return codes[0]

    def _near(self, name: str) -> str | None:
        names = [county.name_en for county in self.records.values()]
        names += [county.name_zh for county in self.records.values()]
        return did_you_mean(name.strip(), names, 3) or "`fupin population` lists the prefectures."

    def describe(self, codes: Iterable[int], most: int = 6) -> str:
        """Counties in words: a group, or names, or a number of them."""
        wanted = tuple(sorted(codes))
        for group, words in (
            ("all", "all counties"),
            ("key", "the key counties"),
            ("national key", "the national key counties"),
            ("provincial key", "the provincial key counties"),
        ):
            if wanted == self._group(group):
                return f"{words} ({len(wanted)})"
        names = self._whole_prefectures(wanted) or [self._short(code) for code in wanted]
        if len(names) > most:
            return f"{', '.join(names[:most])} and {len(names) - most} more"
        return ", ".join(names)

    def _whole_prefectures(self, wanted: tuple[int, ...]) -> list[str] | None:
        """Names of prefectures where the counties are all those of some prefectures."""
        found = {self.records[code].prefecture_en for code in wanted}
        theirs = [code for code, c in self.records.items() if c.prefecture_en in found]
        return [f"all of {name}" for name in sorted(found)] if tuple(theirs) == wanted else None

    def _short(self, code: int) -> str:
        """The English name, with the Chinese one where the English one fits several."""
        county = self.records[code]
        alone = len(self._by_alias[_squeezed(county.name_en)]) == 1
        return county.name_en if alone else f"{county.name_en} {county.name_zh}"


@cache
def county_index() -> CountyIndex:
    """The index of the province's county-level units."""
    # The file alone: what is derived from it takes the compiler, which readers can do without.
    from fupin.population.counties import county_rows

    names = ("name_en", "name_zh", "prefecture_en", "prefecture_zh", "key_status")
    return CountyIndex(
        CountyRecord(int(row["code"]), *(row[name] for name in names)) for row in county_rows()
    )


def codes_within(
    counties: tuple[int, ...] | Poorest | None, prefectures: tuple[str, ...] | None
) -> tuple[int, ...] | None:
    """The counties of a list that lie in some prefectures; None where neither is given.

    Args:
        counties: codes; None stands for all counties, and so do the poorest, as long as nobody
            has looked which they are.
        prefectures: English names; None stands for all prefectures.
    """
    if isinstance(counties, Poorest):
        counties = None
    if counties is None and prefectures is None:
        return None
    index = county_index()
    return tuple(
        code
        for code in (index.records if counties is None else counties)
        if prefectures is None or index.records[code].prefecture_en in prefectures
    )
