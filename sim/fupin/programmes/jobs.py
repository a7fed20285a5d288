"""What a job that a programme brings is worth to a household: pay in yuan, less what home forgoes.

A job away is a migrant more, like all others: he sends home what migrants send, and the home earns
less without him (`livelihood.year.home_left`). A job near home, or better pay of one that there
was, is entered in `wages` as so many yuan a year, and entered again each January, when `wages`
begins from migrants alone; what the home earns less is a log gain below zero. Pay is in yuan of
2009 and goes with the official mean income of the year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.world.world import World

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]


def send_away(world: World, rows: Ints) -> None:
    """One more of each household works away from now on; each row once."""
    h = world.households
    h.flow[rows] *= columns.exp(without_one_more(world, rows))
    h.wages[rows] += world.pay / (h.size[rows].astype(np.float32) * h.base[rows])
    h.migrants[rows] += 1


def without_one_more(world: World, rows: Ints) -> F32:
    """Log of what the home earns without one more of its workers, to what it earns now, (n,)."""
    h, forgone = world.households, world.rates.home_forgone
    most = np.maximum(h.labour[rows], 1).astype(np.float32)
    now = most - forgone * h.migrants[rows].astype(np.float32)
    return columns.log((now - forgone) / now)


class Jobs:
    """Jobs near home, or premiums on pay, of one programme; a household has one at a time.

    Attributes:
        rows: household row of each.
    """

    def __init__(self, programme: Programme[Any]) -> None:
        self._programme = programme
        self.rows: Ints = np.zeros(0, np.int64)
        self._yuan = np.zeros(0)  # a year, a household, of 2009
        self._entered = np.zeros(0, np.float32)  # in `wages`, since January or since it began
        self._forgone = np.zeros(0, np.float32)  # log change of what is earned at home

    def begin(self, rows: Ints, yuan: npt.ArrayLike, forgone: npt.ArrayLike = 0.0) -> None:
        """Jobs of some households that have none of the programme, each row once.

        Args:
            rows: household rows.
            yuan: pay a year, yuan of 2009.
            forgone: log change of what is earned at home, 0 or below.
        """
        pay = np.broadcast_to(np.asarray(yuan, np.float64), rows.shape)
        less = np.broadcast_to(np.asarray(forgone, np.float32), rows.shape)
        self._programme.raise_income(rows, less)
        self._entered = np.concatenate([self._entered, self._enter(rows, pay)])
        self.rows = np.concatenate([self.rows, rows])
        self._yuan = np.concatenate([self._yuan, pay])
        self._forgone = np.concatenate([self._forgone, less])

    def end(self, over: npt.NDArray[np.bool_]) -> Ints:
        """Jobs that are over, a mask over `rows`; the rows of their households."""
        rows = self.rows[over]
        self._programme.world.households.wages[rows] -= self._entered[over]
        self._programme.raise_income(rows, -self._forgone[over])
        for name in ("rows", "_yuan", "_entered", "_forgone"):
            setattr(self, name, getattr(self, name)[~over])
        return rows

    def open_year(self) -> None:
        """January: `wages` began anew, and the year has its own pay."""
        self._entered = self._enter(self.rows, self._yuan)

    def _enter(self, rows: Ints, yuan: npt.NDArray[np.float64]) -> F32:
        programme = self._programme
        world = programme.world
        # Pay is yuan of the year, and what programmes enter is yuan of 2009.
        real = world.pay_growth * world.level_of_money / world.level
        years = programme.yuan_to_years(rows, yuan * real)
        programme.world.households.wages[rows] += years
        return years
