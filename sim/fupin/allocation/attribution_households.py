"""Household by household: of those whom a plan takes out of poverty, what each programme did.

For one household and one year a coalition of programmes is worth 1 if with it the household is out
of poverty and without programmes it would be in; or -1 if it is in and would else be out. Most
programmes change nothing for a given household: those **matter** to it whose presence changes
anything in the worlds that were lived. Among them singles, pairs, leave-one-outs and the whole are
all coalitions where up to three matter, and Shapley's value needs no other where four do. Where
more matter, what one adds when it joins in the middle is drawn as a straight line from what it adds
as the second to what it adds as the last, and what is then missing is divided evenly. Where no
world that was lived shows who matters, all have the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    place = {mask: k for k, mask in enumerate(masks)}
    rows = [tables[mask] for mask in masks]
    ids, first = np.unique(
        np.concatenate([table["household"] for table in rows]), return_index=True
    )
    about = {
        name: np.concatenate([table[name] for table in rows])[first].astype(np.int64)
        for name in ("county", "persons")
    }
    codes = [_codes(table, ids, len(years)) for table in rows]
    entries = np.unique(np.concatenate(codes))
    flags = np.zeros((entries.size, len(masks)), np.bool_)
    for k, found in enumerate(codes):
        flags[np.searchsorted(entries, found), k] = True
    patterns, which = _patterns(flags)
    worth = {mask: patterns[:, k].astype(np.float64) for mask, k in place.items()}
    share, matter = shares_of(players, worth)
    household, rest = np.divmod(entries, 2 * len(years))
    sign = 2 * (rest % 2) - 1
    return HouseholdYears(
        ids[household].astype(np.int64),
        about["county"][household],
        about["persons"][household],
        np.array(list(years), np.int64)[rest // 2],
        sign,
        flags[:, place[(1 << players) - 1]],
        share[which] * sign[:, None],
        matter[which],
    )


def _codes(table: Table, ids: npt.NDArray[np.int64], years: int) -> npt.NDArray[np.int64]:
    """Household, year and sign of all that a world changes, as one number each."""
    row = np.searchsorted(ids, table["household"]).astype(np.int64)
    found = [
        (row[(table[name].astype(np.int64) >> k & 1) != 0] * years + k) * 2 + up
        for up, name in enumerate(("into", "out"))
        for k in range(years)
    ]
    return np.concatenate(found)


def _patterns(
    flags: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Different rows, and which of them each row is."""
    if not len(flags):
        return flags, np.zeros(0, np.int64)
    packed, which = np.unique(np.packbits(flags, axis=1), axis=0, return_inverse=True)
    return np.unpackbits(packed, axis=1, count=flags.shape[1]) != 0, which.reshape(-1)


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
    unseen = (v(everybody) != 0) & ~matters.any(axis=1)
    matters[unseen] = True  # three or more are needed, in several ways: nobody knows who
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
    v: Callable[[int], Worths],
    matters: npt.NDArray[np.bool_],
    alone: Worths,
    at_second: Worths,
    last: Worths,
) -> Worths:
    """Shares where four players matter: what is added as the third is known too."""
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
