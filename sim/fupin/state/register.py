"""The register of the poor: what the document counts.

A village committee sees perceived income: true income with a heavy-tailed error of the year and a
fixed misjudgement of the household. Each December a household is reviewed with the same chance
whether registered or not; at a review its status follows perceived income against that year's
line. A household that a programme served may be looked at in the same year (re-assessment), the
more likely the more it was visited as a poor one, a clause with a switch of its own because nothing
in the document identifies it.

Form and why: a symmetric review has no transient, so that a register without growth stays where
it is (docs/odd.md, "Register"). Another form, in which offices meet numbers that are handed down,
is `fupin.state.task`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fupin import randomness
from fupin.kernels import arithmetic
from fupin.kernels.jit import inline, kernel
from fupin.kernels.lanes import LANES, up_to
from fupin.kernels.words import add, f32, mul, u32
from fupin.randomness import draw, fill_normals, village_key
from fupin.state.households import Households

_ONE = f32(1.0)

_FIRST_MONTH = 2000 * 12


def listed_month(month: int) -> np.int16:
    """A month index as `households.listed_month` counts months: from January 2000."""
    return np.int16(month - _FIRST_MONTH)


class Service(IntEnum):
    """How a programme meets a household, in the order in which it makes a re-assessment likelier.

    The column `served` holds the largest of the year.
    """

    NONE = 0
    COURSE = 1  # taught, advised, hired: nobody comes to the house as to a poor one
    CASH = 2  # its name is posted, and money comes to its account
    LOAN = 3  # a committee admits it to a fund, or puts it forward for a loan
    VISIT = 4  # a card is opened, an allowance, a project or a house given


class Perception(NamedTuple):
    """How incomes are misjudged and when they are looked at."""

    error_sd: np.float32  # log points, a year
    tail_share: np.float32
    tail_mean: np.float32
    tail_sd: np.float32
    review: np.float32  # chance of a review a year
    # Share of the served, else unreviewed, who are reviewed, by the kind of service:
    course_review: np.float32
    cash_review: np.float32
    loan_review: np.float32
    visit_review: np.float32


# For kernels, which know no enumerations.
COURSE, CASH = np.uint8(Service.COURSE), np.uint8(Service.CASH)
LOAN, VISIT = np.uint8(Service.LOAN), np.uint8(Service.VISIT)


def perception(values: Mapping[str, float], recognition: bool = True) -> Perception:
    """Perception from `livelihood.reporting_*` and `register.*` values."""
    visit = values["register.served_review"] if recognition else 0.0
    return Perception(
        error_sd=f32(values["livelihood.reporting_sd"]),
        tail_share=f32(values["livelihood.reporting_tail_share"]),
        tail_mean=f32(values["livelihood.reporting_tail_mean"]),
        tail_sd=f32(values["livelihood.reporting_tail_sd"]),
        review=f32(values["register.review_probability"]),
        course_review=f32(visit * values["register.course_review_share"]),
        cash_review=f32(visit * values["register.cash_review_share"]),
        loan_review=f32(visit * values["register.loan_review_share"]),
        visit_review=f32(visit),
    )


def perceive(
    h: Households,
    village_id: npt.NDArray[np.int64],
    offsets: npt.NDArray[np.int64],
    p: Perception,
    month: int,
    key_error: np.uint64,
    key_tail: np.uint64,
    out: npt.NDArray[np.float32],
    villages: npt.NDArray[np.int64] | None = None,
) -> None:
    """Log of perceived income, yuan per person, into `out` (N).

    Args:
        h, village_id, offsets, p, month, key_error, key_tail: as of `review`.
        out: other households keep what stands there.
        villages: rows of the villages that are looked at, from 0 to V - 1; all if not given.
    """
    rows = np.arange(village_id.size) if villages is None else villages
    _perceive(h.income, h.bias, village_id, offsets, p, month, key_error, key_tail, out, rows)


@kernel
def _perceive(  # type: ignore[no-untyped-def]
    incomes, biases, village_id, offsets, p, month, key_error, key_tail, out, villages
):  # fmt: skip
    widest = 0
    for i in range(village_id.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    z = np.empty(widest + LANES, np.float32)
    for i in villages:
        first, last = offsets[i], offsets[i + 1]
        n = last - first
        seen, income, bias = out[first:last], incomes[first:last], biases[first:last]
        low, high = village_key(key_error, village_id[i], month, 0)
        fill_normals(low, high, z[: up_to(n, LANES)])
        low, high = village_key(key_tail, village_id[i], month, 0)
        for j in range(n):
            tail = arithmetic.uniform(draw(low, high, j)) < p.tail_share
            ordinary = p.error_sd * z[j]
            heavy = p.tail_mean + p.tail_sd * z[j]
            seen[j] = bias[j] + (heavy if tail else ordinary)
        for j in range(n):
            seen[j] += arithmetic.log(income[j])


def perception_streams(seed: int, who: str) -> tuple[np.uint64, np.uint64]:
    """Streams of the yearly error and of its tail; `who` judges: "register" or "survey"."""
    return (
        randomness.stream(seed, f"{who}/error"),
        randomness.stream(seed, f"{who}/error-tail"),
    )


def list_all(
    h: Households, seen: npt.NDArray[np.float32], log_line: np.float32, months: np.int16
) -> None:
    """A full listing: every household below the line is registered."""
    np.less(seen, log_line, out=h.registered.view(np.bool_))  # ones and zeros of a byte, both
    h.listed_month[:] = months


def review(
    h: Households,
    village_id: npt.NDArray[np.int64],
    offsets: npt.NDArray[np.int64],
    seen: npt.NDArray[np.float32],
    log_line: np.float32,
    p: Perception,
    month: int,
    months: np.int16,
    key_review: np.uint64,
    flows: npt.NDArray[np.int64],
    others: Perception | None = None,
) -> None:
    """The December review; fills `flows[v] = (persons delisted, persons listed)`, unweighted.

    `p` says when a registered household is looked at, and `others` when another is; the same if
    not given.
    """
    _review(
        h.size, h.served, h.registered, h.listed_month, village_id, offsets, seen, log_line, p,
        p if others is None else others, month, months, key_review, flows,
    )  # fmt: skip


@inline
def _chances(p):  # type: ignore[no-untyped-def]
    # Of a review, by the kind of service: with the common chance, else by how it was served.
    rest = _ONE - p.review
    return (
        p.review, p.review + rest * p.course_review, p.review + rest * p.cash_review,
        p.review + rest * p.loan_review, p.review + rest * p.visit_review,
    )  # fmt: skip


@inline
def _chance(served, chances):  # type: ignore[no-untyped-def]
    common, course, cash, loan, visit = chances
    low = course if served == COURSE else common
    middle = loan if served == LOAN else cash
    high = visit if served == VISIT else middle
    return low if served < CASH else high


@inline
def _changes(word, perceived, served, registered, log_line, chances, others):  # type: ignore[no-untyped-def]
    # 1 if a review with this luck changes whether the household is registered.
    chance = _chance(served, others) if registered == 0 else _chance(served, chances)
    looked_at = arithmetic.uniform(word) < chance
    return np.uint8(looked_at) & (np.uint8(perceived < log_line) ^ registered)


@kernel
def _review(  # type: ignore[no-untyped-def]
    sizes, serveds, registereds, listed_month, village_id, offsets, seen, log_line, p, q,
    month, months, key_review, flows,
):  # fmt: skip
    widest = 0
    for i in range(village_id.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    changes, chances, others = np.empty(widest, np.uint8), _chances(p), _chances(q)
    for i in range(village_id.size):
        first, last = offsets[i], offsets[i + 1]
        n = last - first
        low, high = village_key(key_review, village_id[i], month, 0)
        perceived, served = seen[first:last], serveds[first:last]
        registered = registereds[first:last]
        for j in range(n):
            changes[j] = _changes(
                draw(low, high, j), perceived[j], served[j], registered[j], log_line, chances,
                others,
            )  # fmt: skip
        out, into = np.int64(0), np.int64(0)
        for j in range(n):
            if changes[j] != 0:
                size = np.int64(sizes[first + j])
                if registered[j] != 0:
                    out += size
                else:
                    into += size
                registered[j] ^= np.uint8(1)
                listed_month[first + j] = months
        flows[i, 0], flows[i, 1] = out, into


@kernel
def count_persons(offsets, size, flag, out):  # type: ignore[no-untyped-def]
    """Persons of flagged households by village, unweighted, into `out` (V)."""
    for i in range(out.size):
        persons, flags = size[offsets[i] : offsets[i + 1]], flag[offsets[i] : offsets[i + 1]]
        total = u32(0)
        for j in range(persons.size):
            total = add(total, mul(u32(persons[j]), u32(flags[j] != 0)))
        out[i] = np.int64(total)


@kernel
def count_below(offsets, size, log_or_income, limit, out):  # type: ignore[no-untyped-def]
    """Persons whose column lies below `limit`, by village, unweighted, into `out` (V)."""
    for i in range(out.size):
        persons = size[offsets[i] : offsets[i + 1]]
        values = log_or_income[offsets[i] : offsets[i + 1]]
        total = u32(0)
        for j in range(persons.size):
            total = add(total, mul(u32(persons[j]), u32(values[j] < limit)))
        out[i] = np.int64(total)


@kernel
def count_units(offsets, column, out):  # type: ignore[no-untyped-def]
    """Sum of an integer column by village, unweighted, into `out` (V)."""
    for i in range(out.size):
        values = column[offsets[i] : offsets[i + 1]]
        total = u32(0)
        for j in range(values.size):
            total = add(total, u32(values[j]))
        out[i] = np.int64(total)


def delist_to_quota(
    h: Households,
    offsets: npt.NDArray[np.int64],
    weight: npt.NDArray[np.int64],
    seen: npt.NDArray[np.float32],
    quota: int,
    flows: npt.NDArray[np.int64],
    months: np.int16,
    luck: npt.NDArray[np.float32],
) -> None:
    """The counting rule `quota`: the register must fall by `quota` persons net, whatever incomes.

    The review's entries stand; then registered households leave, those visited before borrowers,
    these before those paid in cash and these before others, the better perceived before the worse,
    until the net fall is reached. A course counts for nothing here. If the review alone has taken
    off more than the quota, nobody is put back.

    The last who leaves may stand for more than are still to leave: it does as often as the quota
    falls on it among all that it stands for. `luck` is a uniform of each village, (V,).
    """
    net = float(np.dot(flows[:, 0] - flows[:, 1], weight))
    rows = np.flatnonzero(h.registered)
    village = np.searchsorted(offsets, rows, side="right") - 1
    known = np.maximum(h.served[rows], COURSE).astype(np.int8)
    order = np.lexsort((rows, -seen[rows], -known))
    size, heavy = h.size[rows[order]].astype(np.int64), weight[village[order]]
    gone_before = np.cumsum(size * heavy) - size * heavy
    own = (luck[village[order]].astype(np.float64) * heavy).astype(np.int64)
    chosen = order[net + gone_before + own * size < quota]
    h.registered[rows[chosen]] = 0
    h.listed_month[rows[chosen]] = months
    np.add.at(flows[:, 0], village[chosen], h.size[rows[chosen]].astype(np.int64))
