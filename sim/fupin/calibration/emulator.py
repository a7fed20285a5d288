"""An emulator of one moment: its mean and uncertainty at any parameter vector, from runs.

A Gaussian process with a quadratic trend (`kernel.py`) over the values of the
calibrated parameters in standard deviations of their priors (`inputs.py`). The noise of a run has
two parts: chance, measured by replicates with other seeds and held fixed, and everything else that
moves a run and is not a calibrated parameter (the other parameters are drawn from their priors in
every run), which is fitted.

A process fitted by maximum likelihood is too sure of itself. Its predictive standard deviation is
therefore inflated until it covers runs that are left out one at a time; whether that is enough is
checked on runs that took no part (`check`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import linalg

from fupin.calibration.inputs import PLAIN, Inputs
from fupin.calibration.kernel import (
    F64,
    NOISES,
    Form,
    covariance,
    most_likely,
    variance,
    weighted,
)
from fupin.calibration.targets import Scale

COVERED = 0.955
"""Share of runs left out that the inflated interval of +-2 has to cover: that of a normal."""

PASS = 0.92
"""Share of runs that took no part which must lie within +-2 standard deviations."""

MOST_INFLATION = 5.0

_LEAST_SHARE = 1e-4  # of shares on the logit scale


def to_scale(value: npt.ArrayLike, scale: Scale) -> F64:
    """Values on the scale on which a moment is emulated.

    Persons below one count as one, shares within 1e-4 of 0 or 1 as that.
    """
    x = np.asarray(value, np.float64)
    if scale == "log":
        return np.log(np.maximum(x, 1.0)) if np.any(x <= 0) else np.log(x)
    if scale == "logit":
        x = np.clip(x, _LEAST_SHARE, 1.0 - _LEAST_SHARE)
        return np.asarray(np.log(x / (1.0 - x)))
    return x


def from_scale(value: npt.ArrayLike, scale: Scale) -> F64:
    """The inverse of `to_scale`."""
    x = np.asarray(value, np.float64)
    if scale == "log":
        return np.exp(x)
    return np.asarray(1.0 / (1.0 + np.exp(-x))) if scale == "logit" else x


def slope_of_scale(value: float, scale: Scale) -> float:
    """Derivative of `to_scale`: what turns a tolerance into one on the scale."""
    if scale == "log":
        return 1.0 / value
    return 1.0 / (value * (1.0 - value)) if scale == "logit" else 1.0


@dataclass(frozen=True)
class Emulator:
    """What runs say about one moment; all on the moment's scale.

    Attributes:
        moment: its name.
        z: parameters of the runs as normals, (n, d).
        inputs: what is emulated upon, of normals.
        y: the moment in the runs, standardised, (n,).
        centre, unit: of the standardisation.
        length, trend, process: of the covariance, in standardised units.
        chance: variance of a run by its seed alone, standardised.
        noise: variance of a run that no calibrated parameter explains, chance included.
        inflation: factor on the predictive standard deviation.
        inverse: inverse of the Cholesky factor of the runs' covariance, (n, n).
        weights: what the mean of a prediction weights the runs with, (n,).
    """

    moment: str
    z: F64
    inputs: Inputs
    y: F64
    centre: float
    unit: float
    length: F64
    trend: float
    process: float
    chance: float
    noise: float
    inflation: float
    inverse: F64
    weights: F64

    @cached_property
    def x(self) -> F64:
        """Inputs of the runs, (n, d)."""
        return self.inputs.at(self.z)

    def predict(self, z: F64) -> tuple[F64, F64]:
        """Mean of the moment and variance of one further run at parameters z (m, d), each (m,).

        The variance holds what the emulator does not know, chance and the other parameters; it is
        inflated.
        """
        x = self.inputs.at(z)
        cross = covariance(x, self.x, self.length, self.trend, self.process)
        mean = cross @ self.weights
        solved = cross @ self.inverse.T
        explained = np.einsum("ij,ij->i", solved, solved)
        unknown = variance(x, self.length, self.trend, self.process) - explained
        total = self.inflation**2 * (np.maximum(unknown, 0.0) + self.noise)
        return self.centre + self.unit * mean, self.unit**2 * total

    def mean_and_slope(self, z: F64) -> tuple[F64, F64]:
        """The mean of `predict`, (m,), and its derivative by the parameters, (m, d)."""
        mean, slope = weighted(
            self.inputs.at(z), self.x, self.length, self.trend, self.process, self.weights,
        )  # fmt: skip
        return self.centre + self.unit * mean, self.unit * slope * self.inputs.slope(z)

    def without(self, rows: npt.NDArray[np.bool_]) -> Emulator:
        """The emulator that had never seen these runs (n,), with the same lengths and variances."""
        kept = replace(self, z=self.z[~rows], y=self.y[~rows])
        return _inflated(_conditioned(kept))

    def leave_one_out(self) -> F64:
        """(run - prediction without it) / its standard deviation before inflation, (n,)."""
        precision = (self.inverse**2).sum(0)
        return np.asarray(self.weights / np.sqrt(precision))

    @property
    def noise_sd(self) -> float:
        """Standard deviation of a run that no calibrated parameter explains."""
        return self.unit * float(np.sqrt(self.noise))

    @property
    def chance_sd(self) -> float:
        """Standard deviation of a run by its seed alone."""
        return self.unit * float(np.sqrt(self.chance))


def fit_emulator(
    moment: str,
    z: F64,
    y: F64,
    chance: float = 0.0,
    start: Emulator | None = None,
    inputs: Inputs = PLAIN,
) -> Emulator:
    """Fit an emulator by maximum marginal likelihood and inflate it.

    Args:
        moment: its name.
        z: parameters of the runs, (n, d), prior standard deviations.
        y: the moment in the runs, on its scale, (n,).
        chance: variance of the moment by seed alone, from replicates.
        start: where the search begins; None begins from correlations.
        inputs: what to emulate upon.

    Raises:
        ValueError: fewer than ten runs, a number that is not finite.
    """
    if len(y) < 10 or not (np.isfinite(y).all() and np.isfinite(z).all()):
        raise ValueError(f"{moment}: an emulator needs ten runs and finite numbers")
    centre, unit = float(y.mean()), float(y.std()) or 1.0
    standard = (y - centre) / unit
    chance /= unit**2
    known = max(chance, 1e-8)
    x = inputs.at(np.array(z, np.float64))
    begin = _first_form(x, standard) if start is None else _form_of(start)
    form = most_likely(x, standard, known, begin)
    emulator = Emulator(
        moment=moment,
        z=np.array(z, np.float64),
        inputs=inputs,
        y=standard,
        centre=centre,
        unit=unit,
        length=form.length,
        trend=form.trend,
        process=form.process,
        chance=chance,
        noise=form.noise + known,
        inflation=1.0,
        inverse=np.zeros((0, 0)),
        weights=np.zeros(0),
    )
    return _inflated(_conditioned(emulator))


def check(emulator: Emulator, z: F64, y: F64) -> F64:
    """(run - prediction) / predictive standard deviation of runs that took no part, (m,)."""
    mean, total = emulator.predict(z)
    return np.asarray((y - mean) / np.sqrt(total))


def folds(count: int, into: int, seed: int) -> npt.NDArray[np.int64]:
    """Fold of each of `count` runs, equal sizes, by chance."""
    return np.random.default_rng(seed).permutation(np.arange(count) % into)


def cross_check(emulator: Emulator, fold: npt.NDArray[np.int64]) -> F64:
    """`check` of every run by the emulator that had not seen the run's fold, (n,).

    The inflation is found anew without the fold. Lengths and variances, two dozen numbers fitted
    to all runs, are kept.
    """
    y = emulator.centre + emulator.unit * emulator.y
    out = np.zeros(len(y))
    for one in np.unique(fold):
        rows = fold == one
        out[rows] = check(emulator.without(rows), emulator.z[rows], y[rows])
    return out


def _first_form(z: F64, y: F64) -> Form:
    # What correlates is relevant: a short length. Nothing begins at a bound.
    slopes = np.abs(z.T @ y) / (np.sqrt((z * z).sum(0)) * np.sqrt((y * y).sum()) + 1e-12)
    return Form(np.clip(1.0 / (slopes + 0.03), 1.5, 30.0), 0.1, 1.0, 0.1)


def _form_of(emulator: Emulator) -> Form:
    rest = max(emulator.noise - emulator.chance, NOISES[0])
    return Form(emulator.length, emulator.process, emulator.trend, min(rest, 0.99))


def _conditioned(emulator: Emulator) -> Emulator:
    x = emulator.x
    k = covariance(x, x, emulator.length, emulator.trend, emulator.process)
    k[np.diag_indices_from(k)] += emulator.noise
    lower = linalg.cholesky(k, lower=True)
    inverse = linalg.solve_triangular(lower, np.eye(len(k)), lower=True)
    return replace(emulator, inverse=inverse, weights=inverse.T @ (inverse @ emulator.y))


def _inflated(emulator: Emulator) -> Emulator:
    errors = np.abs(emulator.leave_one_out())
    # The sorted error which COVERED of all errors do not exceed has to lie at two.
    position = min(int(np.ceil(COVERED * (len(errors) + 1))), len(errors)) - 1
    factor = float(np.sort(errors)[position]) / 2.0
    return replace(emulator, inflation=min(max(factor, 1.0), MOST_INFLATION))
