"""Seats that counties pay for, and the villages whose households get them.

A county's seats go to its villages by registered poor and luck. Whole seats in a sample, where a
village stands for several, are the business of `fupin.programmes.rounding`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.programmes.rounding import deal, paid_for, whole_shares
from fupin.programmes.standing import expected_registered
from fupin.state.limits import Limit

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]


def seats_by_village(
    programme: Programme[Any], seats: Ints, eligible: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Share each county's seats among its eligible villages; village rows and households.

    In proportion to registered poor times a keyed exponential deviate of the month, so that every
    real village has its turn; a share that is no whole number is rounded by a fair lot. A household
    that a sampled village of weight w sends takes w seats, and which village sends one is a fair
    lot too.

    Args:
        programme: whose seats they are.
        seats: real seats of each county, (counties,).
        eligible: villages that may send somebody, (V,).
    """
    villages, shared = real_seats(programme, seats, eligible)
    rows, at = np.unique(villages, return_inverse=True)
    total = np.zeros(rows.size, np.int64)
    np.add.at(total, at, shared)
    return rows, lived(programme, "seats", rows, total)


def real_seats(
    programme: Programme[Any], seats: Ints, eligible: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Real villages among which counties share out their seats: row and seats of each.

    Counties whose villages stand for several share out their seats together, each village with its
    county's seats for each registered person that is expected there. Arguments as of
    `seats_by_village`.
    """
    world, pool = programme.world, programme.pools
    people = programme.people_by_village
    registered = eligible & (people > 0)
    programme.limited((seats > 0) & ~programme.counties_of(registered), Limit.ELIGIBLE)
    programme.limited((seats > 0) & ~programme.counties_of(eligible), Limit.NEED)
    programme.limited((seats > 0) & programme.unlisted, Limit.LIST)
    rows = np.flatnonzero(registered)
    rows = rows[seats[programme.county_of(rows)] > 0]
    rows = rows[np.argsort(pool[programme.county_of(rows)], kind="stable")]
    weight = np.asarray(world.villages.weight, np.int64)[rows]
    villages = np.repeat(rows, weight)
    if rows.size == 0:
        return villages, villages
    number = np.arange(villages.size) - np.repeat(np.cumsum(weight) - weight, weight)
    ids, today = world.villages.id[villages], world.clock.today
    luck = world.chance.uniforms(f"{programme.key}/turn", ids, number, today)
    turn = -columns.log(luck).astype(np.float64)
    county = programme.county_of(villages)
    pressing = people[villages] * turn * _rates(programme, seats)[county]
    phase = world.chance.uniforms(f"{programme.key}/county", np.arange(seats.size + 1), 0, today)
    shared = whole_shares(pressing, programme.in_pools(seats), pool[county], phase)
    return villages, shared


def _rates(programme: Programme[Any], seats: Ints) -> npt.NDArray[np.float64]:
    """Seats for each person whom villages have seats for, of counties, up to a factor of pools."""
    together = programme.pools == seats.size
    out = np.ones(seats.size)
    if together.any():
        out[together] = (seats / np.maximum(_expected(programme), 1e-9))[together]
    return out


def _expected(programme: Programme[Any]) -> npt.NDArray[np.float64]:
    """Persons by whom the villages of each county have seats, as far as they are known."""
    world, places = programme.world, programme.meeting_places
    if np.array_equal(places, world.village_list.listed):
        villages = np.asarray(world.village_list.by_county, np.float64)
        return villages * expected_registered(world)
    # Of all villages a sample has more than of listed ones: what it has is what is expected.
    people = np.where(places, programme.people_by_village * world.villages.weight, 0)
    return world.sum_by_county(people).astype(np.float64)


def lived(programme: Programme[Any], lot: str, villages: Ints, seats: npt.NDArray[Any]) -> Ints:
    """Seats that sampled villages live themselves, (n,).

    Args:
        programme: whose seats they are; keeps the phase of the lot.
        lot: its name.
        villages: rows of sampled villages, each once.
        seats: real seats of all villages that each stands for.
    """
    world = programme.world
    if lot not in programme.phases:
        first = world.chance.uniforms(f"{programme.key}/{lot}", np.zeros(1, np.int64))
        programme.phases[lot] = float(first[0])
    weight = world.villages.weight[villages]
    out, programme.phases[lot] = deal(seats, weight, programme.phases[lot])
    return out


def paid_seats(programme: Programme[Any], seats: Ints, villages: Ints, lacking: Ints) -> Ints:
    """Real seats that counties pay for, (counties,).

    Args:
        programme: whose seats they are.
        seats: of each county, (counties,).
        villages: rows of those among which they were shared; a pool of counties without any pays
            for none.
        lacking: seats of each for which nobody was found, of the sampled village itself.
    """
    county, weight = programme.county_of(villages), programme.world.villages.weight[villages]
    there = programme.in_pools(np.bincount(county, minlength=seats.size)) > 0
    return paid_for(np.where(there[programme.pools], seats, 0), county, weight * lacking)
