"""Which villages a frame keeps, and for how many villages each one stands.

Villages are whole or absent. Within a stratum they are ordered by size, cut into groups of
neighbours, and one of each group is kept with the number of its group as weight.

* A fraction draws it at a place of its group that is uniform, so that each village has the chance
  1 / weight and any sum over villages its own expectation. The places of groups that follow one
  another are spread evenly over the whole range (a keyed start plus multiples of the golden ratio,
  Weyl 1916), so that villages larger and smaller than their group's mean make up for each other;
  of 32 starts that is taken whose weighted people are nearest the truth.
* The usual sample draws it by key; then single villages are exchanged within their groups, the most
  useful exchange first, until weighted people and households are near the truth in every county.
  This keeps villages near the mean of their group more often than others, and so is for villages
  that no programme chooses among: listed ones are all kept.
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
_GOLDEN = 0.6180339887498949  # multiples of it fill the unit interval most evenly
_STARTS = 32
"""Of which a fraction takes the best: few enough that every village keeps its chance."""


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


def _cut(n: int, groups: int) -> I64:
    """Where groups of n rows in order begin, and the end, (groups + 1,); the last are larger."""
    edges = n - (np.arange(groups, -1, -1, dtype=np.int64) * n + groups - 1) // groups
    return np.concatenate([[0], np.cumsum(np.sort(np.diff(edges)))])


def _spread(people: F64, parts: list[int], groups: list[int], start: float) -> tuple[I64, I64]:
    """Keep one row of each group of the strata, at places spread evenly over the groups.

    Of the starts that lie evenly behind `start` that with weighted people nearest the truth.

    Args:
        people: of rows in order, stratum after stratum, (n,).
        parts: rows of each stratum.
        groups: of each stratum, at most its rows.
        start: on [0, 1).

    Returns:
        Positions kept and their weights, in order.
    """
    cuts = [_cut(n, g) for n, g in zip(parts, groups, strict=True)]
    first = np.cumsum([0, *parts[:-1]])
    edges = np.concatenate([cut[:-1] + at for cut, at in zip(cuts, first, strict=True)])
    weights = np.concatenate([np.diff(cut) for cut in cuts])
    turn = start + _GOLDEN * np.arange(edges.size)
    found, least = edges, np.inf
    for shift in range(_STARTS):
        place = (turn + shift / _STARTS) % 1.0
        kept = edges + np.minimum((place * weights).astype(np.int64), weights - 1)
        off = abs(float(np.cumsum(weights * people[kept])[-1] - np.cumsum(people)[-1]))
        if off < least:
            found, least = kept, off
    return found, weights


def _balanced(totals: F64, luck: npt.NDArray[np.uint32], groups: int) -> tuple[I64, I64, float]:
    """Keep one row of each of `groups` groups of rows already in order, near the truth.

    Args:
        totals: (n, k) what should be balanced: persons and households.
        luck: (n,) keyed words.
        groups: at most n; the groups of the last rows are the larger ones.

    Returns:
        Positions kept and their weights, (groups,) each, in order; and the relative error of
        weighted persons.
    """
    edges = _cut(len(totals), groups)
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


def _near(totals: F64, luck: npt.NDArray[np.uint32], groups: int) -> tuple[I64, I64]:
    """Positions and weights of at least so many groups: more until persons are near the truth."""
    positions, weight, off = _balanced(totals, luck, groups)
    while off > figure("sample.tolerance") and groups < len(totals):
        groups += 1
        positions, weight, off = _balanced(totals, luck, groups)
    return positions, weight


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
    start = float(randomness.uniforms(seed, "population/places", np.zeros(1, np.int64))[0])
    county = villages.county.astype(np.int64)
    listed = villages.listed.astype(np.int64)
    by_county = sample.fraction >= figure("sample.county_share")
    stratum = county * 2 + listed if by_county else _province_strata(villages, counties)
    # Across county borders neighbours in the order should be neighbours on the map first.
    place = np.zeros(county.size, np.int64) if by_county else county
    order = np.lexsort((villages.id, -villages.people.astype(np.int64), place, stratum))
    parts = np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1)
    groups = [max(1, round(part.size * sample.fraction)) for part in parts]
    if sample.name == "default":
        kept, weights = [], []
        for part, wanted in zip(parts, groups, strict=True):
            fewest = part.size if listed[part[0]] else count("sample.fewest_per_county")
            totals = np.stack([villages.people[part], villages.households[part]], axis=1)
            positions, weight = _near(
                totals.astype(np.float64), luck[part], max(wanted, min(part.size, fewest))
            )
            kept.append(part[positions])
            weights.append(weight)
        rows, weight = np.concatenate(kept), np.concatenate(weights)
    else:
        if not by_county:
            least = count("sample.fewest_per_stratum")
            groups = [max(g, min(p.size, least)) for g, p in zip(groups, parts, strict=True)]
        people = villages.people[order].astype(np.float64)
        positions, weight = _spread(people, [part.size for part in parts], groups, start)
        rows = order[positions]
    ascending = np.argsort(rows)
    chosen = take(villages, rows[ascending])
    return replace(chosen, weight=weight[ascending].astype(np.int32))


def _province_strata(villages: Villages, counties: CountyTable) -> I64:
    in_key_county = counties.key[villages.county] > 0
    return np.where(villages.listed, 2, in_key_county.astype(np.int64))


def take(villages: Villages, rows: npt.NDArray[np.intp]) -> Villages:
    """The villages in these rows."""
    return Villages(**{f.name: getattr(villages, f.name)[rows] for f in fields(Villages)})
