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
        budget: yuan for grants and for what is lost on the way, of the province or (counties,); in
            the latter case each county pays its own villages in their order.

    Money reaches a county when the turn of its village comes, spread over the year as the
    programme's money is: in equal monthly parts a county with one village could pay it in
    December alone, and a small budget would act later than a large one.

    Attributes:
        villages, yuan, sampled: those in the queue, by county, in order within it: the row of the
            sampled village that stands for each, its grant, whether it is that one itself.
        order: place of each in the queue, across counties.
        paid: which of them have got their grant.
        planned: village rows that the budget pays at the losses of the month in which the queue
            is made, one for each real village.
    """

    def __init__(
        self, programme: Programme[Any], real: RealVillages, yuan: Ints, budget: int | Ints
    ) -> None:
        self._programme = programme
        villages = real.rows
        cost = yuan + self._losses(yuan)
        county = programme.county_of(villages)
        self._of_each = not isinstance(budget, int)
        if isinstance(budget, int):
            payable = self._of_province(county, cost, budget)
            # Behind them wait those whom less loss on the way would let the same money reach.
            queued = np.flatnonzero(np.cumsum(yuan) <= budget)
        else:
            payable = self._of_counties(county, cost, budget)
            queued = np.flatnonzero(running_by_county(county, yuan) <= budget[county])
        order = queued[np.argsort(county[queued], kind="stable")]
        self.planned = villages[payable]
        self.order = order
        self.villages, self.yuan = villages[order], yuan[order]
        self.sampled = real.sampled[order]
        self.paid = np.zeros(order.size, bool)

    def _of_province(self, county: Ints, cost: Ints, budget: int) -> Ints:
        """One budget for all: which of the villages it pays, and when money reaches counties."""
        payable = np.flatnonzero(np.cumsum(cost) <= budget)
        paid_out = np.cumsum(cost[payable])
        # Share of the year's payments that comes before the middle of each village's.
        self._when: npt.NDArray[np.float64] = (paid_out - cost[payable] / 2.0) / max(
            int(paid_out[-1:].sum()), 1
        )
        self._releases = county[payable], cost[payable]
        # The rest comes last, in the county of the next village, and returns at the year's end.
        self._rest = county[min(payable.size, county.size - 1)] if county.size else -1
        self._rest_yuan = budget - int(paid_out[-1:].sum())
        # The county that holds money beyond what all villages need; none where some village waits.
        self._met = county[-1:] if payable.size == county.size else county[:0]
        return payable

    def _of_counties(self, county: Ints, cost: Ints, budget: Ints) -> Ints:
        """The same where each county has a budget, (counties,)."""
        running = running_by_county(county, cost)
        payable = np.flatnonzero(running <= budget[county])
        here, paid_out = county[payable], running[payable]
        total = np.zeros_like(budget)
        np.add.at(total, here, cost[payable])
        self._when = (paid_out - cost[payable] / 2.0) / np.maximum(total[here], 1)
        self._releases = here, cost[payable]
        rows = np.flatnonzero(budget > 0)
        self._rests = [(int(row), int(budget[row] - total[row])) for row in rows]
        self._met = np.setdiff1d(rows, county[running > budget[county]])
        return payable

    def release(self) -> None:
        """Release the month's money to the counties whose villages' turn it is."""
        programme = self._programme
        if not programme.at_work:
            return
        if self._of_each:
            self._release_by_county()
            return
        if self._rest < 0:
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

    def _release_by_county(self) -> None:
        """The same where each county has its own money, and months if the plan says them."""
        programme, (county, cost) = self._programme, self._releases
        k, ledger = programme.schedule.place, programme.world.ledger
        money, of_all = programme.county_money, programme.schedule.shares_given()
        for row, rest in self._rests:
            given = of_all if money is None else money.shares_given(row)
            shares = np.array([float(share) for share in given])
            own = county == row
            turn = np.searchsorted(shares, self._when[own], "right")
            yuan = int(cost[own][np.minimum(turn, shares.size - 1) == k].sum())
            if shares[k] == 1.0 and (k == 0 or shares[k - 1] < 1.0):  # its last money
                yuan += rest
            ledger.release(programme.index, row, yuan)

    def _losses(self, yuan: Ints) -> Ints:
        """What is lost on the way of each grant, at the openness of this month."""
        lost = self._programme.loss_rate
        return np.rint(yuan * lost / (1.0 - lost)).astype(np.int64)

    def pay(self, places: int) -> Ints:
        """Pay what county cash covers, at most `places` real villages; positions in the queue."""
        programme = self._programme
        if self.paid.all():
            programme.limited(self._met, programme.met)
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
        programme.limited(np.setdiff1d(self._met, county[~self.paid]), programme.met)
        ledger = programme.world.ledger
        ledger.deliver(programme.index, county[now], self.yuan[now])
        ledger.lose(programme.index, county[now], loss[now])
        return now

    def lived(self, now: Ints) -> tuple[Ints, Ints]:
        """Of some positions those that are sampled villages themselves: rows, yuan of each."""
        own = now[self.sampled[now]]
        return self.villages[own], self.yuan[own]


def queue_money(programme: Programme[Any], villages: Ints, yuan: Ints) -> int | Ints:
    """Yuan of the year for a queue of villages: of the province, or of each county, (counties,).

    Arguments as of `money_by_county`.
    """
    by_county = money_by_county(programme, villages, yuan, programme.budget)
    return programme.budget_to_queue if by_county is None else by_county


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


def before_in_pool(amounts: Ints, pool: Ints) -> Ints:
    """Sum of the amounts before each row within its pool; rows sorted by pool."""
    before = np.cumsum(amounts) - amounts
    return before - before[np.searchsorted(pool, pool)] if before.size else before


def running_by_county(county: Ints, yuan: Ints) -> Ints:
    """Running sums of amounts within each county, in their order, (rows,)."""
    order = np.argsort(county, kind="stable")
    running = np.cumsum(yuan[order])
    before = np.concatenate([[0], running])[np.searchsorted(county[order], county[order])]
    found = np.empty_like(yuan)
    found[order] = running - before
    return found


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
