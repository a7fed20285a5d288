"""What `fupin compare` prints: differences, cost, who, whom, dynamics, the line, who is better."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin.report.terminal import comparison_costs as costs
from fupin.report.terminal import comparison_tables as tables
from fupin.report.terminal import comparison_years
from fupin.words import reassessment, unspent
from fupin.words.costs import impact_note
from fupin.words.language import Language

if TYPE_CHECKING:
    from rich.console import Console

    from fupin.results.draws import Draw
    from fupin.scenario.schema import Scenario

WIDEST = 120
"""Columns; lines longer than this are hard to follow."""


def print_comparison(
    console: Console,
    base: Scenario,
    plans: Sequence[Scenario],
    draws: Sequence[Draw],
    seeds: Sequence[int],
    comparison: Mapping[str, Any],
) -> None:
    """Print the tables of a comparison."""
    from fupin.report.terminal.outcomes import CREDIT_NOTE
    from fupin.report.terminal.run import print_sentences, say_sample, tell_luck, warn, what_ran

    if console.width > WIDEST:
        console.width = WIDEST
    pairs = len(draws) * len(seeds)
    console.print(f"[bold]{len(plans)} {'plan' if len(plans) == 1 else 'plans'} beside "
                  f"{base.title or base.name}[/bold]")  # fmt: skip
    console.print(f"[dim]{what_ran(base, draws, seeds)}, each under every plan[/dim]\n")
    tell_luck(console, base, draws, seeds)
    say_sample(console, base)

    console.print("[bold]What changes: plan minus base[/bold]")
    console.print(tables.differences(comparison, console.width))
    _note(
        console,
        "90% interval: of the mean difference; it narrows with more pairs. next pair: where one "
        "further pair would fall in nine of ten cases (differences.csv; here from 100 columns). "
        + _certainty(pairs) + " All outcomes: differences.csv; by county: counties.csv.",
    )  # fmt: skip
    warn(console, reassessment.of_comparison(Language("en"), comparison))
    if (by_year := comparison_years.years(comparison, console.width)) is not None:
        console.print("\n[bold]Year by year[/bold], plan minus base")
        console.print(by_year)
        _note(console, comparison_years.NOTE)
    if moved := tables.programmes_that_move(comparison, console.width):
        console.print("\n[bold]Programmes in which something changes[/bold]")
        console.print(moved)
    if lending := costs.credit(comparison, console.width):
        console.print("\n[bold]Loans of base and plans[/bold], million yuan")
        console.print(lending)
        _note(console, CREDIT_NOTE)
    if reasons := unspent.of_comparison(Language("en"), comparison, changes=True):
        console.print("\n[bold]Why money stayed unspent[/bold]")
        for world, sentences in reasons.items():
            console.print(world, style="bold", markup=False)
            print_sentences(console, sentences)
        _note(console, "Other programmes as in the base. By county: unspent.csv.")
    console.print("\n[bold]Because of the plan[/bold], persons by income at the end")
    console.print(tables.additionality(comparison, console.width))
    resized = tables.has_resized(comparison)
    _note(
        console,
        "because: poor in the other world and not here; harmed: the reverse; "
        + ("resized: poor persons whom only the other world has, less those whom only this has; "
           if resized else "")
        + f"net = because − harmed{' + resized' if resized else ''}, the difference in the "
        "income-poor to the person. register: net of those registered.",
    )  # fmt: skip
    console.print("\n[bold]Cost, yuan a person[/bold]")
    console.print(costs.cost(comparison, console.width))
    _note(
        console,
        "Money / persons; the interval is Fieller's. all resources: what all resources are worth "
        "that the plan takes up, whoever pays. undefined: the interval of the persons "
        "holds 0, so that no cost can be named. saved: yuan saved for each person fewer. cheaper, "
        "more: better and costs less; dearer, fewer: the reverse.",
    )
    if payers := costs.payers(comparison, console.width):
        console.print("\n[bold]What it costs, and who pays[/bold], million yuan")
        console.print(payers)
        _note(console, "By programme: costs_by_payer.csv.")
    if impacts := costs.impacts(comparison, console.width):
        console.print("\n[bold]Total impact[/bold], persons out of poverty per 10,000 yuan")
        console.print(impacts)
        _note(console, impact_note(Language("en")))
    if as_cash := costs.cash(comparison, console.width):
        console.print("\n[bold]The same money as cash[/bold], persons out of poverty")
        console.print(as_cash)
        _note(console, costs.CASH_NOTE)
    if comparison["targeting"]:
        console.print("\n[bold]Whom the programmes reach[/bold], audited before they began")
        console.print(tables.targeting(comparison, console.width))
        _note(
            console,
            "leak: part of the people served who were not poor. missed: part of the poor in the "
            "villages served who were not. poorest fifth: part of the served who belong to it "
            "(20% would be blind chance). Other plans: targeting.csv.",
        )
    console.print("\n[bold]Dynamics of true poverty[/bold], means")
    console.print(tables.dynamics(comparison, console.width))
    console.print(
        "\n[bold]Honesty of the line[/bold]: income-poor at other lines; plans minus base"
    )
    console.print(tables.line(comparison, console.width))
    _note(
        console,
        "lifted < 5%: part of those who left poverty who are less than 5% above the line; plan's "
        "< 5%: the same of those who are out because of the programmes.",
    )
    console.print("\n[bold]Who is better[/bold], in 95% of pairs or more")
    for sentence in tables.dominance(comparison):
        console.print("\n".join(textwrap.wrap(sentence, console.width - 1, subsequent_indent="    ",
                                              break_on_hyphens=False)))  # fmt: skip
    console.print("\n[bold]How many more runs tell plan and base apart[/bold]")
    console.print(tables.runs_needed(comparison, console.width))
    _note(
        console,
        "told: the 90% interval excludes 0 already. Else the number that excludes it in eight of "
        "ten comparisons, if difference and spread are as they seem now. Plans among themselves: "
        "runs_needed.csv.",
    )
    console.print()


def _certainty(pairs: int) -> str:
    if pairs == 1:
        return "One pair has no interval: add --seeds."
    return f"Dim: the interval of {pairs} pairs holds 0."


def _note(console: Console, text: str) -> None:
    for line in textwrap.wrap(text, console.width - 1):
        console.print(f"[dim]{line}[/dim]")
