"""The roster of the listed villages: whose advancement plan starts when, before the plan does.

The document gives the roster, the fiscal funds of eight years, those of the last of them, and how
many villages were completed by then. Village plans had a part of these funds. From some year on an
official rule is known: a third of the villages of old revolutionary bases a year, for a stated sum
each. Before that plans were smaller: the villages that the document's count needs shared what their
part of the funds was.

    funds of a year        the last as stated; the others sum to the rest, growing at one rate
    begun before the rule  villages outside old bases, in the order of the roster
    begun under the rule   villages of old bases, in the order of the roster
    paid                   half in the year of the start, half in the next

So a year's money is what its instalments come to (`money`), in history and in a plan alike.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fupin.parameters.province import province
from fupin.parameters.values import ParameterValues
from fupin.population.assumptions import count
from fupin.population.frame import Frame

FIRST, LAST = province().roster_since, province().document_year
LISTED = count("province.listed_villages")
PLAN_YEARS = 2
"""A plan is paid in so many yearly instalments; it is paid in full in the year after its start."""

Floats = npt.NDArray[np.float64]


def ruled_years(values: ParameterValues) -> tuple[int, ...]:
    """Years for which the official rule, or its money, says how many plans start."""
    return tuple(sorted(values.by_year["programmes.advancement_starts"]))


def _early(values: ParameterValues) -> range:
    """The years before the rule."""
    return range(FIRST, ruled_years(values)[0])


def _growth(values: ParameterValues, years: int) -> Floats:
    """(1 + growth) ** 0, 1, ...: how money and starts grow from FIRST on."""
    rate = 1.0 + values["programmes.advancement_spending_growth"]
    return np.cumprod(np.full(years, rate)) / rate


def fiscal_funds(values: ParameterValues, year: int) -> float:
    """Yuan of all fiscal anti-poverty funds of a year; 0 outside FIRST to LAST."""
    of_last = values["programmes.fiscal_funds_of_last"]
    if year == LAST:
        return float(of_last)
    if not FIRST <= year < LAST:
        return 0.0
    path = _growth(values, LAST - FIRST)
    return float((values["programmes.fiscal_funds"] - of_last) * path[year - FIRST] / path.sum())


def starts(values: ParameterValues) -> dict[int, float]:
    """Villages of the province whose plan starts in each year."""
    early = _early(values)
    path = _growth(values, len(early))
    before = values["programmes.advancement_begun_before_rule"] * path / path.sum()
    ruled = {y: values.dated("programmes.advancement_starts", y) for y in ruled_years(values)}
    return dict(zip(early, before.tolist(), strict=True)) | ruled


def plan_cost(values: ParameterValues, year: int) -> float:
    """Yuan that reach a village of a plan that starts in `year`, in all its instalments.

    Before the rule the villages begun share their part of the funds of these years, net of what
    was lost on its way.
    """
    early = _early(values)
    if year >= early.stop:
        return float(values["programmes.advancement_plan"])
    funds = sum(fiscal_funds(values, past) for past in early)
    reaches = values["programmes.advancement_share"] * (1.0 - values["programmes.financial_loss"])
    return float(reaches * funds / values["programmes.advancement_begun_before_rule"])


def plan_costs(values: ParameterValues, start: npt.NDArray[np.int16]) -> Floats:
    """`plan_cost` of villages by the year of their start, (V,); 0 where none has started."""
    out = np.zeros(start.size)
    for year in np.unique(start[start > 0]):
        out[start == year] = plan_cost(values, int(year))
    return out


def money(values: ParameterValues, year: int) -> float:
    """Yuan of the budget that village plans take in a year of history, losses included."""
    begun = starts(values)
    due = sum(
        begun.get(start, 0.0) * plan_cost(values, start) / PLAN_YEARS
        for start in range(year - PLAN_YEARS + 1, year + 1)
    )
    return due / (1.0 - values["programmes.financial_loss"])


def start_years(frame: Frame, values: ParameterValues) -> npt.NDArray[np.int16]:
    """Year in which each village's plan starts, (V,); 0 where none has in the rule's years."""
    batch = np.asarray(frame.villages.batch, np.int64)
    ruled = np.asarray(frame.villages.old_base)
    old_base = values["programmes.advancement_old_base"]
    begun = starts(values)
    # Of each kind the share that has begun, not the number: a sample has some of the villages.
    place = (batch + 0.5) / LISTED
    start = np.zeros(batch.size, np.int64)
    for kind, villages, years in (
        (~ruled, LISTED - old_base, tuple(_early(values))),
        (ruled, old_base, ruled_years(values)),
    ):
        shares = np.cumsum([begun[year] for year in years]) / villages
        turn = np.searchsorted(shares, place[kind])
        start[kind] = np.array([*years, 0])[turn]
    return np.where(batch >= 0, start, 0).astype(np.int16)


def completed(frame: Frame, values: ParameterValues, year: int) -> npt.NDArray[np.bool_]:
    """Villages whose plan is paid in full at the end of `year`, (V,)."""
    start = start_years(frame, values)
    return (start > 0) & (start + PLAN_YEARS - 1 <= year)
