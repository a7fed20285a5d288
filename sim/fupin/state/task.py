"""The register by task: how many may be on it is handed down, and met.

"It has lifted 200,000 people": a round number, as plans have. In this form of the register a year
has a task of reduction. The province hands it down to the counties by what they have registered,
and a county's office takes off those who look least poor until its number is met, whatever incomes
did. Hardly anybody is entered, except in the years of a listing campaign: then nearly everybody who
looks poor is, and the province hands its number down anew by how many look poor in each county.

Whoever a programme met is re-assessed as in the other forms (`fupin.state.register`), before the
office counts: who is taken off by it counts towards the task, and where it takes off more than the
task nobody is put back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.kernels.words import f32
from fupin.parameters.province import province
from fupin.population.apportion import apportion
from fupin.population.frame import Frame
from fupin.state import register
from fupin.state.households import Households
from fupin.state.register import Perception

Ints = npt.NDArray[np.int64]


def is_campaign(year: int) -> bool:
    """Whether everybody is looked at in a year, after the first listing."""
    return year in province().listing_campaigns


def handed_down(share: float, before: Ints) -> Ints:
    """How many may be on each county's register at the year's end, (C,) persons.

    Args:
        share: of the registered of the province that the year's task takes off.
        before: registered of each county at the end of the year before, (C,).
    """
    task = round(share * int(before.sum()))
    return before - apportion(before, task, upper=before) if task else before.copy()


def handed_down_anew(numbers: Ints, looking_poor: Ints, listed: Ints) -> Ints:
    """The same sum by how many look poor, (C,); no county gets more than it has listed.

    Args:
        numbers: of each county by its task, (C,).
        looking_poor: persons who look poor, (C,).
        listed: persons on the list before it is cut, (C,).
    """
    may_have = np.where(looking_poor > 0, listed, 0)
    total = min(int(numbers.sum()), int(may_have.sum()))
    return apportion(looking_poor, total, upper=may_have) if total else np.zeros_like(numbers)


def delist_to_numbers(
    h: Households,
    offsets: Ints,
    weight: Ints,
    county: Ints,
    seen: npt.NDArray[np.float32],
    numbers: Ints,
    luck: npt.NDArray[np.float32],
) -> None:
    """Take off those who look least poor until each county's number is met.

    A household leaves whole; the last one leaves with the chance that makes the number right on
    average, so that a sampled village that stands for many does not take more off than it should.

    Args:
        h: households, of whom `registered` changes and nothing else.
        offsets, weight, county: of villages, (V + 1,) and (V,).
        seen: log incomes as the committees see them, (N,).
        numbers: persons who may stay in each county, (C,).
        luck: a uniform for each county, (C,).
    """
    rows = np.flatnonzero(h.registered)
    village = np.searchsorted(offsets, rows, side="right") - 1
    where = county[village]
    persons = h.size[rows].astype(np.int64) * weight[village]
    listed = np.bincount(where, weights=persons, minlength=numbers.size)
    too_many = np.maximum(np.rint(listed).astype(np.int64) - numbers, 0)
    order = np.lexsort((rows, -seen[rows], where))
    gone_before = np.cumsum(persons[order]) - persons[order]
    gone_before -= gone_before[np.searchsorted(where[order], where[order])]
    left = too_many[where[order]] - gone_before
    chosen = order[luck[where[order]].astype(np.float64) * persons[order] < left]
    h.registered[rows[chosen]] = 0


@dataclass(frozen=True)
class TaskOffices:
    """County offices that are given numbers.

    Attributes:
        values: `register.task_share`, `task_entry` and `campaign_entry` of a draw.
        village_id, offsets, weight, county: of villages, (V,) and (V + 1,).
        county_id: that keys a county's luck, (C,).
    """

    values: Mapping[str, float]
    village_id: Ints
    offsets: Ints
    weight: Ints
    county: Ints
    county_id: Ints

    @classmethod
    def of(cls, frame: Frame, values: Mapping[str, float]) -> TaskOffices:
        """The offices of a frame."""
        return cls(
            values=values,
            village_id=np.array(frame.villages.id, np.int64),
            offsets=np.array(frame.households.offsets, np.int64),
            weight=np.array(frame.villages.weight, np.int64),
            county=np.array(frame.villages.county, np.int64),
            county_id=np.array(frame.counties.code, np.int64),
        )

    def registered(self, h: Households) -> Ints:
        """Registered persons of each county now, weighted, (C,)."""
        persons = np.zeros(self.village_id.size, np.int64)
        register.count_persons(self.offsets, h.size, h.registered, persons)
        return self.by_county(persons)

    def by_county(self, persons: Ints) -> Ints:
        """Persons of villages, unweighted, to those of counties, weighted, (C,)."""
        total = np.bincount(
            self.county, weights=persons * self.weight, minlength=self.county_id.size
        )
        return np.rint(total).astype(np.int64)

    def review(
        self,
        h: Households,
        seen: npt.NDArray[np.float32],
        log_line: np.float32,
        p: Perception,
        before: Ints,
        today: int,
        seed: int,
        flows: Ints,
    ) -> None:
        """The December of this form: few enter, the met are re-assessed, numbers are met.

        Args:
            h: households.
            seen: log incomes as the committees see them, (N,).
            log_line: logarithm of the year's line.
            p: perception, of which the chances of a re-assessment count.
            before: registered of each county in the December before, weighted, (C,).
            today: month index.
            seed: run seed.
            flows: filled with persons delisted and listed by village, unweighted, (V, 2).
        """
        was, dates = h.registered.copy(), h.listed_month.copy()
        months, campaign = register.listed_month(today), is_campaign(today // 12)
        entry = self.values["register.campaign_entry" if campaign else "register.task_entry"]
        register.review(
            h, self.village_id, self.offsets, seen, log_line, p._replace(review=f32(0.0)), today,
            months, randomness.stream(seed, "register/review"), flows,
            others=p._replace(review=f32(entry)),
        )  # fmt: skip
        numbers = handed_down(self.values["register.task_share"], before)
        if campaign:
            poor = np.zeros(self.village_id.size, np.int64)
            register.count_below(self.offsets, h.size, seen, log_line, poor)
            numbers = handed_down_anew(numbers, self.by_county(poor), self.registered(h))
        luck = randomness.uniforms(seed, "register/task", self.county_id, 0, today)
        delist_to_numbers(h, self.offsets, self.weight, self.county, seen, numbers, luck)
        # Who was entered and is cut again in the same December was never there.
        changed = h.registered != was
        h.listed_month[:] = np.where(changed, months, dates)
        for column, flag in enumerate((changed & (was > 0), changed & (was == 0))):
            persons = np.zeros(self.village_id.size, np.int64)
            register.count_persons(self.offsets, h.size, flag.view(np.uint8), persons)
            flows[:, column] = persons
