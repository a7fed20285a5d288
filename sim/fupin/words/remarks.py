"""Sentences that warn of what a plan says and that cannot act, or acts otherwise than it seems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from fupin.scenario.allocate import Allocate
from fupin.scenario.programme_catalogue import record_of
from fupin.scenario.remarks import Remark, remarks
from fupin.scenario.schema import Scenario
from fupin.state.dry_months import of_droughts
from fupin.state.feasible import infeasible
from fupin.words.language import Language
from fupin.words.phrases import amounts


def of_plan(say: Language, plan: Scenario, base: Scenario | None = None) -> list[str]:
    """A sentence or two for each thing to warn of; `base` is what the plan extends, if known."""
    found = (*remarks(plan, base), *of_droughts(plan), *infeasible(plan))
    return [_sentence(say, remark) for remark in found]


def of_search(say: Language, asked: Allocate) -> list[str]:
    """The same of what a search is asked."""
    widest = asked.most_change is not None and asked.most_change > 1
    return [say("remark.most_change")] if widest else []


def of_record(say: Language, scenario: Mapping[str, Any]) -> list[str]:
    """The same of a scenario in a result's record; none of one that this fupin does not take."""
    try:
        return of_plan(say, Scenario.model_validate(scenario))
    except ValidationError:
        return []


def _sentence(say: Language, remark: Remark) -> str:
    lists = {key: _listed(say, found) if isinstance(found, list) else found
             for key, found in remark.values.items()}  # fmt: skip
    if say.chinese:  # 6,000 万元, and not 60 million yuan
        lists = {key: amounts(found) if isinstance(remark.values[key], str) else found
                 for key, found in lists.items()}  # fmt: skip
    names = [say.programme(record_of(key)) for key in remark.programmes]
    return say(f"remark.{remark.kind}", programmes=say.join(names), **lists)


_MOST = 12
"""Names that a sentence has; of more it has the first and their number."""


def _listed(say: Language, names: list[str]) -> str:
    if len(names) <= _MOST:
        return say.join(names)
    shown = names[: _MOST - 1]
    return say("remark.and_more", names=say.join(shown), more=len(names) - len(shown))
