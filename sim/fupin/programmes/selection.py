"""How offices and villages choose: logit ranking with targeting error and elite capture.

A candidate's score is the sum of log odds (the registered, the better-off half of the village,
the better schooled) and a keyed Gumbel deviate; the highest scores are chosen. This is sampling
without replacement with probabilities proportional to the odds (Luce 1959), so "the poor have
1.5 times the odds of the others" is a parameter, and who is chosen is the same chance in twins.
Ties go to the lower household number.

Overlap. How often one household is chosen by several programmes is unknown beyond what the odds
say. Each household has luck of its own in each selection, and luck of the year that all programmes
share (who is known to the committee, who comes to meetings). A selection goes by the shared luck
of a household with probability sqrt(overlap), else by its own, so that the correlation of luck
between two programmes is `overlap`, and each selection by itself is as it would be without.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.kernels import arithmetic
from fupin.kernels.jit import helper, kernel
from fupin.kernels.words import add, choose, f32, u32
from fupin.randomness import draw, village_key
from fupin.state.households import REACHED, Households

_NEVER = f32(-1e30)
_LEAST, _MOST = f32(-4.0), f32(18.0)  # a Gumbel deviate of a uniform in steps of 2**-23 lies within
_MOST_SCHOOLING = f32(25.5)  # years


class Criteria(NamedTuple):
    """Who may be chosen, and who is preferred; log odds are natural logarithms."""

    registered_odds: np.float32  # log odds of a registered household
    better_off_odds: np.float32  # log odds of the better-off half of the village
    schooling_odds: np.float32  # log odds per year of schooling
    migrant_odds: np.float32  # log odds of a household with a migrant
    only_registered: bool
    needs_labour: bool  # at least one able-bodied person
    exclude: np.uint32  # bits of `reached` that rule a household out
    shared: np.float32  # probability of going by the luck that programmes share
    key_shared: np.uint64  # stream of that luck


def criteria(
    registered_odds: float = 0.0,
    better_off_odds: float = 0.0,
    schooling_odds: float = 0.0,
    migrant_odds: float = 0.0,
    only_registered: bool = False,
    needs_labour: bool = True,
    exclude: int = 0,
) -> Criteria:
    """Criteria from plain numbers (log odds)."""
    return Criteria(
        f32(registered_odds),
        f32(better_off_odds),
        f32(schooling_odds),
        f32(migrant_odds),
        only_registered,
        needs_labour,
        REACHED(exclude),
        f32(0.0),
        np.uint64(0),
    )


def with_overlap(c: Criteria, overlap: float, key_shared: np.uint64) -> Criteria:
    """The same criteria where luck has correlation `overlap` with that of other programmes."""
    return c._replace(shared=f32(math.sqrt(overlap)), key_shared=key_shared)


def choose_households(
    h: Households,
    village_id: npt.NDArray[np.int64],
    offsets: npt.NDArray[np.int64],
    villages: npt.NDArray[np.int64],
    quota: npt.NDArray[np.int64],
    c: Criteria,
    month: int,
    key: np.uint64,
    out: npt.NDArray[np.int64],
) -> tuple[int, npt.NDArray[np.int64]]:
    """Rows of the households chosen in each village, best score first.

    Args:
        h: household columns (read only).
        village_id, offsets: villages.
        villages: indices of the villages that choose, in the order of `out`.
        quota: how many each may choose at most.
        c: criteria.
        month: month for the key (a round of selection keeps one month).
        key: stream of this selection.
        out: rows, at least sum(quota) long.

    Returns:
        How many rows were written, and per village the number chosen.
    """
    total, taken = _choose(
        h.labour, h.schooling, h.migrants, h.rank_half, h.registered, h.reached,
        village_id, offsets, villages, quota, c, month, key, out,
    )  # fmt: skip
    return total, taken


@helper
def _threshold(score, least, most, wanted):  # type: ignore[no-untyped-def]
    # A score that at least `wanted` entries surpass, and few more: by halving the range between
    # `least`, which enough surpass, and `most`, which none does. Counting has no branches.
    enough = wanted + (wanted >> 2) + 4
    for _ in range(24):
        middle = f32(0.5) * (least + most)
        above = u32(0)
        for j in range(score.size):
            above = add(above, u32(score[j] > middle))
        if above < wanted:
            most = middle
        else:
            least = middle
            if above <= enough:
                break
    return least


@helper
def best(score, least, most, wanted, number, value, out):  # type: ignore[no-untyped-def]
    """Numbers of the highest scores, best first, lower numbers first among equals.

    A place is the count of those that come before: without branches, it is sooner found than by
    any sort of a few dozen entries.

    Args:
        score: (n,), all of them at most `most`.
        least: a score below those of all who may be chosen, and of nobody else.
        wanted: how many, at most the number of scores above `least`.
        number, value: (n + 1,) int64 and float32, scratch.
        out: the numbers, (wanted,).
    """
    least = _threshold(score, least, most, wanted) if wanted > 0 else most
    found = np.int64(0)
    for j in range(score.size):
        number[found] = j
        value[found] = score[j]
        found += np.int64(score[j] > least)
    for k in range(found):
        own, above, equal = value[k], u32(0), u32(0)
        for j in range(found):
            above = add(above, u32(value[j] > own))
            equal = add(equal, u32(value[j] == own))
        place = np.int64(above)
        for j in range(k if equal > 1 else 0):
            place += np.int64(value[j] == own)
        if place < wanted:
            out[place] = number[k]


@kernel
def _choose(  # type: ignore[no-untyped-def]
    labour, schooling, migrants, rank_half, registered, reached,
    village_id, offsets, villages, quota, c, month, key, out,
):  # fmt: skip
    widest = 0
    for i in range(village_id.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    luck = np.empty(widest, np.float32)
    which = np.empty(widest, np.float32)
    fits = np.empty(widest, np.bool_)
    number = np.empty(widest + 1, np.int64)
    value = np.empty(widest + 1, np.float32)
    taken = np.zeros(villages.size, np.int64)
    total = 0
    # Loops without branches, so that they vectorise.
    anybody, anyone_able = not c.only_registered, not c.needs_labour
    off_schooling = f32(8.5) * c.schooling_odds
    most_odds = abs(c.registered_odds) + abs(c.better_off_odds) + abs(c.migrant_odds)
    most_odds += _MOST_SCHOOLING * abs(c.schooling_odds)
    for w in range(villages.size):
        i = villages[w]
        first, last = offsets[i], offsets[i + 1]
        n = last - first
        if quota[w] <= 0 or n == 0:
            continue
        score = luck[:n]
        low, high = village_key(key, village_id[i], month, 0)
        low_which, high_which = village_key(key, village_id[i], month, 1)
        low_shared, high_shared = village_key(c.key_shared, village_id[i], 0, 0)
        for j in range(n):
            which[j] = arithmetic.uniform(draw(low_which, high_which, j))
        for j in range(n):  # one draw, by the key of the luck that counts
            shared = which[j] < c.shared
            low_of, high_of = choose(shared, low_shared, low), choose(shared, high_shared, high)
            score[j] = arithmetic.uniform(draw(low_of, high_of, j))
        for j in range(n):  # a Gumbel deviate
            score[j] = -arithmetic.log(-arithmetic.log(score[j]))
        poor, half, past = registered[first:last], rank_half[first:last], reached[first:last]
        hands, school, away = labour[first:last], schooling[first:last], migrants[first:last]
        for j in range(n):
            score[j] += c.registered_odds * f32(poor[j]) + c.better_off_odds * f32(half[j])
        for j in range(n):
            years = f32(school[j]) * f32(0.1)
            score[j] += c.schooling_odds * years - off_schooling
        if c.migrant_odds != 0:
            for j in range(n):
                score[j] += c.migrant_odds if away[j] > 0 else f32(0.0)
        for j in range(n):
            fits[j] = ((poor[j] != 0) | anybody) & ((hands[j] != 0) | anyone_able)
        for j in range(n):
            fits[j] &= (past[j] & c.exclude) == 0
        candidates = u32(0)
        for j in range(n):
            candidates = add(candidates, u32(fits[j]))
        for j in range(n):
            score[j] = score[j] if fits[j] else _NEVER
        wanted = min(quota[w], np.int64(candidates))
        chosen = out[total : total + wanted]
        best(score, _LEAST - most_odds, _MOST + most_odds, wanted, number, value, chosen)
        for k in range(wanted):
            chosen[k] += first
        taken[w] = wanted
        total += wanted
    return total, taken
