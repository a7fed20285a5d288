"""Households made by hand, column by column, without a province."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from fupin.state.households import DTYPES, Households


def hand_made(households: int, **columns: npt.ArrayLike) -> Households:
    """Households with the columns given, one person and one worker each, everything else zero."""
    made = Households(*(np.zeros(households, dtype) for dtype in DTYPES.values()))
    made.size[:] = made.labour[:] = 1
    for name, values in columns.items():
        getattr(made, name)[:] = values
    return made


def copied(h: Households) -> Households:
    """The same households, in arrays of their own."""
    return Households(*(column.copy() for column in h))
