"""Bytes that a household's month moves through memory, from the columns that its loop touches.

The month kernel goes village by village; a village's columns fit into the cache, so each column
that a month needs is read from memory once, and each that it changes for all is written once.
What only a household with an event touches (its assets, its members) is left out: it is rare.
"""

from __future__ import annotations

from fupin.state.households import Households

READ = (
    "size", "labour", "schooling", "migrants", "rank_half", "hit", "base", "flow",
    "wages", "earned",
)  # fmt: skip
"""Columns that the month kernel reads of every household."""
WRITTEN = ("earned", "flow", "wages", "migrants")
"""Columns that it stores for every household; a month without events changes the first alone."""


def bytes_of_a_month(households: Households) -> int:
    """Bytes read and written for one household and month."""
    return sum(getattr(households, name).itemsize for name in (*READ, *WRITTEN))


def bandwidth_share(month_ns: float, moved: float, copy_ns: float) -> float:
    """Share of the machine's copying speed that a loop reaches.

    Args:
        month_ns: time of one household-month.
        moved: bytes that it moves.
        copy_ns: time to copy one float32, which moves 8 bytes.
    """
    return (moved / month_ns) / (8.0 / copy_ns)
