"""Scenario discovery by PRIM, the patient rule induction method (Friedman & Fisher 1999).

From all worlds a box is peeled: again and again the twentieth of worlds at one end of one input
(or one choice among texts) is cut off whose loss raises the share of failing worlds most for each
world lost. The boxes on the way are the trade-off between *coverage* (part of all failures that
lie in the box) and *density* (part of the box that fails; Bryant & Lempert 2010). Of each,
restrictions that chance would explain are dropped; of what is left the box with the largest
harmonic mean of both is taken, and its ends are pasted outwards again while that costs no density.

A box is only useful if it can be said in a sentence, and every further input that may restrict it
is another chance to find a pattern where there is none: at most a few inputs restrict it. How it
does on worlds that had no part in finding it is measured by folds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.uncertainty.worlds import Input

F64 = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

PEEL = 0.05
MOST_INPUTS = 3
LEAST_MASS, LEAST_WORLDS = 0.05, 5
QUASI_P = 0.05
FOLDS = 5
SEED = 20091231


@dataclass(frozen=True)
class Restriction:
    """What a box says of one input.

    Attributes:
        name: of the input.
        low, high: it lies between; None where that end is open. Ends lie midway between the last
            world inside and the first outside.
        words: of a choice: what it may be.
        quasi_p: chance of so many failures if the restriction meant nothing; None before it is
            known.
    """

    name: str
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    quasi_p: float | None = None


@dataclass(frozen=True)
class Box:
    """A box and what it holds.

    Attributes:
        restrictions: all must hold; none is all worlds.
        coverage: part of all failures that lie in it.
        density: part of its runs that fail.
        mass: part of all worlds that lie in it.
    """

    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    mass: float

    @property
    def worth(self) -> float:
        """Harmonic mean of coverage and density."""
        both = self.coverage + self.density
        return 2 * self.coverage * self.density / both if both else 0.0


@dataclass(frozen=True)
class Found:
    """What PRIM found.

    Attributes:
        box: the one that was taken; without restrictions where none is better than all worlds.
        trajectory: boxes on the way, from all worlds to the smallest.
        base: part of all runs that fail.
        held_out_coverage, held_out_density: of boxes found without a fifth of the worlds, in that
            fifth; None where too few worlds fail to say.
    """

    box: Box
    trajectory: tuple[Box, ...]
    base: float
    held_out_coverage: float | None
    held_out_density: float | None


def inside(restrictions: Sequence[Restriction], inputs: Mapping[str, Input]) -> Booleans:
    """Which worlds lie in a box, (worlds,)."""
    some = next(iter(inputs.values()))
    found = np.ones(len(some.values), bool)
    for one in restrictions:
        values = inputs[one.name].values
        if one.words:
            found &= np.isin(values.astype(str), one.words)
        if one.low is not None:
            found &= values.astype(float) >= one.low
        if one.high is not None:
            found &= values.astype(float) <= one.high
    return found


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
    coverage, density = _held_out(inputs, fails, groups, most, density)
    return Found(box, trajectory, base, coverage, density)


def _search(
    inputs: Sequence[Input],
    fails: F64,
    groups: npt.NDArray[np.int64],
    most: int,
    density: float | None,
) -> tuple[Box, tuple[Box, ...]]:
    by_name = {one.name: one for one in inputs}
    trajectory = _peel(inputs, fails, most)
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


def measure(restrictions: Sequence[Restriction], inputs: Mapping[str, Input], fails: F64) -> Box:
    """A box with its coverage, density and mass."""
    rows = inside(restrictions, inputs)
    held = float(fails[rows].sum())
    return Box(
        tuple(restrictions),
        held / float(fails.sum()) if fails.sum() else 0.0,
        held / int(rows.sum()) if rows.any() else 0.0,
        float(rows.mean()),
    )


def _peel(inputs: Sequence[Input], fails: F64, most: int) -> tuple[Box, ...]:
    by_name = {one.name: one for one in inputs}
    numeric = [one for one in inputs if one.numeric]
    chosen = [one for one in inputs if not one.numeric]
    x = np.column_stack([one.values for one in numeric]) if numeric else np.zeros((len(fails), 0))
    least = max(LEAST_WORLDS, int(np.ceil(LEAST_MASS * len(fails))))
    limits: dict[str, Restriction] = {}
    rows = np.ones(len(fails), bool)
    boxes = [measure((), by_name, fails)]
    while True:
        full = len(limits) >= most
        free = np.array([not full or one.name in limits for one in numeric], bool)
        cuts = _numeric_cuts(x[rows], fails[rows], free, least)
        for one in chosen:
            if not full or one.name in limits:
                cuts += _word_cuts(one, fails, rows, least)
        if not cuts:
            return tuple(boxes)
        best = max(cuts, key=lambda cut: (float(f"{cut.gain:.9g}"), cut.strength))
        if best.gain <= 0:
            return tuple(boxes)
        if best.word is not None:
            words = set(by_name[best.word].values[rows].astype(str).tolist()) - {best.gone}
            made = Restriction(best.word, words=tuple(sorted(words)))
        else:
            one = numeric[best.column]
            now = limits.get(one.name, Restriction(one.name))
            inside_now = one.values[rows]
            if best.low:
                end = (best.end + inside_now[inside_now > best.end].min()) / 2
                made = Restriction(one.name, float(end), now.high)
            else:
                end = (best.end + inside_now[inside_now < best.end].max()) / 2
                made = Restriction(one.name, now.low, float(end))
        limits[made.name] = made
        rows = rows & inside((made,), by_name)
        boxes.append(measure(tuple(limits.values()), by_name, fails))


@dataclass(frozen=True)
class _Cut:
    """Something that may be peeled off.

    Attributes:
        gain: rise of the share that fails for each world lost.
        strength: how far failing goes with the input in the box, 0 to 1. Where few worlds fail most
            first cuts lose none of them and are equally good; then this decides, or idle inputs
            would use up what may restrict the box.
        column, low, end: of a number: which, whether its low end is cut, the last value cut off.
        word, gone: of a choice: which, and what it may no longer be.
    """

    gain: float
    strength: float
    column: int = -1
    low: bool = False
    end: float = 0.0
    word: str | None = None
    gone: str = ""


def _numeric_cuts(x: F64, fails: F64, free: Booleans, least: int) -> list[_Cut]:
    """The better cuts of each end of every number that is free, from values in the box (n, d)."""
    count = len(x)
    if not x.size or count <= least:
        return []
    size = max(int(np.ceil(PEEL * count)), 1)
    ordered = np.sort(x, axis=0)
    strength = _strengths(x, fails)
    found = []
    for low, end in ((True, ordered[size - 1]), (False, ordered[-size])):
        kept = x > end if low else x < end
        left = kept.sum(axis=0)
        able = free & (left >= least) & (left < count)
        gain = (fails @ kept / np.maximum(left, 1) - fails.mean()) / np.maximum(count - left, 1)
        found += [
            _Cut(float(gain[k]), float(strength[k]), column=int(k), low=low, end=float(end[k]))
            for k in np.flatnonzero(able)
        ]
    return found


def _strengths(x: F64, fails: F64) -> F64:
    """Squared correlation of failing with the rank of each column, (d,)."""
    y = fails - fails.mean()
    ranks = np.argsort(np.argsort(x, axis=0, kind="stable"), axis=0).astype(float)
    ranks -= ranks.mean(axis=0)
    whole = float(y @ y) * (ranks**2).sum(axis=0)
    return np.asarray((y @ ranks) ** 2 / np.where(whole > 0, whole, 1.0))


def _word_cuts(one: Input, fails: F64, rows: Booleans, least: int) -> list[_Cut]:
    words, y = one.values[rows].astype(str), fails[rows]
    names = np.unique(words)
    if len(names) < 2:
        return []
    centred = y - y.mean()
    whole = float(centred @ centred)
    between = sum(float(centred[words == w].sum() ** 2 / (words == w).sum()) for w in names)
    found = []
    for gone in names.tolist():
        kept = words != gone
        if kept.sum() >= least:
            gain = (y[kept].mean() - y.mean()) / (len(y) - kept.sum())
            strength = between / whole if whole else 0.0
            found.append(_Cut(float(gain), strength, word=one.name, gone=gone))
    return found


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
    """Drop, one at a time, restrictions that chance would explain; the others with quasi-p."""
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
