"""Does the order of plans depend on an assumption?"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.statistics.quantiles import quantile
from fupin.uncertainty.robustness import regret
from fupin.uncertainty.worlds import Input, Worlds

F64 = npt.NDArray[np.float64]

Z = 1.645
"""Standard errors to either side of a 90% interval."""

THIRDS = ("lowest third", "middle third", "highest third")


def shares_best(y: F64, sign: int) -> F64:
    """Share of worlds (and seeds) in which each plan is best; ties are shared, (plans,)."""
    ahead = regret(y.reshape(len(y), -1), sign) == 0
    return np.asarray((ahead / ahead.sum(axis=0)).mean(axis=1))


def groups_of(one: Input) -> list[tuple[str, npt.NDArray[np.bool_]]]:
    """Worlds by an input: thirds of its numbers, or each of its words."""
    if not one.numeric:
        return [(w, one.values.astype(str) == w) for w in dict.fromkeys(one.values.astype(str))]
    values = np.unique(one.values)
    if len(values) <= 3:
        return [(f"{v:.4g}", one.values == v) for v in values]
    first, second = (float(quantile(one.values, share)) for share in (1 / 3, 2 / 3))
    rows = (
        one.values <= first, (one.values > first) & (one.values <= second), one.values > second
    )  # fmt: skip
    return [(label, row) for label, row in zip(THIRDS, rows, strict=True) if row.any()]


def ranking(worlds: Worlds, y: F64, sign: int, names: list[str]) -> dict[str, Any]:
    """How often each plan is best, in all worlds and by some assumptions.

    Args:
        worlds: where the runs were made.
        y: outcome, (plans, worlds, seeds).
        sign: 1 where more is better.
        names: of the inputs to group by.

    Returns:
        best (plan -> share), leader (best on average), by: a list of {name, groups: [{label, low,
        high, worlds, best, leader, lead, error, told}], changes}. lead is by how much the leader
        of all worlds is ahead of the best other plan on average in this group, error its standard
        error over parameter vectors, told whether the 90% interval excludes 0.
    """
    share = shares_best(y, sign)
    leader = int(np.argmax(sign * y.mean(axis=(1, 2))))
    by = []
    for one in (i for name in names for i in worlds.inputs if i.name == name):
        groups: list[dict[str, Any]] = []
        for label, rows in groups_of(one):
            means = sign * y[:, rows].mean(axis=(1, 2))
            rivals = [p for p in range(len(means)) if p != leader]
            rival = max(rivals, key=lambda p: means[p])
            lead, error = _lead(sign * (y[leader] - y[rival])[rows], worlds.rest[rows])
            groups.append(
                {
                    "label": label,
                    "low": float(one.values[rows].min()) if one.numeric else None,
                    "high": float(one.values[rows].max()) if one.numeric else None,
                    "worlds": int(rows.sum()),
                    "best": _by_plan(worlds, shares_best(y[:, rows], sign)),
                    "leader": worlds.plans[int(np.argmax(means))],
                    "lead": lead,
                    "error": error,
                    "told": error is not None and abs(lead) > Z * error,
                }
            )
        changes = any(g["lead"] < 0 and g["told"] for g in groups)
        by.append({"name": one.name, "groups": groups, "changes": changes})
    return {"leader": worlds.plans[leader], "best": _by_plan(worlds, share), "by": by}


def _lead(gap: F64, vectors: npt.NDArray[np.int64]) -> tuple[float, float | None]:
    """Mean of a gap, (worlds, seeds), and its standard error over parameter vectors."""
    by_vector = np.array([gap[vectors == v].mean() for v in np.unique(vectors)])
    n = len(by_vector)
    error = float(by_vector.std(ddof=1) / np.sqrt(n)) if n > 1 else None
    return float(gap.mean()), error


def _by_plan(worlds: Worlds, shares: F64) -> dict[str, float]:
    return dict(zip(worlds.plans, map(float, shares), strict=True))
