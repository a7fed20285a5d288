"""Scenario discovery by PRIM, the patient rule induction method (Friedman & Fisher 1999).

From all worlds a box is peeled: again and again the twentieth of worlds at one end of one input
(or one choice among texts) is cut off whose loss raises the share of failing worlds most for each
world lost. The boxes on the way are the trade-off between *coverage* (part of all failures that
lie in the box) and *density* (part of the box that fails; Bryant & Lempert 2010). Of each,
restrictions that chance would explain are dropped; of what is left the box with the largest
harmonic mean of both is taken, and its ends are pasted outwards again while that costs no density.

A box is only useful if it can be said in a sentence, and every further input that may restrict it
is another chance to find a pattern where there is none: at most a few inputs restrict it, and the
whole search is tested by permutations (`search_test`). A search that comes no further than those
without a pattern gives no box. How a box does on worlds that had no part in finding it is measured
by folds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from fupin.uncertainty.boxes import F64, Box, Restriction, inside, measure
from fupin.uncertainty.peeling import PEEL, peel
from fupin.uncertainty.search_test import FALSE_SEARCHES, chance_of_search
from fupin.uncertainty.worlds import Input

MOST_INPUTS = 3
QUASI_P = 0.05
FOLDS = 5
SEED = 20091231


@dataclass(frozen=True)
class Found:
    """What PRIM found.

    Attributes:
        box: the one that was taken; without restrictions where none is better than all worlds.
        trajectory: boxes on the way, from all worlds to the smallest.
        base: part of all runs that fail.
        p: part of searches among failures dealt out anew that come as far.
        held_out_coverage, held_out_density: of boxes found without a fifth of the worlds, in that
            fifth; None where too few worlds fail to say.
    """

    box: Box
    trajectory: tuple[Box, ...]
    base: float
    p: float
    held_out_coverage: float | None
    held_out_density: float | None


def find_box(
    inputs: Sequence[Input],
    fails: F64,
    groups: npt.NDArray[np.int64],
    most: int = MOST_INPUTS,
    density: float | None = None,
) -> Found:
    """Find where a plan fails.

    Args:
        inputs: what may restrict the box.
        fails: part of each world's runs that fail, (worlds,).
        groups: worlds of a group (one parameter vector) are held out together, (worlds,).
        most: how many inputs may restrict the box.
        density: take the box that covers most among those at least so dense (the densest where
            none is), not the one of the largest harmonic mean.

    Raises:
        ValueError: nothing fails, everything does, no inputs, or a number that is not finite.
    """
    if not inputs or not np.isfinite(fails).all():
        raise ValueError("a box needs inputs, and fails that are finite")
    base = float(fails.mean())
    if not 0 < base < 1:
        raise ValueError("a box needs worlds that fail and worlds that do not")
    box, trajectory = _search(inputs, fails, groups, most, density)
    p = chance_of_search(inputs, fails, groups, most, trajectory)
    if p > FALSE_SEARCHES:
        nothing = measure((), {one.name: one for one in inputs}, fails)
        return Found(nothing, trajectory, base, p, None, None)
    coverage, density = _held_out(inputs, fails, groups, most, density)
    return Found(box, trajectory, base, p, coverage, density)


def _search(
    inputs: Sequence[Input],
    fails: F64,
    groups: npt.NDArray[np.int64],
    most: int,
    density: float | None,
) -> tuple[Box, tuple[Box, ...]]:
    by_name = {one.name: one for one in inputs}
    trajectory = peel(inputs, fails, most)
    plain = {
        tuple(_drop_idle(box.restrictions, by_name, fails, groups)): None for box in trajectory
    }
    boxes = [measure(restrictions, by_name, fails) for restrictions in plain]
    taken = max(boxes, key=lambda box: box.worth)
    if density is not None:
        dense = [box for box in boxes if box.density >= density]
        taken = (
            max(dense, key=lambda box: box.coverage)
            if dense
            else max(boxes, key=lambda box: (box.density, box.coverage))
        )
    pasted = _paste(taken.restrictions, by_name, fails)
    return measure(_drop_idle(pasted, by_name, fails, groups), by_name, fails), trajectory


def _paste(
    restrictions: Sequence[Restriction], inputs: Mapping[str, Input], fails: F64
) -> list[Restriction]:
    """Move ends outwards, a few worlds at a time, while the box loses no density."""
    limits = {one.name: one for one in restrictions}
    while True:
        now = measure(list(limits.values()), inputs, fails)
        best: tuple[Box, Restriction] | None = None
        for name in limits:
            for wider in _wider(limits, name, inputs):
                box = measure([*(r for n, r in limits.items() if n != name), wider], inputs, fails)
                if (
                    box.density >= now.density
                    and box.coverage > now.coverage
                    and (best is None or box.density > best[0].density)
                ):
                    best = box, wider
        if best is None:
            return list(limits.values())
        limits[best[1].name] = best[1]


def _wider(
    limits: Mapping[str, Restriction], name: str, inputs: Mapping[str, Input]
) -> list[Restriction]:
    one, now = inputs[name], limits[name]
    others = inside([r for n, r in limits.items() if n != name], inputs)
    if now.words:
        more = sorted(set(one.values[others].astype(str).tolist()) - set(now.words))
        return [Restriction(name, words=tuple(sorted((*now.words, word)))) for word in more]
    values = np.sort(one.values[others])
    size = max(int(np.ceil(PEEL * inside(list(limits.values()), inputs).sum())), 1)
    made = []
    if now.low is not None:
        below = values[values < now.low]
        if len(below) <= size:
            made.append(Restriction(name, None, now.high))
        else:
            made.append(Restriction(name, float(below[-size - 1] + below[-size]) / 2, now.high))
    if now.high is not None:
        above = values[values > now.high]
        if len(above) <= size:
            made.append(Restriction(name, now.low, None))
        else:
            made.append(Restriction(name, now.low, float(above[size - 1] + above[size]) / 2))
    return [m for m in made if m.low is not None or m.high is not None]


def _drop_idle(
    restrictions: Sequence[Restriction],
    inputs: Mapping[str, Input],
    fails: F64,
    groups: npt.NDArray[np.int64],
) -> list[Restriction]:
    """Drop, one at a time, restrictions that chance alone would explain; others with quasi-p."""
    kept = list(restrictions)
    while kept:
        tried = [_with_quasi_p(k, kept, inputs, fails, groups) for k in range(len(kept))]
        worst = max(range(len(tried)), key=lambda k: tried[k].quasi_p or 0.0)
        if (tried[worst].quasi_p or 0.0) <= QUASI_P:
            return tried
        del kept[worst]
    return []


def _with_quasi_p(
    k: int,
    restrictions: Sequence[Restriction],
    inputs: Mapping[str, Input],
    fails: F64,
    groups: npt.NDArray[np.int64],
) -> Restriction:
    """The one-sided binomial chance of the box's failures at the density of the box without it.

    A world counts once, with the part of its runs that fail; and for a parameter, worlds that share
    their parameter vector (under several forms of the model) count once together. So the numbers
    are not whole, and the binomial tail is that of the incomplete beta function (Bryant & Lempert
    2010, appendix, with whole numbers).
    """
    from scipy.special import betainc

    whole = inside(restrictions, inputs)
    without = inside([r for i, r in enumerate(restrictions) if i != k], inputs)
    size = int(whole.sum())
    if inputs[restrictions[k].name].kind != "structure":
        size = len(np.unique(groups[whole]))
    held = size * float(fails[whole].mean()) if size else 0.0
    density = float(fails[without].mean())
    p = 1.0 if held <= 0 else float(betainc(held, size - held + 1.0, density))
    return replace(restrictions[k], quasi_p=p)


def _held_out(
    inputs: Sequence[Input],
    fails: F64,
    groups: npt.NDArray[np.int64],
    most: int,
    density: float | None,
) -> tuple[float | None, float | None]:
    """Pooled coverage and density of boxes in folds that had no part in finding them."""
    names = np.unique(groups)
    if len(names) < 2 * FOLDS:
        return None, None
    fold_of = np.random.default_rng(SEED).permutation(np.arange(len(names)) % FOLDS)
    fold = fold_of[np.searchsorted(names, groups)]
    by_name = {one.name: one for one in inputs}
    held, size, taken = 0.0, 0, 0.0
    for k in range(FOLDS):
        rows = fold != k
        if not 0 < fails[rows].mean() < 1:
            return None, None
        seen = [Input(i.name, i.kind, i.values[rows], i.of_draw) for i in inputs]
        box, _ = _search(seen, fails[rows], groups[rows], most, density)
        here = inside(box.restrictions, by_name) & ~rows
        held += float(fails[here].sum())
        taken += float(fails[~rows].sum())
        size += int(here.sum())
    return (held / taken if taken else None), (held / size if size else None)
