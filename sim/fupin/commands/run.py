"""`fupin run SCENARIO`: run it, print a verdict or all tables, write a result folder."""

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

    scenario: str


MORE = "All tables: the same command with --full (nothing is run again)."
"""Said under the heading of a short answer."""


@click.command("run")
@click.argument("scenario", metavar="SCENARIO", shell_complete=scenario_names)
@running_options(
    fresh="Run all of it, also what was run before.",
    as_json="Print summary.json and nothing else.",
)
def command(scenario: str, **options: Any) -> None:
    """Run SCENARIO and print a verdict: what the plan does, for what money, and how sure that is.

    SCENARIO is a file, or fupin:NAME for one that comes with fupin. Every draw runs with every
    seed. The result folder holds summary.json, run.json and tables as Parquet and CSV. With --full
    each figure of the document stands beside the model's own, before all other tables.
    """
    run_scenario(Options(scenario=scenario, **options))


def run_scenario(options: Options) -> Path:
    """Everything that the command does; returns the result folder.

    Raises:
        InputError: anything wrong with the options, the scenario or the target folder, before
            anything is simulated.
        click.exceptions.Exit: code 1, after a message, when a run or the writing fails.
    """
    from fupin.api.plan import plan_of_file
    from fupin.api.plan_result import run_plan
    from fupin.commands.sessions import ending
    from fupin.errors import COMMAND_LINE

    work = options.work()
    plan = plan_of_file(options.scenario).sampled(options.sample, COMMAND_LINE)
    plan = plan.lived_to(options.horizon, COMMAND_LINE)
    folder = options.folder(plan.name)
    with ending("What was run is kept: the same command goes on with it."):
        result = run_plan(plan, work, options.display)

    def tables() -> None:
        from rich.console import Console

        from fupin.parameters.document import load_document
        from fupin.report.terminal.run import print_run, what_ran
        from fupin.report.terminal.short import print_heading
        from fupin.words.spoken import spoken
        from fupin.words.titles import title as title_of

        console = Console(highlight=False)
        if not options.full:
            ran = what_ran(plan.scenario, work.draws, work.seeds)
            print_heading(console, title_of(spoken(), plan.scenario), ran, MORE, answers(folder))
            return
        print_run(
            console,
            plan.scenario,
            work.draws,
            work.seeds,
            result.summary,
            load_document(),
        )

    return save_and_tell(options, result, folder, tables)
