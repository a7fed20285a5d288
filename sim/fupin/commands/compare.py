"""`fupin compare BASE PLAN...`: plans beside a base as twins; prints tables, writes a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fupin.commands.completion import scenario_names
from fupin.commands.running import (
    Running,
    fingerprints,
    running_options,
    simulated,
    tell_where,
    with_sample,
)
from fupin.errors import InputError

if TYPE_CHECKING:
    from fupin.comparison.contest import Contest
    from fupin.results.draws import Draw
    from fupin.results.outcome import RunResult
    from fupin.scenario.schema import Scenario

Live = Callable[["Contest", "Draw", int], "RunResult"]


@dataclass(frozen=True)
class Options(Running):
    """What the command line says."""

    base: str
    plans: tuple[str, ...]


@click.command("compare")
@click.argument("base", metavar="BASE", shell_complete=scenario_names)
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True, shell_complete=scenario_names)
@running_options(
    fresh="Live all worlds, also those that were lived before.",
    as_json="Print comparison.json and nothing else.",
)
def command(base: str, plans: tuple[str, ...], **options: Any) -> None:
    """Compare each PLAN with BASE: what changes, for whom, at what cost, and how sure that is.

    BASE and PLANs are files, or fupin:NAME. All start from the same households with the same luck
    (twins), so that a difference is what the plan causes. docs/compare.md says how to read it.
    """
    from fupin.comparison.contest import live_twins

    compare_scenarios(Options(base=base, plans=plans, **options), live_twins)


def compare_scenarios(options: Options, live: Live) -> Path:
    """Everything that the command does; returns the result folder.

    Raises:
        InputError: anything wrong with the options, the scenarios or the target folder, before
            anything is simulated.
        click.exceptions.Exit: code 1, after a message, when a run or the writing fails.
    """
    from fupin import paths
    from fupin.comparison.content import Runs, compared
    from fupin.comparison.contest import Contest, twins_without_programmes
    from fupin.comparison.folder import write_comparison
    from fupin.comparison.tables import tables_of
    from fupin.files.to_json import to_json
    from fupin.results.draws import chosen
    from fupin.scenario.dump import scenario_mapping
    from fupin.store.folder import ResultNotWritten, check_target, default_folder
    from fupin.store.versions import model_fingerprint, package_versions, sources_fingerprint

    seeds, draws = chosen(options.seeds, options.draws)
    base, *plans = contenders(options.base, options.plans, options.sample)
    folder = options.out or default_folder(paths.results(), f"compare-{base.name}")
    check_target(folder)
    cache = None if options.fresh else paths.cache() / "worlds"
    contest = Contest(base, tuple(plans), cache, model_fingerprint())
    results = simulated(
        options,
        contest,
        draws,
        seeds,
        live,
        "The base is kept: the same command does not live it again.",
    )
    names = tuple(plan.name for plan in plans)
    labels = tuple(draw.label for draw in draws)
    bare_of = twins_without_programmes(contest)
    runs = Runs(base.name, names, bare_of, labels, tuple(seeds), results)
    comparison = compared(runs)
    failed: ResultNotWritten | None = None
    try:
        write_comparison(
            folder,
            base=scenario_mapping(base),
            plans=[scenario_mapping(plan) for plan in plans],
            draws=draws,
            seeds=seeds,
            comparison=comparison,
            named_tables=tables_of(runs, comparison),
            versions=package_versions(),
            hashes={"sources": sources_fingerprint(), **fingerprints(base)},
        )
    except ResultNotWritten as error:
        failed = error  # what was computed is shown all the same
    if options.as_json:
        click.echo(to_json(comparison), nl=False)
    elif not options.quiet:
        from rich.console import Console

        from fupin.report.terminal.comparison import print_comparison

        print_comparison(Console(highlight=False), base, plans, draws, seeds, comparison)
    tell_where(options, folder, failed)
    return folder


def contenders(base: str, plans: Sequence[str], sample: str | None) -> list[Scenario]:
    """The base and the plans, loaded and found to be twins.

    Raises:
        InputError: a scenario that is wrong, two of the same name, or not twins.
    """
    from fupin.comparison.contest import require_twins
    from fupin.scenario.load import load_scenario

    found: list[Scenario] = []
    for file in (base, *plans):
        scenario = load_scenario(file)
        if sample is not None:
            scenario = with_sample(scenario, sample)
        if any(other.name == scenario.name for other in found):
            raise InputError(
                f"Two of the scenarios are called {scenario.name}; tables could not tell them "
                "apart.",
                "Give each another `name`, and name each file once.",
            )
        if found:
            require_twins(found[0], scenario)
        found.append(scenario)
    return found
