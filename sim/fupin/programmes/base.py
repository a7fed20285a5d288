"""The common shape of all programmes: phases of a month, whom they choose, what they count.

Months, counties, money and places are those of its office (`fupin.programmes.office`).

A programme is an object with the phases of a month as methods; a phase that it does not use is
the inherited one, which does nothing. It changes assets, skills, jobs, credit, infrastructure or
recognition; poverty follows or does not.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.kernels.words import f32
from fupin.programmes.gather import gather, gather_twice, uniforms_of
from fupin.programmes.office import Ints, Office
from fupin.programmes.selection import Criteria, choose_households, with_overlap
from fupin.programmes.targeting import by_way, choose_ranked, people_of
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.scenario.targeting import RANKED
from fupin.state.register import Service
from fupin.world.world import World

__all__ = ["Holding", "Ints", "Programme"]


@runtime_checkable
class Holding(Protocol):
    """What a programme keeps of households beside their columns: loans, projects."""

    def held_by(self, row: int) -> dict[str, float]:
        """Name -> amount that a household row has of it today."""


class Programme[Settings: ProgrammeSettings](Office[Settings]):
    """One policy stream. Subclasses set `key` and override the phases they act in.

    Args:
        world: the world it acts in.
        settings: what the plan says about it.
        index: its position in the plan's programmes, which is its account in the ledger.

    Attributes:
        counts: delivered counts of the calendar year so far, province (weights applied).
        counts_by_year: the same of the years that are over.
        phases: where the lines of lots end by which sampled villages live seats (`rounding.deal`).
    """

    service: ClassVar[Service] = Service.NONE  # how it meets the households that it reaches
    local_jobs: int = 0  # jobs near home that exist because of it, persons, weights applied

    def __init__(self, world: World, settings: Settings, index: int) -> None:
        super().__init__(world, settings, index)
        self.counts: dict[str, int] = {}
        self.phases: dict[str, float] = {}
        self.counts_by_year: dict[int, dict[str, int]] = {}

    @classmethod
    def has_stock(cls, world: World) -> bool:
        """True where earlier years left something that goes on in a plan without the programme."""
        return False

    # -- phases of a month, in the order of `fupin.month` ---------------------------------

    def release_and_allocate(self) -> None:
        """Money of the month reaches the offices of the counties that the programme serves."""

    def choose(self) -> None:
        """Villages and offices choose households."""

    def carry_out(self) -> None:
        """Works, assets, moves."""

    def train_and_place(self) -> None:
        """Courses, placements."""

    def lend_and_collect(self) -> None:
        """Loans, instalments."""

    def fade(self) -> None:
        """Gains build up or wear off."""

    def recognise(self, seen: npt.NDArray[np.float32]) -> None:
        """December, before the review: committees see log incomes `seen`, (N,), more clearly."""

    def open_year(self) -> None:
        """January (or the first month): counts start from zero."""
        self.counts = {"households": 0, "persons": 0}

    def open_fiscal_year(self) -> None:
        """First month of a fiscal year, or of all, after `open_year`: who gets its money."""

    def close_fiscal_year(self) -> None:
        """Last month of a fiscal year, or of all, before unspent money returns."""

    def close_year(self) -> None:
        """December: the year's counts are kept."""
        self.counts_by_year[self.world.clock.year] = dict(self.counts)

    def held_by(self, row: int) -> dict[str, float]:
        """What a household row has of the programme today: name -> amount.

        Loans: `owed` (yuan of principal) and `lent` (loans in the book); projects: `project`
        (worth in use, years of its reference income).
        """
        found: dict[str, float] = {}
        for held in vars(self).values():
            if isinstance(held, Holding):
                found |= held.held_by(row)
        return found

    # -- who ----------------------------------------------------------------------------------

    @property
    def people_by_village(self) -> Ints:
        """Persons of one real village by whom villages have seats, (V,): the registered poor."""
        return people_of(self)

    def village_of(self, rows: Ints) -> Ints:
        """Village row of household rows."""
        out = np.empty(rows.size, np.int64)
        gather(self.world.villages.of_household, rows, out)
        return out

    def weight_of(self, rows: Ints) -> Ints:
        """How many households each household row stands for."""
        out = np.empty(rows.size, np.int64)
        gather_twice(self.world.villages.weight, self.world.villages.of_household, rows, out)
        return out

    def uniforms(
        self, decision: str, rows: Ints, slot: int = 0, month: int | None = None
    ) -> npt.NDArray[np.float32]:
        """A keyed uniform of each household row for a decision of this month, or of another.

        The same as `randomness.uniforms` by village and number in it, in one pass.
        """
        today = self.world.clock.today if month is None else month
        v, out = self.world.villages, np.empty(rows.size, np.float32)
        uniforms_of(self.stream(decision), v.id, v.offsets, v.of_household, rows, today, slot, out)
        return out

    def choose_in(
        self, villages: Ints, quota: Ints, who: Criteria, month: int
    ) -> tuple[Ints, Ints]:
        """Household rows chosen by the committees of villages, and how many of each village.

        Args:
            villages: village rows.
            quota: how many each may choose at most.
            who: eligibility and odds.
            month: month index for the key; one value for a whole round of choices.
        """
        rows = np.zeros(int(quota.sum()), np.int64)
        if rows.size == 0:
            return rows, np.zeros(villages.size, np.int64)
        who = by_way(self.way, who)
        if self.way in RANKED:
            return choose_ranked(self, villages, quota, who)
        world, v = self.world, self.world.villages
        shared = world.chance.stream(f"selection/{world.clock.year}")
        total, taken = choose_households(
            world.households, v.id, v.offsets, villages, quota,
            with_overlap(who, self.value("overlap"), shared), month,
            self.stream("selection"), rows,
        )  # fmt: skip
        return rows[:total], taken

    def mark_reached(self, rows: Ints) -> None:
        """Households were served: the register may look at them (re-assessment)."""
        for watcher in self.world.watchers:
            watcher.reached(self, rows)
        h = self.world.households
        h.served[rows] = np.maximum(h.served[rows], np.uint8(self.service))
        h.reached[rows] |= self.bit

    def count_households(self, rows: Ints) -> None:
        """Add household rows to the counts of households and persons."""
        weight = self.weight_of(rows)
        self.counts["households"] += int(weight.sum())
        self.counts["persons"] += int((weight * self.world.households.size[rows]).sum())

    # -- what is delivered --------------------------------------------------------------------

    def book(self, county: Ints, units: Ints, each: int) -> None:
        """Enter deliveries of `each` yuan a unit, and the losses that go with them."""
        for watcher in self.world.watchers:
            watcher.booked(self, county, units, each)
        loss = self.with_loss(each) - each
        self.world.ledger.deliver(self.index, county, units * each)
        self.world.ledger.lose(self.index, county, units * loss)

    # -- effects ------------------------------------------------------------------------------

    def raise_income(self, rows: Ints, log_gain: npt.ArrayLike) -> None:
        """Add a log gain to the income of household rows, from this month on."""
        h = self.world.households
        gain = np.broadcast_to(np.asarray(log_gain, np.float32), rows.shape)
        h.gain[rows] += gain
        h.flow[rows] *= columns.exp(gain)

    def yuan_to_years(self, rows: Ints, yuan: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Yuan of a household in years of its own reference income (per person)."""
        h = self.world.households
        people = h.size[rows].astype(np.float32)
        return np.asarray(yuan, np.float32) / (
            people * f32(self.world.level_of_money) * h.base[rows]
        )
