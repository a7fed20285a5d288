"""Does the order of plans depend on an assumption?

Worlds are cut by an assumption, and in each group the plan that is best in all worlds is held
against its best rival there. A group of a third of ten parameter vectors holds three of them, so
its standard error is itself hardly known; luck that all vectors share (the seeds are the same) is
in it too. Lead and error are therefore those of draws crossed with seeds
(`fupin.statistics.pairs.precision`), beside Student's t. A page asks about several assumptions,
groups and rivals, of which one is always furthest ahead by chance: their chances are joined
(Bonferroni over the rivals of a group, Holm over all groups of the page). The same runs chose the
assumptions to ask about, by what moves the difference; an idle one that passes there differs
between groups too. So the groups spend half of the 10% in which a page on which all plans are equal
may say that any of them is better anywhere, and the search the other half (tested).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import ENDS, holm, two_sided_chance
from fupin.statistics.crossed import exact_mean
from fupin.statistics.pairs import precision
from fupin.statistics.quantiles import quantile
from fupin.uncertainty.robustness import regret
from fupin.uncertainty.worlds import Input, Worlds

F64 = npt.NDArray[np.float64]

FALSE_ALARMS = ENDS[0]
"""Chance that the groups of a page tell anything where all plans are equal: half of 1 - LEVEL."""

THIRDS = ("lowest third", "middle third", "highest third")

FIXED_POINTS = ("grid", "list")
"""Designs whose points somebody chose: of their worlds only draws are a sample of anything."""


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
        y: outcome, (plans, worlds, seeds), of two plans or more.
        sign: 1 where more is better.
        names: of the inputs to group by.

    Returns:
        best (plan -> share), leader (best on average), by: a list of {name, groups: [{label, low,
        high, worlds, best, leader, lead, error, p, told}], changes}. lead is by how much the leader
        of all worlds is ahead of the best other plan on average in this group, error its standard
        error, p the chance of a lead so far from 0 in this group alone if no plan were better here;
        error and p are None of a single parameter vector. For told and changes see `tell`. lead,
        error, p and told beside them are those of all worlds: a leader that is not told, as where
        two plans are equal, is none that anybody should be advised to take.
    """
    share = shares_best(y, sign)
    leader = int(np.argmax(sign * y.mean(axis=(1, 2))))
    units = _units(worlds)
    lead_of_all = _leads(_by_unit(sign * y, units), leader)
    by = []
    for one in (i for name in names for i in worlds.inputs if i.name == name):
        groups: list[dict[str, Any]] = []
        for label, rows in groups_of(one):
            grids = _by_unit(sign * y[:, rows], units[rows])
            means = grids.mean(axis=(1, 2))
            groups.append(
                {
                    "label": label,
                    "low": float(one.values[rows].min()) if one.numeric else None,
                    "high": float(one.values[rows].max()) if one.numeric else None,
                    "worlds": int(rows.sum()),
                    "best": _by_plan(worlds, shares_best(y[:, rows], sign)),
                    "leader": worlds.plans[int(np.argmax(means))],
                    **_leads(grids, leader),
                }
            )
        by.append({"name": one.name, "groups": groups})
    found = {
        "leader": worlds.plans[leader], **lead_of_all, "best": _by_plan(worlds, share), "by": by
    }  # fmt: skip
    tell([found])
    return found


def tell(rankings: Sequence[dict[str, Any]]) -> None:
    """Say in a page's rankings and their groups what is told, all being one family of questions.

    `told` of a ranking: its leader is ahead of every other plan by more than chance;
    `told` of a group: the leader of all worlds is ahead or behind there by more than chance;
    `changes` of an assumption: another plan is best in one of its groups, and that is told.
    """
    groups = [group for one in rankings for by in one["by"] for group in by["groups"]]
    groups += rankings
    asked = [group for group in groups if group["p"] is not None]
    for group in groups:
        group["told"] = False
    for group, chance in zip(asked, holm([group["p"] for group in asked]), strict=True):
        group["told"] = chance <= FALSE_ALARMS
    for one in rankings:
        one["told"] = one["told"] and one["lead"] > 0
    for by in (by for one in rankings for by in one["by"]):
        by["changes"] = any(group["lead"] < 0 and group["told"] for group in by["groups"])


def _units(worlds: Worlds) -> npt.NDArray[np.int64]:
    """What is a sample of something: parameter vectors, or of fixed points the draws, (worlds,)."""
    draws = np.unique(worlds.draws.astype(str), return_inverse=True)[1]
    return draws if worlds.design in FIXED_POINTS and draws.max() > 0 else worlds.rest


def _by_unit(y: F64, units: npt.NDArray[np.int64]) -> F64:
    """Means over the worlds of each unit, (plans, units, seeds), from (plans, worlds, seeds)."""
    return np.stack([y[:, units == unit].mean(axis=1) for unit in np.unique(units)], axis=1)


def _leads(grids: F64, leader: int) -> dict[str, Any]:
    """How far the leader is ahead of its best rival, from (plans, units, seeds)."""
    means = grids.mean(axis=(1, 2))
    rivals = [p for p in range(len(means)) if p != leader]
    rival = max(rivals, key=lambda p: means[p])
    lead, error, p = _lead(grids[leader] - grids[rival], len(rivals))
    return {"lead": lead, "error": error, "p": p}


def _lead(gap: F64, rivals: int) -> tuple[float, float | None, float | None]:
    """Mean of a gap, (units, seeds), its standard error, and the chance of it among `rivals`."""
    lead = exact_mean(gap.ravel().tolist())
    known = precision(gap) if len(gap) > 1 else None
    if known is None:
        return lead, None, None
    error = math.sqrt(known.variance)
    if error == 0:
        return lead, error, float(lead == 0)
    return lead, error, min(1.0, rivals * two_sided_chance(lead / error, known.freedom))


def _by_plan(worlds: Worlds, shares: F64) -> dict[str, float]:
    return dict(zip(worlds.plans, map(float, shares), strict=True))
