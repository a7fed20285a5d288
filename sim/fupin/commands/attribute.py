"""`fupin attribute SCENARIO`: what each programme did, in shares that sum to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from fupin.commands.completion import scenario_names
from fupin.commands.running import Running, running_options


@dataclass(frozen=True)
class Options(Running):
    """What the command line says."""

    scenario: str
    outcome: str | None = None
    households: bool = True


@click.command("attribute")
@click.argument("scenario", shell_complete=scenario_names)
@click.option("--outcome", metavar="OUTCOME",
              help="Of what shares are asked. [default: person_years_out]")  # fmt: skip
@click.option("--households/--no-households", default=True,
              help="Look at every household in the first draw and seed. [default: do]")  # fmt: skip
@running_options(
    fresh="Simulate all worlds, also those that were simulated before.",
    as_json="Print attribution.json and nothing else.",
    draws="central",
)
def command(scenario: str, **options: Any) -> None:
    """Say what each programme of SCENARIO did, in shares that sum to what the plan did.

    SCENARIO is a file, or fupin:NAME. Programmes are switched on and off in twins: all coalitions
    of up to eight, else singles, pairs and leave-one-outs. A stopped attribution goes on with the
    same command. docs/attribute.md says what such shares mean, and what not.
    """
    attribute_scenario(Options(scenario=scenario, **options))


def attribute_scenario(options: Options) -> Path:
    """Everything that the command does; returns the result folder.

    Raises:
        InputError: anything wrong with the options, the scenario or the target folder, before
            anything is simulated.
        click.exceptions.Exit: code 1, after a message, when a run or the writing fails.
    """
    from fupin.allocation.attributing import checked_outcome, programmes_of
    from fupin.api.attribution_result import attribute_plan, drawn_with
    from fupin.api.plan import plan_of_file
    from fupin.api.work import Work
    from fupin.commands.running import save_and_tell
    from fupin.commands.sessions import ending
    from fupin.errors import COMMAND_LINE

    draws, seeds = drawn_with(options.draws, options.seeds)
    work = Work.of(
        draws=draws,
        seeds=seeds,
        workers=options.workers,
        scheduler=options.scheduler,
        fresh=options.fresh,
        luck=options.luck,
        say=COMMAND_LINE,
    )
    plan = (
        plan_of_file(options.scenario)
        .sampled(options.sample, COMMAND_LINE)
        .lived_to(options.horizon, COMMAND_LINE)
    )
    outcome = checked_outcome(options.outcome, COMMAND_LINE("outcome"))
    programmes_of(plan.scenario)
    folder = options.folder(f"attribute-{plan.name}")
    with ending("Worlds that were simulated are kept: the same command goes on."):
        result = attribute_plan(plan, outcome, work, options.display, options.households)

    def tables() -> None:
        from fupin.report.terminal.attribution import print_attribution
        from fupin.report.terminal.spoken_console import SpokenConsole

        print_attribution(SpokenConsole(highlight=False), result.summary)

    return save_and_tell(options, result, folder, tables)
