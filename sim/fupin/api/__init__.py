"""The public face: plans, runs, comparisons and sweeps as objects with tables, plots and reports.

    import fupin

    plan = fupin.load("2009-document")
    more = plan.with_(name="more", programmes={"skills_training": {"budget": 80.54e6}})
    fupin.run(plan, draws=20).outcomes
    fupin.compare(plan, more, sample=0.05).plot()

docs/python.md shows all of it. Whoever runs plans goes through here, the commands too: they parse,
call, and print.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Never

from fupin.api.allocating import asked_of, check_of
from fupin.api.allocation_result import AllocationResult, allocate_plan
from fupin.api.attribution_result import AttributionResult, attribute_plan, drawn_with
from fupin.api.comparison_result import ComparisonResult, compare_plans, contenders_of
from fupin.api.display import Asked, display_of
from fupin.api.plan import Plan, load
from fupin.api.plan_result import PlanResult, run_plan
from fupin.api.reading import read
from fupin.api.result import Result
from fupin.api.sweep_result import SweepResult
from fupin.api.sweeping import Sweeping
from fupin.api.work import Work, refuse_unknown
from fupin.errors import PYTHON, InputError
from fupin.results.asked import SEARCHED, Draws, Sample, Seeds
from fupin.results.draws import Draw
from fupin.scenario.schema import Scenario

AnyPlan = str | os.PathLike[str] | Scenario | Plan


def run(
    plan: AnyPlan,
    *,
    draws: Draws = None,
    seeds: Seeds = None,
    sample: Sample = None,
    horizon: int | None = None,
    luck: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    progress: Asked = None,
    **unknown: Never,
) -> PlanResult:
    """Run a plan: every draw with every seed. What was run before is read.

    Args:
        plan: a plan, or what `load` takes.
        draws: parameter vectors: 20 for the first 20 rows of the posterior, "central" for its
            middle, "prior:20" for vectors of the priors; a list of single ones. 20 if None.
        seeds: streams of chance: 5 for seeds 1 to 5, "3,7-9" or [3, 7, 8, 9] for those. 1 if None;
            seed 1 of a row of the posterior is the year as it was.
        sample: "default", "full", or a share of the villages such as 0.05; the plan's if None.
        horizon: last year that is lived on, without new money; the plan's if None.
        luck: "own" for 2009 as it was, "new" for another year with the same parameters.
        workers: processes; all cores if None.
        scheduler: address or scheduler file of a running Dask scheduler.
        fresh: run all of it, also what was run before.
        progress: True shows it, False does not; None where somebody looks; or a function.

    Raises:
        InputError: a mistake in plan or arguments, with what to write instead.
        RunFailed: a run stopped with an error, which is a fault of fupin.
    """
    refuse_unknown(run, unknown)
    work = Work.of(
        draws=draws, seeds=seeds, workers=workers, scheduler=scheduler, fresh=fresh, luck=luck
    )
    return run_plan(load(plan).sampled(sample).lived_to(horizon), work, display_of(progress))


def compare(
    base: AnyPlan,
    *plans: AnyPlan,
    draws: Draws = None,
    seeds: Seeds = None,
    sample: Sample = None,
    horizon: int | None = None,
    luck: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    cash: bool = True,
    progress: Asked = None,
    **unknown: Never,
) -> ComparisonResult:
    """Compare plans with a base: the same households with the same luck under each (twins).

    Args:
        base, plans: plans, or what `load` takes; under different names.
        cash: what the same money would do as cash stands beside each; two more worlds a plan.
        draws, seeds, sample, horizon, luck, workers, scheduler, fresh, progress: as of `run`.

    Raises:
        InputError, RunFailed: as of `run`; no plan, or plans that are no twins.
    """
    refuse_unknown(compare, unknown)
    if not plans:
        raise InputError("There is no plan to compare.", "Write compare(base, plan).")
    work = Work.of(
        draws=draws, seeds=seeds, workers=workers, scheduler=scheduler, fresh=fresh, luck=luck
    )
    contenders = contenders_of(
        [load(plan).sampled(sample).lived_to(horizon) for plan in (base, *plans)]
    )
    return compare_plans(contenders, work, display_of(progress), cash)


def allocate(
    plan: AnyPlan,
    goal: str | Sequence[str] | None = None,
    *,
    envelope: Any = None,
    by: str | None = None,
    most_change: float | str | None = None,
    protect: str | Sequence[str] | None = None,
    bounds: Mapping[str, Any] | None = None,
    packages: Mapping[str, Any] | None = None,
    floors: Mapping[str, Any] | None = None,
    at_least: Mapping[str, Any] | None = None,
    at_most: Mapping[str, Any] | None = None,
    target: float | None = None,
    unit: Any = None,
    draws: Draws = None,
    seeds: Seeds = None,
    check_draws: int | None = None,
    check_seeds: Seeds = None,
    sample: Sample = None,
    horizon: int | None = None,
    luck: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    progress: Asked = None,
    **unknown: Never,
) -> AllocationResult:
    """Look for a better division of a plan's money, and check it on luck it has not seen.

    Args:
        plan: a plan, or what `load` takes; its `allocate` counts where an argument is None.
        goal: what is to be as large as possible; several give a front.
        envelope, by, most_change, protect, bounds, packages, floors, at_least, at_most, target,
            unit: as the keys of `allocate:` in a scenario file.
        draws, seeds: of the search; five rows of the posterior with one seed if None.
        check_draws, check_seeds: how many other parameter vectors check the proposal, and which
            seeds; 20 with one seed that the search has not used if None.
        sample, horizon, luck, workers, scheduler, fresh, progress: as of `run`.

    Raises:
        InputError, RunFailed: as of `run`; limits that exclude one another, or a goal that nothing
            moves.
    """
    refuse_unknown(allocate, unknown)
    found = load(plan).sampled(sample).lived_to(horizon)
    said = {
        "goal": goal, "envelope": envelope, "by": by, "most_change": most_change,
        "protect": protect,
        "bounds": bounds, "packages": packages, "floors": floors, "at_least": at_least,
        "at_most": at_most, "target": target, "unit": unit,
    }  # fmt: skip
    asked = asked_of(found, said)
    work = Work.of(
        draws=SEARCHED[0] if draws is None else draws,
        seeds=SEARCHED[1] if seeds is None else seeds,
        workers=workers, scheduler=scheduler, fresh=fresh, luck=luck,
    )  # fmt: skip
    count, others = check_of(work, check_draws, check_seeds)
    return allocate_plan(found, asked, work, count, others, display_of(progress))


def attribute(
    plan: AnyPlan,
    outcome: str | None = None,
    *,
    households: bool = True,
    draws: Draws = None,
    seeds: Seeds = None,
    sample: Sample = None,
    horizon: int | None = None,
    luck: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    progress: Asked = None,
    **unknown: Never,
) -> AttributionResult:
    """Say what each programme of a plan did, in shares that sum to what the plan did.

    Args:
        plan: a plan, or what `load` takes.
        outcome: of what; person-years out of poverty to the horizon if None.
        households: look at every household in the first draw and seed.
        draws, seeds: the middle of the posterior and its first seed if None.
        sample, horizon, luck, workers, scheduler, fresh, progress: as of `run`.

    Raises:
        InputError, RunFailed: as of `run`; a plan without programmes, or an outcome that has no
            shares.
    """
    refuse_unknown(attribute, unknown)
    some_draws, some_seeds = drawn_with(draws, seeds)
    work = Work.of(
        draws=some_draws, seeds=some_seeds, workers=workers, scheduler=scheduler, fresh=fresh,
        luck=luck,
    )  # fmt: skip
    found = load(plan).sampled(sample).lived_to(horizon)
    return attribute_plan(found, outcome, work, display_of(progress), households)


def sweep(
    source: str | Path | Mapping[str, Any],
    *,
    draws: Draws = None,
    seeds: Seeds = None,
    sample: Sample = None,
    workers: int | None = None,
    scheduler: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    shard: str | None = None,
    detail: str | None = None,
    retry_failed: bool = False,
    progress: Asked = None,
    **unknown: Never,
) -> SweepResult:
    """Run every point of a design; the same call goes on where it was stopped.

    Args:
        source: a sweep file, or a mapping that says the same and may hold plans:
            {"name": "how-much", "scenario": plan, "factors":
            {"programmes.skills_training.budget": [15e6, 30e6, 60e6]}}.
        draws, seeds, sample: as of `run`; what the file says if None.
        workers, scheduler, progress: as of `run`.
        folder: where runs are recorded; `results/NAME` if None.
        shard: "3/8" makes the third of eight parts.
        detail: tables to keep of each run, such as "months,counties".
        retry_failed: run again what failed before.

    Raises:
        InputError: a mistake in sweep or arguments, before anything runs or is written.
    """
    refuse_unknown(sweep, unknown)
    asked = Sweeping.of(
        source,
        draws=draws,
        seeds=seeds,
        sample=sample,
        workers=workers,
        scheduler=scheduler,
        folder=None if folder is None else Path(folder),
        shard=shard,
        detail=detail,
        retry_failed=retry_failed,
        say=PYTHON,
    )
    return asked.run(display_of(progress))


__all__ = [
    "AllocationResult", "AttributionResult", "ComparisonResult", "Draw", "InputError", "Plan",
    "PlanResult", "Result", "SweepResult", "allocate", "attribute", "compare", "load", "read",
    "run", "sweep",
]  # fmt: skip
