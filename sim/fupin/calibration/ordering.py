"""An order of posterior rows in which the first few stand for all of them.

A prefix stands for all rows where its energy distance to them is small (Szekely & Rizzo 2013,
Journal of Statistical Planning and Inference 143:1249-1272) and its means and spreads are theirs.
Prefixes are nested: each is chosen inside the next larger one by exchanging rows one for one until
no exchange helps, as in support points (Mak & Joseph 2018, Annals of Statistics 46:2562-2592).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

PREFIXES = (50, 20, 10, 5)

_MEANS, _SPREADS = 4.0, 0.5
"""Weights of squared errors of means and of spreads beside the energy distance."""


def representative_order(outcomes: F64, parameters: F64 | None = None) -> Rows:
    """Rows in an order whose prefixes of 5, 10, 20 and 50 represent all.

    Args:
        outcomes: what rows are to be represented in, (n, m).
        parameters: what they are to be spread over as well, (n, d); weighs a quarter as much.

    Returns:
        each row once, (n,).
    """
    x = _standard(outcomes)
    distance = _distances(x) / np.sqrt(max(x.shape[1], 1))
    if parameters is not None and parameters.shape[1]:
        z = _standard(parameters)
        distance = distance + 0.25 * _distances(z) / np.sqrt(z.shape[1])
    inside = np.arange(len(x))
    nested = [inside]
    for size in PREFIXES:
        if size < len(inside):
            inside = _subset(x, distance, inside, size)
            nested.append(inside)
    order: list[int] = []
    for chosen in reversed(nested):
        order += [int(row) for row in chosen if int(row) not in set(order)]
    return np.array(order, np.int64)


def middle_row(outcomes: F64) -> int:
    """The row nearest to the middle of all: the least sum of distances, standardised (medoid)."""
    x = _standard(outcomes)
    centre = np.median(x, axis=0)
    return int(np.argmin(((x - centre) ** 2).sum(1)))


def prefix_errors(outcomes: F64, size: int) -> F64:
    """Means of the first `size` rows less those of all, in standard deviations, (m,)."""
    x = _standard(outcomes)
    return np.asarray(x[:size].mean(0) - x.mean(0))


def _standard(values: F64) -> F64:
    x = np.asarray(values, np.float64)
    sd = x.std(0)
    return (x - x.mean(0)) / np.where(sd > 0, sd, 1.0)


def _distances(x: F64) -> F64:
    return np.asarray(np.sqrt(np.maximum(((x[:, None] - x[None]) ** 2).sum(2), 0.0)))


def _subset(x: F64, distance: F64, inside: Rows, size: int) -> Rows:
    """`size` of the rows `inside` that stand for all rows best, sorted."""
    chosen = list(inside[np.linspace(0, len(inside) - 1, size).astype(int)])
    others = [row for row in inside if row not in set(chosen)]
    score = _score(x, distance, np.array(chosen))
    better = True
    while better:
        better = False
        for i in range(size):
            tried = [
                _score(x, distance, np.array([*chosen[:i], other, *chosen[i + 1 :]]))
                for other in others
            ]
            best = int(np.argmin(tried))
            if tried[best] < score - 1e-12:
                chosen[i], others[best] = others[best], chosen[i]
                score, better = tried[best], True
    return np.sort(np.array(chosen, np.int64))


def _score(x: F64, distance: F64, rows: Rows) -> float:
    energy = 2.0 * distance[rows].mean() - distance[np.ix_(rows, rows)].mean()
    means = float((x[rows].mean(0) ** 2).mean())
    spreads = float(((x[rows].std(0) - 1.0) ** 2).mean())
    return float(energy) + _MEANS * means + _SPREADS * spreads
