"""Droughts of a plan that take little or nothing, or lie over one another: facts to warn of.

A dry month takes what grows in it. The calendar of crops is that of `fupin.livelihood.weather`, of
which a test holds this one a copy: winter wheat and the crop after it, or one crop a year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from fupin.parameters.book import load_book
from fupin.scenario.months import Month
from fupin.scenario.places import county_index
from fupin.scenario.remarks import Remark

if TYPE_CHECKING:
    from fupin.scenario.schema import Scenario
    from fupin.scenario.shocks import Drought

LITTLE = 0.1
"""Part of a year's crops; a drought whose months grow less takes little."""

_WHEAT, _AUTUMN, _SINGLE = (1, 2, 3, 4, 5, 10, 11, 12), (6, 7, 8, 9), (5, 6, 7, 8, 9)


def of_droughts(plan: Scenario) -> list[Remark]:
    """What a plan's droughts do less than it may seem."""
    if not plan.shocks:
        return []
    values = load_book().values(plan.parameters)
    return [*_out_of_season(plan, values), *_over_one_another(plan)]


def grows(terrain: str, month: int, values: Mapping[str, float]) -> float:
    """Part of a year's crops that grows in a month (1 to 12) of a terrain."""
    wheat = values[f"weather.wheat_{month:02d}"] if month in _WHEAT else 0.0
    autumn = values[f"weather.autumn_{month:02d}"] if month in _AUTUMN else 0.0
    single = values[f"weather.single_{month:02d}"] if month in _SINGLE else 0.0
    if terrain == "plateau":
        return single
    part = values[f"weather.wheat_{terrain}"]
    return part * wheat + (1.0 - part) * (autumn if terrain == "plain" else single)


def _out_of_season(plan: Scenario, values: Mapping[str, float]) -> Iterator[Remark]:
    records = county_index().records
    for name, shock in plan.shocks.items():
        drought = shock.drought
        codes = drought.county_codes()
        months = [m for m in _months(drought) if m <= plan.lived.end.index]
        by_terrain = {
            terrain: sum(grows(terrain, m % 12 + 1, values) for m in months)
            for terrain in {records[code].terrain for code in codes}
        }
        taken = [by_terrain[records[code].terrain] for code in codes]
        said = {"name": name, "from": str(drought.from_month), "months": drought.months}
        if max(taken) <= 0.0:
            yield Remark("drought_no_crop", (), said)
            continue
        if max(taken) < LITTLE:
            yield Remark("drought_little", (), {**said, "part": f"{max(taken):.0%}"})
        idle = [code for code, part in zip(codes, taken, strict=True) if part <= 0.0]
        if idle:
            yield Remark("drought_places", (), {**said, "places": _names(idle)})


def _over_one_another(plan: Scenario) -> Iterator[Remark]:
    for (one, a), (other, b) in combinations(plan.shocks.items(), 2):
        both = set(a.drought.county_codes()) & set(b.drought.county_codes())
        months = set(_months(a.drought)) & set(_months(b.drought))
        if both and months:
            first, last = Month.of_index(min(months)), Month.of_index(max(months))
            values = {"name": one, "other": other, "places": _names(sorted(both)),
                      "first": str(first), "last": str(last)}  # fmt: skip
            yield Remark("drought_twice", (), values)


def _months(drought: Drought) -> range:
    first = drought.from_month.index
    return range(first, first + drought.months)


def _names(codes: list[int]) -> list[str]:
    index = county_index()
    return [f"{index.records[c].name_en} {index.records[c].name_zh}" for c in codes]
