"""Villages that wait for a grant of the year, in order, and are paid as county cash allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fupin.kernels import columns
from fupin.programmes.rounding import RealVillages
from fupin.programmes.shares import split
from fupin.state.limits import Limit

if TYPE_CHECKING:
    from fupin.programmes.base import Programme

Ints = npt.NDArray[np.int64]


class VillageQueue:
    """The villages that a year's budget can pay, each with its grant.

    Args:
        programme: whose money it is.
        real: real villages in order; those beyond the first that the budget cannot pay, if nothing
            is lost on the way, wait for another year.
        yuan: grant of each.
        budget: yuan for grants and for what is lost on the way.
        by_county: the same of each county, (counties,), where a plan says how they share it; each
            then pays its own villages in their order.

    Money reaches a county when the turn of its village comes, spread over the year as the
    programme's money is: in equal monthly parts a county with one village could pay it in
    December alone, and a small budget would act later than a large one.

    Attributes:
        villages, yuan, sampled: those in the queue, by county, in order within it: the row of the
            sampled village that stands for each, its grant, whether it is that one itself.
        order: place of each in the queue, across counties.
        paid: which of them have got their grant.
        planned: village rows that the budget pays at January's losses, one for each real village.
    """

    def __init__(
        self,
        programme: Programme[Any],
        real: RealVillages,
        yuan: Ints,
        budget: int,
        by_county: Ints | None = None,
    ) -> None:
        self._programme = programme
        villages = real.rows
        cost = yuan + self._losses(yuan)
        county = programme.county_of(villages)
        if by_county is None:
            payable = np.flatnonzero(np.cumsum(cost) <= budget)
            paid_out = np.cumsum(cost[payable])
            of_all = max(paid_out[-1:].sum(), 1)
            # The rest comes last, in the county of the next village, and returns in December.
            next_one = min(payable.size, villages.size - 1)
            self._rest = county[next_one : next_one + 1]
            self._rest_yuan = np.full(self._rest.size, budget - int(paid_out[-1:].sum()))
            # The county that holds money beyond what all villages need; none where one waits.
            self._met = county[-1:] if payable.size == villages.size else county[:0]
            # Behind the payable wait those whom less loss would let the same money reach.
            queued = np.flatnonzero(np.cumsum(yuan) <= budget)
        else:
            payable = np.flatnonzero(_up_to(county, cost) <= by_county[county])
            paid_out = _up_to(county[payable], cost[payable])
            totals = np.bincount(county[payable], cost[payable], by_county.size)
            of_all = np.maximum(totals[county[payable]], 1)
            # What no village takes comes last in each county.
            self._rest = np.flatnonzero(by_county)
            self._rest_yuan = (by_county - totals.astype(np.int64))[self._rest]
            waiting = np.setdiff1d(np.arange(villages.size), payable)
            self._met = np.setdiff1d(self._rest, county[waiting])
            queued = np.flatnonzero(_up_to(county, yuan) <= by_county[county])
        # Share of the year's payments that comes before the middle of each village's.
        self._when = (paid_out - cost[payable] / 2.0) / of_all
        self._releases = county[payable], cost[payable]
        order = queued[np.argsort(county[queued], kind="stable")]
        self.planned = villages[payable]
        self.order = order
        self.villages, self.yuan = villages[order], yuan[order]
        self.sampled = real.sampled[order]
        self.paid = np.zeros(order.size, bool)

    def release(self) -> None:
        """Release the month's money to the counties whose villages' turn it is."""
        programme = self._programme
        if not programme.at_work or self._rest.size == 0:
            return
        shares = np.array([float(share) for share in programme.schedule.shares_given()])
        # A village's turn comes in the month in which the money of its place is given.
        turn = np.minimum(np.searchsorted(shares, self._when, "right"), shares.size - 1)
        k = programme.schedule.place
        county, cost = self._releases
        ledger = programme.world.ledger
        ledger.release(programme.index, county[turn == k], cost[turn == k])
        if shares[k] == 1.0 and (k == 0 or shares[k - 1] < 1.0):  # the year's last money
            ledger.release(programme.index, self._rest, self._rest_yuan)

    def _losses(self, yuan: Ints) -> Ints:
        """What is lost on the way of each grant, at the openness of this month."""
        lost = self._programme.loss_rate
        return np.rint(yuan * lost / (1.0 - lost)).astype(np.int64)

    def pay(self, places: int) -> Ints:
        """Pay what county cash covers, at most `places` real villages; positions in the queue."""
        programme = self._programme
        if self.paid.all():
            programme.limited(self._met, Limit.NEED)
            return np.zeros(0, np.int64)
        county = programme.county_of(self.villages)
        loss = self._losses(self.yuan)
        running = np.cumsum(np.where(self.paid, 0, self.yuan + loss))
        before = np.concatenate([[0], running])[np.searchsorted(county, county)]
        now = np.flatnonzero(~self.paid & (running - before <= programme.cash[county]))
        waiting = now
        now = first_within(now, self.order[now], places)
        programme.limited(county[np.setdiff1d(waiting, now)], Limit.PLACES)
        self.paid[now] = True
        programme.limited(np.setdiff1d(self._met, county[~self.paid]), Limit.NEED)
        ledger = programme.world.ledger
        ledger.deliver(programme.index, county[now], self.yuan[now])
        ledger.lose(programme.index, county[now], loss[now])
        return now

    def lived(self, now: Ints) -> tuple[Ints, Ints]:
        """Of some positions those that are sampled villages themselves: rows, yuan of each."""
        own = now[self.sampled[now]]
        return self.villages[own], self.yuan[own]


def money_by_county(
    programme: Programme[Any], villages: Ints, yuan: Ints, budget: int
) -> Ints | None:
    """Yuan of each county for its villages in a queue by the plan's rule, (counties,).

    None where the plan has no rule, or the one that a queue of all counties follows by itself:
    need, in the order of the queue. With floors or caps this is split by what the queue would pay.

    Args:
        programme: whose money it is.
        villages, yuan: village rows in the order of the queue, and their grants.
        budget: to be split.
    """
    share = programme.settings.share
    if share is None or (share.by == "need" and not share.bounded):
        return None
    county, counties = programme.county_of(villages), programme.serves.size
    first = np.cumsum(yuan) <= budget
    due = np.bincount(county, yuan, counties)
    # A county whose turn does not come has a little weight, so that its floor counts.
    paid = np.bincount(county[first], yuan[first], counties) + 1e-6 * due
    return split(programme, budget, paid)


def _up_to(group: Ints, amounts: Ints) -> Ints:
    """Running sum of the amounts of each group, each row's own included; groups in any order."""
    order = np.argsort(group, kind="stable")
    running = np.cumsum(amounts[order])
    first = np.searchsorted(group[order], group[order])
    out = np.empty_like(running)
    out[order] = running - np.concatenate([[0], running])[first]
    return out


