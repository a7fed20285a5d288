"""Liquid savings of a household, debt below 0, in years of its own reference income.

Every month a household earns and consumes, and most savings are looked at once a year. So the
column `reserve` holds savings without this year's income and consumption; December adds the two
(`year.settle_income`), and whoever needs savings within the year asks here:

    savings = reserve + earned - plan x part of the year lived

What comes in or goes out beside income (loans, grants to save, deposits) changes `reserve`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.kernels.jit import kernel
from fupin.kernels.words import f32
from fupin.state.households import Households


def savings_of(
    h: Households, rows: npt.NDArray[np.int64], months: int | None
) -> npt.NDArray[np.float32]:
    """Savings of household rows, (len(rows),).

    Args:
        h: household columns (read only).
        rows: household rows, (n,), or a mask over households, (N,).
        months: months of the year that have been lived, 0 to 12; None when the year is settled.

    Raises:
        IndexError: there is no such household, or rows are not one-dimensional.
    """
    if rows.ndim != 1:
        raise IndexError(f"household rows have one dimension, not {rows.ndim}")
    saved = h.reserve[rows]  # numpy looks whether there are such rows
    if months is not None:
        numbers = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        _add_this_year(h.earned, h.plan, numbers, f32(months / 12), saved)
    return saved


@kernel
def _add_this_year(earned, plan, rows, lived, saved):  # type: ignore[no-untyped-def]
    for k in range(rows.size):
        saved[k] = saved[k] + earned[rows[k]] - plan[rows[k]] * lived
