"""What poverty funds for works do to other public money in a county."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]

COUNTS = ("withdrawn_yuan", "passed_on_yuan", "from_neighbours_yuan")
"""Yuan of others, in the order of `fupin.state.displacement.Moved`."""


def draw_away(
    programme: Programme[Any], villages: Ints, yuan: npt.NDArray[Any], match: float = 0.0
) -> None:
    """A programme pays for works: other public money moves, where the plan has displacement on.

    The programme counts what moves (`COUNTS`). It is money of counties, departments and villages:
    it stands beside the programme's accounts and is no part of them.

    Args:
        programme: who pays.
        villages: village rows, each once.
        yuan: that reach each real village for its works, (rows,).
        match: yuan of departments that come with each of them.
    """
    displacement = programme.world.works.displacement
    if displacement is None:
        return
    paid = yuan.astype(np.float64)
    moved = displacement.draw_away(villages, paid, match * paid)
    for name, more in zip(COUNTS, moved, strict=True):
        programme.counts[name] = programme.counts.get(name, 0) + more
