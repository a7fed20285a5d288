"""`fupin calibrate`: fit the uncertain parameters to the targets; test the method on itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fupin.commands.running import Output
from fupin.errors import InputError
from fupin.parameters.province import province
from fupin.results.asked import processes_of, with_sample
from fupin.terminal import short

if TYPE_CHECKING:
    from fupin.calibration.abduction import RunJob
    from fupin.calibration.runs import Failure, Measure
    from fupin.calibration.shipped import Shipped
    from fupin.calibration.space import Space
    from fupin.calibration.targets import Target
    from fupin.calibration.waves import Calibration, Settings
    from fupin.engine.session import OnProgress
    from fupin.results.draws import Draw
    from fupin.scenario.schema import Scenario

PLAN = province().plan
QUICK_SAMPLE = 0.03

GO_ON = "Runs that are done are kept; the same command goes on with them."

_NEEDED = ("emcee", "scoringrules", "threadpoolctl")


@dataclass(frozen=True)
class Options(Output):
    """What the command line says."""

    quick: bool = False
    folder: Path | None = None
    sample: str | None = None
    runs: int | None = None
    workers: int | None = None
    self_test: bool = False


@dataclass(frozen=True)
class Parts:
    """What the command is made of, so that tests can put a toy in the model's place."""

    measure: Measure
    plan: Callable[[], Any]
    space: Callable[[], Space]
    targets: Callable[[], list[Target]]
    about: Callable[[Any], Mapping[str, Any]]
    shipped: Callable[[Calibration, RunJob, bool], Shipped | None] = field(
        default=lambda found, run, quick: None, kw_only=True
    )


@click.command("calibrate")
@click.option("--quick", is_flag=True, help="A small sample and few runs: minutes, not hours.")
@click.option(
    "--folder", type=click.Path(path_type=Path),
    help="Where posteriors, manifest, runs and plots go [default: calibration/; with --quick, "
    "--sample or --runs results/calibration].",
)  # fmt: skip
@click.option("--sample", help="default, full or a share such as 0.05.")
@click.option("--runs", type=int, help="Runs of all waves together.")
@click.option("--workers", type=int, help="Processes; all cores if not given.")
@click.option(
    "--self-test", is_flag=True,
    help="Simulation-based calibration: test the method on the runs of a calibration.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the manifest and nothing else.")
@click.option("--quiet", is_flag=True, help="Print only where the results are.")
def command(**options: Any) -> None:
    """Fit the uncertain parameters to calibration/targets.yaml and write two posteriors.

    Posterior A knows 2001 and moments from elsewhere, posterior B the outcomes of 2009 too; runs
    use B. Runs that are done are kept, so a calibration that was stopped goes on where it was.
    """
    check_extra()
    calibrate_or_test(Options(**options), _parts())


def _parts() -> Parts:
    from fupin.calibration.moments import moments
    from fupin.calibration.space import load_space
    from fupin.calibration.targets import load_targets

    return Parts(moments, load_plan, load_space, load_targets, about_plan, shipped=lived_rows)


def lived_rows(found: Calibration, run: RunJob, quick: bool) -> Shipped:
    """Rows of posterior B whose own life is 2009 as it was."""
    from fupin.calibration.abduction import QUICK, Settings
    from fupin.calibration.shipped import shipped_rows

    return shipped_rows(found, run, QUICK if quick else Settings())


def load_plan() -> Scenario:
    """The document's own year."""
    from fupin import paths
    from fupin.scenario.load import load_scenario

    return load_scenario(paths.scenarios() / f"{PLAN}.yaml")


def about_plan(plan: Scenario) -> dict[str, Any]:
    """What a calibration of a plan is made from: sample, versions, hashes."""
    from fupin import paths
    from fupin.calibration.space import load_space
    from fupin.parameters.book import load_book
    from fupin.population.frame import load_frame
    from fupin.results.posterior_table import hash_of
    from fupin.store.versions import package_versions, sources_fingerprint

    folder = paths.calibration()
    return {
        "plan": plan.name,
        "sample": plan.population.sample,
        "versions": package_versions(),
        "hashes": {
            "sources": sources_fingerprint(),
            "parameters": load_book().values(plan.history.parameters).fingerprint(),
            "frame": load_frame(plan.population.sample, plan.population.seed).fingerprint,
            "targets": hash_of((folder / "targets.yaml").read_text("utf-8")),
            "priors": load_space().fingerprint(),
        },
    }


def calibrate_or_test(options: Options, parts: Parts) -> Path:
    """Everything that the command does; returns the folder.

    Raises:
        InputError: wrong options, targets or priors, before anything is run.
        click.exceptions.Exit: code 1 where too many runs failed.
    """
    from fupin.commands.sessions import ending
    from fupin.engine.one_scenario import usable_cores
    from fupin.store.folder import check_addable

    folder = options.folder or _default_folder(options)
    check_addable(folder, "--folder")
    workers = processes_of(options.workers) or usable_cores()
    if options.self_test:
        with ending("Nothing was written."):
            return _test(options, parts, folder, workers)
    with ending(GO_ON):
        return _calibrate(options, parts, folder, workers)


