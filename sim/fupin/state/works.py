"""What village works do to incomes: the better-off use them more (Park & Wang 2010).

A village's works index is 1 for a plan of the reference dose (394,000 yuan: 3.11 billion / 7,102,
less losses) under a committee of mean quality. The index rises over `ramp_years` after the start
and decays afterwards. A household's log income gains

    (better_off or poorer effect) x index

so that a gain reaches a household only through what its village has built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.population.apportion import power
from fupin.population.frame import Frame
from fupin.state import roster


def governance_quality(frame: Frame, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Factor on what money builds, (V,): mean 1, within [0.5, 1.5]."""
    z = np.asarray(frame.villages.governance, np.float64)
    return np.clip(1.0 + values["programmes.governance_slope"] * z, 0.5, 1.5)


def _powers(base: float, exponents: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """base ** exponents by products and square roots alone: the same bytes on every machine."""
    whole = np.floor(exponents)
    out = np.ones_like(exponents)
    for step in range(int(whole.max(initial=0.0))):
        out = np.where(whole > step, out * base, out)
    for part in np.unique(exponents - whole):  # one part for all villages: ages are whole years
        out = np.where(exponents - whole == part, out * power(np.array([base]), part)[0], out)
    return out


def history_index(frame: Frame, values: Mapping[str, float], year: int) -> npt.NDArray[np.float64]:
    """Works index at the end of `year` from history's roll-out, every plan at reference dose."""
    start = roster.start_years(frame, values)
    return _index_at_end_of(start, governance_quality(frame, values), values, year)


def _index_at_end_of(
    start: npt.NDArray[np.int16],
    quality: npt.NDArray[np.float64],
    values: Mapping[str, float],
    year: int,
) -> npt.NDArray[np.float64]:
    ramp = values["programmes.advancement_ramp_years"]
    age = np.where(start > 0, year - start + 1.0, 0.0)
    built = np.clip(age / ramp, 0.0, 1.0)
    kept = _powers(1.0 - values["programmes.advancement_decay"], np.maximum(age - ramp, 0.0))
    return built * kept * quality


def log_gains(
    index: npt.NDArray[np.float64], values: Mapping[str, float]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Log income gain of the better-off and of the poorer half at a works index, (V,) each."""
    better = values["programmes.advancement_better_off"] * index
    poorer = values["programmes.advancement_poorer"] * index
    return better.astype(np.float32), poorer.astype(np.float32)


def history(
    frame: Frame, values: Mapping[str, float]
) -> Callable[[int], tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Village works at the end of each year, as the yearly core wants them."""
    start, quality = roster.start_years(frame, values), governance_quality(frame, values)
    return partial(_gains_at_end_of, start, quality, values)  # a closure would not pickle


def _gains_at_end_of(
    start: npt.NDArray[np.int16],
    quality: npt.NDArray[np.float64],
    values: Mapping[str, float],
    year: int,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    return log_gains(_index_at_end_of(start, quality, values, year), values)


class VillageWorks:
    """State of the works of every village from a date on.

    Attributes:
        index: what is built and in use, (V,).
        target: index that the money spent so far will reach.
        spent: yuan for works per real village so far.
        plan_money: of it, yuan of the village's advancement plan, which complete it.
    """

    def __init__(self, frame: Frame, values: Mapping[str, float], end_of_year: int) -> None:
        self._values = {k: values[k] for k in _USED}
        self._quality = governance_quality(frame, values)
        # Factor on what money builds while others help the committee (resident cadres).
        self.help = np.ones(self._quality.size)
        start = roster.start_years(frame, values)
        years_paid = np.where(start > 0, np.clip(end_of_year - start + 1, 0, roster.PLAN_YEARS), 0)
        self.spent = years_paid / roster.PLAN_YEARS * values["programmes.advancement_dose"]
        self.plan_money = self.spent.copy()
        self.index = history_index(frame, values, end_of_year)
        age = np.where(start > 0, end_of_year - start + 1.0, 0.0)
        # Works in full use wear off from here on; the others go on being built.
        in_use = age >= values["programmes.advancement_ramp_years"]
        reach = np.maximum(self._reach(slice(None)), self.index)
        self.target = np.where(in_use, self.index, reach)
        self._pace = self._quality / (12.0 * values["programmes.advancement_ramp_years"])
        # Log gains of the halves from other things that villages have built: (V, 2), columns
        # better-off and poorer. Programmes add to it; it lasts.
        self.other = np.zeros((self.index.size, 2))
        self._january = self.index.copy()
        self._other_january = self.other.copy()

    def _reach(self, rows: npt.NDArray[np.int64] | slice) -> npt.NDArray[np.float64]:
        """Index that the money spent so far will build."""
        dose = self.spent[rows] / self._values["programmes.advancement_dose"]
        return np.sqrt(dose) * self._quality[rows] * self.help[rows]

    def spend(
        self, rows: npt.NDArray[np.int64], yuan: npt.NDArray[np.float64], plan: bool = False
    ) -> None:
        """Money for works reaches villages.

        Args:
            rows: villages.
            yuan: per real village.
            plan: it pays the village's advancement plan, and so counts for its completion.
        """
        before = self._reach(rows)
        self.spent[rows] += yuan
        if plan:
            self.plan_money[rows] += yuan
        added = self._reach(rows) - before
        self.target[rows] += added
        ramp = 12.0 * self._values["programmes.advancement_ramp_years"]
        self._pace[rows] = np.maximum(self._pace[rows], (self.target - self.index)[rows] / ramp)

    def open_year(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """January: log gains of the halves, which the year's incomes start from."""
        self._january = self.index.copy()
        self._other_january = self.other.copy()
        return self.gains()

    def gains(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Log gains of the halves from what is in use now."""
        better, poorer = log_gains(self.index, self._values)
        other = self.other.astype(np.float32)
        return better + other[:, 0], poorer + other[:, 1]

    def factors(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Income factors of the halves since January."""
        better, poorer = log_gains(self.index - self._january, self._values)
        other = (self.other - self._other_january).astype(np.float32)
        return columns.exp(better + other[:, 0]), columns.exp(poorer + other[:, 1])

    def build_up(self) -> None:
        """A month: works under way come into use, works in full use wear off."""
        under_way = self.index < self.target
        built = np.minimum(self.index + self._pace, self.target)
        kept = 1.0 - self._values["programmes.advancement_decay"] / 12.0
        self.index = np.where(under_way, built, self.index * kept)
        self.target = np.where(under_way, self.target, self.index)


_USED = (
    "programmes.advancement_better_off",
    "programmes.advancement_poorer",
    "programmes.advancement_dose",
    "programmes.advancement_ramp_years",
    "programmes.advancement_decay",
)
