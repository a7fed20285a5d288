"""`fupin diff A B`: what differs between two scenarios, in plain words."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from fupin.commands.completion import scenario_names

if TYPE_CHECKING:
    from fupin.scenario.difference import Change

_WIDTH = 100


@click.command("diff")
@click.argument("a", metavar="A", shell_complete=scenario_names)
@click.argument("b", metavar="B", shell_complete=scenario_names)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def command(a: str, b: str, as_json: bool) -> None:
    """Say in plain words what differs between the scenarios A and B.

    A and B are files, or fupin:NAME. They are compared after inheritance and balancing, so that two
    files which say the same in other ways do not differ. The exit code is 0 either way.
    """
    from fupin.scenario.difference import changes, money
    from fupin.scenario.load import load_scenario

    before, after = load_scenario(a), load_scenario(b)
    found, totals = changes(before, after), money(before, after)
    if as_json:
        content = {
            "a": before.name,
            "b": after.name,
            "changes": [asdict(change) for change in found],
            "money": {name: {"before": x, "after": y} for name, (x, y) in totals.items()},
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    click.echo(_text(before.name, after.name, found, totals))


def _text(a: str, b: str, found: list[Change], totals: dict[str, tuple[int, int]]) -> str:
    from fupin.scenario.amounts import format_yuan
    from fupin.words.phrases import phrase

    matter = [change for change in found if not change.names_only]
    lines = [f"{a} -> {b}", ""]
    if not matter:
        end = " Only names differ." if found else " They are the same."
        lines.append(phrase(f"Nothing that a number depends on.{end}"))
    for change in matter:
        lines.append(phrase(change.what))
        lines += _indented(f"{phrase(change.before_words)}  ->  {phrase(change.after_words)}")
    if totals:
        lines += ["", phrase("Money of the period")]
        for name, (old, new) in totals.items():
            more = "+" if new > old else "-"
            lines.append(
                f"  {phrase(name)}: {phrase(format_yuan(old))}  ->  {phrase(format_yuan(new))} "
                f"({more}{phrase(format_yuan(abs(new - old)))})"
            )
    return "\n".join(lines)


def _indented(text: str) -> list[str]:
    from fupin.report.terminal.wrapping import wrapped

    return wrapped(f"  {text}", _WIDTH, later="    ")
