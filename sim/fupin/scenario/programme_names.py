"""What tables of offices call the programmes, in English and Chinese."""

from __future__ import annotations

import difflib
import re
from functools import cache

from fupin.scenario.programme_catalogue import ADDED, PROGRAMMES, WITH_ENTRIES, record_of
from fupin.yaml.folding import plain_forms

CHINESE: dict[str, tuple[str, ...]] = {
    "village_advancement": ("整村推进", "整村推进资金", "整村推进扶贫", "整村扶贫"),
    "rural_works": ("饮水、基本农田与道路", "农村基础设施", "基础设施", "饮水农田道路",
                    "饮水基本农田道路", "以工代赈", "基础设施建设"),
    "relocation": ("易地扶贫搬迁", "移民搬迁", "易地搬迁", "易地扶贫", "扶贫移民", "生态移民",
                    "搬迁"),
    "skills_training": ("贫困劳动力转移培训", "劳动力转移培训", "转移培训", "雨露计划", "劳务培训",
                    "技能培训", "劳动力培训"),
    "practical_training": ("农业实用技术培训", "实用技术培训", "实用技术"),
    "household_projects": ("到户增收项目", "细胞工程", "“细胞工程”", "到户产业项目", "产业扶贫",
                    "产业化扶贫", "产业项目", "到户项目", "产业开发", "产业"),
    "mutual_funds": ("贫困村互助资金", "村级互助资金", "互助资金", "互助金", "资金互助",
                    "村级互助"),
    "loan_guarantee": ("扶贫贷款担保试点", "扶贫贷款担保", "贷款担保", "担保", "担保贷款"),
    "microfinance": ("小额信贷", "小额贷款"),
    "subsidised_loans": ("扶贫贴息贷款", "贴息贷款", "扶贫贷款", "信贷扶贫"),
    "minimum_living": ("农村低保与扶贫开发“两项制度”衔接", "与低保制度衔接", "低保衔接", "低保",
                    "最低生活保障", "两项制度衔接"),
    "integrated_funds": ("整合资金与连片开发试点", "连片开发资金整合", "连片开发", "资金整合",
                    "连片扶贫开发"),
    "paired_assistance": ("社会扶贫", "定点帮扶（四帮一）", "定点帮扶", "定点扶贫", "四帮一",
                    "社会帮扶"),
    "enterprise_projects": ("民营企业合作项目", "企业合作项目", "企业合作", "民营企业"),
    "technology": ("科技扶贫", "科技人员与新品种", "科技"),
    "project_management": ("扶贫项目备案与公告公示", "项目备案与公开公示", "项目管理",
                    "项目管理费", "管理费"),
    "cash_transfer": ("现金补助", "现金转移支付", "现金补贴", "现金转移"),
}  # fmt: skip
"""The first name of each is the one that tables of fupin have."""

_ENGLISH: dict[str, tuple[str, ...]] = {
    "village_advancement": ("entire village", "whole village advancement", "village plans"),
    "rural_works": ("rural infrastructure", "infrastructure", "works"),
    "relocation": ("resettlement",),
    "skills_training": ("training", "labour transfer training", "labor training"),
    "practical_training": ("farmer training", "practical skills training"),
    "household_projects": ("household industry", "industry", "cell projects"),
    "mutual_funds": ("village funds", "mutual fund"),
    "loan_guarantee": ("loan guarantees", "guarantee"),
    "microfinance": ("microcredit", "small loans"),
    "subsidised_loans": ("subsidized loans", "interest subsidised loans"),
    "minimum_living": ("dibao", "minimum living allowance"),
    "paired_assistance": ("paired aid", "four helping one"),
    "cash_transfer": ("cash", "cash transfers"),
}


def squeezed_heading(text: str) -> str:
    """A heading in one form: lower case, without spaces, punctuation and what is in brackets."""
    plain = plain_forms(text).casefold()
    plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】", "", plain)
    return re.sub(r"[\s_\-、，,;:：./与和及]", "", plain)


@cache
def _keys() -> dict[str, str]:
    found: dict[str, str] = {}
    for programme in PROGRAMMES:
        for name in _names_of(programme.key):
            found.setdefault(squeezed_heading(name), programme.key)
    return found


_ENTRY = re.compile(r"(.+?)\s*[/:]\s*([a-z][a-z0-9_]{0,31})")


def programme_of(heading: str) -> str | None:
    """The key of the programme that a heading names; None where it names none.

    A further entry of one is `产业扶贫/north` or `household_projects: north`, a programme of a
    plan's own `asset/bee_keeping`.
    """
    if (key := _first_of(heading)) is not None:
        return key
    plain = re.sub(r"\([^()]*\)", "", plain_forms(heading)).strip()
    entry = _ENTRY.fullmatch(plain)
    if entry is None:
        return None
    first = entry[1] if entry[1] in ADDED else _first_of(entry[1])
    return f"{first}/{entry[2]}" if first in (*ADDED, *WITH_ENTRIES) else None


def _first_of(heading: str) -> str | None:
    """The key of one of PROGRAMMES."""
    text = squeezed_heading(heading)
    for end in ("", "资金", "扶贫资金", "经费", "项目", "项目资金", "budget", "money", "funds"):
        if text.endswith(end) and (key := _keys().get(text.removesuffix(end) if end else text)):
            return key
    return None


def nearest(heading: str) -> list[str]:
    """Up to two usual headings that are written almost alike."""
    text = squeezed_heading(heading)
    names = {n: squeezed_heading(n) for p in PROGRAMMES for n in _names_of(p.key)}
    near = difflib.get_close_matches(text, list(names.values()), n=2, cutoff=0.6)
    return [next(name for name, squeezed in names.items() if squeezed == one) for one in near]


def heading_of(key: str) -> str:
    """What tables of fupin head the column of a programme with, further entries included."""
    first, _, name = key.partition("/")
    if first in ADDED:
        return key
    return f"{CHINESE[first][0]}/{name}" if name else CHINESE[first][0]


def _names_of(key: str) -> tuple[str, ...]:
    return (key, record_of(key).title, *CHINESE[key], *_ENGLISH.get(key, ()))
