"""Which assumptions matter for one number of every world, by the method that the design allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin.errors import InputError
from fupin.statistics.confidence import two_sided_t
from fupin.statistics.variance import Split, split_variance
from fupin.uncertainty.association import LEAST_VECTORS, associations
from fupin.uncertainty.indices import LEAST_POINTS, sobol_indices
from fupin.uncertainty.screening import elementary_effects, positions_of, steps_of
from fupin.uncertainty.worlds import Input, Worlds

F64 = npt.NDArray[np.float64]

LEAST_TRAJECTORIES = 3
LEAST_R2 = 0.3
"""An emulator that explains less of what it had not seen tells no assumption from noise."""

LEAST_KNOWN = 0.9
"""Part of the variance between points that the emulator foresees or seeds explain. With less most
intervals of indices miss the truth, and idle factors are told as mattering; no index is given."""

LEAST_PART = 0.05
"""An assumption that accounts for less of the variance does not matter, however well told."""

SPREAD = ("sobol", "latin_hypercube")


@dataclass(frozen=True)
class Assumption:
    """One assumption and how much it matters.

    Attributes:
        name, kind: as of `worlds.Input`.
        importance, low, high: with its 90% interval. Morris: mu*, in the outcome's unit. Sobol: the
            total index. Association: part of the variance of one run that goes with it. Interval
            None where it is not known.
        matters: False where it cannot be told from nothing.
        direction: 1, -1, or 0 for none (a choice, or no slope).
        more: what else the method says (sigma, mu; first and its interval; correlation).
    """

    name: str
    kind: str
    importance: float
    low: float | None
    high: float | None
    matters: bool
    direction: int
    more: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What drives one number.

    Attributes:
        method: morris, sobol, association, or "" where the runs allow none.
        assumptions: the most important first.
        emulator: how good it is (`indices.EmulatorError`), or None.
        floor: of an association: what the largest of idle parameters reaches; else None.
        split: of the variance; None for a Morris design, whose points are no sample of anything.
    """

    method: str
    assumptions: tuple[Assumption, ...]
    emulator: dict[str, Any] | None
    floor: float | None
    split: Split | None


def what_matters(worlds: Worlds, y: F64) -> Answer:
    """What drives a number of every world and seed.

    Args:
        worlds: where the runs were made.
        y: the number, (worlds, seeds), finite.

    Raises:
        InputError: a package is missing; a Morris design that changes none or several at a time.
    """
    factors = [one for one in worlds.inputs if not one.of_draw]
    if worlds.design == "morris":
        return Answer("morris", _morris(worlds, factors, y), None, None, None)
    split = split_variance(y, worlds.structure, worlds.rest)
    points = len(np.unique(worlds.points))
    if worlds.design in SPREAD and points >= LEAST_POINTS and np.ptp(y) > 0:
        found, error = _sobol(worlds, factors, y)
        return Answer("sobol", found, error, None, split)
    found, floor = _association(worlds, y, split)
    method = "association" if floor is not None else ""
    return Answer(method, found, None, floor, split)


def _per_point(worlds: Worlds, y: F64) -> tuple[F64, npt.NDArray[np.int64], float | None]:
    """Mean of each point, a world of each, and the variance of that mean by seeds alone."""
    points, first = np.unique(worlds.points, return_index=True)
    by_seed = np.array([y[worlds.points == p].mean(axis=0) for p in points])
    seeds = y.shape[1]
    chance = float(by_seed.var(axis=1, ddof=1).mean()) / seeds if seeds > 1 else None
    return by_seed.mean(axis=1), first, chance


def _morris(worlds: Worlds, factors: Sequence[Input], y: F64) -> tuple[Assumption, ...]:
    mean, first, _ = _per_point(worlds, y)
    scales = worlds.about.get("scales", {})
    positions = np.column_stack(
        [positions_of(one.values[first], scales.get(one.name)) for one in factors]
    )
    choices = [not one.numeric for one in factors]
    length = len(factors) + 1
    if len(mean) // length < LEAST_TRAJECTORIES:
        raise InputError(
            f"{len(mean) // length} trajectories say little.", f"Use {LEAST_TRAJECTORIES} or more."
        )
    try:
        names = [one.name for one in factors]
        effects = elementary_effects(names, positions, mean, choices)
    except ValueError:
        raise InputError(
            f"The trajectories of {worlds.folder} do not change one factor at a time.",
            "Run the sweep again: this fupin makes other trajectories.",
        ) from None
    kinds = {one.name: one for one in factors}
    luck = _luck_of_steps(worlds, y, positions, choices)
    noise = {one.name: 0.0 if luck is None else float(luck[k]) for k, one in enumerate(factors)}
    return tuple(
        Assumption(
            name=effect.name,
            kind=kinds[effect.name].kind,
            importance=effect.mu_star,
            low=effect.low,
            high=effect.high,
            matters=effect.low > noise[effect.name],
            direction=int(np.sign(effect.mu)) if kinds[effect.name].numeric else 0,
            more={"mu": effect.mu, "sigma": effect.sigma}
            | ({} if luck is None else {"noise": noise[effect.name]}),
        )
        for effect in effects
    )


