"""`fupin run SCENARIO`: run it, print document | role | model, write a result folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.experiments.draws import Draw
    from sim.experiments.run import Simulate
    from sim.parameters.document import DocumentRow
    from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Options:
    """What the command line says; texts are as the user wrote them."""

    scenario: str
    seeds: str | None = None
    draws: str | None = None
    sample: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    out: Path | None = None
    fresh: bool = False
    as_json: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Parts:
    """What the command is made of, so that tests can put something quick in its place."""

    simulate: Simulate
    fingerprints: Callable[[Scenario], Mapping[str, str]]
    document: Callable[[], Sequence[DocumentRow]]


@click.command("run")
@click.argument("scenario", metavar="SCENARIO")
@click.option("--seeds", help="5 for seeds 1 to 5; 3,7-9 for those. [default: 2]")
@click.option(
    "--draws",
    help="20 for the first 20 rows of the posterior; central for its middle; prior:20 for 20 "
    "vectors from the priors. [default: 10]",
)
@click.option("--sample", help="default, full or a share such as 0.05; overrides the scenario.")
@click.option("--workers", type=int, help="Processes; all cores if not given.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="New result folder; results/NAME-TIME if not given.",
)
@click.option("--scheduler", help="Address or scheduler file of a running Dask scheduler.")
@click.option("--fresh", is_flag=True, help="Run all of it, also what was run before.")
@click.option("--json", "as_json", is_flag=True, help="Print summary.json and nothing else.")
@click.option("--quiet", is_flag=True, help="Print only where the result is.")
def command(scenario: str, **options: Any) -> None:
    """Run SCENARIO and print each figure of the document beside the model's own.

    SCENARIO is a file, or fupin:NAME for one that comes with fupin. Every draw runs with every
    seed. The result folder holds summary.json, run.json and tables as Parquet and CSV.
    """
    run_scenario(Options(scenario, **options), _parts())


def _parts() -> Parts:
    from sim.experiments.simulate import simulate
    from sim.parameters.document import load_document

    return Parts(simulate, fingerprints, load_document)


def fingerprints(scenario: Scenario) -> dict[str, str]:
    """Hashes of the parameter values and of the population of a scenario."""
    from sim.parameters.book import load_book
    from sim.population.frame import load_frame

    return {
        "parameters": load_book().values(scenario.parameters).fingerprint(),
        "frame": load_frame(scenario.population.sample, scenario.population.seed).fingerprint,
    }


def run_scenario(options: Options, parts: Parts) -> Path:
    """Everything that the command does; returns the result folder.

    Raises:
        InputError: anything wrong with the options, the scenario or the target folder, before
            anything is simulated.
        click.exceptions.Exit: code 1, after a message, when a run or the writing fails.
    """
    from sim import paths
    from sim.commands.report import add_report
    from sim.commands.sessions import ending, runs_bar
    from sim.experiments.draws import chosen
    from sim.experiments.run import RunFailed, run
    from sim.experiments.summary import summarise, to_json
    from sim.programmes.settings import PROGRAMME_KEYS
    from sim.scenario.dump import scenario_mapping
    from sim.scenario.load import load_scenario
    from sim.store.folder import ResultNotWritten, check_target, default_folder, write_result
    from sim.store.versions import package_versions, sources_fingerprint

    seeds, draws = chosen(options.seeds, options.draws)
    scenario = load_scenario(options.scenario)
    if options.sample is not None:
        scenario = with_sample(scenario, options.sample)
    folder = options.out or default_folder(paths.results(), scenario.name)
    check_target(folder)
    silent = options.quiet or options.as_json
    compile_first(silent)
    how = "What was run is kept: the same command goes on with it."
    try:
        with ending(how), runs_bar(silent) as on_progress:
            results = run(
                scenario,
                draws,
                seeds,
                options.workers,
                parts.simulate,
                on_progress,
                scheduler=options.scheduler,
                cache=None if options.fresh else paths.cache() / "runs",
                notify=lambda line: click.echo(f"fupin: {line}", err=True),
            )
    except RunFailed as failure:
        click.echo(failure.details, err=True, nl=False)
        click.echo(f"fupin: {failure}", err=True)
        raise click.exceptions.Exit(1) from None
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
    if failed is not None:
        click.echo(f"fupin: {failed}", err=True)
        raise click.exceptions.Exit(1)
    if not options.as_json:
        label = "" if options.quiet else "Result: "
        click.echo(f"{label}{short(folder)}")
    add_report(folder, silent)
    return folder


def sample_of(text: str) -> str | float:
    """The sample that `--sample` names.

    Raises:
        InputError: none of default, full and a share.
    """
    sample: str | float = text.strip().lower()
    if sample not in ("default", "full"):
        try:
            sample = float(sample)
        except ValueError:
            sample = 0.0
        if not 0 < sample <= 1:
            raise InputError(
                f"--sample {text} is not a sample.",
                "Write default, full, or a share above 0 and up to 1, such as 0.05.",
            )
    return sample


def with_sample(scenario: Scenario, text: str) -> Scenario:
    """The scenario with the sample that `--sample` names."""
    population = scenario.population.model_copy(update={"sample": sample_of(text)})
    return scenario.model_copy(update={"population": population})


def compile_first(silent: bool) -> None:
    """Compile the model on all cores, and say that it takes a while, where nothing is compiled.

    Without a second core, or without a cache, kernels are compiled when they are called.
    """
    from sim.experiments.executors import usable_cores
    from sim.kernels import jit

    if not jit.COMPILED or jit.is_cached():
        return
    if not silent:
        click.echo(
            "The first run on this machine compiles the model; later runs start at once.", err=True
        )
    if jit.ON_DISK and usable_cores() > 1:
        from sim.kernels.ahead import compile_first_run

        compile_first_run()


def _print_tables(
    scenario: Scenario,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    summary: Mapping[str, Any],
    figures: Sequence[DocumentRow],
) -> None:
    from rich.console import Console

    from sim.report.run_page import print_run

    print_run(Console(highlight=False), scenario, draws, seeds, summary, figures)


def short(folder: Path) -> Path:
    """The folder as seen from here, if it lies below."""
    try:
        return folder.absolute().relative_to(Path.cwd())
    except ValueError:
        return folder
