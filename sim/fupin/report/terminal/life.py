"""What `fupin explain` prints: a household's two lives, month by month."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fupin.words import numbers

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from fupin.lives.household import Event, Life

WIDEST = 120


def print_lives(console: Console, plan: Life, bare: Life, replayed: str) -> None:
    """Print who the household is, both lives side by side, and where they end."""
    if console.width > WIDEST:
        console.width = WIDEST
    console.print(f"[bold]Household {plan.about['household']}[/bold] under {plan.name} and "
                  "without programmes")  # fmt: skip
    console.print(f"[dim]{replayed}[/dim]\n")
    for label, text in plan.about.items():
        if label != "household":
            console.print(f"{label:<10} {text}")
    year, income, line = plan.years[0]
    console.print(
        f"{'income':<10} {numbers.rounded(income, 0)} yuan a person in {year}, line "
        f"{numbers.rounded(line, 0)}\n"
    )
    console.print(_months(plan, bare))
    console.print("\n[bold]Where it ended[/bold]")
    console.print(_years(plan, bare))


def _months(plan: Life, bare: Life) -> Table:
    table = _grid("month")
    for head in ("income\nplan", "\nnone", "savings\nplan", "\nnone"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("what happened")
    for here, there in zip(plan.months, bare.months, strict=True):
        mine = [e for e in plan.events if e.month == here.month]
        theirs = [e for e in bare.events if e.month == here.month]
        table.add_row(
            str(here.month),
            *(numbers.rounded(v, 0) for v in (here.income, there.income)),
            *(numbers.rounded(v, 0) for v in (here.savings, there.savings)),
            "\n".join(_told(mine, theirs)),
        )
    return table


def _told(plan: list[Event], bare: list[Event]) -> list[str]:
    """Events of a month: what both lives share once, then what each has alone."""
    common = [event.text for event in plan if event in bare]
    lines = list(common)
    lines += [f"plan: {e.text}" for e in plan if e not in bare]
    lines += [f"none: {e.text}" for e in bare if e not in plan]
    return [re.sub(r"-(?=[0-9])", numbers.MINUS, line) for line in lines]


def _years(plan: Life, bare: Life) -> Table:
    table = _grid("year")
    for head in ("line", "income, plan", "none", "difference"):
        table.add_column(head, justify="right")
    table.add_column("poor by income")
    for (year, income, line), (_, other, other_line) in zip(plan.years, bare.years, strict=True):
        table.add_row(
            str(year),
            *(numbers.rounded(v, 0) for v in (line, income, other, income - other)),
            _status(income < line, other < other_line),
        )
    ends = plan.months[-1], bare.months[-1]
    table.add_row("register", "", *("yes" if end.registered else "no" for end in ends), "", "")
    return table


def _status(plan: bool, bare: bool) -> str:
    if plan == bare:
        return "in both" if plan else "in neither"
    return "only under the plan" if plan else "only without programmes"


def _grid(first: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column(first, no_wrap=True)
    return table
