"""Built communities for relocation, and the households nominated to move there.

The document counts counties with a task, communities set up and communities under construction,
but names none: the rule below chooses them.
"""

from __future__ import annotations

import numpy as np

from fupin import randomness
from fupin.parameters.province import province
from fupin.population.assumptions import count, figure
from fupin.population.columns import I64, Communities, Villages
from fupin.population.counties import TERRAINS, CountyTable
from fupin.population.households import village_offsets
from fupin.population.villages import IDS_PER_COUNTY

FIRST_NUMBER = 9_001
"""Community id = county code x 10,000 + 9,001, 9,002..."""

_NEAR_TOWN = np.float32(0.03)  # degrees between a community and the county's point


def task_counties(counties: CountyTable, villages: Villages) -> I64:
    """Rows of the counties with a relocation task, most people in remote listed villages first.

    Only mountain and plateau key counties count; ties go to the lower code.

    Args:
        counties: the county table.
        villages: all villages of the province (not a sample).
    """
    remote = villages.listed & (villages.remoteness >= np.float32(figure("relocation.remote")))
    people = np.zeros(len(counties), np.int64)
    np.add.at(people, villages.county[remote], villages.people[remote])
    high = np.isin(counties.terrain, [TERRAINS.index("mountain"), TERRAINS.index("plateau")])
    order = np.lexsort((counties.code, -people))
    eligible = order[((counties.key > 0) & high & (people > 0))[order]]
    wanted = count("relocation.counties")
    if eligible.size < wanted:
        raise ValueError(f"only {eligible.size} counties could have a relocation task")
    return eligible[:wanted]


def _nominated(
    county: int, communities: int, villages: Villages, offsets: I64, seed: int
) -> list[I64]:
    """Rows nominated to each community of a county, in order of nomination.

    The most remote listed villages of the frame are gone through until they hold enough
    households; of these a keyed part is nominated, dealt out to the communities in turn. Counts
    are weighted, so a thin sample nominates fewer rows.
    """
    here = np.flatnonzero(villages.listed & (villages.county == county))
    here = here[np.lexsort((villages.id[here], -villages.remoteness[here]))]
    wanted = count("relocation.nominated") * communities
    held = np.cumsum(villages.households[here].astype(np.int64) * villages.weight[here])
    enough = np.searchsorted(held, wanted * figure("relocation.pool")) + 1
    pool = here[:enough]
    households = villages.households[pool]
    village = np.repeat(pool, households)
    number = np.arange(village.size) - np.repeat(np.cumsum(households) - households, households)
    ids = villages.id[village]
    luck = randomness.words(seed, "population/nomination", ids, number)
    order = np.lexsort((number, ids, luck))
    weight = villages.weight[village[order]].astype(np.int64)
    # A row that stands for several is nominated as often as the last nomination falls on it.
    own = randomness.uniforms(seed, "population/nominated", ids[order], number[order])
    before = np.cumsum(weight) - weight + (own.astype(np.float64) * weight).astype(np.int64)
    chosen = order[before < wanted]
    rows = offsets[village[chosen]] + number[chosen]
    return [rows[k::communities] for k in range(communities)]


def build_communities(
    counties: CountyTable, everywhere: Villages, villages: Villages, seed: int
) -> Communities:
    """Communities of the province with the households of this frame nominated to each.

    The first community of each task county and the first county's second stood at the end of
    2008; those under construction in 2009 go to the next counties in the order of need.

    Args:
        counties: the county table.
        everywhere: all villages of the province, for the choice of counties.
        villages: the villages of the frame.
        seed: population seed.
    """
    ranked = task_counties(counties, everywhere)
    finished, building = count("relocation.finished"), count("relocation.building")
    turn = np.arange(finished + building)
    county = ranked[turn % ranked.size]
    order = np.lexsort((turn, county))
    county, is_finished = county[order], (turn < finished)[order]
    number = np.arange(county.size) - np.searchsorted(county, county)
    ids = counties.code[county].astype(np.int64) * IDS_PER_COUNTY + FIRST_NUMBER + number

    offsets = village_offsets(villages)
    members: list[I64] = []
    for row in np.unique(county):
        members += _nominated(int(row), int((county == row).sum()), villages, offsets, seed)
    lengths = [part.size for part in members]

    east, north = (
        np.clip(randomness.normals(seed, f"population/{axis}", ids), -2, 2) * _NEAR_TOWN
        for axis in ("east", "north")
    )

    def level(name: str) -> np.ndarray:
        return np.full(county.size, figure(f"relocation.{name}"), np.float32)

    return Communities(
        id=ids,
        county=county.astype(np.int16),
        lon=(counties.lon[county] + east).astype(np.float32),
        lat=(counties.lat[county] + north).astype(np.float32),
        year=(province().document_year - is_finished.astype(np.int16)).astype(np.int16),
        finished=is_finished,
        remoteness=level("remoteness"),
        road=level("road"),
        water=level("water"),
        irrigation=level("irrigation"),
        power=level("power"),
        telecom=level("telecom"),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        members=np.concatenate(members).astype(np.int64),
    )
