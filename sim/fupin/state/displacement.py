"""Displacement: other public money leaves a village, or its neighbours, when poverty funds come.

Counties, departments and villages also spend on roads, water, power and buildings in villages.
Where money from outside comes to a village, the county government spends less of its own there and
more in other villages, and less in both together (Chen, Mu & Ravallion 2009, on the Southwest China
project). And what departments add to the funds is partly money that their other villages would
have had: "integrating the agricultural funds of various agriculture-related departments". In this
form of the model, for yuan of poverty funds that pay for works in villages of a county,

    withdrawn        min(share x yuan, what ordinary works the village would have had in the year)
    passed on        to_other_villages x withdrawn
    from neighbours  match_from_others x yuan that departments add

where what is passed on, and what neighbours lose, is spread evenly over those villages of the
county to which no poverty funds for works have come this year. All are whole yuan. What withdrawn
money would have built is missing, and what passed on money builds is there, by what a yuan builds
at the reference dose: under the committee and at the remoteness of the village, coming into use and
wearing off as all village works. Incomes follow; nobody becomes poor by decree. Money for
households (projects in kind, transfers, loans, courses) displaces nothing.

History before the plan is the same with and without this form: its incomes were observed with
whatever was displaced. So the form is about the plan's money alone, and a plan without money is the
same plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.population.frame import Frame
from fupin.state.gradual import GradualWorks

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Moved(NamedTuple):
    """Yuan of other public money that a payment moves, weights applied."""

    withdrawn: int  # from the villages that are paid
    passed_on: int  # of it, to other villages of the county
    from_neighbours: int  # that departments take from other villages of the county


class Displacement:
    """What other public money does in every village while poverty funds pay for works.

    Args:
        frame: who lives where.
        values: `displacement.*`.
        built_by_a_yuan: works index that a yuan builds in each village, (V,).
        ramp_months: how long works take to come into use.

    Attributes:
        lost, gained: yuan of other public money per real village since the start, (V,).
    """

    def __init__(
        self,
        frame: Frame,
        values: Mapping[str, float],
        built_by_a_yuan: Floats,
        ramp_months: float,
    ) -> None:
        self.adopt(values, built_by_a_yuan, ramp_months)
        self._county = np.asarray(frame.villages.county, np.int64)
        self._counties = len(frame.counties.code)
        self._weight = np.asarray(frame.villages.weight, np.int64)
        nothing = np.zeros(self._weight.size)
        self.lost, self.gained = nothing.copy(), nothing.copy()
        self._missing, self._elsewhere = GradualWorks(nothing.copy()), GradualWorks(nothing.copy())
        self.open_year()

    def adopt(
        self, values: Mapping[str, float], built_by_a_yuan: Floats, ramp_months: float
    ) -> None:
        """What money moves and builds has other values from now on."""
        self._share = values["displacement.share"]
        self._to_others = values["displacement.to_other_villages"]
        self._match_from_others = values["displacement.match_from_others"]
        self._ordinary = float(round(values["displacement.ordinary_works"]))
        self._built_by_a_yuan, self._ramp_months = built_by_a_yuan, ramp_months

    def open_year(self) -> None:
        """January: villages may lose a year's ordinary works again, and all may receive."""
        self._room = np.full(self._weight.size, self._ordinary)
        self._served = np.zeros(self._weight.size, np.bool_)

    @property
    def index(self) -> Floats:
        """Works index that other public money adds to each village (below 0: takes), (V,)."""
        return self._elsewhere.index - self._missing.index

    def draw_away(self, rows: Ints, yuan: Floats, match: Floats) -> Moved:
        """Poverty funds pay for works in villages, so that other public money moves.

        Args:
            rows: villages, each once.
            yuan: of the poverty funds, per real village, (rows,).
            match: of departments that come with them, per real village, (rows,).
        """
        paid = yuan > 0
        self._served[rows[paid]] = True
        leaves = np.minimum(np.rint(self._share * yuan), self._room[rows])
        county, weight = self._county[rows], self._weight[rows]
        pot, taken = (
            share * np.bincount(county, weights=weight * of_village, minlength=self._counties)
            for share, of_village in ((self._to_others, leaves), (self._match_from_others, match))
        )
        from_others = np.minimum(self._each_of_others(taken), self._room)
        lost = from_others.copy()
        lost[rows] += leaves
        gained = self._each_of_others(pot)
        self._room -= lost
        self.lost += lost
        self.gained += gained
        self._build(self._missing, lost)
        self._build(self._elsewhere, gained)
        return Moved(*(int(self._weight @ x) for x in (lost - from_others, gained, from_others)))

    def _each_of_others(self, yuan: Floats) -> Floats:
        """Whole yuan of each real village that is not served, of sums of counties, (V,)."""
        others = np.bincount(
            self._county, weights=self._weight * ~self._served, minlength=self._counties
        )
        each = np.floor(np.divide(yuan, others, out=np.zeros_like(yuan), where=others > 0))
        return np.where(self._served, 0.0, each[self._county])

    def _build(self, works: GradualWorks, yuan: Floats) -> None:
        rows = np.flatnonzero(yuan)
        works.build(rows, yuan[rows] * self._built_by_a_yuan[rows], self._ramp_months)

    def build_up(self, decay: float) -> None:
        """A month: works that are missing and works elsewhere come into use and wear off.

        Args:
            decay: share of works that wears off in a year.
        """
        self._missing.build_up(decay)
        self._elsewhere.build_up(decay)
