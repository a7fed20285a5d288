"""Plans that differ from a given one in one respect: the twins beside which it is measured."""

from __future__ import annotations

from collections.abc import Mapping

from fupin.scenario.programmes import CashTransferSettings, Programmes
from fupin.scenario.schema import Scenario


def without_programmes(plan: Scenario) -> Scenario:
    """The same world in which nobody is helped: every programme is off.

    Nothing is left that could balance the plan's money, so the key goes too.
    """
    return plan.model_copy(update={"programmes": Programmes(), "balance": None})


def without_recognition(plan: Scenario) -> Scenario:
    """The same world in which being served by a programme brings no review."""
    return plan.model_copy(update={"recognition": False})


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
    budget: dict[int, int] = {}
    for year, amount in yuan.items():
        budget[min(year, last)] = budget.get(min(year, last), 0) + amount
    who: dict[str, object] = {"who": "listed_villages"}
    if perfect:
        who = {"who": "all", "perfect": True, "counties": "all"}
    cash = CashTransferSettings.model_validate({"budget": budget, **who})
    return without_programmes(plan).model_copy(
        update={"programmes": Programmes(cash_transfer=cash)}
    )
