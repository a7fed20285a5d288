"""The first page of a search in sentences, English or Chinese: found, why, whom it gives and takes.

They are made from the content of `allocation.json` alone, so that a stored result is told as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fupin.scenario.amounts import format_yuan
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import PROGRAMMES
from fupin.words import language as languages
from fupin.words.judging import PRACTICAL
from fupin.words.language import Language, told
from fupin.words.numbers import rounded
from fupin.words.verdict_bounds import bound_sentences

WORDS = Path(languages.__file__).with_name("allocation.yaml")
"""Words of these sentences."""

MILLION = 1e-6
FACTORS = {
    "gap_closed": MILLION, "npv_income_5": MILLION, "npv_income_8": MILLION,
    "npv_income_poor_5": MILLION, "npv_income_poor_8": MILLION,
}  # fmt: skip
"""From the model's unit of a goal to that of its English sentences, where it is not 1."""

NAMED = 3
"""Programmes, prefectures or counties that a sentence names."""

UNSPENT = ("places", "need", "eligible", "list", "month")

Content = Mapping[str, Any]


def words_of(code: str) -> Language:
    """The words of a language, `en` or `zh`."""
    return Language(Language.of(code).code, WORDS)


def first_page(content: Content, code: str = "en") -> list[str]:
    """Everything that a planner reads first, a sentence or two each.

    Args:
        content: of `allocation.json`.
        code: of the language.
    """
    return [*verdict(content, code), *gives_and_takes(content, code),
            *more_money(content, code), *reasons(content, code)]  # fmt: skip


def verdict(content: Content, code: str = "en") -> list[str]:
    """What was found."""
    say, goal = words_of(code), content["goal"]
    unit, factor = say(f"unit.{goal}"), _factor(say, goal)
    check = content["check"][goal]
    target = content["asked"].get("target") is not None
    found = []
    if target:
        found += _target(content, say, unit, factor)
    elif not content["moves"]:
        found.append(say("same", unit=unit))
    else:
        gain, interval = say.estimate(check["gain"], factor)
        interval = interval or say("unknown")
        if content["better"]:
            before = say("before.today" if content["same_envelope"] else "before.shares")
            worst = _size(say, check["worst_tenth"] * factor)
            share = say.percent(check["share_better"])
            found += [
                say("better", gain=gain, unit=unit, before=before, interval=interval),
                say("better.pairs", pairs=check["pairs"], share=share),
                say("better.worst", worst=worst),
            ]
        else:
            seemed = _size(say, check["gain_on_search"] * factor)
            found += [
                say("chance", gain=gain, unit=unit, interval=interval),
                say("chance.seemed", gain=seemed),
            ]
    found += _counties_add(content, say, factor)
    if content["moves"] and (content["better"] or target):
        found += _beside_cash(check, say, unit, factor) + _costs(check, say)
        found += _moves(content, say)
    if content["moves"]:
        found += bound_sentences(content, code)
    if content["rounds"]:
        last = next(one for one in content["rounds"] if one["proposed"])
        key = "agree" if last["agrees"] else "differ"
        found.append(say(key, off=say.percent(last["off"], 1)))
    return found


def _target(content: Content, say: Language, unit: str, factor: float) -> list[str]:
    target = _size(say, content["asked"]["target"] * factor)
    if not content["target_reached"]:
        return [say("target.missed", target=target, unit=unit)]
    money = _yuan(say, sum(content["proposed"].values()))
    today = _yuan(say, sum(content["start"].values()))
    found, interval = say.estimate(content["check"][content["goal"]]["proposed"], factor)
    return [
        say("target.reached", target=target, unit=unit, money=money, today=today),
        say("target.checked", found=found, interval=interval or say("unknown")),
    ]


def _factor(say: Language, goal: str) -> float:
    """From the model's unit of a goal to that of its sentences; Chinese says yuan in 万 and 亿."""
    return 1.0 if say.chinese else FACTORS.get(goal, 1.0)


def _size(say: Language, value: float) -> str:
    """A size of the goal in a sentence, in 万 and 亿 in Chinese."""
    return say.people(value) if say.chinese else rounded(value, 0)


def _amount(say: Language, yuan: float, places: int) -> str:
    """Yuan in the unit of `Language.money`, which the sentence names; whole ones in Chinese.

    Args:
        say: the language.
        yuan: the amount.
        places: decimals of a million in English.
    """
    return f"{yuan / say.money[0]:,.{0 if say.chinese else places}f}"


def _yuan(say: Language, yuan: int) -> str:
    return f"{yuan / 1e4:,.0f} 万元" if say.chinese else format_yuan(yuan)


def _counties_add(content: Content, say: Language, factor: float) -> list[str]:
    of_counties = content.get("county_money")
    if not of_counties or of_counties["adds"] is None:
        return []
    adds = of_counties["adds"]
    gain, interval = say.signed(adds, factor)
    key = "county.proposed" if of_counties["proposed"] else "county.not"
    said = [say(key, gain=gain, interval=interval or say("unknown"))]
    if of_counties["proposed"] and not told(adds):
        said.append(say("county.chance"))
    if not (of_counties["proposed"] and told(adds)) and len(content["draws"]) == 1:
        said.append(say("county.draws"))
    return said


def _beside_cash(check: Content, say: Language, unit: str, factor: float) -> list[str]:
    gain = check["gain_on_cash"]
    if not told(gain):
        return [say("cash.chance")]
    amount = say.estimate({k: gain[k] for k in ("mean", "low", "high")}, factor)[0].lstrip("−")
    return [say("cash.more" if gain["low"] > 0 else "cash.fewer", amount=amount, unit=unit)]


