"""Plans that differ from a given one in one respect: the twins beside which it is measured."""

from __future__ import annotations

from fupin.scenario.programmes import Programmes
from fupin.scenario.schema import Scenario


def without_programmes(plan: Scenario) -> Scenario:
    """The same world in which nobody is helped: every programme is off.

    Nothing is left that could balance the plan's money, so the key goes too.
    """
    return plan.model_copy(update={"programmes": Programmes(), "balance": None})


def without_recognition(plan: Scenario) -> Scenario:
    """The same world in which being served by a programme brings no review."""
    return plan.model_copy(update={"recognition": False})
