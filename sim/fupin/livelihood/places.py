"""What households owe to where they live: log offsets of villages, their county's included.

They belong to the draw and not to the run seed: keyed by the population seed and the number of the
draw's own places, sized by its parameters. What no table gives differs between draws.

A listed village was listed because it was poor, with error. The roster lies in the frame, since
samples are made from it; so a draw's standings are drawn given the roster. With a true standing s
and the standing p that the county saw when it listed, both standard normal over the villages of a
county, p = r s + error, the county's listed share f of villages is that with the lowest p:

    p of a listed village: below the quantile f;    p of any other village: above it
    s = r p + sqrt(1 - r**2) e                      offset = county + village_sd s

A village's p is its own keyed quantile within its part of the distribution, so that its offset is
the same in every sample, and the villages of a county without listed ones follow the same law.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.kernels import columns
from fupin.livelihood.county_incomes import county_offsets
from fupin.parameters.values import ParameterValues
from fupin.population.frame import Frame

_LEAST_SHARE = 1e-6
"""Quantiles are taken this far from 0 and 1."""


def village_standings(
    frame: Frame, values: Mapping[str, float], places: int = 0
) -> npt.NDArray[np.float64]:
    """Standing of each village among all villages of its county, standard normal, shape (V,).

    Low is poor. Drawn given which villages are listed; see the head of this module.

    Args:
        frame: villages and population seed.
        values: parameter values of the draw.
        places: number of the draw's own places.
    """
    v, c = frame.villages, frame.counties
    ids = np.array(v.id, np.int64)
    listed_share = np.asarray(c.listed_villages) / np.maximum(np.asarray(c.villages), 1)
    cut = listed_share[np.asarray(v.county)]
    luck = randomness.uniforms(frame.seed, f"places/{places}/listing", ids).astype(np.float64)
    below = np.where(np.asarray(v.listed), luck * cut, cut + (1.0 - cut) * luck)
    seen = columns.normal_quantiles(np.clip(below, _LEAST_SHARE, 1.0 - _LEAST_SHARE))
    unseen = randomness.normals(frame.seed, f"places/{places}/village", ids).astype(np.float64)
    clear = values["livelihood.listing_accuracy"]
    return clear * seen.astype(np.float64) + math.sqrt(1.0 - clear * clear) * unseen


def village_offsets(
    frame: Frame, values: ParameterValues, places: int = 0
) -> npt.NDArray[np.float32]:
    """Log income offset of each village, county's included, shape (V,)."""
    county = county_offsets(frame, values, places)[np.asarray(frame.villages.county)]
    standing = village_standings(frame, values, places)
    return np.asarray(county + values["livelihood.village_sd"] * standing, np.float32)


def listed_offsets(
    frame: Frame, values: ParameterValues, places: int = 0
) -> npt.NDArray[np.float64]:
    """Mean log income offset of the listed villages of each county, (counties,), as expected.

    The offset of a single village lies around it; a county without listed villages has its own.
    """
    c = frame.counties
    share = np.asarray(c.listed_villages) / np.maximum(np.asarray(c.villages), 1)
    share = np.clip(share.astype(np.float64), _LEAST_SHARE, 1.0 - _LEAST_SHARE)
    cut = columns.normal_quantiles(share).astype(np.float64)
    density = columns.exp(-cut * cut / 2.0).astype(np.float64) / math.sqrt(2.0 * math.pi)
    seen = np.where(np.asarray(c.listed_villages) > 0, -density / share, 0.0)
    spread = values["livelihood.village_sd"] * values["livelihood.listing_accuracy"]
    return np.asarray(county_offsets(frame, values, places) + spread * seen)
