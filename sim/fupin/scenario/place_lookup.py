"""Every name of every county, and the counties in words: what `places` reads names with."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from fupin.scenario.place_data import LaterUnit, place_data
from fupin.scenario.place_groups import Group, Groups
from fupin.scenario.place_names import CountyRecord, aliases, folded, short_zh, squeezed
from fupin.yaml.words import one_of


class CountyNames:
    """The names of counties, of units that came later, of prefectures and of groups.

    Attributes:
        records: counties by code, ascending.
        prefectures: English names, in the order of codes.
        groups: of counties.
    """

    def __init__(self, counties: Iterable[CountyRecord]) -> None:
        self.records = {county.code: county for county in sorted(counties, key=lambda c: c.code)}
        self.prefectures: tuple[str, ...] = tuple(
            dict.fromkeys(county.prefecture_en for county in self.records.values())
        )
        self._by_alias: dict[str, set[int]] = {}
        self._prefecture: dict[str, str] = {}
        self._later: dict[str, LaterUnit] = {}
        self._later_codes: dict[int, LaterUnit] = {}
        for code, county in self.records.items():
            for alias in aliases(county):
                self._by_alias.setdefault(alias, set()).add(code)
            chinese = county.prefecture_zh.removesuffix("市")
            names = [f"{county.prefecture_en}{end}" for end in ("", " city", " prefecture", " shi")]
            names += [f"{chinese}{end}" for end in ("", "市", "地区")]
            for name in (*names, str(code // 100 * 100)):
                self._prefecture[squeezed(name)] = county.prefecture_en
        for name, code in place_data().readings.items():
            self._by_alias.setdefault(squeezed(name), set()).add(code)
        self._add_later_units()
        self._wordy = {a: p for a, p in self._prefecture.items() if not a.isdigit()}
        self.groups = Groups(self.records.values(), self._wordy)

    def _add_later_units(self) -> None:
        """Names and codes of units after 2009, where they mean nothing else in 2009."""
        for unit in place_data().later:
            english = squeezed(unit.name_en).removesuffix("district").removesuffix("city")
            kind = {"区": "district", "市": "city"}[unit.name_zh[-1]]
            for name in (squeezed(unit.name_zh), unit.name_zh[:-1], english, english + kind):
                if name not in self._by_alias:
                    self._by_alias[name] = set(unit.of)
                    self._later[name] = unit
            if unit.code is not None and unit.code not in self.records:
                self._later_codes[unit.code] = unit

    def later_unit(self, name: object) -> LaterUnit | None:
        """The unit after 2009 that a name or code means; None where it is one of 2009."""
        text = squeezed(str(name).removesuffix(".0"))
        if text.isdigit():
            return self._later_codes.get(int(text[:6]) if set(text[6:]) <= {"0"} else 0)
        for alias in self._wordy:
            if text.startswith(alias) and text.removeprefix(alias) in self._later:
                return self._later[text.removeprefix(alias)]
        return self._later.get(text)

    def candidates(self, name: str) -> set[int]:
        """All counties that a name may mean, none where it means none."""
        return set(self._candidates(squeezed(name)))

    def _candidates(self, text: str) -> set[int]:
        """All counties that a squeezed name may mean."""
        if text in self._by_alias:
            return self._by_alias[text]
        for word in ("中国", "china"):
            text = text.removeprefix(word).removesuffix(word)
        for word in ("河北省", "河北", "hebeiprovince", "hebei"):
            bare = text.removeprefix(word).removesuffix(word)
            if bare in self._by_alias:
                return self._by_alias[bare]
            text = bare
        found: set[int] = set()
        for rest, prefecture in self._split(text):
            for code in self._by_alias.get(rest, set()):
                if self.records[code].prefecture_en == prefecture:
                    found.add(code)
        return found

    def _split(self, text: str) -> list[tuple[str, str]]:
        """A squeezed name less a prefecture before or behind it, and that prefecture."""
        found = []
        for alias, prefecture in self._wordy.items():
            if text.startswith(alias) and text != alias:
                found.append((text.removeprefix(alias), prefecture))
            if text.endswith(alias) and text != alias:
                found.append((text.removesuffix(alias), prefecture))
        return found

    def _codes_of(self, text: str) -> set[int]:
        digits = text.strip().removesuffix(".0")
        if not digits.isdecimal() or set(digits[6:]) - {"0"} or len(digits) < 6:
            return set()
        code = int(digits[:6])
        return {code} if code in self.records else set(
            self._later_codes[code].of if code in self._later_codes else ()
        )  # fmt: skip

    def title(self, code: int) -> str:
        """`Daming 大名县 (130425, Handan)`."""
        county = self.records[code]
        return f"{county.name_en} {county.name_zh} ({code}, {county.prefecture_en})"

    def canonical(self, code: int) -> str:
        """The shortest of its usual names that means this county and no other."""
        county = self.records[code]
        for name in (
            county.name_en,
            f"{county.prefecture_en}/{county.name_en}",
            county.name_zh,
            f"{county.prefecture_zh.removesuffix('市')}/{county.name_zh}",
        ):
            text = squeezed(name)
            taken = text in self._wordy or self.groups.find(text) is not None
            if not taken and self._candidates(text) == {code}:
                return name
        return str(code)

    def chinese(self, code: int) -> str:
        """The shortest Chinese name that means this county alone: 大名县, 张家口桥西区."""
        county = self.records[code]
        prefecture = county.prefecture_zh.removesuffix("市")
        for name in (county.name_zh, f"{prefecture}{county.name_zh}"):
            if self._candidates(squeezed(name)) == {code}:
                return name
        return str(code)

    def near(self, name: str, among: list[int] | None = None) -> str:
        """Advice for a name that is none: up to three counties that are written alike."""
        text = squeezed(name)
        latin = not any("\u4e00" <= c <= "\u9fff" for c in text)
        scores: dict[int, float] = {}
        for code in self.records if among is None else among:
            county = self.records[code]
            if latin:
                known = [squeezed(county.name_en)]
                known.append(re.sub("(xian|county|district|city)$", "", known[0]) or known[0])
                written = [text, re.sub("(xian|county|district|city)$", "", text) or text]
            else:
                known, written = [short_zh(county.name_zh)], [short_zh(folded(name)) or text]
            best = max(difflib.SequenceMatcher(None, w, k).ratio() for w in written for k in known)
            scores[code] = best
        least = 0.7 if latin else 0.5
        if among is not None:
            least = 0.4
        close = sorted(scores, key=lambda code: (-scores[code], code))
        few = [f"`{self.canonical(code)}`" for code in close[:3] if scores[code] >= least]
        if not few and among:
            few = [f"`{self.canonical(code)}`" for code in close[:3]]
            return f"Its counties are, among others, {one_of(few)}."
        if not few:
            start = text[:4] if len(text) > 2 else "?"
            groups = [g for g in self.groups.names() if squeezed(g).startswith(start)]
            few = [f"`{g}`" for g in groups[:2]]
        return f"Did you mean {one_of(few)}?" if few else self._any()

    def _any(self) -> str:
        first = next(iter(self.records))
        return f"Write a name or a code, such as `{first}`; `fupin places` lists all."

    def describe(self, codes: Iterable[int], most: int = 6) -> str:
        """Counties in words, English and Chinese: a group, or names, or a number of them."""
        wanted = tuple(sorted(codes))
        group = self.groups.of_codes(wanted)
        if group is not None:
            return group.words
        names = self._whole_prefectures(wanted) or [self.both(code) for code in wanted]
        if len(names) > most:
            return f"{', '.join(names[:most])} and {len(names) - most} more"
        return ", ".join(names)

    def both(self, code: int) -> str:
        """`Daming 大名县`; with the prefecture where the Chinese name fits several counties."""
        county = self.records[code]
        alone = len(self._by_alias[squeezed(county.name_zh)]) == 1
        return f"{county.name_en} {county.name_zh}" + (
            "" if alone else f" ({county.prefecture_en})"
        )

    def _whole_prefectures(self, wanted: tuple[int, ...]) -> list[str] | None:
        """Names of prefectures where the counties are all those of some prefectures."""
        inside = set(wanted)
        there = {c.prefecture_en for c in self.records.values() if c.code in inside}
        found = [prefecture for prefecture in self.prefectures if prefecture in there]
        theirs = [code for code, c in self.records.items() if c.prefecture_en in found]
        chinese = {c.prefecture_en: c.prefecture_zh for c in self.records.values()}
        return [f"all of {p} {chinese[p]}" for p in found] if tuple(theirs) == wanted else None

    def _is_code(self, digits: str) -> bool:
        return len(digits) == 6 and int(digits) in self.records

    def _names_of(self, group: Group) -> list[str]:
        area = [a for a in place_data().areas if a.names[0] == group.written]
        return [*area[0].names] if area else [group.written]
