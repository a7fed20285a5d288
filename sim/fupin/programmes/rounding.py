"""Whole seats, loans, projects and villages in a sample: keyed rounding without bias.

A sampled village of weight w stands for w real villages. Offices give whole things to real
villages, and three seats in the villages that one of weight 20 stands for are three seats, neither
twenty nor none. So

* what is *paid* is reckoned in real units, village by real village as in the whole province: cash,
  places and counts of villages are not rounded to weights, and no account pays what it does not
  hold;
* what is *lived* falls on the households of the sampled village alone, each of which stands for w,
  by a keyed lot that is fair:

      E[w x units that the sampled village lives] = units paid in all that it stands for

What makes no weighted unit in one county is so pooled over the programme's counties and months
until it makes one. There are two kinds of lot; at w = 1 either gives what is paid.

**Villages in a queue** (`real_villages`). A queue holds all w real villages of a sampled one, side
by side, and the sampled village is one of them: the J-th, J uniform on 0..w-1. The queue serves the
first k of the w, which does not depend on J. So the sampled village is served with probability
k / w, and E[w x served] = w x k / w = k. `takes_part` is the same for places that households wait
for, and `place_among` gives J.

**Seats shared out** (`deal`). Villages that get s real seats in all that one stands for have
x = s / w of its own. The villages lie on a line, each as long as its x, and one lives a seat
wherever

    phase + position on the line

passes a whole number (systematic sampling, Madow 1949). With a phase that is uniform on [0, 1) the
number n of whole numbers in a piece of length x has E[n] = x, and is x rounded down or up. So
E[w x n] = s, and over any villages that follow one another the sum of n differs from the sum of x
by less than one. The next month's line begins where this month's ended: the same holds over months,
and as the first phase is uniform so is every later one, as long as what is paid does not depend on
it. `whole_shares` rounds the seats of real villages by the same rule, each county on its own line.

What is lived differs from what is paid by chance: by less than a weighted unit in seats (where
weights are equal), and by less than one for each queue that ends within a village.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fupin.kernels.jit import kernel
from fupin.population.apportion import apportion
from fupin.randomness import Chance
from fupin.world.world import World

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class RealVillages(NamedTuple):
    """Real villages in the order of a queue, those of one sampled village side by side.

    Attributes:
        rows: row of the sampled village that stands for each.
        number: 0 for the sampled village itself, another one for each of the others that it stands
            for: what offices see in it, or how large its project is, is luck of its own.
    """

    rows: Ints
    number: Ints

    @property
    def sampled(self) -> Flags:
        """Whether each is a sampled village itself."""
        return np.asarray(self.number == 0)

    def at(self, which: Ints | Flags | slice) -> RealVillages:
        """Some of them."""
        return RealVillages(self.rows[which], self.number[which])

    def then(self, others: RealVillages) -> RealVillages:
        """These and others behind them."""
        rows, number = (np.concatenate(pair) for pair in zip(self, others, strict=True))
        return RealVillages(rows, number)


def real_villages(
    world: World,
    lot: str,
    rows: Ints,
    month: int = 0,
    served: Ints | None = None,
    chance: Chance | None = None,
) -> RealVillages:
    """The real villages that sampled ones stand for, in the order of `rows`.

    Args:
        world: gives weights and keyed luck.
        lot: name of the lot that says which of them is the sampled one.
        rows: sampled villages, each once.
        month: of the lot; one lot for the whole run where `served` is kept over years.
        served: real villages of each row of the province served before, (V,): they are left out.
        chance: other luck than that of the run.
    """
    weight = np.asarray(world.villages.weight, np.int64)[rows]
    before = np.zeros_like(weight) if served is None else served[rows]
    at = np.repeat(np.arange(rows.size), weight - before)
    first = np.cumsum(weight - before) - (weight - before)
    place = np.arange(at.size) - first[at] + before[at]
    if (weight > 1).any():
        luck = (chance or world.chance).uniforms(lot, world.villages.id[rows], 0, month)
        own = place_among(weight, luck)
        place = (place - own[at]) % weight[at]
    return RealVillages(rows[at], place)


def place_among(weight: Ints, luck: npt.NDArray[np.floating]) -> Ints:
    """Number of the sampled one among the real ones that it stands for: uniform on 0..weight-1."""
    return np.minimum((weight * luck.astype(np.float64)).astype(np.int64), weight - 1)


def takes_part(weight: Ints, room: int, luck: npt.NDArray[np.floating]) -> Flags:
    """Which of some in a queue come in while there is room; each stands for `weight` real ones.

    Args:
        weight: of each, in the order of the queue.
        room: real ones that may come in.
        luck: a keyed uniform of each, independent of the order.
    """
    return np.asarray(np.cumsum(weight) - weight + place_among(weight, luck) < room)


def affordable(county: Ints, each: Ints | int, wanted: Ints | int, purse: Ints) -> Ints:
    """How many real units of each in a queue its county's purse pays, first come.

    Args:
        county: of each, sorted; those of a county in the order of the queue.
        each: yuan of one unit, above 0.
        wanted: real units of each.
        purse: yuan of each county, (counties,).
    """
    cost = np.broadcast_to(np.multiply(wanted, each), county.shape)
    running = np.cumsum(cost)
    before = np.concatenate([[0], running])[np.searchsorted(county, county)]
    left = purse[county] - (running - cost - before)
    return np.asarray(np.clip(left // each, 0, wanted))


def deal(seats: npt.NDArray[Any], weight: Ints, phase: float) -> tuple[Ints, float]:
    """Seats that sampled villages live themselves.

    Args:
        seats: real seats of all villages that each stands for, not negative, (n,); whole where a
            village stands for itself.
        weight: how many these are, (n,).
        phase: where the line begins, on [0, 1).

    Returns:
        seats of each, (n,), and the phase where the line ends.
    """
    out = np.zeros(weight.size, np.int64)
    end = _deal(np.asarray(seats, np.float64), np.asarray(weight, np.int64), float(phase), out)
    return out, float(end)


@kernel
def _deal(seats, weight, phase, out):  # type: ignore[no-untyped-def]
    position = phase  # kept below 1
    for k in range(seats.size):
        if weight[k] == 1:
            out[k] = np.int64(np.rint(seats[k]))
        else:
            position += seats[k] / weight[k]
            whole = np.floor(position)
            out[k] = np.int64(whole)
            position -= whole
    return position


def whole_shares(share: Floats, seats: Ints, group: Ints, phase: npt.NDArray[np.floating]) -> Ints:
    """Whole seats in proportion to shares, that sum to each group's seats, fair as those of `deal`.

    Args:
        share: of each in its group's seats, above 0, (n,).
        seats: of each group, (groups,).
        group: of each, those of a group side by side, (n,).
        phase: a uniform on [0, 1) of each group, (groups,).
    """
    out = np.zeros(group.size, np.int64)
    _whole_shares(
        np.asarray(share, np.float64), np.asarray(seats, np.float64), group,
        np.asarray(phase, np.float64), out,
    )  # fmt: skip
    return out


@kernel
def _whole_shares(share, seats, group, phase, out):  # type: ignore[no-untyped-def]
    first = 0
    while first < group.size:
        last, total = first, 0.0
        while last < group.size and group[last] == group[first]:
            total += share[last]
            last += 1
        all_seats, start, running = seats[group[first]], phase[group[first]], 0.0
        before = np.floor(start)
        for k in range(first, last):
            running += share[k]
            # The last one ends at the group's seats, whatever sums of fractions say.
            end = all_seats * (running / total) if k < last - 1 else all_seats
            after = np.floor(end + start)
            out[k] = np.int64(after - before)
            before = after
        first = last


def from_purses(pool: Ints, purse: Ints, yuan: Ints) -> Ints:
    """What each county pays of its pool's money, in proportion to its purse, (counties,).

    Args:
        pool: of each county.
        purse: yuan of each county.
        yuan: that each pool pays, (pools,), not more than the purses of its counties.
    """
    return apportion(purse, yuan, pool, upper=purse)


def paid_for(seats: Ints, county: Ints, lacking: Ints) -> Ints:
    """Seats that counties pay for, where some found nobody, (counties,).

    A village lacks takers for its own county; where more are lacking than the county has seats, the
    village has lived seats of other counties, and these keep their money.

    Args:
        seats: offered by each county.
        county: of villages where takers were lacking.
        lacking: real seats that found nobody in each of these.
    """
    short = np.zeros(seats.size, np.int64)
    np.add.at(short, county, lacking)
    paid = seats - np.minimum(short, seats)
    beyond = min(int(np.maximum(short - seats, 0).sum()), int(paid.sum()))
    return paid - apportion(paid, beyond, upper=paid) if beyond else paid
