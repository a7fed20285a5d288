"""Trajectories through a posterior: proposals of a Markov chain that go far and are accepted.

Hamiltonian Monte Carlo (Duane and others 1987, Physics Letters B 195; Neal 2011, arXiv 1206.1901):
a walker gets a random momentum and follows the slope of the log posterior for a while; energy
decides whether it stays. The slope is that of a simpler posterior, in which the covariance of the
targets is one matrix, the mean over where the walkers are. A trajectory along any fixed field of
forces can be walked backwards and keeps volumes, so the chain's posterior is the exact one; the
simple field only costs some acceptance, and saves the dearest part of an emulator, its variance, at
every step.

emcee's own moves do without slopes; in 28 dimensions their chains forget their start after 250
steps, these after a few (docs/decisions.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fupin.calibration.likelihood import Likelihood
from fupin.calibration.space import F64

_SEARCHES = 25
_OUT_OF_SIGHT = 50.0  # prior standard deviations
_LENGTH = 1.4
"""Of a trajectory, in standard deviations of the posterior: nearly a quarter of an orbit."""


@dataclass(frozen=True)
class Trajectories:
    """A proposal of emcee's `MHMove`.

    Attributes:
        likelihood: whose posterior is walked.
        precision: inverse of the targets' covariance in the simple field, (k, k).
        lower: Cholesky factor of about the posterior's covariance, (d, d); the inverse of the mass.
        step: of the leapfrog, in standard deviations of the posterior.
    """

    likelihood: Likelihood
    precision: F64
    lower: F64
    step: float

    def __call__(self, z: F64, random: np.random.RandomState) -> tuple[F64, F64]:
        """New places of walkers z (w, d), and the log ratio of the momenta's densities, (w,)."""
        momentum = random.standard_normal(z.shape)
        before = 0.5 * (momentum**2).sum(1)
        step = self.step * random.uniform(0.7, 1.1)  # no orbit closes on itself
        steps = max(round(_LENGTH / self.step), 1)
        start = z
        with np.errstate(over="ignore", invalid="ignore"):
            momentum = momentum + 0.5 * step * self.force(z)
            for k in range(steps):
                z = z + step * momentum @ self.lower.T
                last = k == steps - 1
                momentum = momentum + (0.5 if last else 1.0) * step * self.force(z)
            ratio = before - 0.5 * (momentum**2).sum(1)
        # Where the field is steep a trajectory can fly off; that one is refused.
        sound = np.isfinite(ratio) & (np.abs(z).max(1) < _OUT_OF_SIGHT)
        return np.where(sound[:, None], z, start), np.where(sound, ratio, -np.inf)

    def force(self, z: F64) -> F64:
        """Slope of the simple log posterior at z (w, d), turned by `lower`, (w, d)."""
        means, slopes = self.likelihood.means_and_slopes(z)
        pull = (self.likelihood.values - means) @ self.precision
        result: F64 = (np.einsum("wk,wkd->wd", pull, slopes) - z) @ self.lower
        return result

    def around(self, z: F64) -> F64:
        """Inverse of the simple posterior's curvature (Gauss-Newton) at one z (1, d), (d, d)."""
        _, slopes = self.likelihood.means_and_slopes(z)
        curvature = np.eye(z.shape[1]) + slopes[0].T @ self.precision @ slopes[0]
        return np.asarray(np.linalg.inv(curvature))


def at_the_mode(likelihood: Likelihood, step: float) -> tuple[Trajectories, F64]:
    """Trajectories fit for the surroundings of the mode, and the mode, (d,): Gauss-Newton."""
    d = likelihood.dimensions
    z, best = np.zeros((1, d)), -np.inf
    precision = _precision(likelihood, z)
    for _ in range(_SEARCHES):
        field = Trajectories(likelihood, precision, np.eye(d), step)
        aim = z + field.force(z) @ field.around(z)
        trials = np.concatenate([z + part * (aim - z) for part in (1.0, 0.5, 0.25, 0.1, 0.02)])
        logs = likelihood.log_posterior(trials)
        chosen = int(logs.argmax())
        if not logs[chosen] > best + 1e-3:
            break
        z, best = trials[chosen : chosen + 1], float(logs[chosen])
        precision = _precision(likelihood, z)
    field = Trajectories(likelihood, precision, np.eye(d), step)
    lower = np.linalg.cholesky(field.around(z))
    return Trajectories(likelihood, precision, lower, step), z[0]


def fitted_to(field: Trajectories, z: F64, step: float) -> Trajectories:
    """Trajectories for where walkers z (w, d) are."""
    d = z.shape[1]
    # Few walkers say little about a covariance; what was there before counts as twice as many
    # walkers as there are dimensions.
    share = len(z) / (len(z) + 2.0 * d)
    spread = share * np.cov(z, rowvar=False).reshape(d, d)
    spread += (1 - share) * field.lower @ field.lower.T
    precision = _precision(field.likelihood, z)
    return Trajectories(field.likelihood, precision, np.linalg.cholesky(spread), step)


def _precision(likelihood: Likelihood, z: F64) -> F64:
    return np.asarray(np.linalg.inv(likelihood.covariance(z).mean(0)))
