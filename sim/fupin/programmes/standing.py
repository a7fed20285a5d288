"""What the villages of a county are worth on average, where a sample has too few of them to tell.

A county does first what does most in its own villages. Of a small sample it has two or three, and
the best of three is not as good as the best tenth of a hundred. So counties whose villages stand
for several choose together, each village by how far it lies above what is expected of a village of
its county (`Programme.pools`). What is expected follows from what is known of whole counties, by
least squares over all sampled listed villages:

    log value = a + b.x(county) + village

x: mean log income offset of the county's listed villages, remoteness, people a village, terrain.
The offsets are those of the draw and do not depend on the sample (`fupin.livelihood.places`).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.livelihood.places import listed_offsets
from fupin.population.counties import TERRAINS
from fupin.world.world import World

Floats = npt.NDArray[np.float64]

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


def _covariates(world: World) -> Floats:
    """What is known of counties, (counties, 4 + terrains - 1), the first a constant."""
    table = world.frame.counties
    rural = np.asarray(table.registered_rural, np.float64)
    people = columns.log(np.maximum(rural, 1.0) / np.maximum(np.asarray(table.villages), 1))
    terrain = np.asarray(table.terrain)
    return np.stack(
        [
            np.ones(rural.size),
            listed_offsets(world.frame, world.values, world.core.places),
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
