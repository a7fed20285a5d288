"""Which villages a plan's list has, chosen by offices that see villages with an error.

Offices look when the plan begins, so that plans that differ in their programmes have one list, and
a twin differs by what its programmes do alone. They choose among real villages, each misjudged by
a keyed error of its own:

    income      r x log income - sqrt(1 - r^2) x village_sd x error, low first; r is
                `livelihood.listing_accuracy`, with which the first list was drawn up
    registered  log share of people on the register, `programmes.sight_error` x error added
    need        log of what roads, safe water and irrigation lack, with the same error
    equal       by lot

Of the w real villages that a sampled one stands for k are chosen; it is on the list itself by a
fair lot (`fupin.programmes.rounding.deal`), and then stands for w that are:

    E[w x on the list] = k

so that the weighted number of villages on the list is what the plan asks for, in expectation. In
samples too small to hold the villages of a county, or a few counties, in their true number these
are chosen by the share that the plan asks of them.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.programmes.rounding import deal
from fupin.scenario.village_list import LIST_BY
from fupin.state.roster import LISTED
from fupin.state.village_list import VillageList, first_list
from fupin.world.world import World

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_LEAST = 1e-4
"""Share of people, or of services that lack, below which offices see no difference."""


def draw_list(world: World) -> VillageList | None:
    """The list of the plan, as offices see villages today; None where it has none.

    Args:
        world: before the plan's first month.
    """
    said = world.plan.village_list
    if said is None:
        return None
    first = first_list(world.frame)
    found = np.concatenate([_of_group(world, k) for k in range(len(said.groups))])
    new = np.zeros(first.listed.size, np.bool_)
    new[found] = True
    county = np.asarray(world.frame.villages.county)
    weight = np.asarray(world.villages.weight, np.int64)
    number = np.bincount(county[found], weight[found], first.by_county.size)
    chosen = np.rint(number).astype(np.int64)
    if said.renews:
        place = np.full(new.size, -1, np.int64)
        place[found] = np.arange(found.size)
        return VillageList(new, place, chosen, new)
    place = first.place.copy()
    place[found] = LISTED + np.arange(found.size)
    return VillageList(first.listed | new, place, first.by_county + chosen, new)


def open_list(world: World, coming: VillageList) -> None:
    """The plan's list holds from this month on.

    A village of a new list whose plan was paid before gets another one; a plan that is under way
    is paid to its end, whether its village is on the new list or not.
    """
    if world.plan.village_list is not None and world.plan.village_list.renews:
        world.works.plan_anew(np.flatnonzero(coming.new & world.works.plan_complete))
    world.village_list = coming
    world.forget_counts()  # those of this month that went by the first list
    for programme in world.programmes:
        programme.list_changed()


def _of_group(world: World, k: int) -> Ints:
    """Rows of the villages of one group of counties that come onto the list, in its order."""
    said, table = world.plan.village_list, world.frame.counties
    assert said is not None
    codes, number = said.groups[k]
    named = np.isin(np.asarray(table.code), codes)
    villages = np.asarray(table.villages, np.int64)
    free = villages if said.renews else villages - np.asarray(table.listed_villages, np.int64)
    there = int(free[named].sum())
    frame = world.frame.villages
    open_ = named[np.asarray(frame.county)]
    if not said.renews:
        open_ &= ~np.asarray(frame.listed)
    rows = np.flatnonzero(open_)
    weight = np.asarray(world.villages.weight, np.int64)[rows]
    # Where the sample has not as many as there are, the same share of those that it has.
    share = min(number, there) * int(weight.sum()) / max(there, 1)
    lots = world.chance.uniforms("village_list/lots", np.arange(2) + 2 * k).astype(np.float64)
    wanted = int(share + lots[0])
    which = np.repeat(np.arange(rows.size), weight)
    of_row = np.arange(which.size) - np.repeat(np.cumsum(weight) - weight, weight)
    seen = _as_seen(world, rows[which], of_row, said.by)
    order = np.lexsort((of_row, rows[which], -seen))[:wanted]
    chosen = np.bincount(which[order], minlength=rows.size)
    own, _ = deal(chosen, weight, float(lots[1]))
    # In the order in which the first of those that each stands for was chosen.
    turn, at = np.unique(which[order], return_index=True)
    ranked = turn[np.argsort(at, kind="stable")]
    return rows[ranked[own[ranked] > 0]]


def _as_seen(world: World, rows: Ints, number: Ints, by: str) -> Floats:
    """By what offices choose real villages, as they see it; high first.

    Args:
        world: before the plan's first month.
        rows: of the sampled village that stands for each.
        number: of each among those.
        by: one of `LIST_BY`.
    """
    ids = world.villages.id[rows]
    if by == "equal":
        return world.chance.uniforms("village_list/turn", ids, number).astype(np.float64)
    kind = LIST_BY.index(by)
    error = world.chance.normals("village_list/sight", ids, number, 0, kind).astype(np.float64)
    if by == "income":
        clear = world.values["livelihood.listing_accuracy"]
        blur = math.sqrt(1.0 - clear * clear) * world.values["livelihood.village_sd"]
        return -clear * _log(_mean_income(world))[rows] + blur * error
    value = _share_registered(world) if by == "registered" else _lacking(world)
    return _log(np.maximum(value, _LEAST))[rows] + world.values["programmes.sight_error"] * error


def _log(value: Floats) -> Floats:
    return columns.log(value.astype(np.float32)).astype(np.float64)


def _mean_income(world: World) -> Floats:
    """Net income of a person in the year last settled, yuan, (V,)."""
    h, first = world.households, world.villages.offsets[:-1]
    yuan = h.income.astype(np.float64) * h.size
    people = np.add.reduceat(h.size.astype(np.int64), first)
    return np.asarray(np.add.reduceat(yuan, first) / np.maximum(people, 1), np.float64)


def _share_registered(world: World) -> Floats:
    """Share of people on the register, (V,)."""
    start = world.at_start
    return np.asarray(start.village_registered / np.maximum(start.village_persons, 1), np.float64)


def _lacking(world: World) -> Floats:
    """Share of a village that roads, safe water and irrigation do not reach, on average, (V,)."""
    v = world.frame.villages
    reach = [np.asarray(column, np.float64) for column in (v.road, v.water, v.irrigation)]
    return np.asarray(1.0 - sum(reach) / len(reach), np.float64)
