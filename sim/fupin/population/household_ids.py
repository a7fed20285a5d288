"""Permanent ids of households: village id x 10,000 + number within the village."""

from __future__ import annotations

import numpy as np

from fupin.errors import InputError
from fupin.population.frame import Frame
from fupin.randomness import HOUSEHOLDS_PER_VILLAGE


def row_of(frame: Frame, household: int) -> int:
    """Row of a household in a frame.

    Raises:
        InputError: no such household in this sample.
    """
    village, number = divmod(household, HOUSEHOLDS_PER_VILLAGE)
    ids = np.asarray(frame.villages.id)
    found = np.flatnonzero(ids == village)
    offsets = np.asarray(frame.households.offsets)
    example = f"such as {household_id(frame, 0)}"
    if found.size == 0:
        raise InputError(
            f"There is no household {household} in this population: it has no village {village}.",
            f"Name one that is in the sample, {example}; without a number examples are listed.",
        )
    first, last = int(offsets[found[0]]), int(offsets[found[0] + 1])
    if number >= last - first:
        raise InputError(
            f"There is no household {household}: village {village} has {last - first}.",
            f"Name one from {village * HOUSEHOLDS_PER_VILLAGE} to "
            f"{village * HOUSEHOLDS_PER_VILLAGE + last - first - 1}.",
        )
    return first + number


def household_id(frame: Frame, row: int) -> int:
    """Permanent id of the household in a row."""
    offsets = np.asarray(frame.households.offsets)
    village = int(np.searchsorted(offsets, row, side="right")) - 1
    number = row - int(offsets[village])
    return int(frame.villages.id[village]) * HOUSEHOLDS_PER_VILLAGE + number
