"""One world of a search: a plan lived with a draw and a seed, as numbers.

Every world is a run of the engine of its own, known by its content, so that a search that was
stopped goes on and a second search reads what the first has lived. Numbers are those of the world
itself; what a plan adds is the difference between two worlds of the same draw and seed (twins).
The effect on a county is read off the same world: see `fupin.allocation.counties`.

This module imports the model alone, so that results of worlds do not depend on how they are used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fupin.allocation.attribution_groups import ByGroup
from fupin.lives.additional import Course
from fupin.lives.one_run import report
from fupin.lives.series import JobsByYear, MonthlySeries
from fupin.month import live
from fupin.results.draws import Draw
from fupin.results.outcome import RATES, Values
from fupin.scenario.schema import Scenario
from fupin.state.limits import NO_COUNTY, Limit
from fupin.world.december import by_county
from fupin.world.start import Start, settle_people
from fupin.world.watching import Watcher
from fupin.world.world import World

MONEY = ("budget", "delivered", "lost", "unspent", "persons", "households")
"""Outcomes of a programme that are kept."""

COSTS = ("spent", "resource_cost")
"""Costs of the plan to the horizon; as goals less is better."""

_last: dict[str, Any] = {}
"""The start of the last world of this process: many worlds in a row have the same past."""


def live_world(task: Mapping[str, Any], draw: Draw, seed: int) -> dict[str, float | None]:
    """Live a plan and measure it.

    Args:
        task: `plan` (a scenario as plain data), `draw` (a draw's record), `seed`, and `frame` (the
            fingerprint of its population, which makes it part of the run's id).
        draw, seed: of the engine; every world names its own, so these say nothing.

    Returns:
        numbers by name: goals (`goal/KEY`, the larger the better, as levels that only differences
        between twins give a meaning), `cost/YEAR`, `PROGRAMME/budget` and other MONEY,
        `PROGRAMME/unspent/LIMIT`, `PROGRAMME/unspent_in/COUNTY/LIMIT`,
        `PROGRAMME/released/COUNTY`, `county/CODE/income_poor_years`, `outcome/KEY`, and by group as
        of `fupin.allocation.attribution_groups`.
    """
    return numbers_of(*asked_in(task))


def asked_in(task: Mapping[str, Any]) -> tuple[Scenario, Draw, int]:
    """Plan, draw and seed of a task."""
    plan = Scenario.model_validate(task["plan"])
    return plan, Draw.of_record(task["draw"]), int(task["seed"])


def numbers_of(
    plan: Scenario, own: Draw, luck: int, watchers: Sequence[Watcher] = ()
) -> dict[str, float | None]:
    """As of `live_world`; others may look on."""
    series, jobs = MonthlySeries(), JobsByYear()
    start = start_of(plan, own, luck)
    groups = ByGroup(_last["groups"])
    world = live(plan, start, luck, (series, jobs, groups, *watchers))
    course = Course.of(world, jobs.jobs)
    result = report(world, own.label, luck, series, {})
    numbers: Values = {f"goal/{key}": value for key, value in _goals(plan, course).items()}
    numbers |= {f"outcome/{key}": value for key, value in result.outcomes.items()}
    numbers |= {f"goal/{key}": -(result.outcomes[key] or 0.0) for key in COSTS}
    numbers |= {f"cost/{year}": float(yuan) for year, yuan in course.cost.items()}
    for key, values in result.programmes.items():
        numbers |= {f"{key}/{name}": values[name] for name in MONEY}
    numbers |= _unspent(world) | _released(world) | _counties(world) | groups.numbers(world)
    return {name: value for name, value in numbers.items() if value}


def kept_of_start() -> dict[str, Any]:
    """What others keep of the start that was lived last; forgotten with it."""
    found: dict[str, Any] = _last["groups"]
    return found


def start_of(plan: Scenario, draw: Draw, seed: int) -> Start:
    """The start of a plan, lived once for all plans in a row with the same past."""
    record = draw.record()
    past = [
        {**record, "label": ""}, seed, plan.period.start.year, plan.lived.end.year,
        plan.population.model_dump(mode="json"), plan.assets, plan.by_task, dict(plan.parameters),
        plan.history.model_dump(mode="json"),
    ]  # fmt: skip
    if _last.get("past") == past:
        start: Start = _last["start"]
        return start.again()
    _last.clear()  # two populations are not kept at the same time
    start = settle_people(plan, seed, draw)
    start.live_until(plan.period.start.year - 1)
    start.keep()
    _last.update(past=past, start=start, groups={})
    return start


def _goals(plan: Scenario, course: Course) -> Values:
    """Levels whose differences between twins are the outcomes of the same name."""
    horizon, last = plan.lived.years, plan.period.years[-1]
    begin = min(course.income) + 1

    def over(by_year: Mapping[int, float], rate: float = 0.0) -> float:
        return float(sum(by_year[y] * (1.0 + rate) ** (begin - y) for y in horizon))

    values: Values = {
        "person_years_out": -over(course.income_poor),
        "person_years_out_national": -over(course.national_poor),
        "gap_closed": -over(course.gap),
        "additional_jobs": float(course.jobs[last]),
        "additional_income_channel": -float(course.unassessed[last]),
        "additional_out_of_poverty": -float(course.income_poor[last]),
        "additional_recognition_channel": float(course.unassessed[last] - course.poor[last]),
        "lifted": -float(course.poor[last]),
    }
    for name, rate in RATES.items():
        values[f"npv_income_{name}"] = over(course.income, rate)
        values[f"npv_income_poor_{name}"] = over(course.income_of_poor, rate)
    return values


def _unspent(world: World) -> Values:
    """Yuan that stayed unspent, by programme and the limit that bound; also by county."""
    rows, keys = world.limits.table(), world.ledger.programmes
    codes = np.asarray(world.frame.counties.code).tolist()
    found: Values = {}
    for index, county, limit, yuan in zip(
        *(rows[name].tolist() for name in ("programme", "county", "limit", "unspent")), strict=True
    ):
        if not yuan:
            continue
        key, kind = keys[index], Limit(limit).name.lower()
        names = [f"{key}/unspent/{kind}"]
        names += [] if county == NO_COUNTY else [f"{key}/unspent_in/{codes[county]}/{kind}"]
        for name in names:
            found[name] = (found.get(name) or 0.0) + float(yuan)
    return found


def _released(world: World) -> Values:
    """Yuan that each county had of each programme."""
    given = world.ledger.released.sum(axis=2)
    keys, codes = world.ledger.programmes, np.asarray(world.frame.counties.code).tolist()
    return {
        f"{keys[p]}/released/{codes[c]}": float(given[p, c])
        for p, c in zip(*(found.tolist() for found in np.nonzero(given)), strict=True)
    }


def _counties(world: World) -> Values:
    """Person-years under the line by county, over the years to the horizon."""
    years = [by_county(world, world.measured[y])["income_poor"] for y in world.plan.lived.years]
    poor = np.sum(years, axis=0)
    codes = np.asarray(world.frame.counties.code).tolist()
    return {
        f"county/{code}/income_poor_years": float(persons)
        for code, persons in zip(codes, poor.tolist(), strict=True)
    }
