"""The calibrated model beside the document: real runs at rows of the posteriors, no emulator.

What a posterior was fitted to shows whether the model can hold it all at once; what was held out
shows whether that is worth anything. Runs of a row have seeds that no other row has, so that the
mean over rows is not one seed's luck.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from fupin.calibration.baselines import baselines
from fupin.calibration.counts import Count
from fupin.calibration.coverage import ROWS, coverage
from fupin.calibration.diagnostics import RIDGE, medoid
from fupin.calibration.moment_names import YEAR
from fupin.calibration.requirements import (
    counted,
    required_counts,
    required_coverage,
    requirements,
)
from fupin.calibration.runs import Failure
from fupin.calibration.space import Space
from fupin.calibration.targets import POSTERIORS, Posterior, Target, held_out
from fupin.results.draws import Draw
from fupin.statistics.crossed import Statistics, statistics
from fupin.statistics.quantiles import quantile

SCHEMA = 1

Change = Mapping[str, str | bool]
"""Keys of a plan -> what they are set to."""

VARIANTS: dict[str, Change] = {
    "counting: register": {"counting": "register"},
    "counting: task": {"counting": "task"},
    "counting: survey": {"counting": "survey"},
    "counting: quota": {"counting": "quota"},
    "assets: smooth": {"assets": "smooth"},
    "assets: threshold": {"assets": "threshold"},
    "displacement: off": {"displacement": False},
    "displacement: on": {"displacement": True},
}
"""Forms of the model -> what they change in the plan."""

VARIANT_MOMENTS = (
    "lifted", f"registered_{YEAR}", f"survey_poor_{YEAR}", f"income_poor_{YEAR}", "gross_exits",
    "entries",
)  # fmt: skip

RIDGE_STEPS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of the chance of a review in posterior B at which the ridge is walked."""

FIRST_SEED = 10_001
"""Beyond every seed of a calibration's own runs."""


Ensemble = Mapping[str, Sequence[float]]
"""Moment -> its values in all runs."""

Values = list[dict[str, float] | None]
Run = Callable[[Sequence[tuple[Draw, int]], str, bool, Change], tuple[Values, list[Failure]]]
"""Runs (draws and seeds, what for, with twins, changes of the plan)."""


@dataclass(frozen=True)
class Amount:
    """How many runs to make.

    Attributes:
        draws, seeds: rows of each posterior, and seeds of each row.
        few: rows for each variant.
    """

    draws: int = 100
    seeds: int = 1
    few: int = 10


def validate(
    space: Space,
    targets: Sequence[Target],
    rows: Mapping[Posterior, list[dict[str, float]]],
    run: Run,
    amount: Amount,
    named: Collection[str] = (),
    lived: Sequence[Draw] = (),
    counts: Sequence[Count] = (),
    outcomes: Sequence[Mapping[str, float]] = (),
) -> dict[str, Any]:
    """Run the posteriors and hold them against everything.

    Args:
        space: calibrated and other parameters.
        targets: with roles.
        rows: of both posteriors; the first `amount.draws` are used.
        run: runs the model.
        amount: how many runs.
        named: targets that the calibration names as conflicts.
        lived: rows of B as they were lived, with their luck; then its seeds count from 1.
        counts: what the document counts and B was fitted to.
        outcomes: of the rows of B, as they were shipped.

    Returns:
        plain data; see the keys in docs/calibration.md.

    Raises:
        RuntimeError: a tenth of the runs failed.
    """
    failures: list[Failure] = []
    predictive: dict[str, dict[str, Statistics]] = {}
    ensembles: dict[str, Ensemble] = {}
    errors: dict[str, dict[str, float]] = {}
    for posterior in POSTERIORS:
        found = posterior_predictive(
            rows[posterior], run, amount, posterior, lived if posterior == "B" else ()
        )
        predictive[posterior], errors[posterior], failed, ensembles[posterior] = found
        failures += failed
    variants, failed = _variants(rows["B"], run, amount, lived)
    failures += failed
    ridge, failed = _ridge(space, rows["B"], run, amount)
    failures += failed
    held = coverage(outcomes) if len(outcomes) > 2 * ROWS else {}
    return {
        "schema": SCHEMA,
        "draws": amount.draws,
        "seeds": amount.seeds,
        "failed": [asdict(failure) for failure in failures],
        "predictive": predictive,
        "error_of_mean": errors,
        "document": _document(targets, predictive),
        "held_out": {p: _scores(targets, p, predictive[p], ensembles[p]) for p in POSTERIORS},
        "counts": counted(counts, predictive["B"]),
        "coverage": held,
        "requirements": [
            asdict(one)
            for one in (
                *requirements(
                    targets, predictive["B"], errors["B"], named, bool(lived) and amount.seeds == 1
                ),
                *required_counts(counts, predictive["B"]),
                *required_coverage(held),
            )
        ],
        "variants": variants,
        "ridge": ridge,
    }


