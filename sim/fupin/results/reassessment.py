"""Whether the register falls because people are less poor, or because they were looked at.

Who is served may be re-assessed, and leaves the register without any gain in income. What of a
plan's effect on the register is of that kind is measured by twins (`fupin.lives.additional`). A
plan, or a programme that a comparison switches, whose re-assessment is above `MOST` times its
effect by income says so wherever the two are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

INCOME, REASSESSED = "additional_income_channel", "additional_recognition_channel"
"""Outcomes: persons taken off the register by income, and by re-assessment."""

MOST = 3.0
"""How many times the effect by income re-assessment may be without a warning."""


class Channels(NamedTuple):
    """Persons whom programmes take off the register, beyond a twin; below 0 where they add some."""

    income: float
    reassessed: float

    @property
    def outweighed(self) -> bool:
        """True where re-assessment takes off more than MOST times what income does."""
        return self.reassessed >= 1.0 and self.reassessed > MOST * max(self.income, 0.0)

    def __neg__(self) -> Channels:
        return Channels(-self.income, -self.reassessed)


def channels(outcomes: Mapping[str, Mapping[str, Any]]) -> Channels | None:
    """Means of the two outcomes, entries with a `mean`; None where either is unknown."""
    income, reassessed = (outcomes.get(name, {}).get("mean") for name in (INCOME, REASSESSED))
    if income is None or reassessed is None:
        return None
    return Channels(float(income), float(reassessed))


def switched(programmes: Mapping[str, Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Programmes with money in the plan alone, and in the base alone.

    None of either where another programme has more or less money than in the base: the difference
    of the plans is then not what was switched.

    Args:
        programmes: programme -> its entries of `comparison.json` for a plan.
    """
    has = {
        key: tuple(bool(entry["budget"][side]) for side in ("plan", "base"))
        for key, entry in programmes.items()
    }
    moved = (entry["budget"] for key, entry in programmes.items() if all(has[key]))
    if any(budget["plan"] != budget["base"] for budget in moved):
        return [], []
    return (
        [key for key, money in has.items() if money == (True, False)],
        [key for key, money in has.items() if money == (False, True)],
    )
