"""To which year a plan was lived after the months of its money, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from fupin.scenario.schema import Scenario
from fupin.words.language import Language


def of_record(say: Language, scenario: Mapping[str, Any]) -> str:
    """What follows the months of a scenario in a result's record; empty where nothing does.

    Nothing is said of a record that this fupin does not take.
    """
    try:
        plan = Scenario.model_validate(scenario)
    except ValidationError:
        return ""
    return of_plan(say, plan)


def of_plan(say: Language, plan: Scenario) -> str:
    """The same of a plan."""
    year = plan.lived.end.year
    return say("ran.lived", year=year) if year > plan.period.end.year else ""


def of_sweep(say: Language, lived: Mapping[str, Any] | None) -> list[str]:
    """A sentence on the months of a sweep's plans; none of an older fupin's.

    Args:
        lived: `start`, `end` and `horizon` of the sweep's summary.
    """
    if lived is None:
        return []
    start, end, year = lived["start"], lived["end"], lived["horizon"]
    later = say("ran.lived", year=year) if year > int(end[:4]) else ""
    return [say("sweep.lived", start=start, end=end, lived=later)]
