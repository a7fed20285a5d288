"""A posterior by Markov chains: emcee's stretch and differential-evolution moves.

(`DESnookerMove` of emcee 3.1.6 is wrong: it gives a variance of 0.63 for 1.0.) The walkers start
from importance-resampled draws, so that the burn-in has little to do, and the two methods check
each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.calibration.importance import resample
from sim.calibration.likelihood import Likelihood
from sim.calibration.space import F64

_LONG_ENOUGH = 50.0
"""Chains of this many autocorrelation times have settled (Sokal's rule in emcee's manual)."""


@dataclass(frozen=True)
class Chains:
    """Draws of a posterior and how good they are.

    Attributes:
        z: thinned draws, shuffled, (n, d).
        autocorrelation: the longest autocorrelation time of a parameter, steps.
        steps: steps after the burn-in.
        acceptance: mean share of steps accepted.
        effective: independent draws among all steps of all walkers, worst parameter.
        agreement: largest |mean of the chains - mean by importance resampling| / posterior sd.
        effective_importance: effective number of the importance draws.
    """

    z: F64
    autocorrelation: float
    steps: int
    acceptance: float
    effective: float
    agreement: float
    effective_importance: float

    @property
    def settled(self) -> bool:
        """True if the chains are long enough to be believed."""
        return self.steps >= _LONG_ENOUGH * self.autocorrelation

    def diagnostics(self) -> dict[str, float | bool]:
        """Plain values for a manifest."""
        return {
            "autocorrelation_time": round(self.autocorrelation, 1),
            "steps": self.steps,
            "acceptance": round(self.acceptance, 3),
            "effective_draws": round(self.effective),
            "settled": self.settled,
            "largest_difference_from_importance_in_sd": round(self.agreement, 3),
            "effective_importance_draws": round(self.effective_importance),
        }


def settle(likelihood: Likelihood, start: F64, seed: int, steps: int) -> F64:
    """Draws that Markov chains have moved on from a rough start.

    Importance draws repeat few points where a posterior is far from normal; a short walk of an
    ensemble mends that at a fraction of the price of long chains.

    Args:
        likelihood: targets beside emulators.
        start: rough draws, (w, d), one a walker.
        seed: of the walk.
        steps: of the walk; three snapshots of its last two thirds are returned, (3 w, d).
    """
    rng = np.random.default_rng([seed, 5])
    sampler = _sampler(likelihood, len(start))
    first = start + 0.02 * rng.standard_normal(start.shape)
    sampler.run_mcmc(_state(first, seed), steps)
    chain = sampler.get_chain()
    return np.concatenate([chain[steps // 3], chain[2 * steps // 3], chain[-1]])


def _sampler(likelihood: Likelihood, walkers: int) -> Any:
    import emcee

    moves = [(emcee.moves.StretchMove(), 0.3), (emcee.moves.DEMove(), 0.7)]
    return emcee.EnsembleSampler(
        walkers, likelihood.dimensions, likelihood.log_posterior, moves=moves, vectorize=True
    )


def _state(first: F64, seed: int) -> Any:
    import emcee

    return emcee.State(first, random_state=np.random.RandomState(seed).get_state())


def sample_posterior(
    likelihood: Likelihood, seed: int, steps: int = 3000, draws: int = 4000
) -> Chains:
    """Draws of the posterior.

    Args:
        likelihood: targets beside emulators.
        seed: of the sampler.
        steps: steps after a burn-in of a fifth of them.
        draws: how many of the steps' points to return at most.
    """
    d = likelihood.dimensions
    walkers = max(4 * d, 32)
    start = resample(likelihood, max(walkers, 2000), seed)
    rng = np.random.default_rng([seed, 3])
    # Resampled draws repeat; equal walkers would never part.
    first = start.z[:walkers] + 0.02 * rng.standard_normal((walkers, d))
    sampler = _sampler(likelihood, walkers)
    state = _state(first, seed)
    state = sampler.run_mcmc(state, steps // 5)
    sampler.reset()
    sampler.run_mcmc(state, steps)
    times = sampler.get_autocorr_time(tol=0)
    longest = float(np.nanmax(times)) if np.isfinite(times).any() else float(steps)
    flat = sampler.get_chain(flat=True)
    # At random: every k-th point of the flat chain may be of the same few walkers.
    kept = flat[rng.permutation(len(flat))[:draws]]
    spread = flat.std(0)
    return Chains(
        z=kept,
        autocorrelation=longest,
        steps=steps,
        acceptance=float(np.mean(sampler.acceptance_fraction)),
        effective=len(flat) / longest,
        agreement=float(np.max(np.abs(flat.mean(0) - start.z.mean(0)) / spread)),
        effective_importance=start.effective,
    )
