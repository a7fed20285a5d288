"""What is known of a plan over many draws: the range that stands beside what one world shows.

The page lives one world. How far others lead is read, never guessed: for the plan of the document
from the rows that the calibration ships, for any other from the cache of runs, where `fupin run`
or a full run of the page has lived it. Both are the draws that `fupin run` takes by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import paths
from fupin.results.asked import draws_of, seeds_of
from fupin.results.outcome import OUTCOMES, RunResult
from fupin.results.posterior_table import is_calibrated, read_outcomes
from fupin.scenario import library
from fupin.scenario.dump import scenario_mapping
from fupin.scenario.load import load_scenario
from fupin.scenario.programmes import PROGRAMME_KEYS, PROGRAMMES
from fupin.scenario.schema import Scenario
from fupin.statistics.crossed import statistics

COUNTY_MEASURES = ("registered", "income_poor", "income")
"""Measures of the map that runs keep by county and year."""

_WORDS = ("name", "title", "title_zh", "description", "description_zh", "allocate", "balance")
"""Keys of a scenario that no number depends on."""

Statistics = Mapping[str, float | int | None]
Ranges = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Outcomes of one plan over draws.

    Attributes:
        shipped: read from the rows of the calibration, rather than from the cache of runs.
        summary: as `summary.json`; of shipped rows it has outcomes, and budgets.
        values: outcome -> draw -> its value, mean over seeds; undefined ones are left out.
        counties: (measure, year) -> lowest and highest tenth-less range by county, (C,) each.
    """

    shipped: bool
    summary: Mapping[str, Any]
    values: Mapping[str, Mapping[str, float]]
    counties: Mapping[tuple[str, int], Ranges] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """How many parameter vectors."""
        return len(self.summary["draws"])

    def outcome(self, key: str) -> Statistics | None:
        """An outcome of the whole plan; None where it is undefined."""
        found: Statistics = self.summary["outcomes"][key]
        return None if found["mean"] is None else found

    def of_year(self, key: str, year: int) -> Statistics | None:
        """An outcome of one year; None where it is not known."""
        part = self.summary.get("by_year", {}).get(str(year))
        if part is None:
            return None
        found: Statistics = part["outcomes"][key]
        return None if found["mean"] is None else found

    def beside(self, other: Ensemble, key: str) -> Statistics | None:
        """An outcome less that of another plan, draw by draw; None without common draws."""
        mine, theirs = self.values.get(key, {}), other.values.get(key, {})
        both = [[mine[draw] - theirs[draw]] for draw in mine if draw in theirs]
        return statistics(both) if both else None


def known_of(plan: Scenario) -> Ensemble | None:
    """The ensemble of a plan; None where nobody has run it."""
    return _shipped(plan) or _cached(plan)


def _content(plan: Scenario) -> dict[str, Any]:
    content = dict(scenario_mapping(plan))
    for name in _WORDS:
        content.pop(name, None)
    return content


@cache
def _document() -> dict[str, Any]:
    return _content(load_scenario(library.find(library.DOCUMENT)))


def _shipped(plan: Scenario) -> Ensemble | None:
    if not is_calibrated() or _content(plan) != _document():
        return None
    rows = read_outcomes()[: len(draws_of(None))]
    if not rows or set(OUTCOMES) - set(rows[0]):  # of an older fupin
        return None
    labels = [f"posterior:{k + 1}" for k in range(len(rows))]
    summary = {
        "draws": labels,
        "seeds": [1],
        "outcomes": {key: statistics([[row.get(key)] for row in rows]) for key in OUTCOMES},
        "programmes": {
            p.key: {"budget": {"mean": float(plan.calendar(p.key).total)}} for p in PROGRAMMES
        },
        "by_year": {},
    }
    values = {
        key: {label: row[key] for label, row in zip(labels, rows, strict=True) if key in row}
        for key in OUTCOMES
    }
    return Ensemble(True, summary, values)


def _cached(plan: Scenario) -> Ensemble | None:
    from fupin.engine.one_scenario import kept_results
    from fupin.lives.summary import summarise

    runs = kept_results(plan, draws_of(None), seeds_of(None), paths.cache() / "runs")
    if not runs:
        return None
    return Ensemble(False, summarise(runs, PROGRAMME_KEYS), _by_draw(runs), _counties(runs))


def _by_draw(runs: Sequence[RunResult]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for key in OUTCOMES:
        sums: dict[str, list[float]] = {}
        for run in runs:
            value = run.outcomes[key]
            if value is not None:
                sums.setdefault(run.draw, []).append(value)
        found[key] = {draw: float(np.mean(values)) for draw, values in sums.items()}
    return found


def _counties(runs: Sequence[RunResult]) -> dict[tuple[str, int], Ranges]:
    tables = [run.tables["county_by_year"] for run in runs]
    years = np.asarray(tables[0]["year"])
    persons = np.array([t["persons"] for t in tables], np.float64)
    above = {
        "registered": 100.0 * np.array([t["registered_poor"] for t in tables]),
        "income_poor": 100.0 * np.array([t["income_poor"] for t in tables]),
        "income": np.array([t["income_yuan"] for t in tables], np.float64),
    }
    found = {}
    for measure in COUNTY_MEASURES:
        ratio = np.divide(
            above[measure], persons, out=np.full(persons.shape, np.nan), where=persons > 0
        )
        for year in np.unique(years):
            here = ratio[:, years == year]
            grids = [statistics([[None if np.isnan(v) else float(v)] for v in column])
                     for column in here.T]  # fmt: skip
            ends = np.array(
                [[np.nan if g[k] is None else float(g[k]) for k in ("low", "high")] for g in grids]  # type: ignore[arg-type]
            )
            found[measure, int(year)] = (ends[:, 0], ends[:, 1])
    return found
