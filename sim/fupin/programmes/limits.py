"""The end of a month as programmes' limits see it: what is left where, and what never left.

Programmes say which limit binds while they act (`Programme.limited`); the record and the codes are
in `fupin.state.limits`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fupin.programmes.base import Programme
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
            for county, limit, yuan in programme.why_unreleased(rest):
                world.limits.never_released(programme.index, yuan, limit, county)
    world.limits.close_month(ledger, in_hand, at_work)


def _unreleased(world: World, programme: Programme[Any]) -> int:
    """Yuan of the fiscal year's budget that reached no county until now."""
    year = programme.months_of_fiscal_year
    released = world.ledger.released[programme.index, :, year].sum()
    return programme.budget - int(released)
