"""Where the poor of a run live: the map, light to dark, and the counties with most of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.population.counties import county_table
from fupin.report.html import maps
from fupin.report.html.geometry import Shapes
from fupin.report.html.parts import Section
from fupin.report.html.shared import of_ends
from fupin.statistics.quantiles import central_interval
from fupin.store.folder import StoredResult
from fupin.words.language import Language
from fupin.words.numbers import NOTHING, rounded

PLACES = {"registered_share": 1, "income_poor_share": 1, "mean_income": -1, "money_a_person": 1,
          "registered_poor": -2, "income_poor": -2, "unsure": 1}  # fmt: skip
"""Layer -> decimals of its numbers; -2 rounds to hundreds."""

Grid = npt.NDArray[np.float64]


def map_section(
    say: Language,
    result: StoredResult,
    shapes: Shapes,
    money: Callable[[Any], Any],
) -> Section:
    """Counties at the end of the period.

    Args:
        result: with `county_by_year`.
        money: codes of counties -> fiscal and social yuan delivered there, all runs together.
    """
    table = result.table("county_by_year")
    year = int(result.run["scenario"]["period"]["end"][:4])
    here = {name: column[table["year"] == year] for name, column in table.items()}
    codes, county = np.unique(here["county"], return_inverse=True)
    runs = list(dict.fromkeys(zip(here["draw"].tolist(), here["seed"].tolist(), strict=True)))
    row = np.array([runs.index(r) for r in
                    zip(here["draw"].tolist(), here["seed"].tolist(), strict=True)])  # fmt: skip
    grids: dict[str, Grid] = {}
    for name in ("persons", "registered_poor", "income_poor", "income_yuan"):
        grid = np.zeros((len(runs), len(codes)))
        grid[row, county] = here[name]
        grids[name] = grid
    persons = np.where(grids["persons"] > 0, grids["persons"], np.nan)
    share = 100 * grids["registered_poor"] / persons
    low, high = _ends(share)
    mean_persons = persons.mean(axis=0)
    found = {
        "registered_share": share.mean(axis=0),
        "income_poor_share": (100 * grids["income_poor"] / persons).mean(axis=0),
        "mean_income": (grids["income_yuan"] / persons).mean(axis=0),
        "money_a_person": money(codes) / len(runs) / mean_persons,
        "registered_poor": (grids["registered_poor"] + 0 * persons).mean(axis=0),
        "income_poor": (grids["income_poor"] + 0 * persons).mean(axis=0),
    }
    if len(runs) > 1:
        found["unsure"] = high - low
    layers = {key: _layer(say, key, codes, column) for key, column in found.items()}
    first, known = layers["registered_share"], maps.county_names(say)
    summary = say("map.summary", what=first.title, largest=maps.three_largest(first, known, say))
    chart = maps.county_map(
        say, shapes, layers, title=say("map.title", year=year), summary=summary,
        names=["county_by_year", "ledger_by_month"], differences=False,
    )  # fmt: skip
    key = dict(zip(county_table().code.tolist(), county_table().key.tolist(), strict=True))
    entries: Mapping[int, Mapping[str, float | None]] = {
        int(code): {
            "mean": float(m),
            "low": float(a) if len(runs) > 1 else None,
            "high": float(b) if len(runs) > 1 else None,
        }
        for code, m, a, b in zip(codes, found["registered_share"], low, high, strict=True)
        if not np.isnan(m)
    }
    ranked = maps.ranked(
        say, entries, title=say("map.ranked"), unit=say("map.ranked_unit", year=year),
        names=["county_by_year"], ends=of_ends(say, "column.interval", len(runs)),
        key={code for code, kind in key.items() if kind},
    )  # fmt: skip
    return Section("map", say("section.map"), say("map.lead"), [chart, ranked])


def _ends(values: Grid) -> tuple[Grid, Grid]:
    # Range of the runs by county, as of all other numbers; NaN where nobody lives.
    ends = np.full((2, values.shape[1]), np.nan)
    for i, column in enumerate(values.T):
        if not np.isnan(column).any():
            ends[:, i] = central_interval(sorted(column.tolist()))
    return ends[0], ends[1]


def _layer(say: Language, key: str, codes: Any, column: Grid) -> maps.Layer:
    values = {int(c): None if np.isnan(v) else float(v) for c, v in zip(codes, column, strict=True)}
    texts = {c: NOTHING if v is None else rounded(v, PLACES[key]) for c, v in values.items()}
    return maps.Layer(say(f"map.{key}"), values, texts, {})
