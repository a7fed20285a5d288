"""The months of a year: illness, death and disaster, migration, births and departures, income.

One kernel serves the monthly model (`months=1`) and the yearly core of history (`months=12`):
yearly probabilities become hazards of the step exactly, 1-(1-p)^(months/12), and the seasons' sum
over a year is one, so yearly totals do not depend on the split.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.kernels import arithmetic
from fupin.kernels.jit import inline, kernel
from fupin.kernels.lanes import LANES, up_to
from fupin.kernels.words import add, f32, u32
from fupin.livelihood.events import (
    BIRTH,
    HIT,
    LEAVE,
    LOSS,
    RETURN,
    VILLAGES_AT_ONCE,
    WHEN,
    bear,
    lose,
    new_events,
    set_key,
    strike,
)
from fupin.livelihood.rates import Rates, over
from fupin.randomness import fill_uniforms, village_key
from fupin.state.households import Households

EIGHT = 8
"""Bytes of a 64-bit word."""

_LISTED = HIT | BIRTH | LOSS  # events that only few households have, even in a year
_LISTED_OF_EIGHT = np.uint64(int(_LISTED) * 0x0101010101010101)
_ZERO, _ONE, _HALF, _TENTH = f32(0.0), f32(1.0), f32(0.5), f32(0.1)
_PARTS, _NEARLY, _SMALL = f32(8.0), f32(0.999), f32(1e-6)  # of a step, for the time of a move
_MEAN_SCHOOLING = f32(8.5)  # years; the province's rural adults, census 2010


class VillageMonth(NamedTuple):
    """What a village passes to its households this month; arrays of V."""

    id: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]  # V + 1
    pull: npt.NDArray[np.float32]  # departures per unit of free labour / return rate, at the frame
    migrants_frame: npt.NDArray[np.int32]  # migrants when peers are neutral
    crash_factor: npt.NDArray[np.float32]  # relative hazard of a crash (safe water lowers it)
    farm_loss: npt.NDArray[np.float32]  # share of this month's home income lost to weather
    works_rich: npt.NDArray[np.float32]  # income factor of village works since January, better-off
    works_poor: npt.NDArray[np.float32]  # the same for the poorer half


class Hazards(NamedTuple):
    """Probabilities of one step."""

    crash: np.float32
    migrant_return: np.float32
    birth: np.float32
    loss: np.float32  # a person dies or leaves the register of residents
    net_share: np.float32  # net decline / losses


def hazards(rates: Rates, months: int, shocks: bool = True, demography: bool = True) -> Hazards:
    """Hazards of a step of `months` months; `shocks=False` switches household crashes off."""
    lost = rates.death_rate + rates.departure_rate
    on = f32(1.0 if demography else 0.0)
    return Hazards(
        crash=over(rates.crash_probability, months) if shocks else f32(0.0),
        migrant_return=over(rates.migrant_return, months),
        birth=on * over(rates.birth_rate, months),
        loss=on * over(lost, months),
        net_share=f32(max(1.0 - float(rates.birth_rate) / float(lost), 0.0)) if lost else f32(0.0),
    )


@inline
def keenness(schooling, schooling_migration):  # type: ignore[no-untyped-def]
    """Relative propensity to leave: more with schooling, at least a tenth."""
    years = f32(schooling) * _TENTH
    return max(_ONE + schooling_migration * (years - _MEAN_SCHOOLING), _TENTH)


def count_movers(
    h: Households,
    offsets: npt.NDArray[np.int64],
    rates: Rates,
    migrants: npt.NDArray[np.int64],
    room: npt.NDArray[np.float64],
) -> None:
    """Migrants, and free labour weighted by keenness, by village, into `migrants` and `room`."""
    _count_movers(
        h.labour, h.schooling, h.migrants, offsets, rates.schooling_migration, migrants, room
    )


@kernel
def _count_movers(labour, schooling, away, offsets, schooling_migration, migrants, room):  # type: ignore[no-untyped-def]
    widest = np.int64(0)
    for i in range(migrants.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    keen = np.empty(widest, np.float32)
    for i in range(migrants.size):
        here = slice(offsets[i], offsets[i + 1])
        workers, leavers, school = labour[here], away[here], schooling[here]
        total, free = u32(0), 0.0
        for j in range(workers.size):
            total = add(total, u32(leavers[j]))
            home = f32(workers[j]) - f32(leavers[j])
            keen[j] = home * keenness(school[j], schooling_migration)
        for j in range(workers.size):
            free += np.float64(keen[j])
        migrants[i], room[i] = np.int64(total), free


def live_months(
    h: Households,
    v: VillageMonth,
    rates: Rates,
    p: Hazards,
    pay: np.float32,
    season: np.float32,
    month: int,
    key_move: np.uint64,
    key_hit: np.uint64,
    key_size: np.uint64,
    key_people: np.uint64,
) -> None:
    """Live one step: crashes, moves and income, births and losses.

    Args:
        h: household columns, changed in place.
        v: village inputs of this step.
        rates, p: parameters and the step's hazards.
        pay: what a migrant sends home in a year, income levels (`World.pay`).
        season: share of a year's income that falls in this step (sums to 1 over a year).
        month: month index for the keys.
        key_move, key_hit, key_size, key_people: streams of migration, crash, crash size and
            demography.
    """
    _live(
        h.third, h.rank_half, h.frail, h.schooling, h.size, h.labour, h.elderly, h.children,
        h.migrants, h.hit, h.base, h.flow, h.wages, h.earned, h.reserve, h.assets,
        v, rates, p, pay, season, month, key_move, key_hit, key_size, key_people,
    )  # fmt: skip


@kernel
def _live(  # type: ignore[no-untyped-def]
    third, half, frail, schooling, size, labour, elderly, children,
    migrants, hit, base, flow, wages, earned, reserve, assets,
    v, rates, p, pay, season, month, key_move, key_hit, key_size, key_people,
):  # fmt: skip
    # Some villages at a time, so that their columns are in the processor's cache for all of it.
    widest = np.int64(0)
    for i in range(v.id.size):
        widest = max(widest, v.offsets[i + 1] - v.offsets[i])
    pitch = up_to(widest, LANES)
    marks = np.empty(VILLAGES_AT_ONCE * pitch, np.uint8)
    luck_move, luck_hit = np.empty(pitch, np.float32), np.empty(pitch, np.float32)
    luck_people = np.full(pitch, _HALF, np.float32)
    found = new_events(VILLAGES_AT_ONCE * widest + LANES)
    somebody = np.empty(pitch // EIGHT + 1, np.int64)
    demography = p.birth + p.loss > _ZERO
    for start in range(0, v.id.size, VILLAGES_AT_ONCE):
        end, total = min(start + VILLAGES_AT_ONCE, v.id.size), np.int64(0)
        for i in range(start, end):
            here, first, last = i - start, v.offsets[i], v.offsets[i + 1]
            wide = up_to(last - first, LANES)
            low, high = village_key(key_move, v.id[i], month, 0)
            fill_uniforms(low, high, luck_move[:wide])
            low, high = village_key(key_hit, v.id[i], month, 0)
            fill_uniforms(low, high, luck_hit[:wide])
            if demography:
                low, high = village_key(key_people, v.id[i], month, 0)
                fill_uniforms(low, high, luck_people[:wide])
            mark = marks[here * pitch : (here + 1) * pitch]
            _mark(
                luck_move, luck_hit, luck_people, size[first:last], labour[first:last],
                migrants[first:last], schooling[first:last], hit[first:last], v, i, rates, p, mark,
            )  # fmt: skip
            total = _list(mark, last - first, first, i, somebody, found, total)
            set_key(found.crash_keys, here, key_size, v.id[i], month, 0)
            set_key(found.kind_keys, here, key_size, v.id[i], month, 1)
            set_key(found.person_keys, here, key_people, v.id[i], month, 1)
        strike(found, total, third, flow, earned, reserve, assets, hit, v, rates)
        for i in range(start, end):
            here, first, last = i - start, v.offsets[i], v.offsets[i + 1]
            _move_and_earn(
                marks[here * pitch : here * pitch + last - first], half[first:last],
                size[first:last], labour[first:last], migrants[first:last], base[first:last],
                flow[first:last], wages[first:last], earned[first:last],
                rates.home_forgone, pay, season, v, i,
            )  # fmt: skip
        if demography:
            bear(found, total, frail, size, labour, children)
            lose(found, total, frail, size, labour, elderly, children, migrants, v, p)


@inline
def _mark(  # type: ignore[no-untyped-def]
    luck_move, luck_hit, luck_people, size, labour, migrants, schooling, hit, v, i, rates, p, mark
):  # fmt: skip
    # Which events each household of village i has, as bits.
    away = u32(0)
    for j in range(size.size):
        away = add(away, u32(migrants[j]))
    # Peers: departures grow with the village's migrants, at the snapshot of the step's start.
    peers = arithmetic.exp(
        rates.peer_effect * arithmetic.log((f32(away) + _ONE) / (f32(v.migrants_frame[i]) + _ONE))
    )
    leave = p.migrant_return * v.pull[i] * peers
    crash = p.crash * v.crash_factor[i]
    for j in range(size.size):
        m, persons = f32(migrants[j]), f32(size[j])
        keen = keenness(schooling[j], rates.schooling_migration)
        to_go, to_come = leave * (f32(labour[j]) - m) * keen, p.migrant_return * m
        goes, comes = luck_move[j] > _ONE - to_go, luck_move[j] < to_come
        # Where its luck lies within the chance of its move says when in the step it moves.
        share = (_ONE - luck_move[j] if goes else luck_move[j]) / max(
            to_go if goes else to_come, _SMALL
        )
        when = np.uint8(min(share, _NEARLY) * _PARTS) << WHEN
        struck = (luck_hit[j] < crash) & (hit[j] == 0)
        born = luck_people[j] < p.birth * persons
        lost = luck_people[j] > _ONE - p.loss * persons
        bits = np.uint8(goes) * LEAVE | np.uint8(comes) * RETURN | np.uint8(struck) * HIT
        mark[j] = bits | np.uint8(born) * BIRTH | np.uint8(lost) * LOSS | when


@inline
def _list(mark, n, first, i, somebody, found, total):  # type: ignore[no-untyped-def]
    # Two households in a hundred have an event that is not a move. They are listed without a
    # branch to mispredict: first the eights of households that have one, then those within.
    mark[n : up_to(n, EIGHT)] = 0
    eights, some = mark.view(np.uint64), np.int64(0)
    for k in range(up_to(n, EIGHT) // EIGHT):
        somebody[some] = k * EIGHT
        some += np.int64((eights[k] & _LISTED_OF_EIGHT) != 0)
    for k in range(some):
        for j in range(somebody[k], somebody[k] + EIGHT):
            found.row[total], found.village[total] = first + j, i
            found.kinds[total] = mark[j]
            total += np.int64((mark[j] & _LISTED) != 0)
    return total


@inline
def _move_and_earn(  # type: ignore[no-untyped-def]
    mark, half, size, labour, migrants, base, flow, wages, earned,
    forgone, pay, season, v, i,
):  # fmt: skip
    # Weather takes a share of what is earned at home. Who leaves or comes home does so some time in
    # the step, in one of its eighths: until then income is still the old one. A step of a year
    # would else count a move as twelve months; and a poor household, for which a job away is worth
    # as much as all else, is poor or not by when in the year it left.
    kept = season * (_ONE - v.farm_loss[i])
    better, poorer = kept * v.works_rich[i], kept * v.works_poor[i]
    for j in range(earned.size):
        away, at_home, sent = migrants[j], flow[j], wages[j]
        leaves = ((mark[j] & LEAVE) != 0) & (away < labour[j])
        returns = ((mark[j] & RETURN) != 0) & (away > 0) & (not leaves)
        away = away + np.uint8(leaves) - np.uint8(returns)
        moves = f32(leaves) - f32(returns)
        # `home_left` after the move to before it.
        left = max(f32(labour[j]), _ONE) - forgone * f32(away)
        after = at_home * (left / (left + forgone * moves))  # exactly the same without a move
        paid = sent + moves * pay / (f32(size[j]) * base[j])
        migrants[j], flow[j], wages[j] = away, after, paid
        earned[j] += after * (better if half[j] != 0 else poorer) + season * paid
        before = (f32(mark[j] >> WHEN) + _HALF) / _PARTS
        earned[j] -= before * season * ((after - at_home) + (paid - sent))


def streams(seed: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The four streams that `live_months` takes last."""
    return (
        randomness.stream(seed, "livelihood/migration"),
        randomness.stream(seed, "livelihood/crash"),
        randomness.stream(seed, "livelihood/crash-size"),
        randomness.stream(seed, "livelihood/people"),
    )