def conflicts(manifest: Mapping[str, Any]) -> list[str]:
    """Targets of posterior B that a calibration's manifest names as conflicts."""
    inside = set(manifest["fitted"]["B"])
    return [
        fit["target"]
        for fit in manifest["fits"]["B"]
        if fit["conflict"] and fit["target"] in inside
    ]


def posterior_predictive(
    rows: Sequence[Mapping[str, float]],
    run: Run,
    amount: Amount,
    posterior: Posterior,
    lived: Sequence[Draw] = (),
) -> tuple[dict[str, Statistics], dict[str, float], list[Failure], Ensemble]:
    """Run the model at the first rows of a posterior, B with twins.

    Returns:
        statistics of each moment, Monte Carlo standard error of each mean, failures, and all
        values of each moment.
    """
    tasks = _tasks(rows[: amount.draws], amount.seeds, f"posterior {posterior}", lived)
    found, failures = run(tasks, f"posterior {posterior}", posterior == "B", {})
    grid = _whole(found, amount.seeds, failures)
    names = list(grid[0][0])
    return (
        {name: _statistics(grid, name) for name in names},
        {name: _error_of_mean(grid, name) for name in names},
        failures,
        {name: [one[name] for row in grid for one in row] for name in names},
    )


def _tasks(
    rows: Sequence[Mapping[str, float]], seeds: int, label: str, lived: Sequence[Draw] = ()
) -> list[tuple[Draw, int]]:
    if lived:
        own = [replace(draw, label=f"{label}:{i}") for i, draw in enumerate(lived[: len(rows)], 1)]
        return [(draw, 1 + s) for draw in own for s in range(seeds)]
    return [
        (Draw(f"{label}:{i + 1}", row, i + 1), FIRST_SEED + i * seeds + s)
        for i, row in enumerate(rows)
        for s in range(seeds)
    ]


def _whole(found: Values, seeds: int, failures: list[Failure]) -> list[list[dict[str, float]]]:
    """Draws x seeds; a draw with a failed run is left out."""
    grid = []
    for start in range(0, len(found), seeds):
        row = found[start : start + seeds]
        complete = [one for one in row if one is not None]
        if len(complete) == len(row):
            grid.append(complete)
    if len(grid) * seeds < 0.9 * len(found) or not grid:
        reason = failures[0].reason if failures else "no runs"
        raise RuntimeError(f"{len(failures)} of {len(found)} runs failed; the first: {reason}")
    return grid


def _statistics(grid: Sequence[Sequence[Mapping[str, float]]], name: str) -> Statistics:
    return statistics([[one[name] for one in row] for row in grid])


def _error_of_mean(grid: Sequence[Sequence[Mapping[str, float]]], name: str) -> float:
    """Monte Carlo standard error of the mean: rows are independent, their seeds too."""
    means = [float(np.mean([one[name] for one in row])) for row in grid]
    return float(np.std(means, ddof=1) / math.sqrt(len(means))) if len(means) > 1 else 0.0


def _document(
    targets: Sequence[Target], predictive: Mapping[str, Mapping[str, Statistics]]
) -> list[dict[str, Any]]:
    lines = []
    for target in targets:
        line: dict[str, Any] = {
            "target": target.name, "figure": target.figure, "role": target.role,
            "value": target.value, "tolerance": target.tolerance, "unit": target.unit,
        }  # fmt: skip
        for posterior in ("A", "B"):
            s = predictive[posterior][target.moment]
            line[posterior] = {
                **s, "off": _off(s["mean"], target), "inside": _inside(s, target.value),
            }  # fmt: skip
        lines.append(line)
    return lines