def first_within(rows: Ints, turn: Ints, places: int) -> Ints:
    """The rows, ascending, whose turn comes while places last."""
    return np.sort(rows[np.argsort(turn, kind="stable")][: max(places, 0)])


def count_people(programme: Programme[Any], villages: Ints) -> tuple[int, int]:
    """Households and persons of real villages, each like the sampled one that stands for it."""
    world = programme.world
    offsets, (rows, number) = world.villages.offsets, np.unique(villages, return_counts=True)
    households = offsets[rows + 1] - offsets[rows]
    persons = [int(world.households.size[offsets[r] : offsets[r + 1]].sum()) for r in rows]
    return int(number @ households), int(number @ np.array(persons, np.int64))


def as_seen(
    programme: Programme[Any],
    villages: Ints,
    value: npt.NDArray[np.float64],
    kind: int = 0,
    number: Ints | int = 0,
) -> npt.NDArray[np.float64]:
    """Logarithm of what a yuan of works is worth in villages, as offices see it.

    They misjudge each village by a keyed error that lasts (`programmes.sight_error`).

    Args:
        programme: whose offices look.
        villages: village rows.
        value: true value of a yuan, in any unit, (rows,).
        kind: of works; each kind is misjudged on its own.
        number: of real villages among those that one sampled village stands for: each is misjudged
            on its own.
    """
    world = programme.world
    ids = world.villages.id[villages]
    error = world.chance.normals(f"{programme.key}/sight", ids, number, 0, kind).astype(np.float64)
    seen = columns.log(np.maximum(value, 1e-9).astype(np.float32)).astype(np.float64)
    return seen + programme.value("sight_error") * error


def by_lot(
    programme: Programme[Any], villages: Ints, odds: npt.NDArray[np.float64], month: int
) -> Ints:
    """Village rows in keyed random order, those with greater odds sooner (Luce 1959)."""
    world = programme.world
    luck = world.chance.uniforms(f"{programme.key}/turn", world.villages.id[villages], 0, month)
    waiting = -columns.log(luck).astype(np.float64) / np.maximum(odds, 1e-9)
    return villages[np.lexsort((world.villages.id[villages], waiting))]
