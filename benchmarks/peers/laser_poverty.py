"""The small poverty model on LASER's columns: a LaserFrame of households, steps compiled by numba.

What it does: the small model of `starsim_poverty`, with the same parameters and rhythm: two normals
a household in January, two uniforms a household and month. It is written as LASER's components are:
a `LaserFrame` with scalar properties, parameters in a `PropertySet`, one compiled loop a component
with `prange`, normals from `laser.core.distributions`, random numbers from numba's generator of the
thread, seeded by `laser.core.random.seed`. It runs on one thread, like everything in the table.

What it does not: all that the starsim version does not, and its chance is not keyed. One household
more, or another number of threads, changes every number after it, so a plan and its twin do not
share luck.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from laser.core import LaserFrame, PropertySet
from laser.core import distributions as dists
from laser.core import random as laser_random
from numba import njit, prange, set_num_threads

from benchmarks.peers.small_life import SmallLife

F32 = npt.NDArray[np.float32]


@njit(parallel=True, nogil=True, cache=True)
def _open_year(  # type: ignore[no-untyped-def]
    persistent, flow, earned, away, innovation, transitory, persistence, migrant_gain
):
    for i in prange(flow.size):
        persistent[i] = persistence * persistent[i] + innovation(0, i)
        flow[i] = np.exp(persistent[i] + transitory(0, i) + migrant_gain * np.float32(away[i]))
        earned[i] = np.float32(0.0)


@njit(parallel=True, nogil=True, cache=True)
def _crash(flow, earned, savings, chance, cost):  # type: ignore[no-untyped-def]
    crashes = 0
    for i in prange(flow.size):
        if np.random.random() < chance:  # noqa: NPY002
            lost = cost * flow[i]
            earned[i] -= lost
            savings[i] -= lost
            crashes += 1
    return crashes


@njit(parallel=True, nogil=True, cache=True)
def _migrate(away, flow, leaves, comes_home, gain, loss):  # type: ignore[no-untyped-def]
    for i in prange(away.size):
        u = np.random.random()  # noqa: NPY002
        if away[i] == 0:
            if u < leaves:
                away[i] = 1
                flow[i] *= gain
        elif u < comes_home:
            away[i] = 0
            flow[i] *= loss


@njit(parallel=True, nogil=True, cache=True)
def _earn(flow, earned, savings, twelfth):  # type: ignore[no-untyped-def]
    for i in prange(flow.size):
        income = flow[i] * twelfth
        earned[i] += income
        savings[i] += income - twelfth


@njit(parallel=True, nogil=True, cache=True)
def _settle(earned, poor, line):  # type: ignore[no-untyped-def]
    for i in prange(earned.size):
        poor[i] = 1 if earned[i] < line else 0


class Model:
    """Households of the small model.

    Args:
        households: how many.
        life: parameters.
        seed: of numba's generator.
    """

    def __init__(self, households: int, life: SmallLife, seed: int = 1) -> None:
        set_num_threads(1)
        laser_random.seed(seed)
        self.pars = PropertySet({name: np.float32(value) for name, value in vars(life).items()})
        self.people = LaserFrame(households)
        for name in ("persistent", "flow", "earned", "savings"):
            self.people.add_scalar_property(name, dtype=np.float32, default=0.0)
        for name in ("away", "poor"):
            self.people.add_scalar_property(name, dtype=np.uint8, default=0)
        self.innovation = dists.normal(0.0, life.innovation_sd)
        self.transitory = dists.normal(0.0, life.transitory_sd)
        self.month = 0
        self.crashes: list[int] = []
        self.mean_flow: list[float] = []

    def step(self) -> None:
        """One month of every household."""
        p, h = self.pars, self.people
        if self.month % 12 == 0:
            _open_year(
                h.persistent, h.flow, h.earned, h.away,
                self.innovation, self.transitory, p.persistence, p.migrant_gain,
            )  # fmt: skip
        self.crashes.append(_crash(h.flow, h.earned, h.savings, p.crash, p.crash_cost))
        gain, loss = np.exp(p.migrant_gain), np.exp(-p.migrant_gain)
        _migrate(h.away, h.flow, p.leaves, p.comes_home, gain, loss)
        _earn(h.flow, h.earned, h.savings, np.float32(1 / 12))
        if self.month % 12 == 11:
            _settle(h.earned, h.poor, p.line)
        self.mean_flow.append(float(h.flow.mean()))
        self.month += 1