def _costs(check: Content, say: Language) -> list[str]:
    today, proposed = (check["cost"][k]["mean"] for k in ("today", "proposed"))
    change = proposed - today
    if abs(change) < 0.02 * abs(today):
        return []
    key = "costs.more" if change > 0 else "costs.less"
    return [say(key, amount=_amount(say, abs(change), 0))]


def _moves(content: Content, say: Language) -> list[str]:
    moves = {
        key: row["proposed"] - content["start"][key] for key, row in content["programmes"].items()
    }
    found = []
    for key, sign in (("moves.more", 1), ("moves.less", -1)):
        some = sorted((k for k in moves if sign * moves[k] > 0), key=lambda k: -abs(moves[k]))
        if some:
            names = [f"{name_of(k, say)} {_amount(say, abs(moves[k]), 1)}" for k in some[:NAMED]]
            found.append(say(key, names=say.join(names)))
    return found


def name_of(key: str, say: Language) -> str:
    """A programme in the middle of a sentence."""
    english = key.replace("_", " ")
    known = {programme.key for programme in PROGRAMMES}
    return say.name("programmes", key, english) if key in known else english


def reasons(content: Content, code: str = "en") -> list[str]:
    """Why each programme stops where it does, and what the next million would do there."""
    say = words_of(code)
    unit, factor = say(f"unit.{content['goal']}"), _factor(say, content["goal"])
    return [
        " ".join(_reason(key, row, say, unit, factor))
        if not say.chinese
        else "".join(_reason(key, row, say, unit, factor))
        for key, row in content["programmes"].items()
    ]


def _reason(key: str, row: Content, say: Language, unit: str, factor: float) -> list[str]:
    name = name_of(key, say)
    name = name[:1].upper() + name[1:]
    today, proposed = (_amount(say, row[k], 2) for k in ("today", "proposed"))
    found = [say("stop.head", name=name, today=today, proposed=proposed)]
    why = row["why"]
    blanks = {"part": say.percent(row["unspent"])} if why in UNSPENT else {}
    found.append(say(f"why.{why}", **blanks))
    if row["why"] not in ("protected", "alone", "no_cost"):
        if row["more_yuan"] > 0:
            gain = _size(say, row["next_million"] * factor)
            found.append(say("next", gain=gain, unit=unit))
        else:
            found.append(say("next.untested"))
    persons = (row["persons"]["proposed"] or 0) - (row["persons"]["today"] or 0)
    if row["proposed"] != row["today"] and abs(persons) >= 1:
        fewer = "persons.fewer" if persons < 0 else "persons.more"
        found.append(say(fewer, persons=say.people(abs(persons))))
    return found


def more_money(content: Content, code: str = "en") -> list[str]:
    """What ten million more in each envelope would do, by which programme, in which county."""
    say = words_of(code)
    unit, factor = say(f"unit.{content['goal']}"), _factor(say, content["goal"])
    found = []
    for group, gain in content["ten_million_more"].items():
        money = say(f"group.{group}")
        who = content.get("who_gets_ten_million_more", {}).get(group)
        if gain is None or who is None:
            found.append(say("more.none", group=money))
            continue
        if abs(gain) < _least(content):
            found.append(say("more.hardly", group=money))
            continue
        rows = sorted(who["programmes"].items(), key=lambda item: -item[1])
        named = [name_of(key, say) for key, yuan in rows if yuan > 0][:NAMED]
        if not named:
            continue
        size = _size(say, gain * factor)
        found.append(say("more", group=money, gain=size, unit=unit, names=say.join(named)))
        of_county: dict[int, int] = {}
        for one in who["counties"]:
            of_county[one["county"]] = of_county.get(one["county"], 0) + one["yuan"]
        if of_county:
            names = say.join(_counties(of_county, say))
            found.append(say("more.counties", names=names))
    return found


def _least(content: Content) -> float:
    """Of the goal: less is called next to nothing, as the verdict does."""
    today = content["check"].get(content["goal"], {}).get("today", {}).get("mean")
    return PRACTICAL * abs(float(today or 0.0))


def _counties(yuan: Mapping[int, int], say: Language) -> list[str]:
    index = county_index()
    first = sorted(yuan, key=lambda code: (-abs(yuan[code]), code))[:NAMED]
    names = [index.chinese(c) if say.chinese else index.records[c].name_en for c in first]
    return [f"{name} {_amount(say, abs(yuan[c]), 2)}" for name, c in zip(names, first, strict=True)]


def gives_and_takes(content: Content, code: str = "en") -> list[str]:
    """Who gains and who loses beyond chance, by prefecture; what counties' programmes get."""
    if not content["moves"]:
        return []
    say = words_of(code)
    rows = {name: row for name, row in content["by_prefecture"].items() if told(row)}
    chinese = {r.prefecture_en: r.prefecture_zh for r in county_index().records.values()}
    found = []
    for key, sign in (("gains", 1), ("loses", -1)):
        some = sorted(
            (n for n in rows if sign * rows[n]["mean"] > 0), key=lambda n: -abs(rows[n]["mean"])
        )
        names = [
            f"{chinese[n] if say.chinese else n} {say.estimate(rows[n])[0].lstrip('−')}"
            for n in some[:NAMED]
        ]
        if names:
            found.append(say(key, names=say.join(names)))
        elif key == "loses":
            found.append(say("loses.none"))
    counties = content.get("county_money") or {}
    moved = counties.get("moves") or {} if counties.get("proposed") else {}
    for key, sign in (("county.more", 1), ("county.less", -1)):
        of = {int(code): yuan for code, yuan in moved.items() if sign * yuan > 0}
        if of:
            found.append(say(key, names=say.join(_counties(of, say))))
    return found
