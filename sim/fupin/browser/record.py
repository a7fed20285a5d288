"""What is kept of every month that a world has lived, so that a replay shows it again.

A map and a card need a number of each village or county; households themselves are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fupin.browser.measures import MEASURES, Values, values_now
from fupin.measures import quantile_groups
from fupin.model import PovertyModel

BIN, BINS = 400.0, 20
"""Yuan; incomes above BIN x BINS lie in the last column."""

FIFTHS = 5

HARDLY = 0.01
"""Whoever's income differs by less than this part of the poverty line neither gains nor loses."""

Incomes = npt.NDArray[np.int32]


@dataclass
class Record:
    """The months of one world.

    Attributes:
        months: of the start and of each month lived, measure -> its values.
        incomes: year -> households by income, (V, 2, BINS): first the registered, then others;
            unweighted. The year before the plan is the first.
    """

    months: list[dict[str, Values]] = field(default_factory=list)
    incomes: dict[int, Incomes] = field(default_factory=dict)

    def note(self, model: PovertyModel) -> None:
        """Keep what a world is at this moment."""
        before = self.months[-1] if self.months else {}
        year, month = divmod(model.today, 12)
        settled = month == 11 or not self.months
        self.months.append({
            key: values_now(model, key) if settled or not measure.yearly else before[key]
            for key, measure in MEASURES.items()
        })  # fmt: skip
        if settled:
            self.incomes[year] = incomes_of(model)

    def incomes_at(self, year: int) -> Incomes:
        """Those of a year, or of the last that was settled before it."""
        return self.incomes[max(y for y in self.incomes if y <= max(year, min(self.incomes)))]


def incomes_of(model: PovertyModel) -> Incomes:
    """Households of each village by income of the last settled year; see `Record.incomes`."""
    h, villages = model.households, model.villages
    column = np.clip(h.income // BIN, 0, BINS - 1).astype(np.int64)
    place = villages.of_household.astype(np.int64) * (2 * BINS)
    place += np.where(h.registered > 0, 0, BINS) + column
    count = np.bincount(place, minlength=villages.id.size * 2 * BINS)
    return count.reshape(-1, 2, BINS).astype(np.int32)


@dataclass(frozen=True)
class Whom:
    """A December beside the twin's, by fifths of people by their income before the plan.

    Attributes:
        persons: people of each fifth, (FIFTHS,); all other attributes have the same shape.
        poor, poor_beside: income-poor persons, here and in the twin.
        gain: yuan per person and year, more than in the twin.
        winners, losers: persons whose income differs by more than HARDLY of the poverty line.
    """

    persons: npt.NDArray[np.float64]
    poor: npt.NDArray[np.float64]
    poor_beside: npt.NDArray[np.float64]
    gain: npt.NDArray[np.float64]
    winners: npt.NDArray[np.float64]
    losers: npt.NDArray[np.float64]


def fifths_of(model: PovertyModel) -> npt.NDArray[np.int8]:
    """Fifth of each household, 0 the poorest, of people by income at this moment, (N,)."""
    return quantile_groups(model.households.income, _persons(model), FIFTHS)


def whom(model: PovertyModel, twin: PovertyModel, fifth: npt.NDArray[np.int8]) -> Whom:
    """Both worlds in a December just lived, the same households in the same order."""
    line = model.line_of_last_december
    mine, theirs = model.households.income, twin.households.income
    persons = _persons(model).astype(np.float64)
    change = mine.astype(np.float64) - theirs

    def by_fifth(weight: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.bincount(fifth, weight, FIFTHS)

    people = by_fifth(persons)
    return Whom(
        people,
        by_fifth(persons * (mine < line)),
        by_fifth(_persons(twin).astype(np.float64) * (theirs < line)),
        by_fifth(persons * change) / np.maximum(people, 1.0),
        by_fifth(persons * (change > HARDLY * line)),
        by_fifth(persons * (change < -HARDLY * line)),
    )


def _persons(model: PovertyModel) -> npt.NDArray[np.int64]:
    villages = model.villages
    return np.asarray(villages.weight.astype(np.int64)[villages.of_household]
                      * model.households.size)  # fmt: skip
