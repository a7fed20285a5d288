"""What each of some players adds to a whole: shares that add up, from the worth of coalitions.

A game gives every coalition of players a worth; the empty one is worth 0. Here players are the
programmes of a plan, and a coalition is worth what the plan with these programmes alone adds.

Shapley value (1953)
    mean of what a player adds when it joins the others, over all orders in which they may join:
    sum over S without i of |S|! (n - |S| - 1)! / n! (v(S with i) - v(S)).
Owen value (1977)
    the same over orders in which members of a union stay together. What the members of a union
    have together is the Shapley value of the game that unions play as wholes.
Interaction of two (Grabisch & Roubens 1999, Shapley interaction index)
    mean over coalitions S of the others of v(S, i, j) - v(S, i) - v(S, j) + v(S); above 0 the two
    help one another, below 0 one does what the other has done already.

With many players not all coalitions can be lived. Singles, pairs, leave-one-outs and the whole give
three of the n places at which a player may join: the first, the second and the last. The **pairwise
game** goes on as it begins, v2(S) = sum of v(i) + sum of pairs' interactions, and its shares are
v(i) + half of the interactions of i. What the whole is worth beyond it is the **residual**. If
interactions of three made it, a third of what i adds to it as the last one would be i's share of
it (`third`). What is left after that (`left`) comes of four and more, and goes to the players in
proportion to the size of `third`. So a player that adds nothing anywhere has nothing, players
that do the same have the same, and the shares sum to the whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt

Grid = npt.NDArray[np.float64]
"""A worth in every pair of draw and seed, or of any other shape."""

Worth = Mapping[int, Grid]
"""Coalition -> worth. Bit k of a coalition is player k; 0 is nobody, and worth 0."""

EXACT = 8
"""So many players at most have all their coalitions lived: 256 worlds."""


def coalitions(players: int, unions: Sequence[Sequence[int]] = ()) -> list[int]:
    """Coalitions whose worth is needed, nobody first and everybody last.

    Args:
        players: how many.
        unions: members of each; coalitions of whole unions are needed too.
    """
    if players <= EXACT:
        return list(range(1 << players))
    everybody = (1 << players) - 1
    found = {0, everybody}
    found |= {1 << i for i in range(players)}
    found |= {everybody ^ 1 << i for i in range(players)}
    found |= {1 << i | 1 << j for i, j in itertools.combinations(range(players), 2)}
    found |= set(wholes(unions))
    return sorted(found, key=lambda mask: (mask.bit_count(), mask))


def wholes(unions: Sequence[Sequence[int]]) -> list[int]:
    """Every coalition of whole unions; bit k of its place is union k."""
    masks = [sum(1 << i for i in members) for members in unions]
    return [
        sum(mask for k, mask in enumerate(masks) if which >> k & 1)
        for which in range(1 << len(masks))
    ]


@dataclass(frozen=True)
class Shares:
    """Shares of players in a worth; a grid each, in the order of the players.

    Attributes:
        whole: worth of everybody.
        share: Shapley value, which sums to the whole.
        owen: Owen value by unions, which sums to `unions`; equal to `share` without unions.
        unions: what each union has together, which sums to the whole.
        alone: worth of each player without the others.
        last: what the whole loses without the player.
        interactions: (i, j), i < j -> interaction of two.
        residual: what the whole is worth beyond the pairwise game; None where all is exact.
        left: what of it interactions of three do not explain; None where all is exact.
        weights: (n, ...) by which `left` was divided; None where all is exact.
    """

    whole: Grid
    share: Grid
    owen: Grid
    unions: Grid
    alone: Grid
    last: Grid
    interactions: Mapping[tuple[int, int], Grid]
    residual: Grid | None = None
    left: Grid | None = None
    weights: Grid | None = None


def shares(
    players: int,
    worth: Worth,
    unions: Sequence[Sequence[int]] = (),
    weights: Grid | None = None,
) -> Shares:
    """Shares of everybody in the whole.

    Args:
        players: how many.
        worth: at least of `coalitions(players, unions)`.
        unions: members of each, every player in one; without unions each player is its own.
        weights: by which the rest of a pairwise game is divided, (n, ...), summing to 1. A part of
            a whole (a county) is given the whole's, so that parts sum to it. None takes its own.
    """
    sets = [list(members) for members in unions] or [[i] for i in range(players)]
    if players <= EXACT:
        return _exact(players, worth, sets)
    return _pairwise(players, worth, sets, weights)


# --- all coalitions --------------------------------------------------------------------------


def shapley(players: int, worth: Worth) -> Grid:
    """Shapley value from the worth of all coalitions, (n, ...)."""
    return np.stack([_mean_gain(players, worth, i) for i in range(players)])


def _mean_gain(players: int, worth: Worth, i: int) -> Grid:
    total = np.zeros_like(worth[0])
    for mask in range(1 << players):
        if not mask >> i & 1:
            size = mask.bit_count()
            chance = factorial(size) * factorial(players - size - 1) / factorial(players)
            total = total + chance * (worth[mask | 1 << i] - worth[mask])
    return total


def interaction(players: int, worth: Worth, i: int, j: int) -> Grid:
    """Shapley interaction index of two from the worth of all coalitions."""
    total = np.zeros_like(worth[0])
    both = 1 << i | 1 << j
    for mask in range(1 << players):
        if mask & both:
            continue
        size = mask.bit_count()
        chance = factorial(size) * factorial(players - size - 2) / factorial(players - 1)
        beyond = worth[mask | both] - worth[mask | 1 << i] - worth[mask | 1 << j] + worth[mask]
        total = total + chance * beyond
    return total


def owen(players: int, worth: Worth, unions: Sequence[Sequence[int]]) -> Grid:
    """Owen value from the worth of all coalitions, (n, ...)."""
    masks = [sum(1 << i for i in members) for members in unions]
    found: list[Grid] = [np.zeros_like(worth[0]) for _ in range(players)]
    for k, members in enumerate(unions):
        others = [mask for m, mask in enumerate(masks) if m != k]
        for i in members:
            rest = [j for j in members if j != i]
            total = np.zeros_like(worth[0])
            for which in range(1 << len(others)):
                outside = sum(mask for m, mask in enumerate(others) if which >> m & 1)
                first = _order(which.bit_count(), len(unions))
                for inner in range(1 << len(rest)):
                    inside = sum(1 << j for m, j in enumerate(rest) if inner >> m & 1)
                    chance = first * _order(inner.bit_count(), len(members))
                    before = outside | inside
                    total = total + chance * (worth[before | 1 << i] - worth[before])
            found[i] = total
    return np.stack(found)


def _order(before: int, among: int) -> float:
    """Chance that, in an order of `among`, just these `before` stand before a given one."""
    return factorial(before) * factorial(among - before - 1) / factorial(among)


def _exact(players: int, worth: Worth, unions: Sequence[Sequence[int]]) -> Shares:
    everybody = (1 << players) - 1
    value = shapley(players, worth) if players else np.zeros((0, *worth[0].shape))
    alone_each = all(len(members) == 1 for members in unions)
    by_union = value if alone_each else owen(players, worth, unions)
    return Shares(
        worth[everybody],
        value,
        by_union,
        _sums(by_union, unions),
        _stack(players, worth, lambda i: worth[1 << i]),
        _stack(players, worth, lambda i: worth[everybody] - worth[everybody ^ 1 << i]),
        {
            (i, j): interaction(players, worth, i, j)
            for i, j in itertools.combinations(range(players), 2)
        },
    )


def _stack(players: int, worth: Worth, of: Callable[[int], Grid]) -> Grid:
    if not players:
        return np.zeros((0, *worth[0].shape))
    return np.stack([of(i) for i in range(players)])


def _sums(value: Grid, unions: Sequence[Sequence[int]]) -> Grid:
    if not unions:
        return np.zeros((0, *value.shape[1:]))
    return np.stack([value[list(members)].sum(axis=0) for members in unions])


# --- singles, pairs, leave-one-outs ------------------------------------------------------------


def _pairwise(
    players: int, worth: Worth, unions: Sequence[Sequence[int]], weights: Grid | None
) -> Shares:
    everybody = (1 << players) - 1
    whole = worth[everybody]
    alone = np.stack([worth[1 << i] for i in range(players)])
    last = np.stack([whole - worth[everybody ^ 1 << i] for i in range(players)])
    pairs = {
        (i, j): worth[1 << i | 1 << j] - alone[i] - alone[j]
        for i, j in itertools.combinations(range(players), 2)
    }
    beyond = np.zeros_like(alone)  # interactions of each with all others
    for (i, j), grid in pairs.items():
        beyond[i] += grid
        beyond[j] += grid
    residual = whole - alone.sum(axis=0) - beyond.sum(axis=0) / 2
    third = (last - alone - beyond) / 3
    left = residual - third.sum(axis=0)
    if weights is None:
        weights = _weights(third, alone, last)
    known = alone + beyond / 2 + third
    value = known + weights * left
    if all(len(members) == 1 for members in unions):
        by_union, of_unions = value, _sums(value, unions)
    else:
        of_unions = shapley(len(unions), dict(enumerate(worth[m] for m in wholes(unions))))
        by_union = known.copy()
        for k, members in enumerate(unions):
            rest = of_unions[k] - known[list(members)].sum(axis=0)
            size = np.maximum(np.abs(alone), np.abs(last))[list(members)]
            by_union[list(members)] += _parts(weights[list(members)], size) * rest
    return Shares(
        whole, value, by_union, of_unions, alone, last, pairs, residual, left, weights
    )  # fmt: skip


def _weights(third: Grid, alone: Grid, last: Grid) -> Grid:
    """Parts of what is left, (n, ...): by the size of `third`, else by that of `alone` and `last`.

    What rounding leaves of sums is nothing: else a player that adds nothing would have a part.
    """
    size = np.maximum(np.abs(alone), np.abs(last))
    nothing = 1e-9 * size.max(axis=0, keepdims=True)
    return _parts(np.where(np.abs(third) > nothing, np.abs(third), 0.0), size)


def _parts(weights: Grid, size: Grid) -> Grid:
    """Weights that sum to 1; where all are 0 by size, and where that is 0 too, evenly."""
    chosen = np.where(weights.sum(axis=0) > 0, weights, size)
    chosen = np.where(chosen.sum(axis=0) > 0, chosen, 1.0)
    found: Grid = chosen / chosen.sum(axis=0)
    return found
