"""`fupin validate`: the document beside the calibrated model, with what was held out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fupin.commands.calibrate import Parts as CalibrationParts
from fupin.commands.running import Output
from fupin.errors import InputError
from fupin.results.asked import processes_of, with_sample

if TYPE_CHECKING:
    from fupin.calibration.counts import Count
    from fupin.calibration.forms import Run as RunForms
    from fupin.calibration.runs import Failure, Measure
    from fupin.calibration.targets import Posterior, Target
    from fupin.calibration.validation import Amount, Change
    from fupin.results.draws import Draw


Rows = dict["Posterior", list[dict[str, float]]]


@dataclass(frozen=True)
class Options(Output):
    """What the command line says."""

    draws: int = 100
    seeds: int = 2
    few: int = 10
    histories: int = 40
    sample: str | None = None
    folder: Path | None = None
    workers: int | None = None
    out: Path | None = None


@dataclass(frozen=True)
class Parts(CalibrationParts):
    """What the command is made of, so that tests can put a toy in the model's place."""

    measure_with_twins: Measure
    counts: Callable[[], list[Count]] = field(default=list, kw_only=True)
    forms: Callable[[RunForms, Rows, Sequence[Target], int], dict[str, Any]] = field(
        default=lambda run, rows, targets, histories: {}, kw_only=True
    )


@click.command("validate")
@click.option("--draws", type=int, default=100, show_default=True, help="Rows of each posterior.")
@click.option("--seeds", type=int, default=1, show_default=True, help="Seeds of each row.")
@click.option("--few", type=int, default=10, show_default=True, help="Rows for each form.")
@click.option(
    "--histories", type=int, default=40, show_default=True,
    help="Histories that each form of the model is fitted with; 0 fits none.",
)  # fmt: skip
@click.option("--sample", help="default, full or a share; that of the calibration if not given.")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Of the calibration [default: calibration/]."
)
@click.option("--workers", type=int, help="Processes; all cores if not given.")
@click.option("--out", type=click.Path(path_type=Path), help="Also write the report here, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the report and nothing else.")
@click.option("--quiet", is_flag=True, help="Print nothing but what is required and missed.")
def command(**options: Any) -> None:
    """Run the model at rows of both posteriors and show what fits and what was held out.

    Beside the figures stand naive predictions, and what is additional to a world without
    programmes. Below are what the parameters learned, and what other forms of the model would give.
    """
    from fupin.commands.calibrate import check_extra

    check_extra()
    validate_model(Options(**options), _parts())


def _parts() -> Parts:
    from fupin.calibration.counts import load_counts
    from fupin.calibration.moments import moments, moments_and_twins
    from fupin.calibration.space import load_space
    from fupin.calibration.targets import load_targets
    from fupin.commands.calibrate import about_plan, load_plan

    return Parts(
        moments,
        load_plan,
        load_space,
        load_targets,
        about_plan,
        moments_and_twins,
        counts=load_counts,
        forms=fitted_forms,
    )


def fitted_forms(
    run: RunForms, rows: Rows, targets: Sequence[Target], histories: int
) -> dict[str, Any]:
    """Every form of the model, held to what posterior B was fitted to; none without histories."""
    from fupin.calibration.forms import Amount, forms

    return forms(run, rows, targets, Amount(histories)) if histories else {}


def validate_model(options: Options, parts: Parts) -> dict[str, Any]:
    """Everything that the command does; returns the report.

    Raises:
        InputError: wrong options or files, or no calibration, before anything is run.
        click.exceptions.Exit: code 1 where too many runs failed.
    """
    from fupin.calibration.runs import run_many, runs_folder
    from fupin.calibration.targets import POSTERIORS
    from fupin.commands.calibrate import GO_ON, progress, records
    from fupin.commands.sessions import ending
    from fupin.engine.one_scenario import usable_cores
    from fupin.files.targets import VALIDATION, require_place
    from fupin.results.draws import lived_rows
    from fupin.results.posterior_table import read_manifest, read_outcomes, read_posterior

    space, targets, counts = parts.space(), parts.targets(), parts.counts()
    manifest = read_manifest(options.folder)
    names = (*space.names, *space.others)
    rows: Rows = {
        posterior: read_posterior(posterior, options.folder, names) for posterior in POSTERIORS
    }
    amount = _amount(options, min(len(one) for one in rows.values()))
    workers = processes_of(options.workers) or usable_cores()
    if options.out is not None:
        require_place(options.out, "--out", VALIDATION)
    plan = with_sample(parts.plan(), options.sample or manifest["sample"])
    about = dict(parts.about(plan))

    def run(
        tasks: Sequence[tuple[Draw, int]], what: str, twins: bool, change: Change
    ) -> tuple[list[dict[str, float] | None], list[Failure]]:
        measure = parts.measure_with_twins if twins else parts.measure
        changed = plan.model_copy(update=dict(change)) if change else plan
        text = json.dumps([about, dict(change)], sort_keys=True)
        kept = runs_folder(records(), text, measure.__name__)
        with progress(options.silent, what) as bar:
            return run_many(measure, changed, tasks, workers, kept, bar)

    def run_form(
        measure: Measure,
        tasks: Sequence[tuple[Draw, int]],
        settings: Mapping[str, Any],
        what: str,
        change: Change,
    ) -> tuple[list[dict[str, float] | None], list[Failure]]:
        changed = plan.model_copy(update=dict(change)) if change else plan
        text = json.dumps([about, dict(change)], sort_keys=True)
        kept = runs_folder(records(), text, measure.__name__)
        with progress(options.silent, what) as bar:
            return run_many(measure, changed, tasks, workers, kept, bar, settings=settings)

    from fupin.calibration.validation import conflicts, validate

    try:
        with ending(GO_ON):
            found = validate(
                space, targets, rows, run, amount, conflicts(manifest),
                lived_rows("B", options.folder), counts, read_outcomes(options.folder),
            )  # fmt: skip
            found["forms"] = parts.forms(run_form, rows, targets, options.histories)
    except RuntimeError as error:
        click.echo(f"fupin: {error}", err=True)
        raise click.exceptions.Exit(1) from None
    report = {
        **about,
        **found,
        "learned": manifest["learned"],
        "fits": manifest["fits"],
        "not_calibrated": len(space.others),
    }
    text = json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if options.out is not None:
        from fupin.files.targets import write_there

        write_there(options.out, "--out", text)
    if options.as_json:
        click.echo(text, nl=False)
    elif not options.quiet:
        from rich.console import Console

        from fupin.report.terminal.validation import print_validation

        print_validation(Console(highlight=False), report)
    else:
        for one in report["requirements"]:
            if not one["passed"]:
                click.echo(f"missed: {one['what']}: {one['found']}")
    return report


def _amount(options: Options, available: int) -> Amount:
    from fupin.calibration.validation import Amount

    for name in ("draws", "seeds", "few"):
        if getattr(options, name) < 1:
            raise InputError(f"--{name} {getattr(options, name)} asks for nothing.", "Write 1.")
    if options.histories < 0:
        raise InputError(f"--histories {options.histories} is negative.", "Write 0 for none.")
    if options.draws > available:
        raise InputError(
            f"--draws {options.draws} asks for more rows than the posterior has.",
            f"It has {available}.",
        )
    return Amount(options.draws, options.seeds, min(options.few, options.draws))
