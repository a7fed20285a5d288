"""Would a search for boxes find as much where there is nothing? A permutation test of all of it.

Every further input is another chance to find a pattern, so that the chance of one restriction says
little. Here failures are dealt out anew among the worlds and the whole way down is searched again:
p is the part of such searches that come as far as the true one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fupin.uncertainty.boxes import F64, Box
from fupin.uncertainty.peeling import peel
from fupin.uncertainty.worlds import Input

PERMUTATIONS, FEWER = 99, 39
MANY = 50_000
"""Inputs x worlds beyond which fewer permutations are searched."""

FALSE_SEARCHES = 0.05
SEED = 20091231


def chance_of_search(
    inputs: Sequence[Input],
    fails: F64,
    groups: npt.NDArray[np.int64],
    most: int,
    trajectory: Sequence[Box],
) -> float:
    """Part of searches among failures dealt out anew that come as far as this one, p.

    Worlds of a group (one parameter vector under several forms) keep their failures together and
    are exchanged with groups of their size; within a group they change places, since the form may
    mean nothing either. A search that cannot be told from chance ends early (Besag & Clifford 1991,
    Biometrika 78:301-304).

    Args:
        inputs, fails, groups, most: as of `prim.find_box`.
        trajectory: of the search in the true failures.
    """
    rng = np.random.default_rng(SEED)
    reached = _reach(trajectory, fails)
    count = PERMUTATIONS if len(inputs) * len(fails) <= MANY else FEWER
    enough = math.floor(FALSE_SEARCHES * (count + 1)) + 1
    as_far = 0
    for tried in range(1, count + 1):
        dealt = _dealt(fails, groups, rng)
        if _reach(peel(inputs, dealt, most), dealt) >= reached - 1e-9:
            as_far += 1
            if as_far == enough:
                return as_far / tried
    return (as_far + 1) / (count + 1)


def _reach(trajectory: Sequence[Box], fails: F64) -> float:
    """How far the best box stands above all worlds, in standard errors of a box of its size."""
    base, spread = float(fails.mean()), float(fails.std())
    return max(
        (box.density - base) * math.sqrt(box.mass * len(fails)) / spread for box in trajectory
    )


def _dealt(fails: F64, groups: npt.NDArray[np.int64], rng: np.random.Generator) -> F64:
    """Failures in another order: groups change places with groups of their size."""
    dealt = fails.copy()
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    members = np.argsort(place, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for size in np.unique(sizes):
        same = np.flatnonzero(sizes == size)
        rows = np.array([members[starts[k] : starts[k] + size] for k in same])
        mixed = fails[rows[rng.permutation(len(same))]]
        dealt[rows] = rng.permuted(mixed, axis=1)
    return dealt