def _off(mean: float | int | None, target: Target) -> float | None:
    return None if mean is None else round((mean - target.value) / target.tolerance, 3)


def _inside(s: Mapping[str, Any], value: float) -> bool | None:
    if s["low"] is None or s["high"] is None:
        return None
    return bool(s["low"] <= value <= s["high"])


def _scores(
    targets: Sequence[Target],
    posterior: Posterior,
    predictive: Mapping[str, Statistics],
    ensemble: Ensemble,
) -> list[dict[str, Any]]:
    """Held-out figures beside naive predictions: who is nearer, and how wide the interval is.

    `crps` is the continuous ranked probability score of all runs, in the figure's unit: smaller is
    better, and a certain prediction has its distance (Gneiting & Raftery 2007, Journal of the
    American Statistical Association 102:359-378).
    """
    from scoringrules import crps_ensemble

    lines = []
    for target in held_out(targets, posterior):
        s = predictive[target.moment]
        mean = float(s["mean"] or 0.0)
        beside = [
            {
                "name": one.name,
                "low": one.low,
                "high": one.high,
                "off": one.off(target.value),
                "model_is_nearer": abs(mean - target.value) < one.off(target.value),
            }
            for one in baselines().get(target.name, ())
        ]
        inside = _inside(s, target.value)
        score = float(crps_ensemble(target.value, np.array(ensemble[target.moment])))
        line = {"target": target.name, "value": target.value, **s, "off": mean - target.value}
        line |= {"crps": float(f"{score:.6g}"), "tolerance": target.tolerance}
        lines.append(line | {"inside": inside, "baselines": beside})
    return lines


def _variants(
    rows: Sequence[Mapping[str, float]], run: Run, amount: Amount, lived: Sequence[Draw]
) -> tuple[dict[str, dict[str, Statistics]], list[Failure]]:
    found, failures = {}, []
    for name, change in VARIANTS.items():
        # The same rows and seeds in each: differences are the variant's.
        tasks = _tasks(rows[: amount.few], amount.seeds, "posterior B", lived)
        values, failed = run(tasks, name, False, change)
        failures += failed
        grid = _whole(values, amount.seeds, failed)
        names = [m for m in VARIANT_MOMENTS if m in grid[0][0]]
        found[name] = {moment: _statistics(grid, moment) for moment in names}
    return found, failures


def _ridge(
    space: Space, rows: Sequence[Mapping[str, float]], run: Run, amount: Amount
) -> tuple[dict[str, list[dict[str, Any]]], list[Failure]]:
    """Two walks over the chance of a review: alone, and with all else as it goes with it in B."""
    if not set(RIDGE) <= set(space.names):
        return {}, []
    z = space.normals(rows)
    review = space.names.index(RIDGE[0])
    centre = z.mean(0)
    off = z - centre
    slopes = (off[:, review] @ off) / (off[:, review] @ off[:, review])
    middle = z[medoid(z)]
    walks: dict[str, list[dict[str, Any]]] = {}
    failures: list[Failure] = []
    for name in ("alone", "along"):
        points = []
        for share in RIDGE_STEPS:
            at = float(quantile(z[:, review], share))
            point = middle.copy() if name == "alone" else centre + slopes * (at - centre[review])
            point[review] = at
            points.append(point)
        filled = np.hstack([np.stack(points), np.zeros((len(points), len(space.others)))])
        vectors = [
            {key: vector[key] for key in space.names}  # the others at their own values
            for vector in space.values(filled)
        ]
        seeds = max(amount.seeds, 2)
        # The same seeds at every step: what differs is the step's.
        tasks = [
            (Draw(f"ridge {name}:{i + 1}", vector), FIRST_SEED + s)
            for i, vector in enumerate(vectors)
            for s in range(seeds)
        ]
        values, failed = run(tasks, f"ridge, {name}", False, {})
        failures += failed
        steps = []
        for i, vector in enumerate(vectors):
            runs = [one for one in values[i * seeds : (i + 1) * seeds] if one is not None]
            if runs:
                moments = ("lifted", f"registered_{YEAR}", "gross_exits", "entries")
                steps.append(
                    {
                        "parameters": {key: vector[key] for key in RIDGE},
                        "moments": {m: float(np.mean([one[m] for one in runs])) for m in moments},
                    }
                )
        walks[name] = steps
    return walks, failures
