"""The roster of the 7,102 listed villages: who starts village advancement when, 2002-2009.

The document gives the roster, 3.11 billion yuan in 2002-2009, 743 million of it in 2009, and more
than 5,000 villages completed by the end of 2009. The path between is a stated prior: spending
grows at a constant rate from 2002; villages start in roster order as cumulated spending passes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from fupin.parameters.province import province
from fupin.population.assumptions import count
from fupin.population.frame import Frame

FIRST, LAST = province().roster_since, province().document_year
LISTED = count("province.listed_villages")
PLAN_YEARS = 2
"""A village that starts in year t has its works finished at the end of t + 1."""


def start_years(frame: Frame, values: Mapping[str, float]) -> npt.NDArray[np.int16]:
    """Year in which each village's plan starts, (V,); 0 for villages not on the roster."""
    growth = 1.0 + values["programmes.advancement_spending_growth"]
    yearly = np.cumprod(np.full(LAST - FIRST + 1, growth))
    spending = np.cumsum(yearly)
    batch = np.asarray(frame.villages.batch, np.int64)
    place = (batch + 0.5) / LISTED
    start = FIRST + np.searchsorted(spending / spending[-1], place)
    return np.where(batch >= 0, np.minimum(start, LAST), 0).astype(np.int16)


def completed(frame: Frame, values: Mapping[str, float], year: int) -> npt.NDArray[np.bool_]:
    """Villages whose plan is finished at the end of `year`, (V,)."""
    start = start_years(frame, values)
    return (start > 0) & (start + PLAN_YEARS - 1 <= year)
