"""A calibration in waves: design, runs, emulators, posterior; then again where it matters.

The first design fills the priors. Each later one is drawn from the posteriors of the waves before
it, A and B in equal parts, so that emulators become good where the posteriors are: the second wave
spread out, as the first posteriors are rough, the next less, the last not at all. Emulators have
seen all runs of all waves before them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.calibration import emulator as emulators_of
from fupin.calibration.emulator import Emulator, to_scale
from fupin.calibration.likelihood import Likelihood
from fupin.calibration.posterior import Chains, draw_quickly, sample_posterior
from fupin.calibration.runs import Failure
from fupin.calibration.space import F64, Space
from fupin.calibration.targets import POSTERIORS, Posterior, Scale, Target, fitted
from fupin.engine.workers import each
from fupin.results.draws import Draw

Values = list[dict[str, float] | None]
Run = Callable[[Sequence[tuple[Draw, int]], str], tuple[Values, list[Failure]]]
"""Runs (draw, seed) pairs; the text says what for."""

BESIDES: dict[str, Scale] = {"gross_exits": "log", "entries": "log"}
"""Moments that are emulated though no target: the ridge is read off them."""

_SPREAD_OUT = 1.5
"""How much wider than its posterior the second wave is; the last wave is as wide as it."""

_FARTHEST = 3.2
_FOLDS = 5


@dataclass(frozen=True)
class Settings:
    """How much work a calibration does.

    Attributes:
        first: runs of the first wave.
        later: runs of each later wave.
        replicated: vectors of the last wave that are run again with other seeds.
        seeds: other seeds for each of these.
        steps: steps of the Markov chains.
        rows: rows of a posterior table.
        seed: of every chance of the method (runs have seeds of their own, 1, 2, ...).
    """

    first: int = 256
    later: tuple[int, ...] = (90, 100, 110)
    replicated: int = 15
    seeds: int = 2
    steps: int = 600
    rows: int = 200
    seed: int = 20091231


QUICK = Settings(first=64, later=(30, 30), replicated=6, seeds=2, steps=360)
"""Shows that everything works, and about where the answer lies."""


@dataclass(frozen=True)
class Runs:
    """Runs that ended well.

    Attributes:
        z: calibrated parameters in prior standard deviations, (n, d).
        vectors: all uncertain parameters by run.
        seeds: by run.
        wave: 1, 2, ..., by run.
        moments: by run.
    """

    z: F64
    vectors: list[dict[str, float]]
    seeds: list[int]
    wave: npt.NDArray[np.int64]
    moments: list[dict[str, float]]

    def column(self, moment: str, scale: Scale) -> F64:
        """A moment of all runs on a scale, (n,)."""
        return to_scale([run[moment] for run in self.moments], scale)


@dataclass(frozen=True)
class Check:
    """How often an emulator was right about runs that took no part, |z| < 2.

    Attributes:
        all: of all runs, five folds.
        near: of those of the last wave among them, which is drawn from the posteriors.
        fresh: of the last wave by the emulator of the waves before, which had seen none of it.
        inflation: factor on the emulator's standard deviation.
        noise: standard deviation of a run that no calibrated parameter explains, on the scale.
        chance: of it by the seed alone.
    """

    all: float
    near: float
    fresh: float
    inflation: float
    noise: float
    chance: float

    @property
    def passed(self) -> bool:
        """The gate."""
        return self.all >= emulators_of.PASS


@dataclass(frozen=True)
class Calibration:
    """All that a calibration finds."""

    space: Space
    targets: list[Target]
    settings: Settings
    runs: Runs
    failures: list[Failure]
    emulators: dict[str, Emulator]
    checks: dict[str, Check]
    chains: dict[Posterior, Chains]
    rows: dict[Posterior, list[dict[str, float]]] = field(default_factory=dict)

    def likelihood(self, posterior: Posterior) -> Likelihood:
        """The likelihood that a posterior was fitted with."""
        return Likelihood.of(fitted(self.targets, posterior), self.emulators, len(self.space))


def calibrate(
    space: Space,
    targets: list[Target],
    run: Run,
    settings: Settings | None = None,
    workers: int = 1,
    say: Callable[[str], None] = lambda text: None,
) -> Calibration:
    """All waves and both posteriors.

    Args:
        space: calibrated and other parameters with their priors.
        targets: what to fit and what to hold out.
        run: runs the model.
        settings: how much of everything.
        workers: processes for fitting.
        say: told what is going on.

    Raises:
        RuntimeError: so many runs failed that no emulator can be trusted.
    """
    settings = settings or Settings()
    first_design = space.prior_design(settings.first, settings.seed)
    runs, failures = _run(space, first_design, 1, 1, run, "wave 1")
    early: dict[str, Emulator] = {}
    done = settings.first
    for k, count in enumerate(settings.later):
        say(f"fitting emulators to {len(runs.seeds)} runs")
        early = fit_all(space, runs, targets, {}, workers, early or None)
        design = _later_design(space, targets, early, settings, k, workers)
        late, late_failures = _run(space, design, k + 2, done + 1, run, f"wave {k + 2}")
        runs, failures, done = _joined(runs, late), [*failures, *late_failures], done + count
    last = _of_wave(runs, len(settings.later) + 1)
    replicates = _replicates(last, settings, done + 1)
    again, again_failures = run(replicates, "replicates")
    failures = [*failures, *again_failures]
    total = done + len(replicates)
    if len(failures) > 0.1 * total:
        raise RuntimeError(
            f"{len(failures)} of {total} runs failed; the first: {failures[0].reason}"
        )
    say("fitting emulators of all waves")
    chance = _chance(last, again, settings, targets)
    emulators = fit_all(space, runs, targets, chance, workers, early)
    checks = _checks(runs, emulators, early, targets, settings.seed)
    say("sampling posteriors A and B")
    likelihoods = [
        Likelihood.of(fitted(targets, posterior), emulators, len(space)) for posterior in POSTERIORS
    ]
    arguments = [(one, settings.seed + k, settings.steps) for k, one in enumerate(likelihoods)]
    found = list(each(_sample, arguments, workers))
    chains: dict[Posterior, Chains] = dict(zip(POSTERIORS, found, strict=True))
    rows = {
        posterior: posterior_rows(space, chains[posterior], settings.rows, settings.seed + 20 + k)
        for k, posterior in enumerate(POSTERIORS)
    }
    return Calibration(space, targets, settings, runs, failures, emulators, checks, chains, rows)


def posterior_rows(space: Space, chains: Chains, count: int, seed: int) -> list[dict[str, float]]:
    """Rows of a posterior table; parameters that no target informs come from their priors."""
    chosen = np.linspace(0, len(chains.z) - 1, count).astype(int)  # they are shuffled
    return space.values(np.hstack([chains.z[chosen], space.others_of(count, seed)]))


def emulated(targets: Sequence[Target], runs: Runs) -> dict[str, Scale]:
    """Moments that are emulated, with their scales: of all targets but the shown, and BESIDES."""
    wanted = {target.moment: target.scale for target in targets if target.role != "shown"}
    return wanted | {
        moment: scale
        for moment, scale in BESIDES.items()
        if moment not in wanted and moment in runs.moments[0]
    }


def _later_design(
    space: Space,
    targets: Sequence[Target],
    emulators: Mapping[str, Emulator],
    settings: Settings,
    k: int,
    workers: int,
) -> F64:
    """Normals of all parameters of the k-th wave after the first: around both posteriors."""
    count, waves = settings.later[k], len(settings.later)
    share = k / (waves - 1) if waves > 1 else 0.0
    spread = _SPREAD_OUT + share * (1.0 - _SPREAD_OUT)
    arguments = [
        (
            Likelihood.of(fitted(targets, posterior), emulators, len(space)),
            count // 2 + p * (count % 2),
            settings.seed + 100 * (k + 1) + p,
        )
        for p, posterior in enumerate(POSTERIORS)
    ]
    parts = [_spread_out(drawn, spread) for drawn in each(_draw, arguments, workers)]
    near = np.vstack(parts)
    return np.hstack([near, space.others_of(len(near), settings.seed + 10 * (k + 1))])


def fit_all(
    space: Space,
    runs: Runs,
    targets: Sequence[Target],
    chance: Mapping[str, float],
    workers: int,
    start: Mapping[str, Emulator] | None = None,
) -> dict[str, Emulator]:
    """Emulators of all moments that matter.

    Args:
        space: calibrated parameters.
        runs: of some or all waves.
        targets: whose moments are emulated.
        chance: variance by seed alone of each moment, on its scale.
        workers: processes.
        start: emulators from which the searches begin.
    """
    scales, inputs = emulated(targets, runs), space.inputs()
    arguments = [
        (moment, runs.z, runs.column(moment, scale), chance.get(moment, 0.0),
         None if start is None else start[moment], inputs)
        for moment, scale in scales.items()
    ]  # fmt: skip
    return dict(zip(scales, each(_fit, arguments, workers), strict=True))


def _fit(arguments: tuple[Any, ...]) -> Emulator:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # the same sums however many cores there are
        return emulators_of.fit_emulator(*arguments)


def _draw(arguments: tuple[Likelihood, int, int]) -> F64:
    from threadpoolctl import threadpool_limits

    likelihood, count, seed = arguments
    with threadpool_limits(1):
        # Many more than are wanted: a design must not lean on where a few walkers were.
        return draw_quickly(likelihood, max(2 * count, 128), seed)[:count]


def _sample(arguments: tuple[Likelihood, int, int]) -> Chains:
    from threadpoolctl import threadpool_limits

    likelihood, seed, steps = arguments
    with threadpool_limits(1):
        return sample_posterior(likelihood, seed, steps)


def _run(
    space: Space, design: F64, wave: int, first_seed: int, run: Run, what: str
) -> tuple[Runs, list[Failure]]:
    vectors = space.values(design)
    seeds = [first_seed + i for i in range(len(vectors))]
    tasks = [
        (Draw(f"wave {wave}:{i + 1}", vector, places=seed), seed)  # places of its own
        for i, (vector, seed) in enumerate(zip(vectors, seeds, strict=True))
    ]
    found, failures = run(tasks, what)
    kept = [i for i, moments in enumerate(found) if moments is not None]
    if len(kept) < 10:
        reason = failures[0].reason if failures else "no reason was given"
        raise RuntimeError(f"{len(tasks) - len(kept)} of {len(tasks)} runs failed: {reason}")
    chosen = [vectors[i] for i in kept]
    runs = Runs(
        z=space.normals(chosen),
        vectors=chosen,
        seeds=[seeds[i] for i in kept],
        wave=np.full(len(kept), wave),
        moments=[moments for moments in found if moments is not None],
    )
    return runs, failures


def _joined(one: Runs, other: Runs) -> Runs:
    return Runs(
        z=np.vstack([one.z, other.z]),
        vectors=[*one.vectors, *other.vectors],
        seeds=[*one.seeds, *other.seeds],
        wave=np.concatenate([one.wave, other.wave]),
        moments=[*one.moments, *other.moments],
    )


def _of_wave(runs: Runs, wave: int) -> Runs:
    kept = np.flatnonzero(runs.wave == wave)
    return Runs(
        z=runs.z[kept],
        vectors=[runs.vectors[i] for i in kept],
        seeds=[runs.seeds[i] for i in kept],
        wave=runs.wave[kept],
        moments=[runs.moments[i] for i in kept],
    )


def _spread_out(z: F64, by: float) -> F64:
    """Points around the posterior and not only in it: an emulator is weakest at an edge."""
    centre = z.mean(0)
    return np.asarray(np.clip(centre + by * (z - centre), -_FARTHEST, _FARTHEST))


def _replicates(late: Runs, settings: Settings, first_seed: int) -> list[tuple[Draw, int]]:
    chosen = np.linspace(0, len(late.seeds) - 1, min(settings.replicated, len(late.seeds)))
    draws = [
        Draw(f"again:{k + 1}", late.vectors[int(i)], places=late.seeds[int(i)])
        for k, i in enumerate(chosen)
    ]
    return [
        (draw, first_seed + k * settings.seeds + s)
        for k, draw in enumerate(draws)
        for s in range(settings.seeds)
    ]


def _chance(
    late: Runs, again: Values, settings: Settings, targets: Sequence[Target]
) -> dict[str, float]:
    """Variance of each moment by the seed alone, pooled over replicated vectors, on its scale."""
    chosen = np.linspace(0, len(late.seeds) - 1, min(settings.replicated, len(late.seeds)))
    chance: dict[str, float] = {}
    for moment, scale in emulated(targets, late).items():
        squares, freedom = 0.0, 0
        for k, i in enumerate(chosen):
            others = again[k * settings.seeds : (k + 1) * settings.seeds]
            group = [late.moments[int(i)], *(run for run in others if run is not None)]
            values = to_scale([run[moment] for run in group], scale)
            squares += float(((values - values.mean()) ** 2).sum())
            freedom += len(values) - 1
        chance[moment] = squares / freedom if freedom else 0.0
    return chance


def _checks(
    runs: Runs,
    emulators: Mapping[str, Emulator],
    early: Mapping[str, Emulator],
    targets: Sequence[Target],
    seed: int,
) -> dict[str, Check]:
    fold = emulators_of.folds(len(runs.seeds), _FOLDS, seed)
    late = runs.wave == runs.wave.max()
    checks = {}
    for moment, scale in emulated(targets, runs).items():
        emulator = emulators[moment]
        errors = np.abs(emulators_of.cross_check(emulator, fold))
        y = runs.column(moment, scale)
        fresh = np.abs(emulators_of.check(early[moment], runs.z[late], y[late]))
        checks[moment] = Check(
            all=float((errors < 2).mean()),
            near=float((errors[late] < 2).mean()),
            fresh=float((fresh < 2).mean()),
            inflation=emulator.inflation,
            noise=emulator.noise_sd,
            chance=emulator.chance_sd,
        )
    return checks
