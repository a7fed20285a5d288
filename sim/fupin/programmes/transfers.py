"""What programmes that pay cash share: who seems neediest, and what cash does to a household."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.livelihood.farm import members
from fupin.programmes.base import Ints, Programme
from fupin.randomness import month_index
from fupin.world.world import World

_LOG2 = 0.6931471805599453


def rank_by_need(programme: Programme[Any], villages: Ints, need_odds: float) -> Ints:
    """Households of villages by income as their village sees it, with much chance.

    Args:
        programme: whose list it is; its key names the luck and the error of what is seen.
        villages: village rows.
        need_odds: log odds of a household that seems half as rich as another to stand before it.

    Returns:
        household rows, neediest (as seen) first.
    """
    world, h = programme.world, programme.world.households
    offsets = world.villages.offsets
    rows, at = members(offsets, villages)
    if rows.size == 0:
        return rows
    village = villages[at]
    luck = world.chance.uniforms(f"{programme.key}/need", world.villages.id[village],
        rows - offsets[village], month_index(world.clock.year, 1),
    )  # fmt: skip
    seen = world.perceive(programme.key, villages)[rows]  # last year's, with an error of its own
    halvings = (float(columns.log_of(world.line)) - seen.astype(np.float64)) / _LOG2
    score = need_odds * halvings
    score += programme.log_odds("elite_capture_odds") * h.rank_half[rows]
    score -= columns.log(-columns.log(luck))
    return rows[np.lexsort((rows, -score))]


def pay(world: World, rows: Ints, yuan_a_person: npt.ArrayLike) -> None:
    """Households get cash: it is income of the month, added in yuan.

    What consumption cannot insure is consumed at once; the rest is saved. Each row once.
    """
    h = world.households
    yuan = np.asarray(yuan_a_person, np.float32)
    income = (yuan / (f32(world.level_of_money) * h.base[rows])).astype(np.float32)
    h.earned[rows] += income
    passed = np.array([world.rates.pass_poor, world.rates.pass_middle, world.rates.pass_rich])
    h.reserve[rows] -= income * passed[h.third[rows]]


def within_purses(county: Ints, cost: Ints, purse: Ints) -> npt.NDArray[np.bool_]:
    """Which of some costs, sorted by county, fit into each county's purse, first come."""
    running = np.cumsum(cost)
    before = np.concatenate([[0], running])[np.searchsorted(county, county)]
    result: npt.NDArray[np.bool_] = running - before <= purse[county]
    return result
