"""Who lives in a household: chances per county, solved so that ages match the census."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fupin.population.assumptions import count, figure
from fupin.population.columns import F32, F64
from fupin.population.counties import CountyTable

LARGEST = 12
"""Most registered persons of a household."""


@dataclass(frozen=True)
class CompositionChances:
    """Chances by county; arrays of shape (counties,), float32.

    A household of size n holds elderly persons with the chances below; of the places beyond two
    parents each holds a child with chance `child`; all others are of working age.
    """

    elderly_alone: F32  # one-person household: an elderly person
    elderly_couple: F32  # two persons: both elderly
    elderly_one_of_two: F32  # two persons: one elderly
    elderly_one_of_more: F32  # three and more: one elderly
    elderly_two_of_more: F32  # three and more: two elderly
    child: F32
    schooling: F32  # years, mean of households that are not elderly only


def size_distribution(mean: F64) -> F64:
    """Chances of sizes 1..12 under 1 + Poisson(mean - 1), cut at 12; shape (n, 12).

    Ratios of neighbouring terms need no exponential.
    """
    terms = np.ones((mean.size, LARGEST))
    for k in range(1, LARGEST):
        terms[:, k] = terms[:, k - 1] * (mean - 1.0) / k
    return terms / np.cumsum(terms, axis=1)[:, -1:]


def composition_chances(counties: CountyTable) -> CompositionChances:
    """Solve each county's chances from its shares of children and of people of 65 and over.

    The five chances of elderly persons keep their proportions and are scaled by one factor a
    county; then the chance of a child follows. Both are cut where a county would need more than
    nine in ten.
    """
    if count("household.largest") != LARGEST:
        raise ValueError("household.largest and LARGEST differ")
    households = np.maximum(counties.registered_households, 1)
    mean = np.maximum(counties.registered_rural / households, 1.0)
    sizes = size_distribution(mean)
    mean_cut = np.cumsum(sizes * np.arange(1, LARGEST + 1), axis=1)[:, -1]
    one, two = sizes[:, 0], sizes[:, 1]
    more = np.cumsum(sizes[:, 2:], axis=1)[:, -1]

    alone, couple, mixed, single, double = (
        figure(f"elderly.{name}")
        for name in ("alone", "couple", "one_of_two", "one_of_more", "two_of_more")
    )
    expected = one * alone + two * (2 * couple + mixed) + more * (single + 2 * double)
    scale = np.minimum(counties.share_65plus * mean_cut / expected, 0.9 / alone)

    one_elder, two_elders = single * scale, double * scale
    places = np.zeros(mean.size)  # where a child may stand: beyond two parents and the elderly
    for n in range(3, LARGEST + 1):
        places += sizes[:, n - 1] * (
            (1.0 - one_elder - two_elders) * (n - 2)
            + one_elder * max(n - 3, 0)
            + two_elders * max(n - 4, 0)
        )
    of_two = two * (1.0 - (couple + mixed) * scale) * figure("children.of_two")
    child = np.clip((counties.share_0_14 * mean_cut - of_two) / np.maximum(places, 0.01), 0.0, 0.9)

    elderly_only = one * alone * scale + two * couple * scale
    schooling = counties.mean_school_years - figure("schooling.elderly") * elderly_only
    return CompositionChances(
        elderly_alone=(alone * scale).astype(np.float32),
        elderly_couple=(couple * scale).astype(np.float32),
        elderly_one_of_two=(mixed * scale).astype(np.float32),
        elderly_one_of_more=one_elder.astype(np.float32),
        elderly_two_of_more=two_elders.astype(np.float32),
        child=child.astype(np.float32),
        schooling=schooling.astype(np.float32),
    )
