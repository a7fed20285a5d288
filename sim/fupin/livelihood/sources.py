"""Income by source: farm, household business, wage, property, transfer.

The total comes from `month.py`; this module says where it came from. With p the pay of jobs away
and of programmes' jobs (the column `wages`, at most all that is worked for) and l the county's
share of home labour in local wage work:

    work = 1 - property - transfer                  (transfer is larger without labour power)
    wage = p + l x (work - p)
    farm, business = the rest, by the county's farm share

Shares of the 2008 household survey are in `official.yaml`; `fupin population` shows both.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from fupin.kernels.jit import kernel
from fupin.kernels.words import f32
from fupin.livelihood.weather import farm_share
from fupin.population.frame import Frame
from fupin.state.households import Households

SOURCES = ("farm", "business", "wage", "property", "transfer")
_ZERO, _ONE = f32(0.0), f32(1.0)


def local_wage_share(frame: Frame, values: Mapping[str, float]) -> npt.NDArray[np.float32]:
    """Share of home labour time in local wage work by county, (counties,)."""
    industry = 1.0 - np.asarray(frame.counties.primary_share, np.float64)
    share = values["livelihood.local_wage_base"] + values["livelihood.local_wage_slope"] * industry
    return np.clip(share, 0.0, 0.9).astype(np.float32)


@kernel
def _by_village(size, frail, base, paid, income, offsets, county, local, farm, scalars, out):  # type: ignore[no-untyped-def]
    level, property_share, transfer_share, transfer_frail = scalars
    widest = 0
    for i in range(county.size):
        widest = max(widest, offsets[i + 1] - offsets[i])
    # Yuan of each household by source; loops without sums vectorise, and these come first.
    farm_of, trade_of = np.empty(widest, np.float64), np.empty(widest, np.float64)
    wage_of, rent_of = np.empty(widest, np.float64), np.empty(widest, np.float64)
    transfer_of = np.empty(widest, np.float64)
    for i in range(county.size):
        wage_local, farm_here = local[county[i]], farm[county[i]]
        here = slice(offsets[i], offsets[i + 1])
        incomes, sizes, frails = income[here], size[here], frail[here]
        bases, pay = base[here], paid[here]
        for j in range(incomes.size):
            transfer = transfer_frail if frails[j] != 0 else transfer_share
            working = _ONE - property_share - transfer
            jobs = min(max(level * bases[j] * pay[j] / incomes[j], _ZERO), working)
            wage = jobs + wage_local * (working - jobs)
            home, total = working - wage, np.float64(incomes[j]) * np.float64(sizes[j])
            farm_of[j] = total * home * farm_here
            trade_of[j] = total * home * (_ONE - farm_here)
            wage_of[j] = total * wage
            rent_of[j] = total * property_share
            transfer_of[j] = total * transfer
        farming, trade, wages, rents, transfers = 0.0, 0.0, 0.0, 0.0, 0.0
        for j in range(incomes.size):
            farming += farm_of[j]
            trade += trade_of[j]
            wages += wage_of[j]
            rents += rent_of[j]
            transfers += transfer_of[j]
        out[i, 0], out[i, 1], out[i, 2] = farming, trade, wages
        out[i, 3], out[i, 4] = rents, transfers


def income_by_source(
    h: Households, frame: Frame, values: Mapping[str, float], level: float
) -> npt.NDArray[np.float64]:
    """Yuan of the last settled year by village and source, unweighted, shape (V, 5).

    Args:
        h: household columns; `wages` as the year ended.
        frame: villages and counties.
        values: parameter values.
        level: provincial income level of that year, yuan per person.
    """
    out = np.zeros((len(frame.villages.id), len(SOURCES)), np.float64)
    shares = ("property_share", "transfer_share", "transfer_share_frail")
    scalars = (f32(level), *(f32(values[f"livelihood.{name}"]) for name in shares))
    _by_village(
        h.size,
        h.frail,
        h.base,
        h.wages,
        h.income,
        np.array(frame.households.offsets, np.int64),
        np.array(frame.villages.county, np.int64),
        local_wage_share(frame, values),
        farm_share(frame, values).astype(np.float32),
        scalars,
        out,
    )
    return out
