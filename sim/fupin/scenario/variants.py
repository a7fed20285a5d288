"""Plans that differ from a given one in one respect: the twins beside which it is measured."""

from __future__ import annotations

from collections.abc import Mapping

from fupin.scenario.programmes import CashTransferSettings, Programmes
from fupin.scenario.schema import Scenario
from fupin.scenario.spans import Key

_YEAR = 12


def without_programmes(plan: Scenario) -> Scenario:
    """The same world in which nobody is helped: every programme is off.

    Nothing is left that could balance the plan's money, so the key goes too. A list of villages
    helps nobody by itself: plans with one and without share this twin.
    """
    return plan.model_copy(
        update={"programmes": Programmes(), "balance": None, "village_list": None}
    )


def without_recognition(plan: Scenario) -> Scenario:
    """The same world in which being served by a programme brings no review."""
    switches = plan.switches.model_copy(update={"recognition": {}})
    return plan.model_copy(update={"recognition": False, "switches": switches})


def as_cash(plan: Scenario, yuan: Mapping[int, int], perfect: bool) -> Scenario:
    """The same world in which money of the plan goes to households as cash and does nothing else.

    Args:
        plan: whose world it is.
        yuan: whole yuan by calendar year.
        perfect: to the truly poorest, wherever they live; else to whom committees of listed
            villages in key counties choose, as today's programmes do.
    """
    # What later years cost is paid with the last money of the period.
    last = plan.period.end.year
    by_year: dict[int, int] = {}
    for year, amount in yuan.items():
        by_year[min(year, last)] = by_year.get(min(year, last), 0) + amount
    budget: dict[Key, int] = {}
    for year, amount in by_year.items():
        budget |= _in_its_months(year, amount, plan)
    who: dict[str, object] = {"who": "listed_villages"}
    if perfect:
        who = {"who": "all", "perfect": True, "counties": "all"}
    cash = CashTransferSettings.model_validate({"budget": budget, **who})
    return without_programmes(plan).model_copy(
        update={
            "programmes": Programmes(cash_transfer=cash),
            "fiscal_year_start": 1,
            "envelope": None,  # of the plan's money, and not of all that it costs
        }
    )


def _in_its_months(year: int, yuan: int, plan: Scenario) -> dict[Key, int]:
    """The money of a calendar year, in those of its months that the period has."""
    months = [month for month in plan.period.months if month.year == year]
    if len(months) == _YEAR:
        return {year: yuan}
    n = len(months)
    return {str(m): yuan * (k + 1) // n - yuan * k // n for k, m in enumerate(months)}
