"""`fupin sweep SWEEP`: every point of a design with every draw and seed; goes on after a stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fupin.errors import InputError

if TYPE_CHECKING:
    from fupin.engine.many import Plan
    from fupin.engine.run_ids import Job, RunIndex
    from fupin.engine.workers import Workers
    from fupin.sweeps.file import Sweep

LONG_SECONDS = 600.0
"""A sweep that takes longer is confirmed on a terminal, unless --yes."""


@dataclass(frozen=True)
class Options:
    """What the command line says; texts are as the user wrote them."""

    sweep: Path
    seeds: str | None = None
    draws: str | None = None
    sample: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    shard: str | None = None
    out: Path | None = None
    detail: str | None = None
    retry_failed: bool = False
    yes: bool = False
    as_json: bool = False
    quiet: bool = False


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
@click.option("--json", "as_json", is_flag=True, help="Print summary.json and nothing else.")
@click.option("--quiet", is_flag=True, help="Print only where the result is.")
def command(sweep: Path, **options: Any) -> None:
    """Run the design of the file SWEEP: every point with every draw and every seed.

    The same command goes on where it was stopped; with more seeds, draws or points it computes
    what is missing. docs/sweeps.md shows the file, the tables and how to use a cluster.
    """
    run_sweep(Options(sweep, **options))


def run_sweep(options: Options) -> Path:
    """Everything that the command does; returns the folder.

    Raises:
        InputError: anything wrong with the options, the file or a point, before anything runs or
            is written.
        click.exceptions.Exit: code 1, after a message, when it was interrupted or workers die.
    """
    from fupin.commands.sessions import ending
    from fupin.engine.many import STORE, Plan, job_of, working
    from fupin.engine.workers import workers_of
    from fupin.store.runs import RunStore
    from fupin.sweeps import folder as sweep_folder
    from fupin.sweeps.file import load_sweep
    from fupin.sweeps.results import summary_text, write_results

    silent = options.quiet or options.as_json
    part = parse_shard(options.shard)
    sweep = load_sweep(
        options.sweep,
        seeds=options.seeds,
        draws=options.draws,
        sample=_sample(options.sample),
    )
    folder = folder_of(options.out, sweep.name, part)
    check_folder(folder, sweep.name)
    job = job_of(settings={"twins": sweep.twins})
    job = _with_detail(job, options.detail)
    points = sweep_folder.PointsWriter(folder)
    with ending(f"Go on with the same command; recorded runs lie in {folder}."):
        index = _indexed(sweep, job, points.add, silent)
        # Nothing is written before it is known that somebody will work.
        workers = workers_of(options.workers, options.scheduler, len(index))
        with working(workers), RunStore(folder / STORE) as store:
            points.write()
            about = sweep_folder.about(
                index,
                name=sweep.name,
                title=sweep.title,
                design=sweep.design,
                part=list(part),
                versions=_versions(),
            )
            sweep_folder.write_json(folder / sweep_folder.SWEEP_FILE, about)
            plan = Plan(index, store, part, options.retry_failed)
            if plan.missing:
                _execute(plan, workers, options, silent)
            elif not silent:
                click.echo("All runs are recorded.", err=True)
            summary = write_results(folder, index, store, about, _say)
    if options.as_json:
        click.echo(summary_text(summary), nl=False)
    elif options.quiet:
        click.echo(str(folder))
    elif part[1] > 1:
        click.echo(f"Shard {part[0]} of {part[1]}: {summary['runs']:,} runs.")
        click.echo(f"When all shards are done: fupin merge {folder.parent}")
    else:
        print_sweep(summary, folder)
    return folder


def parse_shard(text: str | None) -> tuple[int, int]:
    """(i, n) of `--shard i/n`; (1, 1) where it is not given.

    Raises:
        InputError: another form, or i not within 1 to n.
    """
    if text is None:
        return 1, 1
    first, _, second = text.partition("/")
    if first.strip().isdecimal() and second.strip().isdecimal():
        part = int(first), int(second)
        if 1 <= part[0] <= part[1]:
            return part
    raise InputError(
        f"--shard {text} is not a shard.",
        "Write --shard 3/8 for the third of eight, counted from 1.",
    )


def folder_of(out: Path | None, name: str, part: tuple[int, int]) -> Path:
    """Where a sweep, or one of its shards, lies: always the same, so that it can go on."""
    from fupin import paths

    folder = out or paths.results() / name
    i, n = part
    return folder if n == 1 else folder / f"shard-{i}-of-{n}"


def check_folder(folder: Path, name: str) -> None:
    """See before any work that the folder is free or holds this sweep; writes nothing.

    Raises:
        InputError: a file, another sweep, or anything else lies there.
    """
    from fupin.store.folder import check_target
    from fupin.sweeps.folder import SWEEP_FILE, read_about

    if folder.is_dir() and (folder / SWEEP_FILE).exists():
        before = read_about(folder).get("name")
        if before != name:
            raise InputError(
                f"{folder} holds the sweep {before}, not {name}.", "Let --out name another folder."
            )
        return
    if folder.is_dir() and all(f.name == "store" or f.name[0] == "." for f in folder.iterdir()):
        return  # it was stopped before it had begun
    if folder.is_dir() and all(f.name.startswith("shard-") for f in folder.iterdir()):
        raise InputError(
            f"{folder} holds shards of a sweep.", f"Put them together: fupin merge {folder}."
        )
    check_target(folder)


def _sample(text: str | None) -> str | float | None:
    from fupin.commands.running import sample_of

    return None if text is None else sample_of(text)


def _with_detail(job: Job, text: str | None) -> Job:
    from dataclasses import replace

    from fupin.sweeps.results import DETAIL
    from fupin.yaml.words import guess_or_list

    if text is None:
        return job
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in DETAIL:
            raise InputError(f"--detail {name} is no table.", guess_or_list(name, DETAIL))
    return replace(job, tables=tuple(sorted({DETAIL[name] for name in names})))


def _versions() -> dict[str, str]:
    from fupin.store.versions import package_versions

    return package_versions()


def _indexed(sweep: Sweep, job: Job, add: Callable[..., None], silent: bool) -> RunIndex:
    """The index of all runs, every point validated, with a bar where there are many points."""
    from fupin.commands.sessions import points_bar
    from fupin.engine.run_ids import index_runs

    with points_bar(len(sweep.points), silent) as advance:

        def on_point(i: int, *what: Any) -> None:
            add(i, *what)
            advance(i + 1)

        return index_runs(sweep.points, sweep.draws, sweep.seeds, job, on_point)


def _execute(plan: Plan, workers: Workers, options: Options, silent: bool) -> None:
    from fupin.commands.sessions import runs_bar

    index, store = plan.index, plan.store
    if not silent:
        known = f", {plan.recorded:,} of them recorded before" if plan.recorded else ""
        part = "" if plan.part[1] == 1 else f" in shard {plan.part[0]} of {plan.part[1]}"
        click.echo(
            f"{len(index.points):,} points x {len(index.draws)} draws x {len(index.seeds)} seeds: "
            f"{plan.recorded + plan.missing:,} runs{part}{known}.",
            err=True,
        )
    seconds = store.mean_seconds()
    if seconds is None:
        # One run is measured, and then one that finds everything compiled and loaded.
        for _ in range(2):
            plan.execute(workers, most=1, notify=_say)
        seconds = store.last_seconds()
    left = plan.missing * (seconds or 0.0) / workers.slots
    if not silent and plan.missing:
        each = store.size / max(len(store), 1)
        click.echo(
            f"About {_duration(left)} on {workers.slots} at a time "
            f"({seconds or 0.0:.2g} s a run), {_bytes(each * (plan.missing + plan.recorded))}.",
            err=True,
        )
    if left > LONG_SECONDS and not options.yes and not silent and _is_terminal():
        click.confirm("Go on?", abort=True, default=True, err=True)
    with runs_bar(silent) as on_progress:
        plan.execute(workers, on_progress=on_progress, notify=_say)


def _is_terminal() -> bool:
    import sys

    return sys.stdin.isatty() and sys.stderr.isatty()


def _say(line: str) -> None:
    click.echo(f"fupin: {line}", err=True)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    if seconds < 6000:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"


def _bytes(count: float) -> str:
    return f"{count / 2**20:.0f} MB" if count >= 2**20 else f"{count / 2**10:.0f} kB"


def print_sweep(summary: dict[str, Any], folder: Path) -> None:
    """What a sweep found, for people: least and largest point mean of each outcome."""
    from rich.console import Console
    from rich.table import Table

    from fupin.words.numbers import estimate

    failed, missing = summary["failed"], summary["missing"]
    if summary["outcomes"] and summary["points"] > 1:
        table = Table("outcome", "least", "at point", "most", "at point", box=None)
        for name, ends in summary["outcomes"].items():
            cells = []
            for end in (ends["least"], ends["most"]):
                cells += [estimate({"low": None, "high": None, **end})[0], str(end["point"])]
            table.add_row(name, *cells)
        Console(highlight=False).print(table)
    click.echo(f"{summary['runs']:,} runs of {summary['points']:,} points.")
    if failed:
        click.echo(f"{failed:,} runs failed: {folder / 'failures.csv'}; --retry-failed runs them.")
    if missing:
        click.echo(f"{missing:,} runs are not made yet.")
    if (folder / "means.csv").exists():
        click.echo(f"Means of points: {folder / 'means.csv'}")
    click.echo(f"Every run: {folder / 'runs.parquet'}")
