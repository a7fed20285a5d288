"""Sobol indices by an emulator of the sweep's points, with the emulator's error stated.

Direct Sobol indices take thousands of runs. A Gaussian process on some hundred points
(`fupin.calibration.emulator`) stands in for the model: it is asked at Saltelli's points (SALib),
and the indices are of its mean. Their interval has two parts: the bootstrap over Saltelli's points,
and the jackknife over ten emulators that each had not seen a tenth of the points. Ten emulators
know their spread with nine degrees of freedom, so Student's t stands beside the sum of both
(Satterthwaite). What the emulator does not explain is no part of any index and is said beside them.

Factors are taken to be independent, as a Sobol or Latin hypercube design makes them. A factor is
sampled from its own values in the design.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fupin.statistics.confidence import LEVEL, satterthwaite, two_sided_normal, two_sided_t
from fupin.uncertainty.screening import SEED, salib_missing
from fupin.uncertainty.worlds import Input

if TYPE_CHECKING:
    from fupin.calibration.emulator import Emulator

F64 = npt.NDArray[np.float64]

FOLDS = 10
BASE_SAMPLE = 1024
"""Of Saltelli's design; (factors + 2) times as many predictions."""

AT_ONCE = 4096
"""Predictions of an emulator at a time: it holds a covariance with every point for each."""

RESAMPLES = 200

LEAST_POINTS = 30
"""Fewer points make no emulator of more than one factor worth asking."""


@dataclass(frozen=True)
class Index:
    """How much of the emulated variance a factor explains, with 90% intervals.

    Attributes:
        name: the factor.
        first, first_low, first_high: alone.
        total, total_low, total_high: with all its interactions.
    """

    name: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@dataclass(frozen=True)
class EmulatorError:
    """How good the emulator is at points that it had not seen.

    Attributes:
        points: how many it was fitted to.
        r2: of held-out points; 1 is perfect, 0 no better than their mean.
        missed: part of the variance between points that it misses.
        chance: part of it that is luck of seeds, which no emulator could explain; None with one
            seed.
        covered: share of held-out points within two of its standard deviations.
    """

    points: int
    r2: float
    missed: float
    chance: float | None
    covered: float

    @property
    def known(self) -> float:
        """Part of the variance between points that is foreseen, or is luck of seeds."""
        return self.r2 + (self.chance or 0.0)


def encode(inputs: Sequence[Input], shares: F64) -> F64:
    """Features of the emulator at shares (0 to 1) of each input's own distribution, (n, features).

    A number is its quantile in units of the design's standard deviation, a choice of k values k - 1
    columns of 0 and 1 (two columns of three), likewise standardised.
    """
    columns: list[F64] = []
    for k, one in enumerate(inputs):
        share = shares[:, k]
        if one.numeric:
            known = np.sort(one.values)
            at = np.interp(share, (np.arange(len(known)) + 0.5) / len(known), known)
            columns.append((at - known.mean()) / (known.std() or 1.0))
            continue
        names, counts = np.unique(one.values.astype(str), return_counts=True)
        chosen = np.searchsorted(np.cumsum(counts) / counts.sum(), share, side="right")
        chosen = np.minimum(chosen, len(names) - 1)
        for level in range(1, len(names)):
            p = counts[level] / counts.sum()
            columns.append(((chosen == level) - p) / np.sqrt(p * (1 - p)))
    return np.column_stack(columns)


def shares_in(inputs: Sequence[Input]) -> F64:
    """Share of each input's distribution at each point of the design, (points, inputs)."""
    columns = []
    for one in inputs:
        if one.numeric:
            known = np.sort(one.values)
            middle = (np.arange(len(known)) + 0.5) / len(known)
            columns.append(np.interp(one.values, known, middle))
            continue
        _, place, counts = np.unique(
            one.values.astype(str), return_inverse=True, return_counts=True
        )
        ends = np.cumsum(counts) / counts.sum()
        columns.append((ends - 0.5 * counts / counts.sum())[place])
    return np.column_stack(columns)


