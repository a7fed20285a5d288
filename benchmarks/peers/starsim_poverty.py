"""A small poverty module in starsim: households are its agents, chance is keyed by agent.

What it does, in the rhythm of ours: each January two normals a household, the innovation of the
persistent and the transitory shock of log income; each month crashes, departures and returns
(two uniforms a household), income earned, consumption, saving; each December who is poor. It is
written as starsim's own modules are: states, distributions drawn with `filter` and `rvs` (common
random numbers on, 32-bit numbers, both starsim's defaults), results recorded each month.

What it does not: no villages or counties, no peers in migration, no weather, no assets and
investment, no births and deaths, no kinds of crash, no perceived incomes, no register, no
programmes, no money. A month of ours does all of that.
"""

from __future__ import annotations

import numpy as np
import starsim as ss

from benchmarks.peers.small_life import SmallLife


class Poverty(ss.Module):
    """Income, crashes and migration of households; parameters as of `SmallLife`."""

    def __init__(self, life: SmallLife) -> None:
        super().__init__()
        self.define_pars(
            innovation=ss.normal(0.0, life.innovation_sd),
            transitory=ss.normal(0.0, life.transitory_sd),
            crash=ss.bernoulli(p=life.crash),
            leaves=ss.bernoulli(p=life.leaves),
            comes_home=ss.bernoulli(p=life.comes_home),
        )
        self.define_states(
            ss.FloatArr("persistent", default=0.0),
            ss.FloatArr("flow", default=1.0),
            ss.FloatArr("earned", default=0.0),
            ss.FloatArr("savings", default=0.0),
            ss.BoolState("away", default=False),
            ss.BoolState("poor", default=False),
        )
        self.life = life

    def init_results(self) -> None:
        """What is recorded each month, beside the counts that starsim keeps of its states."""
        super().init_results()
        self.define_results(
            ss.Result("n_crashes", dtype=int, scale=True),
            ss.Result("mean_flow", dtype=float, scale=False),
        )

    def open_year(self) -> None:
        """January: this year's income at present conditions."""
        life, everyone = self.life, self.sim.people.auids
        innovation = self.pars.innovation.rvs(everyone)
        self.persistent[:] = life.persistence * self.persistent.values + innovation
        log_income = self.persistent.values + self.pars.transitory.rvs(everyone)
        self.flow[:] = np.exp(log_income + np.float32(life.migrant_gain) * self.away.values)
        self.earned[:] = 0.0

    def step(self) -> None:
        """One month of every household."""
        life = self.life
        if self.ti % 12 == 0:
            self.open_year()
        crashed = self.pars.crash.filter()
        cost = life.crash_cost * self.flow[crashed]
        self.earned[crashed] -= cost
        self.savings[crashed] -= cost
        leaving = self.pars.leaves.filter(~self.away)
        coming = self.pars.comes_home.filter(self.away)
        self.away[leaving], self.away[coming] = True, False
        self.flow[leaving] *= np.exp(life.migrant_gain)
        self.flow[coming] *= np.exp(-life.migrant_gain)
        income = self.flow.values * np.float32(1 / 12)
        self.earned[:] = self.earned.values + income
        self.savings[:] = self.savings.values + income - np.float32(1 / 12)
        if self.ti % 12 == 11:
            self.poor[:] = self.earned.values < life.line
        self.results.n_crashes[self.ti] = crashed.size
        self.results.mean_flow[self.ti] = self.flow.values.mean()


def build(households: int, months: int, life: SmallLife, seed: int = 1) -> ss.Sim:
    """A simulation of some households and months, ready to run (`init` has been called)."""
    sim = ss.Sim(
        n_agents=households,
        modules=Poverty(life),
        start=ss.date("2009-01-01"),
        dur=ss.months(months - 1),  # starsim counts both ends
        dt=ss.months(1),
        rand_seed=seed,
        verbose=0,
    )
    sim.init()
    return sim
