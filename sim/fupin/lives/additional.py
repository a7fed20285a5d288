"""What the programmes add: a plan beside its twins, from the same start.

A twin is the same frame, draw and seed under another plan: here the plan or the world without
programmes, each also without re-assessment (`recognition: off`, being met brings no review of the
register). With lifted = net fall of the registered poor,

    income channel       lifted(plan, off) - lifted(no programmes, off)
    re-assessed          lifted(plan) - lifted(no programmes) - income channel
    additional jobs      (migrants + local jobs)(plan) - (migrants + local jobs)(no programmes)
    out of poverty       income-poor(no programmes) - income-poor(plan), at the end

so that the two channels sum to what the programmes add. Village funds of earlier years lend, and so
serve, in the world without programmes too: hence its own twin. History up to the first month is
lived once and its households are put back. Re-assessment acts in the December review and nowhere
else, so for a period within one calendar year a twin without it is a second review of the
same December; else it is lived like the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fupin.lives.series import JobsByYear
from fupin.month import live
from fupin.results.outcome import RunResult, Values
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes, without_recognition
from fupin.world.start import Start
from fupin.world.world import World

KEYS = (
    "additional_jobs",
    "additional_income_channel",
    "additional_recognition_channel",
    "additional_out_of_poverty",
)
"""Outcomes that need twins."""


@dataclass(frozen=True)
class Course:
    """What is compared between twins.

    Attributes:
        lifted: net fall of the official count by year; years without a December are absent.
        jobs: migrants and local jobs at the end of each year of the period, persons.
        poor: income-poor in each settled December, persons.
    """

    lifted: dict[int, int]
    jobs: dict[int, int]
    poor: dict[int, int]

    @classmethod
    def of(cls, world: World, jobs: dict[int, int]) -> Course:
        """The course of a world that has reached the end of its period, and of its jobs."""
        counting = world.plan.counting
        before, lifted = world.at_start.official(counting), {}
        for year in sorted(world.measured):
            after = world.measured[year].official(counting)
            before, lifted[year] = after, before - after
        return cls(lifted, jobs, {y: int(m.income_poor) for y, m in world.measured.items()})


@dataclass(frozen=True)
class Additions:
    """A run beside its twins: `bare` has no programmes, `plain` no re-assessment.

    Where a world without re-assessment was not lived, the channels are unknown.
    """

    here: Course
    plain: Course | None
    bare: Course
    bare_plain: Course | None

    def over(self, years: list[int]) -> Values:
        """Outcomes of KEYS over consecutive years; without a December only jobs are known."""
        here, bare = self.here, self.bare
        settled = [year for year in years if year in here.lifted]
        values: Values = dict.fromkeys(KEYS)
        values["additional_jobs"] = float(
            _since_start(here, bare, years[-1]) - _since_start(here, bare, years[0] - 1)
        )
        if settled:
            fewer = bare.poor[settled[-1]] - here.poor[settled[-1]]
            values["additional_out_of_poverty"] = float(fewer)
        if settled and self.plain is not None and self.bare_plain is not None:
            added = sum(here.lifted[year] - bare.lifted[year] for year in settled)
            income = sum(self.plain.lifted[year] - self.bare_plain.lifted[year] for year in settled)
            values["additional_income_channel"] = float(income)
            values["additional_recognition_channel"] = float(added - income)
        return values


def _since_start(here: Course, bare: Course, year: int) -> int:
    # Before the first year twins have the same jobs.
    return here.jobs[year] - bare.jobs[year] if year in here.jobs else 0


def additions(start: Start, world: World, jobs: dict[int, int]) -> Additions:
    """Live the twins of a run and compare.

    Args:
        start: the start of the run, which was kept before it; used up.
        world: the run at its end, with some programme that has money; its households are used up.
        jobs: of the run, by year.
    """
    plan, seed = world.plan, world.chance.seed
    here, plain = both_courses(world, jobs)
    bare_plan = without_programmes(plan)
    if plain is None:
        plain, _ = _lived(without_recognition(plan), seed, start)
    bare, bare_plain = _lived(bare_plan, seed, start)
    if bare_plain is None:
        bare_plain, _ = _lived(without_recognition(bare_plan), seed, start)
    return Additions(here, plain, bare, bare_plain)


def both_courses(world: World, jobs: dict[int, int]) -> tuple[Course, Course | None]:
    """The course of a run, and that of its twin without re-assessment if the run knows it."""
    course = Course.of(world, jobs)
    recognised = world.plan.recognition and world.programmes
    if not recognised or world.plan.counting == "survey" or not course.lifted:
        return course, course
    if len(world.plan.period.years) > 1:
        return course, None
    assert world.registered_unrecognised is not None
    lifted = world.at_start.registered - world.registered_unrecognised
    return course, replace(course, lifted=dict.fromkeys(course.lifted, lifted))


def _lived(plan: Scenario, seed: int, start: Start) -> tuple[Course, Course | None]:
    jobs = JobsByYear()
    return both_courses(live(plan, start.again(), seed, (jobs,)), jobs.jobs)


def filled(result: RunResult, added: Additions) -> RunResult:
    """A run's record with its outcomes that need twins."""
    years = sorted(result.by_year)
    by_year = {
        year: {**part, "outcomes": part["outcomes"] | added.over([year])}
        for year, part in result.by_year.items()
    }
    return replace(result, outcomes=result.outcomes | added.over(years), by_year=by_year)
