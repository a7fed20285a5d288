"""Who gains from the programmes of a run: a run beside its twin, by fifth of income before.

As the comparison of plans counts (`fupin.comparison.contest`): a person gains or loses where the
household's income of the period's last year differs by more than 1% from that in the twin.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin import measures
from fupin.kernels.words import f32
from fupin.measures.fifths import fill_persons, sum_by_fifth
from fupin.results.outcome import Table
from fupin.world.start import Start
from fupin.world.watching import Watcher
from fupin.world.world import World

GAIN = 0.01
"""Share of income that a household must gain, or lose, to be counted."""


class IncomesAtEnd(Watcher):
    """Remembers what households earn in the last year of a plan's period.

    Attributes:
        income: yuan per person, (N,).
        size: members of each household then, (N,).
    """

    def __init__(self) -> None:
        self.income = np.zeros(0, np.float32)
        self.size = np.zeros(0, np.uint8)

    def after_month(self, world: World) -> None:
        if world.clock.month == 12 and world.clock.year == world.plan.period.end.year:
            self.income = world.households.income.copy()
            self.size = world.households.size.copy()


def fifths_before(start: Start) -> npt.NDArray[np.int8]:
    """0 poorest to 4 richest: fifths of people by income of the year before the plan, (N,)."""
    households, villages = start.core.households, start.core.villages
    persons = np.empty(households.size.size)
    fill_persons(villages.offsets, villages.weight, households.size, persons)
    return measures.quantile_groups(households.income, persons, 5)


def gains_table(
    start: Start, fifth: npt.NDArray[np.int8], here: IncomesAtEnd, twin: IncomesAtEnd
) -> Table:
    """Winners, losers and change of income by fifth.

    Args:
        start: whose villages the households belong to.
        fifth: as `fifths_before`.
        here, twin: at the end of the period; the same households in the same order.

    Returns:
        `fifth` (1 poorest), `persons` who live in both worlds, of them `winners` and `losers`,
        `change_yuan` and, of the twin, `income_yuan` (both: sum over persons).
    """
    villages, by_fifth = start.core.villages, np.zeros((5, 5))
    sum_by_fifth(
        villages.offsets, villages.weight, fifth, here.size, twin.size, here.income, twin.income,
        f32(GAIN), by_fifth,
    )  # fmt: skip
    persons, winners, losers, ours, others = by_fifth.T
    return {
        "fifth": np.arange(1, 6, dtype=np.int8),
        "persons": persons,
        "winners": winners,
        "losers": losers,
        "change_yuan": ours - others,
        "income_yuan": others,
    }
