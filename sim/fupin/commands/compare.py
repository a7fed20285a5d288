"""`fupin compare BASE PLAN...`: plans beside a base as twins; prints a verdict, writes a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from fupin.commands.completion import scenario_names
from fupin.commands.running import Running, answers, running_options, save_and_tell


@dataclass(frozen=True)
class Options(Running):
    """What the command line says."""

    base: str
    plans: tuple[str, ...]
    cash: bool = True


@click.command("compare")
@click.argument("base", metavar="BASE", shell_complete=scenario_names)
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True, shell_complete=scenario_names)
@click.option(
    "--cash/--no-cash",
    default=True,
    help="Also pay out the money of each plan as cash, in two more worlds each. [default: yes]",
)
@running_options(
    fresh="Simulate all worlds again, also those of earlier runs.",
    as_json="Print comparison.json and nothing else.",
)
def command(base: str, plans: tuple[str, ...], **options: Any) -> None:
    """Compare each PLAN with BASE: what changes, for whom, at what cost, and how sure that is.

    BASE and PLANs are files, or fupin:NAME. All start from the same households with the same luck
    (twins), so that a difference is what the plan causes. docs/compare.md says how to read it.
    """
    compare_scenarios(Options(base=base, plans=plans, **options))


def compare_scenarios(options: Options) -> Path:
    """Everything that the command does; returns the result folder.

    Raises:
        InputError: anything wrong with the options, the scenarios or the target folder, before
            anything is simulated.
        click.exceptions.Exit: code 1, after a message, when a run or the writing fails.
    """
    from fupin.api.comparison_result import compare_plans, contenders_of
    from fupin.api.plan import plan_of_file
    from fupin.commands.sessions import ending
    from fupin.errors import COMMAND_LINE

    work = options.work()
    files = (options.base, *options.plans)
    found = (
        plan_of_file(file)
        .sampled(options.sample, COMMAND_LINE)
        .lived_to(options.horizon, COMMAND_LINE)
        for file in files
    )
    base, *plans = contenders_of(found, COMMAND_LINE)
    folder = options.folder(f"compare-{base.name}")
    with ending("The base is kept: the same command does not simulate it again."):
        result = compare_plans((base, *plans), work, options.display, options.cash)

    def tables() -> None:
        from rich.console import Console

        from fupin.commands.run import MORE
        from fupin.report.terminal.comparison import heading_of, print_comparison
        from fupin.report.terminal.short import print_heading

        console = Console(highlight=False)
        if not options.full:
            heading = heading_of(base.scenario, len(plans), work.draws, work.seeds)
            print_heading(console, *heading, MORE, answers(folder))
            return
        print_comparison(
            console,
            base.scenario,
            [plan.scenario for plan in plans],
            work.draws,
            work.seeds,
            result.summary,
        )

    return save_and_tell(options, result, folder, tables)
