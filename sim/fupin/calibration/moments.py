"""What one run of the model says about every target: 2001 lived to the end of 2009.

The years up to 2008 are those of the yearly core, as in any run; 2009 is lived month by month
under the plan. Everything is read off the way, so that a run costs little more than a plain one.
The mean income of a year is solved for (`fupin.livelihood.levels`), so it informs nothing.
"""

from __future__ import annotations

import gc
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fupin import measures, randomness
from fupin.calibration.moment_names import MOMENTS
from fupin.calibration.panel import Panel
from fupin.errors import InputError
from fupin.kernels import columns
from fupin.livelihood.core import FIRST_YEAR, Core
from fupin.livelihood.moments import PANEL
from fupin.lives.additional import additions
from fupin.lives.one_run import report
from fupin.lives.series import JobsByYear, MonthlySeries
from fupin.month import live
from fupin.population.counties import THREE_PREFECTURES
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult
from fupin.scenario.schema import Scenario
from fupin.state import register
from fupin.world.start import Start, settle_people
from fupin.world.watching import Watcher
from fupin.world.world import World

YEAR = 2009
"""The year of the document: the period that a calibration's plan must have."""

NATIONAL_MEAN_2000 = 2253.0
"""Rural net income per person of all China in 2000, yuan (China Statistical Yearbook 2001)."""

TAIL = (600.0, 1200.0)
"""Incomes of 2000 between which the spread of the lower tail is measured, yuan."""


def moments(scenario: Scenario, draw: Draw, seed: int) -> dict[str, float]:
    """Live 2001 to 2009 once and measure every moment; no twins.

    Args:
        scenario: a plan whose period is the year 2009.
        draw: parameter vector.
        seed: run seed.

    Returns:
        every key of MOMENTS, in that order.

    Raises:
        InputError: another period.
        ValueError: a moment is undefined (nobody poor, nobody trained, no loan due).
    """
    return _lived_and_forgotten(scenario, draw, seed, twins=False)


def moments_and_twins(scenario: Scenario, draw: Draw, seed: int) -> dict[str, float]:
    """`moments`, and what is additional to the world without programmes.

    Adds `additional_jobs`, `additional_income_channel`, `additional_recognition_channel`; about
    half as dear again.
    """
    return _lived_and_forgotten(scenario, draw, seed, twins=True)


def _lived_and_forgotten(
    scenario: Scenario, draw: Draw, seed: int, twins: bool
) -> dict[str, float]:
    try:
        return _lived(scenario, draw, seed, twins)
    finally:
        gc.collect()  # a world and its programmes know each other, and hold a population


def _lived(scenario: Scenario, draw: Draw, seed: int, twins: bool) -> dict[str, float]:
    period = scenario.period
    if (str(period.start), str(period.end)) != (f"{YEAR}-01", f"{YEAR}-12"):
        raise InputError(
            f"{scenario.name} runs from {period.start} to {period.end}.",
            f"A calibration needs a plan from {YEAR}-01 to {YEAR}-12.",
        )
    start = settle_people(scenario, seed, draw.overrides)
    history = _live_history(start)
    if twins:
        start.keep()
    series, jobs, start_poor = MonthlySeries(), JobsByYear(), _PoorBefore()
    world = live(scenario, start, seed, (series, jobs, start_poor))
    result = report(world, draw.label, seed, series)
    found = history | _of_year(world, result, start_poor.poor, _Poor.of(world))
    undefined = [name for name in MOMENTS if not math.isfinite(found[name])]
    if undefined:
        raise ValueError(f"undefined: {', '.join(undefined)}")
    values = {name: found[name] for name in MOMENTS}
    if twins:
        added = additions(start, world, jobs.jobs).over([YEAR])
        values |= {key: float(value) for key, value in added.items() if value is not None}
    return values


def _live_history(start: Start) -> dict[str, float]:
    """Burn in and live to the end of 2008; moments of those years."""
    core, levels, values = start.core, start.levels, start.values
    panel = Panel(core.households.size.size)
    ratio = values.dated("official.low_income_line", YEAR - 1) / values.dated(
        "official.mean_income", YEAR - 1
    )
    found: dict[str, float] = {}
    core.burn_in(levels[FIRST_YEAR])
    for year in range(FIRST_YEAR, YEAR):
        core.live(year, levels[year])
        settled = core.settle(year, levels[year])
        if year == FIRST_YEAR:
            found["registered_2001"] = settled.registered
            listing = core.first_listing
            found["absolute_share_2001"] = (
                listing.absolute / listing.poor if listing.poor else math.nan
            )
            found["mean_income_2001"] = settled.mean_income
            found["tail_spread_2001"] = _tail_spread(core, settled.mean_income)
            found["income_poor_2001"] = _persons_below(
                core, core.households.income, np.float32(core.line(year))
            )
        if year in PANEL:
            panel.add(core.households.income, ratio * settled.mean_income)
    v = core.villages
    found["transient_share"] = panel.transient_share(core.households.size, v.offsets, v.weight)
    return found


