"""What plans and tables count besides money, and the words for it."""

from __future__ import annotations

import re

from fupin.yaml.folding import plain_forms

COUNTED = {
    "persons": ("person", "people", "farmers", "farmer", "trainees", "人", "人次", "人数"),
    "households": ("household", "户", "家庭", "户数"),
    "villages": ("village", "村", "个村", "村数"),
    "loans": ("loan", "笔", "笔数"),
    "projects": ("project", "个项目", "项目"),
    "jobs": ("job", "个岗位", "岗位"),
}
"""Unit of a target -> other words for it."""

COUNTED_IN = {word: unit for unit, words in COUNTED.items() for word in (unit, *words)}
"""Word -> unit."""

FIRST_UNIT = {
    "village_advancement": "villages", "rural_works": "persons", "relocation": "persons",
    "skills_training": "persons", "practical_training": "persons",
    "household_projects": "households", "mutual_funds": "villages", "loan_guarantee": "loans",
    "microfinance": "loans", "subsidised_loans": "loans", "minimum_living": "persons",
    "integrated_funds": "villages", "paired_assistance": "projects",
    "enterprise_projects": "jobs", "technology": "villages", "project_management": "villages",
    "cash_transfer": "persons",
}  # fmt: skip
"""Programme -> what people count first of it (`unit_costs.units_of`; a test holds them equal)."""

_REACHED = {"trained", "placed", "moved", "reached", "beneficiaries", "participants", "number",
            "count", "数量", "目标", "任务", "指标", "培训人数", "搬迁人数", "覆盖"}  # fmt: skip
_MONEY = {"amount", "money", "funds", "fund", "funding", "yuan", "cost", "total", "sum", "资金",
          "金额", "预算", "经费", "投入", "budgets"}  # fmt: skip

_LIST = {"list", "village_list", "villages_list", "new_list", "roster", "名单"}

SCALES = {"万": 10**4, "千": 10**3, "thousand": 10**3, "million": 10**6}

_UNIT = re.compile(r"(万|千|thousand|million)?\s*([^\d\s].*)")


def count_unit(text: str) -> tuple[str, int] | None:
    """What a heading or a line says is counted, and how many one is: 万人 are 10,000 persons.

    None where the text is no unit of a target.
    """
    plain = plain_forms(text).strip().casefold()
    if plain in COUNTED_IN:
        return COUNTED_IN[plain], 1
    found = _UNIT.fullmatch(plain)
    if found is None or found[1] is None or found[2] not in COUNTED_IN:
        return None
    return COUNTED_IN[found[2]], SCALES[found[1]]


def key_hint(programme: str, key: str, value: object) -> str | None:
    """What to write for an unknown key of a programme that says how much, or how many."""
    plain = plain_forms(key).strip().casefold()
    unit = FIRST_UNIT.get(programme)
    if plain == "kind" and unit is not None:
        return (
            f"{programme} is a programme of the document, and has none. Give a programme of your "
            f"own another name, such as `my_{programme}`."
        )
    if plain == "extra" and unit is not None:
        return "It has no further entries. Give counties amounts: `budget: {张北县: 5 million}`."
    if plain in _LIST:
        return "All programmes have one list: `village_list: {add: 1000}`, beside `programmes`."
    if plain in _MONEY:
        return "Money is the `budget`: write `budget: 30 million`, say."
    if unit is None or not (plain in COUNTED_IN or plain in _REACHED):
        return None
    if isinstance(value, list):
        return (
            f"Single ones cannot be named. Write how many, such as `target: 10 {unit}`, or by "
            f"county `target: {{赤城县: 10 {unit}}}`."
        )
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10**6
    return f"How many is a `target`: write `target: {value if whole else 10} {unit}`."
