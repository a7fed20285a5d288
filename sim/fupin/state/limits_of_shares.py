"""Money of a plan that its own rules of sharing do not let act: caps too low, floors too high."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fupin.scenario.amounts import format_yuan
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.scenario.remarks import Remark
from fupin.scenario.served import served_codes
from fupin.scenario.spans import fiscal_year_of
from fupin.scenario.village_list import listed_codes

if TYPE_CHECKING:
    from fupin.scenario.schema import Scenario


def of_caps(plan: Scenario, key: str, settings: ProgrammeSettings) -> Iterator[Remark]:
    """Years whose budget is more than the caps of all counties served let through."""
    share, calendar = settings.share, plan.calendar(key)
    if share is None or share.cap is None:
        return
    served = served_codes(key, settings, plan.population.seed, listed_codes(plan))
    caps = [share.most(code) for code in served]
    if any(cap is None for cap in caps):
        return
    most = sum(cap for cap in caps if cap is not None)
    if settings.poorest is not None and isinstance(share.cap, int):
        most = share.cap * min(settings.poorest.number, len(served))
    found: dict[int, list[str]] = {}
    for year in fiscal_years(plan):
        if (budget := calendar.in_fiscal_year(year)) > most:
            found.setdefault(budget, []).append(str(year))
    for budget, years in found.items():
        yield Remark(
            "caps", (key,),
            {"most": format_yuan(most), "budget": format_yuan(budget), "years": years},
        )  # fmt: skip


def of_floors(plan: Scenario, key: str, settings: ProgrammeSettings) -> Iterator[Remark]:
    """Years whose budget is less than the floors of all counties served."""
    share, calendar = settings.share, plan.calendar(key)
    if share is None:
        return
    served = served_codes(key, settings, plan.population.seed, listed_codes(plan))
    floors = [share.least(code) for code in served]
    if settings.poorest is not None:
        floors = sorted(floors)[: settings.poorest.number]
    found: dict[int, list[str]] = {}
    for year in fiscal_years(plan):
        if 0 < (budget := calendar.in_fiscal_year(year)) < sum(floors):
            found.setdefault(budget, []).append(str(year))
    for budget, years in found.items():
        values = {"least": format_yuan(sum(floors)), "budget": format_yuan(budget), "years": years}
        yield Remark("floors", (key,), values)


def fiscal_years(plan: Scenario) -> range:
    """Fiscal years in which a plan has months of money."""
    starts = plan.fiscal_year_start
    first, last = (fiscal_year_of(m.index, starts) for m in (plan.period.start, plan.period.end))
    return range(first, last + 1)
