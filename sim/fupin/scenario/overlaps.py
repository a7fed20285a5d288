"""Money that is written twice: amounts for the same months, parts larger than the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from fupin.scenario.amounts import format_yuan
from fupin.scenario.county_money import CountyMoney
from fupin.scenario.faults import fault
from fupin.scenario.fields import Budget
from fupin.scenario.money_calendar import MoneyCalendar
from fupin.scenario.programme_catalogue import path_of
from fupin.scenario.programme_settings import Part, ProgrammeSettings
from fupin.scenario.spans import span_of


def refuse_overlaps(programme: str, budget: Budget, starts: int, county: str | None = None) -> None:
    """Raise a fault where two amounts of a budget are for the same months.

    Args:
        programme: its key.
        budget: as it is written.
        starts: month in which fiscal years begin.
        county: the code of the one whose money it is, where it is that of one.
    """
    if isinstance(budget, CountyMoney):
        for code, yuan in budget.counties.items():
            refuse_overlaps(programme, yuan, starts, str(code))
        return
    if not isinstance(budget, dict):
        return
    spans = sorted(((span_of(key, starts), key) for key in budget), key=lambda pair: pair[0])
    # Sorted by the first month, two that overlap stand side by side or the first reaches over all.
    for (one, earlier), (other, later) in pairwise(spans):
        if one.overlaps(other):
            small, large = sorted((earlier, later), key=lambda key: span_of(key, starts).months)
            raise fault(
                f"{large} ({span_of(large, starts).words}) and {small} "
                f"({span_of(small, starts).words}) are amounts for the same months.",
                f"Leave one of them out; `{large}: null` takes away one that is inherited.",
                (*path_of(programme), "budget", *([county] if county else []), str(small)),
                of_key=True,
            )


def refuse_parts(
    programme: str,
    settings: ProgrammeSettings,
    calendar_with: Callable[[str, Budget], MoneyCalendar],
) -> None:
    """Raise a fault where a part gets more in a fiscal year than its whole.

    Args:
        programme: its key.
        settings: what the plan says of it.
        calendar_with: calendar of a programme with a budget.
    """
    for path, part, whole in _parts(settings):
        given, all_money = calendar_with(programme, part), calendar_with(programme, whole)
        for year in dict.fromkeys(given.year_of(month) for month in given.by_month):
            mine, theirs = given.in_fiscal_year(year), all_money.in_fiscal_year(year)
            if mine > theirs:
                raise fault(
                    f"This part gets {format_yuan(mine)} in {year}, more than the "
                    f"{format_yuan(theirs)} of which it is a part.",
                    f"Raise the budget, lower the part, or write `{path[0]}: null`.",
                    (*path_of(programme), *path),
                )


def _parts(settings: ProgrammeSettings) -> Iterator[tuple[tuple[str, ...], Budget, Budget]]:
    # Path of the money of each part, that money, and what it is a part of.
    for name in type(settings).model_fields:
        part = getattr(settings, name)
        if isinstance(part, Part):
            yield (name, "budget"), part.budget, settings.budget
            inner: Budget | None = getattr(part, "village_budget", None)
            if inner is not None:
                yield (name, "village_budget"), inner, part.budget
