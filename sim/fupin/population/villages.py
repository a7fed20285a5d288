"""All administrative villages of the province: where they lie, how large and how served they are.

Built whole whatever the sample, so that a village is the same in every sample. Every chance is
keyed by the population seed, a name "population/..." and the village id.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.kernels import arithmetic
from fupin.kernels.jit import kernel
from fupin.population.apportion import apportion, group_sums
from fupin.population.assumptions import count, figure
from fupin.population.columns import F32, F64, I64, Villages
from fupin.population.counties import TERRAINS, CountyTable

IDS_PER_COUNTY = 10_000
"""Village id = county code x this + number."""

_KM_PER_DEGREE = 111.2
_ASPECT = 0.7738  # cosine of 39.3 degrees, the middle of the province
_FARTHEST = 2.2  # standard deviations of the scatter of points
_HALVINGS = 40


@kernel
def _exponentials(values, out):  # type: ignore[no-untyped-def]
    for i in range(values.size):
        out[i] = arithmetic.exp(values[i])


def exponentials(values: npt.ArrayLike) -> F64:
    """e**x of many numbers, the same on every machine; float32 precision, float64 result."""
    x = np.ascontiguousarray(values, np.float32)
    out = np.empty_like(x)
    _exponentials(x, out)
    return out.astype(np.float64)


def village_ids(counties: CountyTable) -> I64:
    """Ids of all villages, ordered: county code x 10,000 + 1, 2, ..."""
    county = np.repeat(np.arange(len(counties)), counties.villages)
    first = np.concatenate([[0], np.cumsum(counties.villages)[:-1]])
    number = np.arange(county.size) - first[county] + 1
    result: I64 = counties.code[county].astype(np.int64) * IDS_PER_COUNTY + number
    return result


def _rank_within(group: I64, score: npt.NDArray[Any], ids: I64) -> I64:
    """Rank of each row within its group, 0 for the lowest score; ties by id."""
    order = np.lexsort((ids, score, group))
    first = np.searchsorted(group[order], np.arange(group.max() + 1))
    rank = np.empty(group.size, np.int64)
    rank[order] = np.arange(group.size) - first[group[order]]
    return rank


def _coverage(
    name: str, level: F64 | float, slope: float, remoteness: F32, listed: npt.NDArray[Any], z: F32
) -> F32:
    """Share of a village that a service covers: falls with remoteness, lower in listed villages."""
    share = (
        level
        - slope * remoteness.astype(np.float64)
        - figure(f"{name}.listed") * listed
        + figure(f"{name}.spread") * z.astype(np.float64)
    )
    return np.clip(share, 0.0, 1.0).astype(np.float32)


def _water(
    county: I64, mean: F64, people: I64, remoteness: F32, listed: npt.NDArray[Any], z: F32
) -> F32:
    """Safe water by village: spread around the county, whose mean over people is the census's."""
    units = mean.size
    weight = people.astype(np.float64)
    total = np.maximum(group_sums(county, weight, units), 1.0)
    low, high = np.full(units, -1.5), np.full(units, 2.5)
    for _ in range(_HALVINGS):  # the level whose cut coverage has the county's mean
        middle = 0.5 * (low + high)
        share = _coverage("water", middle[county], 0.0, remoteness, listed, z)
        above = group_sums(county, share * weight, units) / total > mean
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return _coverage("water", low[county], 0.0, remoteness, listed, z)


def _scatter(lon: F64, lat: F64, area_km2: F64, ids: I64, seed: int) -> tuple[F32, F32]:
    """Points around the county's point: a normal cloud as wide as a disc of the county's area."""
    # A disc of area A has a standard deviation of sqrt(A / pi) / 2 along each axis.
    sd = np.sqrt(area_km2 / np.pi) / 2.0 / _KM_PER_DEGREE
    east, north = (
        np.clip(randomness.normals(seed, f"population/{axis}", ids), -_FARTHEST, _FARTHEST)
        for axis in ("east", "north")
    )
    return (lon + east * sd / _ASPECT).astype(np.float32), (lat + north * sd).astype(np.float32)


