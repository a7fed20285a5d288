"""PRIM's way down: what may be cut off a box, and the boxes from all worlds to the smallest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fupin.uncertainty.boxes import F64, Booleans, Box, Restriction, inside, measure
from fupin.uncertainty.worlds import Input

PEEL = 0.05
LEAST_MASS, LEAST_WORLDS = 0.05, 5


def peel(inputs: Sequence[Input], fails: F64, most: int) -> tuple[Box, ...]:
    """Boxes from all worlds to the smallest, each the one before without its best cut.

    A cut need not raise the share that fails: with few worlds the first cuts of a true pattern
    often lower it by chance. Only a box whose runs all fail, or of which none does, is at its end.
    """
    by_name = {one.name: one for one in inputs}
    numeric = [one for one in inputs if one.numeric]
    chosen = [one for one in inputs if not one.numeric]
    x = np.column_stack([one.values for one in numeric]) if numeric else np.zeros((len(fails), 0))
    least = max(LEAST_WORLDS, int(np.ceil(LEAST_MASS * len(fails))))
    limits: dict[str, Restriction] = {}
    rows = np.ones(len(fails), bool)
    boxes = [measure((), by_name, fails)]
    while 0 < boxes[-1].density < 1:
        full = len(limits) >= most
        free = np.array([not full or one.name in limits for one in numeric], bool)
        cuts = _numeric_cuts(x[rows], fails[rows], free, least)
        for one in chosen:
            if not full or one.name in limits:
                cuts += _word_cuts(one, fails, rows, least)
        if not cuts:
            return tuple(boxes)
        best = max(cuts, key=lambda cut: (float(f"{cut.gain:.9g}"), cut.strength))
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
    return tuple(boxes)


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
