"""Names of counties as they are written: one squeezed form, and all that may mean a county."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from fupin.scenario.place_data import place_data


@dataclass(frozen=True)
class CountyRecord:
    """What is needed of a county to find it by name."""

    code: int
    name_en: str
    name_zh: str
    prefecture_en: str
    prefecture_zh: str
    key_status: str  # "national", "provincial" or "none"
    kind: str = "county"  # "county", "district" or "city"
    terrain: str = "plain"  # or "basin", "mountain", "plateau"
    old_base: bool = False
    minority: bool = False


_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))  # grave, acute, macron, caron
_BETWEEN = re.compile(r"[\s\-_.·•'’‘`´—–―/,，、;；|:：→>]")


def folded(name: str) -> str:
    """Lower case, full-width forms, tone marks and traditional characters folded."""
    if name.isascii():
        return name.lower()
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name)).translate(_TONES)
    text = unicodedata.normalize("NFC", text).casefold()
    return text.translate(_simple())


@cache
def _simple() -> dict[int, str]:
    return {ord(letter): simple for letter, simple in place_data().traditional.items()}


def squeezed(name: str) -> str:
    """The folded name without spaces, hyphens, apostrophes and separators."""
    return _BETWEEN.sub("", folded(name))


_AUTONOMOUS = re.compile(r"(满族蒙古族自治县|满族自治县|回族自治县|自治县)$")
_KINDS_ZH = re.compile(r"(满族蒙古族自治县|满族自治县|回族自治县|自治县|矿区|县|区|市)$")
_KINDS_EN = {"县": ("county", "xian"), "区": ("district", "qu"), "市": ("city", "shi")}
_ETHNIC_EN = {
    "满族蒙古族": ("manchumongol", "manchuandmongol", "manchuandmongolian", "manzumengguzu",
                   "manmeng", "manchumongolian"),
    "满族": ("manchu", "manzu"),
    "回族": ("hui", "huizu"),
}  # fmt: skip
_ETHNIC_ZH = {"满族蒙古族": ("满族蒙古族", "满蒙"), "满族": ("满族", "满"), "回族": ("回族", "回")}
_MINING = ("miningdistrict", "miningarea", "mining", "kuangqu", "kuang")


def short_zh(name_zh: str) -> str:
    """A Chinese name without what kind of unit it is: 大名, 丰宁, 魏."""
    return _KINDS_ZH.sub("", name_zh)


def ethnic_of(name_zh: str) -> str | None:
    """Whose autonomous county a name says it is, such as 满族."""
    return next((e for e in _ETHNIC_EN if name_zh.endswith(f"{e}自治县")), None)


def ethnic_words(name_zh: str) -> set[str]:
    """Squeezed words in brackets that say no more than the name: `Manchu`, 满族自治县."""
    ethnic = ethnic_of(name_zh)
    if ethnic is None:
        return set()
    words = {*_ETHNIC_EN[ethnic], *_ETHNIC_ZH[ethnic]}
    words |= {f"{word}{kind}" for word in words for kind in ("autonomouscounty", "自治县")}
    return words | {"autonomouscounty", "autonomous", "自治县"}


def aliases(county: CountyRecord) -> set[str]:
    """All squeezed names that may mean this county."""
    whole, kinds = squeezed(county.name_en), _KINDS_EN.get(county.name_zh[-1:], ("county", "xian"))
    bare = whole.removesuffix(kinds[0])
    names = {whole, bare, squeezed(county.name_zh)} | {bare + kind for kind in kinds}
    if len(county.name_zh) == 2 and bare.endswith("xian"):
        names.add(bare.removesuffix("xian") + "county")  # 魏县 is Weixian or Wei County
    short = short_zh(county.name_zh)
    if len(short) >= 2:
        names.add(squeezed(short))
    if county.name_zh.endswith("矿区"):
        stem = bare.removesuffix("mining")
        names |= {stem + word for word in _MINING} | {f"{short}区"}
        names.discard(f"{stem}district")
    if _AUTONOMOUS.search(county.name_zh):
        ethnic = ethnic_of(county.name_zh)
        words = _ETHNIC_EN.get(ethnic or "", ())
        names |= {bare + word + end for word in ("", *words)
                  for end in ("autonomouscounty", "autonomous", "zizhixian")}  # fmt: skip
        names |= {bare + word + end for word in words for end in ("", "county", "xian")}
        names |= {short + word + end for word in ("", *_ETHNIC_ZH.get(ethnic or "", ()))
                  for end in ("自治县", "县")}  # fmt: skip
    return names
