"""Sentences that warn of what a plan says and that cannot act, or acts otherwise than it seems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from fupin.scenario.programme_catalogue import record_of
from fupin.scenario.remarks import Remark, remarks
from fupin.scenario.schema import Scenario
from fupin.words.language import Language


def of_plan(say: Language, plan: Scenario) -> list[str]:
    """A sentence or two for each thing to warn of."""
    return [_sentence(say, remark) for remark in remarks(plan)]


def of_record(say: Language, scenario: Mapping[str, Any]) -> list[str]:
    """The same of a scenario in a result's record; none of one that this fupin does not take."""
    try:
        return of_plan(say, Scenario.model_validate(scenario))
    except ValidationError:
        return []


def _sentence(say: Language, remark: Remark) -> str:
    lists = {key: say.join(found) if isinstance(found, list) else found
             for key, found in remark.values.items()}  # fmt: skip
    names = [say.programme(record_of(key)) for key in remark.programmes]
    return say(f"remark.{remark.kind}", programmes=say.join(names), **lists)
