"""Which villages a frame keeps, and for how many villages each one stands.

Villages are whole or absent. Within a stratum they are ordered by size, cut into groups of
neighbours, and one of each group, drawn by key, is kept with the number of its group as weight.
Then single villages are exchanged within their groups, the most useful exchange first, until
weighted people and households are near the truth: a balanced sample.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from fupin.errors import InputError
from fupin.population.assumptions import count, figure
from fupin.population.columns import F64, I64, Villages
from fupin.population.counties import CountyTable

_IMPORTANCE = np.array([1.0, 0.25])  # of relative errors in persons and in households


@dataclass(frozen=True)
class Sample:
    """A sample: `default`, `full`, or a fraction of both kinds of village."""

    name: str  # canonical: "default", "full" or the shortest decimal of the fraction
    fraction: float  # of other villages; of listed ones too unless the sample is `default`


def parse_sample(sample: str | float) -> Sample:
    """The sample that a name or a fraction means.

    Raises:
        InputError: neither `default` nor `full` nor a number above 0 and at most 1.
    """
    if sample == "default":
        return Sample("default", figure("sample.default_share"))
    if sample == "full":
        return Sample("full", 1.0)
    try:
        fraction = float(sample) if not isinstance(sample, bool) else float("nan")
    except ValueError:
        fraction = float("nan")
    if not 0.0 < fraction <= 1.0:
        raise InputError(
            f"the sample {sample!r} is not known.",
            "Write default, full, or a fraction such as 0.05.",
        )
    return Sample("full" if fraction == 1.0 else repr(fraction), fraction)


def _thin(totals: F64, luck: npt.NDArray[np.uint32], groups: int) -> tuple[I64, I64, float]:
    """Keep one row of each of `groups` groups of rows already in order.

    Args:
        totals: (n, k) what should be balanced: persons and households.
        luck: (n,) keyed words.
        groups: at most n; the groups of the last rows are the larger ones.

    Returns:
        Positions kept and their weights, (groups,) each, in order; and the relative error of
        weighted persons.
    """
    n = len(totals)
    edges = n - (np.arange(groups, -1, -1, dtype=np.int64) * n + groups - 1) // groups
    edges = np.concatenate([[0], np.cumsum(np.sort(np.diff(edges)))])
    weights = np.diff(edges)
    group = np.repeat(np.arange(groups), weights)
    kept = edges[:-1] + _lowest_within(group, luck, edges[:-1])
    scale = _IMPORTANCE / np.maximum(np.cumsum(totals, axis=0)[-1], 1.0)
    values = totals * scale
    error = np.cumsum(values[kept] * weights[:, None], axis=0)[-1] - _IMPORTANCE
    for _ in range(count("sample.exchanges")):
        change = weights[group, None] * (values - values[kept[group]])
        cost = np.abs(error + change).max(axis=1)
        best = int(np.argmin(cost))
        if cost[best] >= np.abs(error).max():
            break
        error = error + change[best]
        kept[group[best]] = best
    return kept, weights, float(abs(error[0]))


def _lowest_within(group: I64, luck: npt.NDArray[np.uint32], first: I64) -> I64:
    """Position within its group of the row with the lowest word, for each group."""
    order = np.lexsort((luck, group))
    return order[first] - first


def choose_villages(
    villages: Villages, counties: CountyTable, sample: Sample, seed: int
) -> Villages:
    """The villages of a sample, with their weights, ordered by id.

    Weights are integers. From a fraction of `sample.county_share` on they sum to the villages of
    each county, for listed and other villages apart; below it, to the listed villages, the other
    villages of key counties and those of other counties of the whole province.

    Args:
        villages: all villages of the province.
        counties: the county table.
        sample: what to keep.
        seed: population seed.
    """
    if sample.fraction == 1.0:
        return villages
    # Brings the compiler with it, which a cached frame does without.
    from fupin import randomness

    luck = randomness.words(seed, "population/sample", villages.id)
    county = villages.county.astype(np.int64)
    listed = villages.listed.astype(np.int64)
    by_county = sample.fraction >= figure("sample.county_share")
    stratum = county * 2 + listed if by_county else _province_strata(villages, counties)
    # Across county borders neighbours in the order should be neighbours on the map first.
    place = np.zeros(county.size, np.int64) if by_county else county
    order = np.lexsort((villages.id, -villages.people.astype(np.int64), place, stratum))
    kept, weights = [], []
    for part in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        n = part.size
        groups = max(1, round(n * sample.fraction))
        if sample.name == "default":
            fewest = n if listed[part[0]] else count("sample.fewest_per_county")
            groups = max(groups, min(n, fewest))
        elif not by_county:
            groups = max(groups, min(n, count("sample.fewest_per_stratum")))
        totals = np.stack([villages.people[part], villages.households[part]], axis=1)
        positions, weight, off = _thin(totals.astype(np.float64), luck[part], groups)
        while sample.name == "default" and off > figure("sample.tolerance") and groups < n:
            groups += 1
            positions, weight, off = _thin(totals.astype(np.float64), luck[part], groups)
        kept.append(part[positions])
        weights.append(weight)
    rows, weight = np.concatenate(kept), np.concatenate(weights)
    ascending = np.argsort(rows)
    chosen = take(villages, rows[ascending])
    return replace(chosen, weight=weight[ascending].astype(np.int32))


def _province_strata(villages: Villages, counties: CountyTable) -> I64:
    in_key_county = counties.key[villages.county] > 0
    return np.where(villages.listed, 2, in_key_county.astype(np.int64))


def take(villages: Villages, rows: npt.NDArray[np.intp]) -> Villages:
    """The villages in these rows."""
    return Villages(**{f.name: getattr(villages, f.name)[rows] for f in fields(Villages)})
