"""What plans bring in each year to their horizon, beside the base.

Years are told one by one, so that what works, assets and jobs pay after the months of the money is
seen where it falls. A world without programmes adds nothing to itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.results.outcome import Table
from fupin.statistics.pairs import difference, mean_of

if TYPE_CHECKING:
    from fupin.comparison.content import Runs
    from fupin.lives.additional import Additions

OF_A_WORLD = ("lifted", "income_poor_end", "spent", "resource_cost")
"""Outcomes of a year that a world has alone."""

OF_TWINS = ("person_years_out", "gap_closed", "npv_income_5")
"""Those that need its twin without programmes; income is discounted to the first year."""

BY_YEAR = (*OF_A_WORLD, *OF_TWINS)


def years_of(by_year: Mapping[int, Mapping[str, Any]]) -> Table:
    """A row for each year and outcome of a world that is its own twin.

    Args:
        by_year: of its run's record: year -> `outcomes`.
    """
    found = {
        (year, key): part["outcomes"][key] for year, part in by_year.items() for key in OF_A_WORLD
    }
    return _table(found | {(year, key): 0.0 for year in by_year for key in OF_TWINS})


def beside_twin(table: Table, added: Additions) -> Table:
    """The rows of `years_of` with what the world adds to its twin without programmes."""
    columns = (table[name].tolist() for name in ("year", "outcome", "value"))
    found = {(year, key): value for year, key, value in zip(*columns, strict=True)}
    for year in dict.fromkeys(year for year, _ in found):
        values = added.over([year], [year])
        found |= {(year, key): values[key] for key in OF_TWINS}
    return _table(found)


def _table(found: Mapping[tuple[int, str], float | None]) -> Table:
    return {
        "year": np.array([year for year, _ in found], np.int64),
        "outcome": np.array([key for _, key in found], str),
        "value": np.array([np.nan if v is None else v for v in found.values()], np.float64),
    }


def by_year(runs: Runs) -> dict[str, Any]:
    """Plan -> year -> outcome -> base, plan, difference; empty where one year alone is lived."""
    grids = runs.grids("world_years", ("world", "year", "outcome"), "value")
    years = sorted({year for _, year, _ in grids})
    if len(years) < 2:
        return {}

    def beside(plan: str, year: int, key: str) -> dict[str, Any]:
        here, base = grids[plan, year, key], grids[runs.base, year, key]
        return {"base": mean_of(base), "plan": mean_of(here), "difference": difference(here - base)}

    return {
        plan: {str(year): {key: beside(plan, year, key) for key in BY_YEAR} for year in years}
        for plan in runs.plans
    }


def rows_of(found: Mapping[str, Any], units: Mapping[str, str]) -> Sequence[dict[str, Any]]:
    """Rows of years.csv from what `by_year` found."""
    return [
        {
            "plan": plan, "year": int(year), "outcome": key, "unit": units[key],
            "base": entry["base"], "value": entry["plan"], **entry["difference"],
        }
        for plan, years in found.items()
        for year, entries in years.items()
        for key, entry in entries.items()
    ]  # fmt: skip
