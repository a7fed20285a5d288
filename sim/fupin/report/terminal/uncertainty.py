"""What `fupin sensitivity` and `fupin discover` print."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fupin.words.numbers import MINUS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SHOWN = 8
"""Assumptions in a table; all of them are in the CSV."""

WIDEST = 120

_HEADS = {"morris": "mu*", "sobol": "total", "association": "of variance", "": "of variance"}


def print_sensitivity(console: Console, content: Mapping[str, Any]) -> None:
    """Print what drives each number, and whether it decides between plans."""
    from fupin.uncertainty.outcomes import said

    console.width = min(console.width, WIDEST)
    plans = f", {len(content['plans'])} plans" if len(content["plans"]) > 1 else ""
    forms = f" under {content['forms']} forms of the model" if content["forms"] > 1 else ""
    console.print(
        f"[bold]What drives {content['sweep'] or 'the answer'}[/bold]: {content['worlds']:,} "
        f"worlds ({content['vectors']:,} parameter vectors{forms}), "
        f"seeds: {content['seeds']}{plans}"
    )
    for answer in content["answers"]:
        minus = f" minus {answer['minus']}" if answer["minus"] else ""
        unit = f" {answer['unit']}" if answer["unit"] else ""
        console.print(
            f"\n[bold]{answer['outcome']}[/bold] {answer['of']}{minus}".rstrip() + ": mean "
            f"{said(answer['mean'])}{unit}, sd of a run {said(answer['sd'], 2)}"
        )
        if answer["assumptions"]:
            console.print(_assumptions(answer))
        _say(console, answer["words"])
    for one in content["rankings"]:
        console.print(f"\n[bold]Does a plan lead by {one['outcome']}?[/bold]")
        console.print(_ranking(one))
        _say(console, one["words"])
    console.print()


def _assumptions(answer: Mapping[str, Any]) -> Table:
    from rich.table import Table

    from fupin.uncertainty.outcomes import percent_of, said

    method = answer["method"]
    table = Table(box=None)
    table.add_column("assumption", overflow="fold", min_width=22)
    table.add_column(_HEADS[method], justify="right")
    table.add_column("90% interval", justify="right")
    if method in ("sobol", "morris"):
        table.add_column("alone" if method == "sobol" else "sigma", justify="right")
    table.add_column("±", justify="center")
    table.add_column("grade", min_width=10)

    def shown(value: float) -> str:
        if method == "morris":
            return said(value)
        return f"{value:.2f}" if method == "sobol" else percent_of(value)

    for one in answer["assumptions"][:SHOWN]:
        known = one["low"] is not None
        cells = [
            one["name"],
            shown(one["importance"]),
            f"{shown(max(one['low'], 0.0))}–{shown(one['high'])}" if known else "",
        ]
        if method in ("sobol", "morris"):
            cells.append(shown(one["more"]["first" if method == "sobol" else "sigma"]))
        cells += [{1: "+", -1: MINUS}.get(one["direction"], ""), one["grade"]]
        table.add_row(*cells, style=None if one["matters"] else "dim")
    return table


def _ranking(one: Mapping[str, Any]) -> Table:
    from rich.table import Table

    from fupin.uncertainty.outcomes import percent_of

    plans = list(one["best"])
    table = Table(box=None)
    table.add_column("best in")
    for plan in plans:
        table.add_column(textwrap.fill(plan, 18), justify="right")
    table.add_row("all worlds", *(percent_of(one["best"][plan]) for plan in plans))
    for assumption in one["by"]:
        table.add_row(assumption["name"])
        for group in assumption["groups"]:
            ends = (
                "" if group["low"] in (None, group["high"])
                else f", {group['low']:.2g} to {group['high']:.2g}"
            )  # fmt: skip
            table.add_row(
                f"  {group['label']}{ends}",
                *(percent_of(group["best"][plan]) for plan in plans),
                style="bold" if group["lead"] < 0 and group["told"] else None,
            )
    return table


def print_discovery(console: Console, content: Mapping[str, Any]) -> None:
    """Print where each plan fails, and the robustness of all."""
    console.width = min(console.width, WIDEST)
    console.print(f"[bold]Where plans fail[/bold]: {content['fails']}")
    for box in content["boxes"]:
        console.print()
        _say(console, box["words"])
        if box["box"] and box["box"]["restrictions"]:
            console.print(_restrictions(box["box"]))
    for table in content["robustness"]:
        console.print(
            f"\n[bold]{table['outcome']} over the same {content['worlds']:,} worlds[/bold]"
            + (f", {table['unit']}" if table["unit"] else "")
            + f"; {'more' if table['better'] > 0 else 'less'} is better"
        )
        console.print(_robustness(table))
        _say(console, table["words"])
    console.print()


def _restrictions(box: Mapping[str, Any]) -> Table:
    from rich.table import Table

    table = Table("restriction", box=None)
    table.add_column("between", justify="right")
    table.add_column("quasi-p", justify="right")
    for one in box["restrictions"]:
        ends = ["" if one[e] is None else f"{one[e]:.4g}" for e in ("low", "high")]
        between = " or ".join(one["words"]) or f"{ends[0]} … {ends[1]}"
        table.add_row(one["name"], between, f"{one['quasi_p']:.1g}")
    return table


def _robustness(table: Mapping[str, Any]) -> Table:
    from rich.table import Table

    from fupin.uncertainty.outcomes import percent_of, said

    made = Table(box=None)
    made.add_column("plan", min_width=20)
    heads = ("mean", "worst tenth", "mean regret", "largest", "holds", "best")
    for head in heads:
        made.add_column(head, justify="right")
    for row in table["plans"]:
        numbers = [row[k] for k in ("mean", "cvar", "mean_regret", "max_regret")]
        made.add_row(
            textwrap.fill(row["plan"], 20),
            *(said(value) for value in numbers),
            percent_of(row["satisficing"]),
            percent_of(row["best"]),
        )
    return made


def _say(console: Console, words: list[str]) -> None:
    for sentence in words:
        for line in textwrap.wrap(sentence, console.width - 1, break_on_hyphens=False):
            console.print(line, markup=False)
