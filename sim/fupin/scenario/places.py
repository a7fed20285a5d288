"""From the names of counties and prefectures to county codes of 2009.

A name may be English or Chinese, with or without what kind of unit it is, with the prefecture
before it, behind it or in brackets; later names and codes are read too (`places.yaml`), and so
are groups (`place_groups`). A name that fits several counties is never guessed: two counties are
both "Weixian". What brackets say must be true of the county.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache

from fupin.parameters.province import province
from fupin.scenario.place_groups import Group
from fupin.scenario.place_lookup import CountyNames
from fupin.scenario.place_names import (
    CountyRecord,
    aliases,
    ethnic_words,
    folded,
    squeezed,
)
from fupin.yaml.folding import plain_forms
from fupin.yaml.words import one_of, shown

__all__ = [
    "POOREST_BY", "CountyIndex", "CountyRecord", "PlaceError", "Poorest", "codes_within",
    "county_index",
]  # fmt: skip

_LONGEST = 120


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
    """No place, or several, go by this name; `.instead` says what to write.

    What `.instead` puts in backticks works when it is typed.
    """

    def __init__(self, message: str, instead: str | None = None) -> None:
        super().__init__(message)
        self.instead = instead


_CODE = re.compile(r"(?P<digits>[0-9]{4,12})(?:\.0+)?")
_CODE_AND_NAME = re.compile(
    r"(?:(?P<before>[0-9]{6}(?:0{3}|0{6})?)(?:\.0)?[\s,:/_-]*(?P<after>[^\d\s].*))|"
    r"(?:(?P<name>.*[^\d\s,:/_-])[\s,:/_-]*(?P<last>[0-9]{6}(?:0{3}|0{6})?)(?:\.0)?)",
    re.DOTALL,
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|〔([^〔〕]*)〕")
_LISTED = re.compile(r"[,/，、;；|\n]")
_KIND_WORDS = {
    "county": "county", "xian": "county", "县": "county", "district": "district", "qu": "district",
    "区": "district", "city": "city", "shi": "city", "市": "city", "县级市": "city",
}  # fmt: skip


class CountyIndex(CountyNames):
    """Finds counties and prefectures by what a planner calls them."""

    def counties(self, name: object) -> tuple[int, ...]:
        """The codes, ascending, that a name, a code or a group stands for.

        Raises:
            PlaceError: nothing or several counties go by that name, or it contradicts itself.
        """
        if isinstance(name, (int, float)) and not isinstance(name, bool):
            name = str(name) if abs(name) < 1e15 else f"{name:.0f}"
        if not isinstance(name, str):
            raise PlaceError(f"{shown(name)} is not the name of a county.", self._any())
        text = plain_forms(name).strip()
        if not text or len(text) > _LONGEST:
            raise PlaceError(f"{shown(name)} is not the name of a county.", self._any())
        if any(c.isdecimal() for c in text):
            return self._with_digits(name, text)
        outer, inner = _without_brackets(text)
        group = self.groups.find(squeezed(outer)) if not inner else None
        found = self._candidates(squeezed(outer))
        # Cangzhou/Yanshan is a county of Cangzhou, and no county of its lies in those mountains.
        if group is not None and not (found and group not in self.groups.whole):
            return self._of_group(name, outer, group)
        if not found:
            return self._several(name, outer, inner)
        for bracket in inner:
            found = self._narrowed(name, found, bracket)
        return self._only(name, squeezed(outer), found)

    def county(self, name: object) -> int:
        """The code of the one county that a name or a code stands for.

        Raises:
            PlaceError: as `counties`, and where the name stands for several counties.
        """
        codes = self.counties(name)
        if len(codes) != 1:
            few = [f"`{self.canonical(code)}`" for code in codes[:3]]
            raise PlaceError(
                f"{shown(name)} means {len(codes)} counties of {province().document_year}: "
                f"{self.describe(codes, 4)}.",
                f"Give each its own line, such as {one_of(few)}.",
            )
        return codes[0]

    def _of_group(self, name: object, outer: str, group: Group) -> tuple[int, ...]:
        clash = self._by_alias.get(squeezed(outer), set())
        if clash:
            written = [f"`{self.canonical(code)}`" for code in sorted(clash)]
            other = next(n for n in self._names_of(group) if squeezed(n) not in self._by_alias)
            raise PlaceError(
                f"{shown(name)} may be {'; '.join(map(self.title, sorted(clash)))}, or "
                f"{group.words}.",
                f"Write {one_of(written)}, or `{other}`.",
            )
        if not group.codes:
            place = next(p for p in self.prefectures if group.written.endswith(p))
            raise PlaceError(f"There are none: {group.name_en}.", f"Write `all of {place}`, say.")
        return group.codes

    def _with_digits(self, name: str, text: str) -> tuple[int, ...]:
        """A code alone, or a name with a code before, behind or in brackets."""
        if code := _CODE.fullmatch(text):
            return self._by_code(name, code["digits"])
        outer, inner = _without_brackets(text)
        both = _CODE_AND_NAME.fullmatch(text) if not inner else None
        if both:
            outer, inner = both["after"] or both["name"], [both["before"] or both["last"]]
        if not inner or not squeezed(outer) or any(c.isdecimal() for c in outer):
            digits = "".join(c for c in text if c.isdecimal())
            near = f"Write `{digits}`." if digits.isascii() and self._is_code(digits) else None
            raise PlaceError(f"{shown(name)} is no name and no code.", near or self._any())
        found = self._candidates(squeezed(outer))
        if not found:
            return self._several(name, outer, inner)
        for bracket in inner:
            found = self._narrowed(name, found, bracket)
        return self._only(name, squeezed(outer), found)

    def _by_code(self, name: str, digits: str) -> tuple[int, ...]:
        """Six digits; nine and twelve where those behind the sixth are zeros."""
        head, tail = digits[:6], digits[6:]
        known = len(digits) in (6, 9, 12)
        if known and not set(tail) - {"0"}:
            if int(head) in self.records:
                return (int(head),)
            if int(head) in self._later_codes:
                return self._later_codes[int(head)].of
            if head in self._prefecture:
                place = self._prefecture[head]
                raise PlaceError(
                    f"{shown(name)} is the prefecture {place}, not a county.",
                    f"Write `all of {place}`, or `prefectures: [{place}]`.",
                )
        if known and int(head) in self.records:
            raise PlaceError(
                f"{shown(name)} is the code of a place in {self.title(int(head))}.",
                f"Write the code of the county, `{head}`.",
            )
        near = difflib.get_close_matches(head, [str(c) for c in self.records], 3, 0.8)
        few = [f"`{code}` ({self.records[int(code)].name_zh})" for code in near]
        raise PlaceError(
            f"No county of {province().name} has the code {shown(name)}.",
            f"Codes are six digits of {province().codes}, such as "
            f"{one_of(few) if few else f'`{next(iter(self.records))}`'}.",
        )

    def _narrowed(self, name: object, found: set[int], bracket: str) -> set[int]:
        """Those of some counties of which it is true what a bracket says."""
        said = squeezed(bracket)
        said = said.removesuffix("province").removesuffix("省")
        if said in ("", "hebei", "河北", "china", "中国"):
            return found
        parts = [part for part in _LISTED.split(bracket) if part.strip()]
        if len(parts) > 1:
            for part in parts:
                found = self._narrowed(name, found, part)
            return found
        group = self.groups.find(said)
        kept: set[int] = set()
        for code in found:
            county = self.records[code]
            true = self._prefecture.get(said) == county.prefecture_en
            true |= _KIND_WORDS.get(said) == county.kind
            true |= said in ethnic_words(county.name_zh)
            true |= said in aliases(county) or code in self._by_alias.get(said, set())
            true |= bool(_CODE.fullmatch(bracket.strip())) and self._codes_of(bracket) == {code}
            true |= group is not None and code in group.codes
            if true:
                kept.add(code)
        if not kept and self._codes_of(bracket) == found:
            return found  # a code of a later unit that has the people of several
        if kept:
            return kept
        here = [f"`{self.canonical(code)}`" for code in sorted(found)[:4]]
        meant = self._codes_of(bracket) or self._by_alias.get(said, set())
        here += [f"`{self.canonical(code)}`" for code in sorted(meant)[:2]]
        raise PlaceError(
            f"{shown(name)}: “{bracket.strip()}” is not true of {self.describe(sorted(found), 4)}.",
            f"Write {one_of(here)} alone, or name another county.",
        )

    def _several(self, name: str, outer: str, inner: list[str]) -> tuple[int, ...]:
        """Counties in a row, such as 大名县、魏县; or the refusal of what is no county."""
        prefecture = self._prefecture.get(squeezed(outer))
        if prefecture is not None:
            raise PlaceError(
                f"{shown(name)} is a prefecture, not a county.",
                f"Write `all of {prefecture}`, or `prefectures: [{prefecture}]`.",
            )
        parts = [part.strip() for part in _LISTED.split(outer) if part.strip()]
        if len(parts) > 1 and not inner:
            self._refuse_contradiction(name, parts)
            if len(parts) > 2 or not any(squeezed(p) in self._prefecture for p in parts):
                found: set[int] = set()
                for part in parts:
                    found |= set(self.counties(part))
                return tuple(sorted(found))
        self._refuse_contradiction(name, [outer])
        raise PlaceError(f"There is no county {shown(name)} in {province().name}.",
                         self.near(outer))  # fmt: skip

    def _refuse_contradiction(self, name: str, parts: list[str]) -> None:
        """Where a prefecture stands beside a county of another one."""
        whole = squeezed("".join(parts))
        for rest, prefecture in self._split(whole):
            codes = sorted(self._by_alias.get(rest, set()))
            if codes:
                elsewhere = (
                    f"`{self.canonical(c)}` ({self.records[c].name_zh}, "
                    f"{self.records[c].prefecture_en})"
                    for c in codes[:4]
                )
                raise PlaceError(
                    f"There is no county {shown(name)} in {prefecture}.",
                    f"Did you mean {one_of(elsewhere)}?",
                )
            if len(parts) == 2:
                here = {c: r for c, r in self.records.items() if r.prefecture_en == prefecture}
                raise PlaceError(
                    f"There is no county {shown(name)} in {prefecture}.",
                    self.near(rest, list(here)),
                )

    def _only(self, name: object, text: str, codes: set[int]) -> tuple[int, ...]:
        found = tuple(sorted(codes))
        later = self.later_unit(text)
        if len(found) == 1 or (later is not None and set(later.of) == codes):
            prefecture = self._prefecture.get(text)
            if prefecture is None:
                return found
            written = self.canonical(found[0])
            raise PlaceError(
                f"{shown(name)} is a prefecture and also a county.",
                f"Write `all of {prefecture}`, `prefectures: [{prefecture}]`, or `{written}` for "
                "the county.",
            )
        several = "; ".join(self.title(code) for code in found)
        raise PlaceError(
            f"{shown(name)} names {len(found)} counties: {several}.",
            f"Write {one_of(f'`{self.canonical(code)}`' for code in found)}.",
        )

    # -- prefectures ----------------------------------------------------------------------------

    def prefecture(self, name: object) -> str:
        """The English name of a prefecture.

        Raises:
            PlaceError: there is none of that name.
        """
        if isinstance(name, (int, float)) and not isinstance(name, bool):
            name = str(name)
        if not isinstance(name, str) or len(name) > _LONGEST:
            raise PlaceError(
                f"{shown(name)} is not the name of a prefecture.",
                f"Write `{self.prefectures[0]}`, say.",
            )
        outer, inner = _without_brackets(plain_forms(name).strip())
        text = squeezed(re.sub(r"\.0+$", "", outer))
        for word in ("河北省", "河北", "hebeiprovince", "hebei"):
            text = text.removeprefix(word).removesuffix(word)
        digits = text.isascii() and text.isdigit()
        if digits and len(text) in (4, 6, 9, 12) and not set(text[4:]) - {"0"}:
            text = text[:4] + "00"
        found = self._prefecture.get(text)
        for bracket in inner:
            said = squeezed(bracket)
            if said and said not in ("hebei", "河北") and self._prefecture.get(said) != found:
                found = None
        if found is None:
            raise PlaceError(
                f"There is no prefecture {shown(name)} in {province().name}.",
                self._near_prefecture(name),
            )
        return found

    def _near_prefecture(self, name: str) -> str:
        try:
            codes = self.counties(name)
        except PlaceError:
            codes = ()
        if len(codes) == 1:
            return f"It is a county: write `counties: [{self.canonical(codes[0])}]`."
        chinese = {r.prefecture_zh: r.prefecture_en for r in self.records.values()}
        known = {folded(p): p for p in self.prefectures} | chinese
        near = difflib.get_close_matches(folded(name).removesuffix("市"), known, 1, 0.5)
        if near:
            return f"Did you mean `{known[near[0]]}`?"
        return f"They are {', '.join(f'`{p}`' for p in self.prefectures)}."


def _without_brackets(text: str) -> tuple[str, list[str]]:
    """A name, and what stands in brackets in it."""
    inner = [next(g for g in found.groups() if g is not None) for found in _BRACKETS.finditer(text)]
    return _BRACKETS.sub(" ", text).strip(), inner


@cache
def county_index() -> CountyIndex:
    """The index of the province's county-level units."""
    # The file alone: what is derived from it takes the compiler, which readers can do without.
    from fupin.population.counties import county_rows, inferred_terrain

    return CountyIndex(
        CountyRecord(
            code=int(row["code"]),
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            prefecture_en=row["prefecture_en"],
            prefecture_zh=row["prefecture_zh"],
            key_status=row["key_status"],
            kind=row["kind"],
            terrain=row["terrain"]
            or inferred_terrain(
                row["prefecture_en"], row["kind"], float(row["lon"]), float(row["lat"])
            ),
            old_base=row["old_base"] == "1",
            minority=row["minority"] == "1",
        )
        for row in county_rows()
    )


def codes_within(
    counties: tuple[int, ...] | Poorest | None,
    prefectures: tuple[str, ...] | None,
    excluded: tuple[int, ...] | None = None,
) -> tuple[int, ...] | None:
    """The counties of a list that lie in some prefectures; None where nothing is given.

    Args:
        counties: codes; None stands for all counties, and so do the poorest, as long as nobody
            has looked which they are.
        prefectures: English names; None stands for all prefectures.
        excluded: codes that are taken away.
    """
    if isinstance(counties, Poorest):
        counties = None
    if counties is None and prefectures is None and not excluded:
        return None
    index, without = county_index(), set(excluded or ())
    return tuple(
        code
        for code in (index.records if counties is None else counties)
        if (prefectures is None or index.records[code].prefecture_en in prefectures)
        and code not in without
    )
