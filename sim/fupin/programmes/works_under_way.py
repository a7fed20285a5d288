"""Works that are paid and not finished."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class WorksUnderWay(NamedTuple):
    """Works of one kind that were begun in the same month.

    Attributes:
        kind: number of the kind.
        which: villages, as positions in the programme's rows.
        units: persons, hectares or kilometres of each.
        yuan: of the poverty funds, delivered for all of them.
        left: months of building left.
    """

    kind: int
    which: npt.NDArray[np.int64]
    units: npt.NDArray[np.float64]
    yuan: int
    left: int


def after_a_month(
    works: Iterable[WorksUnderWay],
) -> tuple[list[WorksUnderWay], list[WorksUnderWay]]:
    """Those that are still under way after another month of building, and those finished."""
    later = [one._replace(left=one.left - 1) for one in works]
    return [one for one in later if one.left > 0], [one for one in later if one.left <= 0]
