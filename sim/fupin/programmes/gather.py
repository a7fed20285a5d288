"""Columns of villages and keyed luck for household rows, whatever their order."""

from __future__ import annotations

import numpy as np

from fupin import randomness
from fupin.kernels import arithmetic
from fupin.kernels.jit import kernel


@kernel
def gather(column, rows, out):  # type: ignore[no-untyped-def]
    """Entries of a column at `rows`, into `out`."""
    for k in range(rows.size):
        out[k] = column[rows[k]]


@kernel
def gather_twice(column, place, rows, out):  # type: ignore[no-untyped-def]
    """Entries of a column of villages at the villages of household `rows`, into `out`."""
    for k in range(rows.size):
        out[k] = column[place[rows[k]]]


@kernel
def uniforms_of(key, ids, offsets, of_household, rows, month, slot, out):  # type: ignore[no-untyped-def]
    """Keyed uniforms of household `rows`, as `randomness.uniforms` has them, into `out`."""
    last = np.int64(-1)
    low, high = randomness.village_key(key, 0, month, slot)
    for k in range(rows.size):
        village = np.int64(of_household[rows[k]])
        if village != last:  # rows of a village often stand together
            low, high = randomness.village_key(key, ids[village], month, slot)
            last = village
        out[k] = arithmetic.uniform(randomness.draw(low, high, rows[k] - offsets[village]))
