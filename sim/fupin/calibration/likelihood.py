"""How well parameters agree with targets: a normal likelihood on each target's scale.

Variance = tolerance^2 + discrepancy^2 + variance of a run. The last holds what the emulator does
not know, chance, and all other uncertain parameters: history was lived once, with whatever luck.
What moves a run moves several of its moments alike, so these errors are correlated between targets,
as the emulators' errors on runs that they had not seen are; taken as independent they would count
one finding several times, and intervals would be too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from fupin.calibration.emulator import Emulator, slope_of_scale, to_scale
from fupin.calibration.space import F64
from fupin.calibration.targets import Target

_KEPT = 0.95
"""Part of an estimated correlation that is believed."""


class Predictor(Protocol):
    """What a likelihood needs of an emulator."""

    def predict(self, z: F64) -> tuple[F64, F64]:
        """Mean and variance of a run at each row of z, each (m,)."""

    def mean_and_slope(self, z: F64) -> tuple[F64, F64]:
        """Mean of a run at each row of z, (m,), and its derivative, (m, d)."""


@dataclass(frozen=True)
class Likelihood:
    """Targets beside emulators.

    Attributes:
        names: of the targets.
        emulators: one for each.
        values: targets on their scales, (k,).
        allowed: tolerance^2 + discrepancy^2 on these scales, (k,).
        dimensions: calibrated parameters.
        correlation: between the targets, of what a run adds to them, (k, k).
    """

    names: tuple[str, ...]
    emulators: tuple[Predictor, ...]
    values: F64
    allowed: F64
    dimensions: int
    correlation: F64

    @classmethod
    def of(
        cls, targets: Sequence[Target], emulators: Mapping[str, Predictor], dimensions: int
    ) -> Likelihood:
        """From targets and the emulators of their moments."""
        values = [float(to_scale(target.value, target.scale)) for target in targets]
        slopes = [slope_of_scale(_inside(target), target.scale) for target in targets]
        allowed = [
            slope**2 * (target.tolerance**2 + target.discrepancy**2)
            for slope, target in zip(slopes, targets, strict=True)
        ]
        chosen = tuple(emulators[target.moment] for target in targets)
        return cls(
            tuple(target.name for target in targets),
            chosen,
            np.array(values),
            np.array(allowed),
            dimensions,
            correlation_of_errors(chosen),
        )

    def observing(self, values: F64) -> Likelihood:
        """The same with other values of the targets (synthetic data), on their scales."""
        return replace(self, values=np.asarray(values, np.float64))

    def without(self, name: str) -> Likelihood:
        """The likelihood of all targets but one."""
        kept = [k for k, one in enumerate(self.names) if one != name]
        return replace(
            self,
            names=tuple(self.names[k] for k in kept),
            emulators=tuple(self.emulators[k] for k in kept),
            values=self.values[kept],
            allowed=self.allowed[kept],
            correlation=self.correlation[np.ix_(kept, kept)],
        )

    def predict(self, z: F64) -> tuple[F64, F64]:
        """Means and variances, tolerance included, of all targets at z (m, d), each (m, k)."""
        means, runs = self._runs(z)
        return means, runs + self.allowed

    def _runs(self, z: F64) -> tuple[F64, F64]:
        found = [emulator.predict(z) for emulator in self.emulators]
        means = np.stack([mean for mean, _ in found], axis=1)
        return means, np.stack([variance for _, variance in found], axis=1)

    def means_and_slopes(self, z: F64) -> tuple[F64, F64]:
        """Means of all targets at z (m, d), (m, k), and their derivatives, (m, k, d)."""
        found = [emulator.mean_and_slope(z) for emulator in self.emulators]
        means = np.stack([mean for mean, _ in found], axis=1)
        return means, np.stack([slope for _, slope in found], axis=1)

    def covariance(self, z: F64) -> F64:
        """Of all targets in one further run at z (m, d), tolerances included, (m, k, k)."""
        return self._covariance(self._runs(z)[1])

    def _covariance(self, runs: F64) -> F64:
        sd = np.sqrt(runs)
        covariance = sd[:, :, None] * sd[:, None, :] * self.correlation
        places = np.arange(len(self.values))
        covariance[:, places, places] += self.allowed
        return np.asarray(covariance)

    def log_posterior(self, z: F64) -> F64:
        """Log of prior times likelihood at z (m, d), (m,), up to a constant."""
        means, runs = self._runs(z)
        lower = np.linalg.cholesky(self._covariance(runs))
        places = np.arange(len(self.values))
        scaled = np.linalg.solve(lower, (means - self.values)[:, :, None])[:, :, 0]
        volume = np.log(lower[:, places, places]).sum(1)
        return np.asarray(-0.5 * (scaled**2).sum(1) - volume - 0.5 * (z * z).sum(1))


def correlation_of_errors(emulators: Sequence[Predictor]) -> F64:
    """Correlation between emulators of their errors on runs left out, (k, k).

    Predictors without such errors, or with errors on different runs, are taken as independent.
    """
    k = len(emulators)
    fitted = [one for one in emulators if isinstance(one, Emulator)]
    if len(fitted) < k or len({len(one.y) for one in fitted}) != 1 or k < 2:
        return np.eye(k)
    errors = np.stack([one.leave_one_out() for one in fitted], axis=1)
    # A few outliers must not decide it, nor may it be singular.
    found = np.corrcoef(np.clip(errors / errors.std(0), -3, 3), rowvar=False)
    return np.asarray(_KEPT * found + (1 - _KEPT) * np.eye(k))


def _inside(target: Target) -> float:
    """A share of 0 or 1 has no slope on the logit scale; the tolerance tells how far it is off."""
    if target.scale != "logit":
        return target.value
    return min(max(target.value, target.tolerance), 1.0 - target.tolerance)
