"""Sentences on what a period leaves unfinished: courses, placements, works that are paid for.

A rate of graduates is of those who had time to be placed; what becomes of the others, and of works
under way, is known from the years that are lived on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin.scenario.programme_catalogue import with_others
from fupin.words.language import Language


def of_run(say: Language, summary: Mapping[str, Any], last: int) -> list[str]:
    """Of the content of a run's `summary.json`; nothing where everything is finished.

    Args:
        say: the language.
        summary: means are shown, without intervals.
        last: last year of the plan's period.
    """
    return [*_of_training(say, summary, last), *_of_works(say, summary, last)]


def _of_training(say: Language, summary: Mapping[str, Any], last: int) -> list[str]:
    outcomes = summary["outcomes"]
    in_course, too_soon = (_mean(outcomes, f"{key}_end") for key in ("in_course", "not_yet_placed"))
    if in_course + too_soon < 1.0:
        return []
    said = say("unfinished.training", end=last, in_course=say.people(in_course),
               not_yet=say.people(too_soon))  # fmt: skip
    horizon, rate = max(map(int, summary["by_year"])), outcomes["employment_rate_horizon"]["mean"]
    if horizon > last and rate is not None:
        later = say.people(_mean(outcomes, "placed_later"))
        known = say("unfinished.placed_later", later=later, horizon=horizon, rate=say.percent(rate))
        said = f"{said}{known}" if say.chinese else f"{said} {known}"
    return [said]


def _of_works(say: Language, summary: Mapping[str, Any], last: int) -> list[str]:
    found = []
    for programme in with_others(summary["programmes"]):
        values = summary["programmes"].get(programme.key, {})
        yuan = _mean(values, "under_way")
        if yuan < 1.0:
            continue
        later = sum(
            _mean(part["programmes"][programme.key], "persons")
            for year, part in summary["by_year"].items()
            if int(year) > last and programme.key == "rural_works"
        )
        item = say("unfinished.item", programme=say.programme(programme), yuan=say.millions(yuan),
                   delivered=say.millions(_mean(values, "delivered")))  # fmt: skip
        if later >= 1.0:
            item += say("unfinished.later", persons=say.people(later))
        found.append(item)
    return [say("unfinished.works", end=last, items=say.join(found))] if found else []


def _mean(entries: Mapping[str, Any], key: str) -> float:
    # Results of an older fupin do not have all of them.
    return float((entries.get(key) or {}).get("mean") or 0.0)
