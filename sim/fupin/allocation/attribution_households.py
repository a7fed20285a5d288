"""Household by household: of those whom a plan takes out of poverty, what each programme did.

For one household and one year a coalition of programmes is worth 1 if with it the household is out
of poverty and without programmes it would be in; or -1 if it is in and would else be out. Most
programmes change nothing for a given household: those **matter** to it whose presence changes
anything in the worlds that were lived. Among them singles, pairs, leave-one-outs and the whole are
all coalitions where up to three matter, and Shapley's value needs no other where four do. Where
more matter, what one adds when it joins in the middle is drawn as a straight line from what it adds
as the second to what it adds as the last, and what is then missing is divided evenly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin.allocation.attribution_game import EXACT, shapley
from fupin.results.outcome import Table

Worths = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HouseholdYears:
    """Households in years in which any coalition changes whether they are poor.

    Attributes:
        household, county, persons: of each, (E,); persons at the plan's start.
        year: calendar year.
        sign: 1 where the household is poor without programmes, -1 where it is not.
        changed: whether the whole plan changes it.
        share: (E, n): of each programme, summing to `sign` where `changed`, else to 0.
        matter: how many programmes matter.
    """

    household: npt.NDArray[np.int64]
    county: npt.NDArray[np.int64]
    persons: npt.NDArray[np.int64]
    year: npt.NDArray[np.int64]
    sign: npt.NDArray[np.int64]
    changed: npt.NDArray[np.bool_]
    share: Worths
    matter: npt.NDArray[np.int64]


def household_years(
    players: int, tables: Mapping[int, Table], years: Sequence[int]
) -> HouseholdYears:
    """Shares of every household and year.

    Args:
        players: how many programmes.
        tables: coalition -> its table of households, as of `live_coalition`.
        years: of the horizon.
    """
    masks = sorted(tables, key=lambda mask: (mask.bit_count(), mask))
    about: dict[int, tuple[int, int]] = {}
    entries: dict[tuple[int, int, int], set[int]] = {}
    for mask in masks:
        table = tables[mask]
        columns = (table[n].tolist() for n in ("household", "county", "persons", "out", "into"))
        for household, county, persons, out, into in zip(*columns, strict=True):
            about[household] = county, persons
            for sign, bits in ((1, out), (-1, into)):
                for k, year in enumerate(years):
                    if bits >> k & 1:
                        entries.setdefault((household, year, sign), set()).add(mask)
    keys = sorted(entries)
    place = {mask: k for k, mask in enumerate(masks)}
    flags = np.zeros((len(keys), len(masks)), np.bool_)
    for row, key in enumerate(keys):
        flags[row, [place[mask] for mask in entries[key]]] = True
    patterns, which = _patterns(flags)
    worth = {mask: patterns[:, k].astype(np.float64) for mask, k in place.items()}
    share, matter = shares_of(players, worth)
    sign = np.array([key[2] for key in keys], np.int64)
    ids = np.array([key[0] for key in keys], np.int64)
    everybody = place[(1 << players) - 1]
    return HouseholdYears(
        ids,
        np.array([about[one][0] for one in ids.tolist()], np.int64),
        np.array([about[one][1] for one in ids.tolist()], np.int64),
        np.array([key[1] for key in keys], np.int64),
        sign,
        flags[:, everybody],
        share[which] * sign[:, None],
        matter[which],
    )


def _patterns(
    flags: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Different rows, and which of them each row is."""
    if not len(flags):
        return flags, np.zeros(0, np.int64)
    found, which = np.unique(flags, axis=0, return_inverse=True)
    return found, which.reshape(-1)


def shares_of(players: int, worth: Mapping[int, Worths]) -> tuple[Worths, npt.NDArray[np.int64]]:
    """Shares in many games of 0 and 1 at once, and how many players matter in each.

    Args:
        players: how many, n.
        worth: coalition -> its worth in each game, (P,): all coalitions, or nobody, singles, pairs,
            leave-one-outs and everybody. A coalition that is not there has worth 0.

    Returns:
        shares (P, n), which sum to everybody's worth, and counts (P,).
    """
    everybody = (1 << players) - 1
    size = next(iter(worth.values())).size if worth else 0
    nothing = np.zeros(size)

    def v(mask: int) -> Worths:
        return worth.get(mask, nothing)

    alone = np.stack([v(1 << i) for i in range(players)], axis=1)
    last = np.stack([v(everybody) - v(everybody ^ 1 << i) for i in range(players)], axis=1)
    second = np.zeros((size, players, players))  # what i adds to j
    for i in range(players):
        for j in range(players):
            if i != j:
                second[:, i, j] = v(1 << i | 1 << j) - alone[:, j]
    matters = (alone != 0) | (last != 0) | (second != 0).any(axis=2)
    if players <= EXACT:
        full = {mask: v(mask) for mask in range(1 << players)}
        for i in range(players):
            joins = [full[m | 1 << i] - full[m] for m in full if not m >> i & 1]
            matters[:, i] |= np.any(np.stack(joins) != 0, axis=0)
        return shapley(players, full).T, matters.sum(axis=1)
    count = matters.sum(axis=1)
    among = np.where(matters, 1.0, 0.0)
    others = np.maximum(count - 1, 1)[:, None]
    at_second = (second * among[:, None, :]).sum(axis=2) / others
    m = count[:, None].astype(np.float64)
    inner = np.maximum(m - 3, 0.0)  # places strictly between the second and the last
    middle = inner * (at_second + last) / 2
    whole = v(everybody)[:, None]
    found = (alone + at_second + middle + last) / np.maximum(m, 1.0)
    found = np.where(m == 1, alone, found)
    found = np.where(m == 2, (alone + last) / 2, found)
    found = np.where(m == 4, _of_four(players, v, matters, alone, at_second, last), found)
    found = found * among
    short = whole - found.sum(axis=1, keepdims=True)
    shares: Worths = found + among * short / np.maximum(m, 1.0)
    return shares, count


def _of_four(
    players: int,
    v: object,
    matters: npt.NDArray[np.bool_],
    alone: Worths,
    at_second: Worths,
    last: Worths,
) -> Worths:
    """Shares where four players matter: what is added as the third is known too."""
    assert callable(v)
    everybody = (1 << players) - 1
    third = np.zeros_like(alone)
    ways = np.zeros_like(alone)
    for i in range(players):
        for j in range(players):
            for k in range(j + 1, players):
                if i in (j, k):
                    continue
                here = matters[:, i] & matters[:, j] & matters[:, k]
                if not here.any():
                    continue
                pair = v(1 << j | 1 << k)
                for other in range(players):
                    if other in (i, j, k):
                        continue
                    these = here & matters[:, other]
                    gain = v(everybody ^ 1 << other) - pair  # of i, where these four matter alone
                    third[:, i] += np.where(these, gain, 0.0)
                    ways[:, i] += these
    third = third / np.maximum(ways, 1.0)
    found: Worths = (alone + at_second + third + last) / 4
    return found
