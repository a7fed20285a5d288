"""Households of given villages, village by village: each a pure function of its id and the seed.

A village knows how many households, registered persons and absent persons it has; the kernels
below hand these out exactly. Nothing here looks beyond one village, so a village holds the same
households in every sample.
"""

from __future__ import annotations

import numpy as np

from fupin.kernels import arithmetic
from fupin.kernels.jit import kernel
from fupin.kernels.words import f32
from fupin.population.assumptions import figure
from fupin.population.columns import HouseholdColumns, Villages
from fupin.population.composition import LARGEST, CompositionChances, composition_chances
from fupin.population.counties import TERRAINS, CountyTable
from fupin.randomness import HOUSEHOLDS_PER_VILLAGE, draw, stream, village_key

_ZERO, _ONE, _TEN, _HALF = f32(0.0), f32(1.0), f32(10.0), f32(0.5)
_CENTRE_YEARS = f32(8.0)  # of schooling: keeps exponentials near 1
_MOST_LAND = f32(65535.0)
_STRIDE = 7919  # a prime above any number of households: strides visit every household once


@kernel
def _fill_sizes(ids, people, offsets, key, size):  # type: ignore[no-untyped-def]
    # Sizes are 1 + Poisson with the village's mean; then single persons join or leave, from a
    # keyed start in strides all over the village, until it has its people.
    edges = np.empty(LARGEST, np.float32)
    for v in range(ids.size):
        first, end = offsets[v], offsets[v + 1]
        n = end - first
        mean = people[v] / n - 1.0
        term, total = 1.0, 0.0
        for k in range(LARGEST):
            total += term
            edges[k] = f32(total)
            term = term * mean / (k + 1)
        low, high = village_key(key, ids[v], 0, 0)
        missing = np.int64(people[v])
        for i in range(n):
            u = arithmetic.uniform(draw(low, high, i)) * edges[LARGEST - 1]
            s = 1
            for k in range(LARGEST - 1):
                s += 1 if u > edges[k] else 0
            size[first + i] = s
            missing -= s
        low, high = village_key(key, ids[v], 0, 1)
        i = np.int64(draw(low, high, 0)) % n
        while missing != 0:
            s = size[first + i]
            if missing > 0 and s < LARGEST:
                size[first + i] = s + 1
                missing -= 1
            elif missing < 0 and s > 1:
                size[first + i] = s - 1
                missing += 1
            i = (i + _STRIDE) % n


@kernel
def _fill_members(  # type: ignore[no-untyped-def]
    ids, county, offsets, key, chances, child_of_two, disability, not_able,
    size, labour, children, elderly, disabled, frail,
):  # fmt: skip
    alone, couple, one_of_two, one_of_more, two_of_more, child = chances
    lows = np.empty(2 * LARGEST, np.uint32)
    highs = np.empty(2 * LARGEST, np.uint32)
    for v in range(ids.size):
        c = county[v]
        first, end = offsets[v], offsets[v + 1]
        low, high = village_key(key, ids[v], 0, 0)
        for slot in range(2 * LARGEST):
            lows[slot], highs[slot] = village_key(key, ids[v], 0, slot + 1)
        low_able, high_able = village_key(key, ids[v], 0, 2 * LARGEST + 1)
        for i in range(end - first):
            n = np.int64(size[first + i])
            u = arithmetic.uniform(draw(low, high, i))
            if n == 1:
                old = 1 if u < alone[c] else 0
            elif n == 2:
                old = 2 if u < couple[c] else (1 if u < couple[c] + one_of_two[c] else 0)
            else:
                two = two_of_more[c]
                old = 2 if u < two else (1 if u < two + one_of_more[c] else 0)
            young = 0
            if n == 2 and old == 0:
                young = 1 if arithmetic.uniform(draw(lows[0], highs[0], i)) < child_of_two else 0
            for place in range(n - 2 - old if n > 2 else 0):
                u = arithmetic.uniform(draw(lows[place], highs[place], i))
                young += 1 if u < child[c] else 0
            adults = n - old - young  # of working age
            u = arithmetic.uniform(draw(low_able, high_able, i))
            ill = 1 if u < disability * f32(adults) else 0
            able = adults - ill
            for place in range(able - 1):  # the first is always able to work
                slot = LARGEST + place
                u = arithmetic.uniform(draw(lows[slot], highs[slot], i))
                able -= 1 if u < not_able else 0
            labour[first + i] = able
            children[first + i] = young
            elderly[first + i] = old
            disabled[first + i] = ill
            frail[first + i] = 1 if able == 0 or (ill == 1 and able <= 1) else 0


