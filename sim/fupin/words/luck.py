"""Whose luck the runs of a result have: 2009 as it was, or another year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fupin.parameters.province import province
from fupin.population.frame import DEFAULT_SEED
from fupin.words.language import Language


def of_runs(
    say: Language, draws: Sequence[Mapping[str, Any]], seeds: Sequence[int], scenario: Any
) -> str:
    """Three sentences about the luck of the runs; "" where no draw has luck of its own.

    Args:
        say: the language.
        draws: records of draws.
        seeds: run seeds.
        scenario: the resolved scenario, as the mapping of a result's record.
    """
    lucks = [draw.get("luck") for draw in draws]
    if not any(lucks):
        return ""
    if all(luck and luck["year"] is None for luck in lucks) or 1 not in seeds:
        return say("luck.new")
    if not as_it_was(scenario):
        return say("luck.elsewhere")
    return say("luck.own" if list(seeds) == [1] else "luck.some")


_WORLD = {
    "counting": "register",
    "assets": "smooth",
    "displacement": False,
    "weather": "historical",
    "growth": "document",
    "household_shocks": True,
    "history": {"parameters": {}},
}
"""What a scenario says of the world that rows of the posterior were lived in, with its values.

Programmes, money, switches, parameters and shocks from the plan's start on are what a plan changes
in the year as it was.
"""


def as_it_was(scenario: Mapping[str, Any]) -> bool:
    """True where rows of the posterior were lived as this scenario lives them, but for the plan."""
    people = scenario["population"]
    return (
        people["sample"] == "default"
        and people.get("seed", DEFAULT_SEED) == DEFAULT_SEED
        and not people.get("counties")
        and str(scenario["period"]["start"]) == f"{province().document_year}-01"
        and all(scenario.get(key, usual) == usual for key, usual in _WORLD.items())
    )
