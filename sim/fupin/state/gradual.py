"""Works that come into use in equal parts over some months, and wear off once they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_ROUNDING = 1e-9
"""Works that lack less than this of their target are in full use."""


class GradualWorks:
    """An index of works by village, month after month.

    Args:
        index: what is in use at first, (V,).

    Attributes:
        index: what is built and in use, (V,).
        target: what will be in use when all that is under way is finished, (V,).
    """

    def __init__(self, index: Floats) -> None:
        self.index = index
        self.target = self.index.copy()
        # What comes into use in a month, and by how much less from a later month on.
        self._month, self._pace = 0, np.zeros_like(self.index)
        self._ends: dict[int, Floats] = {}

    def build(self, rows: npt.NDArray[np.int64], added: Floats, months: float) -> None:
        """`added` comes into use in equal parts over `months` from now, beside earlier works."""
        whole, pace = int(months), added / months
        self.target[rows] += added
        self._pace[rows] += pace
        for month, less in ((whole, 1.0 - (months - whole)), (whole + 1, months - whole)):
            ends = self._ends.setdefault(self._month + month, np.zeros_like(self._pace))
            ends[rows] += pace * less

    def build_up(self, decay: float) -> None:
        """A month: works under way come into use, works in full use wear off.

        Args:
            decay: share that wears off in a year.
        """
        if (ends := self._ends.pop(self._month, None)) is not None:
            self._pace = np.maximum(self._pace - ends, 0.0)
        self._month += 1
        under_way = self.index < self.target - _ROUNDING
        built = np.minimum(self.index + self._pace, self.target)
        kept = 1.0 - decay / 12.0
        self.index = np.where(under_way, built, self.index * kept)
        self.target = np.where(under_way, self.target, self.index)
