"""Groups of counties that have a name: key counties, terrains, areas, whole prefectures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fupin.scenario.place_data import place_data
from fupin.scenario.place_names import CountyRecord, squeezed

Codes = tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """One group.

    Attributes:
        name_en, name_zh: for people, such as `the key counties`, 重点县.
        written: what a plan writes, in English.
        codes: of its counties, in order.
    """

    name_en: str
    name_zh: str
    written: str
    codes: Codes

    @property
    def words(self) -> str:
        """`the key counties 重点县 (52)`."""
        return f"{self.name_en} {self.name_zh} ({len(self.codes)})"


_ONLY_WITHIN = ("全市", "全境", "各县", "各县区", "所有县区")
"""Words for all counties of a prefecture that is named before them."""
_Test = Callable[[CountyRecord], bool]
_TERRAIN: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "plain": ("the counties of the plain", "平原县", ("plain", "plains", "plain counties", "平原",
              "平原县", "平原地区")),
    "basin": ("the counties of the basins", "盆地县", ("basin", "basins", "basin counties", "盆地",
              "盆地县", "间山盆地")),
    "mountain": ("the mountain counties", "山区县", ("mountain", "mountains", "mountainous",
                 "mountain counties", "山区", "山区县", "山地", "深山区")),
    "plateau": ("the counties of the plateau", "坝上县", ("plateau", "bashang", "bashang plateau",
                "plateau counties", "坝上", "坝上县", "坝上地区", "坝上高原", "高原", "高原县")),
}  # fmt: skip


def _rules() -> list[tuple[str, str, str, tuple[str, ...], _Test]]:
    """English and Chinese name, what is written, all names, and the rule of each group."""
    rules: list[tuple[str, str, str, tuple[str, ...], _Test]] = [
        ("all counties", "全省", "all",
         ("all", "all counties", "every county", "whole province", "the whole province", "province",
          "hebei", "hebei province", "everywhere", "全省", "全部", "所有", "全部县", "所有县",
          "各县", "全省各县",
          "河北", "河北省", "全市", "所有县区", "各县区", "全境"),
         lambda c: True),
        ("the key counties", "重点县", "key",
         ("key", "key counties", "key county", "poor counties", "the key counties", "重点县",
          "贫困县", "扶贫重点县", "扶贫开发重点县", "扶贫开发工作重点县", "国定省定", "国定和省定",
          "国省定", "国家和省重点县", "全部重点县", "所有重点县"),
         lambda c: c.key_status != "none"),
        ("the national key counties", "国定重点县", "national key",
         ("national key", "national", "national key counties", "national poor counties",
          "state key", "国定", "国定县", "国定贫困县", "国定重点县", "国家级", "国家级贫困县",
          "国家级重点县", "国家重点县", "国家贫困县", "国家扶贫重点县", "国家扶贫开发重点县",
          "国家扶贫开发工作重点县", "国贫县"),
         lambda c: c.key_status == "national"),
        ("the provincial key counties", "省定重点县", "provincial key",
         ("provincial key", "provincial", "provincial key counties", "provincial poor counties",
          "省定", "省定县", "省定贫困县", "省定重点县", "省级", "省级贫困县", "省级重点县",
          "省重点县", "省扶贫开发重点县", "省扶贫开发工作重点县", "省贫县"),
         lambda c: c.key_status == "provincial"),
        ("the counties without key status", "非重点县", "other",
         ("other", "others", "other counties", "not key", "non key", "non key counties",
          "非重点县", "非贫困县", "其他县", "其他", "其它县", "其它", "一般县"),
         lambda c: c.key_status == "none"),
        ("the old revolutionary bases", "革命老区县", "old base",
         ("old base", "old bases", "old revolutionary base", "old revolutionary bases",
          "old base counties", "老区", "老区县", "革命老区", "革命老区县"),
         lambda c: c.old_base),
        ("the autonomous counties", "民族自治县", "minority",
         ("minority", "minority counties", "autonomous", "autonomous counties", "民族县",
          "民族自治县", "少数民族县", "少数民族自治县", "自治县"),
         lambda c: c.minority),
        ("the urban districts", "市辖区", "districts",
         ("districts", "urban districts", "市辖区", "城区"), lambda c: c.kind == "district"),
        ("the county-level cities", "县级市", "cities",
         ("cities", "county level cities", "县级市"), lambda c: c.kind == "city"),
    ]  # fmt: skip
    for terrain, (english, chinese, names) in _TERRAIN.items():
        rules.append((english, chinese, terrain, names,
                      lambda c, terrain=terrain: c.terrain == terrain))  # type: ignore[misc]  # fmt: skip
    for area in place_data().areas:
        inside = set(area.counties)
        rules.append((area.name_en, area.name_zh, area.names[0], area.names,
                      lambda c, inside=inside: c.code in inside))  # type: ignore[misc]  # fmt: skip
    return rules


class Groups:
    """Finds groups by their names, of the province and within a prefecture.

    Args:
        records: all counties, in order of codes.
        prefectures: squeezed name of a prefecture -> its English name.
    """

    def __init__(self, records: Iterable[CountyRecord], prefectures: dict[str, str]) -> None:
        self._records = list(records)
        self._prefectures = prefectures
        self._by_alias: dict[str, Group] = {}
        self.whole: list[Group] = []
        self._tests: dict[str, _Test] = {}
        for english, chinese, written, names, test in _rules():
            codes = tuple(c.code for c in self._records if test(c))
            group = Group(english, chinese, written, codes)
            self.whole.append(group)
            self._tests[written] = test
            for name in names:
                self._by_alias[squeezed(name)] = group
        self._chinese = {c.prefecture_en: c.prefecture_zh for c in self._records}

    def names(self) -> list[str]:
        """What a plan may write for groups of the province, in English."""
        return [group.written for group in self.whole]

    def find(self, text: str) -> Group | None:
        """The group of a squeezed name; None where it names none."""
        text = text.removeprefix("the")
        if text in self._by_alias and text not in _ONLY_WITHIN:
            return self._by_alias[text]
        for alias, prefecture in self._prefectures.items():
            if text.startswith(alias):
                rest = text.removeprefix(alias)
            elif text.endswith(alias):
                rest = text.removesuffix(alias)
            else:
                continue
            rest = rest.removeprefix("的").removeprefix("市").removesuffix("的")
            for end in ("ofthe", "inthe", "of", "in"):
                rest = rest.removesuffix(end)
            if rest.removeprefix("the") in self._by_alias:
                return self.within(self._by_alias[rest.removeprefix("the")], prefecture)
        return None

    def within(self, group: Group, prefecture: str) -> Group:
        """The counties of a group that lie in a prefecture; may be none."""
        test, chinese = self._tests[group.written], self._chinese[prefecture]
        codes = tuple(c.code for c in self._records if c.prefecture_en == prefecture and test(c))
        if group.written == "all":
            return Group(f"all of {prefecture}", f"{chinese}全市", f"all of {prefecture}", codes)
        return Group(f"{group.name_en} of {prefecture}", f"{chinese}{group.name_zh}",
                     f"{group.written} of {prefecture}", codes)  # fmt: skip

    def of_codes(self, codes: Codes) -> Group | None:
        """The group that has exactly some counties, if one has."""
        for group in self.whole:
            if group.codes == codes:
                return group
        prefectures = {c.prefecture_en for c in self._records if c.code in set(codes)}
        if len(prefectures) == 1:
            for group in self.whole[:4]:
                here = self.within(group, next(iter(prefectures)))
                if here.codes == codes and len(codes) > 3:
                    return here
        return None
