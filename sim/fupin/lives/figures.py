"""The document's figures as a run has them: one number for each that has any.

Nothing here knows what the document says: a figure is counted in the run's frame, plan, parameters,
register, programmes or works, and `fupin.report.terminal.document` sets it beside the document's
own.
A row that no run can have says why in `sim/fupin/parameters/document.yaml` (`not_modelled`).

Like is set beside like. What happens in a year is counted in the document's own, and only where the
period has all of its months: neither several years nor half a one stand beside one. Counts at a
year's end are of that year's, where the period has its December. What the plan or the province says
is of no year. None: the programme is off, the plan is of other months, or the number is undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin.lives import programme_figures
from fupin.lives.reading import Figure, Measure, Reading
from fupin.parameters.figure_measures import measures_of_figures
from fupin.parameters.province import province
from fupin.population.counties import KEY_STATUSES
from fupin.state import roster
from fupin.world.december import by_county

if TYPE_CHECKING:
    from fupin.scenario.schema import Scenario
    from fupin.world.world import World

DOCUMENT_YEAR = province().document_year
"""The year that the document reports on."""


def year_read(plan: Scenario) -> int:
    """The year at whose end figures are read: the document's, else the period's last."""
    years = plan.period.years
    return DOCUMENT_YEAR if DOCUMENT_YEAR in years else years[-1]


def _can_be_compared(plan: Scenario, figure: Figure) -> bool:
    if figure.of == "said":
        return True
    has = plan.period.has_december if figure.of == "end" else plan.period.has_whole
    return has(DOCUMENT_YEAR)


def measure(world: World, outcomes: Mapping[str, float | None]) -> dict[str, float | None]:
    """All figures of a world at the end of `year_read`.

    Args:
        world: the world.
        outcomes: the outcomes of this year.

    Returns:
        every key of `figures()` -> number, or None where nothing of the run stands beside it.
    """
    reading = Reading(world, (year_read(world.plan),), outcomes)
    found = {
        key: figure.measure(reading) if _can_be_compared(world.plan, figure) else None
        for key, figure in figures().items()
    }
    return {key: None if value is None else float(value) for key, value in found.items()}


# -- overview and funds ----------------------------------------------------------------------------


def _key_counties(status: str) -> Measure:
    code = KEY_STATUSES.index(status)
    return lambda run: float((run.world.frame.counties.key == code).sum())


def _key_counties_there(run: Reading) -> float:
    return float((run.three_prefectures & (run.world.frame.counties.key > 0)).sum())


def _listed_there(run: Reading) -> float:
    county = np.asarray(run.world.frame.villages.county)
    return run.villages(run.listed & run.three_prefectures[county])


def _poor_there(run: Reading) -> float | None:
    """Registered poor of the three prefectures; a survey is not counted by prefecture."""
    world = run.world
    if world.plan.counting == "survey":
        return None
    settled = [year for year in world.measured if year <= run.years[-1]]
    measures = world.measured[settled[-1]] if settled else world.at_start
    return float(by_county(world, measures)["registered_poor"][run.three_prefectures].sum())


def _poor_there_share(run: Reading) -> float | None:
    there, all_poor = _poor_there(run), run.outcomes["registered_poor_end"]
    return None if there is None or not all_poor else there / all_poor


def _fiscal_funds_of_eight_years(run: Reading) -> float | None:
    """Fiscal funds of the years before the start, and the fiscal money of the plan to 2009."""
    world = run.world
    if not world.plan.period.has_whole(world.clock.start.year):  # months before are in no account
        return None
    past = range(roster.FIRST, min(world.clock.start.year, roster.LAST + 1))
    before = sum(roster.fiscal_funds(world.past, year) for year in past)
    years = [y for y in world.plan.period.years if roster.FIRST <= y <= roster.LAST]
    fiscal = world.plan.class_totals(years)["fiscal"]
    return float(before + fiscal)


def _class_money(money: str) -> Measure:
    return lambda run: run.of_class(money) or None


def _central_money(run: Reading) -> float | None:
    """Parts of the plan that the centre gives by name."""
    lottery = run.part_budget("village_advancement", "lottery")
    return lottery + run.part_budget("integrated_funds", "central") or None


# -- the table -------------------------------------------------------------------------------------


def _counted(key: str, name: str) -> Figure:
    return Figure(lambda run: run.count(key, name))


def _budget(key: str) -> Figure:
    return Figure(lambda run: run.budget(key))


def _said(measure_it: Measure) -> Figure:
    return Figure(measure_it, of="said")


def _at_end(measure_it: Measure, most: float | None = None) -> Figure:
    return Figure(measure_it, most=most, of="end")


def _given(key: str, name: str) -> Figure:
    return _said(lambda run: run.given(key, name))


def _served(key: str) -> Figure:
    return _said(lambda run: run.served(key))


def _outcome(name: str, least: float | None = 0.0, most: float | None = None) -> Figure:
    return Figure(lambda run: run.outcomes[name], least, most)


def _counties(column: Callable[[Any], float]) -> Figure:
    return _said(lambda run: float(column(run.world.frame.counties)))


MEASURES: dict[str, Figure] = {
    "area": _counties(lambda table: table.area_km2.sum()),
    "residents": _counties(lambda table: table.residents.sum()),
    "prefectures": _counties(lambda table: len(table.prefectures_en)),
    "counties": _counties(len),
    "key_counties/national": _said(_key_counties("national")),
    "key_counties/provincial": _said(_key_counties("provincial")),
    "first_listing/absolute": _said(lambda run: run.world.core.first_listing.absolute),
    "first_listing/low_income": _said(lambda run: run.world.core.first_listing.low_income),
    "first_listing/poor": _said(lambda run: run.world.core.first_listing.poor),
    "named_prefectures/key_counties": _said(_key_counties_there),
    "named_prefectures/listed_villages": _said(_listed_there),
    "named_prefectures/registered_poor": _at_end(_poor_there),
    "named_prefectures/registered_share": _at_end(_poor_there_share, most=1.0),
    "fiscal_funds_since_roster": Figure(_fiscal_funds_of_eight_years),
    "listed_villages": _said(lambda run: run.villages(run.listed)),
    "village_advancement/plans_completed": _at_end(programme_figures.completed),
    "registered_poor_end": _at_end(lambda run: run.outcomes["registered_poor_end"]),
    "money/fiscal": Figure(_class_money("fiscal")),
    "money/central": Figure(_central_money),
    "money/social": Figure(_class_money("social")),
    "money/credit": Figure(_class_money("credit")),
    "household_projects/households": _counted("household_projects", "households"),
    "rural_works/persons": _counted("rural_works", "persons"),
    "rural_works/livestock": _counted("rural_works", "livestock"),
    "rural_works/hectares": _counted("rural_works", "hectares"),
    "rural_works/road_km": _counted("rural_works", "road_km"),
    "lifted": _outcome("lifted", least=None),
    "lottery/villages": _said(programme_figures.lottery_villages),
    "lottery/budget": Figure(programme_figures.lottery_money),
    "lottery/budget_a_village": Figure(programme_figures.lottery_money_a_village),
    "three_guarantees/plans_completed": _at_end(programme_figures.three_guarantees, most=1.0),
    "rural_works/promises_kept": Figure(
        programme_figures.own("rural_works", "promises_kept"), most=1.0, of="said"
    ),
    "relocation/counties": _said(programme_figures.task_counties),
    "relocation/task_done": Figure(programme_figures.task_done, most=1.0),
    "relocation/communities_finished": _said(programme_figures.set_up(finished=True)),
    "relocation/households_by_july": _counted("relocation", "households_by_july"),
    "relocation/persons_by_july": _counted("relocation", "persons_by_july"),
    "relocation/communities_building": _said(programme_figures.set_up(finished=False)),
    "skills_training/budget": _budget("skills_training"),
    "trained": _outcome("trained"),
    "placed": _outcome("placed"),
    "employment_rate": _outcome("employment_rate", most=1.0),
    "practical_training/persons": _counted("practical_training", "persons"),
    "household_projects/budget": _budget("household_projects"),
    "household_projects/leading_enterprises": _given("household_projects", "leading_enterprises"),
    "household_projects/cooperatives": _given("household_projects", "cooperatives"),
    "household_projects/zones": _given("household_projects", "zones"),
    "mutual_funds/villages": _counted("mutual_funds", "villages"),
    "mutual_funds/households": _counted("mutual_funds", "households"),
    "mutual_funds/registered_members": _counted("mutual_funds", "registered_members"),
    "mutual_funds/budget": _budget("mutual_funds"),
    "mutual_funds/all_villages": _at_end(programme_figures.fund_villages),
    "mutual_funds/all_members": _at_end(programme_figures.fund_members(registered=False)),
    "mutual_funds/all_registered_members": _at_end(programme_figures.fund_members(registered=True)),
    "mutual_funds/all_money": _at_end(programme_figures.fund_money),
    "loan_guarantee/counties": _served("loan_guarantee"),
    "loan_guarantee/officers": _said(programme_figures.own("loan_guarantee", "officers")),
    "loan_guarantee/guarantees": _said(
        programme_figures.own("loan_guarantee", "officers", "guarantees_each")
    ),
    "minimum_living/counties": _served("minimum_living"),
    "integrated_funds/central": Figure(programme_figures.integrated_money(central=True)),
    "integrated_funds/provincial": Figure(programme_figures.integrated_money(central=False)),
    "paired_assistance/four_helping_one": Figure(programme_figures.four_helping_one),
    "paired_assistance/projects": _counted("paired_assistance", "projects"),
    "paired_assistance/households": _counted("paired_assistance", "households"),
    "paired_assistance/province_villages": _given("paired_assistance", "province_villages"),
    "paired_assistance/cadres": _given("paired_assistance", "cadres"),
    "paired_assistance/counties": _served("paired_assistance"),
    "central_units/budget": Figure(programme_figures.of_central_units("budget")),
    "microfinance/counties": _served("microfinance"),
    "microfinance/all_principal": Figure(programme_figures.lent_since_the_start),
    "microfinance/all_households": Figure(programme_figures.borrowers_since_the_start),
    "repayment_rate": _outcome("repayment_rate", most=1.0),
    "central_units/village_budget": Figure(programme_figures.of_central_units("village_budget")),
    "central_units/villages": _said(programme_figures.of_central_units("villages")),
    "enterprise_projects/projects": _given("enterprise_projects", "projects"),
    "enterprise_projects/budget": _budget("enterprise_projects"),
    "technology/technicians": _given("technology", "technicians"),
    "technology/items": _given("technology", "items"),
    "technology/persons": _counted("technology", "persons"),
    "technology/courses": _counted("technology", "courses"),
    "paired_assistance/units_a_village": _said(programme_figures.units_a_village),
    "lottery/counties": _said(programme_figures.lottery_counties),
}  # fmt: skip
"""What can be measured of a run, by name; which of the document's figures is which: `figures`."""


@cache
def figures() -> dict[str, Figure]:
    """Every figure that a run has, by the id of the document's row; after a dot a part of it."""
    return {figure: MEASURES[measure] for figure, measure in measures_of_figures().items()}
