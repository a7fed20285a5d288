"""Sentences on what a plan costs beside what it does, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fupin.results.impact import studied
from fupin.words.language import Language
from fupin.words.numbers import DASH, NOTHING, rounded


def impact_sentence(say: Language, impact: Mapping[str, Any] | None) -> str:
    """How a plan's total impact compares with the studies; empty where it is not known.

    Args:
        impact: `spent` and `resource_cost`, each {mean, low, high}, persons per 10,000 yuan.
    """
    if not impact or impact["spent"]["mean"] is None:
        return ""
    found, cost = studied(), impact["resource_cost"]
    words = say("impact.line", spent=say.with_interval(_amount(say, impact["spent"])))
    if cost["mean"] is not None:
        words += say("impact.resources", resources=say.with_interval(_amount(say, cost)))
    words += say("impact.end")
    words += say("impact.studies", low=rounded(found.low, 2), high=rounded(found.high, 1))
    return words + say(f"impact.{found.verdict(impact['spent']['mean'])}")


class ImpactRow(NamedTuple):
    """What is told of a plan's total impact: means with their intervals, and a verdict."""

    world: str
    spent: tuple[str, str]
    resources: tuple[str, str]
    verdict: str


def impact_rows(say: Language, found: Mapping[str, Any]) -> list[ImpactRow]:
    """How base and plans compare with the studies; plans whose impact is not known are left out.

    Args:
        found: world -> the same as of `impact_sentence`.
    """
    known = {world: of for world, of in found.items() if of["spent"]["mean"] is not None}
    range_ = studied()
    return [
        ImpactRow(
            world,
            _amount(say, of["spent"]),
            _amount(say, of["resource_cost"]),
            say(f"impact.is_{range_.verdict(of['spent']['mean'])}"),
        )
        for world, of in known.items()
    ]


def impact_note(say: Language) -> str:
    """What the studies found, and what the verdicts mean."""
    found = studied()
    return say("impact.note", low=rounded(found.low, 2), high=rounded(found.high, 1))


def _amount(say: Language, impact: Mapping[str, Any]) -> tuple[str, str]:
    """Persons per 10,000 yuan and their interval, in two significant digits, at most 3 decimals."""
    mean, low, high = (impact[key] for key in ("mean", "low", "high"))
    if mean is None:
        return NOTHING, ""

    def text(value: float) -> str:
        size = abs(value)
        return "0" if size < 0.0005 else rounded(value, 1 if size >= 1 else 2 if size >= 0.1 else 3)

    if low is None or low == high:
        return text(mean), ""
    between = " to " if low < 0 else DASH
    return text(mean), say.between(f"{text(low)}{between}{text(high)}")
