"""`fupin sweep SWEEP`: every point of a design with every draw and seed; goes on after a stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fupin.commands.running import FULL, Running, tell_verdict

if TYPE_CHECKING:
    from rich.table import Table

LONG_SECONDS = 600.0
"""A sweep that takes longer is confirmed on a terminal, unless --yes."""


@dataclass(frozen=True)
class Options(Running):
    """What the command line says; texts are as the user wrote them."""

    sweep: Path
    shard: str | None = None
    detail: str | None = None
    retry_failed: bool = False
    yes: bool = False


@click.command("sweep")
@click.argument("sweep", metavar="SWEEP", type=click.Path(path_type=Path))
@click.option("--seeds", help="As of `fupin run`; instead of those of the file.")
@click.option("--draws", help="As of `fupin run`; instead of those of the file.")
@click.option("--sample", help="default, full or a share such as 0.05.")
@click.option("--workers", type=int, help="Processes; all cores if not given.")
@click.option("--scheduler", help="Address or scheduler file of a running Dask scheduler.")
@click.option("--shard", metavar="I/N", help="Only every N-th run, beginning with the I-th.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder; results/NAME if not given.")
@click.option("--detail", help="Keep tables of each run, such as months,counties.")
@click.option("--retry-failed", is_flag=True, help="Run again what failed before.")
@click.option("--yes", is_flag=True, help="Begin without a question, however long it takes.")
@FULL
@click.option("--json", "as_json", is_flag=True, help="Print summary.json and nothing else.")
@click.option("--quiet", is_flag=True, help="Print only where the result is.")
def command(sweep: Path, **options: Any) -> None:
    """Run the design of the file SWEEP: every point with every draw and every seed.

    The same command goes on where it was stopped; with more seeds, draws or points it computes
    what is missing. docs/sweeps.md shows the file, the tables and how to use a cluster.
    """
    run_sweep(Options(sweep=sweep, **options))


def run_sweep(options: Options) -> Path:
    """Everything that the command does; returns the folder.

    Raises:
        InputError: anything wrong with the options, the file or a point, before anything runs or
            is written.
        click.exceptions.Exit: code 1, after a message, when it was interrupted or workers die.
    """
    from fupin.api.sweeping import Sweeping
    from fupin.commands.sessions import ending
    from fupin.errors import COMMAND_LINE
    from fupin.sweeps.results import summary_text

    sweeping = Sweeping.of(
        options.sweep,
        seeds=options.seeds,
        draws=options.draws,
        sample=options.sample,
        workers=options.workers,
        scheduler=options.scheduler,
        shard=options.shard,
        folder=options.out,
        detail=options.detail,
        retry_failed=options.retry_failed,
        say=COMMAND_LINE,
    )
    folder, (part, parts) = sweeping.folder, sweeping.part

    def agreed(seconds: float) -> None:
        if seconds > LONG_SECONDS and not options.yes and not options.silent and _is_terminal():
            click.confirm("Go on?", abort=True, default=True, err=True)

    with ending(f"Go on with the same command; recorded runs lie in {folder}."):
        result = sweeping.run(options.display, agreed)
    summary = result.summary
    if options.as_json:
        click.echo(summary_text(summary), nl=False)
    elif options.quiet:
        click.echo(str(folder))
    elif parts > 1:
        from fupin.words.phrases import phrase

        click.echo(phrase(f"Shard {part} of {parts}: {summary['runs']:,} runs."))
        click.echo(phrase(f"When all shards are done: fupin merge {folder.parent}"))
    else:
        print_sweep(summary, folder, table=options.full)
        tell_verdict(result)
    return folder


def ends_table(rows: Sequence[Sequence[str]]) -> Table:
    """Least and most of each outcome; where there is no room names are folded, never numbers."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("outcome", overflow="fold")
    for head in ("least", "at\npoint", "most", "at\npoint"):
        table.add_column(head, justify="right", no_wrap=True, vertical="bottom")
    for row in rows:
        table.add_row(*row)
    return table


def _is_terminal() -> bool:
    import sys

    return sys.stdin.isatty() and sys.stderr.isatty()


def print_sweep(
    summary: dict[str, Any], folder: Path, width: int | None = None, table: bool = True
) -> None:
    """What a sweep found, for people: least and largest point mean of each outcome.

    Args:
        summary: of the sweep.
        folder: where it lies.
        width: columns; those of the terminal if not given.
        table: print the outcomes too, and not only what ran.
    """
    from fupin.report.terminal.spoken_console import SpokenConsole
    from fupin.words.lived import of_sweep as lived_in
    from fupin.words.numbers import estimate
    from fupin.words.phrases import phrase
    from fupin.words.reassessment import of_sweep
    from fupin.words.sample import of_sample
    from fupin.words.spoken import spoken

    failed, missing = summary["failed"], summary["missing"]
    if table and summary["outcomes"] and summary["points"] > 1:
        rows = []
        for name, ends in summary["outcomes"].items():
            cells = []
            for end in (ends["least"], ends["most"]):
                cells += [estimate({"low": None, "high": None, **end})[0], f"{end['point']:,}"]
            rows.append([name, *cells])
        SpokenConsole(highlight=False, width=width).print(ends_table(rows))
    for sentence in of_sweep(spoken(), summary):
        click.echo(phrase(f"Warning: {sentence}"))
    for sentence in of_sample(spoken(), summary.get("sample")):
        click.echo(sentence)
    for sentence in lived_in(spoken(), summary.get("lived")):
        click.echo(sentence)
    click.echo(phrase(f"{summary['runs']:,} runs of {summary['points']:,} points."))
    if failed:
        click.echo(
            phrase(f"{failed:,} runs failed: {folder / 'failures.csv'}; --retry-failed runs them.")
        )
    if missing:
        click.echo(phrase(f"{missing:,} runs are not made yet."))
    if (folder / "means.csv").exists():
        click.echo(phrase(f"Means of points: {folder / 'means.csv'}"))
    click.echo(phrase(f"Every run: {folder / 'runs.parquet'}"))
