"""A posterior by Markov chains: emcee's ensemble, moved along trajectories (`trajectories.py`).

Walkers do not know of each other once the burn-in is over. Half of them start where the mode is,
half at draws of the prior, the likeliest of many; that both halves end in the same place is the
check of convergence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fupin.calibration.likelihood import Likelihood
from fupin.calibration.space import F64
from fupin.calibration.trajectories import at_the_mode, fitted_to

_LONG_ENOUGH = 50.0
"""Chains of this many autocorrelation times have settled (Sokal's rule in emcee's manual)."""

_FIRST_STEP = 0.25
_TRIED = 20  # draws of the prior for each walker that starts at one
_CHUNKS = 8  # of a burn-in; the field of forces is fitted anew after each of the first six
_WELL = (0.6, 0.9)
"""Shares of accepted trajectories between which a step is neither too long nor too short."""


@dataclass(frozen=True)
class Chains:
    """Draws of a posterior and how good they are.

    Attributes:
        z: thinned draws, shuffled, (n, d).
        autocorrelation: the longest autocorrelation time of a parameter, steps.
        steps: steps after the burn-in.
        acceptance: mean share of steps accepted.
        effective: independent draws among all steps of all walkers, worst parameter.
        apart: largest |mean of walkers that started at the mode - of those that started at draws of
            the prior| / posterior sd.
    """

    z: F64
    autocorrelation: float
    steps: int
    acceptance: float
    effective: float
    apart: float

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
            "largest_difference_between_starts_in_sd": round(self.apart, 3),
        }


def sample_posterior(
    likelihood: Likelihood, seed: int, steps: int = 600, draws: int = 4000
) -> Chains:
    """Draws of the posterior.

    Args:
        likelihood: targets beside emulators.
        seed: of the sampler.
        steps: steps after a burn-in of a quarter of them.
        draws: how many of the steps' points to return at most.
    """
    walkers = 2 * max(2 * likelihood.dimensions, 16)
    rng = np.random.default_rng([seed, 3])
    sampler = _walked(likelihood, walkers, seed, steps // 4, steps)
    times = sampler.get_autocorr_time(tol=0)
    longest = float(np.nanmax(times)) if np.isfinite(times).any() else float(steps)
    chain = sampler.get_chain()  # (steps, walkers, d)
    flat = chain.reshape(-1, chain.shape[2])
    halves = [part.mean((0, 1)) for part in np.split(chain, 2, axis=1)]
    return Chains(
        # At random: every k-th point of the flat chain may be of the same few walkers.
        z=flat[rng.permutation(len(flat))[:draws]],
        autocorrelation=longest,
        steps=steps,
        acceptance=float(np.mean(sampler.acceptance_fraction)),
        effective=len(flat) / max(longest, 1.0),
        apart=float(np.max(np.abs(halves[0] - halves[1]) / flat.std(0))),
    )


def draw_quickly(likelihood: Likelihood, count: int, seed: int, walkers: int = 64) -> F64:
    """About independent draws of a posterior by short chains, (count, d), in seconds.

    Args:
        likelihood: targets beside emulators.
        count: draws wanted.
        seed: of the sampler.
        walkers: chains; more draws than these are taken `_APART` steps apart.
    """
    walkers = max(walkers, 2 * likelihood.dimensions)  # so many emcee asks for
    walkers += walkers % 2
    rounds = -(-count // walkers)
    sampler = _walked(likelihood, walkers, seed, _QUICK_BURN_IN, _APART * rounds)
    flat = sampler.get_chain(flat=True, thin=_APART)
    return np.asarray(np.random.default_rng([seed, 6]).permutation(flat)[:count])


_QUICK_BURN_IN, _APART = 48, 5


def _walked(likelihood: Likelihood, walkers: int, seed: int, burn_in: int, steps: int) -> Any:
    """A sampler that has walked `steps` steps after its burn-in."""
    import emcee

    d = likelihood.dimensions
    rng = np.random.default_rng([seed, 5])
    field, mode = at_the_mode(likelihood, _FIRST_STEP)
    half = walkers // 2
    near = mode + rng.standard_normal((half, d)) @ field.lower.T
    far = rng.standard_normal((_TRIED * half, d))
    likeliest = np.argsort(-likelihood.log_posterior(far), kind="stable")[:half]
    first = np.concatenate([near, far[likeliest]])
    state = emcee.State(first, random_state=np.random.RandomState(seed).get_state())
    part = max(burn_in // (2 * _CHUNKS), 2)
    for chunk in range(_CHUNKS):
        # Walkers that start far away, where the field of forces is wrong, are brought in by moves
        # towards the others.
        state = _sampler(likelihood, walkers, _gathering()).run_mcmc(state, part)
        sampler = _sampler(likelihood, walkers, [(emcee.moves.MHMove(field), 1.0)])
        state = sampler.run_mcmc(state, part)
        step = _tuned(field.step, float(np.median(sampler.acceptance_fraction)))
        field = replace(field, step=step)
        if chunk < _CHUNKS - 2:
            field = fitted_to(field, state.coords, step)
    sampler = _sampler(likelihood, walkers, [(emcee.moves.MHMove(field), 1.0)])
    sampler.run_mcmc(state, steps)
    return sampler


def _tuned(step: float, accepted: float) -> float:
    if accepted < _WELL[0]:
        return max(step * 0.75, 0.02)
    return min(step * 1.25, 0.7) if accepted > _WELL[1] else step


def _gathering() -> list[tuple[Any, float]]:
    import emcee

    return [(emcee.moves.StretchMove(), 0.7), (emcee.moves.DEMove(), 0.3)]


def _sampler(likelihood: Likelihood, walkers: int, moves: list[tuple[Any, float]]) -> Any:
    import emcee

    return emcee.EnsembleSampler(
        walkers, likelihood.dimensions, likelihood.log_posterior, moves=moves, vectorize=True
    )
