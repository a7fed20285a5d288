"""What the programmes add: a plan beside its twins, from the same start.

A twin is the same frame, draw and seed under another plan: here the plan or the world without
programmes, or the plan without recognition (`recognition: off`: being served brings no review of
the register). With lifted = net fall of the registered poor,

    income channel       lifted(plan, recognition off) - lifted(no programmes)
    recognition channel  lifted(plan) - lifted(no programmes) - income channel
    additional jobs      (migrants + local jobs)(plan) - (migrants + local jobs)(no programmes)

so that the two channels sum to what the programmes add. Without programmes nobody is served, and
recognition makes no difference. History up to the first month is lived once and its households are
put back: a twin costs the months of the plan's period alone. Recognition acts in the December
review and nowhere else, so for a period within one calendar year the twin without recognition is a
second review of the same December.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace

import numpy as np

from sim.experiments.draws import Draw
from sim.experiments.outcome import RunResult, Values
from sim.model import PovertyModel
from sim.programmes.settings import Programmes
from sim.scenario.schema import Scenario
from sim.start import Start

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
        official = "survey_poor" if model.plan.counting == "survey" else "registered"
        before, lifted = getattr(model.at_start, official), {}
        for year in sorted(model.measured):
            after = getattr(model.measured[year], official)
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
    """A run's course beside those of its twins, `plain` without recognition."""

    here: Course
    plain: Course
    bare: Course

    def over(self, years: list[int]) -> Values:
        """The three outcomes over consecutive years; channels are None without a December."""
        here, bare = self.here, self.bare
        settled = [year for year in years if year in here.lifted]
        values: Values = dict.fromkeys(KEYS)
        values["additional_jobs"] = float(
            _since_start(here, bare, years[-1]) - _since_start(here, bare, years[0] - 1)
        )
        if settled:
            added = sum(here.lifted[year] - bare.lifted[year] for year in settled)
            income = sum(self.plain.lifted[year] - bare.lifted[year] for year in settled)
            values["additional_income_channel"] = float(income)
            values["additional_recognition_channel"] = float(added - income)
        return values


def _since_start(here: Course, bare: Course, year: int) -> int:
    # Before the first year twins have the same jobs.
    return here.jobs[year] - bare.jobs[year] if year in here.jobs else 0


def without_programmes(plan: Scenario) -> Scenario:
    """The same world with every programme off."""
    return plan.model_copy(update={"programmes": Programmes()})


def without_recognition(plan: Scenario) -> Scenario:
    """The same world in which being served by a programme brings no review."""
    return plan.model_copy(update={"recognition": False})


class Twin(PovertyModel):
    """A model of which only the course is wanted: no agents, no monthly series."""

    def _make_agents(self) -> None:
        self.jobs: dict[int, int] = {}

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
    here = Course.of(model)
    if not plan.recognition:
        plain = here
    elif len(plan.period.years) == 1:
        plain = _unrecognised(model, here)
    else:
        start.renew(model.at_start)
        plain = _lived(without_recognition(plan), draw, seed, start)
    start.renew(model.at_start)
    return Additions(here, plain, _lived(without_programmes(plan), draw, seed, start))


def _unrecognised(model: PovertyModel, here: Course) -> Course:
    """The twin without recognition of a run within one year: another review, the same world."""
    if model.plan.counting == "survey" or not here.lifted:
        return here
    assert model.registered_unrecognised is not None
    lifted = model.at_start.registered - model.registered_unrecognised
    return replace(here, lifted=dict.fromkeys(here.lifted, lifted))


def _lived(plan: Scenario, draw: Draw, seed: int, start: Start) -> Course:
    twin = Twin(plan, rng=seed, draw=dict(draw.overrides), start=start)
    while twin.running:
        twin.step()
    course = Course.of(twin)
    del twin
    gc.collect()  # Mesa's models hold cycles, and with them a population
    return course


def filled(result: RunResult, added: Additions) -> RunResult:
    """A run's record with its three outcomes that need twins."""
    years = sorted(result.by_year)
    by_year = {
        year: {**part, "outcomes": part["outcomes"] | added.over([year])}
        for year, part in result.by_year.items()
    }
    return replace(result, outcomes=result.outcomes | added.over(years), by_year=by_year)
