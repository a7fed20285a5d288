"""Sums over households by fifth of income, in one pass over the villages."""

from __future__ import annotations

import numpy as np

from fupin.kernels.jit import kernel


@kernel
def fill_persons(offsets, weight, size, out):  # type: ignore[no-untyped-def]
    """Persons that each household stands for, (N,), into `out`."""
    for i in range(weight.size):
        for j in range(offsets[i], offsets[i + 1]):
            out[j] = np.float64(weight[i] * np.int64(size[j]))


@kernel
def sum_by_fifth(offsets, weight, fifth, here, there, income, before, least, sums):  # type: ignore[no-untyped-def]
    """Add persons in both worlds, winners, losers, income here and there, to `sums` (5, 5)."""
    for i in range(weight.size):
        for j in range(offsets[i], offsets[i + 1]):
            persons = np.float64(weight[i] * np.int64(min(here[j], there[j])))
            bound, change = least * abs(before[j]), income[j] - before[j]
            sums[fifth[j], 0] += persons
            sums[fifth[j], 1] += persons if change > bound else 0.0
            sums[fifth[j], 2] += persons if change < -bound else 0.0
            sums[fifth[j], 3] += np.float64(income[j]) * persons
            sums[fifth[j], 4] += np.float64(before[j]) * persons
