"""What befalls single households within a step: a crash, a worker who leaves or comes home, a
birth, a death or departure.

Three households in a hundred have an event in a month. `month.py` marks and lists them; here
they are looked at, one kind of event after another. What an event needs beside the columns that
the month has just gone through lies anywhere in memory: it is gathered first, in a loop that does
nothing else, so that the processor waits for many households at once (a fifth of all events'
time; instructions that only announce an address gained nothing).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.households import DEATH, DISASTER, ILLNESS
from sim.kernels import arithmetic
from sim.kernels.jit import helper, inline
from sim.kernels.words import choose, f32
from sim.livelihood.year import by_third
from sim.randomness import draw, village_key

LEAVE, RETURN, HIT = np.uint8(1), np.uint8(2), np.uint8(4)
BIRTH, LOSS = np.uint8(8), np.uint8(16)

_PERSON = np.uint8(1)
_ZERO, _ONE, _HALF = f32(0.0), f32(1.0), f32(0.5)
_LARGEST = np.uint8(12)  # persons; no births beyond
# Part of the losses that take a worker; with elder children coming of age it keeps the workers'
# share of the people where it is (tested over four years).
WORKERS_LOST = f32(0.4)


class Events(NamedTuple):
    """Households that chance concerns in this step, in the order of their rows."""

    row: npt.NDArray[np.int64]  # of the household
    village: npt.NDArray[np.int32]  # its row
    kinds: npt.NDArray[np.uint8]  # LEAVE, RETURN, HIT, BIRTH and LOSS, added up


@inline
def choose_kind(events, total, kind, chosen):  # type: ignore[no-untyped-def]
    """Numbers of those of the first `total` events that are of a kind, into `chosen`; how many."""
    found = np.int64(0)
    for number in range(total):  # without a branch to mispredict
        chosen[found] = number
        found += np.int64((events.kinds[number] & kind) != 0)
    return found


@inline
def earned_in_a_step(flow, half, labour, migrants, better, poorer, farm_loss):  # type: ignore[no-untyped-def]
    """Income of a step: weather takes a share of what is earned at home.

    Args:
        flow: income a year.
        half: 1 for the better-off half of the village.
        labour, migrants: workers, and those of them who are away.
        better, poorer: share of the year times the factor of village works, of each half.
        farm_loss: share of home income that the weather takes.
    """
    at_home = _ONE - f32(migrants) / max(f32(labour), _ONE)
    return flow * (better if half != 0 else poorer) * (_ONE - farm_loss * at_home)


@helper
def strike(  # type: ignore[no-untyped-def]
    events, chosen, third, flow, earned, reserve, assets, hit, v, rates, month, key_size
):  # fmt: skip
    """Crashes: illness, death or disaster takes a part of the year's income, and of assets."""
    owned, saved = np.empty(chosen.size, np.float32), np.empty(chosen.size, np.float32)
    passed, cost = np.empty(chosen.size, np.float32), np.empty(chosen.size, np.float32)
    for k in range(chosen.size):  # gathered first, see above
        row = events.row[chosen[k]]
        owned[k], saved[k] = assets[row], reserve[row]
        passed[k] = by_third(third[row], rates.pass_poor, rates.pass_middle, rates.pass_rich)
    for k in range(chosen.size):
        # A crash costs 1 - exp(N(mean, sd)) of a year's income, whenever in the year it comes,
        # so that the year's total does not depend on the month.
        z = arithmetic.normal(_word(events, chosen[k], v, month, 0, key_size))
        cost[k] = _ONE - min(arithmetic.exp(rates.crash_mean + rates.crash_sd * z), _ONE)
    for k in range(chosen.size):
        row = events.row[chosen[k]]
        lost = cost[k] * flow[row]
        earned[row] -= lost
        # Consumption of the year gives way by the share that the household cannot insure (Jalan &
        # Ravallion 1999), and savings bear the rest: at once, not through `plan`, which would
        # leave the months before the crash out.
        reserve[row] = saved[k] + passed[k] * lost
        u = arithmetic.uniform(_word(events, chosen[k], v, month, 1, key_size))
        ill, dies = u < rates.illness_share, u < rates.illness_share + rates.death_share
        hit[row] = np.uint8(ILLNESS if ill else (DEATH if dies else DISASTER))
        sold = choose(ill, rates.illness_asset_loss, choose(dies, _ZERO, rates.disaster_asset_loss))
        assets[row] = owned[k] * (_ONE - sold)


