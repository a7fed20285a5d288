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

from fupin.statistics.confidence import ENDS, LEVEL
from fupin.statistics.pairs import TIE
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


RULES = ("mean", "cvar", "max_regret", "mean_regret", "satisficing")
"""Columns by which one may choose a plan."""

RESAMPLES, FEWEST = 200, 5
"""Fewer parameter vectors than FEWEST say nothing of how a choice would be among others."""


def choices(
    y: F64, sign: int, fails: npt.NDArray[np.bool_] | None, units: npt.NDArray[np.int64]
) -> dict[str, int | None]:
    """By each rule the plan to choose; None where none leads beyond ties and chance.

    A plan leads where it is the only one ahead, here and in 95 of 100 samples of as many parameter
    vectors, drawn from these with replacement (Efron & Tibshirani 1993, An Introduction to the
    Bootstrap, ch. 6). The samples are the same every time.

    Args:
        y, sign, fails: as of `robustness`; two plans or more.
        units: which parameter vector each world has, (worlds,).

    Returns:
        rule (of RULES) -> position of the plan. `satisficing` is absent where nothing fails, or
        all plans fail alike.
    """
    rows = [np.flatnonzero(units == unit) for unit in np.unique(units)]
    failing = None if fails is None else fails.reshape(y.shape)
    here = _ahead(y, sign, failing)
    if len(rows) < FEWEST:
        return dict.fromkeys(here)
    chance = np.random.default_rng(RESAMPLES)
    again = dict.fromkeys(here, 0)
    for _ in range(RESAMPLES):
        taken = np.concatenate([rows[k] for k in chance.integers(0, len(rows), len(rows))])
        there = _ahead(y[:, taken], sign, None if failing is None else failing[:, taken])
        for rule, plan in here.items():
            again[rule] += plan is not None and there.get(rule) == plan
    least = ENDS[1] * RESAMPLES
    return {rule: plan if again[rule] >= least else None for rule, plan in here.items()}


def _ahead(y: F64, sign: int, fails: npt.NDArray[np.bool_] | None) -> dict[str, int | None]:
    """By each rule the plan that is ahead of all others, None where several are."""
    flat = y.reshape(len(y), -1)
    regrets = regret(flat, sign)
    scores = {
        "mean": sign * flat.mean(axis=1),
        "cvar": np.array([sign * tail_mean(one, sign) for one in flat]),
        "max_regret": -regrets.max(axis=1),
        "mean_regret": -regrets.mean(axis=1),
    }
    if fails is not None:
        failing = fails.reshape(len(y), -1).mean(axis=1)
        if np.ptp(failing) > 0:
            scores["satisficing"] = -failing
    found: dict[str, int | None] = {}
    for rule, score in scores.items():
        first, second = np.sort(score)[::-1][:2]
        tie = first - second <= TIE * max(abs(first), abs(second))
        found[rule] = None if tie else int(score.argmax())
    return found


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
