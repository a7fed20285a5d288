"""Who is chosen where a plan says how (`fupin.scenario.targeting`), and what choosing costs.

A ranking is drawn up once a year, in the first month in which anybody asks for it, and all
programmes share it: a household that the test finds poor is poor for each of them. It is made of

* `poorest_by_card`: the income on the card, as the register saw it in the December before;
* `community`: true income of the year last settled with an error of the meeting, in which the
  better-off half seems poorer by as much as makes the odds of other committees;
* `proxy_test`: what a regression says of columns that an enumerator can see. It is estimated on
  incomes that a survey reports, in a sample drawn by lot; what the columns do not tell, it does not
  know. Villages have seats by those whom the test finds poor, as many as are on the register.

What choosing costs is paid by the offices out of money of their own, since poverty funds may not
pay for administration: a resource cost (`added_by_others`), once a year for each village.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.livelihood.farm import members
from fupin.population.counties import TERRAINS
from fupin.programmes.selection import Criteria
from fupin.programmes.standing import least_squares
from fupin.randomness import month_index
from fupin.state.register import count_units

if TYPE_CHECKING:
    from fupin.programmes.base import Programme
    from fupin.world.world import World

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_GUMBEL_SD = 1.2825498  # of the luck that the odds of a committee stand beside
_COSTS = {"poorest_by_card": "card_cost", "proxy_test": "proxy_cost", "community": "community_cost"}


@dataclass
class Ranking:
    """The households as one way of choosing sees them in a year.

    Attributes:
        score: of each household, lowest chosen first, (N,).
        people: persons of one real village by whom villages have seats, (V,).
        paid: villages for which choosing has been paid this year, (V,).
    """

    score: Floats
    people: Ints
    paid: Flags


def ranking(programme: Programme[Any], way: str) -> Ranking:
    """The year's ranking by a way of `RANKED`; drawn up when it is first asked for."""
    world = programme.world
    key = (way, world.clock.year)
    if key not in world.rankings:
        score = _SCORES[way](programme)
        people = _proxy_poor(world, score) if way == "proxy_test" else world.registered_by_village
        for past in [old for old in world.rankings if old[1] != world.clock.year]:
            del world.rankings[past]
        world.rankings[key] = Ranking(score, people, np.zeros(people.size, np.bool_))
    result: Ranking = world.rankings[key]
    return result


# -- what is seen --------------------------------------------------------------------------------


def _by_card(programme: Programme[Any]) -> Floats:
    december = month_index(programme.world.clock.year, 1) - 1
    return programme.world.perceive("register", month=december).astype(np.float64)


def _by_meeting(programme: Programme[Any]) -> Floats:
    world, h = programme.world, programme.world.households
    error = float(world.values["choosing.community_error"])
    z = _of_households(world, "normals", "targeting/meeting")
    odds = programme.log_odds("elite_capture_odds")
    favoured = error / _GUMBEL_SD * odds * h.rank_half.astype(np.float64)
    return columns.log(h.income).astype(np.float64) + error * z - favoured


def _by_test(programme: Programme[Any]) -> Floats:
    world = programme.world
    rows = _survey(world)
    reported = world.perceive("survey")[rows].astype(np.float64)
    x = np.stack([column[rows] for column in observable(world)], axis=1)
    score = float(world.values["choosing.proxy_error"]) * _of_households(
        world, "normals", "targeting/test"
    )
    weights = least_squares(x, reported, np.ones(rows.size))
    for weight, column in zip(weights, observable(world), strict=True):
        score += weight * column
    return score


_SCORES = {"poorest_by_card": _by_card, "community": _by_meeting, "proxy_test": _by_test}


def observable(world: World) -> Iterator[Floats]:
    """What an enumerator can see of each household, one column (N,) at a time, first a constant.

    People by age and ability, schooling, land, who is away, and where the village lies. Neither
    incomes, nor savings, nor what the household is able to earn.
    """
    h, frame, of = world.households, world.frame, world.villages.of_household
    size = np.maximum(h.size.astype(np.float64), 1.0)
    yield np.ones(size.size)
    yield size
    for people in (h.labour, h.children, h.elderly):
        yield people / size
    yield h.schooling / 10.0
    yield h.frail.astype(np.float64)
    yield (h.migrants > 0).astype(np.float64)
    yield np.asarray(frame.households.land, np.float64) / 10.0 / size
    villages = frame.villages
    for column in (world.village_list.listed, villages.remoteness, villages.road, villages.water):
        yield np.asarray(column, np.float64)[of]
    terrain = np.asarray(villages.terrain)
    for code in range(1, len(TERRAINS)):
        yield (terrain == code).astype(np.float64)[of]


def _survey(world: World) -> Ints:
    """Household rows of the survey, by lot, each as often as it stands for others."""
    wanted = round(float(world.values["choosing.survey_households"]))
    luck = _of_households(world, "uniforms", "targeting/survey")
    weight = world.villages.weight[world.villages.of_household]
    wait = -columns.log(luck.astype(np.float32)).astype(np.float64) / weight
    return np.sort(np.argsort(wait, kind="stable")[:wanted])