def sobol_indices(
    inputs: Sequence[Input], y: F64, chance: float | None
) -> tuple[list[Index], EmulatorError]:
    """Indices of every input, the largest total first, and the emulator's error.

    Args:
        inputs: independent factors, their values at each point.
        y: mean outcome of each point, (points,).
        chance: variance of that mean by seeds alone; None where one seed was run.

    Raises:
        InputError: SALib is not installed.
        ValueError: numbers that are not finite, fewer points than LEAST_POINTS, nothing varies.
    """
    try:
        from SALib.analyze import sobol as analysis
        from SALib.sample import sobol as sampling

        from fupin.calibration.emulator import check, folds
    except ImportError:
        raise salib_missing() from None
    if not np.isfinite(y).all():
        raise ValueError("Sobol indices of numbers that are not finite")
    if len(y) < LEAST_POINTS or np.ptp(y) == 0:
        raise ValueError(f"Sobol indices need {LEAST_POINTS} points at which the outcome differs")
    known = 0.0 if chance is None else min(chance, 0.9 * float(y.var()))
    z = encode(inputs, shares_in(inputs))
    emulator = _best(z, y, known)
    fold = folds(len(y), FOLDS, SEED)
    apart = [emulator.without(fold == k) for k in range(FOLDS)]
    held_out = np.zeros(len(y))
    errors = np.zeros(len(y))
    for k, without in enumerate(apart):
        rows = fold == k
        held_out[rows] = without.predict(z[rows])[0]
        errors[rows] = check(without, z[rows], y[rows])
    spread = float(y.var())
    missed = float(((y - held_out) ** 2).mean()) / spread
    error = EmulatorError(
        points=len(y),
        r2=1.0 - missed,
        missed=missed,
        chance=None if chance is None else chance / spread,
        covered=float((np.abs(errors) <= 2).mean()),
    )
    problem = {
        "num_vars": len(inputs),
        "names": [one.name for one in inputs],
        "bounds": [[0.0, 1.0]] * len(inputs),
    }
    asked = encode(
        inputs, sampling.sample(problem, BASE_SAMPLE, calc_second_order=False, seed=SEED)
    )

    def analyse(one: Emulator, resamples: int) -> dict[str, F64]:
        mean = np.concatenate([one.predict(part)[0] for part in parts_of(asked)])
        found: dict[str, F64] = analysis.analyze(
            problem, mean, calc_second_order=False, num_resamples=resamples, conf_level=LEVEL,
            seed=SEED,
        )  # fmt: skip
        return found

    whole = analyse(emulator, RESAMPLES)
    parts = [analyse(without, 2) for without in apart]  # of these the indices alone count
    half = {
        key: _half_widths(whole[f"{key}_conf"], np.array([p[key] for p in parts]))
        for key in ("S1", "ST")
    }
    found = []
    for k, one in enumerate(inputs):
        first, total = float(whole["S1"][k]), float(whole["ST"][k])
        found.append(
            Index(
                one.name,
                first, first - float(half["S1"][k]), first + float(half["S1"][k]),
                total, total - float(half["ST"][k]), total + float(half["ST"][k]),
            )
        )  # fmt: skip
    return sorted(found, key=lambda index: -index.total), error


def parts_of(asked: F64) -> list[F64]:
    """Points in parts that an emulator is asked at one after another, so that memory is bounded."""
    count = max(1, math.ceil(len(asked) / AT_ONCE))
    return np.array_split(asked, count)


STARTS = (1.0, 3.0)
"""Lengths at which the search for an emulator begins again, in standard deviations."""


def _best(z: F64, y: F64, chance: float) -> Emulator:
    """The emulator that foresees left-out points best, of searches from several beginnings.

    From correlations alone the search does not see a factor that acts without a slope (a U).
    """
    from fupin.calibration.emulator import fit_emulator

    first = fit_emulator("outcome", z, y, chance)
    found = [first]
    for length in STARTS:
        begin = replace(
            first,
            length=np.full(z.shape[1], length), trend=0.1, process=1.0, noise=first.chance + 0.05,
        )  # fmt: skip
        found.append(fit_emulator("outcome", z, y, chance, begin))
    return max(found, key=_foresight)


def _foresight(emulator: Emulator) -> float:
    """Mean log density of left-out points before inflation (Rasmussen & Williams 2006, 5.4.2)."""
    precision = (emulator.inverse**2).sum(0)
    return float(np.mean(np.log(precision) - emulator.leave_one_out() ** 2))


def _half_widths(confidence: F64, parts: F64) -> F64:
    """Half of each index's interval.

    Args:
        confidence: of SALib: a normal quantile times the bootstrap's standard error, (indices,).
        parts: the indices of the emulators that had not seen a fold, (folds, indices).
    """
    bootstrap = (confidence / two_sided_normal()) ** 2
    jackknife = (FOLDS - 1) / FOLDS * ((parts - parts.mean(0)) ** 2).sum(0)
    freedoms = (RESAMPLES - 1, FOLDS - 1)
    return np.array(
        [
            two_sided_t(satterthwaite(pair, freedoms)) * math.sqrt(sum(pair))
            for pair in zip(bootstrap.tolist(), jackknife.tolist(), strict=True)
        ]
    )
