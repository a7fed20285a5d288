"""Toy simulators with known answers, for tests of the calibration.

In a folder of its own because worker processes have to import them by name.
"""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from fupin.calibration.space import Space
from fupin.calibration.targets import Target
from fupin.parameters.distribution import Distribution
from fupin.results.draws import Draw

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


UNIT = Distribution("uniform", 0.0, 1.0, 0.0, 1.0)
REGISTER_SPACE = Space(
    names=("register.review_probability", "livelihood.spread_growth", "register.served_review"),
    laws=(UNIT, Distribution("normal", 0.1, 0.1, -0.3, 0.5, truncated=True), UNIT),
    others=("toy.nuisance",),
    other_laws=(Distribution("uniform", -1.0, 1.0, -1.0, 1.0),),
)
"""The names of the ridge: the net fall is the chance of a review times a backlog."""

REGISTER_TARGETS = [
    target("registered_2001", 5.7e6, 0.2e6, scale="log"),
    target("lifted", 200_000.0, 10_000.0, "B"),
    target("registered_2009", 3.7e6, 0.05e6, "held_out", scale="log", figure="S17"),
    target("three_prefectures_2009", 0.416, 0.005, "held_out"),
    target("placed", 16_091.0, 500.0, "shown"),
]


def register_toy(scenario: Any, draw: Draw, seed: int) -> dict[str, float]:
    """A register in four lines; its plan is a mapping that may hold a counting rule."""
    review, growth, served = (draw.overrides[name] for name in REGISTER_SPACE.names)
    rng = np.random.default_rng([seed, 7])
    start = 5.7e6 * math.exp(0.5 * growth + 0.02 * rng.normal())
    lifted = review * (600_000.0 - 800_000.0 * growth) + 40_000.0 * served * (1 - review)
    lifted += 3_000.0 * rng.normal()
    exits = 2.0e6 * review
    return {
        "registered_2001": start,
        "lifted": 0.5 * lifted if scenario.counting == "survey" else lifted,
        "registered_2009": start - 1.8e6 - lifted,
        "three_prefectures_2009": 0.38 + 0.02 * rng.normal(),
        "gross_exits": exits,
        "entries": exits - lifted,
        "placed": 13_000.0 + 100.0 * rng.normal(),
        "survey_poor_2009": 3.2e6,
        "income_poor_2009": 2.8e6,
    }


def register_toy_in_its_time(scenario: Any, draw: Draw, seed: int) -> dict[str, float]:
    """`register_toy` that takes a while and notes that it ran in the file FUPIN_TOY_LOG."""
    time.sleep(0.03)
    with Path(os.environ["FUPIN_TOY_LOG"]).open("a", encoding="utf-8") as log:
        log.write(f"{seed}\n")
    return register_toy(scenario, draw, seed)


def register_toy_and_twins(scenario: Any, draw: Draw, seed: int) -> dict[str, float]:
    """`register_toy` with what programmes add."""
    served = draw.overrides["register.served_review"]
    return register_toy(scenario, draw, seed) | {
        "additional_jobs": 4_000.0,
        "additional_income_channel": 3_000.0,
        "additional_recognition_channel": 40_000.0 * served,
    }