def _sizes(
    counties: CountyTable, county: I64, ids: I64, listed: npt.NDArray[Any], seed: int
) -> tuple[I64, I64]:
    """Households and people of each village; both sum to the county's registrations."""
    hills = counties.terrain[county] != TERRAINS.index("plain")
    smaller = np.where(listed & hills, figure("village.listed_size_hills"), 1.0)
    z = randomness.normals(seed, "population/village size", ids)
    weight = exponentials(np.float32(figure("village.size_spread")) * z) * smaller
    households = apportion(
        weight,
        counties.registered_households,
        county,
        lower=count("village.fewest_households"),
        upper=count("village.most_households"),
    )
    z = randomness.normals(seed, "population/village household size", ids)
    spread = exponentials(np.float32(figure("village.household_size_spread")) * z)
    people = apportion(
        households * spread,
        counties.registered_rural,
        county,
        lower=households,
        upper=households * count("household.largest"),
    )
    return households, people


def _away(counties: CountyTable, county: I64, ids: I64, people: I64, seed: int) -> I64:
    """Persons away from each village; sums to the county's share of registered persons."""
    z = randomness.normals(seed, "population/village migration", ids)
    spread = exponentials(np.float32(figure("migration.village_spread")) * z)
    totals = np.rint(counties.migrant_share * counties.registered_rural).astype(np.int64)
    return apportion(people * spread, totals, county, upper=people * 45 // 100)


def all_villages(counties: CountyTable, seed: int) -> Villages:
    """Every administrative village of the province, each with weight 1."""
    ids = village_ids(counties)
    county = np.repeat(np.arange(len(counties)), counties.villages)

    def z(name: str) -> F32:
        return randomness.normals(seed, f"population/{name}", ids)

    remoteness = counties.remoteness[county] + np.float32(figure("remoteness.spread")) * z("remote")
    remoteness = np.clip(remoteness, 0.0, 1.0).astype(np.float32)
    # The most remote villages of a county are listed, blurred by what only the county knew.
    clear = figure("listing.remoteness")
    standard = (remoteness - counties.remoteness[county]) / np.float32(figure("remoteness.spread"))
    score = clear * standard.astype(np.float64) + np.sqrt(1.0 - clear**2) * z("listing")
    listed = _rank_within(county, -score, ids) < counties.listed_villages[county]

    households, people = _sizes(counties, county, ids, listed, seed)
    lon, lat = _scatter(
        counties.lon[county], counties.lat[county], counties.area_km2[county], ids, seed
    )
    terrain = counties.terrain[county]
    dry = np.array([figure(f"irrigation.{name}") for name in TERRAINS])[terrain]

    batch = np.full(ids.size, -1, np.int16)
    roster = np.flatnonzero(listed)
    order = np.lexsort((ids[roster], randomness.words(seed, "population/roster", ids[roster])))
    batch[roster[order]] = np.arange(roster.size)

    def flagged(name: str, of_county: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        chance = randomness.uniforms(seed, f"population/{name}", ids)
        return of_county[county] & (chance < np.float32(figure(f"kind.{name}")))

    northern = _rank_within(county, -lat, ids) < figure("kind.border") * counties.villages[county]
    coverage = {
        name: _coverage(
            name, figure(f"{name}.level"), figure(f"{name}.slope"), remoteness, listed, z(name)
        )
        for name in ("road", "power", "telecom")
    }
    return Villages(
        id=ids,
        county=county.astype(np.int16),
        weight=np.ones(ids.size, np.int32),
        listed=listed,
        old_base=flagged("old_base", counties.old_base),
        minority=flagged("minority", counties.minority),
        border=counties.border[county] & northern,
        lon=lon,
        lat=lat,
        terrain=terrain,
        remoteness=remoteness,
        households=households.astype(np.int32),
        people=people.astype(np.int32),
        away=_away(counties, county, ids, people, seed).astype(np.int32),
        governance=z("governance"),
        road=coverage["road"],
        water=_water(county, counties.piped_water, people, remoteness, listed, z("water")),
        irrigation=_coverage("irrigation", dry, 0.0, remoteness, listed, z("irrigation")),
        power=coverage["power"],
        telecom=coverage["telecom"],
        batch=batch,
    )
