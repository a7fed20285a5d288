"""Many runs, draws crossed with seeds, to one summary: the content of `summary.json`.

Each number is `{mean, low, high, sd_seeds, sd_draws}` as `fupin.statistics.crossed` says.

`why` of a programme says why its money stayed unspent: limit -> these numbers of the yuan, with
where and when it bound (`fupin.results.unspent`). `credit` holds them of what each lender lent, got
back and lent again (`fupin.results.credit`).

`payers` holds them of the yuan that each payer bears, by programme and, under "", of the plan
(`fupin.results.costs`); `impact` has mean and Fieller's interval of the persons out of poverty per
10,000 yuan (`fupin.results.impact`). Both stand after `programmes`, where the runs have them.

`figures` holds the same five numbers of every figure of the document that a run has, by its id
(S40; S84.courses is a part of S84): see `fupin.lives.figures` for what each is. It stands
after these, and only where the runs have measured figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.lives.figures import figures
from fupin.results.costs import PAYERS, sums_by
from fupin.results.credit import credit
from fupin.results.impact import MONEY, impacts
from fupin.results.outcome import OUTCOMES, PROGRAMME_OUTCOMES, Outcome, RunResult
from fupin.results.unspent import Tables, why
from fupin.statistics.crossed import Statistics, statistics

SCHEMA = 1
"""Version of the form of `summary.json`; raised when a key changes its meaning or goes away."""


def summarise(results: Iterable[RunResult], programmes: Sequence[str]) -> dict[str, Any]:
    """Summary of runs, in whatever order they were completed.

    Args:
        results: each draw with each seed once.
        programmes: all programme keys, in the order of the summary.

    Raises:
        ValueError: no run, draws and seeds not crossed, other programmes or years in some run.
    """
    runs = list(results)
    draws = sorted({run.draw for run in runs}, key=_natural)
    seeds = sorted({run.seed for run in runs})
    by_place = {(run.draw, run.seed): run for run in runs}
    if not runs or len(runs) != len(draws) * len(seeds) or len(by_place) != len(runs):
        raise ValueError("a summary needs every draw with every seed, once")
    years = sorted(runs[0].by_year)
    for run in runs:
        if set(run.programmes) != set(programmes):
            wrong = sorted(set(run.programmes) ^ set(programmes))
            raise ValueError(f"missing or unknown programmes: {wrong}")
        if sorted(run.by_year) != years:
            raise ValueError("runs cover different years")
        if set(run.figures) != set(runs[0].figures):
            raise ValueError("runs have different figures of the document")
    grid = [[by_place[draw, seed] for seed in seeds] for draw in draws]

    def collect(
        expected: Mapping[str, Outcome], values: Callable[[RunResult], Mapping[str, float | None]]
    ) -> dict[str, Statistics]:
        return {
            key: statistics([[values(run)[key] for run in row] for row in grid]) for key in expected
        }

    def period(part: Callable[[RunResult], Mapping[str, Any]]) -> dict[str, Any]:
        return {
            "outcomes": collect(OUTCOMES, lambda run: part(run)["outcomes"]),
            "programmes": {
                name: collect(PROGRAMME_OUTCOMES, lambda run, n=name: part(run)["programmes"][n])  # type: ignore[misc]
                for name in programmes
            },
        }

    summary: dict[str, Any] = {
        "schema": SCHEMA,
        "draws": draws,
        "seeds": seeds,
        **period(lambda run: {"outcomes": run.outcomes, "programmes": run.programmes}),
    }
    for key, reasons in _why(grid).items():
        summary["programmes"][key]["why"] = reasons
    if lenders := _credit(grid):
        summary["credit"] = lenders
    if payers := _payers(grid):
        summary["payers"] = payers
    summary["impact"] = impacts(
        _of(grid, "additional_out_of_poverty"), {name: _of(grid, name) for name in MONEY}
    )
    if runs[0].figures:
        summary["figures"] = {
            key: statistics([[run.figures[key] for run in row] for row in grid])
            for key in figures()
            if key in runs[0].figures
        }
    return summary | {
        "by_year": {str(year): period(lambda run, y=year: run.by_year[y]) for year in years},  # type: ignore[misc]
    }


def _of(grid: Sequence[Sequence[RunResult]], outcome: str) -> npt.NDArray[np.float64]:
    """An outcome of the province, draws x seeds; NaN where it is undefined."""
    values = [[run.outcomes[outcome] for run in row] for row in grid]
    return np.array([[np.nan if v is None else v for v in row] for row in values], np.float64)


def _payers(grid: Sequence[Sequence[RunResult]]) -> dict[str, dict[str, Statistics]]:
    """Programme -> payer -> statistics of its yuan; the plan's own under ""."""
    if any("costs_by_payer" not in run.tables for row in grid for run in row):
        return {}
    found = [
        [
            sums_by(run.tables["costs_by_payer"], "programme", "payer")
            | {("", *p): y for p, y in sums_by(run.tables["costs_by_payer"], "payer").items()}
            for run in row
        ]
        for row in grid
    ]
    programmes = ["", *dict.fromkeys(key for key, _ in found[0][0] if key)]
    return {
        key: {
            payer: statistics([[of[key, payer] for of in row] for row in found]) for payer in PAYERS
        }
        for key in programmes
    }


def _why(grid: Sequence[Sequence[RunResult]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Programme -> limit -> why money stayed unspent; an empty mapping for one without any."""
    if any("limits_by_programme" not in run.tables for row in grid for run in row):
        return {}
    # A run without unspent money has no table of it.
    tables = [
        [
            Tables(run.tables.get("unspent_by_county"), run.tables["limits_by_programme"])
            for run in row
        ]
        for row in grid
    ]
    found = why(tables)
    return {key: found.get(key, {}) for key in grid[0][0].programmes}


def _credit(grid: Sequence[Sequence[RunResult]]) -> dict[str, dict[str, Statistics]]:
    """Lender -> statistics of what it lent and got back in the years of the period."""
    return credit([[run.tables.get("credit_by_year") for run in row] for row in grid])


def _natural(label: str) -> tuple[str, int, str]:
    # prior:2 before prior:10
    head, _, tail = label.rpartition(":")
    return (head, int(tail), label) if tail.isdigit() else (label, -1, label)
