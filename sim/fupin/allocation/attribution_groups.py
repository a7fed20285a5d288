"""Outcomes of a world by county and by fifth of income: levels whose differences twins compare.

A fifth is that of the year before the plan, of people by income, as in comparisons; 0 is the
poorest. Both are fixed before the plan begins, so that twins have the same groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import measures
from fupin.results.outcome import RATES
from fupin.world.watching import Watcher
from fupin.world.world import World

FIFTHS = 5

GROUPED = (
    "person_years_out",
    "person_years_out_national",
    "gap_closed",
    *(f"{key}_{name}" for name in RATES for key in ("npv_income", "npv_income_poor")),
    "additional_out_of_poverty",
    "additional_income_channel",
    "lifted",
)
"""Outcomes that are counted by group; those of the register only where it is the official count."""

Sums = npt.NDArray[np.float64]


def by_group_name(kind: str, group: object, outcome: str) -> str:
    """Name of a number of a world: `by/county/130127/person_years_out`."""
    return f"by/{kind}/{group}/{outcome}"


class ByGroup(Watcher):
    """Adds up outcomes by county and by fifth while a plan is lived.

    Args:
        kept: what is the same in all worlds of one start; filled by the first.
    """

    def __init__(self, kept: dict[str, Any]) -> None:
        self._kept = kept
        self._levels: dict[str, dict[str, Sums]] = {"county": {}, "fifth": {}}

    def begins(self, world: World) -> None:
        if "fifth" not in self._kept:
            h, v = world.households, world.villages
            weight = np.repeat(v.weight, np.diff(v.offsets)).astype(np.int64)
            decile = measures.quantile_groups(h.income, weight * h.size, 10)
            county = np.asarray(world.frame.villages.county)[v.of_household]
            self._kept.update(
                weight=weight, fifth=decile // np.int8(2), county=county.astype(np.int16),
                was_poor=np.flatnonzero(world.poor_at_start),
            )  # fmt: skip

    def after_month(self, world: World) -> None:
        if world.clock.month != 12:
            return
        year, h = world.clock.year, world.households
        prices = world.prices(year)
        line = np.float64(world.line_of(year))
        poor = np.flatnonzero(h.income < line)
        self._persons("person_years_out", world, poor, -1.0)
        national = np.float64(world.line_of(year, "national_line"))
        below = np.flatnonzero(h.income < national)
        self._persons("person_years_out_national", world, below, -1.0)
        short = np.minimum(line - h.income[poor], line) / prices
        self._persons("gap_closed", world, poor, -1.0, short)
        self._incomes(world, year, prices)
        if year == world.plan.period.years[-1]:
            self._persons("additional_out_of_poverty", world, poor, -1.0)
            if world.plan.counting != "survey":
                for outcome, flags in (
                    ("lifted", h.registered), ("additional_income_channel", world.unassessed),
                ):  # fmt: skip
                    self._persons(outcome, world, np.flatnonzero(flags), -1.0)

    def _incomes(self, world: World, year: int, prices: float) -> None:
        h, first = world.households, min(world.measured)
        everybody = np.arange(h.income.size)
        for key, rows in (("npv_income", everybody), ("npv_income_poor", self._kept["was_poor"])):
            sums = self._sums(world, rows, h.income[rows].astype(np.float64) / prices)
            for name, rate in RATES.items():
                for kind, by_group in sums.items():
                    self._add(kind, f"{key}_{name}", by_group * (1.0 + rate) ** (first - year))

    def _persons(
        self,
        outcome: str,
        world: World,
        rows: npt.NDArray[np.int64],
        sign: float,
        each: Sums | None = None,
    ) -> None:
        for kind, by_group in self._sums(world, rows, each).items():
            self._add(kind, outcome, sign * by_group)

    def _sums(
        self, world: World, rows: npt.NDArray[np.int64], each: Sums | None
    ) -> Mapping[str, Sums]:
        """Persons of some rows, or `each` a person, by county and by fifth."""
        kept = self._kept
        persons = (kept["weight"][rows] * world.households.size[rows]).astype(np.float64)
        amount = persons if each is None else persons * each
        return {
            "county": np.bincount(kept["county"][rows], amount, world.counties),
            "fifth": np.bincount(kept["fifth"][rows], amount, FIFTHS),
        }

    def _add(self, kind: str, outcome: str, by_group: Sums) -> None:
        known = self._levels[kind]
        known[outcome] = known[outcome] + by_group if outcome in known else by_group

    def numbers(self, world: World) -> dict[str, float | None]:
        """Levels by name, those that are 0 left out."""
        codes = np.asarray(world.frame.counties.code).tolist()
        found: dict[str, float | None] = {}
        for kind, outcomes in self._levels.items():
            groups = codes if kind == "county" else range(FIFTHS)
            for outcome, by_group in outcomes.items():
                for group, value in zip(groups, by_group.tolist(), strict=True):
                    if value:
                        found[by_group_name(kind, group, outcome)] = value
        return found
