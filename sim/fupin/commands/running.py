"""What commands share that simulate scenarios and leave a result folder: options, run, ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fupin.errors import InputError

if TYPE_CHECKING:
    from fupin.engine.one_scenario import Simulate
    from fupin.results.draws import Draw
    from fupin.results.outcome import RunResult
    from fupin.scenario.schema import Scenario
    from fupin.store.folder import ResultNotWritten


@dataclass(frozen=True, kw_only=True)
class Running:
    """Options of `running_options`; texts are as the user wrote them."""

    seeds: str | None = None
    draws: str | None = None
    sample: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    out: Path | None = None
    fresh: bool = False
    as_json: bool = False
    quiet: bool = False

    @property
    def silent(self) -> bool:
        """True where neither progress nor tables are wanted."""
        return self.quiet or self.as_json


def running_options(fresh: str, as_json: str) -> Callable[[Any], Any]:
    """The options of `Running`, with what `--fresh` and `--json` say in their help."""
    options = [
        click.option("--seeds", help="5 for seeds 1 to 5; 3,7-9 for those. [default: 2]"),
        click.option(
            "--draws",
            help="20 for the first 20 rows of the posterior; central for its middle; prior:20 for "
            "20 vectors from the priors. [default: 10]",
        ),
        click.option(
            "--sample", help="default, full or a share such as 0.05; overrides the scenario."
        ),
        click.option("--workers", type=int, help="Processes; all cores if not given."),
        click.option(
            "--out",
            type=click.Path(path_type=Path),
            help="New result folder; results/NAME-TIME if not given.",
        ),
        click.option("--scheduler", help="Address or scheduler file of a running Dask scheduler."),
        click.option("--fresh", is_flag=True, help=fresh),
        click.option("--json", "as_json", is_flag=True, help=as_json),
        click.option("--quiet", is_flag=True, help="Print only where the result is."),
    ]

    def give(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return give


def simulated(
    options: Running,
    work: Any,
    draws: Sequence[Draw],
    seeds: Sequence[int],
    simulate: Simulate,
    how_to_go_on: str,
    cache: Path | None = None,
) -> list[RunResult]:
    """Every draw with every seed, with progress; compiles first where nothing is compiled.

    Args:
        options: workers, scheduler, and whether to be silent.
        work, draws, seeds, simulate, cache: as of `fupin.engine.one_scenario.run`.
        how_to_go_on: said after an interruption.

    Raises:
        InputError: a mistake of the user that only a run can find.
        click.exceptions.Exit: code 1, after a message, when a run fails or all are interrupted.
    """
    from fupin.commands.sessions import ending, runs_bar
    from fupin.engine.one_scenario import RunFailed, run

    _compile_first(options.silent)
    try:
        with ending(how_to_go_on), runs_bar(options.silent) as on_progress:
            return run(
                work,
                draws,
                seeds,
                options.workers,
                simulate,
                on_progress,
                scheduler=options.scheduler,
                cache=cache,
                notify=lambda line: click.echo(f"fupin: {line}", err=True),
            )
    except RunFailed as failure:
        click.echo(failure.details, err=True, nl=False)
        click.echo(f"fupin: {failure}", err=True)
        raise click.exceptions.Exit(1) from None


def tell_where(options: Running, folder: Path, failed: ResultNotWritten | None) -> None:
    """Say where the result is, and write its report; or why there is none.

    Raises:
        click.exceptions.Exit: code 1, after a message, when the result was not written.
    """
    from fupin.commands.report import add_report

    if failed is not None:
        click.echo(f"fupin: {failed}", err=True)
        raise click.exceptions.Exit(1)
    if not options.as_json:
        click.echo(f"{'' if options.quiet else 'Result: '}{short(folder)}")
    add_report(folder, options.silent)


def _compile_first(silent: bool) -> None:
    """Compile the model on all cores, and say that it takes a while, where nothing is compiled.

    Without a second core, or without a cache, kernels are compiled when they are called.
    """
    from fupin.engine.workers import usable_cores
    from fupin.kernels import jit

    if not jit.COMPILED or jit.is_cached():
        return
    if not silent:
        click.echo(
            "The first run on this machine compiles the model; later runs start at once.", err=True
        )
    if jit.ON_DISK and usable_cores() > 1:
        from fupin.kernels.ahead import compile_first_run

        compile_first_run()


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


def fingerprints(scenario: Scenario) -> dict[str, str]:
    """Hashes of the parameter values and of the population of a scenario."""
    from fupin.parameters.book import load_book
    from fupin.population.frame import load_frame

    return {
        "parameters": load_book().values(scenario.parameters).fingerprint(),
        "frame": load_frame(scenario.population.sample, scenario.population.seed).fingerprint,
    }


def short(folder: Path) -> Path:
    """The folder as seen from here, if it lies below."""
    try:
        return folder.absolute().relative_to(Path.cwd())
    except ValueError:
        return folder
