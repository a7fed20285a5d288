"""What households owe to where they live: log offsets of counties and villages.

Both belong to the draw and not to the run seed: their keyed deviates depend on the population
seed alone, the draw sets their size.

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
from fupin.population.frame import Frame

_LEAST_SHARE = 1e-6
"""Quantiles are taken this far from 0 and 1."""


def _standardised(
    column: npt.NDArray[np.floating], weights: npt.NDArray[np.floating]
) -> npt.NDArray[np.float64]:
    x = np.asarray(column, np.float64)
    w = np.asarray(weights, np.float64)
    mean = np.sum(w * x) / np.sum(w)
    spread = np.sqrt(np.sum(w * (x - mean) ** 2) / np.sum(w))
    return (x - mean) / spread


def county_offsets(frame: Frame, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Log income offset of each county, shape (172,).

    Key counties lie `key_county_gap` below the others. Within both groups an index of four
    census columns (schooling, piped water, residents per registered person, and minus the share
    of workers in farming) and a keyed deviate spread the counties.
    """
    c = frame.counties
    people = np.maximum(np.asarray(c.registered_rural, np.float64), 1.0)
    staying = np.minimum(np.asarray(c.residents, np.float64) / np.maximum(c.hukou, 1), 1.0)
    index = (
        _standardised(c.mean_school_years, people)
        + _standardised(c.piped_water, people)
        + _standardised(staying, people)
        - _standardised(c.primary_share, people)
    )
    key = np.asarray(c.key) > 0
    for group in (key, ~key):  # the gap between the groups is a parameter of its own
        index[group] -= np.average(index[group], weights=people[group])
    index = _standardised(index, people)
    county_ids = np.asarray(c.code, np.int64) * 10_000
    deviate = randomness.normals(frame.seed, "livelihood/county", county_ids).astype(np.float64)
    return (
        -values["livelihood.key_county_gap"] * key
        + values["livelihood.county_covariate"] * index
        + values["livelihood.county_sd"] * deviate
    )


def village_standings(frame: Frame, values: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Standing of each village among all villages of its county, standard normal, shape (V,).

    Low is poor. Drawn given which villages are listed; see the head of this module.
    """
    v, c = frame.villages, frame.counties
    ids = np.array(v.id, np.int64)
    listed_share = np.asarray(c.listed_villages) / np.maximum(np.asarray(c.villages), 1)
    cut = listed_share[np.asarray(v.county)]
    luck = randomness.uniforms(frame.seed, "livelihood/village listing", ids).astype(np.float64)
    below = np.where(np.asarray(v.listed), luck * cut, cut + (1.0 - cut) * luck)
    seen = columns.normal_quantiles(np.clip(below, _LEAST_SHARE, 1.0 - _LEAST_SHARE))
    unseen = randomness.normals(frame.seed, "livelihood/village", ids).astype(np.float64)
    clear = values["livelihood.listing_accuracy"]
    return clear * seen.astype(np.float64) + math.sqrt(1.0 - clear * clear) * unseen


def village_offsets(frame: Frame, values: Mapping[str, float]) -> npt.NDArray[np.float32]:
    """Log income offset of each village, county's included, shape (V,)."""
    county = county_offsets(frame, values)[np.asarray(frame.villages.county)]
    standing = village_standings(frame, values)
    return np.asarray(county + values["livelihood.village_sd"] * standing, np.float32)
