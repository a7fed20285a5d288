"""What a small sample cannot tell of counties, from what is known of whole counties.

A sample of two villages in a hundred has two or three listed villages of a county. Three things are
then not as in the county: the best of three villages is not as good as the best tenth of a hundred;
the registered poor of three villages times fifty are a guess at the county's, off by a quarter; and
of three villages each gets the more seats the fewer the others need. So counties whose listed
villages stand for several go together (`Programme.pools`), and what is expected of each follows by
least squares over all sampled villages or counties:

    log value of a listed village      = a + b.x(county) + village        (`expected_by_county`)
    log share of people on the register = c + d.z(county) + county        (`registered_by_county`)

x: mean log income offset of the county's listed villages, schooling, migrants, remoteness, people a
village, terrain; z: the same with the county's own offset and its square. Offsets are those of the
draw and do not depend on the sample (`fupin.livelihood.places`), the rest is the county table. Of
the variance of log values between counties less than a tenth is left; shares are off by 10% in a
sample of 0.02 where the sample alone is off by 27%.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.livelihood.county_incomes import county_offsets
from fupin.livelihood.places import listed_offsets
from fupin.population.apportion import apportion
from fupin.population.counties import TERRAINS
from fupin.world.world import World

Floats = npt.NDArray[np.float64]

_VILLAGES_THAT_TELL = 60
"""Villages of a county that tell as much of its register as what is known of all counties.

Between villages of a county the share on the register varies so many times as much as what is left
between counties (variances of logs, usual sample).
"""
_RIDGE = 1e-6
"""Of the mean square of a covariate: where counties do not differ in it, it counts for nothing."""


def expected_by_county(world: World, villages: npt.NDArray[np.int64], log_value: Floats) -> Floats:
    """Expected log value of listed villages of each county, (counties,).

    Args:
        world: gives counties and weights.
        villages: rows of listed villages, each once.
        log_value: of each.
    """
    x = _covariates(world)
    county = np.asarray(world.frame.villages.county, np.int64)[villages]
    here, weight = x[county], np.asarray(world.villages.weight, np.float64)[villages]
    return x @ least_squares(here, log_value, weight)


def expected_registered(world: World) -> Floats:
    """Registered persons that are expected of a listed village of each county, (counties,)."""
    return world.once_a_month("expected registered", lambda: _expected_registered(world))


def _expected_registered(world: World) -> Floats:
    rows = np.flatnonzero(world.village_list.listed)
    people = columns.log(np.maximum(world.registered_by_village[rows], 1)).astype(np.float64)
    return columns.exp(expected_by_county(world, rows, people)).astype(np.float64)


def registered_by_county(world: World, coarse: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Registered persons of each county, estimated where its villages are few, (counties,).

    Counties that are estimated have in all as many as the sample has in them.

    Args:
        world: today.
        coarse: counties whose registered poor the sample knows badly.
    """
    key = ("registered", coarse.tobytes())
    return world.once_a_month(key, lambda: _registered_by_county(world, coarse)).copy()


def _registered_by_county(world: World, coarse: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    counted = world.registered_by_county
    if not counted[coarse].any():
        return counted
    villages = world.frame.villages
    people = world.sum_by_county(np.asarray(villages.people, np.int64) * villages.weight)
    number = np.bincount(np.asarray(villages.county), minlength=counted.size)
    known = np.flatnonzero((people > 0) & (counted > 0))
    share = columns.log(counted[known] / people[known]).astype(np.float64)
    offset = world.once(
        "county offsets", lambda: county_offsets(world.frame, world.past, world.core.places)
    )[:, None]
    x = np.concatenate([_covariates(world), offset, offset * offset], axis=1)
    expected = x @ least_squares(x[known], share, number[known].astype(np.float64))
    own = number[known] / (number[known] + _VILLAGES_THAT_TELL)
    expected[known] += own * (share - expected[known])
    rural = np.asarray(world.frame.counties.registered_rural, np.float64)
    persons = rural * columns.exp(expected).astype(np.float64)
    out = counted.copy()
    out[coarse] = apportion(persons[coarse], int(counted[coarse].sum()))
    return out


def _covariates(world: World) -> Floats:
    """What is known of counties, (counties, 6 + terrains - 1), the first a constant."""
    return world.once("covariates of counties", lambda: _known_of_counties(world))


def _known_of_counties(world: World) -> Floats:
    table = world.frame.counties
    rural = np.asarray(table.registered_rural, np.float64)
    people = columns.log(np.maximum(rural, 1.0) / np.maximum(np.asarray(table.villages), 1))
    terrain = np.asarray(table.terrain)
    return np.stack(
        [
            np.ones(rural.size),
            listed_offsets(world.frame, world.past, world.core.places),
            np.asarray(table.mean_school_years, np.float64) - 8.0,
            np.asarray(table.migrant_share, np.float64),
            np.asarray(table.remoteness, np.float64),
            people.astype(np.float64) - 7.0,  # a village has about exp(7) people
            *(terrain == code for code in range(1, len(TERRAINS))),
        ],
        axis=1,
    ).astype(np.float64)


def least_squares(x: Floats, y: Floats, weight: Floats) -> Floats:
    """Coefficients of a weighted regression, in sums that are the same on every machine."""
    n = x.shape[1]
    table = [[math.fsum(weight * x[:, i] * x[:, j]) for j in range(n)] for i in range(n)]
    right = [math.fsum(weight * x[:, i] * y) for i in range(n)]
    for i in range(n):
        table[i][i] += _RIDGE * max(table[i][i], table[0][0])
    for i in range(n):  # elimination; a matrix of squares needs no pivots
        for k in range(i + 1, n):
            factor = table[k][i] / table[i][i]
            table[k] = [a - factor * b for a, b in zip(table[k], table[i], strict=True)]
            right[k] -= factor * right[i]
    out = [0.0] * n
    for i in reversed(range(n)):
        known = math.fsum(table[i][j] * out[j] for j in range(i + 1, n))
        out[i] = (right[i] - known) / table[i][i]
    return np.array(out)
