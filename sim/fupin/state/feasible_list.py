"""What of a plan's money, or of its list of villages, cannot act because of the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fupin.scenario.amounts import format_yuan
from fupin.scenario.months import Month
from fupin.scenario.own import OwnProgramme
from fupin.scenario.places import county_index
from fupin.scenario.programme_settings import ProgrammeSettings
from fupin.scenario.remarks import Remark
from fupin.scenario.served import key_codes, served_codes
from fupin.scenario.spans import fiscal_year, fiscal_year_of
from fupin.scenario.village_list import VillageList, listed_codes
from fupin.state.limits_of_shares import fiscal_years

if TYPE_CHECKING:
    from fupin.parameters.values import ParameterValues
    from fupin.scenario.schema import Scenario

LEAST_OF_LIST = 0.02
"""Part of a year's money that the list leaves; rounding is no news."""

_KEY = "village_advancement"  # its entries share the list

_ON_THE_LIST = ("mutual_funds", "paired_assistance")
"""Programmes that stay in villages of the list, whatever way of choosing a plan names."""


def needs_list(settings: ProgrammeSettings, key: str) -> bool:
    """Whether money can act in villages of the list alone (`Office.needs_list`)."""
    who = getattr(settings, "who", None)
    if key == "minimum_living" or (isinstance(settings, OwnProgramme) and key == "subsidy"):
        return who == "listed_village"
    if key in _ON_THE_LIST:
        return True
    return who in (None, "listed_village", "listed_villages")


def of_the_list(plan: Scenario, values: ParameterValues) -> Iterator[Remark]:
    """A list that is too long, idle or late; then money that a list leaves when it is finished."""
    if plan.village_list is not None:
        yield from _too_long(plan.village_list)
        yield from _without_money(plan, plan.village_list)
    yield from _finished(plan, values)


def _villages(codes: set[int], column: str) -> dict[int, int]:
    """County code -> villages, or those of the first list, of the whole province."""
    from fupin.population.counties import county_table

    table = county_table()
    found = zip(table.code.tolist(), getattr(table, column).tolist(), strict=True)
    return {code: number for code, number in found if code in codes}


def _free(said: VillageList, codes: set[int]) -> int:
    """Villages of some counties that may come onto a list."""
    there = sum(_villages(codes, "villages").values())
    return there if said.renews else there - sum(_villages(codes, "listed_villages").values())


def _too_long(said: VillageList) -> Iterator[Remark]:
    """Counties with fewer villages than are to come onto the list."""
    for codes, number in said.groups:
        there = _free(said, set(codes))
        if number > there:
            values = {"asked": f"{number:,}", "there": f"{there:,}"}
            where = {"places": county_index().describe(codes)}
            yield Remark("list_renewed_whole" if said.renews else "list_whole", (), values | where)


def _without_money(plan: Scenario, said: VillageList) -> Iterator[Remark]:
    """A list that begins where no money goes by it, or in the middle of a fiscal year."""
    begins = said.begins(plan.period)
    paid = [
        p.key
        for p in plan.programmes.active()
        if needs_list(plan.programmes.of(p.key), p.key.partition("/")[0])
        and any(month >= begins.index for month in plan.calendar(p.key).by_month)
    ]
    if not paid:
        yield Remark("list_idle", (), {"month": str(begins)})
        return
    plans = [key for key in paid if key.partition("/")[0] == _KEY]
    if not plans:
        yield Remark("list_no_plans", (_KEY,), {"month": str(begins)})
    first = _first_year(plan, said)
    opens = Month.of_index(fiscal_year(first, plan.fiscal_year_start).first)
    if opens > plan.period.end:
        yield Remark("list_late", (), {"month": str(begins)})
    elif opens > begins:
        yield Remark("list_waits", (), {"month": str(begins), "opens": str(opens)})


def _first_year(plan: Scenario, said: VillageList) -> int:
    """The fiscal year in which villages of the list are lined up first."""
    begins, starts = said.begins(plan.period), plan.fiscal_year_start
    year = fiscal_year_of(begins.index, starts)
    opens = fiscal_year(year, starts).first == begins.index or begins == plan.period.start
    return year if opens else year + 1


def _finished(plan: Scenario, values: ParameterValues) -> Iterator[Remark]:
    """Years in which village plans need less than they are given: the list comes to its end."""
    entries = [k for k in plan.programmes.keys if k.partition("/")[0] == _KEY]
    settings, calendars = plan.programmes.of(_KEY), [plan.calendar(k) for k in entries]
    listed_in = listed_codes(plan)
    served = {
        code
        for k, calendar in zip(entries, calendars, strict=True)
        if calendar.total
        for code in served_codes(k, plan.programmes.of(k), listed=listed_in) & listed_in
    }
    given = {y: sum(c.in_fiscal_year(y) for c in calendars) for y in fiscal_years(plan)}
    if not any(given.values()) or not served:
        return
    from fupin.state import roster

    part = 1.0
    if not served >= key_codes():
        part = sum(_villages(served, "listed_villages").values()) / roster.LISTED
    first, begun = plan.period.start.year, roster.starts(values)
    waiting = part * (roster.LISTED - sum(n for year, n in begun.items() if year < first))
    cost = values["programmes.advancement_plan"] if settings.unit_cost is None else float(
        settings.unit_cost
    )  # fmt: skip
    before = begun.get(first - 1, 0.0)
    due = part * before * roster.plan_cost(values, first - 1) / roster.PLAN_YEARS if before else 0.0
    lost = values["programmes.financial_loss"]
    said, villages = plan.village_list, part * roster.LISTED
    new, joins = (0.0, 0) if said is None else (_new(said, served), _first_year(plan, said))
    over: dict[int, float] = {}
    for year in fiscal_years(plan):
        if said is not None and year == joins:
            waiting, villages = (new, new) if said.renews else (waiting + new, villages + new)
        money = given[year] * (1.0 - lost)
        left = money - due
        begin = max(min(waiting, left / (cost / roster.PLAN_YEARS)), 0.0)
        rest = left - begin * cost / roster.PLAN_YEARS
        if money and rest > LEAST_OF_LIST * money:
            over[year] = rest / (1.0 - lost)
        waiting -= begin
        due = max(-left, 0.0) + begin * cost / roster.PLAN_YEARS
    if over:
        yield Remark(
            "list_finished", (_KEY,),
            {
                "most": [f"{year}: {about(yuan)}" for year, yuan in over.items()],
                "villages": f"{round(villages):,}",
            },
        )  # fmt: skip


def _new(said: VillageList, served: set[int]) -> float:
    """Villages of the plan's list that are expected in the counties served."""
    total = 0.0
    for codes, number in said.groups:
        there = _free(said, set(codes))
        if there:
            total += min(number, there) * _free(said, set(codes) & served) / there
    return total


def about(yuan: float) -> str:
    """An amount to three digits."""
    return format_yuan(int(float(f"{yuan:.3g}")))
