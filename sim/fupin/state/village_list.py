"""The list of villages that programmes go by: the first one, or that of a plan from its month on.

The first list, of 7,102 villages, is the frame's; history goes by it whatever a plan says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.population.frame import Frame

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class VillageList:
    """Who is on a list. A sampled village that is on it stands for as many that are.

    Attributes:
        listed: villages on it, (V,).
        place: their places, from 0, in which plans that cost and do the same take their turns,
            (V,); -1 for others.
        by_county: real villages on it, of the whole province, (counties,).
        new: villages that the plan has put on it, (V,).
    """

    listed: Flags
    place: Ints
    by_county: Ints
    new: Flags


def first_list(frame: Frame) -> VillageList:
    """The list of the frame."""
    villages = frame.villages
    return VillageList(
        listed=np.asarray(villages.listed),
        place=np.asarray(villages.batch, np.int64),
        by_county=np.asarray(frame.counties.listed_villages, np.int64),
        new=np.zeros(len(villages), np.bool_),
    )
