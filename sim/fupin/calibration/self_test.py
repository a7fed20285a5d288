"""Simulation-based calibration: does the method know what it does not know?

Each run of the first wave is, in turn, the truth: its parameters are a draw of the priors, its
moments (with an error of each target's tolerance added) are the data. The emulators that judge it
have not seen the run's fold. The posterior must then hold the true parameter in 50% of its 50%
intervals and in 90% of its 90% intervals, and the rank of the truth among posterior draws must be
uniform (Talts and others 2018, arXiv 1804.06788). Posteriors come from the sampler of a
calibration, with shorter chains.

Coverage of a parameter that is not learned is right by itself; the table therefore says how
narrow the posteriors were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fupin.calibration import emulator as emulators_of
from fupin.calibration.emulator import Emulator
from fupin.calibration.likelihood import Likelihood
from fupin.calibration.posterior import draw_quickly
from fupin.calibration.space import F64, Space
from fupin.calibration.targets import Posterior, Target, fitted
from fupin.calibration.waves import Runs
from fupin.engine.workers import each
from fupin.statistics.confidence import two_sided_normal

LEAST_SETS = 100
"""Synthetic data sets below which coverage says little."""

FALSE_ALARMS = 0.05
"""Chance that a calibration without fault names any parameter at all."""

_FOLDS = 5
_DRAWS = 256  # of each posterior


@dataclass(frozen=True)
class Coverage:
    """How often intervals held the truth.

    Attributes:
        name: of the parameter.
        half, ninety: shares of 50% and 90% intervals that held it.
        sets: data sets.
        width: mean posterior sd / prior sd; near 1 means that there was nothing to get wrong.
        uniform: p value of the ranks' uniformity (chi square, ten bins).
    """

    name: str
    half: float
    ninety: float
    sets: int
    width: float
    uniform: float

    def error(self, nominal: float) -> float:
        """Binomial standard error of a coverage."""
        return float(np.sqrt(nominal * (1 - nominal) / self.sets))


@dataclass(frozen=True)
class SelfTest:
    """Coverage of each parameter, and of all together.

    Attributes:
        posterior: whose targets the synthetic data have.
        parameters: one entry each.
        half, ninety: mean coverage over parameters.
        half_error, ninety_error: their standard errors; data sets count as one each, as the
            parameters of a data set stand and fall together.
        sets: data sets used.
    """

    posterior: str
    parameters: list[Coverage]
    half: float
    ninety: float
    half_error: float
    ninety_error: float
    sets: int

    @property
    def passed(self) -> bool:
        """Mean coverage within two standard errors of nominal, with enough data sets."""
        return (
            self.sets >= LEAST_SETS
            and abs(self.half - 0.5) <= 2 * self.half_error
            and abs(self.ninety - 0.9) <= 2 * self.ninety_error
        )


def self_test(
    space: Space,
    targets: Sequence[Target],
    runs: Runs,
    emulators: Mapping[str, Emulator],
    posterior: Posterior = "B",
    sets: int = 160,
    seed: int = 20091231,
    workers: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> SelfTest:
    """Test a calibration on its own runs.

    Args:
        space: calibrated parameters.
        targets: as of the calibration.
        runs: of all waves; data sets are runs of the first, at draws of the priors.
        emulators: fitted to these runs.
        posterior: which targets the data have.
        sets: data sets at most.
        seed: of errors and of the method.
        workers: processes.
        on_progress: called with (done, all).
    """
    chosen = fitted(targets, posterior)
    fold = emulators_of.folds(len(runs.seeds), _FOLDS, seed)
    first = np.flatnonzero(runs.wave == 1)
    # By chance: every second point of a Sobol sequence lies in one half of some parameters.
    rng = np.random.default_rng([seed, 7])
    taken = np.sort(rng.permutation(first)[:sets])
    observed = np.stack([runs.column(target.moment, target.scale) for target in chosen], axis=1)
    wanted = {target.moment for target in chosen}
    jobs: list[tuple[Likelihood, list[tuple[int, F64, F64]], int]] = []
    for one in range(_FOLDS):
        mine = [int(i) for i in taken if fold[i] == one]
        blind = {name: emulators[name].without(fold == one) for name in wanted}
        likelihood = Likelihood.of(chosen, blind, len(space))
        # In small parts, so that progress shows and processes end together.
        jobs += [
            (likelihood, [(int(i), observed[i], runs.z[i]) for i in part], seed)
            for part in np.array_split(np.array(mine, int), max(len(mine) // 5, 1))
        ]
    results: list[tuple[int, F64, F64]] = []
    report = on_progress or (lambda done, total: None)
    for found in each(_judge, jobs, workers):
        results += found
        report(len(results), len(taken))
    return _summary(space.names, posterior, sorted(results, key=lambda entry: entry[0]))


def _judge(
    job: tuple[Likelihood, list[tuple[int, F64, F64]], int],
) -> list[tuple[int, F64, F64]]:
    """Ranks of the truth, 0 to 1, and posterior widths of some data sets."""
    from threadpoolctl import threadpool_limits

    likelihood, sets, seed = job
    found = []
    with threadpool_limits(1):
        for i, moments, truth in sets:
            rng = np.random.default_rng([seed, i, 4])
            data = moments + np.sqrt(likelihood.allowed) * rng.standard_normal(len(moments))
            drawn = draw_quickly(likelihood.observing(data), _DRAWS, seed + i)
            below = (drawn < truth).sum(0)
            ties = rng.random(len(truth))  # where within its place a rank lies
            found.append((i, (below + ties) / (len(drawn) + 1), drawn.std(0)))
    return found


def _summary(names: Sequence[str], posterior: str, results: list[tuple[int, F64, F64]]) -> SelfTest:
    ranks = np.array([entry[1] for entry in results]).reshape(-1, len(names))
    widths = np.array([entry[2] for entry in results]).reshape(-1, len(names))
    half = (np.abs(ranks - 0.5) < 0.25).astype(float)
    ninety = (np.abs(ranks - 0.5) < 0.45).astype(float)
    sets = len(results)
    parameters = [
        Coverage(
            name, float(half[:, k].mean()), float(ninety[:, k].mean()), sets,
            float(widths[:, k].mean()), _uniformity(ranks[:, k]),
        )
        for k, name in enumerate(names)
    ] if sets else []  # fmt: skip

    def error(hits: F64) -> float:
        return float(hits.mean(1).std(ddof=1) / np.sqrt(sets)) if sets > 1 else float("nan")

    return SelfTest(
        posterior=posterior,
        parameters=parameters,
        half=float(half.mean()) if sets else float("nan"),
        ninety=float(ninety.mean()) if sets else float("nan"),
        half_error=error(half),
        ninety_error=error(ninety),
        sets=sets,
    )


def _uniformity(ranks: F64) -> float:
    from scipy.stats import chisquare

    counts = np.bincount(np.minimum((ranks * 10).astype(int), 9), minlength=10)
    return float(chisquare(counts).pvalue)


def off_by_more_than_chance(test: SelfTest) -> list[Coverage]:
    """Parameters whose coverage is off by more than chance allows, all looked at together.

    Two coverages of each parameter share FALSE_ALARMS. Their standard error is known (binomial),
    so that the normal quantile belongs beside it.
    """
    looks = 2 * max(len(test.parameters), 1)
    bound = two_sided_normal(1.0 - FALSE_ALARMS / looks)
    return [
        one
        for one in test.parameters
        if abs(one.half - 0.5) > bound * one.error(0.5)
        or abs(one.ninety - 0.9) > bound * one.error(0.9) + 0.5 / one.sets
    ]
