"""How much of a number's variance is chance, parameters and the form of the model.

For a run with form s (one of S, each as credible as the others), parameters b and seed c, the law
of total variance splits Var(y) exactly:

    chance       E_sb( Var_c(y) )          luck of a year, everything else fixed
    parameters   Var_b( E_sc(y) )          what parameters change in the mean of all forms
    structure    Var_s( E_bc(y) )          what the form changes on average
    together     the rest                  what parameters change otherwise in another form

Draws, seeds and forms are crossed: the same seed lives in every world, so that squares of means
hold the variance of what they share. Each term is therefore estimated by products of *different*
runs, which is unbiased. With P(one) the mean square of runs, P(same b) the mean product of two runs
of one form and parameter vector with different seeds, P(other b) of one form, different vectors
and seeds, and P'(other b) the same over all pairs of forms,

    chance                  = P(one) - P(same b)
    parameters + together   = P(same b) - P(other b)
    structure               = P(other b) - P'(other b)

as nested analysis of variance does with balanced independent replicates (Searle, Casella &
McCulloch 1992, Variance Components, ch. 3-4), but for crossed seeds too. Where every form has the
same vectors, `parameters` and `together` come apart by the same products of the mean over forms.
An unbiased estimate of something small may be negative; it is then no different from nothing.
Standard errors are the jackknife's over parameter vectors.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

COMPONENTS = ("chance", "parameters", "structure", "together")


@dataclass(frozen=True)
class Split:
    """Components of a variance, in the unit of y squared.

    Attributes:
        total: their sum.
        parts: component -> variance; None where the runs cannot tell (one seed: no chance).
        errors: component -> standard error, None where unknown.
        shares: component -> part of the total, at least 0, adding to one.
        mean: of y, every form and world alike.
    """

    total: float
    parts: dict[str, float | None]
    errors: dict[str, float | None]
    shares: dict[str, float | None]
    mean: float


def split_variance(y: F64, structure: npt.NDArray[np.int64], rest: npt.NDArray[np.int64]) -> Split:
    """Split the variance of runs.

    Args:
        y: (worlds, seeds).
        structure: form of each world, counted from 0, (worlds,).
        rest: which parameter vector each world has, (worlds,).

    Raises:
        ValueError: a number that is not finite.
    """
    if not np.isfinite(y).all():
        raise ValueError("a variance of numbers that are not finite")
    centre = float(y.mean())
    y = y - centre  # products of large numbers would lose digits
    groups, crossed = _groups(structure, rest)
    parts = _parts(y, groups, crossed)
    total = sum(v for v in parts.values() if v is not None)
    positive = {k: None if v is None else max(v, 0.0) for k, v in parts.items()}
    whole = sum(v for v in positive.values() if v is not None)
    shares = {k: None if v is None else (v / whole if whole else 0.0) for k, v in positive.items()}
    return Split(total, parts, _jackknife(y, groups, crossed, parts, rest), shares, centre)


def _groups(
    structure: npt.NDArray[np.int64], rest: npt.NDArray[np.int64]
) -> tuple[list[npt.NDArray[np.int64]], bool]:
    """Worlds of each form, in the order of `rest`; and whether all forms have the same ones."""
    groups = []
    for form in np.unique(structure):
        rows = np.flatnonzero(structure == form)
        groups.append(rows[np.argsort(rest[rows], kind="stable")])
    first = rest[groups[0]]
    crossed = all(len(g) == len(first) and bool((rest[g] == first).all()) for g in groups)
    return groups, crossed


def _parts(
    y: F64, groups: Sequence[npt.NDArray[np.int64]], crossed: bool
) -> dict[str, float | None]:
    grids = [y[g] for g in groups]
    forms, seeds = len(grids), y.shape[1]
    worlds = min(len(g) for g in grids)
    nothing: dict[str, float | None] = dict.fromkeys(COMPONENTS)
    ones = float(np.mean([(g * g).mean() for g in grids]))
    if seeds == 1:
        same = ones  # chance cannot be told from parameters
    else:
        same = float(np.mean([_same_world(g, g) for g in grids]))
        nothing["chance"] = ones - same
    if worlds == 1:
        # One parameter vector: all forms share it, and what differs beyond chance is form.
        if forms > 1:
            mean = np.mean(grids, axis=0)
            between = same - (_same_world(mean, mean) if seeds > 1 else float((mean**2).mean()))
            nothing["structure"] = between
        return nothing
    own = float(np.mean([_other_worlds(g, g, crossed) for g in grids]))
    within = same - own
    if forms == 1:
        return nothing | {"parameters": within}
    across = float(np.mean([_other_worlds(a, b, crossed) for a in grids for b in grids]))
    nothing["structure"] = own - across
    if not crossed:
        return nothing | {"parameters": within}
    mean = np.mean(grids, axis=0)
    alike = _same_world(mean, mean) if seeds > 1 else float((mean * mean).mean())
    parameters = alike - _other_worlds(mean, mean, True)
    return nothing | {"parameters": parameters, "together": within - parameters}


def _same_world(a: F64, b: F64) -> float:
    """Mean product of runs of the same world with different seeds."""
    seeds = a.shape[1]
    products = a.sum(1) * b.sum(1) - (a * b).sum(1)
    result: float = float(products.mean()) / (seeds * (seeds - 1))
    return result


def _other_worlds(a: F64, b: F64, paired: bool) -> float:
    """Mean product of runs of different worlds and different seeds.

    Args:
        a, b: (worlds, seeds) of one form or of two.
        paired: True where row i of both is the same parameter vector, so that it is left out.
    """
    seeds = a.shape[1]
    rows = paired or a is b
    if seeds == 1:
        products = float(a.sum() * b.sum()) - (float((a * b).sum()) if rows else 0.0)
        pairs = len(a) * (len(b) - 1) if rows else len(a) * len(b)
        return products / pairs
    by_seed = float(a.sum(0) @ b.sum(0))  # every world with every world, the same seed
    products = float(a.sum() * b.sum()) - by_seed
    pairs = len(a) * len(b) * seeds * (seeds - 1)
    if rows:
        products -= float(a.sum(1) @ b.sum(1) - (a * b).sum())
        pairs -= len(a) * seeds * (seeds - 1)
    result: float = products / pairs
    return result


def _jackknife(
    y: F64,
    groups: Sequence[npt.NDArray[np.int64]],
    crossed: bool,
    parts: dict[str, float | None],
    rest: npt.NDArray[np.int64],
) -> dict[str, float | None]:
    """Standard errors by leaving out one parameter vector after the other."""
    vectors = np.unique(rest)
    if len(vectors) < 3:
        return dict.fromkeys(COMPONENTS)
    left: dict[str, list[float]] = {k: [] for k, v in parts.items() if v is not None}
    for one in vectors:
        kept = [g[rest[g] != one] for g in groups]
        if not all(len(g) for g in kept):
            continue
        found = _parts(y, kept, crossed)
        for key, values in left.items():
            value = found[key]
            if value is not None:
                values.append(value)
    errors: dict[str, float | None] = dict.fromkeys(COMPONENTS)
    for key, values in left.items():
        n = len(values)
        if n >= 3:
            x = np.array(values)
            errors[key] = math.sqrt((n - 1) / n * float(((x - x.mean()) ** 2).sum()))
    return errors
