"""Limits on outcomes in the verdict of a search: what the proposal comes to on new luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.scenario.programme_catalogue import record_of
from fupin.words import quantities
from fupin.words.language import Language
from fupin.words.verdict_ground import Speech, language


def bound_sentences(allocation: Mapping[str, Any], lang: str = "en") -> list[str]:
    """A sentence for each limit on an outcome.

    Args:
        allocation: content of `allocation.json`; one of an earlier fupin may have none.
        lang: en or zh.
    """
    say = language(lang)
    return [_sentence(say, row) for row in allocation.get("bounds", [])]


def _sentence(say: Speech, row: Mapping[str, Any]) -> str:
    mean = row["proposed"]["mean"]
    name, asked = outcome_name(say, row["outcome"]), _value(say, row["unit"], row["asked"])
    if mean is None:
        return say("allocation.bound.unknown", outcome=name)
    found = _value(say, row["unit"], mean)
    share = say.percent(row["share_kept"])
    return say(
        f"allocation.bound.{row['limit']}", outcome=name, asked=asked, found=found, share=share
    )


def outcome_name(say: Language, name: str) -> str:
    """An outcome of a result, or of a programme, for people."""
    words = Language(say.code)
    programme, dot, own = name.partition(".")
    if not dot:
        return words(f"outcome.{name}")
    title = words.programme(record_of(programme))
    column = words(f"column.{own}")
    return f"{title}：{column}" if say.chinese else f"{title}: {column}"


def _value(say: Speech, unit: str, value: float) -> str:
    if unit in ("yuan", "yuan/person"):
        return quantities.exact_yuan(say, value) if float(value).is_integer() else (
            quantities.yuan(say, value, 4))  # fmt: skip
    if unit == "share":
        return say.percent(value, 1)
    if unit in ("index", "ratio"):
        return f"{value:.4g}"
    return quantities.number(say, value, 0)
