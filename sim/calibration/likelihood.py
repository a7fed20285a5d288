"""How well parameters agree with targets: a normal likelihood on each target's scale.

Variance = tolerance^2 + discrepancy^2 + variance of a run. The last holds what the emulator does
not know, chance, and all other uncertain parameters: history was lived once, with whatever luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from sim.calibration.emulator import slope_of_scale, to_scale
from sim.calibration.space import F64
from sim.calibration.targets import Target


class Predictor(Protocol):
    """What a likelihood needs of an emulator."""

    def predict(self, z: F64) -> tuple[F64, F64]:
        """Mean and variance of a run at each row of z, each (m,)."""


@dataclass(frozen=True)
class Likelihood:
    """Targets beside emulators.

    Attributes:
        names: of the targets.
        emulators: one for each.
        values: targets on their scales, (k,).
        allowed: tolerance^2 + discrepancy^2 on these scales, (k,).
        dimensions: calibrated parameters.
    """

    names: tuple[str, ...]
    emulators: tuple[Predictor, ...]
    values: F64
    allowed: F64
    dimensions: int

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
        return cls(
            tuple(target.name for target in targets),
            tuple(emulators[target.moment] for target in targets),
            np.array(values),
            np.array(allowed),
            dimensions,
        )

    def observing(self, values: F64) -> Likelihood:
        """The same with other values of the targets (synthetic data), on their scales."""
        return replace(self, values=np.asarray(values, np.float64))

    def predict(self, z: F64) -> tuple[F64, F64]:
        """Means and variances, tolerance included, of all targets at z (m, d), each (m, k)."""
        found = [emulator.predict(z) for emulator in self.emulators]
        means = np.stack([mean for mean, _ in found], axis=1)
        variances = np.stack([variance for _, variance in found], axis=1)
        return means, variances + self.allowed

    def terms(self, z: F64) -> F64:
        """Log likelihood of each target, (m, k)."""
        means, variances = self.predict(z)
        return np.asarray(
            -0.5 * ((means - self.values) ** 2 / variances + np.log(2 * np.pi * variances))
        )

    def log_posterior(self, z: F64) -> F64:
        """Log of prior times likelihood at z (m, d), (m,), up to a constant."""
        return np.asarray(self.terms(z).sum(1) - 0.5 * (z * z).sum(1))


def _inside(target: Target) -> float:
    """A share of 0 or 1 has no slope on the logit scale; the tolerance tells how far it is off."""
    if target.scale != "logit":
        return target.value
    return min(max(target.value, target.tolerance), 1.0 - target.tolerance)
