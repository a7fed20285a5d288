"""What a plan is called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.scenario.schema import Scenario
from fupin.words.language import Language


def title(say: Language, scenario: Scenario | Mapping[str, Any]) -> str:
    """The title of a scenario, in Chinese where the reader's language is and the plan has one.

    Args:
        say: the language.
        scenario: a scenario, or the mapping of one in a result's record (an older record has no
            `title_zh`).

    Returns:
        The title; the scenario's name where it has none.
    """
    return _text(say, scenario, "title") or _text(say, scenario, "name")


def description(say: Language, scenario: Scenario | Mapping[str, Any]) -> str:
    """What a plan is about, in the reader's language where the plan says it; "" where it does not.

    Args:
        say: the language.
        scenario: as of `title`.
    """
    return _text(say, scenario, "description")


def _text(say: Language, scenario: Scenario | Mapping[str, Any], key: str) -> str:
    own = f"{key}_{say.code}"
    if isinstance(scenario, Scenario):
        return str(getattr(scenario, own, None) or getattr(scenario, key))
    return str(scenario.get(own) or scenario.get(key) or "")
