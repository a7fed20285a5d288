"""Elementary effects (Morris 1991; mu* by Campolongo, Cariboni & Saltelli 2007).

A Morris design changes one factor at a time along trajectories. An elementary effect is the change
of the outcome from one end of a factor's range to the other, as far as one step tells: the change
that was seen, divided by the part of the range that the step really made. Of a choice, whose values
have no order, every step is a whole one. mu* is the mean of its size, sigma its spread between
trajectories (interactions, bends, and the luck of seeds). Trajectories are independent, and few:
the interval of mu* is Student's t over them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.errors import InputError
from fupin.statistics.confidence import two_sided_t

F64 = npt.NDArray[np.float64]

SEED = 20091231


@dataclass(frozen=True)
class Effect:
    """What one factor does; in the outcome's unit, over its whole range.

    Attributes:
        name: the factor.
        mu: mean elementary effect, signed.
        mu_star: mean size.
        low, high: 90% interval of mu_star over trajectories.
        sigma: standard deviation between trajectories.
    """

    name: str
    mu: float
    mu_star: float
    low: float
    high: float
    sigma: float


def salib_missing() -> InputError:
    """What to say where the package of `fupin sensitivity` is not installed."""
    return InputError(
        "This needs the package SALib.", 'Install it with `pip install "fupin[sensitivity]"`.'
    )


def elementary_effects(
    names: Sequence[str], positions: F64, y: F64, choices: Sequence[bool] | None = None
) -> list[Effect]:
    """Effects of every factor, the largest mu* first.

    Args:
        names: of the factors.
        positions: of each point along each factor, where 0 and 1 are the ends of its range,
            (points, factors); trajectory by trajectory, each of which changes every factor once.
            Of a choice a number for each value.
        y: outcome at each point, (points,).
        choices: whether each factor is a choice, of which any step is a whole one; None for none.

    Raises:
        ValueError: numbers that are not finite, no whole trajectories, or fewer than two.
    """
    if not (np.isfinite(y).all() and np.isfinite(positions).all()):
        raise ValueError("elementary effects of numbers that are not finite")
    factors = len(names)
    if len(y) % (factors + 1) or len(y) < 2 * (factors + 1):
        raise ValueError(f"{len(y)} points are no trajectories of {factors} factors")
    made, turn = steps_of(positions, choices)
    rise = np.diff(y.reshape(-1, factors + 1), axis=1)
    effects = []
    for k, name in enumerate(names):
        found = np.take_along_axis(rise, turn[:, k : k + 1], axis=1)[:, 0] / made[:, k]
        mu, size, sigma = (
            float(v) for v in (found.mean(), np.abs(found).mean(), found.std(ddof=1))
        )
        half = _half_width(mu, size, sigma, len(found))
        effects.append(Effect(name, mu, size, max(size - half, 0.0), size + half, sigma))
    return sorted(effects, key=lambda effect: -effect.mu_star)


def steps_of(
    positions: F64, choices: Sequence[bool] | None = None
) -> tuple[F64, npt.NDArray[np.int64]]:
    """The step that each factor made in each trajectory, and when; both (trajectories, factors).

    Raises:
        ValueError: a trajectory that changes none, or several, at a time.
    """
    factors = positions.shape[1]
    steps = np.diff(positions.reshape(-1, factors + 1, factors), axis=1)
    moved = steps != 0
    if not ((moved.sum(axis=2) == 1).all() and (moved.sum(axis=1) == 1).all()):
        raise ValueError("a trajectory that does not change one factor at a time")
    made = steps.sum(axis=1)
    return np.where(choices or False, np.sign(made), made), moved.argmax(axis=1)


def _half_width(mu: float, size: float, sigma: float, trajectories: int) -> float:
    """Half of the interval of mu*.

    Effects and their sizes have the same squares, so that the variance of the sizes follows from
    that of the effects and both means.
    """
    freedom = trajectories - 1
    variance = max(sigma**2 + trajectories / freedom * (mu**2 - size**2), 0.0)
    return two_sided_t(freedom) * math.sqrt(variance / trajectories)


def positions_of(values: npt.NDArray[Any], scale: tuple[float, float] | None) -> F64:
    """Where each of a Morris factor's values stands in its range, from 0 to 1.

    Args:
        values: of every point, (points,); numbers, or texts of a choice.
        scale: the least and the largest value that the design could take; None where the design
            does not say, which takes those that it did.

    Returns:
        of a choice, a number for each of its values.
    """
    if values.dtype.kind == "f":
        low, high = scale or (float(values.min()), float(values.max()))
        return np.asarray((values - low) / ((high - low) or 1.0))
    return np.unique(values.astype(str), return_inverse=True)[1].astype(np.float64)
