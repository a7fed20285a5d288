"""Levels of a factor that were run in the same worlds: where their runs stand in a table.

What a level changes is a mean over the values of the other factors, for each draw and seed. The
other factors were chosen by whoever made the design: they are no luck, and two of their values with
the same seed are not two pieces of evidence.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.statistics.crossed import Statistics
from fupin.statistics.discoveries import discovered, freedom_of
from fupin.statistics.pairs import Grid, difference

Rows = npt.NDArray[np.int64]


def rows_of_levels(
    level: Sequence[Any], draw: Sequence[Any], seed: Sequence[Any], others: Sequence[Hashable]
) -> dict[Any, Rows] | None:
    """Rows of a table of runs for each level of a factor.

    Args:
        level, draw, seed: one value a run.
        others: the values of all other factors together, one a run.

    Returns:
        Level, as they come -> rows, draws x seeds x others; None with fewer than two levels, or
        where a level was not run in every world of the others.
    """
    columns = (draw, seed, others)
    places = [{key: k for k, key in enumerate(dict.fromkeys(column))} for column in columns]
    shape = [len(place) for place in places]
    found: dict[Any, Rows] = {one: np.full(shape, -1) for one in dict.fromkeys(level)}
    for row, (one, *keys) in enumerate(zip(level, *columns, strict=True)):
        found[one][tuple(place[key] for place, key in zip(places, keys, strict=True))] = row
    if len(found) < 2 or any((rows < 0).any() for rows in found.values()):
        return None
    return found


def told_apart(levels: Sequence[Grid]) -> dict[tuple[int, int], Statistics]:
    """Pairs of levels whose difference the runs can tell from nothing, when all pairs are tried.

    Of ten pairs of levels that do the same, intervals of 90% would tell one; so the share of false
    ones among those that are told is held (`fupin.statistics.discoveries`).

    Args:
        levels: an outcome at each level, (draws, seeds), the same worlds at each.

    Returns:
        (i, j) with i < j -> level j less level i.
    """
    found = {(i, j): difference(levels[j] - levels[i])
             for i, j in combinations(range(len(levels)), 2)}  # fmt: skip
    told = discovered(list(found.values()), freedom_of(*levels[0].shape))
    return {pair: one for (pair, one), ok in zip(found.items(), told, strict=True) if ok}


def grid_of(values: npt.NDArray[np.float64], rows: Rows) -> Grid:
    """An outcome at a level, mean over the other factors, (draws, seeds).

    Args:
        values: of the outcome, one a run.
        rows: of the level, as `rows_of_levels` gives them.
    """
    found: Grid = values[rows].mean(axis=2)
    return found
