"""The money that a plan may give, by class."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from fupin.scenario.amounts import format_yuan
from fupin.scenario.faults import fault
from fupin.scenario.fields import BudgetLimit, Section
from fupin.scenario.money_calendar import MoneyCalendar
from fupin.scenario.programme_catalogue import MoneyClass


class Envelope(Section):
    """The most that a plan may give of each money class in a fiscal year."""

    fiscal: BudgetLimit | None = Field(default=None, description="Yuan of the state's budget.")
    social: BudgetLimit | None = Field(default=None, description="Yuan of helping units.")
    credit: BudgetLimit | None = Field(default=None, description="Yuan of principal that is lent.")
    claimed: BudgetLimit | None = Field(default=None, description="Yuan that enterprises claim.")


def refuse_more(
    envelope: Envelope | None, money: Iterable[tuple[MoneyClass, MoneyCalendar]]
) -> None:
    """Raise a fault where a plan gives more of a class in a fiscal year than its envelope holds.

    Args:
        envelope: of the plan; None holds everything.
        money: class and calendar of each programme.
    """
    if envelope is None:
        return
    given: dict[tuple[MoneyClass, int], int] = {}
    for kind, calendar in money:
        for year in {calendar.year_of(month) for month in calendar.by_month}:
            given[kind, year] = given.get((kind, year), 0) + calendar.in_fiscal_year(year)
    for (kind, year), yuan in sorted(given.items(), key=lambda one: one[0][1]):
        most = getattr(envelope, kind)
        if most is not None and yuan > most:
            raise fault(
                f"The plan gives {format_yuan(yuan)} of {kind} money in {year}, "
                f"{format_yuan(yuan - most)} more than its envelope of {format_yuan(most)}.",
                f"Lower budgets, or write `{kind}: {yuan}`.",
                ("envelope", kind),
            )
