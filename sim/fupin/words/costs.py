"""Sentences on what a plan costs beside what it does, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.results.impact import studied
from fupin.words.language import Language
from fupin.words.numbers import rounded


def impact_sentence(
    say: Language, impact: Mapping[str, Any] | None, plan: str | None = None
) -> str:
    """How a plan's total impact compares with the studies; empty where it is not known.

    Args:
        impact: `spent` and `resource_cost`, each {mean, low, high}, persons per 10,000 yuan.
        plan: its name, where several are told of.
    """
    if not impact or impact["spent"]["mean"] is None:
        return ""
    found, cost = studied(), impact["resource_cost"]
    words = say(
        "impact.plan" if plan else "impact.line", plan=plan or "",
        spent=amount(say, impact["spent"]),
    )  # fmt: skip
    if cost["mean"] is not None:
        words += say("impact.resources", resources=amount(say, cost))
    words += say("impact.end")
    words += say("impact.studies", low=rounded(found.low, 2), high=rounded(found.high, 1))
    return words + say(f"impact.{found.verdict(impact['spent']['mean'])}")


def amount(say: Language, impact: Mapping[str, Any]) -> str:
    """Persons per 10,000 yuan with their interval, two significant digits at most three places."""
    mean, low, high = (impact[key] for key in ("mean", "low", "high"))

    def text(value: float) -> str:
        size = abs(value)
        return rounded(value, 1 if size >= 1 else 2 if size >= 0.1 else 3)

    between = "" if low is None or low == high else f"{text(low)} to {text(high)}"
    return say.with_interval((text(mean), say.between(between)))
