"""What the programmes add: a plan beside its twin, from the same start, year by year.

A twin is the same frame, draw and seed without any programme. With lifted = net fall of the
registered poor, and a second register in each world, without re-assessment (`World.unassessed`),

    income channel       lifted(plan, second) - lifted(twin, second)
    re-assessed          lifted(plan) - lifted(twin) - income channel
    additional jobs      (migrants + local jobs)(plan) - (migrants + local jobs)(twin)
    out of poverty       income-poor(twin) - income-poor(plan), at the end of the period

so that the two channels sum to what the programmes add. Village funds of earlier years lend, and so
serve, in the twin too: hence it has two registers of its own. To the horizon count

    person-years out     sum over years of (income-poor in the twin - income-poor with the plan)
    gap closed           the same of what the poor lack of the line, yuan
    present value        sum over years of (income with the plan - in the twin) / (1 + rate)^years
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fupin.lives.series import JobsByYear
from fupin.month import live
from fupin.results.outcome import HORIZON_KEYS, RATES, RunResult, Values
from fupin.scenario.programmes import CLASS_OF
from fupin.scenario.variants import without_programmes
from fupin.world.december import YearMeasures
from fupin.world.start import Start
from fupin.world.watching import Watcher
from fupin.world.world import World

KEYS = (
    "additional_jobs",
    "additional_income_channel",
    "additional_recognition_channel",
    "additional_out_of_poverty",
    *HORIZON_KEYS,
)
"""Outcomes that need a twin."""


@dataclass(frozen=True)
class Course:
    """What is compared between twins, by year; years of the horizon, and the year before.

    Attributes:
        poor: the official count, persons.
        unassessed: the same by the second register, persons.
        jobs: migrants and local jobs, persons; without the year before.
        income_poor: persons under the line.
        national_poor: persons under the new national line.
        gap: what the income-poor lack of the line, yuan of the document's year.
        income: of all rural people, yuan of the document's year.
        income_of_poor: of those who were income-poor before the plan.
        cost: resource cost, yuan; without the year before.
    """

    poor: dict[int, int]
    unassessed: dict[int, int]
    jobs: dict[int, int]
    income_poor: dict[int, int]
    national_poor: dict[int, int]
    gap: dict[int, float]
    income: dict[int, float]
    income_of_poor: dict[int, float]
    cost: dict[int, int]

    @classmethod
    def of(cls, world: World, jobs: dict[int, int]) -> Course:
        """The course of a world that has reached its horizon, and of its jobs."""
        counting = world.plan.counting
        years: dict[int, YearMeasures] = {world.clock.start.year - 1: world.at_start}
        years |= world.measured
        months = [month.year for month in world.plan.lived.months]
        return cls(
            poor={y: m.official(counting) for y, m in years.items()},
            unassessed={y: m.without_reassessment(counting) for y, m in years.items()},
            jobs=jobs,
            income_poor={y: m.income_poor for y, m in years.items()},
            national_poor={y: m.national_poor for y, m in years.items()},
            gap={y: m.gap_yuan for y, m in years.items()},
            income={y: m.income_yuan for y, m in years.items()},
            income_of_poor={y: m.income_of_poor for y, m in years.items()},
            cost={
                y: int(world.ledger.resource_cost(CLASS_OF, _of_year(months, y)).sum())
                for y in world.measured
            },
        )


@dataclass(frozen=True)
class Additions:
    """A run beside its twin without programmes."""

    here: Course
    bare: Course

    def over(self, years: Sequence[int], horizon: Sequence[int]) -> Values:
        """Outcomes that need a twin.

        Args:
            years: consecutive years over which register and jobs are counted.
            horizon: consecutive years over which person-years and present values are counted;
                they are discounted to the first year of the whole course.
        """
        here, bare = self.here, self.bare
        first, last = years[0] - 1, years[-1]

        def fell(poor: dict[int, int]) -> int:
            return poor[first] - poor[last]

        income = fell(here.unassessed) - fell(bare.unassessed)
        added = fell(here.poor) - fell(bare.poor)
        values: Values = {
            "additional_jobs": float(
                _since_start(here, bare, last) - _since_start(here, bare, first)
            ),
            "additional_income_channel": float(income),
            "additional_recognition_channel": float(added - income),
            "additional_out_of_poverty": float(bare.income_poor[last] - here.income_poor[last]),
            "person_years_out": _more(bare.income_poor, here.income_poor, horizon),
            "person_years_out_national": _more(bare.national_poor, here.national_poor, horizon),
            "gap_closed": _more(bare.gap, here.gap, horizon),
        }
        begin = min(here.income) + 1
        for name, rate in RATES.items():
            worth = {year: (1.0 + rate) ** (begin - year) for year in horizon}
            values[f"npv_income_{name}"] = _more(here.income, bare.income, horizon, worth)
            values[f"npv_income_poor_{name}"] = _more(
                here.income_of_poor, bare.income_of_poor, horizon, worth
            )
            cost = _more(here.cost, bare.cost, horizon, worth)
            gain = values[f"npv_income_{name}"]
            values[f"benefit_cost_{name}"] = gain / cost if gain is not None and cost > 0 else None
        return values


def _more(
    one: Mapping[int, float],
    other: Mapping[int, float],
    years: Sequence[int],
    worth: Mapping[int, float] | None = None,
) -> float:
    # Sum over years of one less the other, each year at its worth.
    return float(sum((one[y] - other[y]) * (worth[y] if worth else 1.0) for y in years))


def _of_year(months: Sequence[int], year: int) -> slice:
    # Where the months of a year lie; `months` are the years of all months, in order.
    return slice(months.index(year), len(months) - months[::-1].index(year))


def _since_start(here: Course, bare: Course, year: int) -> int:
    # Before the first year twins have the same jobs.
    return here.jobs[year] - bare.jobs[year] if year in here.jobs else 0


def additions(
    start: Start, world: World, jobs: dict[int, int], watchers: Sequence[Watcher] = ()
) -> Additions:
    """Live the twin of a run and compare.

    Args:
        start: the start of the run, which was kept before it; used up.
        world: the run at its end, with some programme that has money; its households are used up.
        jobs: of the run, by year.
        watchers: of the twin.
    """
    here = Course.of(world, jobs)
    theirs = JobsByYear()
    bare = live(without_programmes(world.plan), start.again(), world.seed, (theirs, *watchers))
    return Additions(here, Course.of(bare, theirs.jobs))


def filled(result: RunResult, added: Additions, years: Sequence[int]) -> RunResult:
    """A run's record with the outcomes that need a twin.

    Args:
        result: the record.
        added: the run beside its twin.
        years: of the plan's period.
    """
    horizon = sorted(result.by_year)
    by_year = {
        year: {**part, "outcomes": part["outcomes"] | added.over([year], [year])}
        for year, part in result.by_year.items()
    }
    outcomes = result.outcomes | added.over(years, horizon)
    return replace(result, outcomes=outcomes, by_year=by_year)
