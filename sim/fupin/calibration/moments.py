"""What one run of the model says about every target: 2001 lived to the end of 2009.

The years up to 2008 are those of the yearly core, as in any run; 2009 is lived month by month
under the plan. Everything is read off the way, so that a run costs little more than a plain one.
The mean income of a year is solved for (`fupin.livelihood.levels`), so it informs nothing.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fupin import measures, randomness
from fupin.calibration.moment_names import COUNTS, MOMENTS
from fupin.calibration.panel import Panel
from fupin.errors import InputError
from fupin.kernels import columns
from fupin.livelihood.core import FIRST_YEAR, Core
from fupin.livelihood.moments import PANEL
from fupin.lives.additional import additions
from fupin.lives.one_run import report
from fupin.lives.series import JobsByYear, MonthlySeries
from fupin.month import live
from fupin.parameters.province import province
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult
from fupin.scenario.schema import Scenario
from fupin.state import register
from fupin.world.december import YearMeasures
from fupin.world.start import Start, settle_people
from fupin.world.watching import Watcher
from fupin.world.world import World

YEAR = province().document_year
"""The year of the document: the period that a calibration's plan must have."""


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

    Adds `fupin.lives.additional.KEYS`; about half as dear again.
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
    scenario = of_the_year(scenario)
    start = settle_people(scenario, seed, draw)
    history = live_history(start)
    if twins:
        start.keep()
    return live_year(scenario, start, draw.label, seed, history, twins)


def of_the_year(scenario: Scenario) -> Scenario:
    """A plan of 2009 that is lived to its December.

    Raises:
        InputError: another period.
    """
    period = scenario.period
    if (str(period.start), str(period.end)) != (f"{YEAR}-01", f"{YEAR}-12"):
        raise InputError(
            f"{scenario.name} runs from {period.start} to {period.end}.",
            f"A calibration needs a plan from {YEAR}-01 to {YEAR}-12.",
        )
    return scenario.model_copy(update={"horizon": YEAR})  # nothing later is compared


def live_year(
    scenario: Scenario,
    start: Start,
    label: str,
    seed: int,
    history: Mapping[str, float],
    twins: bool = False,
) -> dict[str, float]:
    """Live 2009 from a start whose history is lived; arguments as of `moments`.

    Args:
        scenario: a plan of 2009 without later years.
        start: at the end of 2008; it is used up.
        label: of the draw.
        seed: run seed.
        history: what `live_history` measured on the way there.
        twins: the start is kept, and the same year without programmes is lived too.
    """
    series, jobs, start_poor = MonthlySeries(), JobsByYear(), _PoorBefore()
    world = live(scenario, start, seed, (series, jobs, start_poor))
    result = report(world, label, seed, series)
    found = {**history} | _of_year(world, result, start_poor.poor, _Poor.of(world))
    undefined = [name for name in MOMENTS if not math.isfinite(found[name])]
    if undefined:
        raise ValueError(f"undefined: {', '.join(undefined)}")
    values = {name: found[name] for name in MOMENTS}
    if twins:
        added = additions(start, world, jobs.jobs).over([YEAR], [YEAR])
        values |= {key: float(value) for key, value in added.items() if value is not None}
    return values


def live_history(start: Start) -> dict[str, float]:
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
            found[f"registered_{FIRST_YEAR}"] = settled.registered
            listing = core.first_listing
            found[f"absolute_share_{FIRST_YEAR}"] = (
                listing.absolute / listing.poor if listing.poor else math.nan
            )
            found[f"mean_income_{FIRST_YEAR}"] = settled.mean_income
            found[f"tail_spread_{FIRST_YEAR}"] = _tail_spread(core, settled.mean_income)
            found[f"income_poor_{FIRST_YEAR}"] = _persons_below(
                core, core.households.income, np.float32(core.line(year))
            )
        if year == YEAR - 2:
            found[f"registered_{year}"] = settled.registered
        if year in PANEL:
            panel.add(core.households.income, ratio * settled.mean_income)
    v = core.villages
    found["transient_share"] = panel.transient_share(core.households.size, v.offsets, v.weight)
    return found


