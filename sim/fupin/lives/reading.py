"""What the figures of the document are read from: a world at its end, and the years that count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from fupin.world.world import World

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reading:
    """A world at its end, and which years of it are set beside the document.

    Attributes:
        world: the world that was lived.
        years: the year that is read, alone.
        outcomes: the outcomes of this year.
    """

    world: World
    years: tuple[int, ...]
    outcomes: Mapping[str, float | None]

    def programme(self, key: str) -> Any:
        """The programme of a key; None where it is off, whatever earlier years left."""
        if not self.world.plan.programmes.of(key).active:
            return None
        return next(p for p in self.world.programmes if p.key == key)

    def count(self, key: str, name: str) -> float | None:
        """Sum of a programme's count over the years."""
        programme = self.programme(key)
        if programme is None:
            return None
        return float(sum(programme.counts_by_year[year].get(name, 0) for year in self.years))

    def budget(self, key: str) -> float | None:
        """Yuan that the plan gives to a programme."""
        if self.programme(key) is None:
            return None
        return self.sum_of_years(self.world.plan.calendar(key).in_year)

    def of_class(self, money: str) -> float:
        """Yuan of all programmes of a money class."""
        totals: Mapping[Any, int] = self.world.plan.class_totals(self.years)
        return float(totals[money])

    def sum_of_years(self, yuan: Callable[[int], int]) -> float:
        """Sum over the years."""
        return float(sum(yuan(year) for year in self.years))

    def given(self, key: str, name: str) -> float | None:
        """What the plan says of a programme, else the programme's own parameter."""
        programme = self.programme(key)
        if programme is None:
            return None
        said = getattr(programme.settings, name)
        return programme.own(name) if said is None else float(said)

    def served(self, key: str) -> float | None:
        """Counties that a programme works in."""
        programme = self.programme(key)
        return None if programme is None else float(programme.serves.sum())

    def part(self, key: str, name: str) -> Any:
        """A named part of a programme's plan; None where the plan has no such part."""
        programme = self.programme(key)
        return None if programme is None else getattr(programme.settings, name)

    def part_budget(self, key: str, name: str) -> float:
        """Yuan of a named part; 0 without one."""
        part = self.part(key, name)
        return 0.0 if part is None else self.budget_of(key, part.budget)

    def budget_of(self, key: str, budget: Any) -> float:
        """Yuan of a part of a programme's budget, as it is written."""
        return self.sum_of_years(self.world.plan.calendar_with(key, budget).in_year)

    def villages(self, here: Flags) -> float:
        """Real villages among village rows `here`, (V,)."""
        return float(self.world.villages.weight[here].sum())

    @property
    def listed(self) -> Flags:
        """Villages on the roster, (V,)."""
        return np.asarray(self.world.frame.villages.listed)

    @property
    def three_prefectures(self) -> Flags:
        """Counties of the three prefectures that the document names, (counties,)."""
        return self.world.frame.counties.within("named_prefectures")


Measure = Callable[[Reading], float | None]


@dataclass(frozen=True)
class Figure:
    """How one figure is measured.

    Attributes:
        measure: a reading of a run -> the number in the document's unit, or None.
        least, most: the smallest and largest possible value; None where there is none.
        of: what stands beside the document's: what happens in a "year", a count at its "end", or
            something "said", by the plan or the province, that is of no year.
    """

    measure: Measure
    least: float | None = 0.0
    most: float | None = None
    of: Literal["year", "end", "said"] = "year"