def _of_households(world: World, kind: str, name: str) -> Floats:
    """A keyed deviate of each household in this year, the same whoever asks, (N,)."""
    of = world.villages.of_household
    number = np.arange(of.size) - world.villages.offsets[of]
    draw = getattr(world.chance, kind)
    january = month_index(world.clock.year, 1)
    return np.asarray(draw(name, world.villages.id[of], number, january), np.float64)


def _proxy_poor(world: World, score: Floats) -> Ints:
    """Persons of each village whom the test finds poor: as many in all as are registered, (V,)."""
    h, v = world.households, world.villages
    persons = h.size.astype(np.int64)
    order = np.argsort(score, kind="stable")
    weighted = (persons * v.weight[v.of_household])[order]
    poor = np.zeros(score.size, np.bool_)
    poor[order] = np.cumsum(weighted) <= world.registered_poor
    return np.add.reduceat(np.where(poor, persons, 0), v.offsets[:-1])


# -- who is chosen -------------------------------------------------------------------------------


def people_of(programme: Programme[Any]) -> Ints:
    """Persons of one real village by whom villages have seats, (V,)."""
    way, world = programme.way, programme.world
    if way == "proxy_test":
        return ranking(programme, way).people
    if way == "all":
        people = np.zeros(world.villages.id.size, np.int64)
        count_units(world.villages.offsets, world.households.size, people)
        return people
    return world.registered_by_village


def by_way(way: str | None, who: Criteria) -> Criteria:
    """Criteria of a committee where the plan says whom it may choose."""
    if way == "all":  # by lot
        none = np.float32(0.0)
        who = who._replace(
            registered_odds=none, better_off_odds=none, schooling_odds=none, migrant_odds=none
        )
    return who._replace(only_registered=True) if way in ("registered", "poorest_by_card") else who


def choose_ranked(
    programme: Programme[Any], villages: Ints, quota: Ints, who: Criteria
) -> tuple[Ints, Ints]:
    """Household rows that come first in each village by the programme's way, and how many.

    Args:
        programme: whose plan names a way of `RANKED`.
        villages: village rows.
        quota: how many each may choose at most.
        who: who may be chosen at all; its odds count for nothing.
    """
    world, h = programme.world, programme.world.households
    of_year = ranking(programme, str(programme.way))
    pay_for_choosing(programme, of_year)
    rows, at = members(world.villages.offsets, villages)
    fits = (h.reached[rows] & who.exclude) == 0
    if who.only_registered:
        fits &= h.registered[rows] > 0
    if who.needs_labour:
        fits &= h.labour[rows] > 0
    rows, at = rows[fits], at[fits]
    order = np.lexsort((rows, of_year.score[rows], at))
    rows, at = rows[order], at[order]
    place = np.arange(rows.size) - np.searchsorted(at, at)
    chosen = place < quota[at]
    taken = np.bincount(at[chosen], minlength=villages.size).astype(np.int64)
    return rows[chosen], taken


def rank_all(programme: Programme[Any], villages: Ints) -> Ints:
    """Household rows of villages in the order in which the programme's way takes them.

    Of ways that rank, or `all`; the former are paid for.
    """
    world, way = programme.world, str(programme.way)
    rows, _ = members(world.villages.offsets, villages)
    if way == "all":
        january = month_index(world.clock.year, 1)
        luck = programme.uniforms("lot", rows, month=january)
        return rows[np.lexsort((rows, luck))]
    of_year = ranking(programme, way)
    pay_for_choosing(programme, of_year)
    if way == "poorest_by_card":
        rows = rows[world.households.registered[rows] > 0]
    return rows[np.lexsort((rows, of_year.score[rows]))]


def pay_for_choosing(programme: Programme[Any], of_year: Ranking) -> None:
    """Offices of the counties served pay for what is not paid yet this year, real villages."""
    world, way = programme.world, str(programme.way)
    county = np.asarray(world.frame.villages.county, np.int64)
    due = programme.meeting_places & programme.serves[county] & ~of_year.paid
    rows = np.flatnonzero(due)
    if rows.size == 0:
        return
    of_year.paid[rows] = True
    households = np.diff(world.villages.offsets)[rows]
    if way == "poorest_by_card":
        registered = np.zeros(county.size, np.int64)
        count_units(world.villages.offsets, world.households.registered, registered)
        households = registered[rows]
    each = float(world.values[f"choosing.{_COSTS[way]}"])
    yuan = np.rint(each * households * world.villages.weight[rows]).astype(np.int64)
    world.ledger.add_of_others(programme.index, county[rows], yuan)
    so_far = programme.counts.get("yuan_of_choosing", 0)
    programme.counts["yuan_of_choosing"] = so_far + int(yuan.sum())
