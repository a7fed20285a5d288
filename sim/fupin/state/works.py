"""What village works do to incomes: the better-off use them more (Park & Wang 2010).

A village's works index is 1 for a plan of the reference dose (394,000 yuan) in a village of mean
remoteness under a committee of mean quality. Money builds with its square root, and less of it
where town is far:

    reach = quality x sqrt(yuan / (dose x remote_factor))

Each instalment comes into use over `ramp_years` from the month in which it is paid; what is in full
use decays. A household's log income gains

    (better_off or poorer effect) x index

so that a gain reaches a household only through what its village has built.

Where a plan says so, other public money leaves the villages that are paid (`displacement.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.parameters.values import ParameterValues
from fupin.population.apportion import power
from fupin.population.frame import Frame
from fupin.state import roster
from fupin.state.displacement import Displacement
from fupin.state.gradual import GradualWorks

Floats = npt.NDArray[np.float64]
Values = Mapping[str, float]

_MID_YEAR = 0.5
"""History pays an instalment in the middle of its year, as a plan does on average."""


def governance_quality(frame: Frame, values: Values) -> Floats:
    """Factor on what money builds, (V,): mean 1, within [0.5, 1.5]."""
    z = np.asarray(frame.villages.governance, np.float64)
    return np.clip(1.0 + values["programmes.governance_slope"] * z, 0.5, 1.5)


def remote_factor(frame: Frame, values: Values) -> Floats:
    """Factor on what a unit of works costs in each village, (V,): 1 at mean remoteness.

    Materials and machines come by bad roads, wells are deeper and pipes longer in the hills.
    """
    remoteness = np.asarray(frame.villages.remoteness, np.float64)
    steep = values["programmes.remote_cost"]
    return 1.0 + steep * (remoteness - values["rural_works.mean_remoteness"])


def _powers(base: float, exponents: Floats) -> Floats:
    """base ** exponents by products and square roots alone: the same bytes on every machine."""
    whole = np.floor(exponents)
    out = np.ones_like(exponents)
    for step in range(int(whole.max(initial=0.0))):
        out = np.where(whole > step, out * base, out)
    for part in np.unique(exponents - whole):  # one part for all villages: ages are whole years
        out = np.where(exponents - whole == part, out * power(np.array([base]), part)[0], out)
    return out


class Plans(NamedTuple):
    """Plans of history: when they start, what each instalment builds, (V,) each.

    Attributes:
        start: year of the start; 0 where none.
        cost: yuan that reach the village in all instalments.
        adds: index that each instalment adds in the end, in the order of payment.
    """

    start: npt.NDArray[np.int16]
    cost: Floats
    adds: tuple[Floats, ...]

    @classmethod
    def of(cls, frame: Frame, values: ParameterValues) -> Plans:
        """Plans of the roster under a draw."""
        start = roster.start_years(frame, values)
        cost = roster.plan_costs(values, start)
        dose = values["programmes.advancement_dose"] * remote_factor(frame, values)
        quality = governance_quality(frame, values)
        reach = [
            np.sqrt(cost * paid / roster.PLAN_YEARS / dose) * quality
            for paid in range(roster.PLAN_YEARS + 1)
        ]
        return cls(start, cost, tuple(after - before for before, after in pairwise(reach)))

    def paid(self, end_of_year: int) -> npt.NDArray[np.int64]:
        """Instalments paid by the end of a year, (V,); history's money ends with the document."""
        since = min(end_of_year, roster.LAST) - self.start.astype(np.int64) + 1
        return np.where(self.start > 0, np.clip(since, 0, roster.PLAN_YEARS), 0)

    def in_use(self, values: Values, end_of_year: int) -> list[Floats]:
        """Share of each instalment's works that is in use at the end of a year, (V,) each."""
        ramp = values["programmes.advancement_ramp_years"]
        shares = []
        for k in range(len(self.adds)):
            age = end_of_year - self.start.astype(np.float64) - k + _MID_YEAR
            paid = (self.start > 0) & (self.start + k <= roster.LAST)
            shares.append(np.where(paid, np.clip(age / ramp, 0.0, 1.0), 0.0))
        return shares

    def built(self, values: Values, end_of_year: int) -> Floats:
        """Works index at the end of a year, (V,)."""
        shares = self.in_use(values, end_of_year)
        built = sum(add * share for add, share in zip(self.adds, shares, strict=True))
        age = end_of_year - self.start.astype(np.float64) - (len(self.adds) - 1) + _MID_YEAR
        worn = np.maximum(age - values["programmes.advancement_ramp_years"], 0.0)
        worn = np.where(self.start > 0, worn, 0.0)
        return np.asarray(built * _powers(1.0 - values["programmes.advancement_decay"], worn))


def history_index(frame: Frame, values: ParameterValues, year: int) -> Floats:
    """Works index at the end of `year` from history's roll-out."""
    return Plans.of(frame, values).built(values, year)


