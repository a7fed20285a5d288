"""A plan whose money is written county by county: which programmes can be, and to the yuan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from fupin.allocation.lives import World
from fupin.allocation.money import with_money
from fupin.scenario.county_money import Amounts, CountyMoney
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.months import Month
from fupin.scenario.programme_settings import Part
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import Key

ByCounty = Mapping[str, Mapping[int, int]]
"""Programme -> code of a county -> whole yuan of the whole period."""


def is_local(base: Scenario, key: str) -> bool:
    """Whether a plan can say the money of a programme by county.

    A programme with a part of its own (a lottery's villages, say), or one that looks its counties
    up in each draw, stays whole: its amounts by county would be another programme.
    """
    settings = base.programmes.of(key)
    parts = any(isinstance(getattr(settings, n), Part) for n in type(settings).model_fields)
    return not (parts or settings.poorest is not None or getattr(settings, "rollout", False))


def shares_of(world: World, key: str) -> dict[int, float]:
    """County -> part of a programme's money that it had in a world; only those that had some."""
    begin = f"{key}/released/"
    given = {int(n.removeprefix(begin)): world.mean(n) for n in world.names(begin)}
    whole = sum(given.values())
    return {code: yuan / whole for code, yuan in given.items() if yuan > 0} if whole else {}


def parts_of(whole: int, shares: Sequence[float]) -> list[int]:
    """Whole yuan in some shares, which sum to the whole."""
    ends = np.concatenate([[0.0], np.cumsum(shares)]) / sum(shares)
    cuts = [round(whole * float(end)) for end in ends]
    return [b - a for a, b in pairwise(cuts)]


def totals_of(by_county: ByCounty) -> dict[str, int]:
    """Programme -> yuan of all its counties."""
    return {key: sum(counties.values()) for key, counties in by_county.items()}


def with_county_money(
    base: Scenario, money: Mapping[str, int], by_county: ByCounty, **keys: Any
) -> Scenario:
    """The plan with other money, of some programmes county by county.

    Each county's money keeps the months of the programme's money, as nearly as whole yuan can.

    Args:
        base: the plan.
        money: programme -> whole yuan of the whole period; of those by county it is their sum.
        by_county: of programmes that are local; counties without money are left out.
        keys: other keys of a scenario, such as name and title.

    Raises:
        ValueError: counties that do not sum to their programme, or an amount that no budget gives
            to the yuan; both are faults of fupin.
    """
    whole = with_money(base, money)
    mapping = scenario_mapping(whole)
    for key in sorted(by_county):
        counties = {code: yuan for code, yuan in sorted(by_county[key].items()) if yuan}
        if sum(counties.values()) != money[key]:
            raise ValueError(f"counties of {key} do not sum to {money[key]} yuan")
        if counties:
            written = _written(whole, key, counties)
            mapping["programmes"][key]["budget"] = written.written()
    plan = Scenario.model_validate({**mapping, **keys})
    for key, yuan in money.items():
        if plan.calendar(key).total != yuan:
            raise ValueError(f"{key} gives {plan.calendar(key).total} yuan and not {yuan}")
    return plan


def _written(plan: Scenario, key: str, counties: Mapping[int, int]) -> CountyMoney:
    """Money of counties, as simply written as gives each its yuan: plain, by year, by month."""
    calendar = plan.calendar(key)
    years: dict[Key, int] = {}
    for piece in calendar.pieces:
        year = calendar.year_of(piece.months[0])
        years[year] = years.get(year, 0) + piece.yuan
    own = plan.programmes.of(key).budget
    times: list[Mapping[Key, int]] = [own] if isinstance(own, dict) else [{}]
    times += [years, {str(Month.of_index(m)): yuan for m, yuan in calendar.by_month.items()}]
    for profile in times:
        found = CountyMoney({code: _at(yuan, profile) for code, yuan in counties.items()})
        if all(
            plan.calendar_with(key, CountyMoney({code: found.counties[code]})).total == yuan
            for code, yuan in counties.items()
        ):
            return found
    raise ValueError(f"no budget of {key} gives its counties their yuan")


def _at(yuan: int, profile: Mapping[Key, int]) -> Amounts:
    """A county's yuan in the proportions of some times; plain where there are none."""
    if not profile:
        return yuan
    total, running, given = sum(profile.values()), 0, 0
    found: dict[Key, int] = {}
    for time, part in profile.items():
        running += part
        until = yuan * running // total
        found[time], given = until - given, until
    return found
