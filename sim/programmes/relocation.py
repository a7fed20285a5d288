"""Relocation: "In July 2009, the counties assigned the task of poverty alleviation by relocation
had completed the relocation of 1547 households, involving 5359 people, and five immigrant
communities were being constructed."

Who decides: the task counties (named by the plan, else the 11 of the frame) ask the households
nominated to their communities, the remote and the registered first. Mechanism: a household keeps
its id and row, `place` points to the community. It loses time and part of its land in the first
months, takes on debt for the house, and gains access to work as it settles: its income dips and
then climbs over two years to a gain in proportion to the remoteness that it leaves behind.
Losses: a share of the grant. Fading: none after the climb.
"""

from __future__ import annotations

import numpy as np

from sim.programmes.base import Ints, Programme


class Relocation(Programme):
    """Households move from remote villages to built communities."""

    key = "relocation"

    def __init__(self, model, settings, index) -> None:  # type: ignore[no-untyped-def]
        super().__init__(model, settings, index)
        self.moved: Ints = np.zeros(0, np.int64)  # household rows, in order of moving
        self.since: Ints = np.zeros(0, np.int64)  # month index of the move
        self._candidates, self._community = self._queue()

    def default_counties(self) -> np.ndarray:
        """The task counties: those with communities."""
        communities = self.model.frame.communities
        return np.isin(np.arange(len(self.model.frame.counties.code)), communities.county)

    def _queue(self) -> tuple[Ints, Ints]:
        """Nominated household rows and their community, in the frame's keyed order."""
        communities = self.model.frame.communities
        offsets = np.asarray(communities.offsets, np.int64)
        rows = np.asarray(communities.members, np.int64)
        community = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
        turn = np.arange(rows.size) - np.repeat(offsets[:-1], np.diff(offsets))
        order = np.lexsort((community, turn))  # communities fill side by side
        return rows[order], community[order]

    def open_year(self) -> None:
        """Counts from zero; task counties get money by the households nominated in them."""
        super().open_year()
        county = self.county_of(self.village_of(self._candidates))
        waiting = np.zeros(self.serves.size, np.float64)
        people = self.model.households.size[self._candidates] * self.weight_of(self._candidates)
        np.add.at(waiting, county, people.astype(np.float64))
        self._allotments = self.split_by(np.where(self.serves, waiting, 0.0))

    def release_and_allocate(self) -> None:
        """Counties get their part of the month."""
        self.release_this_month(self._allotments)

    def choose(self) -> None:
        """Counties ask the nominated, registered households first, while cash and places last."""
        self._leaving = np.zeros(0, np.int64)
        if not self.at_work or self._candidates.size == 0:
            return
        model, h = self.model, self.model.households
        rows = self._candidates
        may = self.serves[self.county_of(self.village_of(rows))]
        may &= (h.reached[rows] & self.bit) == 0
        rows = rows[may]
        if rows.size == 0:
            return
        # The poor cannot pay their part of the house: consent falls without savings or labour.
        willing = self.uniforms("consent", rows) < self.value("relocation_consent")
        rows = rows[willing]
        county = self.county_of(self.village_of(rows))
        order = np.lexsort((np.arange(rows.size), -h.registered[rows].astype(np.int8), county))
        rows, county = rows[order], county[order]
        weight = self.weight_of(rows)
        each = self.price("relocation_grant")
        cost = weight * h.size[rows].astype(np.int64) * self.with_loss(each)
        running = np.cumsum(cost)
        before = np.concatenate([[0], running])[np.searchsorted(county, county)]
        rows = rows[running - before <= self.cash[county]]
        weight = self.weight_of(rows)
        places = self.places("relocation_places")
        # Places are shared by turn of nomination, not by county code.
        turn = np.argsort(np.searchsorted(np.sort(self._candidates), rows), kind="stable")
        fits = np.cumsum(weight[turn]) <= places
        self._leaving = np.sort(rows[turn[fits]])
        del model

    def carry_out(self) -> None:
        """The month's households move."""
        rows = self._leaving
        if rows.size == 0:
            return
        model, h = self.model, self.model.households
        people = self.weight_of(rows) * h.size[rows].astype(np.int64)
        self.book(self.county_of(self.village_of(rows)), people, self.price("relocation_grant"))
        destination = dict(zip(self._candidates.tolist(), self._community.tolist(), strict=True))
        model.place[rows] = [-1 - destination[int(r)] for r in rows]
        # Debt for the house, in years of the household's own income.
        h.savings[rows] -= np.float32(self.value("relocation_debt"))
        self.raise_income(rows, self.value("relocation_dip"))
        self.mark_reached(rows)
        self.count_households(rows)
        self.moved = np.concatenate([self.moved, rows])
        self.since = np.concatenate([self.since, np.full(rows.size, model.today, np.int64)])

    def fade(self) -> None:
        """Settling in: each month of two years takes a household from the dip to the gain."""
        if self.moved.size == 0:
            return
        climb = round(self.value("relocation_climb_months"))
        age = self.model.today - self.since
        climbing = (age > 0) & (age <= climb)
        rows = self.moved[climbing]
        if rows.size:
            left = np.asarray(self.model.frame.villages.remoteness)[self.village_of(rows)]
            reference = self.value("relocation_reference_remoteness")
            gain = self.value("relocation_gain") * left / reference
            self.raise_income(rows, (gain - self.value("relocation_dip")) / climb)