@helper
def move(events, chosen, half, labour, migrants, flow, earned, v, rates, season):  # type: ignore[no-untyped-def]
    """Workers leave the county or come home.

    They do so in the middle of the step, on average: half of the step's income is still the old
    one. A step of a year would else count a move as twelve months.
    """
    gain, loss = arithmetic.exp(rates.migrant_gain), arithmetic.exp(-rates.migrant_gain)
    for k in range(chosen.size):
        row, i = events.row[chosen[k]], events.village[chosen[k]]
        kinds, away = events.kinds[chosen[k]], migrants[row]
        leaves = ((kinds & LEAVE) != 0) & (away < labour[row])
        returns = ((kinds & RETURN) != 0) & (away > 0) & (not leaves)
        better, poorer = season * v.works_rich[i], season * v.works_poor[i]
        dry = v.farm_loss[i]
        before = earned_in_a_step(flow[row], half[row], labour[row], away, better, poorer, dry)
        away = away + np.uint8(leaves) - np.uint8(returns)
        migrants[row] = away
        old = flow[row]
        flow[row] = old * choose(leaves, gain, choose(returns, loss, _ONE))
        after = earned_in_a_step(flow[row], half[row], labour[row], away, better, poorer, dry)
        earned[row] += after - before - _HALF * season * (flow[row] - old)


@helper
def bear(events, chosen, frail, size, labour, children):  # type: ignore[no-untyped-def]
    """Births, in households with labour power and fewer than twelve persons."""
    weak, young = np.empty(chosen.size, np.uint8), np.empty(chosen.size, np.uint8)
    for k in range(chosen.size):
        row = events.row[chosen[k]]
        weak[k], young[k] = frail[row], children[row]
    for k in range(chosen.size):
        row = events.row[chosen[k]]
        grows = (size[row] < _LARGEST) & (weak[k] == 0)
        # With each birth after the first an elder child comes of age.
        of_age = grows & (young[k] > 0)
        size[row] += np.uint8(grows)
        labour[row] += np.uint8(of_age)
        children[row] = young[k] + np.uint8(grows & (not of_age))


@helper
def lose(  # type: ignore[no-untyped-def]
    events, chosen, frail, size, labour, elderly, children, migrants, v, p, month, key_people
):  # fmt: skip
    """Deaths and departures, as long as somebody is left.

    A worker who dies or leaves is as a rule replaced by a child who comes of age: one dependant
    fewer. Only the net decline of the people takes workers, so that the make-up of the people
    does not drift. Households without labour power have no births and lose at the net rate. The
    last worker at home stays.
    """
    weak, young = np.empty(chosen.size, np.uint8), np.empty(chosen.size, np.uint8)
    old = np.empty(chosen.size, np.uint8)
    for k in range(chosen.size):
        row = events.row[chosen[k]]
        weak[k], young[k], old[k] = frail[row], children[row], elderly[row]
    for k in range(chosen.size):
        row = events.row[chosen[k]]
        u = arithmetic.uniform(_word(events, chosen[k], v, month, 1, key_people))
        able, away = weak[k] == 0, migrants[row]
        spare = labour[row] > choose(able, max(away, _PERSON), away)
        goes = (size[row] > 1) & (able | (u < p.net_share))
        # Of the able a worker four times in ten, else a child, an old person, or a worker; of the
        # frail an old person, else a child, else a worker.
        worker = goes & spare & ((able & (u < WORKERS_LOST)) | ((young[k] | old[k]) == 0))
        child = goes & (not worker) & (young[k] > 0) & (able | (old[k] == 0))
        elder = goes & (not worker) & (not child) & (old[k] > 0)
        labour[row] -= np.uint8(worker)
        children[row] = young[k] - np.uint8(child)
        elderly[row] = old[k] - np.uint8(elder)
        size[row] -= np.uint8(worker | child | elder | (goes & (not able)))


@inline
def _word(events, number, v, month, slot, key):  # type: ignore[no-untyped-def]
    row, i = events.row[number], events.village[number]
    low, high = village_key(key, v.id[i], month, slot)
    return draw(low, high, row - v.offsets[i])
