"""Draws of a posterior by adaptive importance resampling: quick, for one data set after another.

A Gauss-Newton search finds the mode and its curvature; draws of a wide Student t there, with a
part from the prior, are weighted, and the proposal is fitted anew to the weighted draws a few
times (population Monte Carlo; Cappe and others 2004, J. Comp. Graph. Stat. 13). All of it works on
whole arrays of points, so the self-test of a hundred data sets takes minutes where a hundred
Markov chains take hours. The effective number of draws says how far a result can be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.calibration.likelihood import Likelihood
from sim.calibration.space import F64

_FREEDOM = 6.0  # of the Student t: tails heavier than any posterior near normal
_FROM_PRIOR = 0.1  # part of the proposal that comes from the prior
_STEPS = 12
_STEP = 1e-3


@dataclass(frozen=True)
class Resampled:
    """Draws of a posterior.

    Attributes:
        z: (n, d), equally weighted.
        effective: effective number of the weighted draws before resampling.
    """

    z: F64
    effective: float


def resample(
    likelihood: Likelihood, count: int, seed: int, draws: int = 2000, rounds: int = 4
) -> Resampled:
    """`count` draws of the posterior of a likelihood.

    Args:
        likelihood: targets beside emulators.
        count: draws wanted.
        seed: of the chance of the method.
        draws: points a round.
        rounds: fits of the proposal.
    """
    rng = np.random.default_rng(seed)
    centre, covariance = _mode(likelihood)
    points: list[F64] = []
    logs: list[F64] = []
    densities: list[tuple[F64, F64]] = []
    for _ in range(rounds):
        z = _propose(centre, covariance, draws, rng)
        densities.append((centre, covariance))
        points.append(z)
        logs.append(likelihood.log_posterior(z))
        # All rounds count, weighted by the mixture of their proposals: none can dominate.
        every = np.concatenate(points)
        proposed = np.logaddexp.reduce([_log_density(every, *one) for one in densities], axis=0)
        weights = _normalised(np.concatenate(logs) - proposed)
        tempered = _normalised(np.log(weights + 1e-300) * _temper(weights, likelihood.dimensions))
        centre = tempered @ every
        off = every - centre
        covariance = (off * tempered[:, None]).T @ off + 1e-3 * np.eye(off.shape[1])
    effective = float(1.0 / np.sum(weights**2))
    chosen = _systematic(weights, count, rng)
    return Resampled(every[chosen], effective)


def _mode(likelihood: Likelihood) -> tuple[F64, F64]:
    """Gauss-Newton from the centre of the prior: mode and inverse curvature."""
    d = likelihood.dimensions
    z, best = np.zeros(d), -np.inf
    for _ in range(_STEPS):
        steps = np.vstack([z, z + _STEP * np.eye(d)])
        means, variances = likelihood.predict(steps)
        slopes = (means[1:] - means[0]).T / _STEP  # (k, d)
        weighted = slopes / variances[0][:, None]
        curvature = np.eye(d) + slopes.T @ weighted
        aim = np.linalg.solve(curvature, weighted.T @ (likelihood.values - means[0] + slopes @ z))
        trials = np.stack([z + part * (aim - z) for part in (1.0, 0.5, 0.25, 0.1, 0.02)])
        logs = likelihood.log_posterior(trials)
        if logs.max() <= best + 1e-6:
            break
        z, best = trials[int(logs.argmax())], float(logs.max())
    return z, np.linalg.inv(curvature)


def _propose(centre: F64, covariance: F64, count: int, rng: np.random.Generator) -> F64:
    d = len(centre)
    normal = rng.standard_normal((count, d)) @ np.linalg.cholesky(covariance).T
    stretch = np.sqrt(_FREEDOM / rng.chisquare(_FREEDOM, count))
    prior = rng.random(count) < _FROM_PRIOR
    return np.where(
        prior[:, None], rng.standard_normal((count, d)), centre + stretch[:, None] * normal
    )


def _log_density(z: F64, centre: F64, covariance: F64) -> F64:
    """Log density of the proposal, up to a constant that all proposals share."""
    from scipy.special import gammaln

    d = len(centre)
    lower = np.linalg.cholesky(covariance)
    scaled = np.linalg.solve(lower, (z - centre).T)
    student = (
        gammaln((_FREEDOM + d) / 2)
        - gammaln(_FREEDOM / 2)
        - d / 2 * np.log(_FREEDOM * np.pi)
        - np.log(np.diag(lower)).sum()
        - (_FREEDOM + d) / 2 * np.log1p((scaled**2).sum(0) / _FREEDOM)
    )
    prior = -0.5 * (z * z).sum(1) - d / 2 * np.log(2 * np.pi)
    return np.logaddexp(np.log(1 - _FROM_PRIOR) + student, np.log(_FROM_PRIOR) + prior)


def _temper(weights: F64, d: int) -> float:
    """Power of the weights at which enough draws count to fit a covariance."""
    least = min(5.0 * d, len(weights) / 4)
    logs = np.log(weights + 1e-300)
    for power in (1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05):
        if 1.0 / np.sum(_normalised(logs * power) ** 2) >= least:
            return power
    return 0.02


def _normalised(logs: F64) -> F64:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _systematic(weights: F64, count: int, rng: np.random.Generator) -> np.ndarray:
    places = (rng.random() + np.arange(count)) / count
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)
    return rng.permutation(chosen)