def _tail_spread(core: Core, mean: float) -> float:
    """Standard deviation of a lognormal that has the shares below both ends of the known tail.

    The ends (`Province.tail`) keep their ratio to mean income; shares are of households, as in the
    grouped data.
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
    tail = province().tail
    for end in tail.ends:
        limit = columns.log_of(end / tail.mean * mean)
        register.count_below(v.offsets, one, core.seen, limit, below)
        share = float(np.dot(below, v.weight)) / households
        places.append(float(ndtri(min(max(share, 0.5 / households), 1 - 0.5 / households))))
    return math.log(tail.ends[1] / tail.ends[0]) / (places[1] - places[0])


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
    county = np.asarray(world.frame.villages.county)
    three = world.frame.counties.within("named_prefectures")[county]
    listed = np.asarray(world.frame.villages.listed)
    key = np.asarray(world.frame.counties.key)[county] > 0
    weight, frail = world.villages.weight, world.households.frail > 0
    found = {
        f"gini_{YEAR - 1}": start.gini,
        f"key_ratio_{YEAR - 1}": start.key_ratio,
        f"listed_share_{YEAR - 1}": _share_of(listed, start.village_registered * weight),
        f"key_share_{YEAR - 1}": _share_of(key, start.village_registered * weight),
        f"frail_share_{YEAR - 1}": _share_of(frail, before.persons * before.true),
        "exit_true": measures.exit_rate(before.true, after.true, before.persons),
        "exit_reported": measures.exit_rate(before.reported, after.reported, before.persons),
        "new_true": measures.new_poor_share(before.true, after.true, after.persons),
        "new_reported": measures.new_poor_share(before.reported, after.reported, after.persons),
        "migration_slope": _migration_slope(world),
        f"mean_income_{YEAR}": end.mean_income,
        f"income_poor_{YEAR - 1}": float(start.income_poor),
        f"income_poor_{YEAR}": float(end.income_poor),
        f"survey_poor_{YEAR}": float(end.survey_poor),
        f"registered_truly_poor_{YEAR}": end.registered_income_poor / max(end.registered, 1),
        f"registered_{YEAR - 1}": float(start.registered),
        f"registered_{YEAR}": float(end.registered),
        f"three_prefectures_{YEAR}": _share_of(three, end.village_registered * weight),
        f"three_prefectures_persons_{YEAR}": float(
            (end.village_registered * weight)[three].sum(dtype=np.float64)
        ),
    }
    found |= _prefecture_incomes(world, end)
    named = ("gross_exits", "entries", "trained", "placed", "employment_rate", "repayment_rate")
    counts = {name: result.figures.get(name) for name in COUNTS}
    found |= {name: math.nan if v is None else v for name, v in counts.items()}
    # What the document counts, under any counting rule of the plan.
    found |= {"lifted": outcomes["lifted"]} | {name: outcomes[name] for name in named}
    return found


def _prefecture_incomes(world: World, end: YearMeasures) -> dict[str, float]:
    """Mean income of each prefecture, yuan a person."""
    prefecture = np.asarray(world.frame.counties.prefecture, np.int64)
    names = world.frame.counties.prefectures_en
    yuan, persons = (
        np.bincount(prefecture, world.sum_by_county(column * world.villages.weight), len(names))
        for column in (end.village_income, end.village_persons)
    )
    means = yuan / np.maximum(persons, 1.0)
    return {
        f"income_{name.lower()}_{YEAR}": float(mean)
        for name, mean in zip(names, means, strict=True)
    }


def _share_of(where: npt.NDArray[np.bool_], persons: npt.NDArray[Any]) -> float:
    """Share of persons that some rows hold; 0 where there are none."""
    total = float(persons.sum(dtype=np.float64))
    return float(persons[where].sum(dtype=np.float64)) / total if total else 0.0


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
