"""Levels of a factor that were run in the same worlds: where their runs stand in a table.

What a level changes is a mean over the values of the other factors, for each draw and seed. The
other factors were chosen by whoever made the design: they are no luck, and two of their values with
the same seed are not two pieces of evidence.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

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


def grid_of(values: npt.NDArray[np.float64], rows: Rows) -> npt.NDArray[np.float64]:
    """An outcome at a level, mean over the other factors, (draws, seeds).

    Args:
        values: of the outcome, one a run.
        rows: of the level, as `rows_of_levels` gives them.
    """
    found: npt.NDArray[np.float64] = values[rows].mean(axis=2)
    return found