def check_extra() -> None:
    """The packages of the extra must be there.

    Raises:
        InputError: one is missing.
    """
    from importlib.util import find_spec

    if not all(find_spec(name) for name in _NEEDED):
        raise InputError(
            "A calibration needs packages that are not installed.",
            'Install them with `pip install "fupin[calibrate]"`, in a checkout '
            "`uv sync --extra calibrate`.",
        )


def _default_folder(options: Options) -> Path:
    from fupin import paths

    # What is smaller than a full calibration must not take its place unasked.
    small = options.quick or options.sample is not None or options.runs is not None
    return paths.results() / "calibration" if small else paths.calibration()


def _calibrate(options: Options, parts: Parts, folder: Path, workers: int) -> Path:
    settings = _settings(options)
    plan = with_sample(parts.plan(), options.sample or (QUICK_SAMPLE if options.quick else None))
    space, targets = parts.space(), parts.targets()

    from fupin.calibration.files import write_calibration
    from fupin.calibration.manifest import manifest_of
    from fupin.calibration.runs import run_many, runs_folder
    from fupin.calibration.waves import calibrate

    about = parts.about(plan)
    kept = runs_folder(records(), json.dumps(about, sort_keys=True), parts.measure.__name__)

    def run(
        tasks: Sequence[tuple[Draw, int]], what: str
    ) -> tuple[list[dict[str, float] | None], list[Failure]]:
        with progress(options.silent, what) as bar:
            return run_many(parts.measure, plan, tasks, workers, kept, bar)

    def run_job(
        function: Measure, tasks: Sequence[tuple[Draw, int]], job: Mapping[str, Any], what: str
    ) -> tuple[list[dict[str, float] | None], list[Failure]]:
        say(what)
        with progress(options.silent, what) as bar:
            own = kept.with_name(f"{kept.name}-{function.__name__}")
            return run_many(function, plan, tasks, workers, own, bar, settings=job)

    def say(text: str) -> None:
        if not options.silent:
            click.echo(f"{text} ...", err=True)

    try:
        found = calibrate(space, targets, run, settings, workers, say)
        shipped = parts.shipped(found, run_job, options.quick)
    except RuntimeError as error:
        click.echo(f"fupin: {error}. A larger --sample may help.", err=True)
        raise click.exceptions.Exit(1) from None
    say("looking for conflicts")
    manifest = manifest_of(found, about, shipped)
    files = write_calibration(folder, found, manifest, shipped)
    from fupin.calibration.plots import write_plots

    files += write_plots(folder, found, manifest)
    if options.as_json:
        click.echo(json.dumps(manifest, indent=1, ensure_ascii=False))
        return folder
    if not options.quiet:
        from rich.console import Console

        from fupin.report.terminal.calibration import print_calibration

        print_calibration(Console(highlight=False), manifest)
    for file in files:
        click.echo(f"{short(file)}")
    return folder


def _test(options: Options, parts: Parts, folder: Path, workers: int) -> Path:
    from fupin.calibration.files import read_runs, write_self_test
    from fupin.calibration.self_test import LEAST_SETS, self_test
    from fupin.calibration.waves import fit_all
    from fupin.engine.session import Progress

    space, targets = parts.space(), parts.targets()
    runs = read_runs(space, folder)
    if not options.silent:
        click.echo(f"fitting emulators to {len(runs.seeds)} runs of {short(folder)} ...", err=True)
    emulators = fit_all(space, runs, targets, {}, workers)
    with progress(options.silent, "data sets") as bar:
        show = None if bar is None else (lambda done, total: bar(Progress(done, total)))
        test = self_test(space, targets, runs, emulators, workers=workers, on_progress=show)
    file = write_self_test(folder, test)
    if options.as_json:
        click.echo(file.read_text("utf-8"), nl=False)
    elif not options.quiet:
        from rich.console import Console

        from fupin.report.terminal.self_test import print_self_test

        print_self_test(Console(highlight=False), test)
    if not options.as_json:
        click.echo(f"{short(file)}")
    if test.sets < LEAST_SETS and not options.silent:
        click.echo(f"fupin: fewer than {LEAST_SETS} data sets prove little.", err=True)
    return folder


def _settings(options: Options) -> Settings:
    from fupin.calibration.waves import QUICK, Settings

    settings = QUICK if options.quick else Settings()
    if options.runs is None:
        return settings
    least = 40
    if options.runs < least:
        raise InputError(f"--runs {options.runs} is too few.", f"Write at least {least}.")
    # Shares of the waves as they are when nothing is said.
    all_runs = settings.first + sum(settings.later)
    later = tuple(round(options.runs * count / all_runs) for count in settings.later)
    return replace(settings, first=options.runs - sum(later), later=later)


def records() -> Path:
    """Folder of the records of runs that are done."""
    from fupin import paths

    return paths.cache() / "calibration"


@contextmanager
def progress(silent: bool, what: str) -> Iterator[OnProgress | None]:
    """A bar on the terminal's error stream; None where nobody looks."""
    from rich.console import Console

    console = Console(stderr=True)
    if silent or not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda at: bar.update(task, completed=at.done, total=at.total)
