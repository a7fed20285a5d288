"""Several plans over the same worlds: regret, satisficing, tail means. Every world counts alike.

regret          how much better the best plan does in the same world with the same seed; 0 for it
CVaR            mean of the worst tenth of worlds (conditional value at risk; Rockafellar & Uryasev
                2000); a world at the edge counts with the part that is needed
satisficing     share of worlds in which the plan does not fail
best            share of worlds in which the plan is best; plans that tie share it
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import LEVEL
from fupin.statistics.quantiles import central_interval, quantile

F64 = npt.NDArray[np.float64]

TAIL = 0.10
"""Share of worlds that the tail mean is over."""


@dataclass(frozen=True)
class Robustness:
    """One plan over all worlds, in the outcome's unit.

    Attributes:
        plan: its name.
        mean, low, high: over worlds; 5% and 95% quantiles.
        cvar: mean of the worst tenth.
        mean_regret, high_regret, max_regret: mean, 90% quantile and largest regret.
        satisficing: share of worlds in which it does not fail; None where nothing fails.
        best: share of worlds in which it is best.
    """

    plan: str
    mean: float
    low: float
    high: float
    cvar: float
    mean_regret: float
    high_regret: float
    max_regret: float
    satisficing: float | None
    best: float


def regret(y: F64, sign: int) -> F64:
    """Regret of every plan in every world, the shape of y (plans first).

    Args:
        y: outcome, (plans, ...).
        sign: 1 where more is better, -1 where less is.
    """
    return np.asarray((sign * y).max(axis=0) - sign * y)


def tail_mean(values: F64, sign: int, share: float = TAIL) -> float:
    """Mean of the worst `share` of values, all weighted alike.

    Raises:
        ValueError: no values, or a share outside 0 to 1.
    """
    if not len(values) or not 0 < share <= 1:
        raise ValueError("a tail needs values and a share above 0")
    worst = np.sort(sign * values)  # the worst first
    size = share * len(values)
    weights = np.clip(size - np.arange(len(values)), 0.0, 1.0)
    return float(sign * (weights @ worst) / size)


def robustness(
    plans: tuple[str, ...], y: F64, sign: int, fails: npt.NDArray[np.bool_] | None
) -> list[Robustness]:
    """The table of all plans, in their order.

    Args:
        plans: names.
        y: outcome, (plans, worlds, seeds).
        sign: 1 where more is better, -1 where less is.
        fails: where a plan fails, as y; or None.

    Raises:
        ValueError: a number that is not finite.
    """
    if not np.isfinite(y).all():
        raise ValueError("robustness of numbers that are not finite")
    flat = y.reshape(len(plans), -1)
    regrets = regret(flat, sign)
    ahead = regrets == 0
    shared = ahead / ahead.sum(axis=0)
    found = []
    for p, plan in enumerate(plans):
        low, high = central_interval(flat[p])
        found.append(
            Robustness(
                plan=plan,
                mean=float(flat[p].mean()),
                low=float(low),
                high=float(high),
                cvar=tail_mean(flat[p], sign),
                mean_regret=float(regrets[p].mean()),
                high_regret=float(quantile(regrets[p], LEVEL)),
                max_regret=float(regrets[p].max()),
                satisficing=None if fails is None else float(1.0 - fails[p].mean()),
                best=float(shared[p].mean()),
            )
        )
    return found
