"""What commands that leave a result folder share: options, a good end, where the result is."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fupin.terminal import short

if TYPE_CHECKING:
    from fupin.api.display import Display
    from fupin.api.result import Result, TablesResult
    from fupin.api.work import Work
    from fupin.words.ten import Answer


@dataclass(frozen=True, kw_only=True)
class Output:
    """What a command prints."""

    as_json: bool = False
    quiet: bool = False

    @property
    def silent(self) -> bool:
        """True where neither progress nor tables are wanted."""
        return self.quiet or self.as_json

    @property
    def display(self) -> Display:
        """Shows how far it is, where that is wanted; says in any case what is unusual."""
        from fupin.api.display import display_of
        from fupin.words.phrases import phrase

        return display_of(
            not self.silent, lambda line: click.echo(f"fupin: {phrase(line)}", err=True)
        )


@dataclass(frozen=True, kw_only=True)
class Running(Output):
    """Options of `running_options`; texts are as the user wrote them."""

    full: bool = False
    seeds: str | None = None
    draws: str | None = None
    sample: str | None = None
    horizon: str | None = None
    luck: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    out: Path | None = None
    fresh: bool = False

    def work(self) -> Work:
        """Which runs are made, and by whom. Raises InputError for options that are wrong."""
        from fupin.api.work import Work
        from fupin.errors import COMMAND_LINE

        return Work.of(
            draws=self.draws,
            seeds=self.seeds,
            workers=self.workers,
            scheduler=self.scheduler,
            fresh=self.fresh,
            luck=self.luck,
            say=COMMAND_LINE,
        )

    def folder(self, name: str) -> Path:
        """Where the result goes. Raises InputError where nothing can be written there."""
        from fupin import paths
        from fupin.store.folder import check_target, default_folder

        folder = self.out or default_folder(paths.results(), name)
        check_target(folder)
        return folder


FULL = click.option("--full", is_flag=True, help="Print all tables before the verdict.")


def running_options(
    fresh: str, as_json: str, draws: str = "20", seeds: str = "1"
) -> Callable[[Any], Any]:
    """The options of `Running`, with what `--fresh` and `--json` say in their help.

    Args:
        fresh, as_json: help of these options.
        draws, seeds: what a command takes if the user names none, as its help says.
    """
    options = [
        click.option("--seeds", help=f"5 for seeds 1 to 5; 3,7-9 for those. [default: {seeds}]"),
        click.option(
            "--draws",
            help="20 for the first 20 rows of the posterior; central for its middle; prior:20 for "
            f"20 vectors from the priors. [default: {draws}]",
        ),
        click.option(
            "--sample", help="default, full or a share such as 0.05; overrides the scenario."
        ),
        click.option(
            "--horizon",
            help="Last year of the simulation; later years have no new money. [default: the fifth]",
        ),
        click.option(
            "--luck",
            help="own: the year as it was for each row; new: another year with the same "
            "parameters. [default: own]",
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
        FULL,
        click.option("--quiet", is_flag=True, help="Print only where the result is."),
    ]

    def give(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return give


def save_and_tell(
    options: Running, result: TablesResult, folder: Path, tables: Callable[[], None]
) -> Path:
    """As `written`, write the report of the result, and end with the verdict."""
    written(options, result, folder, tables)
    add_report(folder, options.silent)
    if not options.silent:
        tell_verdict(result)
    return folder


def answers(folder: Path) -> list[Answer]:
    """What a result that was written answers to the questions of a planner; none if it was not."""
    from fupin.errors import InputError
    from fupin.report.ten import answers_of
    from fupin.words.spoken import spoken

    try:
        return answers_of(folder, spoken().code, shlex.quote(str(short(folder))))
    except InputError:  # the disk is full, and says so elsewhere
        return []


def tell_verdict(result: Result) -> None:
    """What a result says, in at most ten lines; nothing comes after it."""
    from rich.console import Console

    from fupin.report.terminal.short import print_verdict
    from fupin.words.spoken import spoken

    print_verdict(Console(highlight=False), result.verdict(spoken().code))


def written(
    options: Running, result: TablesResult, folder: Path, tables: Callable[[], None]
) -> Path:
    """Write a result, print it as the options wish, and say where it is.

    Args:
        tables: prints the tables for people; what was computed is shown also where it could not
            be written.

    Raises:
        click.exceptions.Exit: code 1, after a message, when the result was not written.
    """
    from fupin.files.to_json import to_json
    from fupin.store.folder import ResultNotWritten

    failed: ResultNotWritten | None = None
    try:
        result.save(folder)
    except ResultNotWritten as error:
        failed = error
    if options.as_json:
        click.echo(to_json(result.summary), nl=False)
    elif not options.quiet:
        tables()
    if failed is not None:
        if not options.silent:
            tell_verdict(result)
        click.echo(f"fupin: {failed}", err=True)
        raise click.exceptions.Exit(1)
    if not options.as_json:
        from fupin.words.spoken import said

        click.echo(f"{'' if options.quiet else said('Result: ')}{short(folder)}")
    return folder


def add_report(folder: Path, silent: bool) -> None:
    """Write the reports of a result into its folder, and say where they are.

    The result stands without them: what keeps one from being written is a line on standard error.

    Args:
        silent: say nothing.
    """
    from fupin.errors import InputError
    from fupin.report.html.page import renewed_reports

    try:
        for file in renewed_reports(folder):
            if not silent:
                from fupin.words.spoken import said

                click.echo(f"{said('Report: ')}{short(file)}")
    except InputError as error:
        if not silent:
            click.echo(f"fupin: no report: {error}", err=True)
