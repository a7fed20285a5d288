"""What is grown and raised where: kinds of household projects, zones, links to cooperatives.

The document names the greenhouse belt along the Hutuo River, walnuts in the Taihang Mountains,
mushrooms in Pingquan and Weichang, and zones of vegetables, walnuts, chicken, mushrooms and others.
Rule for a county's leading kind, from these names (`population/data/regions.yaml`) and its terrain:

    Pingquan, Weichang                                   mushroom
    mountain county of Shijiazhuang, Baoding, Xingtai or
        Handan (Taihang)                                 walnut
    plain county of Shijiazhuang (Hutuo River), plateau
        (vegetables out of season for Beijing)           vegetables
    any other plain county                               chicken
    the rest (Yanshan, basins)                           livestock (sheep, pigs, cattle)

A village has one kind, so that its projects lie side by side: its county's with a probability,
else one of the other four, but none that needs mountains or cold where there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.population.apportion import apportion
from fupin.population.counties import TERRAINS, CountyTable

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]

KINDS = ("vegetables", "walnut", "chicken", "mushroom", "livestock")
# Parameters of the kinds, in their order.
COSTS = (
    "cost_vegetables",
    "cost_walnut",
    "cost_chicken",
    "cost_mushroom",
    "cost_livestock",
)
RETURNS = (
    "return_vegetables",
    "return_walnut",
    "return_chicken",
    "return_mushroom",
    "return_livestock",
)
HAZARDS = (
    "hazard_vegetables",
    "hazard_walnut",
    "hazard_chicken",
    "hazard_mushroom",
    "hazard_livestock",
)
LAGS = (
    "lag_vegetables",
    "lag_walnut",
    "lag_chicken",
    "lag_mushroom",
    "lag_livestock",
)
_VEGETABLES, _WALNUT, _CHICKEN, _MUSHROOM, _LIVESTOCK = range(5)
# Kinds that a village may have instead of its county's, in the order of TERRAINS.
_SUITED = (
    (_VEGETABLES, _CHICKEN, _LIVESTOCK),
    (_VEGETABLES, _CHICKEN, _LIVESTOCK, _MUSHROOM),
    (_WALNUT, _CHICKEN, _MUSHROOM, _LIVESTOCK),
    (_VEGETABLES, _LIVESTOCK),
)


def leading_kinds(counties: CountyTable) -> Ints:
    """Index into KINDS of each county's leading kind, (counties,)."""
    terrain = np.asarray(counties.terrain, np.int64)
    plain, _, mountain, plateau = (terrain == t for t in range(len(TERRAINS)))
    lead = np.full(terrain.size, _LIVESTOCK)
    lead[plain] = _CHICKEN
    lead[plateau | (plain & counties.within("greenhouses"))] = _VEGETABLES
    lead[mountain & counties.within("walnuts")] = _WALNUT
    lead[counties.within("mushrooms")] = _MUSHROOM
    return lead


def village_kinds(programme: Programme[Any], villages: Ints, number: Ints | int = 0) -> Ints:
    """Index into KINDS of each village's kind, (n,); keyed by the village alone.

    Args:
        programme: whose projects they are.
        villages: village rows.
        number: among the real villages that each row stands for; 0 is the sampled one itself.
    """
    world = programme.world
    county = programme.county_of(villages)
    lead = leading_kinds(world.frame.counties)[county]
    terrain = np.asarray(world.frame.counties.terrain, np.int64)[county]
    own = _lot(programme, "kind", villages, number) < programme.own("leading_kind_share")
    luck = _lot(programme, "other-kind", villages, number)
    other = lead.copy()
    for code, suited in enumerate(_SUITED):
        here = np.flatnonzero(terrain == code)
        pick = np.minimum((luck[here] * len(suited)).astype(np.int64), len(suited) - 1)
        other[here] = np.array(suited)[pick]
    return np.where(own, lead, other)


def zone_counties(programme: Programme[Any], zones: int) -> npt.NDArray[np.bool_]:
    """Counties with a project zone, (counties,): one each, where the registered poor are most."""
    registered = np.where(programme.serves, programme.registered_by_county(), 0)
    code = np.asarray(programme.world.frame.counties.code)
    order = np.lexsort((code, -registered))[:zones]
    return np.isin(np.arange(code.size), order[registered[order] > 0])


def linked_villages(
    programme: Programme[Any], cooperatives: int, enterprises: int, zones: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Villages where households deliver to a cooperative or a leading enterprise, (V,).

    Both are shared among the served counties by registered poor, twice as densely in zones; each
    reaches some villages, and villages are reached independently of one another:

        P(linked) = 1 - exp(-(cooperatives x reach + enterprises x reach) / listed villages)
    """
    world = programme.world
    villages = world.frame.villages
    density = np.where(zones, programme.own("zone_density"), 1.0)
    weight = np.where(programme.serves, programme.registered_by_county(), 0) * density
    if weight.sum() == 0:
        return np.zeros(len(villages), np.bool_)
    reached = apportion(weight, cooperatives) * programme.own("cooperative_reach")
    reached = reached + apportion(weight, enterprises) * programme.own("enterprise_reach")
    listed = np.maximum(np.asarray(world.village_list.by_county, np.float64), 1.0)
    missed = columns.exp(-reached / listed)
    county = np.asarray(villages.county, np.int64)
    luck = _lot(programme, "link", np.arange(county.size))
    return (luck >= missed[county]) & programme.serves[county]


def _lot(
    programme: Programme[Any], decision: str, villages: Ints, number: Ints | int = 0
) -> npt.NDArray[np.float32]:
    """A uniform of each village that never changes in a run, (n,)."""
    world = programme.world
    ids = world.villages.id[villages]
    return world.chance.uniforms(f"{programme.key}/{decision}", ids, number, 0)
