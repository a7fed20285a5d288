"""What a calibration learned, what it fits, which targets pull apart, and the ridge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fupin.calibration.emulator import from_scale
from fupin.calibration.likelihood import Likelihood
from fupin.calibration.moment_names import YEAR
from fupin.calibration.posterior import draw_quickly
from fupin.calibration.space import F64, Space
from fupin.calibration.targets import Posterior, Target, fitted
from fupin.calibration.waves import Calibration
from fupin.statistics.confidence import ENDS
from fupin.statistics.quantiles import central_interval, quantile

NOT_LEARNED_SD, NOT_LEARNED_SHIFT = 0.9, 0.3
"""A parameter is not learned if its posterior is more than 0.9 times as wide as its prior and its
mean moved by less than 0.3 prior standard deviations."""

IN_CONFLICT = 2.0
"""Standard deviations between a target and what the other targets predict of it."""

RIDGE = ("register.review_probability", "livelihood.spread_growth", "register.served_review")
"""What trades off in the net fall of the register; the first orders the ridge."""

RIDGE_MOMENTS = ("lifted", f"registered_{YEAR}", "gross_exits", "entries")

_BINS = 5


@dataclass(frozen=True)
class Learned:
    """Prior and posterior of one parameter, in its own unit.

    Attributes:
        name: of the parameter.
        prior: 5%, 50% and 95% of the prior.
        posterior: the same of the posterior.
        width: posterior sd / prior sd, after the prior is made normal.
        shift: posterior mean - prior mean in prior sds, likewise.
    """

    name: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    width: float
    shift: float

    @property
    def learned(self) -> bool:
        """False if the posterior is the prior, nearly."""
        return self.width < NOT_LEARNED_SD or abs(self.shift) > NOT_LEARNED_SHIFT


@dataclass(frozen=True)
class Fit:
    """A target beside what the emulator says under a posterior, in the target's unit.

    Attributes:
        target: its name.
        value, tolerance: of the target.
        mean: of runs at the posterior.
        low, high: 5% and 95% of one further run.
        off: (mean - value) / tolerance.
        others: what the other fitted targets alone predict: their median run.
        apart: (others - value) in standard deviations of both; beyond IN_CONFLICT it conflicts.
            NaN where the target is not fitted.
    """

    target: str
    value: float
    tolerance: float
    mean: float
    low: float
    high: float
    off: float
    others: float
    apart: float

    @property
    def conflict(self) -> bool:
        """The target is missed, or the other targets contradict it."""
        return abs(self.off) > IN_CONFLICT or abs(self.apart) > IN_CONFLICT


@dataclass(frozen=True)
class RidgeStep:
    """Draws of posterior B with about the same chance of a review.

    Attributes:
        parameters: mean of each of RIDGE.
        moments: mean of each of RIDGE_MOMENTS, emulated.
    """

    parameters: dict[str, float]
    moments: dict[str, float]


def learned(space: Space, z: F64) -> list[Learned]:
    """Prior and posterior of each calibrated parameter from draws z (n, d)."""
    shares = (ENDS[0], 0.5, ENDS[1])
    found = []
    for k, (name, law) in enumerate(zip(space.names, space.laws, strict=True)):
        from scipy.special import ndtr

        found_z = np.array([quantile(z[:, k], share) for share in shares])
        found.append(
            Learned(
                name=name,
                prior=_three(law.quantile(np.array(shares))),
                posterior=_three(law.quantile(ndtr(found_z))),
                width=float(z[:, k].std()),
                shift=float(z[:, k].mean()),
            )
        )
    return found


def fits(calibration: Calibration, posterior: Posterior) -> list[Fit]:
    """Every emulated target under a posterior; fitted ones with what the others say of them."""
    z = calibration.chains[posterior].z
    fitted_names = {target.name for target in fitted(calibration.targets, posterior)}
    whole = calibration.likelihood(posterior)
    rng = np.random.default_rng(calibration.settings.seed + 30)
    found = []
    for target in calibration.targets:
        if target.moment not in calibration.emulators or target.role == "shown":
            continue
        runs = _predicted(calibration, target, z, rng)
        low, high = central_interval(runs)
        others, apart = float("nan"), float("nan")
        if target.name in fitted_names and len(fitted_names) > 1:
            others, apart = _by_the_others(calibration, whole, target, rng)
        found.append(
            Fit(
                target=target.name,
                value=target.value,
                tolerance=target.tolerance,
                mean=float(runs.mean()),
                low=float(low),
                high=float(high),
                off=float((runs.mean() - target.value) / target.tolerance),
                others=others,
                apart=apart,
            )
        )
    return found


def _by_the_others(
    calibration: Calibration, whole: Likelihood, target: Target, rng: np.random.Generator
) -> tuple[float, float]:
    from threadpoolctl import threadpool_limits

    place = whole.names.index(target.name)
    seed = calibration.settings.seed + place
    with threadpool_limits(1):  # the same sums however many cores there are
        drawn = draw_quickly(whole.without(target.name), 384, seed)
    mean, variance = calibration.emulators[target.moment].predict(drawn)
    runs = mean + np.sqrt(variance) * rng.standard_normal(len(mean))
    spread = np.sqrt(runs.var() + whole.allowed[place])
    apart = float((runs.mean() - whole.values[place]) / spread)
    return float(from_scale(np.median(runs), target.scale)), apart


def ridge(calibration: Calibration, names: Sequence[str] = RIDGE) -> list[RidgeStep]:
    """Posterior B in fifths of the first name, with emulated figures; empty without the names."""
    space, z = calibration.space, calibration.chains["B"].z
    moments = [moment for moment in RIDGE_MOMENTS if moment in calibration.emulators]
    if not set(names) <= set(space.names):
        return []
    scales = {target.moment: target.scale for target in calibration.targets}
    vectors = space.values(np.hstack([z, np.zeros((len(z), len(space.others)))]))
    table = np.array([[vector[name] for name in names] for vector in vectors])
    order = np.argsort(table[:, 0], kind="stable")
    steps = []
    for rows in np.array_split(order, _BINS):
        means = {
            moment: float(
                np.mean(
                    from_scale(
                        calibration.emulators[moment].predict(z[rows])[0],
                        scales.get(moment, "log"),
                    )
                )
            )
            for moment in moments
        }
        found = dict(zip(names, table[rows].mean(0).tolist(), strict=True))
        steps.append(RidgeStep(found, means))
    return steps


def medoid(z: F64) -> int:
    """The row with the smallest sum of distances to all others."""
    distances = np.sqrt(((z[:, None, :] - z[None, :, :]) ** 2).sum(2))
    return int(distances.sum(1).argmin())


def _predicted(calibration: Calibration, target: Target, z: F64, rng: np.random.Generator) -> F64:
    """Runs at draws of a posterior, in the target's unit."""
    mean, variance = calibration.emulators[target.moment].predict(z)
    noise = np.sqrt(variance) * rng.standard_normal(len(mean))
    return from_scale(mean + noise, target.scale)


def _three(values: F64) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in values)
    return low, middle, high
