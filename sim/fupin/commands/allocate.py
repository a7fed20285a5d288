"""`fupin allocate SCENARIO`: looks for a better division of the money, and checks what it found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from fupin.commands.completion import scenario_names
from fupin.commands.running import Running, running_options
from fupin.results.asked import SEARCHED

ASKED = ("envelope", "by", "most_change", "target", "unit")


@dataclass(frozen=True)
class Options(Running):
    """What the command line says; what is None or empty is as the scenario's `allocate:` says."""

    scenario: str
    goal: tuple[str, ...] = ()
    envelope: str | None = None
    by: str | None = None
    most_change: str | None = None
    protect: tuple[str, ...] = ()
    least: tuple[str, ...] = ()
    most: tuple[str, ...] = ()
    at_least: tuple[str, ...] = ()
    at_most: tuple[str, ...] = ()
    target: str | None = None
    unit: str | None = None
    check_draws: str | None = None
    check_seeds: str | None = None


@click.command("allocate")
@click.argument("scenario", shell_complete=scenario_names)
@click.option(
    "--goal", multiple=True, metavar="OUTCOME",
    help="What is to be as large as possible; again for a front. [default: person_years_out]",
)  # fmt: skip
@click.option("--envelope", metavar="YUAN", help="Fiscal money to divide. [default: the plan's]")
@click.option(
    "--by",
    metavar="WHAT",
    help="programme or county: money among counties too. [default: programme]",
)
@click.option("--most-change", metavar="PERCENT", help="Largest change of a programme: 30%.")
@click.option("--protect", multiple=True, metavar="PROGRAMME", help="Its money stays; again.")
@click.option("--least", multiple=True, metavar="PROGRAMME=YUAN", help="At least so much; again.")
@click.option("--most", multiple=True, metavar="PROGRAMME=YUAN",
              help="At most so much, also where it has no money yet; again.")  # fmt: skip
@click.option("--at-least", multiple=True, metavar="OUTCOME=NUMBER",
              help="An outcome that the proposal must reach; again.")  # fmt: skip
@click.option("--at-most", multiple=True, metavar="OUTCOME=NUMBER",
              help="An outcome that it must not exceed: resource_cost, fgt0; again.")  # fmt: skip
@click.option("--target", metavar="NUMBER", help="Reach so much of the goal with least money.")
@click.option("--unit", metavar="YUAN", help="Money is divided in such units. [default: 10000]")
@click.option("--check-draws", metavar="NUMBER",
              help="Parameter vectors of the check, none of the search. [default: 20]")  # fmt: skip
@click.option("--check-seeds", help="Seeds of the check. [default: the next one]")
@running_options(
    fresh="Simulate all worlds again, also those of earlier runs.",
    as_json="Print allocation.json and nothing else.",
    draws=SEARCHED[0],
    seeds=SEARCHED[1],
)
def command(scenario: str, **options: Any) -> None:
    """Look for a better division of SCENARIO's money, and check it on luck it has not seen.

    SCENARIO is a file, or fupin:NAME; its `allocate:` says what is looked for, options say it over.
    The search runs on five rows of the posterior unless --draws says otherwise. A stopped search
    goes on with the same command. docs/allocate.md says how to read it.
    """
    allocate_scenario(Options(scenario=scenario, **options))


def allocate_scenario(options: Options) -> Path:
    """Everything that the command does; returns the result folder.

    Raises:
        InputError: anything wrong with the options, the scenario or the target folder, before
            anything is simulated; a goal that nothing moves.
        click.exceptions.Exit: code 1, after a message, when a run or the writing fails.
    """
    from fupin.api.allocating import asked_of, check_of
    from fupin.api.allocation_result import allocate_plan
    from fupin.api.plan import plan_of_file
    from fupin.api.work import Work
    from fupin.commands.running import tell_verdict, written
    from fupin.commands.sessions import ending
    from fupin.errors import COMMAND_LINE

    work = Work.of(
        draws=options.draws or SEARCHED[0],
        seeds=options.seeds or SEARCHED[1],
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
    asked = asked_of(plan, _said(options), COMMAND_LINE)
    count, seeds = check_of(work, options.check_draws, options.check_seeds, COMMAND_LINE)
    folder = options.folder(f"allocate-{plan.name}")
    with ending("Worlds that were simulated are kept: the same command goes on."):
        result = allocate_plan(plan, asked, work, count, seeds, options.display)

    def tables() -> None:
        from fupin.commands.run import MORE
        from fupin.report.terminal.allocation import print_allocation
        from fupin.report.terminal.run import what_ran
        from fupin.report.terminal.short import print_heading
        from fupin.report.terminal.spoken_console import SpokenConsole
        from fupin.words.spoken import said, spoken
        from fupin.words.titles import title as title_of

        console = SpokenConsole(highlight=False)
        if options.full:
            print_allocation(console, result.summary)
        else:
            ran = what_ran(plan.scenario, work.draws, work.seeds)
            name = title_of(spoken(), plan.scenario)
            title = said("A better division of {plan}", plan=name)
            print_heading(console, title, ran, MORE)

    written(options, result, folder, tables)
    if not options.full and not options.silent:
        tell_verdict(result)
    return folder


def _said(options: Options) -> dict[str, Any]:
    """Options as keys of `allocate`."""
    said: dict[str, Any] = {name: getattr(options, name) for name in ASKED}
    said["goal"] = list(options.goal) or None
    said["protect"] = list(options.protect) or None
    bounds: dict[str, dict[str, str]] = {}
    for limit in ("least", "most"):
        for key, yuan in _pairs(limit, getattr(options, limit), "skills_training='20 million'"):
            bounds.setdefault(key, {})[limit] = yuan
    said["bounds"] = bounds or None
    for limit, example in (
        ("at_least", "trained='16000 persons'"),
        ("at_most", "resource_cost='1.9 billion'"),
    ):
        name = limit.replace("_", "-")
        said[limit] = dict(_pairs(name, getattr(options, limit), example)) or None
    return said


def _pairs(option: str, given: tuple[str, ...], example: str) -> list[tuple[str, str]]:
    from fupin.errors import InputError

    found: list[tuple[str, str]] = []
    for text in given:
        key, sign, value = text.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise InputError(
                f"--{option} {text} is no name with a number.", f"Write --{option} {example}."
            )
        if key.strip() in [name for name, _ in found]:
            raise InputError(f"--{option} names {key.strip()} twice.", "Name it once.")
        found.append((key.strip(), value.strip()))
    return found
