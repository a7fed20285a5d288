"""The months of a year: illness, death and disaster, migration, births and departures, income.

One kernel serves the monthly model (`months=1`) and the yearly core of history (`months=12`):
yearly probabilities become hazards of the step exactly, 1-(1-p)^(months/12), and the seasons' sum
over a year is one, so yearly totals do not depend on the split.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim import randomness
from sim.agents.households import DEATH, DISASTER, ILLNESS, Households
from sim.kernels import arithmetic
from sim.kernels.jit import inline, kernel
from sim.kernels.words import add, choose, f32, u32
from sim.livelihood.rates import Rates, over
from sim.livelihood.year import by_third
from sim.randomness import draw, village_key

_ZERO, _ONE, _HALF, _TENTH = f32(0.0), f32(1.0), f32(0.5), f32(0.1)
# Part of the losses that take a worker; with elder children coming of age it keeps the workers'
# share of the people where it is (tested over four years).
_WORKERS_LOST = f32(0.4)
_MEAN_SCHOOLING = f32(8.5)  # years; the province's rural adults, census 2010
_EVENT_LEAVE, _EVENT_RETURN, _EVENT_HIT = np.uint8(1), np.uint8(2), np.uint8(4)
_EVENT_BIRTH, _EVENT_LOSS = np.uint8(8), np.uint8(16)


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
    for i in range(migrants.size):
        total, free = np.int64(0), 0.0
        for j in range(offsets[i], offsets[i + 1]):
            total += np.int64(away[j])
            home = f32(labour[j]) - f32(away[j])
            free += np.float64(home * keenness(schooling[j], schooling_migration))
        migrants[i], room[i] = total, free


def live_months(
    h: Households,
    v: VillageMonth,
    rates: Rates,
    p: Hazards,
    season: np.float32,
    year_share: np.float32,
    month: int,
    key_move: np.uint64,
    key_hit: np.uint64,
    key_size: np.uint64,
    key_people: np.uint64,
) -> None:
    """Live one step: chance events first, then income and consumption of the step.

    Args:
        h: household columns, changed in place.
        v: village inputs of this step.
        rates, p: parameters and the step's hazards.
        season: share of a year's income that falls in this step (sums to 1 over a year).
        year_share: months of the step / 12 (consumption is spread evenly).
        month: month index for the keys.
        key_move, key_hit, key_size, key_people: streams of migration, crash, crash size and
            demography.
    """
    _live(
        h.third, h.rank_half, h.frail, h.schooling, h.size, h.labour, h.elderly, h.children,
        h.migrants, h.hit, h.flow, h.plan, h.earned, h.savings, h.assets,
        v, rates, p, season, year_share, month, key_move, key_hit, key_size, key_people,
    )  # fmt: skip


@kernel
def _live(  # type: ignore[no-untyped-def]
    thirds, halves, frails, schoolings, sizes, labours, elderlys, childrens,
    all_migrants, hits, flows, plans, all_earned, all_savings, all_assets,
    v, rates, p, season, year_share, month, key_move, key_hit, key_size, key_people,
):  # fmt: skip
    widest = 0
    for i in range(v.id.size):
        widest = max(widest, v.offsets[i + 1] - v.offsets[i])
    event = np.empty(widest, np.uint8)
    concerned = np.empty(widest + 1, np.int64)
    gain = arithmetic.exp(rates.migrant_gain)
    loss = arithmetic.exp(-rates.migrant_gain)
    for i in range(v.id.size):
        first, last = v.offsets[i], v.offsets[i + 1]
        n = last - first
        size, labour = sizes[first:last], labours[first:last]
        migrants, schooling = all_migrants[first:last], schoolings[first:last]
        hit, flow = hits[first:last], flows[first:last]
        earned, savings, plan = all_earned[first:last], all_savings[first:last], plans[first:last]
        away = u32(0)
        for j in range(n):
            away = add(away, u32(migrants[j]))
        # Peers: departures grow with the village's migrants, at the snapshot of the step's start.
        peers = arithmetic.exp(
            rates.peer_effect
            * arithmetic.log((f32(away) + _ONE) / (f32(v.migrants_frame[i]) + _ONE))
        )
        leave = p.migrant_return * v.pull[i] * peers
        low, high = village_key(key_move, v.id[i], month, 0)
        for j in range(n):
            u = arithmetic.uniform(draw(low, high, j))
            m = f32(migrants[j])
            keen = keenness(schooling[j], rates.schooling_migration)
            goes = u > _ONE - leave * (f32(labour[j]) - m) * keen
            comes = u < p.migrant_return * m
            event[j] = np.uint8(goes) * _EVENT_LEAVE | np.uint8(comes) * _EVENT_RETURN
        low, high = village_key(key_hit, v.id[i], month, 0)
        crash = p.crash * v.crash_factor[i]
        for j in range(n):
            u = arithmetic.uniform(draw(low, high, j))
            struck = (u < crash) & (hit[j] == 0)
            event[j] |= np.uint8(struck) * _EVENT_HIT
        low, high = village_key(key_people, v.id[i], month, 0)
        low_who, high_who = village_key(key_people, v.id[i], month, 1)
        low_size, high_size = village_key(key_size, v.id[i], month, 0)
        low_kind, high_kind = village_key(key_size, v.id[i], month, 1)
        for j in range(n if p.birth + p.loss > _ZERO else 0):
            u = arithmetic.uniform(draw(low, high, j))
            persons = f32(size[j])
            event[j] |= np.uint8(u < p.birth * persons) * _EVENT_BIRTH
            event[j] |= np.uint8(u > _ONE - p.loss * persons) * _EVENT_LOSS
        # Three in a hundred have an event: they are listed without a branch to mispredict.
        found = np.int64(0)
        for j in range(n):
            concerned[found] = j
            found += np.int64(event[j] != 0)
        for listed in range(found):
            j = concerned[listed]
            if event[j] & _EVENT_HIT:
                cost = _crash_cost(rates, flow[j], low_size, high_size, j)
                earned[j] -= cost
                savings[j] -= _borne_by_savings(rates, thirds[first + j]) * cost
                hit[j], kept = _kind_of_crash(rates, low_kind, high_kind, j)
                all_assets[first + j] *= kept
            leaves = ((event[j] & _EVENT_LEAVE) != 0) & (migrants[j] < labour[j])
            returns = ((event[j] & _EVENT_RETURN) != 0) & (migrants[j] > 0) & (not leaves)
            migrants[j] = migrants[j] + np.uint8(leaves) - np.uint8(returns)
            moves = choose(leaves, gain, choose(returns, loss, _ONE))
            # Who leaves or comes home does so in the middle of the step, on average: half of the
            # step's income is still the old one. A step of a year would else count a move as
            # twelve months.
            before = flow[j]
            flow[j] = before * moves
            late = _HALF * season * (flow[j] - before)
            earned[j] -= late
            savings[j] -= late
            if event[j] & _EVENT_BIRTH and size[j] < 12 and frails[first + j] == 0:
                size[j] += np.uint8(1)
                # With each birth after the first an elder child comes of age.
                if childrens[first + j] > 0:
                    labour[j] += np.uint8(1)
                else:
                    childrens[first + j] = np.uint8(1)
            elif event[j] & _EVENT_LOSS and size[j] > 1:
                u = arithmetic.uniform(draw(low_who, high_who, j))
                k = first + j
                _lose_person(sizes, labours, elderlys, childrens, migrants[j], frails[k], k, u, p)
        # Income of the step. Weather takes a share of what is earned at home.
        better, poorer = season * v.works_rich[i], season * v.works_poor[i]
        half = halves[first:last]
        if v.farm_loss[i] > _ZERO:
            for j in range(n):
                income = flow[j] * (better if half[j] != 0 else poorer)
                workers = max(f32(labour[j]), _ONE)
                income *= _ONE - v.farm_loss[i] * (_ONE - f32(migrants[j]) / workers)
                earned[j] += income
                savings[j] += income - plan[j] * year_share
        else:
            for j in range(n):
                income = flow[j] * (better if half[j] != 0 else poorer)
                earned[j] += income
                savings[j] += income - plan[j] * year_share


@inline
def _crash_cost(rates, flow, low, high, number):  # type: ignore[no-untyped-def]
    # A crash costs 1 - exp(N(mean, sd)) of a year's income, whenever in the year it comes, so
    # that the year's total does not depend on the month.
    z = arithmetic.normal(draw(low, high, number))
    return (_ONE - min(arithmetic.exp(rates.crash_mean + rates.crash_sd * z), _ONE)) * flow


@inline
def _borne_by_savings(rates, third):  # type: ignore[no-untyped-def]
    # Consumption of the year gives way by the share that the household cannot insure (Jalan &
    # Ravallion 1999), and savings bear the rest: at once, not through `plan`, which would leave
    # the months before the crash out.
    return _ONE - by_third(third, rates.pass_poor, rates.pass_middle, rates.pass_rich)


@inline
def _kind_of_crash(rates, low, high, number):  # type: ignore[no-untyped-def]
    # Its code and the share of productive assets that is left.
    u = arithmetic.uniform(draw(low, high, number))
    if u < rates.illness_share:
        return np.uint8(ILLNESS), _ONE - rates.illness_asset_loss
    if u < rates.illness_share + rates.death_share:
        return np.uint8(DEATH), _ONE
    return np.uint8(DISASTER), _ONE - rates.disaster_asset_loss


@inline
def _lose_person(size, labour, elderly, children, away, frail, row, u, p):  # type: ignore[no-untyped-def]
    # A worker who dies or leaves is as a rule replaced by a child who comes of age: one dependant
    # fewer. Only the net decline of the people takes workers, so that the make-up of the people
    # does not drift. Households without workers have no births and lose at the net rate.
    one = np.uint8(1)
    if frail != 0:
        if u < p.net_share and size[row] > 1:
            if elderly[row] > 0:
                elderly[row] -= one
            elif children[row] > 0:
                children[row] -= one
            elif labour[row] > away:
                labour[row] -= one
            size[row] -= one
    elif u < _WORKERS_LOST and labour[row] > max(away, one):
        labour[row] -= one
        size[row] -= one
    elif children[row] > 0:
        children[row] -= one
        size[row] -= one
    elif elderly[row] > 0 and size[row] > 1:
        elderly[row] -= one
        size[row] -= one
    elif labour[row] > max(away, one):
        labour[row] -= one
        size[row] -= one


def streams(seed: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The four streams that `live_months` takes last."""
    return (
        randomness.stream(seed, "livelihood/migration"),
        randomness.stream(seed, "livelihood/crash"),
        randomness.stream(seed, "livelihood/crash-size"),
        randomness.stream(seed, "livelihood/people"),
    )
