"""Plans beside one another: one table in order of effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fupin.report.html.parts import Plan, Plans, Whisker
from fupin.report.html.shared import roughly
from fupin.words.judging import Estimate, judged
from fupin.words.language import Language
from fupin.words.numbers import NOTHING
from fupin.words.titles import title as title_of

EFFECT = "person_years_out"
"""What plans are ordered by: true poverty to the horizon."""


@dataclass(frozen=True)
class Effect:
    """What a plan changes in true poverty, and what can be said of it.

    Attributes:
        plan, title: its name, and its title for people.
        entry: the difference to the base, with its interval.
        judged: better, worse, small, unclear or same.
    """

    plan: str
    title: str
    entry: Mapping[str, Any]
    judged: str


def titles_of(say: Language, run: Mapping[str, Any]) -> dict[str, str]:
    """Name of base and plans -> title; the name where two have the same title."""
    found = {s["name"]: title_of(say, s) for s in (run["scenario"], *run["plans"])}
    several = [title for title in found.values() if list(found.values()).count(title) > 1]
    return {name: say.also(t, name) if t in several else t for name, t in found.items()}


def effects(say: Language, run: Mapping[str, Any], comparison: Mapping[str, Any]) -> list[Effect]:
    """Of all plans, the best first."""
    titles = titles_of(say, run)
    found = []
    for plan in comparison["plans"]:
        outcomes = comparison["outcomes"][plan]
        if EFFECT not in outcomes or outcomes[EFFECT]["difference"]["mean"] is None:
            # A folder of an older fupin: fewer poor at the end are the next best measure.
            poor = outcomes["income_poor_end"]
            entry = _turned(poor["difference"])
            whole = poor["base"]
        else:
            entry = outcomes[EFFECT]["difference"]
            whole = outcomes["income_poor_years"]["base"]
        found.append(Effect(plan, titles[plan], entry, _judged(entry, whole)))
    return sorted(found, key=_order)


def _order(one: Effect) -> tuple[float, float]:
    # As the verdict: what cannot be told from no effect stands with the base.
    mean = one.entry["mean"] or 0.0
    return (-mean if one.judged in ("better", "worse") else 0.0, -mean)


def _judged(entry: Mapping[str, Any], whole: float | None) -> str:
    # As the verdict judges it; what was not measured is not told either.
    direction = judged(Estimate.of(entry), whole).direction
    return "unclear" if direction == "unknown" else direction


def _turned(entry: Mapping[str, Any]) -> dict[str, Any]:
    ends = {"mean": "mean", "low": "high", "high": "low"}
    return {key: None if entry[of] is None else -entry[of] for key, of in ends.items()}


def plans_block(say: Language, run: Mapping[str, Any], comparison: Mapping[str, Any]) -> Plans:
    """The table of plans, the base among them where it stands by its effect of 0."""
    found = effects(say, run, comparison)
    base = comparison["base"]
    none = {"mean": 0.0, "low": None, "high": None}
    title = titles_of(say, run)[base]
    rows = sorted([*found, Effect(base, title, none, "base")], key=_order)
    ends = [
        e.entry[key] for e in rows for key in ("mean", "low", "high") if e.entry[key] is not None
    ]
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    margin = (high - low or 1.0) * 0.06
    low, high = low - margin, high + margin

    def place(value: float | None) -> float | None:
        return None if value is None else round(200 * (value - low) / (high - low), 2)

    plans = []
    for one in rows:
        cells = _cells(say, comparison, one)
        text = NOTHING if one.judged == "base" else say.with_interval(say.signed(one.entry))
        ends_of = (place(one.entry["low"]), place(one.entry["high"]))
        whisker = Whisker(place(one.entry["mean"]), *ends_of, place(0.0) or 0.0)
        words = say(f"plans.{one.judged}")
        plans.append(Plan(one.title, one.plan, one.judged, whisker, text, words, cells))
    heads = ("plan", "effect", "spent", "cost", "resources", "cash")
    return Plans(
        say("plans.caption", base=title), [say(f"plans.{head}") for head in heads], plans,
        say("plans.note"),
    )  # fmt: skip


def _cells(say: Language, comparison: Mapping[str, Any], one: Effect) -> list[str]:
    # Change of what is spent; yuan a person-year by both costs, and as cash.
    change = NOTHING
    if one.judged != "base":
        spent = comparison["outcomes"][one.plan]["spent"]["difference"]
        change = say.money_estimate({**spent, "low": None, "high": None}, signed=True)[0]
    cost = comparison["cost"].get(one.plan, {}).get("per_additional_out_of_poverty")
    cash = comparison.get("cash", {}).get(one.plan, {}).get("today", {})
    entries = [cost, (cost or {}).get("resource_cost"), cash.get("per_out_of_poverty")]
    return [change, *(_yuan(say, entry) for entry in entries)]


def _yuan(say: Language, entry: Mapping[str, Any] | None) -> str:
    if entry is None or entry["mean"] is None:
        return NOTHING
    value = roughly(say, entry["mean"])
    if entry["low"] is None or entry["high"] is None:
        return value
    return say.with_interval((value, f"{roughly(say, entry['low'])}–{roughly(say, entry['high'])}"))