def _luck_of_steps(worlds: Worlds, y: F64, positions: F64, choices: Sequence[bool]) -> F64 | None:
    """The mu* that luck alone would show, (factors,); None with one seed.

    Both ends of a step have the same seeds, so that most luck cancels. What is left is seen in how
    far the seeds of a step differ. The mean size of a normal deviate is 0.8 standard deviations.
    """
    seeds, factors = y.shape[1], positions.shape[1]
    if seeds == 1:
        return None
    by_seed = np.array([y[worlds.points == p].mean(axis=0) for p in np.unique(worlds.points)])
    steps = np.diff(by_seed.reshape(-1, factors + 1, seeds), axis=1)
    variance = steps.var(axis=2, ddof=1) / seeds  # (trajectories, steps)
    made, turn = steps_of(positions, choices)
    of_factor = (np.take_along_axis(variance, turn, axis=1) / made**2).mean(axis=0)
    return np.asarray(0.8 * np.sqrt(of_factor))


def _sobol(
    worlds: Worlds, factors: Sequence[Input], y: F64
) -> tuple[tuple[Assumption, ...], dict[str, Any]]:
    mean, first, chance = _per_point(worlds, y)
    here = [Input(i.name, i.kind, i.values[first], i.of_draw) for i in factors]
    found, error = sobol_indices(here, mean, chance)
    if error.known < LEAST_KNOWN:
        return (), asdict(error)
    kinds = {one.name: one for one in here}
    assumptions = tuple(
        Assumption(
            name=index.name,
            kind=kinds[index.name].kind,
            importance=index.total,
            low=index.total_low,
            high=index.total_high,
            matters=(index.total_low > 0 and index.total >= LEAST_PART and error.r2 >= LEAST_R2),
            direction=_direction(kinds[index.name], mean),
            more={
                "first": index.first,
                "first_low": index.first_low,
                "first_high": index.first_high,
            },
        )
        for index in found
    )
    return assumptions, asdict(error)


def _direction(one: Input, y: F64) -> int:
    return int(np.sign(np.corrcoef(one.values, y)[0, 1])) if one.numeric else 0


def _association(
    worlds: Worlds, y: F64, split: Split
) -> tuple[tuple[Assumption, ...], float | None]:
    """Parameters by rank correlation over vectors, forms by their part of the variance."""
    found = [_form(worlds, one, y) for one in worlds.inputs if one.kind == "structure"]
    vectors, first = np.unique(worlds.rest, return_index=True)
    numeric = [i for i in worlds.inputs if i.numeric and i.kind != "structure"]
    floor = None
    part = split.shares["parameters"]
    if numeric and len(vectors) >= LEAST_VECTORS and part is not None:
        mean = np.array([y[worlds.rest == v].mean() for v in vectors])
        x = np.column_stack([i.values[first] for i in numeric])
        kinds = {i.name: i.kind for i in numeric}
        ranked, noise = associations(list(kinds), x, mean)
        floor = noise * part
        found += [
            Assumption(
                name=a.name,
                kind=kinds[a.name],
                importance=a.share * part,
                low=a.low * part,
                high=a.high * part,
                matters=a.share > noise,
                direction=int(np.sign(a.correlation)),
                more={"correlation": a.correlation},
            )
            for a in ranked
        ]
    return tuple(sorted(found, key=lambda a: (not a.matters, -a.importance))), floor


def _form(worlds: Worlds, one: Input, y: F64) -> Assumption:
    forms = np.unique(one.values.astype(str), return_inverse=True)[1]
    split = split_variance(y, forms, worlds.without(one.name))
    share = (split.shares["structure"] or 0.0) + (split.shares["together"] or 0.0)
    part, error = split.parts["structure"], split.errors["structure"]
    # A jackknife over n vectors knows its error with n - 1 degrees of freedom; with fewer than
    # three there is none, and then nobody knows whether the form matters.
    vectors = len(np.unique(worlds.without(one.name)))
    told = (
        part is not None and error is not None and share >= LEAST_PART
        and part > two_sided_t(vectors - 1) * error
    )  # fmt: skip
    return Assumption(one.name, one.kind, share, None, None, told, 0,
                      {"alone": split.shares["structure"] or 0.0})  # fmt: skip