def log_gains(
    index: Floats, values: Values
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Log income gain of the better-off and of the poorer half at a works index, (V,) each."""
    better = values["programmes.advancement_better_off"] * index
    poorer = values["programmes.advancement_poorer"] * index
    return better.astype(np.float32), poorer.astype(np.float32)


def history(
    frame: Frame, values: ParameterValues
) -> Callable[[int], tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Village works at the end of each year, as the yearly core wants them."""
    # A closure would not pickle.
    return partial(_gains_at_end_of, Plans.of(frame, values), values)


def _gains_at_end_of(
    plans: Plans, values: Values, year: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    return log_gains(plans.built(values, year), values)


class VillageWorks:
    """State of the works of every village from a date on.

    Args:
        frame: who lives where.
        values: parameter values of the draw.
        end_of_year: the year whose December they start from, by the roll-out of history.
        displaces: other public money leaves the villages that are paid from now on.

    Attributes:
        displacement: what other public money does; None where it does nothing.
        spent: yuan for works per real village so far.
        plan_money: of it, yuan of the village's advancement plan.
        plan_cost: yuan that the village's plan takes in all; 0 where none has begun.
    """

    def __init__(
        self, frame: Frame, values: ParameterValues, end_of_year: int, displaces: bool = False
    ) -> None:
        self.displacement: Displacement | None = None
        self.adopt(frame, values)
        # Factor on what money builds while others help the committee (resident cadres).
        self.help = np.ones(self._quality.size)
        plans = Plans.of(frame, values)
        paid, shares = plans.paid(end_of_year), plans.in_use(values, end_of_year)
        self.plan_cost = np.where(paid > 0, plans.cost, 0.0)
        self.plan_money = self.plan_cost * paid / roster.PLAN_YEARS
        self.spent = self.plan_money.copy()
        self._built = GradualWorks(plans.built(values, end_of_year))
        # Works in full use wear off from here on; the others go on being built.
        for k, (add, share) in enumerate(zip(plans.adds, shares, strict=True)):
            for done in np.unique(share[(paid > k) & (share < 1.0)]):
                rows = np.flatnonzero((paid > k) & (share == done))
                months = self._ramp_months * (1.0 - done)
                self._built.build(rows, add[rows] * (1.0 - done), months)
        if displaces:
            a_yuan = self._quality / self._dose
            self.displacement = Displacement(frame, values, a_yuan, self._ramp_months)
        # Log gains of the halves from other things that villages have built: (V, 2), columns
        # better-off and poorer. Programmes add to it; it lasts.
        self.other = np.zeros((self.index.size, 2))
        self._january = self._in_use.copy()
        self._other_january = self.other.copy()

    def adopt(self, frame: Frame, values: Mapping[str, float]) -> None:
        """What money builds, and what works do, has other values from now on."""
        self._values = {k: values[k] for k in _USED}
        self._quality = governance_quality(frame, values)
        self._dose = values["programmes.advancement_dose"] * remote_factor(frame, values)
        if self.displacement is not None:
            self.displacement.adopt(values, self._quality / self._dose, self._ramp_months)

    @property
    def index(self) -> Floats:
        """What is built and in use of what was paid, (V,)."""
        return self._built.index

    @property
    def target(self) -> Floats:
        """Index that the money spent so far will reach, (V,)."""
        return self._built.target

    @property
    def _in_use(self) -> Floats:
        """Works index of all public money that a plan moves, (V,)."""
        return self.index if self.displacement is None else self.index + self.displacement.index

    @property
    def _ramp_months(self) -> float:
        return 12.0 * self._values["programmes.advancement_ramp_years"]

    @property
    def plan_open(self) -> npt.NDArray[np.bool_]:
        """Villages whose plan has begun and is not paid in full, (V,)."""
        return (self.plan_money > 0) & (self.plan_money < self.plan_cost - 1.0)

    @property
    def plan_complete(self) -> npt.NDArray[np.bool_]:
        """Villages whose plan is paid in full, (V,)."""
        return (self.plan_money > 0) & ~self.plan_open

    def _reach(self, rows: npt.NDArray[np.int64]) -> Floats:
        """Index that the money spent so far will build."""
        return np.sqrt(self.spent[rows] / self._dose[rows]) * self._quality[rows] * self.help[rows]

    def spend(self, rows: npt.NDArray[np.int64], yuan: Floats, plan: bool = False) -> None:
        """Money for works reaches villages, and builds from this month on.

        Args:
            rows: villages, each once.
            yuan: per real village.
            plan: it pays the village's advancement plan, and so counts for its completion.
        """
        before = self._reach(rows)
        self.spent[rows] += yuan
        if plan:
            self.plan_money[rows] += yuan
        self._built.build(rows, self._reach(rows) - before, self._ramp_months)

    def plan_anew(self, rows: npt.NDArray[np.int64]) -> None:
        """Villages whose plan is paid may get another one; what was built stays."""
        self.plan_money[rows] = 0.0
        self.plan_cost[rows] = 0.0

    def open_year(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """January: log gains of the halves, which the year's incomes start from."""
        if self.displacement is not None:
            self.displacement.open_year()
        self._january = self._in_use.copy()
        self._other_january = self.other.copy()
        return self.gains()

    def gains(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Log gains of the halves from what is in use now."""
        better, poorer = log_gains(self._in_use, self._values)
        other = self.other.astype(np.float32)
        return better + other[:, 0], poorer + other[:, 1]

    def factors(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Income factors of the halves since January."""
        better, poorer = log_gains(self._in_use - self._january, self._values)
        other = (self.other - self._other_january).astype(np.float32)
        return columns.exp(better + other[:, 0]), columns.exp(poorer + other[:, 1])

    def build_up(self) -> None:
        """A month: works under way come into use, works in full use wear off."""
        decay = self._values["programmes.advancement_decay"]
        self._built.build_up(decay)
        if self.displacement is not None:
            self.displacement.build_up(decay)


_USED = (
    "programmes.advancement_better_off",
    "programmes.advancement_poorer",
    "programmes.advancement_dose",
    "programmes.advancement_ramp_years",
    "programmes.advancement_decay",
)
