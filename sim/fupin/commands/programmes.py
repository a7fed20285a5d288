"""`fupin programmes`: what the programmes are, what they cost, what they do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from fupin.scenario import library

if TYPE_CHECKING:
    from fupin.scenario.schema import Scenario


@click.command("programmes")
@click.argument("scenario", metavar="[SCENARIO]", default=library.DOCUMENT)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def command(scenario: str, as_json: bool) -> None:
    """List the programmes: budget, mechanism, and how well its effect is known.

    Budgets are those of SCENARIO, a file or fupin:NAME; of the plan of 2009 if not given.
    """
    from fupin.scenario.load import load_scenario

    plan = load_scenario(scenario)
    rows = _rows(plan)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _print(plan, rows)


def _rows(plan: Scenario) -> list[dict[str, Any]]:
    from fupin.parameters.book import load_book
    from fupin.scenario.programmes import PROGRAMMES

    book = load_book()
    return [
        {
            "key": programme.key,
            "title": programme.title,
            "paragraph": programme.paragraph,
            "money": programme.money,
            "budget": {
                str(year): plan.calendar(programme.key).in_year(year) for year in plan.period.years
            },
            "mechanism": programme.mechanism,
            "effect": programme.effect,
            "grade": book.find(programme.effect).grade,
        }
        for programme in PROGRAMMES
    ] + _of_packages(plan)


def _of_packages(plan: Scenario) -> list[dict[str, Any]]:
    """The programmes of installed packages, whether the plan has them or not.

    Raises:
        InputError: a package that cannot be used.
    """
    from fupin.scenario import outside
    from fupin.scenario.programme_catalogue import OUTSIDE

    try:
        found = [one for name in outside.names() if (one := outside.find(name)) is not None]
    except outside.OutsideError as error:
        raise error.of_user() from None
    rows = []
    for one in found:
        key, said = f"{OUTSIDE}/{one.name}", one.programme
        has = key in plan.programmes.keys
        rows.append(
            {
                "key": one.name,
                "title": said.title,
                "paragraph": said.paragraph,
                "money": said.money,
                "budget": {
                    str(year): plan.calendar(key).in_year(year) if has else 0
                    for year in plan.period.years
                },
                "mechanism": said.mechanism,
                "effect": said.effect,
                "grade": f"of the package {one.package}",
            }
        )
    return rows


def _print(plan: Scenario, rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    console.print(f"Budgets of {plan.title}\n", markup=False)
    for row in rows:
        head = Table.grid(expand=True, padding=(0, 2, 0, 0))
        head.add_column(ratio=1)
        head.add_column(justify="right", no_wrap=True)
        head.add_row(Text(row["title"], style="bold"), Text(_budget(row)))
        console.print(head)
        card = Table.grid(padding=(0, 1, 0, 0))
        card.add_column(style="dim", min_width=11, no_wrap=True)
        card.add_column()
        card.add_row("  key", row["key"])
        card.add_row("  document", Text(row["paragraph"]))
        card.add_row("  does", row["mechanism"])
        card.add_row("  evidence", f"{row['grade']} [dim]({row['effect']})[/dim]")
        console.print(card)
    console.print(
        "\nevidence: the grade of the parameter in brackets, which says how much a programme "
        "does.\n`fupin parameters NAME` shows its source.",
        style="dim",
    )


def _budget(row: dict[str, Any]) -> str:
    from fupin.scenario.amounts import format_yuan

    amounts = list(row["budget"].values())
    if not any(amounts):
        return "off"
    if len(set(amounts)) == 1:
        every = " a year" if len(amounts) > 1 else ""
        return f"{format_yuan(amounts[0])}{every}, {row['money']}"
    years = [year for year, yuan in row["budget"].items() if yuan]
    when = years[0] if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return f"{format_yuan(sum(amounts))} in {when}, {row['money']}"
