"""`fupin import TABLE -o PLAN`: a table of money by county becomes a plan."""

from __future__ import annotations

from pathlib import Path

import click

from fupin.errors import InputError
from fupin.scenario import library


@click.command("import")
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    metavar="PLAN",
    type=click.Path(path_type=Path),
    default=None,
    help="The scenario file to write; TABLE's name with .yaml if not given.",
)
@click.option("--extends", default=library.DOCUMENT, show_default=True,
              help="The scenario whose money is replaced: a path, or fupin:NAME.")  # fmt: skip
@click.option(
    "--unit",
    metavar="UNIT",
    default=None,
    help="Of the numbers, where the table does not say it: 元, 万元, yuan ...",
)
@click.option("--sheet", metavar="NAME", default=None, help="Of a workbook with several.")
@click.option("--ignore", metavar="HEADING", multiple=True, help="A column that is left out.")
@click.option("--name", default=None, help="Of the scenario; PLAN's name by default.")
def command(
    table: Path,
    out: Path | None,
    extends: str,
    unit: str | None,
    sheet: str | None,
    ignore: tuple[str, ...],
    name: str | None,
) -> None:
    """Read TABLE (.xlsx or .csv) and write a plan with its money by county.

    Counties stand in rows and programmes in columns. The unit is said once: in a line above, behind
    a heading, or with --unit. Programmes that are not in the table stay as they are in the scenario
    that the plan extends. The totals of each class are set beside those of that scenario.
    """
    from fupin.files.whole import write_new
    from fupin.scenario.fields import is_scenario_name
    from fupin.scenario.load import resolve, resolve_text
    from fupin.scenario.money_table import read_money_table
    from fupin.scenario.table_plan import envelopes, plan_text, words_of
    from fupin.yaml.words import shown

    base = resolve(extends)
    read = read_money_table(table, sheet=sheet, unit=unit, ignore=ignore)
    file = out if out is not None else Path(f"{table.stem}.yaml")
    if file.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(f"{shown(file.name)} is no name of a plan.", "Let it end in .yaml.")
    stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in file.stem).strip("-_.")
    called = name if name is not None else stem[:64]
    if not is_scenario_name(called):
        raise InputError(f"{shown(called)} cannot be the name of a scenario.",
                         "Write `--name my-plan`.")  # fmt: skip
    text = plan_text(read, base, file, called)
    plan = resolve_text(text, file).scenario  # never write a file that does not load
    try:
        write_new(file, text.encode())
    except FileExistsError:
        raise InputError(
            "This file exists already and is left as it is.", "Choose another name with -o.", file
        ) from None
    except OSError as error:
        raise InputError(f"This file cannot be written: {error.strerror}.", None, file) from None
    click.echo(f"Wrote {file}: {words_of(read)}.")
    for note in read.notes:
        click.echo(note)
    click.echo(f"\nMoney of the period, beside {base.scenario.name}")
    for one in envelopes(plan, base.scenario):
        click.echo(f"  {one.money:<8} {one.words}")
    others = [p.title for p in base.scenario.programmes.active() if p.key not in read.money]
    if others:
        click.echo(f"Not in the table, and as they were: {', '.join(others)}.")
    click.echo(f"\nNext: fupin check {file}")