@kernel
def _fill_schooling_and_land(  # type: ignore[no-untyped-def]
    ids, county, land_per_head, offsets, school_key, land_key, mean_years, years_sd, elderly_years,
    most_years, land_sd, size, elderly, schooling, land,
):  # fmt: skip
    for v in range(ids.size):
        first, end = offsets[v], offsets[v + 1]
        low, high = village_key(school_key, ids[v], 0, 0)
        low_land, high_land = village_key(land_key, ids[v], 0, 0)
        for i in range(first, end):
            number = i - first
            years = mean_years[county[v]] + years_sd * arithmetic.normal(draw(low, high, number))
            years += elderly_years if elderly[i] == size[i] else _ZERO
            years = min(max(years, _ZERO), most_years)
            schooling[i] = np.int64(years * _TEN + _HALF)
            z = arithmetic.normal(draw(low_land, high_land, number))
            spread = arithmetic.exp(land_sd * z - _HALF * land_sd * land_sd)
            mu = land_per_head[v] * f32(size[i]) * spread
            land[i] = np.int64(min(mu * _TEN + _HALF, _MOST_LAND))


@kernel
def _fill_migrants(  # type: ignore[no-untyped-def]
    ids, away, offsets, key, school_slope, labour, schooling, migrants
):
    # Systematic sampling with chances in proportion to workers x exp(slope x schooling) x the
    # household's own exponential deviate (families go together): one keyed start, then every
    # step-th unit of weight is a migrant. What a household cannot hold passes to the next, so
    # that the village's number is exact.
    pull = np.empty(HOUSEHOLDS_PER_VILLAGE, np.float64)
    for v in range(ids.size):
        first, end = offsets[v], offsets[v + 1]
        low, high = village_key(key, ids[v], 0, 1)
        total = 0.0
        workers = np.int64(0)
        for i in range(first, end):
            years = f32(schooling[i]) / _TEN - _CENTRE_YEARS
            own = -arithmetic.log(arithmetic.uniform(draw(low, high, i - first)))
            weight = labour[i] * np.float64(own * arithmetic.exp(school_slope * years))
            pull[i - first] = weight
            total += weight
            workers += labour[i]
        target = np.int64(away[v])
        if target > workers:
            target = workers
        if target == 0:
            continue
        step = total / target
        low, high = village_key(key, ids[v], 0, 0)
        next_pick = step * np.float64(arithmetic.uniform(draw(low, high, 0)))
        reached = 0.0
        waiting = np.int64(0)
        placed = np.int64(0)
        for i in range(first, end):
            reached += pull[i - first]
            while next_pick < reached and placed + waiting < target:
                waiting += 1
                next_pick += step
            taken = np.int64(labour[i])
            if taken > waiting:
                taken = waiting
            migrants[i] = taken
            waiting -= taken
            placed += taken
        i = first
        while placed < target:  # rounding at the end of the village
            if migrants[i] < labour[i]:
                migrants[i] += 1
                placed += 1
            else:
                i += 1


def village_offsets(villages: Villages) -> np.ndarray:
    """Row at which each village's households start, shape (V + 1,), int64."""
    return np.concatenate([[0], np.cumsum(villages.households, dtype=np.int64)])


def build_households(
    counties: CountyTable,
    villages: Villages,
    seed: int,
    chances: CompositionChances | None = None,
) -> HouseholdColumns:
    """The households of these villages, whichever of the province's villages they are.

    Args:
        counties: the county table.
        villages: any subset of `villages.all_villages(counties, seed)`.
        seed: population seed.
        chances: those of `composition_chances(counties)`, to save solving them again.
    """
    chances = composition_chances(counties) if chances is None else chances
    offsets = village_offsets(villages)
    n = int(offsets[-1])
    ids, county = villages.id, villages.county.astype(np.int64)
    size, labour, children, elderly, disabled, frail, schooling, migrants = (
        np.zeros(n, np.uint8) for _ in range(8)
    )
    land = np.zeros(n, np.uint16)
    _fill_sizes(ids, villages.people, offsets, stream(seed, "population/size"), size)
    _fill_members(
        ids,
        county,
        offsets,
        stream(seed, "population/members"),
        (
            chances.elderly_alone,
            chances.elderly_couple,
            chances.elderly_one_of_two,
            chances.elderly_one_of_more,
            chances.elderly_two_of_more,
            chances.child,
        ),
        f32(figure("children.of_two")),
        f32(figure("disability.chance")),
        f32(figure("labour.not_able")),
        size,
        labour,
        children,
        elderly,
        disabled,
        frail,
    )
    by_terrain = np.array([figure(f"land.{name}") for name in TERRAINS], np.float32)
    town = np.array([kind == "district" for kind in counties.kind])
    per_head = np.where(town[county], f32(figure("land.district")), by_terrain[villages.terrain])
    _fill_schooling_and_land(
        ids,
        county,
        per_head.astype(np.float32),
        offsets,
        stream(seed, "population/schooling"),
        stream(seed, "population/land"),
        chances.schooling,
        f32(figure("schooling.spread")),
        f32(figure("schooling.elderly")),
        f32(figure("schooling.most")),
        f32(figure("land.spread")),
        size,
        elderly,
        schooling,
        land,
    )
    _fill_migrants(
        ids,
        villages.away,
        offsets,
        stream(seed, "population/migrants"),
        f32(figure("migration.schooling")),
        labour,
        schooling,
        migrants,
    )
    return HouseholdColumns(
        offsets=offsets,
        size=size,
        labour=labour,
        children=children,
        elderly=elderly,
        disabled=disabled,
        frail=frail,
        schooling=schooling,
        land=land,
        migrants=migrants,
    )
