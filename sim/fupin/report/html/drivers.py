"""What drives the answer: parameters beside outcomes across the draws of one result.

Draws of a posterior differ in all uncertain parameters at once. A parameter's rank correlation with
an outcome over draws (Spearman; the mean over seeds counts for a draw) says how far the outcome
goes with it. It is not a cause by itself, and among many parameters some go with any outcome by
chance: beside the correlations stands how large the largest of as many unrelated ones would be in
nine of ten cases.

`found` is the seam: a designed sensitivity analysis or a discovery can be another source of
`Drivers` with the same form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.parameters.book import load_book
from fupin.statistics.ranks import largest_by_chance, rank_correlations, ranks

FEWEST = 8
"""Draws below which no correlation is shown."""

SHOWN = 10
"""Parameters named for an outcome."""

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Driver:
    """One parameter beside one outcome.

    Attributes:
        parameter: its dotted name.
        strength: rank correlation over draws, -1 to 1.
        grade: how far its value can be trusted, one of `fupin.parameters.parameter.GRADES`; empty
            for a parameter of another version of fupin.
    """

    parameter: str
    strength: float
    grade: str


@dataclass(frozen=True)
class Drivers:
    """Parameters that go with one outcome, the strongest first.

    Attributes:
        outcome: key of what was asked for.
        found: at most SHOWN.
        by_chance: what the largest of as many unrelated correlations stays below in 90% of cases.
        draws, parameters: how many there were.
    """

    outcome: str
    found: Sequence[Driver]
    by_chance: float
    draws: int
    parameters: int


def found(
    draws: Sequence[Mapping[str, Any]], outcomes: Mapping[str, Sequence[float]]
) -> list[Drivers]:
    """Drivers of each outcome; empty where there are too few draws.

    Args:
        draws: as in run.json: `label` and `overrides`.
        outcomes: key -> a value a draw.
    """
    names = [name for name in draws[0]["overrides"] if all(name in d["overrides"] for d in draws)]
    values = np.array([[float(d["overrides"][name]) for name in names] for d in draws])
    if len(draws) < FEWEST or not names:
        return []
    varying = np.ptp(values, axis=0) > 0
    names = [name for name, varies in zip(names, varying, strict=True) if varies]
    ranked = ranks(values[:, varying])
    book = load_book()

    def grade_of(name: str) -> str:
        return book[name].grade if name in book else ""

    result = []
    for key, series in outcomes.items():
        column = np.asarray(series, float)
        if not names or np.isnan(column).any() or not np.ptp(column):
            continue
        strength = rank_correlations(ranked, ranks(column))
        order = np.argsort(-np.abs(strength), kind="stable")[:SHOWN]
        drivers = [Driver(names[i], float(strength[i]), grade_of(names[i])) for i in order]
        bound = largest_by_chance(len(draws), len(names))
        result.append(Drivers(key, drivers, bound, len(draws), len(names)))
    return result
