"""Sentences that say why money stayed unspent: one for each programme, most money first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.scenario.months import parse_month
from fupin.scenario.places import county_index
from fupin.scenario.programme_catalogue import ADDED, with_others
from fupin.words.language import Language

LEAST = 50_000.0
"""Yuan. What tables in millions would show as 0.0 has no sentence."""

PART = 0.05
"""Reasons for a smaller part of a programme's unspent money are left out."""

MOSTLY = 0.8
"""Where less than a unit is so much of what is unspent, it is the whole story."""

_MOST = 3  # reasons of a programme, and counties of a reason, that a sentence names
_EVERYWHERE = 12  # a reason that holds in more counties is not of places

_OF_PROGRAMME = ("need", "eligible")
"""Limits that are another thing in each programme."""
_WITH_PLACE = ("need", "eligible", "list", "officers", "finished")


def of_run(say: Language, summary: Mapping[str, Any]) -> list[str]:
    """Of `summary.json`; nothing where all money was spent, or an older fupin wrote it."""
    return of_programmes(say, summary["programmes"])


def of_programmes(say: Language, programmes: Mapping[str, Any]) -> list[str]:
    """Of entries with `budget`, `unspent` (each with a `mean`) and `why`, by programme."""
    found: list[tuple[float, str]] = []
    small: list[str] = []
    for programme in with_others(programmes):
        entry = programmes.get(programme.key, {})
        reasons = entry.get("why") or {}
        unspent = sum(reason["mean"] for reason in reasons.values())
        if unspent < LEAST:
            continue
        name = say.programme(programme)
        if "cash" in reasons and reasons["cash"]["mean"] >= MOSTLY * unspent:
            small.append(say("unspent.item", programme=name, yuan=say.millions(unspent)))
            continue
        budget = entry["budget"]["mean"] or 0.0
        sentence = say(
            "unspent.sentence", programme=name, yuan=say.millions(unspent),
            budget=say.millions(budget), reasons=_reasons(say, programme.key, reasons, unspent),
        )  # fmt: skip
        found.append((unspent, sentence))
    sentences = [sentence for _, sentence in sorted(found, key=lambda pair: -pair[0])]
    if small:
        sentences.append(say("unspent.cash", programmes=say.join(small)))
    return sentences


def of_comparison(
    say: Language, comparison: Mapping[str, Any], changes: bool = False
) -> dict[str, list[str]]:
    """The same of `comparison.json`: base or plan -> its sentences.

    Args:
        changes: of plans only those that the base has not word by word.
    """
    found: dict[str, list[str]] = {}
    base: list[str] = []
    for world, reasons in comparison.get("why", {}).items():
        is_base = world == comparison["base"]
        plan = comparison["plans"][0] if is_base else world
        side = "base" if is_base else "plan"
        entries = {
            key: {"budget": {"mean": entry["budget"][side]}, "why": reasons.get(key, {})}
            for key, entry in comparison["programmes"][plan].items()
        }
        sentences = of_programmes(say, entries)
        if is_base:
            base = sentences
        elif changes:
            sentences = [sentence for sentence in sentences if sentence not in base]
        if sentences:
            found[world] = sentences
    return found


def _reasons(say: Language, key: str, reasons: Mapping[str, Any], unspent: float) -> str:
    large = {limit: reason for limit, reason in reasons.items() if reason["mean"] >= PART * unspent}
    texts = []
    for limit, reason in list(large.items())[:_MOST]:
        text = _reason(say, key, limit, reason)
        if len(large) > 1:
            text = say("unspent.part", reason=text, yuan=say.millions(reason["mean"]))
        texts.append(text)
    return ("；" if say.chinese else "; ").join(texts)


def _reason(say: Language, key: str, limit: str, reason: Mapping[str, Any]) -> str:
    first = key.partition("/")[0]  # further entries of a programme do what it does
    kind = "own" if first in ADDED else first
    name = f"unspent.{limit}.{kind}" if limit in _OF_PROGRAMME else f"unspent.{limit}"
    if limit == "cash":
        name = "unspent.cash_left"
    if limit == "places":
        if reason["places"] is None:
            return say("unspent.places_unknown", when=_when(say, reason))
        return say(
            "unspent.places", places=say.number(reason["places"]),
            unit=say(f"unspent.unit.{kind}"), when=_when(say, reason),
        )  # fmt: skip
    text = say(name)
    if limit in _WITH_PLACE:
        text += _where(say, reason)
    if limit == "officers":
        text += ("，" if say.chinese else " ") + _when(say, reason)
    return text


def _when(say: Language, reason: Mapping[str, Any]) -> str:
    if reason["when"] == "from":
        return say("unspent.when.from", month=say.month(parse_month(reason["first"])))
    if reason["when"] == "some":
        months, of_months = reason["months"], reason["of_months"]
        return say("unspent.when.some", months=months, of_months=of_months)
    return say("unspent.when.always")


def _where(say: Language, reason: Mapping[str, Any]) -> str:
    """The counties, those with most of the money by name; nothing where they are many."""
    named = [found["county"] for found in reason["largest"] if found["county"]]
    number = reason["counties"]
    if not named or number > _EVERYWHERE:
        return ""
    names = [county(say, code) for code in named[:_MOST]]
    more = number - len(names)
    text = say.join(names)
    if more > 0:
        return say("unspent.where_more", counties=text, more=more)
    return say("unspent.where", counties=text)


def county(say: Language, code: int) -> str:
    """A county in the reader's language, with its Chinese name in any."""
    record = county_index().records[code]
    return record.name_zh if say.chinese else f"{record.name_en} {record.name_zh}"