def _tail_spread(core: Core, mean: float) -> float:
    """Standard deviation of a lognormal that has the shares below both ends of TAIL.

    The ends keep their ratio to mean income; shares are of households, as in the grouped data.
    """
    from scipy.special import ndtri

    h, v = core.households, core.villages
    register.perceive(
        h, v.id, v.offsets, core.perception, randomness.month_index(FIRST_YEAR, 12),
        *register.perception_streams(core.seed, "survey"), core.seen,
    )  # fmt: skip
    one, below = np.ones(h.size.size, np.uint8), np.zeros(v.id.size, np.int64)
    households = float(np.dot(np.diff(v.offsets), v.weight))
    places = []
    for end in TAIL:
        limit = columns.log_of(end / NATIONAL_MEAN_2000 * mean)
        register.count_below(v.offsets, one, core.seen, limit, below)
        share = float(np.dot(below, v.weight)) / households
        places.append(float(ndtri(min(max(share, 0.5 / households), 1 - 0.5 / households))))
    return math.log(TAIL[1] / TAIL[0]) / (places[1] - places[0])


def _persons_below(core: Core, column: npt.NDArray[np.float32], limit: np.float32) -> float:
    below = np.zeros(core.villages.id.size, np.int64)
    register.count_below(core.villages.offsets, core.households.size, column, limit, below)
    return float(np.dot(below, core.villages.weight))


@dataclass(frozen=True)
class _Poor:
    """Who is poor at the end of a year, by true and by reported income; persons they stand for."""

    true: npt.NDArray[np.bool_]
    reported: npt.NDArray[np.bool_]
    persons: npt.NDArray[np.float32]

    @classmethod
    def of(cls, world: World) -> _Poor:
        """At the last settled December of a world."""
        line = world.last_december.line
        h, v = world.households, world.villages
        return cls(
            true=h.income < np.float32(line),
            reported=world.perceive("survey") < columns.log_of(line),
            persons=h.size * v.weight.astype(np.float32)[v.of_household],
        )


class _PoorBefore(Watcher):
    """Who is poor before the plan's first month, on whose errors of reports nothing else draws."""

    poor: _Poor

    def begins(self, world: World) -> None:
        self.poor = _Poor.of(world)


def _of_year(world: World, result: RunResult, before: _Poor, after: _Poor) -> dict[str, float]:
    start, end = world.at_start, world.measured[YEAR]
    outcomes = {k: math.nan if v is None else v for k, v in result.outcomes.items()}
    registered = end.village_registered * world.villages.weight
    three = world.frame.counties.in_prefectures(THREE_PREFECTURES)
    inside = three[np.asarray(world.frame.villages.county)]
    found = {
        "gini_2008": start.gini,
        "key_ratio_2008": start.key_ratio,
        "exit_true": measures.exit_rate(before.true, after.true, before.persons),
        "exit_reported": measures.exit_rate(before.reported, after.reported, before.persons),
        "new_true": measures.new_poor_share(before.true, after.true, after.persons),
        "new_reported": measures.new_poor_share(before.reported, after.reported, after.persons),
        "migration_slope": _migration_slope(world),
        "mean_income_2009": end.mean_income,
        "income_poor_2008": float(start.income_poor),
        "income_poor_2009": float(end.income_poor),
        "survey_poor_2009": float(end.survey_poor),
        "registered_truly_poor_2009": end.registered_income_poor / max(end.registered, 1),
        "registered_2008": float(start.registered),
        "registered_2009": float(end.registered),
        "three_prefectures_2009": float(registered[inside].sum())
        / max(float(registered.sum()), 1.0),
    }
    named = ("gross_exits", "entries", "trained", "placed", "employment_rate", "repayment_rate")
    # What the document counts, under any counting rule of the plan.
    found |= {"lifted": outcomes["lifted"]} | {name: outcomes[name] for name in named}
    return found


def _migration_slope(world: World) -> float:
    """Slope of the share of people away on the share missing in the census, over counties.

    Missing: 1 - residents / hukou of 2010, which is what `migrant_share` of the county table adds
    to a constant. Weighted by persons.
    """
    v, counties = world.villages, world.frame.counties
    away, persons = np.zeros(v.id.size, np.int64), np.zeros(v.id.size, np.int64)
    register.count_units(v.offsets, world.households.migrants, away)
    register.count_units(v.offsets, world.households.size, persons)
    people = world.sum_by_county(persons * v.weight).astype(np.float64)
    here = people > 0
    share = world.sum_by_county(away * v.weight)[here] / people[here]
    missing, weight = np.asarray(counties.migrant_share)[here], people[here]
    missing = missing - np.average(missing, weights=weight)
    variance = float(np.sum(weight * missing * missing))
    return float(np.sum(weight * missing * share)) / variance if variance else math.nan
