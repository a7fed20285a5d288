"""Covariance of the emulators: a quadratic trend plus a smooth process, with shared relevance.

For parameters z and z' divided by one length each, u = z / length:

    k(z, z') = trend (1 + u.u')^2 + process exp(-|u - u'|^2 / 2)

The first term is a quadratic polynomial with normal coefficients (a trend whose uncertainty stays
in the prediction, unlike one that is fitted and subtracted), the second what the polynomial
misses. A long length makes a parameter irrelevant to both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize

F64 = npt.NDArray[np.float64]

LENGTHS = (0.5, 200.0)
"""Bounds of the search for lengths, prior standard deviations."""

VARIANCES = (1e-4, 1e2)
NOISES = (1e-6, 1.0)
"""Bounds of the search for process and trend, and for the noise: variances, standardised moment."""

_ITERATIONS = 100


class Form(NamedTuple):
    """What a search finds: the numbers of a covariance and of the noise.

    Attributes:
        length: of each parameter, (d,).
        process, trend: variances of the two terms.
        noise: variance of a run beside the known one.
    """

    length: F64
    process: float
    trend: float
    noise: float

    @classmethod
    def of(cls, theta: F64) -> Form:
        """The form whose logarithms are `theta`, (d + 3,), in the order of the fields."""
        length, (process, trend, noise) = np.exp(theta[:-3]), np.exp(theta[-3:])
        return cls(length, float(process), float(trend), float(noise))

    @property
    def theta(self) -> F64:
        """Logarithms of all numbers, (d + 3,)."""
        return np.log(np.concatenate([self.length, [self.process, self.trend, self.noise]]))


def covariance(one: F64, other: F64, length: F64, trend: float, process: float) -> F64:
    """The covariance of rows of `one` (m, d) with rows of `other` (n, d), (m, n)."""
    u, w = one / length, other / length
    inner = u @ w.T
    distance = inner * -2.0  # in place from here on: these are the largest arrays there are
    distance += (u * u).sum(1)[:, None]
    distance += (w * w).sum(1)[None, :]
    np.maximum(distance, 0.0, out=distance)
    distance *= -0.5
    np.exp(distance, out=distance)
    distance *= process
    inner += 1.0
    inner *= inner
    inner *= trend
    inner += distance
    return np.asarray(inner)


def variance(rows: F64, length: F64, trend: float, process: float) -> F64:
    """The diagonal of `covariance(rows, rows)`, (m,)."""
    u = rows / length
    return np.asarray(trend * (1.0 + (u * u).sum(1)) ** 2 + process)


def weighted(
    rows: F64, other: F64, length: F64, trend: float, process: float, weights: F64
) -> tuple[F64, F64]:
    """`covariance(rows, other) @ weights`, (m,), and its derivative by rows, (m, d)."""
    u, w = rows / length, other / length
    inner = 1.0 + u @ w.T
    distance = (u * u).sum(1)[:, None] + (w * w).sum(1)[None, :] - 2.0 * (inner - 1.0)
    smooth = process * np.exp(-0.5 * np.maximum(distance, 0.0))
    value = (trend * inner * inner + smooth) @ weights
    pull = (2.0 * trend * inner + smooth) * weights
    return value, (pull @ w - u * (smooth @ weights)[:, None]) / length


def misfit(theta: F64, x: F64, y: F64, known: float) -> tuple[float, F64]:
    """Minus the log marginal likelihood of runs, and its gradient.

    The gradient needs two products of matrices, and no array of runs x runs x parameters.

    Args:
        theta: logarithms of a `Form`.
        x, y: inputs (n, d) and standardised moment (n,) of the runs.
        known: variance that is added to that noise.
    """
    n, d = x.shape
    length = np.exp(theta[:d])
    process, trend, noise = np.exp(theta[d:])
    u = x / length
    inner = 1.0 + u @ u.T
    square = (u * u).sum(1)
    distance = square[:, None] + square[None, :] - 2.0 * (inner - 1.0)
    smooth = process * np.exp(-0.5 * np.maximum(distance, 0.0))
    bent = trend * inner * inner
    k = smooth + bent
    k[np.diag_indices(n)] += known + noise
    try:
        lower = linalg.cholesky(k, lower=True, check_finite=False)
    except linalg.LinAlgError:
        return 1e25, np.zeros_like(theta)
    precision = linalg.lapack.dpotri(lower, lower=1)[0]
    precision = np.tril(precision) + np.tril(precision, -1).T
    weights = precision @ y
    likelihood = -0.5 * y @ weights - np.log(np.diag(lower)).sum() - n / 2 * np.log(2 * np.pi)
    excess = np.outer(weights, weights) - precision
    of_trend, of_smooth = excess * (-4.0 * trend * inner), excess * smooth
    gradient = np.empty_like(theta)
    gradient[:d] = 0.5 * (u * (of_trend @ u)).sum(0)
    gradient[:d] += of_smooth.sum(1) @ (u * u) - (u * (of_smooth @ u)).sum(0)
    gradient[d] = 0.5 * of_smooth.sum()
    gradient[d + 1] = 0.5 * (excess * bent).sum()
    gradient[d + 2] = 0.5 * noise * np.trace(excess)
    return -float(likelihood), -gradient


def most_likely(x: F64, y: F64, known: float, start: Form) -> Form:
    """The form with the largest marginal likelihood that a search from `start` finds.

    A parameter that means nothing to a moment has its length at the bound.

    Args:
        x, y, known: as of `misfit`.
        start: where the search begins.
    """
    bounds = np.log([LENGTHS] * x.shape[1] + [VARIANCES, VARIANCES, NOISES])
    found = optimize.minimize(
        misfit, start.theta, args=(x, y, known), jac=True, bounds=bounds, method="L-BFGS-B",
        options={"maxiter": _ITERATIONS},
    )  # fmt: skip
    return Form.of(found.x)
