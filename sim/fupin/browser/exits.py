"""Who left the register in a December, by which programmes had reached them."""

from __future__ import annotations

import numpy as np

from fupin.model import PovertyModel
from fupin.scenario.months import Month
from fupin.scenario.programme_catalogue import bit_index
from fupin.state.households import reached_by
from fupin.state.register import listed_month


def exits_by_source(model: PovertyModel, year: int) -> dict[str, int]:
    """Persons who left the register in the December just lived, by who had reached them.

    Args:
        model: before its next month, in which people are born and move.
        year: of that December.

    Returns:
        "all", "nobody", each programme's key (a household counts under every programme that ever
        reached it), "entered", "natural" (deaths and departures less births among the registered)
        and "net".
    """
    h = model.households
    left = (h.registered == 0) & (h.listed_month == listed_month(Month(year, 12).index))
    rows = np.flatnonzero(left)
    village = model.villages.of_household[rows]
    persons = model.villages.weight[village].astype(np.int64) * h.size[rows]
    reached = h.reached[rows]
    found = {"all": int(persons.sum()), "nobody": int(persons[reached == 0].sum())}
    keys = model.plan.programmes.keys
    for programme in model.plan.programmes.all():
        i = bit_index(programme.key, keys)
        found[programme.key] = int(persons[reached_by(reached, i)].sum())
    after = model.measured[year]
    before = model.measured.get(year - 1, model.at_start)
    found["entered"] = int(after.listed)
    found["net"] = int(before.registered - after.registered)
    found["natural"] = found["net"] - int(after.delisted) + found["entered"]
    return found
