"""Total impact: persons out of poverty per 10,000 yuan, beside what studies of China found.

The range is that of public spending in rural China in the 1990s, from poverty loans to roads (Fan,
Zhang & Zhang 2002), in yuan of 2009 (parameters `costs.impact_*`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from fupin.statistics.crossed import Statistics
from fupin.statistics.pairs import Grid, effect_per

UNIT = 10_000
"""Yuan."""

MONEY = ("spent", "resource_cost")
"""Outcomes that persons are divided by."""

Verdict = Literal["below", "within", "above"]


class Range(NamedTuple):
    """Persons per 10,000 yuan of 2009 that studies found."""

    low: float
    high: float

    def verdict(self, impact: float) -> Verdict:
        """Where an impact stands."""
        return "below" if impact < self.low else "above" if impact > self.high else "within"


def studied(values: Mapping[str, float] | None = None) -> Range:
    """The range of the studies, by parameter values; the central ones if not given."""
    if values is None:
        from fupin.parameters.book import load_book

        values = load_book().values()
    prices = values["costs.impact_prices"]
    return Range(values["costs.impact_low"] / prices, values["costs.impact_high"] / prices)


def total_impact(persons: Grid, yuan: Grid) -> Statistics:
    """Mean persons over mean yuan, per 10,000 yuan, with Fieller's 90% interval.

    Args:
        persons: fewer income-poor than without the programmes, draws x seeds.
        yuan: of the same runs.

    Returns:
        {mean, low, high}; None where undefined, as of `effect_per` (where no yuan is paid, say).
    """
    return effect_per(persons, yuan / UNIT)


def impacts(persons: Grid, money: Mapping[str, Grid]) -> dict[str, Any]:
    """The same for every kind of money, by its outcome."""
    return {name: total_impact(persons, yuan) for name, yuan in money.items()}
