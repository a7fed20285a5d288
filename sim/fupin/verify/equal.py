"""Tables that are the same bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fupin.results.outcome import Table
from fupin.store.tables import to_arrow

if TYPE_CHECKING:
    import pyarrow


def same_table(one: Table, other: Table) -> bool:
    return same(to_arrow(one), to_arrow(other))


def same(one: pyarrow.Table, other: pyarrow.Table) -> bool:
    """True where names and every bit of every value agree (so NaN is the same as NaN)."""
    if one.column_names != other.column_names or one.num_rows != other.num_rows:
        return False
    for name in one.column_names:
        a, b = one[name].to_numpy(), other[name].to_numpy()
        if a.dtype != b.dtype:
            return False
        if a.dtype.kind == "f":
            a, b = (column.view(f"u{column.dtype.itemsize}") for column in (a, b))
        if not np.array_equal(a, b):
            return False
    return True
