"""The end of a month as programmes' limits see it: what is left where, and what never left.

Programmes say which limit binds while they act (`Programme.limited`); the record and the codes are
in `fupin.state.limits`.
"""

from __future__ import annotations

import numpy as np

from fupin.programmes.base import Programme
from fupin.state.limits import Limit
from fupin.world.world import World


def note_month(world: World) -> None:
    """Record the limits of the month that is still open in the ledger, after any return."""
    ledger = world.ledger
    shape = (len(ledger.programmes), ledger.counties)
    in_hand, at_work = np.zeros(shape, np.int64), np.zeros(shape[0], np.bool_)
    for programme in world.programmes:
        assert isinstance(programme, Programme)
        in_hand[programme.index], at_work[programme.index] = programme.cash, programme.at_work
        if world.clock.closes_fiscal_year and (rest := _unreleased(world, programme)) > 0:
            world.limits.never_released(programme.index, rest, _why_unreleased(programme))
    world.limits.close_month(ledger, in_hand, at_work)


def _why_unreleased(programme: Programme) -> Limit:
    """Why money of this year's budget has reached no county."""
    if not programme.schedule.months:
        return Limit.MONTH
    if not (programme.serves & programme.counties_of(programme.meeting_places)).any():
        return Limit.LIST
    return programme.without_taker


def _unreleased(world: World, programme: Programme) -> int:
    """Yuan of the fiscal year's budget that reached no county until now."""
    ledger = world.ledger
    passed = (world.clock.today - (world.plan.fiscal_year_start - 1)) % 12
    this_year = slice(max(ledger.month - passed, 0), ledger.month + 1)
    released = ledger.released[programme.index, :, this_year].sum()
    return programme.budget - int(released)
