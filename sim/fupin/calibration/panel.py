"""Six years of income a household, added up as they are lived: the transient share's sums."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.kernels.jit import kernel


class Panel:
    """Sums over years of relative income and of the squared gap, by household.

    It gives what `measures.transient_share` gives for the whole panel at a constant ratio of line
    to mean income, from two columns instead of one a year.

    Args:
        households: number of households.
    """

    def __init__(self, households: int) -> None:
        self._sums = np.zeros((households, 2), np.float32)
        self._years = 0

    def add(self, income: npt.NDArray[np.float32], line: float) -> None:
        """One year.

        Args:
            income: yuan per person, (N,).
            line: yuan per person.
        """
        _add(self._sums, income, np.float64(line))
        self._years += 1

    def transient_share(
        self,
        size: npt.NDArray[np.integer],
        offsets: npt.NDArray[np.int64],
        weight: npt.NDArray[np.int64],
    ) -> float:
        """Transient part of the squared poverty gap; NaN where nobody was poor in any year."""
        squared, chronic = _total(self._sums, self._years, size, offsets, weight)
        return 1.0 - chronic / squared if squared > 0 else float("nan")


@kernel
def _add(sums, income, line):  # type: ignore[no-untyped-def]
    for i in range(income.size):
        relative = np.float64(income[i]) / line
        gap = min(max(1.0 - relative, 0.0), 1.0)
        sums[i, 0] += np.float32(relative)
        sums[i, 1] += np.float32(gap * gap)


@kernel
def _total(sums, years, size, offsets, weight):  # type: ignore[no-untyped-def]
    squared, chronic = 0.0, 0.0
    for v in range(weight.size):
        here, lasting = 0.0, 0.0
        for i in range(offsets[v], offsets[v + 1]):
            persons = np.float64(size[i])
            gap = min(max(1.0 - np.float64(sums[i, 0]) / years, 0.0), 1.0)
            here += persons * np.float64(sums[i, 1])
            lasting += persons * gap * gap
        squared += here * weight[v] / years
        chronic += lasting * weight[v]
    return squared, chronic
