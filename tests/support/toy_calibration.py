"""Toy simulators with known answers, for tests of the calibration.

In a folder of its own because worker processes have to import them by name.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.calibration.space import Space
from sim.calibration.targets import Target
from sim.experiments.draws import Draw
from sim.parameters.distribution import Distribution

NORMAL = Distribution("normal", 0.0, 1.0, -8.0, 8.0, truncated=True)
SPACE = Space(
    names=("toy.a", "toy.b", "toy.c"),
    laws=(NORMAL, NORMAL, NORMAL),
    others=("toy.nuisance",),
    other_laws=(Distribution("uniform", -1.0, 1.0, -1.0, 1.0),),
)
"""Three calibrated parameters (nothing speaks of c) and one that nobody calibrates."""

SLOPES = {"sum": (1.0, 1.0, 0.0), "gap": (1.0, -0.5, 0.0), "late": (0.3, 1.0, 0.0)}
CHANCE = 0.1
NUISANCE = 0.2


def target(name: str, value: float, tolerance: float, role: str = "A", **rest: Any) -> Target:
    """A target of the moment of the same name."""
    return Target(
        name=name, moment=name, value=value, tolerance=tolerance, unit="ratio",
        role=role, source="made up", **rest,
    )  # type: ignore[arg-type]  # fmt: skip


TARGETS = [
    target("sum", 0.8, 0.3),
    target("gap", -0.4, 0.25),
    target("late", 1.5, 0.3, "B"),
    target("curved", 1.0, 0.2, "held_out", scale="log"),
]


def linear(scenario: Any, draw: Draw, seed: int) -> dict[str, float]:
    """Moments that are linear in the parameters, with normal chance; one that is not."""
    x = np.array([draw.overrides[name] for name in SPACE.names])
    rng = np.random.default_rng(seed)
    nuisance = NUISANCE * draw.overrides.get("toy.nuisance", 0.0)
    moments = {
        name: float(np.dot(slopes, x) + nuisance + CHANCE * rng.standard_normal())
        for name, slopes in SLOPES.items()
    }
    return moments | {"curved": math.exp(0.3 * x[0] - 0.2 * x[1] ** 2 + 0.05 * rng.normal())}


def failing_at_times(scenario: Any, draw: Draw, seed: int) -> dict[str, float]:
    """Every tenth run breaks."""
    if seed % 10 == 0:
        raise ZeroDivisionError("nobody is poor")
    return linear(scenario, draw, seed)


def exact_posterior(
    values: dict[str, float], variances: dict[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the parameters for linear moments with known variances."""
    slopes = np.array([SLOPES[name] for name in values])
    weights = np.array([1.0 / variances[name] for name in values])
    precision = np.eye(3) + slopes.T @ (slopes * weights[:, None])
    covariance = np.linalg.inv(precision)
    return covariance @ slopes.T @ (weights * np.array(list(values.values()))), covariance
