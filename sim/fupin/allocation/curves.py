"""Response curves: what more or less money of one programme does to a goal, concave and with noise.

A curve passes through what was measured at some amounts (doses) as well as a concave monotone
function can, each measurement weighed by its noise. It is a sum of `min(x, t)` over doses t with
weights of one sign, so that the fit is a problem of non-negative least squares with one solution.
Between doses the slope changes evenly (Schumaker 1983, SIAM J. Numer. Anal. 20: a quadratic spline
that keeps concavity), since the best amount mostly lies between two doses.

A curve that its noise hardly tells from nothing is shrunk towards nothing by the positive part of
James and Stein's factor, 1 - (k - 2) / chi^2: what looks best among many is partly luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

FEWEST = 3
"""Doses, without the start, from which on a curve can be shrunk by its own noise."""

EXACT = 1e-9
"""Of the largest change, a smaller noise is none."""

STEEPEST = 4.0
"""At an end a curve is at most so many times as steep as on average to the next dose."""


@dataclass(frozen=True)
class Curve:
    """What money of one programme does to a goal, beside what its money does at the start.

    Attributes:
        x: amounts, yuan, ascending, the start among them; (doses,).
        y: fitted change of the goal at them, 0 at the start; (doses,).
        error: standard error of what was measured there; 0 at the start; (doses,).
        measured: what was measured there; (doses,).
        kept: part of the fit that shrinkage has left, 0 to 1.
        chi2: how far all doses together stand from nothing, in squared standard errors.
    """

    x: F64
    y: F64
    error: F64
    measured: F64
    kept: float = 1.0
    chi2: float = float("inf")

    @cached_property
    def _slopes(self) -> tuple[F64, F64]:
        """Slope of each step between doses, and at each dose."""
        width = np.diff(self.x)
        steps = np.diff(self.y) / width
        at = np.empty_like(self.x)
        if steps.size == 1:
            at[:] = steps[0]
            return steps, at
        # Returns mostly diminish by a like factor from dose to dose, so means are geometric ones.
        size, sign = np.abs(steps), np.sign(steps)
        share = width[1:] / (width[:-1] + width[1:])
        inner = size[:-1] ** share * size[1:] ** (1.0 - share)
        inner = np.where(sign[:-1] * sign[1:] > 0, sign[:-1] * inner, 0.0)  # 0: at a summit
        at[1:-1] = inner
        at[0] = sign[0] * _beyond(size[0], abs(inner[0]))
        at[-1] = sign[-1] * _beyond(size[-1], abs(inner[-1]))
        return steps, at

    def value(self, x: npt.ArrayLike) -> F64:
        """Change of the goal at some amounts; constant outside the doses."""
        return self._at(x)[0]

    def slope(self, x: npt.ArrayLike) -> F64:
        """Change of the goal a yuan, at some amounts; 0 above the doses."""
        return self._at(x)[1]

    def _at(self, x: npt.ArrayLike) -> tuple[F64, F64]:
        asked = np.asarray(x, np.float64)
        here = np.clip(asked, self.x[0], self.x[-1])
        steps, at = self._slopes
        i = np.clip(np.searchsorted(self.x, here, side="right") - 1, 0, steps.size - 1)
        width, step, left, right = np.diff(self.x)[i], steps[i], at[i], at[i + 1]
        share = (here - self.x[i]) / width
        # The slope runs straight from `left` to the step's own mean at `knee`, thence to `right`.
        spread = left - right
        knee = np.where(spread > 0, (step - right) / np.where(spread > 0, spread, 1.0), 0.5)
        knee = np.clip(knee, 1e-9, 1 - 1e-9)
        first = np.minimum(share, knee)
        then = np.maximum(share - knee, 0.0)
        bend, later = (step - left) / knee, (right - step) / (1 - knee)
        area = first * (left + bend * first / 2) + then * (step + later * then / 2)
        slope = np.where(share <= knee, left + bend * share, step + later * then)
        slope = np.where(asked > self.x[-1], 0.0, slope)
        return self.y[i] + width * area, slope


def _beyond(step: float, inner: float) -> float:
    """Slope at an end of a curve: by the factor by which it changes from there to the next dose."""
    return min(step * step / inner if inner > 0 else 2 * step, STEEPEST * step)


def fit(x: Sequence[float], y: Sequence[float], error: Sequence[float], start: float) -> Curve:
    """The concave monotone curve through the start that fits measurements best.

    Args:
        x: amounts at which something was measured, in any order, without the start.
        y: change of the goal beside the start.
        error: standard errors of these; 0 means known exactly.
        start: amount at which the change is 0.
    """
    from scipy.optimize import nnls

    order = np.argsort(np.asarray(x, np.float64), kind="stable")
    doses, change, noise = (np.asarray(v, np.float64)[order] for v in (x, y, error))
    if doses.size == 0:
        empty = np.array([start, start + 1.0])
        return Curve(empty, np.zeros(2), np.zeros(2), np.zeros(2), 1.0, 0.0)
    unit = max(float(np.abs([doses[-1] - start, start - doses[0]]).max()), 1.0)
    size = max(float(np.abs(change).max()), 1e-300)
    noise = np.where(noise > EXACT * size, noise, 0.0)
    known = noise > 0
    floor = float(noise[known].min()) if known.any() else 1.0
    weight = 1.0 / np.where(known, noise, floor)
    weight = weight / weight.max()
    every = np.unique(np.append(doses, start))
    u, s, knots = (doses - start) / unit, change / size, (every - start) / unit
    tilt = float((weight**2 * u * s).sum())
    if tilt >= 0:  # more is better: min(u, t) - min(0, t)
        ends = knots[1:]
        basis = np.minimum(u[:, None], ends) - np.minimum(0.0, ends)
        full = np.minimum(knots[:, None], ends) - np.minimum(0.0, ends)
    else:  # more is worse, and ever more so
        ends = knots[:-1]
        basis = np.maximum(0.0, ends) - ends - (np.maximum(u[:, None], ends) - ends)
        full = np.maximum(0.0, ends) - ends - (np.maximum(knots[:, None], ends) - ends)
    weights, _ = nnls(basis * weight[:, None], s * weight)
    fitted = full @ weights * size
    chi2 = float(((change[known] / noise[known]) ** 2).sum()) if known.all() else float("inf")
    kept = _kept(chi2, int(known.sum()))
    at_start = int(np.searchsorted(every, start))
    return Curve(
        every,
        fitted * kept,
        np.insert(noise, at_start, 0.0) if every.size > doses.size else noise,
        np.insert(change, at_start, 0.0) if every.size > doses.size else change,
        kept,
        chi2,
    )


def _kept(chi2: float, doses: int) -> float:
    """Part of a curve that noise leaves: the positive part of James and Stein's factor."""
    if doses < FEWEST or not np.isfinite(chi2):
        return 1.0
    return max(0.0, 1.0 - (doses - 2) / chi2) if chi2 > 0 else 0.0


def noise_of(changes: Sequence[npt.NDArray[np.float64]], distance: Sequence[float]) -> F64:
    """Standard errors of mean changes over pairs, pooled over doses.

    Two pairs know a variance badly, many doses together know it well. What a dose changes differs
    between pairs by households that it reaches in one and not in the other, whose number grows
    with the money: so the variance of a dose is taken as proportional to its distance from the
    start.

    Args:
        changes: of each dose, its change in every pair, (draws, seeds).
        distance: of each dose from the start, yuan, above 0.

    Returns:
        standard errors; NaN where there is one pair alone and nothing is known.
    """
    pairs = changes[0].size if changes else 0
    reach = np.asarray(distance, np.float64)
    if pairs < 2:
        return np.full(reach.size, np.nan)
    scaled = [
        float(((c - c.mean()) ** 2).sum()) / d for c, d in zip(changes, reach.tolist(), strict=True)
    ]
    per_yuan = sum(scaled) / (len(scaled) * (pairs - 1))
    found: F64 = np.sqrt(per_yuan * reach / pairs)
    return found
