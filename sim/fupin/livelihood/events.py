"""What befalls single households within a step: a crash, a birth, a death or departure.

Two households in a hundred have such an event in a month. `month.py` marks and lists them; here
they are looked at, one kind of event after another. What an event needs beside the columns that
the month has just gone through lies anywhere in memory: it is gathered first, in a loop that does
nothing else, so that the processor waits for many households at once (a fifth of all events'
time; instructions that only announce an address gained nothing).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.kernels import arithmetic
from fupin.kernels.jit import helper, inline
from fupin.kernels.words import choose, f32
from fupin.livelihood.year import by_third
from fupin.randomness import draw, village_key
from fupin.state.households import DISASTER

VILLAGES_AT_ONCE = 64
"""Villages whose columns stay in a processor's second cache: about 18,000 households."""

# Bits of what a step brings a household; moves are so many in a year that all are gone through.
LEAVE, RETURN, HIT = np.uint8(1), np.uint8(2), np.uint8(4)
BIRTH, LOSS = np.uint8(8), np.uint8(16)
WHEN = np.uint8(5)
"""Bits from here on: in which eighth of the step a move happens."""

_PERSON = np.uint8(1)
_ZERO, _ONE = f32(0.0), f32(1.0)
_LARGEST = np.uint8(12)  # persons; no births beyond
# Part of the losses that take a worker; with elder children coming of age it keeps the workers'
# share of the people where it is (tested over four years).
WORKERS_LOST = f32(0.4)


class Events(NamedTuple):
    """Households that chance concerns in this step, in the order of their rows."""

    row: npt.NDArray[np.int64]  # of the household
    village: npt.NDArray[np.int32]  # its row
    kinds: npt.NDArray[np.uint8]  # bits of what happens to the household
    chosen: npt.NDArray[np.int64]  # scratch: numbers of the events of one kind
    crash_keys: npt.NDArray[np.uint32]  # (2, VILLAGES_AT_ONCE): how large a crash is
    kind_keys: npt.NDArray[np.uint32]  # the same: what struck
    person_keys: npt.NDArray[np.uint32]  # the same: who is lost


@inline
def new_events(most):  # type: ignore[no-untyped-def]
    """Room for `most` events of VILLAGES_AT_ONCE villages."""
    return Events(
        np.empty(most, np.int64), np.empty(most, np.int32), np.empty(most, np.uint8),
        np.empty(most, np.int64), np.empty((2, VILLAGES_AT_ONCE), np.uint32),
        np.empty((2, VILLAGES_AT_ONCE), np.uint32), np.empty((2, VILLAGES_AT_ONCE), np.uint32),
    )  # fmt: skip


@inline
def set_key(keys, here, key, village_id, month, slot):  # type: ignore[no-untyped-def]
    """Keep the village's key for the events of its households."""
    keys[0, here], keys[1, here] = village_key(key, village_id, month, slot)


@inline
def _word(events, number, v, keys):  # type: ignore[no-untyped-def]
    # The random word of an event's household.
    row, i = events.row[number], events.village[number]
    here = i % VILLAGES_AT_ONCE
    return draw(keys[0, here], keys[1, here], row - v.offsets[i])


@inline
def _of_kind(events, total, kind):  # type: ignore[no-untyped-def]
    # Numbers of those of the first `total` events that are of a kind; no branch to mispredict.
    found = np.int64(0)
    for number in range(total):
        events.chosen[found] = number
        found += np.int64((events.kinds[number] & kind) != 0)
    return events.chosen[:found]


@helper
def strike(  # type: ignore[no-untyped-def]
    events, total, third, flow, earned, reserve, assets, hit, v, rates
):  # fmt: skip
    """Crashes: illness, death or disaster takes a part of the year's income, and of assets."""
    chosen = _of_kind(events, total, HIT)
    owned, saved = np.empty(chosen.size, np.float32), np.empty(chosen.size, np.float32)
    passed, cost = np.empty(chosen.size, np.float32), np.empty(chosen.size, np.float32)
    size_word, kind_word = np.empty(chosen.size, np.uint32), np.empty(chosen.size, np.uint32)
    kind = np.empty(chosen.size, np.uint8)
    for k in range(chosen.size):  # gathered first, see above
        row = events.row[chosen[k]]
        owned[k], saved[k], cost[k] = assets[row], reserve[row], flow[row]
        passed[k] = by_third(third[row], rates.pass_poor, rates.pass_middle, rates.pass_rich)
    for k in range(chosen.size):
        size_word[k] = _word(events, chosen[k], v, events.crash_keys)
        kind_word[k] = _word(events, chosen[k], v, events.kind_keys)
    for k in range(chosen.size):
        # A crash costs 1 - exp(N(mean, sd)) of a year's income, whenever in the year it comes,
        # so that the year's total does not depend on the month.
        z = arithmetic.normal(size_word[k])
        cost[k] *= _ONE - min(arithmetic.exp(rates.crash_mean + rates.crash_sd * z), _ONE)
        # Consumption of the year gives way by the share that the household cannot insure (Jalan &
        # Ravallion 1999), and savings bear the rest: at once, not through `plan`, which would
        # leave the months before the crash out.
        saved[k] += passed[k] * cost[k]
        u = arithmetic.uniform(kind_word[k])
        ill, dies = u < rates.illness_share, u < rates.illness_share + rates.death_share
        sold = choose(ill, rates.illness_asset_loss, choose(dies, _ZERO, rates.disaster_asset_loss))
        owned[k] *= _ONE - sold
        kind[k] = np.uint8(DISASTER) - np.uint8(ill | dies) - np.uint8(ill)
    for k in range(chosen.size):
        row = events.row[chosen[k]]
        earned[row] -= cost[k]
        reserve[row], assets[row], hit[row] = saved[k], owned[k], kind[k]


@helper
def bear(events, total, frail, size, labour, children):  # type: ignore[no-untyped-def]
    """Births, in households with labour power and fewer than twelve persons."""
    chosen = _of_kind(events, total, BIRTH)
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
    events, total, frail, size, labour, elderly, children, migrants, v, p
):  # fmt: skip
    """Deaths and departures, as long as somebody is left.

    A worker who dies or leaves is as a rule replaced by a child who comes of age: one dependant
    fewer. Only the net decline of the people takes workers, so that the make-up of the people
    does not drift. Households without labour power have no births and lose at the net rate. Only
    a worker at home can go, and the household's last worker stays.
    """
    chosen = _of_kind(events, total, LOSS)
    weak, young = np.empty(chosen.size, np.uint8), np.empty(chosen.size, np.uint8)
    old = np.empty(chosen.size, np.uint8)
    for k in range(chosen.size):
        row = events.row[chosen[k]]
        weak[k], young[k], old[k] = frail[row], children[row], elderly[row]
    for k in range(chosen.size):
        row = events.row[chosen[k]]
        u = arithmetic.uniform(_word(events, chosen[k], v, events.person_keys))
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
