"""`fupin run SCENARIO`: run it, print document | role | model, write a result folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

if TYPE_CHECKING:
    from fupin.engine.one_scenario import Simulate
    from fupin.parameters.document import DocumentRow
    from fupin.results.draws import Draw
    from fupin.scenario.schema import Scenario


@dataclass(frozen=True)
class Options(Running):
    """What the command line says."""

    scenario: str


@dataclass(frozen=True)
class Parts:
    """What the command is made of, so that tests can put something quick in its place."""

    simulate: Simulate
    fingerprints: Callable[[Scenario], Mapping[str, str]]
    document: Callable[[], Sequence[DocumentRow]]


@click.command("run")
@click.argument("scenario", metavar="SCENARIO", shell_complete=scenario_names)
@running_options(
    fresh="Run all of it, also what was run before.",
    as_json="Print summary.json and nothing else.",
)
def command(scenario: str, **options: Any) -> None:
    """Run SCENARIO and print each figure of the document beside the model's own.

    SCENARIO is a file, or fupin:NAME for one that comes with fupin. Every draw runs with every
    seed. The result folder holds summary.json, run.json and tables as Parquet and CSV.
    """
    run_scenario(Options(scenario=scenario, **options), _parts())


def _parts() -> Parts:
    from fupin.lives.one_run import simulate
    from fupin.parameters.document import load_document

    return Parts(simulate, fingerprints, load_document)


def run_scenario(options: Options, parts: Parts) -> Path:
    """Everything that the command does; returns the result folder.

    Raises:
        InputError: anything wrong with the options, the scenario or the target folder, before
            anything is simulated.
        click.exceptions.Exit: code 1, after a message, when a run or the writing fails.
    """
    from fupin import paths
    from fupin.files.to_json import to_json
    from fupin.lives.summary import summarise
    from fupin.results.draws import chosen
    from fupin.scenario.dump import scenario_mapping
    from fupin.scenario.load import load_scenario
    from fupin.scenario.programmes import PROGRAMME_KEYS
    from fupin.store.folder import ResultNotWritten, check_target, default_folder, write_result
    from fupin.store.versions import package_versions, sources_fingerprint

    seeds, draws = chosen(options.seeds, options.draws)
    scenario = load_scenario(options.scenario)
    if options.sample is not None:
        scenario = with_sample(scenario, options.sample)
    folder = options.out or default_folder(paths.results(), scenario.name)
    check_target(folder)
    results = simulated(
        options,
        scenario,
        draws,
        seeds,
        parts.simulate,
        "What was run is kept: the same command goes on with it.",
        None if options.fresh else paths.cache() / "runs",
    )
    summary = summarise(results, PROGRAMME_KEYS)
    failed: ResultNotWritten | None = None
    try:
        write_result(
            folder,
            scenario=scenario_mapping(scenario),
            draws=draws,
            seeds=seeds,
            summary=summary,
            results=results,
            versions=package_versions(),
            hashes={"sources": sources_fingerprint(), **parts.fingerprints(scenario)},
        )
    except ResultNotWritten as error:
        failed = error  # what was computed is shown all the same
    if options.as_json:
        click.echo(to_json(summary), nl=False)
    elif not options.quiet:
        _print_tables(scenario, draws, seeds, summary, parts.document())
    tell_where(options, folder, failed)
    return folder


def _print_tables(
    scenario: Scenario,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    summary: Mapping[str, Any],
    figures: Sequence[DocumentRow],
) -> None:
    from rich.console import Console

    from fupin.report.terminal.run import print_run

    print_run(Console(highlight=False), scenario, draws, seeds, summary, figures)
