"""Elementary effects (Morris 1991; mu* by Campolongo, Cariboni & Saltelli 2007), with SALib.

A Morris design changes one factor at a time along trajectories. An elementary effect is the change
of the outcome from one end of a factor's range to the other, as far as one step tells: mu* is the
mean of its size, sigma its spread between trajectories (interactions, bends, and the luck of
seeds). Trajectories are independent, and few: the interval of mu* is Student's t over them. With
eight of them SALib's bootstrap and normal quantile are a fifth too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
    return InputError("This needs the package SALib.", "pip install 'fupin[sensitivity]'.")


def elementary_effects(names: Sequence[str], shares: F64, y: F64, levels: int) -> list[Effect]:
    """Effects of every factor, the largest mu* first.

    Args:
        names: of the factors.
        shares: position of each point along each factor, 0 to 1, (points, factors); trajectory by
            trajectory, as `fupin.sweeps.designs.morris` makes them.
        y: outcome at each point, (points,).
        levels: of the design.

    Raises:
        InputError: SALib is not installed.
        ValueError: numbers that are not finite, no whole trajectories, or fewer than two.
    """
    try:
        from SALib.analyze import morris
    except ImportError:
        raise salib_missing() from None
    if not (np.isfinite(y).all() and np.isfinite(shares).all()):
        raise ValueError("elementary effects of numbers that are not finite")
    if len(y) % (len(names) + 1) or len(y) < 2 * (len(names) + 1):
        raise ValueError(f"{len(y)} points are no trajectories of {len(names)} factors")
    problem = {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[0.0, 1.0]] * len(names),
    }
    found = morris.analyze(problem, shares, y, num_levels=levels, num_resamples=2, seed=SEED)
    trajectories = len(y) // (len(names) + 1)
    effects = []
    for k, name in enumerate(names):
        mu, size, sigma = (float(found[key][k]) for key in ("mu", "mu_star", "sigma"))
        half = _half_width(mu, size, sigma, trajectories)
        effects.append(Effect(name, mu, size, max(size - half, 0.0), size + half, sigma))
    return sorted(effects, key=lambda effect: -effect.mu_star)


def _half_width(mu: float, size: float, sigma: float, trajectories: int) -> float:
    """Half of the interval of mu*.

    Effects and their sizes have the same squares, so that the variance of the sizes follows from
    that of the effects and both means.
    """
    freedom = trajectories - 1
    variance = max(sigma**2 + trajectories / freedom * (mu**2 - size**2), 0.0)
    return two_sided_t(freedom) * math.sqrt(variance / trajectories)


def shares_of(values: npt.NDArray) -> F64:
    """Position of each of a Morris factor's values among its values, 0 to 1.

    Values of a distribution stand at equal shares of it; a text counts in order of appearance.
    """
    known = list(dict.fromkeys(values.tolist()))
    if values.dtype.kind == "f":
        known.sort()
    place = {value: k / max(len(known) - 1, 1) for k, value in enumerate(known)}
    return np.array([place[value] for value in values.tolist()])
