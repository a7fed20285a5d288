"""What the programmes add: a plan beside its twins, from the same start.

A twin is the same frame, draw and seed under another plan: here the plan or the world without
programmes, each also without recognition (`recognition: off`, being served brings no review of the
register). With lifted = net fall of the registered poor,

    income channel       lifted(plan, off) - lifted(no programmes, off)
    recognition channel  lifted(plan) - lifted(no programmes) - income channel
    additional jobs      (migrants + local jobs)(plan) - (migrants + local jobs)(no programmes)

so that the two channels sum to what the programmes add. Village funds of earlier years lend, and so
serve, in the world without programmes too: hence its own twin. History up to the first month is
lived once and its households are put back. Recognition acts in the December review and nowhere
else, so for a period within one calendar year a twin without recognition is a second review of the
same December; else it is lived like the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fupin.model import PovertyModel
from fupin.results.draws import Draw
from fupin.results.outcome import RunResult, Values
from fupin.scenario.schema import Scenario
from fupin.scenario.variants import without_programmes, without_recognition
from fupin.world.start import Start

KEYS = ("additional_jobs", "additional_income_channel", "additional_recognition_channel")
"""Outcomes that need twins."""


@dataclass(frozen=True)
class Course:
    """What is compared between twins.

    Attributes:
        lifted: net fall of the official count by year; years without a December are absent.
        jobs: migrants and local jobs at the end of each year of the period, persons.
    """

    lifted: dict[int, int]
    jobs: dict[int, int]

    @classmethod
    def of(cls, model: PovertyModel) -> Course:
        """The course of a model that has reached the end of its period."""
        counting = model.plan.counting
        before, lifted = model.at_start.official(counting), {}
        for year in sorted(model.measured):
            after = model.measured[year].official(counting)
            before, lifted[year] = after, before - after
        if isinstance(model, Twin):
            return cls(lifted, model.jobs)
        monthly = model.datacollector.model_vars
        jobs = np.add(monthly["migrants"], monthly["local_jobs"])
        # The first row is the month before the start; later rows replace earlier ones of a year.
        ends = {int(text[:4]): int(n) for text, n in zip(monthly["calendar"], jobs, strict=True)}
        return cls(lifted, {year: ends[year] for year in model.plan.period.years})


@dataclass(frozen=True)
class Additions:
    """A run beside its twins: `bare` has no programmes, `plain` no recognition.

    Where a world without recognition was not lived, the channels are unknown.
    """

    here: Course
    plain: Course | None
    bare: Course
    bare_plain: Course | None

    def over(self, years: list[int]) -> Values:
        """The three outcomes over consecutive years; channels are None without a December."""
        here, bare = self.here, self.bare
        settled = [year for year in years if year in here.lifted]
        values: Values = dict.fromkeys(KEYS)
        values["additional_jobs"] = float(
            _since_start(here, bare, years[-1]) - _since_start(here, bare, years[0] - 1)
        )
        if settled and self.plain is not None and self.bare_plain is not None:
            added = sum(here.lifted[year] - bare.lifted[year] for year in settled)
            income = sum(self.plain.lifted[year] - self.bare_plain.lifted[year] for year in settled)
            values["additional_income_channel"] = float(income)
            values["additional_recognition_channel"] = float(added - income)
        return values


def _since_start(here: Course, bare: Course, year: int) -> int:
    # Before the first year twins have the same jobs.
    return here.jobs[year] - bare.jobs[year] if year in here.jobs else 0


class Twin(PovertyModel):
    """A model of which only the course is wanted: no agents, no monthly series."""

    def _make_agents(self) -> None:
        self.jobs: dict[int, int] = {}
        self._village_agents = []

    def observe(self) -> None:
        """Jobs at the end of each year; later months replace earlier ones."""
        self._registered = None
        if self.month in (12, self.plan.period.end.month):
            self.jobs[self.today // 12] = self.migrants + self.local_jobs


def additions(
    plan: Scenario, draw: Draw, seed: int, start: Start, model: PovertyModel
) -> Additions:
    """Live the twins of a run and compare.

    Args:
        plan: the scenario of the run, with some programme that has money.
        draw, seed: of the run.
        start: the start of the run, which was kept before it; used up.
        model: the run at its end; its households are used up.
    """
    measures = model.at_start
    here, plain = both_courses(model)
    bare_plan = without_programmes(plan)

    def renewed() -> Start:
        start.renew(measures)
        return start

    if plain is None:
        plain, _ = _lived(without_recognition(plan), draw, seed, renewed())
    bare, bare_plain = _lived(bare_plan, draw, seed, renewed())
    if bare_plain is None:
        bare_plain, _ = _lived(without_recognition(bare_plan), draw, seed, renewed())
    return Additions(here, plain, bare, bare_plain)


def both_courses(model: PovertyModel) -> tuple[Course, Course | None]:
    """The course of a run, and that of its twin without recognition if the run knows it."""
    course = Course.of(model)
    recognised = model.plan.recognition and model.programmes
    if not recognised or model.plan.counting == "survey" or not course.lifted:
        return course, course
    if len(model.plan.period.years) > 1:
        return course, None
    assert model.registered_unrecognised is not None
    lifted = model.at_start.registered - model.registered_unrecognised
    return course, replace(course, lifted=dict.fromkeys(course.lifted, lifted))


def _lived(plan: Scenario, draw: Draw, seed: int, start: Start) -> tuple[Course, Course | None]:
    twin = Twin(plan, rng=seed, draw=dict(draw.overrides), start=start)
    while twin.running:
        twin.step()
    return both_courses(twin)


def filled(result: RunResult, added: Additions) -> RunResult:
    """A run's record with its three outcomes that need twins."""
    years = sorted(result.by_year)
    by_year = {
        year: {**part, "outcomes": part["outcomes"] | added.over([year])}
        for year, part in result.by_year.items()
    }
    return replace(result, outcomes=result.outcomes | added.over(years), by_year=by_year)
